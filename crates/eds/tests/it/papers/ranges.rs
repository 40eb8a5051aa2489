// SPDX-License-Identifier: MIT OR Apache-2.0
//! Ranges and contents that are not what they should be.

use super::{Row, once, row};
use crate::oracle::Throwaway;
use crate::paper::patched;

/// Ranges that do not cover what they should (universal forgery and wrapping).
pub(super) fn ranges(own: &Throwaway) -> Vec<Row> {
    let good = once(own).bytes;
    let text = String::from_utf8_lossy(&good).into_owned();
    let range = text.split_once("/ByteRange").unwrap().1.split_once(']').unwrap().0.to_owned() + "]";
    let numbers: Vec<i64> = range.trim_matches(['[', ']']).split(' ').map(|it| it.parse().unwrap()).collect();
    let [_, a, b, c] = numbers[..] else { panic!("{range}") };
    let mut written = vec![
        "[]".to_owned(),
        "[0]".into(),
        "[0 0]".into(),
        "[0 0 0]".into(),
        "[0 0 0 0]".into(),
        "null".into(),
        "0".into(),
        "(0 1 2 3)".into(),
        "/None".into(),
        "[null null null null]".into(),
        "[0 1 2 3]".into(),
        format!("[0 {a} {b} {c} 0]"),
        format!("[0 {a} {b} {c} 0 0]"),
        format!("[1 {} {b} {c}]", a - 1),
        format!("[0 {} {b} {c}]", a + 1),
        format!("[0 {} {b} {c}]", a - 1),
        format!("[0 {a} {} {}]", b + 1, c - 1),
        format!("[0 {a} {} {}]", b - 1, c + 1),
        format!("[0 {a} {b} {}]", c - 1),
        format!("[0 {a} {b} {}]", c + 1),
        format!("[0 {a} {b} 0]"),
        format!("[0 0 {b} {c}]"),
        format!("[0 {a} {a} {c}]"),
        format!("[{b} {c} 0 {a}]"),
        format!("[0 {b} {a} {c}]"),
        format!("[-1 {a} {b} {c}]"),
        format!("[0 -{a} {b} {c}]"),
        format!("[0 {a} -{b} {c}]"),
        format!("[0 {a} {b} -{c}]"),
        format!("[0 {a} {b} 9999999999]"),
        "[0 1 9223372036854775807 1]".into(),
        "[0 9223372036854775807 1 1]".into(),
        "[0 1 1 9223372036854775807]".into(),
        "[0 99999999999999999999 1 1]".into(),
        format!("[0 {a}.0 {b} {c}]"),
        format!("[0.0 {a} {b} {c}]"),
        format!("[20 0 R {a} {b} {c}]"),
        format!("[0 [{a}] {b} {c}]"),
        format!("[0 {} {b} {c}]", b),
    ];
    written.retain(|it| it.len() < 36);
    let mut rows: Vec<Row> = written
        .iter()
        .map(|it| row(it, patched(&good, &format!("/ByteRange{range:<36}"), &format!("/ByteRange {it}"))))
        .collect();
    rows.push(row("range under another name", patched(&good, "/ByteRange", "/BiteRange")));
    rows.push(row("range twice, the wrong one last", patched(&good, &format!("{range}  "), "[0 1 2 3]")));
    rows
}

/// What stands where the CMS should.
pub(super) fn contents(own: &Throwaway) -> Vec<Row> {
    let good = once(own).bytes;
    let text = String::from_utf8_lossy(&good).into_owned();
    let digits = text.split_once("/Contents<").unwrap().1.split_once('>').unwrap().0.to_owned();
    let whole = format!("/Contents<{digits}>");
    let put = |what: &str, to: &str| row(what, patched(&good, &whole, to));
    let room = digits.len();
    let zeros = |start: &str| format!("/Contents<{start}{}>", "0".repeat(room - start.len()));
    let cms: String = digits.trim_end_matches('0').to_owned();
    let other = once(&Throwaway::new()).bytes;
    let stranger = String::from_utf8_lossy(&other)
        .split_once("/Contents<")
        .unwrap()
        .1
        .split_once('>')
        .unwrap()
        .0
        .to_owned();
    vec![
        put("gone", ""),
        put("null", "/Contents null"),
        put("empty", "/Contents<>"),
        put("zeros", &zeros("")),
        put("one byte", &zeros("00")),
        put("empty sequence", &zeros("3000")),
        put(
            "nobody signs",
            &zeros(
                "302306092a864886f70d010702a0163014020101310030 0b06092a864886f70d0107013100"
                    .replace(' ', "")
                    .as_str(),
            ),
        ),
        put("length beyond the room", &zeros("308480000000")),
        put("indefinite length", &zeros("3080")),
        put("cut", &zeros(&cms[..cms.len() / 2])),
        put("not hexadecimal", &whole.replacen('3', "x", 1)),
        put("a space inside", &whole.replacen("30", "3 ", 1)),
        put("a space of another kind inside", &whole.replacen("30", "\u{a0}", 1)),
        put("vertical tabs inside", &whole.replacen("30", "\u{b}\u{b}", 1)),
        put("an object inside", &whole.replacen(&"0".repeat(20), "> 4 0 obj<<>>endobj <", 1)),
        put("a comment inside", &whole.replacen(&"0".repeat(20), "%00000000000000000\r\n", 1)),
        put("bytes after the padding", &(whole[..whole.len() - 3].to_owned() + "ff>")),
        put("literal instead of hexadecimal", &format!("/Contents({})", &digits[2..])),
        put("of another person", &format!("/Contents<{stranger}>")),
        put("a reference", "/Contents 7 0 R"),
        put("two of them", &format!("/Contents<00>{}", &whole[..whole.len() - 13])),
        row("certificate and no CMS", patched(&good, "ETSI.CAdES.detached", "adbe.x509.rsa_sha1")),
        row("digest by SHA-1", patched(&good, "ETSI.CAdES.detached", "adbe.pkcs7.sha1")),
        row("time stamp that is a signature", patched(&good, "ETSI.CAdES.detached", "ETSI.RFC3161")),
        row("unknown form", patched(&good, "ETSI.CAdES.detached", "x")),
        row("no form", patched(&good, "/SubFilter/ETSI.CAdES.detached", "")),
    ]
}
