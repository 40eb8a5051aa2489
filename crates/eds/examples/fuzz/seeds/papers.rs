// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signed PDFs: with the evidence beside their signatures (`DSS`), and files that are a PDF and something else.

use eds::Evidence;
use eds::algorithm::DigestAlgorithm;
use eds::asn1::{context, write};
use eds::pades::{SignatureInfo, embed, prepare, signatures};
use lopdf::{Dictionary, Document, IncrementalDocument, Object, Stream, dictionary};

use super::Made;
use super::evidence::rebuilt;
use super::person::Person;

/// Room for a CMS.
const ROOM: usize = 4096;
/// Text that a reader of PDF takes for one, and that may stand in XML.
const PLAIN: &str =
    "%PDF-1.4\n1 0 obj[/Type/Catalog]endobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n%%EOF\n";

/// Returns the document signed by the person.
pub(super) fn signed(by: &Person, pdf: &[u8]) -> Made<Vec<u8>> {
    let info = SignatureInfo {
        name: "INVENTED PERSON".to_owned(),
        reason: None,
        location: None,
        contact: None,
        time: by.certificate.not_before(),
        placeholder_bytes: ROOM,
    };
    let prepared = prepare(pdf, &info)?;
    Ok(embed(&prepared, &by.cms(&prepared.content(), false)?)?)
}

/// Returns the signed document with evidence appended that nobody signs: `PAdES` B-LT as others make it.
pub(super) fn with_store(pdf: &[u8], evidence: &Evidence) -> Made<Vec<u8>> {
    let last = signatures(pdf)?.pop().ok_or("no signature")?;
    let document = Document::load_mem(pdf)?;
    let root = document.trailer.get(b"Root").and_then(Object::as_reference)?;
    let mut catalog = document.get_object(root).and_then(Object::as_dict)?.clone();
    let mut update = IncrementalDocument::create_from(pdf.to_vec(), document);
    let mut streams = |all: &[Vec<u8>]| -> Vec<Object> {
        let ids =
            all.iter().map(|it| update.new_document.add_object(Stream::new(dictionary! {}, it.clone())));
        ids.map(Object::Reference).collect()
    };
    let (certificates, answers, lists) =
        (streams(&evidence.certificates), streams(&evidence.ocsp), streams(&evidence.crls));
    let about = dictionary! {
        "Type" => "VRI", "Cert" => certificates.clone(), "OCSP" => answers.clone(), "CRL" => lists.clone(),
    };
    let digest = DigestAlgorithm::Sha1.digest(&last.cms);
    let name: Vec<String> = digest.iter().map(|byte| format!("{byte:02X}")).collect();
    let mut each = Dictionary::new();
    each.set(name.concat(), about);
    let store = update.new_document.add_object(dictionary! {
        "Type" => "DSS", "Certs" => certificates, "OCSPs" => answers, "CRLs" => lists, "VRI" => each,
    });
    catalog.set("DSS", store);
    update.new_document.set_object(root, catalog);
    let mut bytes = Vec::new();
    update.save_to(&mut bytes)?;
    Ok(bytes)
}

/// Returns a document of one page whose contents are these bytes.
pub(super) fn page(contents: &[u8]) -> Made<Vec<u8>> {
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let text = document.add_object(Stream::new(dictionary! {}, contents.to_vec()));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => text,
        "MediaBox" => vec![0.into(), 0.into(), 100.into(), 100.into()],
    });
    let list = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    document.objects.insert(pages, Object::Dictionary(list));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes)?;
    Ok(bytes)
}

/// Returns a document that is XML, all of whose text is a PDF.
pub(super) fn text() -> String {
    format!("<d:a xmlns:d=\"urn:d\">{PLAIN}</d:a>")
}

/// Returns the signed XML behind a PDF that stands in a comment, which nobody signs.
pub(super) fn before(xml: &str) -> String {
    format!("<!--{PLAIN}-->{xml}")
}

/// Returns the signature with a PDF among its certificates, which nobody signs.
pub(super) fn within(cms: &[u8], pdf: &[u8]) -> Made<Vec<u8>> {
    rebuilt(cms, |parts| {
        let place = parts.iter().position(|it| it.first() == Some(&context(0))).ok_or("no certificates")?;
        parts.remove(place);
        parts.insert(place, write::tlv(context(0), &write::tlv(context(3), pdf)));
        Ok(())
    })
}
