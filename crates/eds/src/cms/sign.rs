// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signing by a server: CAdES-BES with ESS v2, in one step or with the signature made elsewhere.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use const_oid::ObjectIdentifier;
use jiff::Timestamp;

use super::attributes::SignedAttributes;
use crate::algorithm::{RSA_BITS_MAX, RSA_BITS_MIN, SignatureAlgorithm};
use crate::asn1::{self, INTEGER, SET, context, write};
use crate::certificate::Certificate;
use crate::oids;

/// Why nothing was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignFault {
    /// The key is no RSA key in PKCS#8, or of a size that is not admitted.
    KeyUnusable,
    /// No certificate was given.
    CertificateAbsent,
    /// The key is not the key of the certificate.
    KeyMismatch,
    /// The key did not sign.
    NotSigned,
}

impl std::fmt::Display for SignFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::KeyUnusable => "the key is no RSA key of 2048 to 4096 bits in PKCS#8",
            Self::CertificateAbsent => "no certificate was given",
            Self::KeyMismatch => "the key is not the key of the certificate",
            Self::NotSigned => "the key did not sign",
        })
    }
}

impl std::error::Error for SignFault {}

/// A private RSA key that signs with SHA-256.
pub struct RsaSigner {
    key: RsaKeyPair,
}

impl std::fmt::Debug for RsaSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RsaSigner").finish_non_exhaustive()
    }
}

impl RsaSigner {
    /// Returns the signer of an unencrypted PKCS#8 key, DER or PEM.
    ///
    /// ```
    /// assert!(eds::RsaSigner::from_pkcs8(b"no key").is_err());
    /// ```
    pub fn from_pkcs8(key: &[u8]) -> Result<Self, SignFault> {
        let der = asn1::from_noted_pem(key).map_err(|_| SignFault::KeyUnusable)?;
        let key = RsaKeyPair::from_pkcs8(&der).map_err(|_| SignFault::KeyUnusable)?;
        // What is signed here must be what is verified here.
        let is_admitted = (RSA_BITS_MIN..=RSA_BITS_MAX).contains(&(key.public_modulus_len() * 8));
        if is_admitted { Ok(Self { key }) } else { Err(SignFault::KeyUnusable) }
    }

    /// Returns the signature (RSA PKCS#1 v1.5 with SHA-256) of `message`. It is the same each time; the library blinds the
    /// computation by itself.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignFault> {
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign_digest(&RSA_PKCS1_SHA256, &digest(&SHA256, message), &mut signature)
            .map_err(|_| SignFault::NotSigned)?;
        Ok(signature)
    }

    /// Returns the public key (`RSAPublicKey`, DER).
    #[must_use]
    pub fn public_key(&self) -> Vec<u8> {
        self.key.public_key().as_ref().to_vec()
    }

    /// Returns whether this is the key of `certificate`.
    #[must_use]
    pub fn is_key_of(&self, certificate: &Certificate) -> bool {
        certificate.key_bits().is_ok_and(|bits| bits == self.key.public_key().as_ref())
    }
}

/// Returns a detached CAdES-BES signature of content with this SHA-256.
///
/// `chain` begins with the certificate of the key; the rest is sent along.
///
/// ```no_run
/// # fn f(key: &[u8], certificate: &[u8], at: jiff::Timestamp) -> Result<(), Box<dyn std::error::Error>> {
/// let signer = eds::RsaSigner::from_pkcs8(key)?;
/// let chain = [eds::Certificate::parse(certificate)?];
/// let cms = eds::sign_cms_detached(eds::sha256(b"the act"), &signer, &chain, at)?;
/// # Ok(())
/// # }
/// ```
pub fn sign_cms_detached(
    digest: [u8; 32],
    signer: &RsaSigner,
    chain: &[Certificate],
    time: Timestamp,
) -> Result<Vec<u8>, SignFault> {
    let attributes = sign_checked(digest, signer, chain, time)?;
    let signature = signer.sign(attributes.to_be_signed())?;
    assemble(&attributes, &signature, chain, None)
}

/// Returns a CAdES-BES signature that holds its content.
///
/// ```no_run
/// # fn f(signer: eds::RsaSigner, certificate: eds::Certificate, at: jiff::Timestamp) -> Result<(), eds::SignFault> {
/// let cms = eds::sign_cms_attached(b"the act", &signer, &[certificate], at)?;
/// # Ok(())
/// # }
/// ```
pub fn sign_cms_attached(
    content: &[u8],
    signer: &RsaSigner,
    chain: &[Certificate],
    time: Timestamp,
) -> Result<Vec<u8>, SignFault> {
    let attributes = sign_checked(crate::sha256(content), signer, chain, time)?;
    let signature = signer.sign(attributes.to_be_signed())?;
    assemble(&attributes, &signature, chain, Some(content))
}

fn sign_checked(
    digest: [u8; 32],
    signer: &RsaSigner,
    chain: &[Certificate],
    time: Timestamp,
) -> Result<SignedAttributes, SignFault> {
    let certificate = checked(signer, chain)?;
    Ok(signed_attributes(digest, certificate, time))
}

/// Returns the certificate of the signer.
fn checked<'a>(signer: &RsaSigner, chain: &'a [Certificate]) -> Result<&'a Certificate, SignFault> {
    let certificate = chain.first().ok_or(SignFault::CertificateAbsent)?;
    if signer.is_key_of(certificate) { Ok(certificate) } else { Err(SignFault::KeyMismatch) }
}

/// Returns the token of a time stamp that says `info` (`TSTInfo`, DER).
pub(crate) fn sign_token(
    (info, time): (&[u8], Timestamp),
    algorithm: SignatureAlgorithm,
    chain: &[Certificate],
    sign: &dyn Fn(&[u8]) -> Option<Vec<u8>>,
) -> Result<Vec<u8>, SignFault> {
    let certificate = chain.first().ok_or(SignFault::CertificateAbsent)?;
    let digest = algorithm.digest().digest(info);
    let attributes = attributes_of(&oids::TST_INFO, (algorithm, &digest), certificate, time);
    let signature = sign(attributes.to_be_signed()).ok_or(SignFault::NotSigned)?;
    assemble_of(&oids::TST_INFO, &attributes, &signature, chain, Some(info))
}

/// Returns the attributes to be signed for content with this SHA-256: the first half of signing elsewhere.
///
/// Sign [`SignedAttributes::to_be_signed`] (RSA PKCS#1 v1.5 with SHA-256), then call [`assemble`] with the same
/// attributes.
#[must_use]
pub fn signed_attributes(digest: [u8; 32], certificate: &Certificate, time: Timestamp) -> SignedAttributes {
    signed_attributes_by(SignatureAlgorithm::RsaSha256, &digest, certificate, time)
}

/// Returns the attributes to be signed by this algorithm, for content with this digest, which must be the algorithm's.
#[must_use]
pub fn signed_attributes_by(
    algorithm: SignatureAlgorithm,
    digest: &[u8],
    certificate: &Certificate,
    time: Timestamp,
) -> SignedAttributes {
    attributes_of(&oids::DATA, (algorithm, digest), certificate, time)
}

fn attributes_of(
    content_type: &ObjectIdentifier,
    (algorithm, digest): (SignatureAlgorithm, &[u8]),
    certificate: &Certificate,
    time: Timestamp,
) -> SignedAttributes {
    let attribute =
        |kind, value: Vec<u8>| write::sequence(&[&write::oid(&kind), &write::constructed(SET, &[&value])]);
    let directory_name = write::tlv(context(4), certificate.issuer().raw());
    let issuer_serial =
        write::sequence(&[&write::sequence(&[&directory_name]), &write::tlv(INTEGER, certificate.serial())]);
    let hash = write::octets(&crate::sha256(certificate.der()));
    // The algorithm is left out: SHA-256 is the default.
    let id = write::sequence(&[&hash, &issuer_serial]);
    let der = write::set_of(vec![
        attribute(oids::CONTENT_TYPE, write::oid(content_type)),
        attribute(oids::SIGNING_TIME, write::time(time)),
        attribute(oids::MESSAGE_DIGEST, write::octets(digest)),
        attribute(oids::SIGNING_CERTIFICATE_V2, write::sequence(&[&write::sequence(&[&id])])),
    ]);
    SignedAttributes { der, algorithm }
}

/// Returns the CMS of attributes and their signature: the second half of signing elsewhere.
///
/// `content` is put inside if given; `chain` begins with the signer's certificate.
///
/// ```no_run
/// # fn f(certificate: eds::Certificate, at: jiff::Timestamp) -> Result<(), eds::SignFault> {
/// # let ask_the_token = |_: &[u8]| Vec::new();
/// let attributes = eds::signed_attributes(eds::sha256(b"byte range"), &certificate, at);
/// let signature = ask_the_token(attributes.to_be_signed());
/// let cms = eds::assemble(&attributes, &signature, &[certificate], None)?;
/// # Ok(())
/// # }
/// ```
pub fn assemble(
    attributes: &SignedAttributes,
    signature: &[u8],
    chain: &[Certificate],
    content: Option<&[u8]>,
) -> Result<Vec<u8>, SignFault> {
    assemble_of(&oids::DATA, attributes, signature, chain, content)
}

fn assemble_of(
    content_type: &ObjectIdentifier,
    attributes: &SignedAttributes,
    signature: &[u8],
    chain: &[Certificate],
    content: Option<&[u8]>,
) -> Result<Vec<u8>, SignFault> {
    let certificate = chain.first().ok_or(SignFault::CertificateAbsent)?;
    let digest = write::algorithm_null(&attributes.algorithm.digest().oid());
    let signed_by = write::algorithm_null(&attributes.algorithm.oid());
    let (_, attributes) = attributes.der.split_first().unwrap_or((&SET, &[]));
    let info = write::sequence(&[
        &write::small(1),
        &write::sequence(&[certificate.issuer().raw(), &write::tlv(INTEGER, certificate.serial())]),
        &digest,
        &[&[context(0)], attributes].concat(),
        &signed_by,
        &write::octets(signature),
    ]);
    let inside = content.map_or_else(Vec::new, |bytes| write::tlv(context(0), &write::octets(bytes)));
    let mut certificates: Vec<Vec<u8>> = chain.iter().map(|certificate| certificate.der().to_vec()).collect();
    certificates.sort();
    certificates.dedup();
    // RFC 5652, 5.1: content of another type than data makes it version 3.
    let version = if *content_type == oids::DATA { 1 } else { 3 };
    let data = write::sequence(&[
        &write::small(version),
        &write::set_of(vec![digest.clone()]),
        &write::sequence(&[&write::oid(content_type), &inside]),
        &write::tlv(context(0), &certificates.concat()),
        &write::set_of(vec![info]),
    ]);
    Ok(write::sequence(&[&write::oid(&oids::SIGNED_DATA), &write::tlv(context(0), &data)]))
}
