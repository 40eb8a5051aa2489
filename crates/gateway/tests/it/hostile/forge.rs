// SPDX-License-Identifier: MIT OR Apache-2.0
//! Messages as a peer makes them who holds a good key and keeps no rule.

use crate::border::sample;
use crate::world::{CA, now};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use eds::xml::{SignerFailed, sign_body, sign_enveloped};
use service::ports::border::Parcel;
use shep::asynchronous::{AsyncInfo, AsyncMessage, MessageType};
use shep::sync::{MessageInfo, SyncRequest};
use shep::{BodyId, Channel, Data, Envelope, Message, Sender};

const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
pub(super) const EXC: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub(super) const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
pub(super) const RSA: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

/// Signs with the key of a holder of the authority.
pub(super) fn with_key<T>(holder: &str, with: impl FnOnce(&eds::xml::Signer<'_>) -> T) -> T {
    let holder = CA.holder(holder).unwrap();
    let sign = |bytes: &[u8]| holder.signer().sign(bytes).map_err(|_| SignerFailed(String::new()));
    with(&eds::xml::Signer { certificate_der: holder.certificate().der(), sign: &sign })
}

/// What is made: the same message as each channel writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `sendMessage`, for the client's port and for `/shep/async`.
    Message,
    /// `SendMessage`, for `/shep/sync`.
    Question,
}

impl Kind {
    const fn channel(self) -> Channel {
        match self {
            Self::Message => Channel::Async,
            Self::Question => Channel::Sync,
        }
    }

    pub(super) fn namespace(self) -> &'static str {
        self.channel().namespace()
    }

    /// The name of the operation, behind its prefix.
    pub(super) const fn operation(self) -> &'static str {
        match self {
            Self::Message => ":sendMessage",
            Self::Question => ":SendMessage",
        }
    }

    /// The start tag around the payload.
    pub(super) const fn data(self) -> &'static str {
        match self {
            Self::Message => "<messageData>",
            Self::Question => "<requestData>",
        }
    }

    pub(super) const fn other(self) -> Self {
        match self {
            Self::Message => Self::Question,
            Self::Question => Self::Message,
        }
    }
}

/// A message as it is to be made, well or badly.
#[derive(Clone)]
pub(super) struct Plan {
    pub(super) kind: Kind,
    pub(super) parcel: Parcel,
    /// Changes the payload before it is signed.
    pub(super) document: fn(String) -> String,
    pub(super) payload_key: Option<&'static str>,
    /// Changes the payload after it is signed.
    pub(super) signed: fn(String) -> String,
    pub(super) service: &'static str,
    pub(super) sender: &'static str,
    pub(super) message_id: Option<String>,
    pub(super) correlation_id: Option<String>,
    /// Changes the envelope before it is signed.
    pub(super) envelope: fn(String) -> String,
    pub(super) body_key: Option<&'static str>,
    /// Changes the envelope after it is signed.
    pub(super) sent: fn(String) -> String,
}

fn same(it: String) -> String {
    it
}

impl Plan {
    /// A message that is taken in.
    pub(super) fn good(kind: Kind) -> Self {
        let parcel = sample();
        Self {
            kind,
            message_id: Some(parcel.id.to_string()),
            correlation_id: Some(parcel.case.0.to_string()),
            parcel,
            document: same,
            payload_key: Some("transport-portal"),
            signed: same,
            service: shep::border::SERVICE_ID,
            sender: "qyzmet-portal",
            envelope: same,
            body_key: Some("transport-portal"),
            sent: same,
        }
    }

    pub(super) fn make(&self) -> String {
        let bare = (self.envelope)(self.bare());
        let signed = match self.body_key {
            Some(holder) => with_key(holder, |signer| sign_body(&bare, signer)).unwrap(),
            None => bare,
        };
        (self.sent)(signed)
    }

    /// The envelope without a header.
    pub(super) fn bare(&self) -> String {
        let document = (self.document)(gateway::border::encode(&self.parcel).unwrap().write().unwrap());
        let signed = match self.payload_key {
            Some(holder) => with_key(holder, |signer| sign_enveloped(&document, signer)).unwrap(),
            None => document,
        };
        let data = Data::element((self.signed)(signed)).unwrap();
        let message = match self.kind {
            Kind::Message => Message::SendMessage(AsyncMessage { info: self.sent_info(), data }),
            Kind::Question => Message::SyncRequest(SyncRequest { info: self.asked_info(), data: Some(data) }),
        };
        Envelope { channel: self.kind.channel(), body_id: BodyId::new("id-1"), message }.write().unwrap()
    }

    fn sent_info(&self) -> AsyncInfo {
        AsyncInfo {
            message_id: self.message_id.clone(),
            correlation_id: self.correlation_id.clone(),
            service_id: self.service.to_owned(),
            message_type: MessageType::Request,
            route_id: Some(self.parcel.to.clone()),
            message_date: now(),
            sender: Sender { id: self.sender.to_owned(), password: None },
            properties: Vec::new(),
            session_id: None,
        }
    }

    fn asked_info(&self) -> MessageInfo {
        MessageInfo {
            message_id: self.message_id.clone().unwrap(),
            correlation_id: self.correlation_id.clone(),
            service_id: self.service.to_owned(),
            message_date: now(),
            route_id: Some(self.parcel.to.clone()),
            sender: Sender { id: self.sender.to_owned(), password: None },
            properties: Vec::new(),
            session_id: None,
        }
    }
}

/// A reference of a signature made by hand.
pub(super) struct Reference {
    pub(super) attributes: String,
    pub(super) transforms: Vec<&'static str>,
    pub(super) digest_method: &'static str,
    /// The bytes that are digested.
    pub(super) covered: Vec<u8>,
}

impl Reference {
    /// The one that is expected, over these canonical bytes.
    pub(super) fn to(uri: &str, covered: Vec<u8>) -> Self {
        Self { attributes: format!(" URI=\"{uri}\""), transforms: vec![EXC], digest_method: SHA256, covered }
    }

    fn text(&self) -> String {
        let transforms: String = self
            .transforms
            .iter()
            .map(|it| format!("<ds:Transform Algorithm=\"{it}\"></ds:Transform>"))
            .collect();
        format!(
            "<ds:Reference{}><ds:Transforms>{transforms}</ds:Transforms><ds:DigestMethod Algorithm=\"{}\">\
             </ds:DigestMethod><ds:DigestValue>{}</ds:DigestValue></ds:Reference>",
            self.attributes,
            self.digest_method,
            STANDARD.encode(eds::sha256(&self.covered))
        )
    }
}

/// Returns the canonical bytes of the body, as an honest signature covers them.
pub(super) fn body_bytes(bare: &str) -> Vec<u8> {
    let signed = with_key("transport-portal", |signer| sign_body(bare, signer)).unwrap();
    eds::xml::verify_body(signed.as_bytes()).unwrap().signed_bytes
}

/// Puts a header with a signature made by hand, and rightly signed by the portal's key, before the body.
pub(super) fn signed_by_hand(bare: &str, canon: &str, method: &str, references: &[Reference]) -> String {
    let references: String = references.iter().map(Reference::text).collect();
    let info = format!(
        "<ds:SignedInfo xmlns:ds=\"{DS}\"><ds:CanonicalizationMethod Algorithm=\"{canon}\">\
         </ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"{method}\"></ds:SignatureMethod>{references}\
         </ds:SignedInfo>"
    );
    let holder = CA.transport("portal").unwrap();
    let value = holder.signer().sign(info.as_bytes()).unwrap();
    let certificate = STANDARD.encode(holder.certificate().der());
    let wss = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss";
    let header = format!(
        "<soapenv:Header><wsse:Security xmlns:wsse=\"{wss}-wssecurity-secext-1.0.xsd\" soapenv:mustUnderstand=\"1\">\
         <ds:Signature xmlns:ds=\"{DS}\">{info}<ds:SignatureValue>{}</ds:SignatureValue><ds:KeyInfo>\
         <wsse:SecurityTokenReference><wsse:KeyIdentifier EncodingType=\"{wss}-soap-message-security-1.0#Base64Binary\" \
         ValueType=\"{wss}-x509-token-profile-1.0#X509v3\">{certificate}</wsse:KeyIdentifier>\
         </wsse:SecurityTokenReference></ds:KeyInfo></ds:Signature></wsse:Security></soapenv:Header>",
        STANDARD.encode(value)
    );
    bare.replacen("<soapenv:Body", &format!("{header}<soapenv:Body"), 1)
}

/// Takes out what stands from `open` to the end of `close`.
pub(super) fn without(text: &str, open: &str, close: &str) -> String {
    let (before, rest) = text.split_once(open).unwrap();
    format!("{before}{}", rest.split_once(close).unwrap().1)
}

/// Returns what stands from `open` to the end of `close`.
pub(super) fn piece<'a>(text: &'a str, open: &str, close: &str) -> &'a str {
    let from = text.find(open).unwrap();
    let to = text[from..].find(close).unwrap() + close.len();
    &text[from..from + to]
}

/// Replaces once, and something.
pub(super) fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}
