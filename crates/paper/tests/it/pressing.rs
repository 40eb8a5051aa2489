// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the press makes of a specification.

use std::{fs, time::Instant};

use paper::{Press, PressError};
use service::paper_spec::{Bilingual, Block, PaperLanguage, PaperSpecError, PaperTable};
use tokio::runtime::Builder;

use crate::{
    sample::{CHECK_URL, LONG_NAME, certificate, eds_line, hand_line, text},
    tools::{Folder, must, pressed},
};

/// Pages a second are measured by the bench; here only that a page is no matter of seconds.
const PAGE_SECONDS_MAX: u64 = 5;

#[test]
fn a_certificate_is_one_readable_page_in_both_languages() {
    let folder = Folder::new();
    fs::write(folder.path().join("c.pdf"), pressed(&certificate(6, eds_line())).unwrap()).unwrap();
    must(folder.path(), "qpdf", &["--check", "c.pdf"]);
    let info = must(folder.path(), "pdfinfo", &["c.pdf"]);
    assert!(info.contains("Pages:           1\n"), "{info}");
    assert!(info.contains("Tagged:          yes"), "{info}");
    let words = must(folder.path(), "pdftotext", &["-raw", "c.pdf", "-"]).replace(['\n', ' ', '\u{a0}'], "");
    for expected in [&LONG_NAME.replace(' ', ""), "43250₸", "2026жылғы21қараша", "Үлгі", "Имитатор:деректер"]
    {
        assert!(words.contains(expected), "`{expected}` is not in the text of the paper: {words}");
    }
    let meta = must(folder.path(), "pdfinfo", &["-meta", "c.pdf"]);
    for claim in ["<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"] {
        assert!(meta.contains(claim), "{claim}: {meta}");
    }
}

#[test]
fn a_phone_reads_the_code_of_a_certificate() {
    let folder = Folder::new();
    fs::write(folder.path().join("c.pdf"), pressed(&certificate(2, eds_line())).unwrap()).unwrap();
    must(folder.path(), "pdftoppm", &["-png", "-r", "120", "c.pdf", "c"]);
    let said = must(folder.path(), "zbarimg", &["--quiet", "--raw", "c-1.png"]);
    assert_eq!(said.lines().next(), Some(CHECK_URL));
}

#[test]
fn the_same_specification_gives_the_same_bytes() {
    let spec = certificate(3, hand_line());
    let first = pressed(&spec).unwrap();
    assert_eq!(first, pressed(&spec).unwrap());
    let mut later = spec;
    later.made_at = "2026-11-21T09:06:00Z".parse().unwrap();
    assert_ne!(first, pressed(&later).unwrap());
}

#[test]
fn a_character_without_a_glyph_is_named() {
    let mut spec = certificate(1, eds_line());
    spec.blocks.push(Block::Text(Bilingual::same("王 Әли")));
    assert_eq!(pressed(&spec), Err(PressError::NoGlyph { character: '王' }));
    assert_eq!(pressed(&spec).unwrap_err().to_string(), "no font has the character `王` (U+738B)");
    spec.blocks.pop();
    spec.blocks.push(Block::Text(Bilingual::same("а\u{1b}б")));
    assert_eq!(pressed(&spec).unwrap_err().to_string(), "the control character U+001B cannot be printed");
}

#[test]
fn words_of_a_person_are_never_template_source() {
    let mut spec = certificate(1, hand_line());
    let source = "#import \"/etc/passwd\" *x* $y$ <z> @w `v` \\ // end";
    spec.blocks.push(Block::Text(Bilingual::same(source)));
    let folder = Folder::new();
    fs::write(folder.path().join("c.pdf"), pressed(&spec).unwrap()).unwrap();
    let words = must(folder.path(), "pdftotext", &["-raw", "c.pdf", "-"]).replace('\n', " ");
    assert!(words.contains(source), "{words}");
}

#[test]
fn every_block_is_printed_in_one_language_alone_too() {
    for language in [PaperLanguage::Kazakh, PaperLanguage::Russian] {
        let mut spec = certificate(1, hand_line());
        spec.language = language;
        spec.marks.clear();
        spec.number = None;
        spec.footer = None;
        spec.blocks.insert(0, Block::Heading(text("Шешім", "Решение")));
        let cell = |n: usize| text(&format!("ұяшық {n}"), &format!("ячейка {n}"));
        let rows = (0..120).map(|n| vec![cell(n), cell(n + 1)]).collect();
        spec.blocks.push(Block::Table(PaperTable { columns: vec![cell(0), cell(1)], rows }));
        spec.blocks.push(Block::Seal);
        let folder = Folder::new();
        fs::write(folder.path().join("c.pdf"), pressed(&spec).unwrap()).unwrap();
        let words = must(folder.path(), "pdftotext", &["c.pdf", "-"]);
        assert_eq!(words.contains("ұяшық 119"), language == PaperLanguage::Kazakh);
        assert_eq!(words.contains("ячейка 119"), language == PaperLanguage::Russian);
        assert_eq!(words.contains("М.О."), language == PaperLanguage::Kazakh);
        assert!(!words.contains("Имитатор"));
    }
}

#[test]
fn a_paper_over_its_limits_is_refused_before_the_engine() {
    let mut spec = certificate(1, eds_line());
    spec.blocks = vec![Block::Table(PaperTable { columns: Vec::new(), rows: Vec::new() })];
    assert_eq!(pressed(&spec), Err(PressError::Spec(PaperSpecError::Empty { what: "the list of columns" })));
}

#[test]
fn many_papers_at_once_are_all_pressed_and_alike() {
    let runtime = Builder::new_current_thread().build().unwrap();
    let press = Press::start(2).unwrap();
    let alone = pressed(&certificate(1, eds_line())).unwrap();
    let begun = Instant::now();
    let papers = runtime.block_on(async {
        let first = press.press(certificate(1, eds_line()));
        let second = press.press(certificate(2, hand_line()));
        let third = press.press(certificate(1, eds_line()));
        let fourth = press.press(certificate(2, hand_line()));
        tokio::join!(first, second, third, fourth)
    });
    println!("four papers on two threads: {:?}", begun.elapsed());
    assert_eq!(papers.0.unwrap(), alone);
    assert_eq!(papers.2.unwrap(), alone);
    assert_eq!(papers.1.unwrap(), papers.3.unwrap());
}

#[test]
fn a_page_takes_no_seconds() {
    let runtime = Builder::new_current_thread().build().unwrap();
    let press = Press::start(1).unwrap();
    for _ in 0..5 {
        let begun = Instant::now();
        runtime.block_on(press.press(certificate(3, eds_line()))).unwrap();
        println!("a page: {:?}", begun.elapsed());
        assert!(begun.elapsed().as_secs() < PAGE_SECONDS_MAX);
    }
}
