// SPDX-License-Identifier: MIT OR Apache-2.0
//! Texts and ends of files as programs leave them.

use super::*;

/// A sequence of one number.
const DER: &[u8] = &[0x30, 3, 2, 1, 5];
/// The same of indefinite length.
const BER: &[u8] = &[0x30, 0x80, 2, 1, 5, 0, 0];

fn encoded(bytes: &[u8]) -> String {
    base64::Engine::encode(&text::BASE64, bytes)
}

#[test]
fn nul_and_line_ends_behind_the_element_are_left_out() {
    for end in [&b""[..], b"\0", b"\n", b"\r\n", b"\0\0\r\n"] {
        let bytes = [DER, end].concat();
        assert_eq!(&*from_pem(&bytes).unwrap(), DER, "{end:?}");
        assert_eq!(&*from_pem(encoded(&bytes).as_bytes()).unwrap(), DER, "{end:?} inside the text");
        let indefinite = [BER, end].concat();
        assert_eq!(&*ber::to_der(&from_pem(&indefinite).unwrap()).unwrap(), DER, "{end:?} of BER");
    }
}

#[test]
fn anything_else_behind_the_element_stays_and_is_refused() {
    for end in [&b" "[..], b"\x01", b"\0\x05", b"\n\x30\x00", DER] {
        let bytes = [DER, end].concat();
        let found = from_pem(&bytes).unwrap();
        assert_eq!(
            (&*found, Element::parse(&found)),
            (bytes.as_slice(), Err(Asn1Error::Trailing)),
            "{end:?}"
        );
        assert_eq!(ber::to_der(&[BER, end].concat()), Err(Asn1Error::Trailing), "{end:?} of BER");
    }
}

#[test]
fn texts_are_read_as_programs_write_them() {
    let bare = encoded(DER);
    let one_line = format!("-----BEGIN CMS-----{bare}-----END CMS-----");
    for text in [
        bare.clone(),
        format!("\u{feff}{bare}"),
        format!("{bare}\0"),
        format!("{}\r\n{}\r\n", bare.get(..4).unwrap(), bare.get(4..).unwrap()),
        bare.trim_end_matches('=').to_owned(),
        one_line.clone(),
        format!("\u{feff}{one_line}\n"),
        format!(" \r\n-----BEGIN CMS-----\r\n{bare}\r\n-----END CMS-----\r\n"),
        format!("-----BEGIN PKCS #7 SIGNED DATA-----\n{bare}\n-----END PKCS #7 SIGNED DATA-----\n"),
    ] {
        assert_eq!(&*from_pem(text.as_bytes()).unwrap(), DER, "{text:?}");
    }
    assert_eq!(from_pem(b"MAMC*QU="), Err(Asn1Error::Value));
}

#[test]
fn text_of_half_a_letter_is_none() {
    let text = |bytes: &[u8]| Element::parse(&write::tlv(0x1e, bytes)).unwrap().text();
    assert_eq!(text(&[0, b'a', 4, 0x10]), Ok("a\u{410}".to_owned()));
    assert_eq!(text(&[0, b'a', 4]), Err(Asn1Error::Value));
}

#[test]
fn base64_is_read_as_it_was_pasted_quoted_and_saved() {
    // Bytes whose base64 has both letters in which the alphabets differ.
    let der = write::tlv(SEQUENCE, &write::octets(&[0, 0, 0xfb, 0xef, 0xbe, 0xff, 0xff, 0xff]));
    let bare = encoded(&der);
    assert!(bare.contains('+') && bare.contains('/'), "{bare}");
    let (head, tail) = bare.split_at(4);
    let pem = format!("-----BEGIN CMS-----\n{bare}\n-----END CMS-----\n");
    for text in [
        bare.replace('+', "-").replace('/', "_"),
        format!("\"{bare}\""),
        format!(" \"{}\"\n", bare.replace('/', "\\/")),
        format!("{head}\\r\\n{tail}\\r\\n"),
        format!("{head}&#13;\n{tail}&#xD;\n"),
        format!("data:application/pkcs7-signature;base64,{bare}"),
        format!("data:;base64,{bare}\n"),
        format!("DATA:application/pkcs7-signature;BASE64,{bare}"),
        format!("[\"{bare}\"]\n"),
        format!(" [ \"data:;base64,{bare}\" ]"),
        format!("\u{200b}{bare}"),
        format!("\u{200b}\u{feff}\"{bare}\""),
        format!("\"{}\"", bare.replace('+', "\\u002b").replace('/', "\\u002F")),
        format!("\"{}\"", pem.replace('\n', "\\n")),
    ] {
        assert_eq!(&*from_pem(text.as_bytes()).unwrap(), der, "{text:?}");
        let marked = format!("\u{feff}{text}");
        let little: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(&*from_pem(&little).unwrap(), der, "{text:?} in UTF-16");
        assert_eq!(&*from_pem(&big).unwrap(), der, "{text:?} in UTF-16");
    }
    for other in [
        format!("{bare}-_"),
        format!("\"{bare}"),
        format!("data:%PDF-1.7;base64,{bare}"),
        format!("data:text/plain,{bare}"),
        format!("note {bare}"),
        format!("[{bare}]"),
        format!("[\"{bare}\", \"{bare}\"]"),
        bare.replace('+', "\\u+02b"),
        bare.replace('+', "\\u042b"),
    ] {
        let found = from_pem(other.as_bytes());
        assert!(found.is_err() || found.is_ok_and(|it| *it != *der), "{other:?}");
    }
}

#[test]
fn each_pem_of_a_text_is_found_and_one_that_is_cut_is_no_other() {
    let pem = |label: &str| format!("-----BEGIN {label}-----\nAgEF\n-----END {label}-----");
    let (one, two) = (pem("CERTIFICATE"), pem("X509 CRL"));
    let text = format!("subject=A\n{one}\nsubject=B\r\n{two}\n-----BEGIN CMS-----\nAgE");
    let found = pem_blocks(text.as_bytes());
    assert_eq!(found, [one.as_bytes(), two.as_bytes(), b"-----BEGIN CMS-----\nAgE"]);
    assert_eq!(from_pem(&found[1]).unwrap(), from_pem(one.as_bytes()).unwrap());
    assert_eq!(from_pem(&found[2]), Err(Asn1Error::Value));
    assert!(pem_blocks(DER).is_empty() && pem_blocks(b"AgEF").is_empty());
}

#[test]
fn long_lists_are_straightened_and_what_is_nothing_but_elements_is_not() {
    let entry = write::sequence(&[&write::small(5), &write::tlv(UTC_TIME, b"260101000000Z")]);
    let list = write::tlv(SEQUENCE, &entry.repeat(100_000));
    assert_eq!(&*ber::to_der(&list).unwrap(), list.as_slice());
    let indefinite = [&[SEQUENCE, 0x80], list.as_slice(), &[0, 0]].concat();
    assert_eq!(&*ber::to_der(&indefinite).unwrap(), write::sequence(&[&list]));
    let dense = write::tlv(SEQUENCE, &[SEQUENCE, 0].repeat(300_000));
    assert_eq!(ber::to_der(&dense), Err(Asn1Error::Limit));
}

#[test]
fn notes_stand_beside_certificates_only() {
    let bare = encoded(DER);
    let pem = format!("-----BEGIN CMS-----\n{bare}\n-----END CMS-----\n");
    for text in [
        format!("note\n{pem}"),
        format!("{pem}note\n"),
        format!("{pem}{pem}"),
        format!("-----BEGIN CMS-----\n{bare}\n-----END CERTIFICATE-----\n"),
        format!("-----BEGIN %PDF-1.4\nnote -----{bare}-----END %PDF-1.4\nnote -----"),
        format!("-----BEGIN 1 0 obj endobj %PDF-----{bare}-----END 1 0 obj endobj %PDF-----"),
        format!("-----BEGIN C-S-----\n{bare}\n-----END C-S-----\n"),
        format!("-----BEGIN C\tS-----\n{bare}\n-----END C\tS-----\n"),
    ] {
        assert_eq!(from_pem(text.as_bytes()), Err(Asn1Error::Value), "{text:?}");
        assert_eq!(&*from_noted_pem(text.as_bytes()).unwrap(), DER, "{text:?}");
    }
    assert_eq!(from_pem(format!("-----BEGIN CMS-----\n{bare}\n").as_bytes()), Err(Asn1Error::Value));
}
