// SPDX-License-Identifier: MIT OR Apache-2.0
//! Extensions of certificates that decide about trust.

use const_oid::ObjectIdentifier;

use crate::asn1::{Asn1Error, BOOLEAN, Element, INTEGER, OCTET_STRING, SEQUENCE, context, context_primitive};
use crate::oids;

/// Extensions, usages, policies or addresses read of one certificate.
const ITEMS_MAX: usize = 64;

/// Bits of the key usage extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KeyUsage(u16);

impl KeyUsage {
    /// Signing of data.
    pub const DIGITAL_SIGNATURE: Self = Self(0x8000);
    /// Signing that binds the person (content commitment).
    pub const NON_REPUDIATION: Self = Self(0x4000);
    /// Encryption of keys: the old keys for logging in.
    pub const KEY_ENCIPHERMENT: Self = Self(0x2000);
    /// Agreement of keys.
    pub const KEY_AGREEMENT: Self = Self(0x0800);
    /// Signing of certificates.
    pub const CERT_SIGN: Self = Self(0x0400);
    /// Signing of revocation lists.
    pub const CRL_SIGN: Self = Self(0x0200);

    /// Returns whether all bits of `other` are set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns the words for the bits that are set.
    #[must_use]
    pub fn words(self) -> Vec<String> {
        [
            (Self::DIGITAL_SIGNATURE, "digital-signature"),
            (Self::NON_REPUDIATION, "non-repudiation"),
            (Self::KEY_ENCIPHERMENT, "key-encipherment"),
            (Self::KEY_AGREEMENT, "key-agreement"),
            (Self::CERT_SIGN, "certificate-signing"),
            (Self::CRL_SIGN, "crl-signing"),
        ]
        .into_iter()
        .filter(|(bit, _)| self.contains(*bit))
        .map(|(_, word)| word.to_owned())
        .collect()
    }
}

/// The extensions of one certificate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extensions {
    /// Whether the subject may issue certificates.
    pub is_authority: bool,
    /// How many authorities may stand between this one and a leaf.
    pub path_length: Option<u64>,
    /// Key usage, where the certificate limits it.
    pub key_usage: Option<KeyUsage>,
    /// Extended key usages.
    pub usages: Vec<ObjectIdentifier>,
    /// Whether the extended key usages bind everyone (critical).
    pub usages_critical: bool,
    /// Policies.
    pub policies: Vec<ObjectIdentifier>,
    /// Key identifier of the subject.
    pub subject_key_id: Option<Vec<u8>>,
    /// Other names of the subject (`GeneralName`), as received.
    pub alt_names: Vec<Vec<u8>>,
    /// Key identifier of the issuer.
    pub authority_key_id: Option<Vec<u8>>,
    /// Addresses of OCSP responders.
    pub ocsp_urls: Vec<String>,
    /// Addresses of the issuer's certificate.
    pub issuer_urls: Vec<String>,
    /// Addresses of revocation lists.
    pub crl_urls: Vec<String>,
    /// Addresses of lists of changes.
    pub delta_crl_urls: Vec<String>,
    /// Whether a responder's certificate is exempt from revocation checks.
    pub ocsp_no_check: bool,
    /// Critical extensions that are not understood: the certificate is refused.
    pub unknown_critical: Vec<ObjectIdentifier>,
}

impl Extensions {
    /// Parses a list of extensions; the same one twice is refused.
    pub(crate) fn parse(list: Element<'_>) -> Result<Self, Asn1Error> {
        let mut own = Self::default();
        let mut seen: Vec<ObjectIdentifier> = Vec::new();
        for item in list.reader().all(ITEMS_MAX)? {
            let (kind, critical, value) = parts(item)?;
            if seen.contains(&kind) {
                return Err(Asn1Error::Value);
            }
            seen.push(kind);
            if kind == oids::EXTENDED_KEY_USAGE {
                own.usages_critical = critical;
            }
            // Names that an authority may not give bind whoever reads them or not.
            if !own.read(&kind, value)? && (critical || kind == oids::NAME_CONSTRAINTS) {
                own.unknown_critical.push(kind);
            }
        }
        Ok(own)
    }

    /// Reads one extension and returns whether it is understood.
    fn read(&mut self, kind: &ObjectIdentifier, value: &[u8]) -> Result<bool, Asn1Error> {
        match *kind {
            oids::BASIC_CONSTRAINTS => self.read_constraints(value)?,
            oids::KEY_USAGE => self.key_usage = Some(key_usage(value)?),
            oids::EXTENDED_KEY_USAGE => {
                self.usages = first_oids(value, false)?;
                // None at all would look like no bounds.
                if self.usages.is_empty() {
                    return Err(Asn1Error::Value);
                }
            }
            oids::POLICIES => self.policies = first_oids(value, true)?,
            oids::SUBJECT_KEY_ID => {
                self.subject_key_id = Some(Element::parse(value)?.expect(OCTET_STRING)?.value.to_vec());
            }
            oids::AUTHORITY_KEY_ID => {
                let mut fields = Element::parse(value)?.expect(SEQUENCE)?.reader();
                self.authority_key_id = fields.optional(context_primitive(0))?.map(|id| id.value.to_vec());
            }
            oids::SUBJECT_ALT_NAME => match alt_names(value) {
                Ok(names) => self.alt_names = names,
                Err(_) => return Ok(false),
            },
            oids::AUTHORITY_INFO => self.read_addresses(value)?,
            oids::CRL_POINTS => self.crl_urls = point_urls(value)?,
            oids::FRESHEST_CRL => self.delta_crl_urls = point_urls(value)?,
            oids::OCSP_NO_CHECK => self.ocsp_no_check = true,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn read_constraints(&mut self, value: &[u8]) -> Result<(), Asn1Error> {
        let mut fields = Element::parse(value)?.expect(SEQUENCE)?.reader();
        self.is_authority = fields.optional(BOOLEAN)?.map_or(Ok(false), |flag| flag.boolean())?;
        self.path_length = fields.optional(INTEGER)?.map(|length| length.small()).transpose()?;
        fields.finish()
    }

    fn read_addresses(&mut self, value: &[u8]) -> Result<(), Asn1Error> {
        for access in Element::parse(value)?.expect(SEQUENCE)?.reader().all(ITEMS_MAX)? {
            let mut access = access.expect(SEQUENCE)?.reader();
            let method = access.any()?.oid()?;
            let place = access.any()?;
            if place.tag != context_primitive(6) {
                continue;
            }
            let Ok(url) = std::str::from_utf8(place.value) else { continue };
            match method {
                oids::ACCESS_OCSP => self.ocsp_urls.push(url.to_owned()),
                oids::ACCESS_ISSUER => self.issuer_urls.push(url.to_owned()),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Returns identifier, criticality and value of one extension.
pub(crate) fn parts(item: Element<'_>) -> Result<(ObjectIdentifier, bool, &[u8]), Asn1Error> {
    let mut fields = item.expect(SEQUENCE)?.reader();
    let kind = fields.any()?.oid()?;
    let critical = fields.optional(BOOLEAN)?.map_or(Ok(false), |flag| flag.boolean())?;
    let value = fields.take(OCTET_STRING)?.value;
    fields.finish()?;
    Ok((kind, critical, value))
}

fn key_usage(value: &[u8]) -> Result<KeyUsage, Asn1Error> {
    let element = Element::parse(value)?.expect(crate::asn1::BIT_STRING)?;
    match element.value {
        [unused, first] if *unused < 8 => Ok(KeyUsage(u16::from(*first) << 8)),
        [unused, first, second] if *unused < 8 => Ok(KeyUsage(u16::from_be_bytes([*first, *second]))),
        _ => Err(Asn1Error::Value),
    }
}

/// Returns the other names of a subject.
fn alt_names(value: &[u8]) -> Result<Vec<Vec<u8>>, Asn1Error> {
    let names = Element::parse(value)?.expect(SEQUENCE)?.reader().all(ITEMS_MAX)?;
    Ok(names.iter().map(|name| name.raw.to_vec()).collect())
}

/// Returns the identifiers of a list, or the first of each of its sequences.
fn first_oids(value: &[u8], nested: bool) -> Result<Vec<ObjectIdentifier>, Asn1Error> {
    let items = Element::parse(value)?.expect(SEQUENCE)?.reader().all(ITEMS_MAX)?;
    let mut found = Vec::with_capacity(items.len());
    for item in items {
        let element = if nested { item.expect(SEQUENCE)?.reader().any()? } else { item };
        found.push(element.oid()?);
    }
    Ok(found)
}

/// Returns the addresses in a list of distribution points.
fn point_urls(value: &[u8]) -> Result<Vec<String>, Asn1Error> {
    let mut urls = Vec::new();
    for point in Element::parse(value)?.expect(SEQUENCE)?.reader().all(ITEMS_MAX)? {
        let Some(place) = point.expect(SEQUENCE)?.reader().optional(context(0))? else { continue };
        let Some(names) = place.reader().optional(context(0))? else { continue };
        for name in names.reader().all(ITEMS_MAX)? {
            if name.tag == context_primitive(6)
                && let Ok(url) = std::str::from_utf8(name.value)
            {
                urls.push(url.to_owned());
            }
        }
    }
    Ok(urls)
}
