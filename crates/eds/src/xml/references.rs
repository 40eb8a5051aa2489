// SPDX-License-Identifier: MIT OR Apache-2.0
//! The references of a signature: one to content, others to its own signed properties and to what stands around it.

use roxmltree::Node;

use super::signature::{Form, Known, PART_BYTES_MAX, algorithm, canon_form, elements, expect, put_off};
use super::{Error, names, tree, xades};
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};

/// References of one signature, at most.
const REFERENCES_MAX: usize = 8;

/// A reference, before anything is checked.
#[derive(Debug)]
pub(crate) struct Reference<'a> {
    pub(crate) uri: &'a str,
    /// Whether the first transform removes the signature itself.
    pub(crate) enveloped: bool,
    pub(crate) by: Known<(Form<'a>, DigestAlgorithm)>,
    pub(crate) digest: Vec<u8>,
}

/// A signed part of the signature or of the header around it, before anything is checked.
#[derive(Debug)]
pub(super) struct Part<'a, 'i> {
    node: Node<'a, 'i>,
    /// The canonical form and the digest, where both are known here.
    by: Known<(Form<'a>, DigestAlgorithm)>,
    digest: Vec<u8>,
}

impl<'a, 'i> Part<'a, 'i> {
    pub(super) fn of(node: Node<'a, 'i>, reference: Reference<'a>) -> Result<Self, Error> {
        if reference.enveloped {
            return Err(Error::Transforms);
        }
        Ok(Self { node, by: reference.by, digest: reference.digest })
    }

    /// Returns whether it is still what was signed, as far as that is known here.
    pub(super) fn is_as_signed(&self) -> Result<bool, Error> {
        let Ok((form, algorithm)) = &self.by else { return Ok(true) };
        let (digest, _length) = form.of(self.node).digest(*algorithm, PART_BYTES_MAX)?;
        Ok(digest == self.digest)
    }

    /// Returns which of its algorithms is not known here.
    pub(super) fn not_known(&self) -> Option<&Error> {
        self.by.as_ref().err()
    }
}

/// Returns what a signature may cover beside the content: its key info, and the time of the header in which it stands.
pub(super) fn around<'a, 'i>(signature: Node<'a, 'i>, key_info: Option<Node<'a, 'i>>) -> Vec<Node<'a, 'i>> {
    let header = signature.parent().filter(|it| tree::is(*it, names::WSSE, "Security"));
    let beside = header.into_iter().flat_map(|it| it.children());
    key_info.into_iter().chain(beside.filter(|it| tree::is(*it, names::WSU, "Timestamp"))).collect()
}

/// The references of a signature by what they lead to.
pub(super) struct References<'a, 'i> {
    pub(super) content: Node<'a, 'i>,
    pub(super) properties: Option<Node<'a, 'i>>,
    /// Those to parts around the signature, each with its part.
    pub(super) parts: Vec<(Node<'a, 'i>, Node<'a, 'i>)>,
}

impl<'a, 'i> References<'a, 'i> {
    pub(super) fn of(all: &[Node<'a, 'i>], around: &[Node<'a, 'i>]) -> Result<Self, Error> {
        if all.len() > REFERENCES_MAX {
            return Err(Error::TooMany { what: "references" });
        }
        let (mut content, mut properties, mut parts) = (None, None, Vec::new());
        for reference in all {
            if xades::is_meant_by(*reference) {
                if properties.replace(*reference).is_some() {
                    return Err(Error::shape("SignedInfo"));
                }
            } else if let Some(part) = part_of(*reference, around)? {
                parts.push((*reference, part));
            } else if let Some(other) = content.replace(*reference) {
                // One that leads nowhere any more is no other content.
                led_to(*reference).and_then(|()| led_to(other))?;
                return Err(Error::ReferencesSeveral);
            }
        }
        let nothing = if parts.is_empty() { Error::shape("SignedInfo") } else { Error::ReferenceElsewhere };
        Ok(Self { content: content.ok_or(nothing)?, properties, parts })
    }
}

/// Returns which of these parts the reference names; an id that another element bears too names none.
fn part_of<'a, 'i>(reference: Node<'a, 'i>, around: &[Node<'a, 'i>]) -> Result<Option<Node<'a, 'i>>, Error> {
    let id = reference.attribute("URI").and_then(|it| it.strip_prefix('#')).filter(|it| !it.is_empty());
    let is_named = id.is_some_and(|id| around.iter().any(|it| tree::has_id(*it, id)));
    id.filter(|_| is_named).map(|id| tree::by_id(reference.document(), id)).transpose()
}

/// Says whether what the reference names is there.
fn led_to(reference: Node<'_, '_>) -> Result<(), Error> {
    let id = reference.attribute("URI").and_then(|it| it.strip_prefix('#')).filter(|it| !it.is_empty());
    id.map_or(Ok(()), |id| tree::by_id(reference.document(), id).map(|_| ()))
}

/// Reads a reference of a signature by this method.
pub(super) fn read<'a>(
    node: Node<'a, '_>,
    method: &Known<SignatureAlgorithm>,
) -> Result<Reference<'a>, Error> {
    let reference = expect(node, "Reference")?;
    let parts = elements(reference, "Reference")?;
    let [transforms @ .., digest_method, digest] = parts.as_slice() else {
        return Err(Error::shape("Reference"));
    };
    let (enveloped, form) = match transforms {
        [] => (false, Ok(Form::default())),
        [transforms] => read_transforms(expect(*transforms, "Transforms")?)?,
        _ => return Err(Error::shape("Reference")),
    };
    let digest_method = algorithm(expect(*digest_method, "DigestMethod")?)?;
    let digest_method =
        put_off(DigestAlgorithm::from_xml(digest_method).ok_or_else(|| Error::algorithm(digest_method)))?;
    // The digest of the covered part is of the signature's family: nobody mixes those honestly.
    if let (Ok(own), Ok(method)) = (&digest_method, method)
        && !own.is_akin(method.digest())
    {
        return Err(Error::AlgorithmMixed);
    }
    Ok(Reference {
        uri: reference.attribute("URI").ok_or(Error::ReferenceForeign)?,
        enveloped,
        by: form.and_then(|form| digest_method.map(|digest| (form, digest))),
        digest: tree::base64_text(expect(*digest, "DigestValue")?, "DigestValue")?,
    })
}

/// Reads the transforms: at most the removal of the signature, then at most one canonical form.
fn read_transforms<'a>(node: Node<'a, '_>) -> Result<(bool, Known<Form<'a>>), Error> {
    let mut steps = Vec::new();
    for step in node.children().filter(Node::is_element) {
        steps.push((expect(step, "Transform")?, algorithm(step)?));
    }
    let enveloped = steps.first().is_some_and(|it| it.1 == names::ENVELOPED);
    let mut rest = steps.into_iter().skip(usize::from(enveloped));
    let form = match rest.next() {
        None => Ok(Form::default()),
        Some((_, names::ENVELOPED)) => return Err(Error::Transforms),
        Some((step, _)) => put_off(canon_form(step))?,
    };
    if rest.next().is_some() {
        return Err(Error::Transforms);
    }
    Ok((enveloped, form.map(|it| Form { canon: it.canon.without_comments(), ..it })))
}
