// SPDX-License-Identifier: MIT OR Apache-2.0
//! Texts and ends of files as programs leave them.

use super::*;

/// A sequence of one number.
const DER: &[u8] = &[0x30, 3, 2, 1, 5];
/// The same of indefinite length.
const BER: &[u8] = &[0x30, 0x80, 2, 1, 5, 0, 0];

fn encoded(bytes: &[u8]) -> String {
    base64::Engine::encode(&BASE64, bytes)
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
