// SPDX-License-Identifier: MIT OR Apache-2.0
//! What `ds:KeyInfo` says of the signer's certificate: the certificate, with others of its chain, or what it is called.

use roxmltree::Node;

use super::{Error, names, tree};
use crate::certificate::{Certificate, hex, serial_hex};

/// Certificates in one signature, at most: each is tried until one fits.
const CERTIFICATES_MAX: usize = 16;
/// The longest name of an issuer that is told.
const ISSUER_CHARS_MAX: usize = 256;
/// The most digits of a serial number: those of twenty bytes (RFC 5280, 4.1.2.2).
const SERIAL_DIGITS_MAX: usize = 49;
/// The longest identifier of a key.
const KEY_ID_BYTES_MAX: usize = 64;

/// What may stand in it, of the namespace of signatures.
const NAMES: [&str; 16] = [
    "Exponent",
    "KeyInfo",
    "KeyName",
    "KeyValue",
    "MgmtData",
    "Modulus",
    "RSAKeyValue",
    "RetrievalMethod",
    "X509CRL",
    "X509Certificate",
    "X509Data",
    "X509IssuerName",
    "X509IssuerSerial",
    "X509SKI",
    "X509SerialNumber",
    "X509SubjectName",
];
/// Those that hold elements alone.
const HOLDERS: [&str; 3] = ["KeyInfo", "X509Data", "X509IssuerSerial"];

/// Tells whether nothing stands there that a reader could take for a part of the document.
pub(super) fn is_plain(key_info: Node<'_, '_>) -> bool {
    let is_of_signatures = |it: &Node<'_, '_>| it.tag_name().namespace() == Some(names::DS);
    let is_blank = |it: Node<'_, '_>| !it.is_text() || it.text().is_none_or(|it| it.trim().is_empty());
    let mut own = key_info.descendants().filter(Node::is_element).filter(is_of_signatures);
    own.all(|it| {
        let name = it.tag_name().name();
        NAMES.contains(&name) && (!HOLDERS.contains(&name) || it.children().all(is_blank))
    })
}

/// Returns the certificates of `X509Data` in their order, each once. Nobody signed which ones came along.
pub(super) fn certificates(key_info: Option<Node<'_, '_>>) -> Result<Vec<Vec<u8>>, Error> {
    let children = key_info.into_iter().flat_map(|it| it.children());
    let data = children.filter(|it| tree::is(*it, names::DS, "X509Data"));
    let all = data.flat_map(|it| it.children().filter(|it| tree::is(*it, names::DS, "X509Certificate")));
    let mut found: Vec<Vec<u8>> = Vec::new();
    for node in all {
        let certificate = tree::base64_text(node, "X509Certificate")?;
        if !found.contains(&certificate) {
            found.push(certificate);
        }
        if found.len() > CERTIFICATES_MAX {
            return Err(Error::TooMany { what: "certificates" });
        }
    }
    if found.is_empty() { Err(Error::CertificateMissing) } else { Ok(found) }
}

/// Returns whose a signature says it is where none of these fits it: the first that issued none of the others.
pub(super) fn likeliest(certificates: &[Vec<u8>]) -> Option<Vec<u8>> {
    let all: Vec<Certificate> = certificates.iter().filter_map(|it| Certificate::parse(it).ok()).collect();
    let issued = |it: &Certificate| all.iter().any(|other| other != it && other.names_as_issuer(it));
    let last = all.iter().find(|it| !issued(it)).or(all.first());
    last.map(|it| it.der().to_vec())
}

/// Returns what a signature calls a certificate that it does not carry: issuer and serial number, or the key, as CMS does.
pub(super) fn named(key_info: Option<Node<'_, '_>>) -> Option<String> {
    let inside: Vec<_> = key_info.into_iter().flat_map(|it| it.descendants()).collect();
    let of = |namespace, name| inside.iter().find(move |it| tree::is(**it, namespace, name)).copied();
    let text = |name| of(names::DS, name).and_then(tree::only_text).map(str::trim);
    if let (Some(issuer), Some(serial)) = (text("X509IssuerName"), text("X509SerialNumber")) {
        let issuer = issuer.chars().filter(|it| !it.is_control()).take(ISSUER_CHARS_MAX);
        return Some(format!("{}, serial {}", issuer.collect::<String>(), serial_hex(&number(serial)?)));
    }
    let (word, holder) = match (of(names::DS, "X509SKI"), of(names::WSSE, "KeyIdentifier")) {
        (Some(key), _) => ("key", key),
        (None, Some(it)) => match it.attribute("ValueType").and_then(|it| it.rsplit_once('#'))?.1 {
            "X509SubjectKeyIdentifier" => ("key", it),
            "ThumbprintSHA1" => ("thumbprint", it),
            _ => return None,
        },
        (None, None) => return None,
    };
    let id = tree::base64_text(holder, "KeyIdentifier").ok().filter(|it| it.len() <= KEY_ID_BYTES_MAX)?;
    Some(format!("{word} {}", hex(&id)))
}

/// Returns the bytes of a number that is written in decimal.
fn number(text: &str) -> Option<Vec<u8>> {
    if text.is_empty() || text.len() > SERIAL_DIGITS_MAX {
        return None;
    }
    let mut bytes = vec![0];
    for digit in text.chars() {
        let mut carry = digit.to_digit(10)?;
        for byte in bytes.iter_mut().rev() {
            carry += u32::from(*byte) * 10;
            *byte = u8::try_from(carry & 0xff).ok()?;
            carry >>= 8;
        }
        if carry > 0 {
            bytes.insert(0, u8::try_from(carry).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_told_as_of_cms() {
        for (text, expected) in [
            ("0", Some("00")),
            ("1", Some("01")),
            ("255", Some("ff")),
            ("256", Some("0100")),
            ("18446744073709551616", Some("010000000000000000")),
            (
                "1461501637330902918203684832716283019655932542975",
                Some("ffffffffffffffffffffffffffffffffffffffff"),
            ),
            ("", None),
            ("-1", None),
            ("0x1", None),
            ("14615016373309029182036848327162830196559325429750", None),
        ] {
            assert_eq!(number(text).map(|it| serial_hex(&it)).as_deref(), expected, "{text}");
        }
    }
}
