// SPDX-License-Identifier: MIT OR Apache-2.0
//! Hands bytes to one parser as what they should be, and holds what it says against what must hold of any bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use eds::asn1::Element;
use eds::xml::{Canon, Signer, canonicalize, sign_enveloped};
use eds::{Certificate, Content, Context, Findings, Kind, Outcome, Verdict, examine};
use jiff::Timestamp;

use crate::seeds::CONTENT;

/// Every parser that can be named.
pub(crate) const PARSERS: [&str; 18] = [
    "cms", "xml", "pdf", "cert", "crl", "index", "ocsp", "tsp", "archive", "any", "ber", "request", "c14n",
    "sign-xml", "sign-pdf", "part-xml", "key", "pkcs12",
];
/// Those of which none is worth a long run of its own: `small` takes them in turns.
pub(crate) const SMALL: [&str; 11] =
    ["cert", "crl", "index", "any", "ber", "request", "c14n", "sign-xml", "sign-pdf", "part-xml", "key"];
/// Password of the key files of the set.
pub(crate) const PASSWORD: &str = "Qwerty12";
/// Rounds of a derivation that are tried: more of them only take their time.
const ROUNDS_MAX: u64 = 10_000;
const FORMS: [Canon; 4] =
    [Canon::Inclusive, Canon::InclusiveWithComments, Canon::Exclusive, Canon::ExclusiveWithComments];

/// What came of one try.
pub(crate) struct Said {
    /// Whether it was found valid.
    pub(crate) is_valid: bool,
    /// What was signed, by whom and when, of each signer that was found valid: each piece must be what somebody signed.
    pub(crate) signed: Vec<Vec<u8>>,
    /// What the answer looked like: bytes that bring a new one are kept and changed further.
    pub(crate) shape: String,
}

impl Said {
    fn new(is_valid: bool, shape: String) -> Self {
        Self { is_valid, signed: Vec::new(), shape }
    }

    fn of(verdict: &Verdict, signed: impl FnOnce() -> Vec<Vec<u8>>) -> Self {
        let is_valid = verdict.is_valid();
        let mut shape = String::new();
        for check in &verdict.checks {
            let detail = check.detail.as_deref().unwrap_or_default();
            // Numbers in details are not news.
            let words: String = detail.chars().filter(|it| !it.is_ascii_digit()).take(60).collect();
            shape.push_str(&format!("{}{:?}{words};", check.code, check.result));
        }
        let is_signed = is_valid || verdict.signers.iter().any(|it| it.outcome == Outcome::Valid);
        let signed = if is_signed { signed() } else { Vec::new() };
        Self { is_valid, signed, shape }
    }
}

/// Returns what a valid signer vouches for (content, certificate, the time claimed), and each time that a stamp proves of him.
fn vouched(content: &[u8], signer: &eds::Signer) -> Vec<Vec<u8>> {
    if signer.outcome != Outcome::Valid {
        return Vec::new();
    }
    let who = signed_part(&signer.certificate);
    let claimed = format!("claimed {:?} ", signer.claimed_time);
    let mut all = vec![[claimed.as_bytes(), who.as_slice(), content].concat()];
    for stamp in signer.stamps.iter().filter(|it| it.is_valid()) {
        all.push([format!("stamped {:?} ", stamp.time).as_bytes(), who.as_slice()].concat());
    }
    all
}

/// Returns what the authority signed of a certificate: what stands beside it (the form of the algorithm's parameters) may
/// differ.
fn signed_part(certificate: &[u8]) -> Vec<u8> {
    let fields = Element::parse(certificate).and_then(|it| it.reader().any());
    fields.map_or_else(|_| Vec::new(), |it| it.raw.to_vec())
}

/// Returns the kind of file that the parser is for, if it is for whole files.
pub(crate) fn kind(parser: &str) -> Option<Kind> {
    Some(match parser {
        "cms" | "ber" => Kind::Cms,
        "xml" | "c14n" | "sign-xml" | "part-xml" => Kind::Xml,
        "pdf" | "sign-pdf" => Kind::Pdf,
        "cert" | "key" => Kind::Certificate,
        "crl" => Kind::RevocationList,
        "ocsp" => Kind::Ocsp,
        "tsp" => Kind::TimeStamp,
        "archive" => Kind::Archive,
        _ => return None,
    })
}

/// Tries the bytes; panics where something that must hold does not.
pub(crate) fn tried(parser: &str, bytes: &[u8], context: &Context<'_>) -> Said {
    match parser {
        "cms" => cms(bytes, context),
        "xml" => xml(bytes, context),
        "part-xml" => part(bytes),
        "pdf" => pdf(bytes, context),
        "sign-pdf" => sign_pdf(bytes, context.at),
        "sign-xml" => sign_xml(bytes, context),
        "c14n" => canonical(bytes),
        "ber" => straight(bytes),
        "cert" => certificate(bytes, context),
        "key" => key(bytes),
        "crl" => {
            let read = context.policy.trust.roots().iter().map(|root| eds::crl::Index::read(bytes, root));
            let shape: String =
                read.map(|it| it.map_or_else(|it| it.to_string(), |_| String::new())).collect();
            let found = examine(bytes, None, context).map(|it| Said::of(&it.verdict, Vec::new));
            Said::new(false, shape + &found.map_or(String::new(), |it| it.shape))
        }
        "archive" => archive(bytes, context),
        "index" => index(bytes),
        "pkcs12" => key_file(bytes),
        "request" => {
            Said::new(false, format!("{:?}", eds::tsp::Request::parse(bytes).map(|it| it.policy.is_some())))
        }
        _ => {
            let info = eds::tsp::info(bytes).map(|it| it.accuracy.is_some());
            let found = examine(bytes, Some(CONTENT), context);
            let said = found.map(|it| Said { is_valid: false, ..Said::of(&it.verdict, Vec::new) });
            let said = said.unwrap_or_else(|| Said::new(false, String::new()));
            Said { shape: format!("{info:?}{}", said.shape), ..said }
        }
    }
}

fn cms(bytes: &[u8], context: &Context<'_>) -> Said {
    let (evidence, at, policy) = (context.evidence, context.at, context.policy);
    let of = |verdict: &Verdict, content: &[u8]| -> Vec<Vec<u8>> {
        verdict.signers.iter().flat_map(|it| vouched(content, it)).collect()
    };
    let attached = eds::verify_cms(&Content::Attached, bytes, evidence, at, policy);
    if attached.is_valid() || attached.signers.iter().any(|it| it.outcome == Outcome::Valid) {
        let inside = eds::attached_content(bytes).ok().flatten().unwrap_or_default();
        return Said::of(&attached, || of(&attached, &inside));
    }
    let detached = eds::verify_cms(&Content::Detached(CONTENT), bytes, evidence, at, policy);
    let said = Said::of(&detached, || of(&detached, CONTENT));
    let values = eds::signature_values(bytes).map_or(0, |it| it.len());
    Said { shape: format!("{values}{}", said.shape), ..said }
}

fn xml(bytes: &[u8], context: &Context<'_>) -> Said {
    let verdict = eds::verify_xml(bytes, context.evidence, context.at, context.policy);
    Said::of(&verdict, || of_document(bytes, &verdict.signers))
}

fn of_document(xml: &[u8], signers: &[eds::Signer]) -> Vec<Vec<u8>> {
    let found = eds::xml::verify_enveloped_each(xml).unwrap_or_default();
    found.iter().zip(signers).flat_map(|(it, signer)| vouched(&it.signed_bytes, signer)).collect()
}

/// A file of which only a part is valid is not read again: that takes its time.
fn pdf(bytes: &[u8], context: &Context<'_>) -> Said {
    let verdict = eds::verify_pdf(bytes, context.evidence, context.at, context.policy);
    Said::of(&verdict, || {
        let found = verdict.is_valid().then(|| eds::pades::signatures(bytes).unwrap_or_default());
        let covered = found.into_iter().flatten().map(|it| it.digest.to_vec());
        covered.chain(verdict.signers.iter().flat_map(|it| vouched(b"", it))).collect()
    })
}

fn archive(bytes: &[u8], context: &Context<'_>) -> Said {
    match eds::judge_archive(bytes, None, context) {
        Err(fault) => Said::new(false, fault.to_string()),
        Ok(it) => Said::of(&it.verdict, || archived(bytes, &it.verdict.signers).unwrap_or_default()),
    }
}

/// Returns what the signers of an archive vouch for; the content is read by its published form.
fn archived(bytes: &[u8], signers: &[eds::Signer]) -> Option<Vec<Vec<u8>>> {
    let archive: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    let decoded = |it: &serde_json::Value| STANDARD.decode(it.as_str()?).ok();
    let content = archive.get("content")?;
    let held = match content.get("form")?.as_str()? {
        "xml" => return Some(of_document(&decoded(content.get("bytes")?)?, signers)),
        "attached" => eds::attached_content(&decoded(archive.get("signature")?)?).ok()??,
        "sha256" => decoded(content.get("sha256")?)?,
        _ => decoded(content.get("bytes")?)?,
    };
    Some(signers.iter().flat_map(|it| vouched(&held, it)).collect())
}

fn part(bytes: &[u8]) -> Said {
    let element = eds::xml::verify_element(bytes);
    let body = eds::xml::verify_body(bytes);
    let shape = |it: &Result<eds::xml::Signed, eds::xml::Error>| {
        it.as_ref().map_or_else(|it| format!("{it}"), |_| String::from("good"))
    };
    let shape = format!("{};{}", shape(&element), shape(&body));
    let is_valid = element.is_ok() || body.is_ok();
    let signed = element.or(body).map(|it| vec![it.signed_bytes]).unwrap_or_default();
    Said { is_valid, signed, shape: shape.chars().filter(|it| !it.is_ascii_digit()).collect() }
}

/// What is signed here must be found unchanged here, whatever the document.
fn sign_xml(bytes: &[u8], context: &Context<'_>) -> Said {
    let Ok(text) = std::str::from_utf8(bytes) else { return Said::new(false, String::new()) };
    let Some(certificate) = context.policy.trust.roots().first() else {
        return Said::new(false, String::new());
    };
    let signer = Signer { certificate_der: certificate.der(), sign: &|_| Ok(vec![1; 256]) };
    match sign_enveloped(text, &signer) {
        Err(error) => Said::new(false, error.code().to_owned()),
        Ok(document) => {
            let found = eds::xml::verify_enveloped_each(document.as_bytes());
            let code = found.as_ref().map_or_else(eds::xml::Error::code, |_| "good");
            let earlier = text.contains("Signature");
            assert!(
                earlier
                    || matches!(code, "signature-mismatch" | "certificate-key" | "too-many" | "too-large"),
                "{code}"
            );
            Said::new(false, code.to_owned())
        }
    }
}

/// What is prepared here must be found here, whatever the document.
fn sign_pdf(bytes: &[u8], at: Timestamp) -> Said {
    let info = eds::pades::SignatureInfo {
        name: "INVENTED".to_owned(),
        reason: None,
        location: None,
        contact: None,
        time: at,
        placeholder_bytes: 1024,
    };
    match eds::pades::prepare(bytes, &info) {
        Err(error) => Said::new(false, error.to_string()),
        Ok(prepared) => {
            let file = eds::pades::embed(&prepared, &[0x30, 2, 5, 0]);
            assert!(file.as_ref().is_ok_and(|it| it.starts_with(bytes) || it.len() > bytes.len()));
            let found = eds::pades::signatures(&file.unwrap_or_default());
            Said::new(false, format!("{:?}", found.map(|it| it.len())))
        }
    }
}

/// The canonical form of a canonical form is itself.
fn canonical(bytes: &[u8]) -> Said {
    let mut shape = String::new();
    for form in FORMS {
        match canonicalize(bytes, form) {
            Err(error) => shape = error.to_string().chars().filter(|it| !it.is_ascii_digit()).collect(),
            Ok(once) => {
                let twice = canonicalize(&once, form);
                let large = matches!(twice, Err(eds::xml::Error::TooMany { .. } | eds::xml::Error::TooLarge));
                assert!(large || twice.as_ref() == Ok(&once), "{form:?}");
                shape = format!("good {}", once.len() / 16);
            }
        }
    }
    Said::new(false, shape)
}

/// What was made straight is straight.
fn straight(bytes: &[u8]) -> Said {
    match eds::asn1::ber::to_der(bytes) {
        Err(fault) => Said::new(false, fault.to_string()),
        Ok(der) => {
            let again = eds::asn1::ber::to_der(&der);
            assert!(again.as_deref() == Ok(&*der), "{again:?}");
            Said::new(false, format!("{}", der.len() == bytes.len()))
        }
    }
}

fn certificate(bytes: &[u8], context: &Context<'_>) -> Said {
    match Certificate::parse(bytes) {
        Err(fault) => Said::new(false, fault.to_string()),
        Ok(it) => {
            let mut findings = Findings::default();
            eds::judge_certificate(&it, &[], context, &eds::Subject::Signer(0), &mut findings);
            let is_valid = findings.outcome() == Outcome::Valid;
            let signed = || vec![signed_part(it.der())];
            let said = Said::of(&findings.into_verdict(context.at, Vec::new()), signed);
            Said { is_valid, ..said }
        }
    }
}

/// The key of a certificate against a message and a signature that are nobody's.
fn key(bytes: &[u8]) -> Said {
    use eds::algorithm::SignatureAlgorithm as It;
    let Ok(certificate) = Certificate::parse(bytes) else { return Said::new(false, String::new()) };
    let all = [It::RsaSha256, It::Gost2015Bits512, It::Gost2015Bits256, It::Gost2004];
    let judged = |it: It| {
        let signature: Vec<u8> = bytes.iter().rev().take(128).copied().collect();
        format!(
            "{:?}{:?}",
            it.verify(certificate.spki(), b"m", &signature),
            it.verify(certificate.spki(), b"", &[0; 64])
        )
    };
    Said::new(false, all.into_iter().map(judged).collect())
}

fn index(bytes: &[u8]) -> Said {
    match eds::crl::Index::from_bytes(bytes) {
        Err(fault) => Said::new(false, fault.to_string()),
        Ok(index) => {
            let found = index.find(&[1]).is_some() || index.find(&[0x47, 0x11]).is_some();
            assert!(eds::crl::Index::from_bytes(&index.to_bytes()).is_ok());
            Said::new(false, format!("{found}{}", index.len()))
        }
    }
}

/// A key file; and what lies in it, changed, under a new proof of integrity, without which nothing else would be read.
fn key_file(bytes: &[u8]) -> Said {
    if many_rounds(bytes) {
        return Said::new(false, String::new());
    }
    let told = |bytes: &[u8]| match eds::pkcs12::open(bytes, PASSWORD) {
        Ok(it) => format!("{} {} {}", it.keys.len(), it.certificates.len(), it.unread),
        Err(fault) => fault.to_string(),
    };
    let again = inside(bytes).map(sealed).map(|it| told(&it));
    Said::new(false, format!("{}; {again:?}", told(bytes)))
}

/// Whether a number somewhere in the bytes would be too many rounds.
fn many_rounds(bytes: &[u8]) -> bool {
    bytes.windows(2).enumerate().any(|(place, head)| {
        let length = usize::from(head[1]);
        let number = bytes.get(place + 2..place + 2 + length).unwrap_or_default();
        let value = number.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        head[0] == 2 && (3..=4).contains(&length) && value > ROUNDS_MAX
    })
}

/// Returns what the proof of integrity is over.
fn inside(bytes: &[u8]) -> Option<&[u8]> {
    let mut fields = Element::parse(bytes).ok()?.reader();
    fields.any().ok()?;
    let mut info = fields.any().ok()?.reader();
    info.any().ok()?;
    Some(Element::parse(info.any().ok()?.value).ok()?.value)
}

fn sealed(safe: &[u8]) -> Vec<u8> {
    use eds::asn1::{context, write};
    use eds::pkcs12::{DerivedFor, derive};
    let rounds = std::num::NonZeroU32::MIN;
    let key: [u8; 32] = derive(&aws_lc_rs::digest::SHA256, DerivedFor::Mac, PASSWORD, (b"salt", rounds));
    let mac = aws_lc_rs::hmac::sign(&aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &key), safe);
    let proof = write::sequence(&[&write::algorithm_null(&eds::oids::SHA256), &write::octets(mac.as_ref())]);
    let content = write::tlv(context(0), &write::octets(safe));
    write::sequence(&[
        &write::small(3),
        &write::sequence(&[&write::oid(&eds::oids::DATA), &content]),
        &write::sequence(&[&proof, &write::octets(b"salt"), &write::small(1)]),
    ])
}
