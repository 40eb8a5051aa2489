// SPDX-License-Identifier: MIT OR Apache-2.0
//! Algorithms that are strong, as far as anybody knows, but are not computed here: what uses them is undecided, never
//! forbidden. Whatever stands neither here nor among those that are computed may not be used.

use const_oid::ObjectIdentifier;

use super::keys;

/// An algorithm that is strong, but not computed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Foreign {
    /// A digest.
    Digest,
    /// A signature, made by keys that say one of these identifiers.
    Signature(&'static [&'static str]),
}

const RSA: Foreign = Foreign::Signature(&["1.2.840.113549.1.1.1"]);
/// Keys may be for PSS alone.
const PSS: Foreign = Foreign::Signature(&["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"]);
const ECDSA: Foreign = Foreign::Signature(&["1.2.840.10045.2.1"]);
const ED25519: Foreign = Foreign::Signature(&["1.3.101.112"]);
const ED448: Foreign = Foreign::Signature(&["1.3.101.113"]);
const GOST_2012_256: Foreign = Foreign::Signature(&["1.2.643.7.1.1.1.1"]);
const GOST_2012_512: Foreign = Foreign::Signature(&["1.2.643.7.1.1.1.2"]);

/// By arc and last numbers. In CMS keys of Edwards curves and of GOST R 34.10-2012 stand for their signatures.
const BY_OID: [(&str, &[&str], Foreign); 11] = [
    ("1.2.840.113549.1.1.", &["10"], PSS),
    // With SHA-512/256.
    ("1.2.840.113549.1.1.", &["16"], RSA),
    ("1.2.840.10045.4.3.", &["2", "3", "4"], ECDSA),
    ("1.3.101.", &["112"], ED25519),
    ("1.3.101.", &["113"], ED448),
    // With SHA-3.
    ("2.16.840.1.101.3.4.3.", &["10", "11", "12"], ECDSA),
    ("2.16.840.1.101.3.4.3.", &["14", "15", "16"], RSA),
    ("1.2.643.7.1.1.", &["3.2", "1.1"], GOST_2012_256),
    ("1.2.643.7.1.1.", &["3.3", "1.2"], GOST_2012_512),
    // SHA-512/256.
    ("2.16.840.1.101.3.4.2.", &["6"], Foreign::Digest),
    // SHA-3 and SHAKE.
    ("2.16.840.1.101.3.4.2.", &["8", "9", "10", "11", "12"], Foreign::Digest),
];

/// By the beginning and the end of the name in signed XML.
const BY_NAME: [(&str, &[&str], Foreign); 9] = [
    (MORE, &["ecdsa-sha256", "ecdsa-sha384", "ecdsa-sha512"], ECDSA),
    (MORE_2007, &["rsa-pss", "sha256-rsa-MGF1", "sha384-rsa-MGF1", "sha512-rsa-MGF1"], PSS),
    (MORE_2007, &["sha3-256", "sha3-384", "sha3-512"], Foreign::Digest),
    (MORE_2021, &["ecdsa-sha3-256", "ecdsa-sha3-384", "ecdsa-sha3-512"], ECDSA),
    (MORE_2021, &["eddsa-ed25519"], ED25519),
    (MORE_2021, &["eddsa-ed448"], ED448),
    (RUSSIAN, &["gostr34102012-gostr34112012-256"], GOST_2012_256),
    (RUSSIAN, &["gostr34102012-gostr34112012-512"], GOST_2012_512),
    (RUSSIAN, &["gostr34112012-256", "gostr34112012-512"], Foreign::Digest),
];
const MORE: &str = "http://www.w3.org/2001/04/xmldsig-more#";
const MORE_2007: &str = "http://www.w3.org/2007/05/xmldsig-more#";
const MORE_2021: &str = "http://www.w3.org/2021/04/xmldsig-more#";
const RUSSIAN: &str = "urn:ietf:params:xml:ns:cpxmlsec:algorithms:";

fn find(table: &[(&str, &[&str], Foreign)], name: &str) -> Option<Foreign> {
    let is_it =
        |it: &&(&str, &[&str], Foreign)| name.strip_prefix(it.0).is_some_and(|end| it.1.contains(&end));
    table.iter().find(is_it).map(|it| it.2)
}

impl Foreign {
    /// Returns the algorithm of this identifier, in CMS, certificates, lists and answers.
    pub(crate) fn from_oid(oid: &ObjectIdentifier) -> Option<Self> {
        find(&BY_OID, &oid.to_string())
    }

    /// Returns whether keys of this identifier make signatures that are strong, but not computed here.
    pub(crate) fn is_key(oid: &ObjectIdentifier) -> bool {
        let named = oid.to_string();
        BY_OID.iter().any(|it| matches!(it.2, Self::Signature(keys) if keys.contains(&named.as_str())))
    }

    /// Returns the algorithm of a `SignatureMethod` or `DigestMethod` in signed XML.
    pub(crate) fn from_xml(uri: &str) -> Option<Self> {
        find(&BY_NAME, uri)
    }

    /// Returns whether a key says that it can have made such a signature.
    pub(crate) fn takes(self, spki: &[u8]) -> bool {
        let Self::Signature(keys) = self else { return false };
        keys::named(spki).is_some_and(|own| keys.contains(&own.to_string().as_str()))
    }
}

/// Returns whether a canonical form of XML is one that is strong, but not made here: Canonical XML 1.1.
pub(crate) fn is_foreign_form(uri: &str) -> bool {
    let named = uri.strip_prefix("http://www.w3.org/2006/12/xml-c14n11");
    named.is_some_and(|it| matches!(it, "" | "#WithComments"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
    use crate::oids;

    #[test]
    fn strong_algorithms_are_told_from_weak_ones_and_from_nothing() {
        let oid = |text: &str| Foreign::from_oid(&ObjectIdentifier::new(text).unwrap());
        assert_eq!(oid("1.2.840.113549.1.1.10"), Some(PSS));
        assert_eq!(oid("1.2.840.10045.4.3.2"), Some(ECDSA));
        for digest in ["2.16.840.1.101.3.4.2.6", "2.16.840.1.101.3.4.2.8"] {
            assert_eq!(oid(digest), Some(Foreign::Digest), "{digest}");
        }
        // SHA-1, MD5, RSA and ECDSA with SHA-1, RSA with MD5, SHA-224 with RSA and alone, SHA-512/224, plain data.
        for weak in [
            "1.3.14.3.2.26",
            "1.2.840.113549.2.5",
            "1.2.840.113549.1.1.5",
            "1.2.840.10045.4.1",
            "1.2.840.113549.1.1.4",
            "1.2.840.113549.1.1.14",
            "2.16.840.1.101.3.4.2.4",
            "2.16.840.1.101.3.4.2.5",
            "1.2.840.113549.1.7.1",
        ] {
            assert_eq!(oid(weak), None, "{weak}");
        }
        assert_eq!(Foreign::from_xml("http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"), Some(PSS));
        assert_eq!(Foreign::from_xml("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"), Some(ECDSA));
        for weak in [
            "",
            "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            "http://www.w3.org/2000/09/xmldsig#sha1",
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1",
            "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
            "http://www.w3.org/2001/04/xmldsig-more#sha3-256",
            "http://www.w3.org/2007/05/xmldsig-more#ecdsa-sha256",
            "http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1",
            "http://www.w3.org/2007/05/xmldsig-more#sha3-256 ",
        ] {
            assert_eq!(Foreign::from_xml(weak), None, "{weak}");
        }
        assert!(is_foreign_form("http://www.w3.org/2006/12/xml-c14n11"));
        assert!(!is_foreign_form("http://www.w3.org/2010/xml-c14n2"));
    }

    #[test]
    fn what_is_computed_here_is_not_foreign() {
        for known in [oids::RSA, oids::RSA_SHA256, oids::RSA_SHA384, oids::RSA_SHA512, oids::GOST_2015_512] {
            assert!(
                SignatureAlgorithm::named_in_cms(&known).is_some() && Foreign::from_oid(&known).is_none()
            );
        }
        for known in
            [oids::SHA256, oids::SHA384, oids::SHA512, oids::STREEBOG_512, oids::STREEBOG_512_RUSSIAN]
        {
            assert!(DigestAlgorithm::from_oid(&known).is_some() && Foreign::from_oid(&known).is_none());
        }
    }
}
