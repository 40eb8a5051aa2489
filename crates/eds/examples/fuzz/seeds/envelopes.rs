// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signed XML of the forms that the crate reads and does not make: signed properties (`XAdES`), a token in the header of an
//! envelope, GOST.
//!
//! What is signed is written as it stands alone, with its own declarations: its exclusive form is then the same inside.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use eds::algorithm::SignatureAlgorithm;
use eds::xml::{Canon, canonicalize};

use super::Made;
use super::person::Person;

const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const NATIONAL: &str = "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:";
const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";
/// What stands behind the properties.
const END: &str = "</xades:QualifyingProperties></ds:Object>";
const SIGNED_PROPERTIES: &str = "http://uri.etsi.org/01903#SignedProperties";
const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const WSSE: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
const WSU: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
const X509_V3: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3";
const BASE64: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary";
/// A question over the synchronous channel of the gateway, as its envelope carries it.
const QUESTION: &str = "<typ:SendMessage xmlns:typ=\"http://bip.bee.kz/SyncChannel/v10/Types\"><request><requestInfo>\
    <messageId>7d3c0b1e-0000-4000-8000-000000000001</messageId><serviceId>INVENTED</serviceId>\
    <messageDate>2026-11-22T10:00:00.000+05:00</messageDate><sender><senderId>INVENTED</senderId>\
    <password>-</password></sender></requestInfo><requestData><data>&lt;iin&gt;990101300017&lt;/iin&gt;</data>\
    </requestData></request></typ:SendMessage>";

/// Returns the names of the algorithm and of its digest.
fn names(algorithm: SignatureAlgorithm) -> (String, String) {
    let more = |name: &str| format!("http://www.w3.org/2001/04/xmldsig-more#{name}");
    match algorithm {
        SignatureAlgorithm::RsaSha256 => {
            (more("rsa-sha256"), "http://www.w3.org/2001/04/xmlenc#sha256".to_owned())
        }
        SignatureAlgorithm::RsaSha384 => (more("rsa-sha384"), more("sha384")),
        SignatureAlgorithm::RsaSha512 => {
            (more("rsa-sha512"), "http://www.w3.org/2001/04/xmlenc#sha512".to_owned())
        }
        SignatureAlgorithm::Gost2015Bits512 => {
            (format!("{NATIONAL}gostr34102015-gostr34112015-512"), format!("{NATIONAL}gostr34112015-512"))
        }
        SignatureAlgorithm::Gost2015Bits256 => {
            (format!("{NATIONAL}gostr34102015-gostr34112015-256"), format!("{NATIONAL}gostr34112015-256"))
        }
        SignatureAlgorithm::Gost2004 => (more("gost34310-gost34311"), more("gost34311")),
    }
}

fn exclusive(text: &str) -> Made<Vec<u8>> {
    Ok(canonicalize(text.as_bytes(), Canon::Exclusive)?)
}

/// Returns a reference to what stands alone as this text.
fn reference(by: &Person, attributes: &str, transforms: &[&str], text: &str) -> Made<String> {
    let transforms: Vec<String> =
        transforms.iter().map(|it| format!("<ds:Transform Algorithm=\"{it}\"/>")).collect();
    let digest = STANDARD.encode(by.algorithm.digest().digest(&exclusive(text)?));
    Ok(format!(
        "<ds:Reference {attributes}><ds:Transforms>{}</ds:Transforms><ds:DigestMethod Algorithm=\"{}\"/>\
         <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>",
        transforms.concat(),
        names(by.algorithm).1
    ))
}

/// Returns the signed information with these references, and its signature.
fn signed_info(by: &Person, references: &str) -> Made<String> {
    let info = format!(
        "<ds:SignedInfo xmlns:ds=\"{DS}\"><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"/>\
         <ds:SignatureMethod Algorithm=\"{}\"/>{references}</ds:SignedInfo>",
        names(by.algorithm).0
    );
    let value = STANDARD.encode((by.sign)(&exclusive(&info)?)?);
    Ok(format!("{info}<ds:SignatureValue>{value}</ds:SignatureValue>"))
}

/// Returns the document signed as the newer clients sign: beside the content the signer's own properties. `uri` is empty or
/// names the root by its id.
pub(super) fn with_properties(by: &Person, text: &str, uri: &str) -> Made<String> {
    let certificate = by.certificate.der();
    let named = STANDARD.encode(by.algorithm.digest().digest(certificate));
    let properties = format!(
        "<xades:SignedProperties xmlns:xades=\"{XADES}\" xmlns:ds=\"{DS}\" Id=\"props\"><xades:SignedSignatureProperties>\
         <xades:SigningTime>{}</xades:SigningTime><xades:SigningCertificateV2><xades:Cert><xades:CertDigest>\
         <ds:DigestMethod Algorithm=\"{}\"/><ds:DigestValue>{named}</ds:DigestValue></xades:CertDigest></xades:Cert>\
         </xades:SigningCertificateV2></xades:SignedSignatureProperties></xades:SignedProperties>",
        by.certificate.not_before(),
        names(by.algorithm).1
    );
    let typed = format!("URI=\"#props\" Type=\"{SIGNED_PROPERTIES}\"");
    let references = [
        reference(by, &format!("URI=\"{uri}\""), &[ENVELOPED, EXCLUSIVE], text)?,
        reference(by, &typed, &[EXCLUSIVE], &properties)?,
    ];
    let info = signed_info(by, &references.concat())?;
    let (head, tail) = text.rsplit_once("</").ok_or("no end of the root")?;
    Ok(format!(
        "{head}<ds:Signature xmlns:ds=\"{DS}\" Id=\"sig\">{info}<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}\
         </ds:X509Certificate></ds:X509Data></ds:KeyInfo><ds:Object><xades:QualifyingProperties xmlns:xades=\"{XADES}\" \
         Target=\"#sig\">{properties}{END}</ds:Signature></{tail}",
        STANDARD.encode(certificate)
    ))
}

/// Returns what a time stamp of the signature is over.
pub(super) fn to_stamp(document: &str) -> Made<Vec<u8>> {
    let (_, rest) = document.split_once("<ds:SignatureValue>").ok_or("no value")?;
    let (value, _) = rest.split_once("</ds:SignatureValue>").ok_or("no value")?;
    Ok(format!("<ds:SignatureValue xmlns:ds=\"{DS}\">{value}</ds:SignatureValue>").into_bytes())
}

/// Returns the document with these among the properties that nobody signs.
pub(super) fn with_unsigned(document: &str, stamp: &[u8], lists: &[Vec<u8>]) -> String {
    let lists: Vec<String> = lists.iter().map(|it| encapsulated("CRLValue", it)).collect();
    let unsigned = format!(
        "<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:SignatureTimeStamp>\
         <ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"/>{}</xades:SignatureTimeStamp><xades:RevocationValues>\
         <xades:CRLValues>{}</xades:CRLValues></xades:RevocationValues></xades:UnsignedSignatureProperties>\
         </xades:UnsignedProperties>{END}",
        encapsulated("TimeStamp", stamp),
        lists.concat()
    );
    document.replacen(END, &unsigned, 1)
}

fn encapsulated(what: &str, bytes: &[u8]) -> String {
    format!("<xades:Encapsulated{what}>{}</xades:Encapsulated{what}>", STANDARD.encode(bytes))
}

/// Returns an envelope of the gateway whose body is signed, with the certificate as a token in its header.
pub(super) fn envelope(by: &Person) -> Made<String> {
    let body = format!(
        "<soapenv:Body xmlns:soapenv=\"{SOAP}\" xmlns:wsu=\"{WSU}\" wsu:Id=\"body\">{QUESTION}</soapenv:Body>"
    );
    let info = signed_info(by, &reference(by, "URI=\"#body\"", &[EXCLUSIVE], &body)?)?;
    let token = STANDARD.encode(by.certificate.der());
    Ok(format!(
        "<soapenv:Envelope xmlns:soapenv=\"{SOAP}\" xmlns:wsu=\"{WSU}\"><soapenv:Header>\
         <wsse:Security xmlns:wsse=\"{WSSE}\" soapenv:mustUnderstand=\"1\"><wsse:BinarySecurityToken \
         EncodingType=\"{BASE64}\" ValueType=\"{X509_V3}\" wsu:Id=\"token\">{token}</wsse:BinarySecurityToken>\
         <ds:Signature xmlns:ds=\"{DS}\">{info}<ds:KeyInfo><wsse:SecurityTokenReference><wsse:Reference URI=\"#token\" \
         ValueType=\"{X509_V3}\"/></wsse:SecurityTokenReference></ds:KeyInfo></ds:Signature></wsse:Security>\
         </soapenv:Header>{body}</soapenv:Envelope>"
    ))
}
