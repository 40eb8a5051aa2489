// SPDX-License-Identifier: MIT OR Apache-2.0
//! The signature over the body: changed, moved, doubled, pointed elsewhere, made by other rules or with other keys.

use super::forge::{
    EXC, Kind, Plan, RSA, Reference, SHA256, body_bytes, piece, replaced, signed_by_hand, without,
};
use super::{Row, TAKEN, row};

const UNSIGNED: &str = "SCE007";
const WRONG: &str = "SCE006";
const CERTIFICATE: &str = "SCE005";

const SIGNATURE: (&str, &str) = ("<ds:Signature ", "</ds:Signature>");
const WSSE: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
const WSU: &str =
    "xmlns:wsu=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd\"";

pub(super) fn rows(kind: Kind) -> Vec<Row> {
    let mut rows = moved(kind);
    rows.extend(pointed(kind));
    rows.extend(made(kind));
    rows
}

/// The header with the signature.
fn header(good: &str) -> &str {
    piece(good, "<soapenv:Header>", "</soapenv:Header>")
}

fn moved(kind: Kind) -> Vec<Row> {
    let good = Plan::good(kind).make();
    // The first signature stands in the header, the payload's behind it.
    let signature = piece(&good, SIGNATURE.0, SIGNATURE.1).to_owned();
    let elsewhere = replaced(&signature, "<ds:Signature ", &format!("<ds:Signature xmlns:wsse=\"{WSSE}\" "));
    let security = piece(&good, "<wsse:Security ", "</wsse:Security>").to_owned();
    let in_header = |it: &str| replaced(&good, "</wsse:Security>", &format!("</wsse:Security>{it}"));
    vec![
        row("a letter of the body changed", replaced(&good, "<routeId>abai", "<routeId>Abai"), WRONG),
        row("white space added to the body", replaced(&good, "<routeId>", "<routeId> "), WRONG),
        row("an element added to the body", replaced(&good, "<routeId>", "<x/><routeId>"), WRONG),
        row(
            "an attribute added to the body",
            replaced(&good, " wsu:Id=\"id-1\"", " wsu:Id=\"id-1\" role=\"x\""),
            WRONG,
        ),
        row(
            "a comment added to the body: nothing that counts",
            replaced(&good, "<routeId>abai", "<routeId>ab<!-- x -->ai"),
            TAKEN,
        ),
        row("the signature moved out of `Security`", replaced(&good, &security, &elsewhere), UNSIGNED),
        row(
            "the signature moved into the body",
            {
                let bare = replaced(&good, &security, "");
                replaced(&bare, kind.data(), &format!("{elsewhere}{}", kind.data()))
            },
            UNSIGNED,
        ),
        row("`Security` is empty", replaced(&good, &signature, ""), UNSIGNED),
        row(
            "`Security` of another namespace",
            good.replace("wssecurity-secext-1.0.xsd\" soapenv", "wssecurity-secext-9.xsd\" soapenv"),
            UNSIGNED,
        ),
        row("`Security` twice", replaced(&good, &security, &security.repeat(2)), WRONG),
        row(
            "`Security` once more, empty",
            in_header(&format!("{}</wsse:Security>", piece(&security, "<wsse:Security ", ">"))),
            WRONG,
        ),
        row("the signature twice", replaced(&good, &signature, &signature.repeat(2)), WRONG),
        row("the id once more in the header", in_header(&format!("<x {WSU} wsu:Id=\"id-1\"/>")), WRONG),
        row("the id once more, without a namespace", in_header("<x Id=\"id-1\"/>"), WRONG),
        row("the id once more, as `xml:id`", in_header("<x xml:id=\"id-1\"/>"), WRONG),
        row("the id once more, in other letters", in_header("<x ID=\"id-1\"/>"), WRONG),
        row("the body under another id", replaced(&good, "wsu:Id=\"id-1\"", "wsu:Id=\"id-2\""), WRONG),
        row("the body without an id", replaced(&good, " wsu:Id=\"id-1\"", ""), WRONG),
        row(
            "the id moved from the body to the header",
            {
                let bare = replaced(&good, " wsu:Id=\"id-1\"", "");
                replaced(&bare, "</wsse:Security>", &format!("</wsse:Security><x {WSU} wsu:Id=\"id-1\"/>"))
            },
            WRONG,
        ),
    ]
}

/// Rightly signed by a known peer, but over something else.
fn pointed(kind: Kind) -> Vec<Row> {
    let bare = Plan::good(kind).bare();
    let body = body_bytes(&bare);
    let one = |reference: Reference| signed_by_hand(&bare, EXC, RSA, &[reference]);
    let other = format!("<x {WSU} wsu:Id=\"id-9\"></x>");
    let with_other = |text: String| replaced(&text, "</wsse:Security>", &format!("</wsse:Security>{other}"));
    let with = |transforms: &[&'static str]| {
        one(Reference { transforms: transforms.to_vec(), ..Reference::to("#id-1", body.clone()) })
    };
    let uri = |attributes: &str| {
        one(Reference { attributes: attributes.to_owned(), ..Reference::to("", body.clone()) })
    };
    vec![
        row("made by hand, as it should be", one(Reference::to("#id-1", body.clone())), TAKEN),
        row(
            "a reference to an element of the header",
            with_other(one(Reference::to("#id-9", other.clone().into_bytes()))),
            WRONG,
        ),
        row(
            "references to the body and to an element of the header",
            with_other(signed_by_hand(
                &bare,
                EXC,
                RSA,
                &[Reference::to("#id-1", body.clone()), Reference::to("#id-9", other.clone().into_bytes())],
            )),
            WRONG,
        ),
        row(
            "two references to the body",
            signed_by_hand(
                &bare,
                EXC,
                RSA,
                &[Reference::to("#id-1", body.clone()), Reference::to("#id-1", body.clone())],
            ),
            WRONG,
        ),
        row("no reference", signed_by_hand(&bare, EXC, RSA, &[]), WRONG),
        row("a reference to the whole document", uri(" URI=\"\""), WRONG),
        row("a reference without an address", uri(""), WRONG),
        row("a reference to nothing", uri(" URI=\"#\""), WRONG),
        row("a reference to an id that is not there", uri(" URI=\"#id-7\""), WRONG),
        row("a reference without the sharp sign", uri(" URI=\"id-1\""), WRONG),
        row("a reference by XPointer", uri(" URI=\"#xpointer(id('id-1'))\""), WRONG),
        row("a reference to the network", uri(" URI=\"http://x.invalid/body.xml\""), WRONG),
        row("a reference to a file", uri(" URI=\"file:///etc/hostname\""), WRONG),
        row(
            "the signature taken out of what it covers",
            with(&["http://www.w3.org/2000/09/xmldsig#enveloped-signature", EXC]),
            WRONG,
        ),
        row("a transform by XPath", with(&["http://www.w3.org/TR/1999/REC-xpath-19991116", EXC]), WRONG),
        row("a transform by XPath filter", with(&["http://www.w3.org/2002/06/xmldsig-filter2", EXC]), WRONG),
        row("a transform by XSLT", with(&["http://www.w3.org/TR/1999/REC-xslt-19991116", EXC]), WRONG),
        row("a transform from base64", with(&["http://www.w3.org/2000/09/xmldsig#base64"]), WRONG),
        row("a transform of two canonical forms", with(&[EXC, EXC]), WRONG),
        row("a thousand transforms", with(&vec![EXC; 1_000]), WRONG),
    ]
}

/// Made by other algorithms, or cut and bent.
fn made(kind: Kind) -> Vec<Row> {
    let good = Plan::good(kind).make();
    let bare = Plan::good(kind).bare();
    let body = body_bytes(&bare);
    let by = |canon: &str, method: &str, digest_method: &'static str| {
        let reference = Reference { digest_method, ..Reference::to("#id-1", body.clone()) };
        signed_by_hand(&bare, canon, method, &[reference])
    };
    let value = piece(&good, "<ds:SignatureValue>", "</ds:SignatureValue>").to_owned();
    let digest = piece(&good, "<ds:DigestValue>", "</ds:DigestValue>").to_owned();
    let values = |to: &str| replaced(&good, &value, &format!("<ds:SignatureValue>{to}</ds:SignatureValue>"));
    let digests = |to: &str| replaced(&good, &digest, &format!("<ds:DigestValue>{to}</ds:DigestValue>"));
    let first = value.chars().nth("<ds:SignatureValue>".len()).unwrap();
    let bent = value.replacen(&format!(">{first}"), if first == 'A' { ">B" } else { ">A" }, 1);
    let more = "http://www.w3.org/2001/04/xmldsig-more";
    vec![
        row("SHA-1 with RSA", by(EXC, "http://www.w3.org/2000/09/xmldsig#rsa-sha1", SHA256), WRONG),
        row("MD5 with RSA", by(EXC, &format!("{more}#rsa-md5"), SHA256), WRONG),
        row(
            "a secret in place of a key (HMAC)",
            by(EXC, "http://www.w3.org/2000/09/xmldsig#hmac-sha1", SHA256),
            WRONG,
        ),
        row("no algorithm", by(EXC, "", SHA256), WRONG),
        row("an algorithm that nobody knows", by(EXC, "urn:x", SHA256), WRONG),
        row("a digest by SHA-1", by(EXC, RSA, "http://www.w3.org/2000/09/xmldsig#sha1"), WRONG),
        row("a digest by MD5", by(EXC, RSA, "http://www.w3.org/2001/04/xmldsig-more#md5"), WRONG),
        row(
            "a digest of another length than the signature's",
            by(EXC, RSA, "http://www.w3.org/2001/04/xmlenc#sha512"),
            WRONG,
        ),
        row("a canonical form that nobody knows", by("urn:x", RSA, SHA256), WRONG),
        row(
            "RSA named as GOST",
            by(EXC, "urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34102012-gostr34112012-512", SHA256),
            CERTIFICATE,
        ),
        row("an empty signature value", values(""), WRONG),
        row("a signature value that is no base64", values("%%%%"), WRONG),
        row("a short signature value", values("AAAA"), WRONG),
        row("a signature value of zeroes", values(&"A".repeat(344)), WRONG),
        row("a bit of the signature value turned", replaced(&good, &value, &bent), WRONG),
        row("an empty digest", digests(""), WRONG),
        row("a short digest", digests("AAAA"), WRONG),
        row("a digest that is no base64", digests("%"), WRONG),
        row("no `SignedInfo`", without(&good, "<ds:SignedInfo>", "</ds:SignedInfo>"), WRONG),
        row("no signature value", without(&good, "<ds:SignatureValue>", "</ds:SignatureValue>"), WRONG),
        row("no `KeyInfo`", without(&good, "<ds:KeyInfo>", "</ds:KeyInfo>"), CERTIFICATE),
        row(
            "an object in the signature",
            replaced(&good, "</ds:KeyInfo>", "</ds:KeyInfo><ds:Object/>"),
            WRONG,
        ),
        row(
            "text between the parts of the signature",
            replaced(&good, "<ds:SignatureValue>", "x<ds:SignatureValue>"),
            WRONG,
        ),
    ]
}

pub(super) fn certificates(kind: Kind) -> Vec<Row> {
    let good = Plan::good(kind).make();
    let identifier = piece(header(&good), "<wsse:KeyIdentifier ", "</wsse:KeyIdentifier>").to_owned();
    let (open, rest) = identifier.split_once('>').unwrap();
    let base64 = rest.split_once('<').unwrap().0.to_owned();
    let named = |it: &str| replaced(&good, &identifier, it);
    let with = |it: &str| named(&format!("{open}>{it}</wsse:KeyIdentifier>"));
    let by = |holder: &'static str| Plan { body_key: Some(holder), ..Plan::good(kind) }.make();
    let center = Plan { body_key: Some("transport-center"), ..Plan::good(kind) }.make();
    let centers = piece(header(&center), "<wsse:KeyIdentifier ", "</wsse:KeyIdentifier>").to_owned();
    vec![
        row("no certificate", named(""), CERTIFICATE),
        row("an empty certificate", with(""), WRONG),
        row("a certificate cut in the middle", with(&base64[..base64.len() / 2 / 4 * 4]), CERTIFICATE),
        row("a certificate that is no base64", with("%%%"), WRONG),
        row("another document in place of a certificate", with("PGEvPg=="), CERTIFICATE),
        row("a token of another kind", named(&identifier.replace("#X509v3", "#X509PKIPathv1")), CERTIFICATE),
        row("a bare key in place of a certificate", named("<ds:KeyValue/>"), CERTIFICATE),
        row("another's certificate over this signature", named(&centers), WRONG),
        row("the key of another system", by("transport-center"), CERTIFICATE),
        row("the key of the region itself", by("transport-region"), CERTIFICATE),
        row("the key of the gateway", by("transport-gateway"), CERTIFICATE),
        row("the key of a person", by("p01"), CERTIFICATE),
        row("the key of an official", by("head"), CERTIFICATE),
        row("an expired key", by("expired"), CERTIFICATE),
        row("a revoked key", by("revoked"), CERTIFICATE),
    ]
}
