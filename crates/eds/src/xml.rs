// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signed XML: canonical form (C14N 1.0), `XMLDSig`, the properties of `XAdES` and the WS-Security signature of a
//! SOAP body.
//!
//! The crate holds no keys: a [`Signer`] is a certificate and a closure. Verifying answers with the certificate
//! that was found and with what exactly it covers ([`Signed`]); whether that certificate is trusted, valid at the
//! time and not revoked is judged by the caller with the certificate checks of this crate.
//!
//! Same-document references leave comments out of what is signed, so no comment is ever covered by a signature.

mod c14n;
mod error;
mod guard;
mod key_info;
mod references;
mod sign;
mod signature;
mod tree;
mod unsigned;
mod verify;
mod wsse;
mod xades;

#[cfg(test)]
mod tests;

pub use c14n::{CANONICAL_BYTES_MAX, Canon, canonicalize};
pub use error::Error;
pub use guard::{
    ATTRIBUTES_PER_ELEMENT_MAX, DEPTH_MAX, DOCUMENT_BYTES_MAX, EQUAL_SIGNS_MAX, NAMESPACE_DECLARATIONS_MAX,
    NAMESPACES_IN_SCOPE_MAX, TAGS_MAX,
};
pub use sign::{SignFn, Signer, SignerFailed, sign_element, sign_enveloped};
pub use unsigned::{StampBeside, Unsigned};
pub use verify::{
    Covered, SIGNATURES_MAX, Signed, verify_element, verify_elements, verify_enveloped, verify_enveloped_each,
};
pub use wsse::{sign_body, verify_body};

pub(crate) use verify::{Found, are_content, count_signatures, find_elements, find_enveloped_each};
pub(crate) use wsse::{find_body, is_envelope};

/// The namespaces and algorithm names of signed XML.
pub(crate) mod names {
    pub(crate) const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
    pub(crate) const XML: &str = "http://www.w3.org/XML/1998/namespace";
    pub(crate) const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
    pub(crate) const SOAP_12: &str = "http://www.w3.org/2003/05/soap-envelope";
    pub(crate) const WSSE: &str =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    pub(crate) const WSU: &str =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
    pub(crate) const BASE64_BINARY: &str =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary";
    pub(crate) const X509_V3: &str =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3";
    pub(crate) const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";
    pub(crate) const XADES_141: &str = "http://uri.etsi.org/01903/v1.4.1#";
    pub(crate) const SIGNED_PROPERTIES: &str = "http://uri.etsi.org/01903#SignedProperties";
    pub(crate) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
    pub(crate) const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
    pub(crate) const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    pub(crate) const EXC_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
    pub(crate) const DS_11: &str = "http://www.w3.org/2009/xmldsig11#";
    /// What stands in a signature is of these namespaces, or of those of `XAdES`.
    pub(crate) const OF_SIGNATURES: [&str; 4] = [DS, DS_11, WSSE, EXC_C14N];
    pub(crate) const ETSI: &str = "http://uri.etsi.org/";
}
