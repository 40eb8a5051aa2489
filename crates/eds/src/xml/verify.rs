// SPDX-License-Identifier: MIT OR Apache-2.0
//! Checking signatures of documents and of elements in them.

use std::ops::Range;

use jiff::Timestamp;
use roxmltree::{Document, Node, NodeId};

use super::c14n::{CANONICAL_BYTES_MAX, Selected};
use super::signature::{self, Parsed};
use super::xades::Properties;
use super::{Error, Unsigned, key_info, names, tree, wsse};

/// The most signatures checked on one document.
pub const SIGNATURES_MAX: usize = 16;
/// The most canonical bytes that the signatures of one document cover together where they are only digested.
const DIGESTED_BYTES_MAX: usize = 512 * 1024 * 1024;

/// A signature that fits its text and the certificate it carries. The certificate is not judged here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The certificate found in the signature, in DER.
    pub certificate_der: Vec<u8>,
    /// What the signature covers.
    pub covered: Covered,
    /// The canonical bytes that were signed.
    pub signed_bytes: Vec<u8>,
    /// The signature value: what a time stamp stamps.
    pub signature_value: Vec<u8>,
    /// The time that the signer claims in the signed properties (`XAdES`); proves nothing.
    pub claimed_time: Option<Timestamp>,
    /// Whether the signed properties name the certificate. A signature whose properties name another one fits nothing.
    pub names_certificate: bool,
    /// What stands unsigned beside the signature (`XAdES`, further certificates of `KeyInfo`), unverified.
    pub unsigned: Unsigned,
}

/// The part of the document that a signature covers. Nothing else of the document may be believed, nor what of it is left out:
/// comments, and the signatures that it does not cover. What was signed is [`Signed::signed_bytes`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Covered {
    /// The whole document, less this signature and those after it.
    Document,
    /// The element with this id.
    Element {
        /// The id.
        id: String,
        /// Where the element stands in the document's bytes; nothing where signatures inside are left out, for what stands
        /// in those nobody signed.
        range: Option<Range<usize>>,
    },
    /// The body of the SOAP envelope.
    Body {
        /// The body's id.
        id: String,
        /// Where the body stands in the document's bytes.
        range: Range<usize>,
    },
}

/// What becomes of the canonical bytes that signatures cover, how many there may still be, and which certificates were given
/// for signatures that carry none.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    pub(super) keeps_bytes: bool,
    pub(super) room: usize,
    pub(super) given: &'a [Vec<u8>],
}

/// What was taken of the canonical bytes that a signature covers.
#[derive(Debug)]
pub(crate) struct Taken {
    digest: Vec<u8>,
    /// Empty where they are not kept.
    bytes: Vec<u8>,
}

impl<'g> Reading<'g> {
    /// The bytes are returned.
    pub(crate) fn returning() -> Self {
        Self { keeps_bytes: true, room: CANONICAL_BYTES_MAX, given: &[] }
    }

    /// Nobody asks for the bytes: those of sixteen signatures are many times the document.
    pub(crate) fn judging(given: &'g [Vec<u8>]) -> Self {
        Self { keeps_bytes: false, room: DIGESTED_BYTES_MAX, given }
    }

    /// Takes this node, which a signature covers, without those to be skipped; after one for which there is no room there is none
    /// for others. Nothing is taken by algorithms that are not known here.
    pub(crate) fn take(
        &mut self,
        parsed: &Parsed<'_, '_>,
        node: Node<'_, '_>,
        skip: &[NodeId],
    ) -> Result<Option<Taken>, Error> {
        let Ok((form, algorithm)) = &parsed.covered else { return Ok(None) };
        let selected = Selected { skip, ..form.of(node) };
        let room = std::mem::take(&mut self.room);
        let (taken, length) = if self.keeps_bytes {
            let bytes = selected.bytes(room)?;
            let length = bytes.len();
            (Taken { digest: algorithm.digest(&bytes), bytes }, length)
        } else {
            let (digest, length) = selected.digest(*algorithm, room)?;
            (Taken { digest, bytes: Vec::new() }, length)
        };
        self.room = room.saturating_sub(length);
        Ok(Some(taken))
    }

    /// Checks a signature by its own certificates, else by those given, and says what it covers. What stands unsigned beside it is
    /// read of a good one only.
    pub(crate) fn confirm(
        &self,
        parsed: Parsed<'_, '_>,
        own: Result<Vec<Vec<u8>>, Error>,
        taken: Option<Taken>,
        covered: Covered,
    ) -> Result<Signed, Error> {
        let digest = taken.as_ref().map(|it| it.digest.as_slice());
        let certificate_der = parsed.check(digest, &own, self.given)?;
        let mut unsigned = parsed.properties.as_ref().map(Properties::unsigned).unwrap_or_default();
        let others = own.unwrap_or_default().into_iter().filter(|it| *it != certificate_der);
        drop(unsigned.evidence.certificates.splice(0..0, others));
        Ok(Signed {
            claimed_time: parsed.properties.as_ref().and_then(|it| it.signing_time),
            names_certificate: parsed.named(&certificate_der) == Some(true),
            unsigned,
            certificate_der,
            covered,
            signed_bytes: taken.map(|it| it.bytes).unwrap_or_default(),
            signature_value: parsed.value,
        })
    }
}

/// A signature as it was found: good, or why not, with the certificate that it carries all the same.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) signed: Result<Signed, Error>,
    pub(crate) certificate_der: Option<Vec<u8>>,
    /// What it calls a certificate that it does not carry.
    pub(crate) named: Option<String>,
}

impl Found {
    pub(crate) fn good(signed: Signed) -> Self {
        Self { certificate_der: Some(signed.certificate_der.clone()), signed: Ok(signed), named: None }
    }

    /// Finds a signature that was checked, with the certificates that `carried` finds by its key info.
    pub(super) fn of<'a, 'i>(
        signature: Node<'a, 'i>,
        signed: Result<Signed, Error>,
        carried: impl FnOnce(Option<Node<'a, 'i>>) -> Result<Vec<Vec<u8>>, Error>,
    ) -> Self {
        if let Ok(signed) = signed {
            return Self::good(signed);
        }
        let within = signature.children().find(|it| tree::is(*it, names::DS, "KeyInfo"));
        let certificate_der = carried(within).ok().and_then(|it| key_info::likeliest(&it));
        Self { signed, certificate_der, named: key_info::named(within) }
    }
}

/// Checks the one enveloped signature of a document.
pub fn verify_enveloped(xml: &[u8]) -> Result<Signed, Error> {
    let mut all = verify_enveloped_each(xml)?;
    match (all.pop(), all.pop()) {
        (Some(signed), None) => Ok(signed),
        (None, _) => Err(Error::NotSigned),
        (Some(_), Some(_)) => Err(Error::SignatureDoubled),
    }
}

/// Checks every enveloped signature of a document, in order; each covers the document with only the earlier ones.
/// Its reference is empty or names the root by its id.
///
/// The answer is never empty. The bytes that they cover are no more than [`CANONICAL_BYTES_MAX`] together, else it is
/// [`Error::TooLarge`].
pub fn verify_enveloped_each(xml: &[u8]) -> Result<Vec<Signed>, Error> {
    enveloped_each(xml, &mut Reading::returning())?.into_iter().map(|it| it.signed).collect()
}

/// The same, each signature for itself, without the bytes that it covers.
pub(crate) fn find_enveloped_each(xml: &[u8], given: &[Vec<u8>]) -> Result<Vec<Found>, Error> {
    enveloped_each(xml, &mut Reading::judging(given))
}

pub(super) fn enveloped_each(xml: &[u8], reading: &mut Reading<'_>) -> Result<Vec<Found>, Error> {
    let doc = tree::parse(tree::text(xml)?)?;
    let signatures = trailing_signatures(&doc)?;
    let ids: Vec<NodeId> = signatures.iter().map(Node::id).collect();
    let each = signatures.into_iter().enumerate().map(|(index, signature)| {
        let skip = ids.get(index..).unwrap_or_default();
        Found::of(signature, enveloped(signature, &doc, skip, reading), key_info::certificates)
    });
    Ok(each.collect())
}

/// Checks a signature over the document without these nodes.
fn enveloped(
    signature: Node<'_, '_>,
    doc: &Document<'_>,
    skip: &[NodeId],
    reading: &mut Reading<'_>,
) -> Result<Signed, Error> {
    let parsed = signature::parse(signature)?;
    let root = by_root_id(doc, parsed.reference)?;
    let has_prefixes = parsed.covered.as_ref().is_ok_and(|(form, _)| !form.prefixes.is_empty());
    if !parsed.enveloped || (root.is_none() && has_prefixes) {
        return Err(Error::Transforms);
    }
    let taken = reading.take(&parsed, root.unwrap_or_else(|| doc.root()), skip)?;
    let own = key_info::certificates(parsed.key_info);
    reading.confirm(parsed, own, taken, Covered::Document)
}

/// Checks the one signature of a document that refers to an element by its id.
pub fn verify_element(xml: &[u8]) -> Result<Signed, Error> {
    let mut all = verify_elements(xml)?;
    match (all.pop(), all.pop()) {
        (Some(signed), None) => Ok(signed),
        (None, _) => Err(Error::NotSigned),
        (Some(_), Some(_)) => Err(Error::SignatureDoubled),
    }
}

/// Checks every signature of a document, each of which refers to an element by its id, in the order of the document.
///
/// A signature inside the element that it covers leaves itself and the later ones out; every other one covers its
/// element as it stands. The answer is never empty; what it does not name ([`Signed::covered`]) nobody signed. The bytes that
/// they cover are no more than [`CANONICAL_BYTES_MAX`] together, else it is [`Error::TooLarge`].
pub fn verify_elements(xml: &[u8]) -> Result<Vec<Signed>, Error> {
    elements(xml, &mut Reading::returning())?.into_iter().map(|it| it.signed).collect()
}

/// The same, each signature for itself, without the bytes that it covers.
pub(crate) fn find_elements(xml: &[u8], given: &[Vec<u8>]) -> Result<Vec<Found>, Error> {
    elements(xml, &mut Reading::judging(given))
}

fn elements(xml: &[u8], reading: &mut Reading<'_>) -> Result<Vec<Found>, Error> {
    let doc = tree::parse(tree::text(xml)?)?;
    let signatures: Vec<_> = doc.descendants().filter(|it| tree::is(*it, names::DS, "Signature")).collect();
    if signatures.is_empty() {
        return Err(Error::NotSigned);
    }
    if signatures.len() > SIGNATURES_MAX {
        return Err(Error::TooMany { what: "signatures" });
    }
    let ids: Vec<NodeId> = signatures.iter().map(Node::id).collect();
    let each = signatures.into_iter().enumerate().map(|(index, signature)| {
        let signed = by_element(signature, ids.get(index..).unwrap_or_default(), reading);
        Found::of(signature, signed, key_info::certificates)
    });
    Ok(each.collect())
}

/// Checks a signature over an element, which leaves out these signatures where it holds this one.
fn by_element(signature: Node<'_, '_>, later: &[NodeId], reading: &mut Reading<'_>) -> Result<Signed, Error> {
    let parsed = signature::parse(signature)?;
    let id = parsed.reference.strip_prefix('#').filter(|it| !it.is_empty()).ok_or(Error::ReferenceForeign)?;
    let element = tree::by_id(signature.document(), id)?;
    if signature.ancestors().any(|it| it == element) != parsed.enveloped {
        return Err(Error::Transforms);
    }
    let skip = if parsed.enveloped { later } else { &[] };
    let range = (!parsed.enveloped).then(|| element.range());
    let covered = Covered::Element { id: id.to_owned(), range };
    let taken = reading.take(&parsed, element, skip)?;
    let own = key_info::certificates(parsed.key_info);
    reading.confirm(parsed, own, taken, covered)
}

/// Returns how many signatures stand in a document, wherever they stand.
pub(crate) fn count_signatures(xml: &[u8]) -> usize {
    let doc = tree::text(xml).and_then(tree::parse);
    doc.map_or(0, |it| it.descendants().filter(|it| tree::is(*it, names::DS, "Signature")).count())
}

/// Returns whether all these places of the bytes stand in text or in attributes that a signature can cover: never in a
/// comment, an instruction, a declaration or a signature, and of an envelope only in its body.
pub(crate) fn are_content(xml: &[u8], places: &[usize]) -> bool {
    let Ok(doc) = tree::text(xml).and_then(tree::parse) else { return false };
    let is_there = |node: Node<'_, '_>, place: &usize| {
        let in_text = node.is_text() && node.range().contains(place);
        in_text || node.attributes().any(|it| it.range_value().contains(place))
    };
    places.iter().all(|place| doc.descendants().any(|it| is_there(it, place) && can_be_covered(it)))
}

fn can_be_covered(node: Node<'_, '_>) -> bool {
    let soap = wsse::soap(node.document());
    let in_body = soap.is_none_or(|soap| node.ancestors().any(|it| tree::is(it, soap, "Body")));
    in_body && !node.ancestors().any(|it| tree::is(it, names::DS, "Signature"))
}

/// Returns the signatures at the end of the root; refuses a document where one stands before other content.
fn trailing_signatures<'a, 'i>(doc: &'a Document<'i>) -> Result<Vec<Node<'a, 'i>>, Error> {
    let is_signature = |it: &Node<'_, '_>| tree::is(*it, names::DS, "Signature");
    let elements = doc.root_element().children().filter(Node::is_element);
    let signatures: Vec<_> = elements.skip_while(|it| !is_signature(it)).collect();
    if signatures.is_empty() {
        return Err(Error::NotSigned);
    }
    if !signatures.iter().all(is_signature) {
        return Err(Error::SignatureMisplaced);
    }
    if signatures.len() > SIGNATURES_MAX {
        return Err(Error::TooMany { what: "signatures" });
    }
    Ok(signatures)
}

/// Returns the root where the reference names its id, nothing where it means the whole document.
///
/// An instruction beside the root is part of the document but not of the root: then the id is not enough.
fn by_root_id<'a, 'i>(doc: &'a Document<'i>, reference: &str) -> Result<Option<Node<'a, 'i>>, Error> {
    if reference.is_empty() {
        return Ok(None);
    }
    let id = reference.strip_prefix('#').ok_or(Error::ReferenceForeign)?;
    let root = tree::by_id(doc, id)?;
    let is_all = root == doc.root_element() && !doc.root().children().any(|it| it.is_pi());
    if is_all { Ok(Some(root)) } else { Err(Error::ReferenceElsewhere) }
}
