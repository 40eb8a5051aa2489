// SPDX-License-Identifier: MIT OR Apache-2.0
//! Certificates, OCSP answers and revocation lists that came inside a signature. Whoever made the file chose them: each must
//! prove itself like what was fetched.

use std::borrow::Cow;

use super::SignedData;
use crate::asn1::{Asn1Error, ENUMERATED, Element, Reader, SEQUENCE, SET, context, write};
use crate::evidence::{EVIDENCE_ITEMS_MAX, Evidence};
use crate::oids;
use crate::policy::Policy;

/// Bytes of each kind that are taken from inside: the largest national list, and some.
const INSIDE_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Returns the evidence with what lies inside a container after it, no more of each kind than is ever looked at.
///
/// Where a responder can be asked (with a nonce), the signer does not choose the answer about himself: answers and lists
/// inside do not count until the responders were asked. Inside an archive they count like what lay in it.
pub(crate) fn with_inside<'a>(
    given: &'a Evidence,
    mut inside: Evidence,
    policy: &Policy,
) -> Cow<'a, Evidence> {
    if policy.ocsp_nonce.is_some() && !policy.answers_sought && given.origins.kept.is_none() {
        inside.ocsp.clear();
        inside.crls.clear();
    }
    if inside == Evidence::default() {
        return Cow::Borrowed(given);
    }
    let mut all = given.clone();
    all.close_outside();
    fill(&mut all.certificates, inside.certificates);
    fill(&mut all.ocsp, inside.ocsp);
    fill(&mut all.crls, inside.crls);
    Cow::Owned(all)
}

fn fill(all: &mut Vec<Vec<u8>>, inside: Vec<Vec<u8>>) {
    let (places, mut room) = (EVIDENCE_ITEMS_MAX.saturating_sub(all.len()), INSIDE_BYTES_MAX);
    let fits = inside.into_iter().take(places).take_while(|it| {
        let left = room.checked_sub(it.len());
        room = left.unwrap_or_default();
        left.is_some()
    });
    all.extend(fits);
}

impl SignedData<'_> {
    /// Returns what lies inside to judge the signers by, unverified: beside the signers and among their unsigned attributes.
    /// What cannot be read proves nothing and is left out.
    pub(crate) fn evidence(&self) -> Evidence {
        let mut found = Evidence::default();
        for item in self.revocations.into_iter().flat_map(|set| items(set.reader())) {
            // Another form than a list may stand there; one of them is an OCSP answer.
            let _unread = if item.tag == SEQUENCE {
                found.crls.push(item.raw.to_vec());
                Ok(())
            } else {
                other(item, &mut found)
            };
        }
        for set in self.signers.iter().filter_map(|info| info.unsigned) {
            for attribute in items(set.reader()) {
                let _unread = values(attribute, &mut found);
            }
        }
        found
    }
}

/// Returns the elements up to the first that cannot be read, no more than are ever looked at.
pub(super) fn items(mut reader: Reader<'_>) -> impl Iterator<Item = Element<'_>> {
    std::iter::from_fn(move || reader.any().ok()).take(EVIDENCE_ITEMS_MAX)
}

/// Takes an answer about revocation in another form than a list (RFC 5652, 10.2.1).
fn other(item: Element<'_>, found: &mut Evidence) -> Result<(), Asn1Error> {
    let mut fields = item.expect(context(1))?.reader();
    if fields.any()?.oid()? == oids::REVOCATION_OCSP {
        found.ocsp.push(fields.take(SEQUENCE)?.raw.to_vec());
    }
    Ok(())
}

/// Takes the values of a `CAdES` attribute (ETSI EN 319 122-1, A.1.1.2 and A.1.2.2).
fn values(attribute: Element<'_>, found: &mut Evidence) -> Result<(), Asn1Error> {
    let mut fields = attribute.expect(SEQUENCE)?.reader();
    let kind = fields.any()?.oid()?;
    if kind != oids::CERTIFICATE_VALUES && kind != oids::REVOCATION_VALUES {
        return Ok(());
    }
    let mut parts = fields.take(SET)?.reader().take(SEQUENCE)?.reader();
    if kind == oids::CERTIFICATE_VALUES {
        found.certificates.extend(items(parts).map(|it| it.raw.to_vec()));
        return Ok(());
    }
    if let Some(lists) = parts.optional(context(0))? {
        found.crls.extend(items(lists.reader().take(SEQUENCE)?.reader()).map(|it| it.raw.to_vec()));
    }
    if let Some(answers) = parts.optional(context(1))? {
        let known = found.ocsp.len();
        found.ocsp.extend(items(answers.reader().take(SEQUENCE)?.reader()).map(|it| it.raw.to_vec()));
        found.ocsp.iter_mut().skip(known).for_each(make_whole);
    }
    Ok(())
}

/// Makes a whole response of OCSP of one of which only the basic part was put there: programs put either.
pub(crate) fn make_whole(answer: &mut Vec<u8>) {
    let first = Element::parse(answer).and_then(|it| it.reader().any());
    if first.is_ok_and(|it| it.tag == SEQUENCE) {
        let typed = write::sequence(&[&write::oid(&oids::OCSP_BASIC), &write::octets(answer)]);
        *answer = write::sequence(&[&write::tlv(ENUMERATED, &[0]), &write::tlv(context(0), &typed)]);
    }
}
