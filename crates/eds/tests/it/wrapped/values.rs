// SPDX-License-Identifier: MIT OR Apache-2.0
//! Hostile values and keys.

use super::signature::{encoded, with_value};
use super::{Row, TEXT, part, put, row, signed};
use crate::oracle::Throwaway;

pub(super) fn values(own: &Throwaway, good: &str) -> Vec<Row> {
    let digest = part(good, "<ds:DigestValue>", "</ds:DigestValue>").to_owned();
    let text = digest.trim_start_matches("<ds:DigestValue>").trim_end_matches("</ds:DigestValue>").to_owned();
    let other = signed(own, &TEXT.replace("100", "900"));
    let of = |it: &str| {
        part(it, "<ds:SignatureValue>", "</ds:SignatureValue>")
            .replace("<ds:SignatureValue>", "")
            .replace("</ds:SignatureValue>", "")
    };
    let value = of(good);
    let mut rows = Vec::new();
    for (what, new) in [
        ("empty", String::new()),
        ("cut", text[..20].to_owned()),
        ("of one byte", "AA==".to_owned()),
        ("longer", encoded(&[0; 64])),
        ("without its end", text.trim_end_matches('=').to_owned()),
        ("not base64", text.replacen(&text[..1], "*", 1)),
        ("with a comment", format!("<!---->{text}")),
        ("with an instruction", format!("<?p?>{text}")),
        ("inside an element", format!("<e:v>{text}</e:v>")),
        ("twice", text.repeat(2)),
    ] {
        rows.push(row(
            &format!("digest {what}"),
            put(good, &digest, &format!("<ds:DigestValue>{new}</ds:DigestValue>")),
        ));
    }
    for (what, new) in [
        ("empty", String::new()),
        ("zero", encoded(&[0; 256])),
        ("one", encoded(&[&[0; 255][..], &[1]].concat())),
        ("all ones", encoded(&[255; 256])),
        ("cut", encoded(&[1; 128])),
        ("longer", encoded(&[1; 512])),
        ("of one byte", "AA==".to_owned()),
        ("of another document", of(&other)),
        ("with a comment", format!("<!---->{value}")),
        ("not base64", format!("*{value}")),
        ("inside an element", format!("<e:v>{value}</e:v>")),
    ] {
        rows.push(row(&format!("signature {what}"), with_value(good, &new)));
    }
    let info = part(&other, "<ds:SignedInfo>", "</ds:SignedInfo>");
    rows.push(row(
        "signed info of another document",
        put(good, part(good, "<ds:SignedInfo>", "</ds:SignedInfo>"), info),
    ));
    rows
}

pub(super) fn keys(own: &Throwaway, good: &str) -> Vec<Row> {
    let stranger = Throwaway::new();
    let theirs = signed(&stranger, TEXT);
    let info = part(good, "<ds:KeyInfo>", "</ds:KeyInfo>").to_owned();
    let data = part(&info, "<ds:X509Data>", "</ds:X509Data>").to_owned();
    let certificate = part(&info, "<ds:X509Certificate>", "</ds:X509Certificate>").to_owned();
    let strange = part(&theirs, "<ds:X509Certificate>", "</ds:X509Certificate>").to_owned();
    let in_place = |new: &str| put(good, &info, &format!("<ds:KeyInfo>{new}</ds:KeyInfo>"));
    let holding = |bytes: &[u8]| {
        in_place(&format!(
            "<ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data>",
            encoded(bytes)
        ))
    };
    let key = format!(
        "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{}</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>",
        encoded(&[0xc1; 256])
    );
    vec![
        row("none", put(good, &info, "")),
        row("empty", in_place("")),
        row("two", put(good, &info, &info.repeat(2))),
        row(
            "before the value",
            put(&put(good, &info, ""), "<ds:SignatureValue>", &format!("{info}<ds:SignatureValue>")),
        ),
        row("name alone", in_place("<ds:KeyName>INVENTED</ds:KeyName>")),
        row("bare key", in_place(&key)),
        row("retrieval", in_place("<ds:RetrievalMethod URI=\"http://x.invalid/\"/>")),
        row(
            "issuer and number",
            in_place(
                "<ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>CN=Root</ds:X509IssuerName></ds:X509IssuerSerial></ds:X509Data>",
            ),
        ),
        row("key identifier", in_place("<ds:X509Data><ds:X509SKI>AAAA</ds:X509SKI></ds:X509Data>")),
        row("two certificates, his is none of them", in_place(&put(&data, &certificate, &strange.repeat(2)))),
        row("a sum", in_place(&format!("{data}<e:sum>900</e:sum>"))),
        row(
            "a sum among the certificates",
            in_place(&put(&data, &certificate, &format!("{certificate}<sum>900</sum>"))),
        ),
        row("a sum beside the key", in_place(&format!("{data}<ds:KeyName><e:sum>900</e:sum></ds:KeyName>"))),
        row("seventeen certificates", {
            let other = |it: u8| format!("<ds:X509Certificate>{}</ds:X509Certificate>", encoded(&[it]));
            let others = (0..16).map(other).collect::<Vec<_>>().concat();
            in_place(&put(&data, &certificate, &format!("{certificate}{others}")))
        }),
        row("certificate of a stranger", put(good, &certificate, &strange)),
        row("signed by a stranger", theirs.clone()),
        row("signed by a stranger, certificate of the person", put(&theirs, &strange, &certificate)),
        row("certificate of the authority", holding(eds::Certificate::parse(&own.root).unwrap().der())),
        row("two certificates in one text", holding(&[own.leaf.der(), own.leaf.der()].concat())),
        row("certificate with a byte after", holding(&[own.leaf.der(), &[0]].concat())),
        row("certificate cut", holding(&own.leaf.der()[..300])),
        row("empty certificate", holding(b"")),
        row("certificate as text", holding(&own.file("leaf.pem"))),
        row(
            "certificate of another namespace",
            put(good, &certificate, &certificate.replace("ds:X509Certificate", "d:X509Certificate")),
        ),
        row("certificate with a comment", put(good, "<ds:X509Certificate>", "<ds:X509Certificate><!-- -->")),
        row("certificate of too many bytes", holding(&vec![0x30; 200_000])),
        row(
            "changed name in the certificate",
            holding(
                &own.leaf.der().iter().map(|it| if *it == b'V' { b'W' } else { *it }).collect::<Vec<_>>(),
            ),
        ),
    ]
}
