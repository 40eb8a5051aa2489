// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is plain, and what it costs.

use super::*;

#[test]
fn spelling_that_every_reader_reads_alike_is_plain() {
    for written in [
        "<</Type/Page/MediaBox[0 0 595.28 -842]/Kids[3 0 R 4 0 R]/P 3 0 R/Q null/R true>>",
        "<< /A#20B 1 /A 2 >>",
        "[(a (b) \\) c) <4 1> <</A<</A 1>>/B/A>> +.5 4. /]",
        "% one\n17 % two\n",
        "/A#23#2F",
    ] {
        assert!(is_plain(written.as_bytes()), "{written}");
    }
}

#[test]
fn spelling_that_readers_read_otherwise_is_not_plain() {
    for written in [
        "",
        "1 2",
        "<</A 1/A 1>>",
        "<</A#20B 1/A#20B 1>>",
        "<</Cont#65nts 1>>",
        "<</A<</B 1/B 1>>>>",
        "/A#0",
        "/A#zz",
        "/A#00",
        "[0 0 595+842]",
        "[0 0 595 842.-9]",
        "[1.2.3]",
        "[1e5]",
        "[--1]",
        "[5 0R]",
        "[5 0 R6]",
        "[-5 0 R]",
        "[truefalse]",
        "<</A>>",
        "<</A 1 2>>",
        "<<1/A>>",
        "[1>>",
        "<</A[1>>]",
        "<41g>",
        "(a",
        "{1}",
        "endobj",
    ] {
        assert!(!is_plain(written.as_bytes()), "{written}");
    }
    assert!(!is_plain("[".repeat(DEPTH_MAX + 2).as_bytes()));
}

#[test]
fn values_are_counted_though_nothing_parts_them() {
    assert_eq!(cost(b"<</A[1 2]/B<<>>>>"), 3 * HOLDER + 4);
    assert!(cost("+1".repeat(1000).as_bytes()) >= 500);
    assert!(cost("null".repeat(1000).as_bytes()) >= 1000);
}
