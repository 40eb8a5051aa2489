// SPDX-License-Identifier: MIT OR Apache-2.0
//! Object identifiers of the standards and of the national authority.

use const_oid::ObjectIdentifier;

macro_rules! oids {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* pub const $name: ObjectIdentifier = ObjectIdentifier::new_unwrap($text);)*
    };
}

oids! {
    /// Content of a CMS: plain data.
    DATA = "1.2.840.113549.1.7.1";
    /// Content of a CMS: signed data.
    SIGNED_DATA = "1.2.840.113549.1.7.2";
    /// Signed attribute: type of the content.
    CONTENT_TYPE = "1.2.840.113549.1.9.3";
    /// Signed attribute: digest of the content.
    MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    /// Signed attribute: time the signer claims.
    SIGNING_TIME = "1.2.840.113549.1.9.5";
    /// Signed attribute: the signing certificate by SHA-1 (ESS v1).
    SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
    /// Signed attribute: the signing certificate by any digest (ESS v2).
    SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";

    /// Content of a CMS: what a time stamp says (RFC 3161).
    TST_INFO = "1.2.840.113549.1.9.16.1.4";
    /// Unsigned attribute: a time stamp over the signature value.
    SIGNATURE_TIME_STAMP = "1.2.840.113549.1.9.16.2.14";
    /// Usage: stamping time.
    TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    /// National policy of time stamps by GOST 34.310-2004.
    STAMP_POLICY_2004 = "1.2.398.3.3.2.6.1";
    /// National policy of time stamps by GOST R 34.10-2015.
    STAMP_POLICY_2015 = "1.2.398.3.3.2.6.4";

    /// SHA-1, in identifiers of OCSP and ESS v1 only.
    SHA1 = "1.3.14.3.2.26";
    /// SHA-256.
    SHA256 = "2.16.840.1.101.3.4.2.1";
    /// SHA-384.
    SHA384 = "2.16.840.1.101.3.4.2.2";
    /// SHA-512.
    SHA512 = "2.16.840.1.101.3.4.2.3";
    /// An RSA key, and in CMS a signature by it.
    RSA = "1.2.840.113549.1.1.1";
    /// RSA PKCS#1 v1.5 with SHA-256.
    RSA_SHA256 = "1.2.840.113549.1.1.11";
    /// RSA PKCS#1 v1.5 with SHA-384.
    RSA_SHA384 = "1.2.840.113549.1.1.12";
    /// RSA PKCS#1 v1.5 with SHA-512.
    RSA_SHA512 = "1.2.840.113549.1.1.13";

    /// Arc of the national algorithms.
    NATIONAL_ALGORITHMS = "1.2.398.3.10.1";
    /// Streebog-256.
    STREEBOG_256 = "1.2.398.3.10.1.3.2";
    /// Streebog-512.
    STREEBOG_512 = "1.2.398.3.10.1.3.3";
    /// Streebog-256 by its Russian name (RFC 6986).
    STREEBOG_256_RUSSIAN = "1.2.643.7.1.1.2.2";
    /// Streebog-512 by its Russian name.
    STREEBOG_512_RUSSIAN = "1.2.643.7.1.1.2.3";
    /// GOST 34.311-95.
    GOST_34311 = "1.2.398.3.10.1.3.1";
    /// The substitution box of GOST 34.311-95 that keys of GOST 34.310-2004 name.
    GOST_34311_BOX = "1.2.398.3.10.1.3.1.1.0";
    /// A key of GOST R 34.10-2015, 512 bits.
    GOST_2015_512_KEY = "1.2.398.3.10.1.1.2.2";
    /// The curve of such keys.
    GOST_2015_512_CURVE = "1.2.398.3.10.1.1.2.2.1";
    /// A signature by GOST R 34.10-2015, 512 bits.
    GOST_2015_512 = "1.2.398.3.10.1.1.2.3.2";
    /// A key of GOST R 34.10-2015, 256 bits.
    GOST_2015_256_KEY = "1.2.398.3.10.1.1.2.1";
    /// The curve of such keys.
    GOST_2015_256_CURVE = "1.2.398.3.10.1.1.2.1.1";
    /// A signature by GOST R 34.10-2015, 256 bits.
    GOST_2015_256 = "1.2.398.3.10.1.1.2.3.1";
    /// A key of GOST 34.310-2004.
    GOST_2004_KEY = "1.2.398.3.10.1.1.1.1";
    /// The curve of such keys.
    GOST_2004_CURVE = "1.2.398.3.10.1.1.1.1.1";
    /// A signature by GOST 34.310-2004.
    GOST_2004 = "1.2.398.3.10.1.1.1.2";

    /// Name: common name.
    COMMON_NAME = "2.5.4.3";
    /// Name: surname.
    SURNAME = "2.5.4.4";
    /// Name: serial number, `IIN` and twelve digits.
    SERIAL_NUMBER = "2.5.4.5";
    /// Name: country.
    COUNTRY = "2.5.4.6";
    /// Name: locality.
    LOCALITY = "2.5.4.7";
    /// Name: state or province.
    STATE = "2.5.4.8";
    /// Name: street.
    STREET = "2.5.4.9";
    /// Name: organisation.
    ORGANIZATION = "2.5.4.10";
    /// Name: organisational unit, `BIN` and twelve digits.
    ORGANIZATIONAL_UNIT = "2.5.4.11";
    /// Name: given name; the national authority writes the patronymic here.
    GIVEN_NAME = "2.5.4.42";
    /// Name: user id, of information systems.
    USER_ID = "0.9.2342.19200300.100.1.1";
    /// Name: a part of a domain.
    DOMAIN_COMPONENT = "0.9.2342.19200300.100.1.25";

    /// Extension: subject key identifier.
    SUBJECT_KEY_ID = "2.5.29.14";
    /// Extension: key usage.
    KEY_USAGE = "2.5.29.15";
    /// Extension: names of hosts.
    SUBJECT_ALT_NAME = "2.5.29.17";
    /// Extension: basic constraints.
    BASIC_CONSTRAINTS = "2.5.29.19";
    /// Extension of a CRL: its number.
    CRL_NUMBER = "2.5.29.20";
    /// Extension of a CRL entry: reason.
    CRL_REASON = "2.5.29.21";
    /// Extension of a CRL: it lists changes only.
    DELTA_CRL = "2.5.29.27";
    /// Extension of a CRL: the part it covers.
    ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    /// Extension of a CRL: since when certificates that ended stay on it.
    EXPIRED_ON_CRL = "2.5.29.60";
    /// Extension: addresses of CRLs.
    CRL_POINTS = "2.5.29.31";
    /// Extension: policies.
    POLICIES = "2.5.29.32";
    /// Extension: authority key identifier.
    AUTHORITY_KEY_ID = "2.5.29.35";
    /// Extension: extended key usage.
    EXTENDED_KEY_USAGE = "2.5.29.37";
    /// Extension: addresses of delta CRLs.
    FRESHEST_CRL = "2.5.29.46";
    /// Extension: addresses of OCSP and of the issuer.
    AUTHORITY_INFO = "1.3.6.1.5.5.7.1.1";
    /// Access method: OCSP.
    ACCESS_OCSP = "1.3.6.1.5.5.7.48.1";
    /// Access method: the issuer's certificate.
    ACCESS_ISSUER = "1.3.6.1.5.5.7.48.2";
    /// Answer about revocation inside a CMS: a response of OCSP.
    REVOCATION_OCSP = "1.3.6.1.5.5.7.16.2";
    /// Unsigned attribute of `CAdES`: certificates of the path.
    CERTIFICATE_VALUES = "1.2.840.113549.1.9.16.2.23";
    /// Unsigned attribute of `CAdES`: lists and responses of OCSP.
    REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.24";
    /// Response of OCSP: basic.
    OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1";
    /// Extension of OCSP: since when certificates that ended are kept in mind.
    OCSP_ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6";
    /// Extension of OCSP: nonce.
    OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2";
    /// Extension: a responder's certificate need not be checked for revocation.
    OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5";
    /// Extension of OCSP: a certificate never issued is answered "revoked".
    OCSP_EXTENDED_REVOKE = "1.3.6.1.5.5.7.48.1.9";

    /// TLS server authentication.
    SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    /// Usage: logging in.
    CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    /// Usage: signing.
    EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
    /// Usage: answering OCSP.
    OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    /// Usage: any.
    ANY_USAGE = "2.5.29.37.0";

    /// National usage: an individual.
    INDIVIDUAL = "1.2.398.3.3.4.1.1";
    /// National usage: an organisation.
    ORGANISATION = "1.2.398.3.3.4.1.2";
    /// National usage: head of the organisation.
    HEAD = "1.2.398.3.3.4.1.2.1";
    /// National usage: has the right to sign.
    RIGHT_TO_SIGN = "1.2.398.3.3.4.1.2.2";
    /// National usage: right to sign financial documents.
    FINANCIAL = "1.2.398.3.3.4.1.2.3";
    /// National usage: human resources.
    HUMAN_RESOURCES = "1.2.398.3.3.4.1.2.4";
    /// National usage: employee.
    EMPLOYEE = "1.2.398.3.3.4.1.2.5";
    /// National usage: information system of an organisation.
    INFORMATION_SYSTEM = "1.2.398.3.3.4.1.2.6";
    /// Usage: signing for the treasury. Keys of before 2023 bear no other for signing.
    TREASURY = "1.2.398.5.19.1.2.2.1";
    /// Arc of the national authority.
    AUTHORITY_ARC = "1.2.398.3.3";
    /// Whatever policy.
    ANY_POLICY = "2.5.29.32.0";
    /// Extension: names that an authority may give.
    NAME_CONSTRAINTS = "2.5.29.30";
    /// Arc of the national certificate policies.
    POLICY_ARC = "1.2.398.3.3.2";
}

/// Returns whether `oid` is `arc` or lies under it.
#[must_use]
pub fn is_under(oid: &ObjectIdentifier, arc: &ObjectIdentifier) -> bool {
    oid.as_bytes().starts_with(arc.as_bytes())
}
