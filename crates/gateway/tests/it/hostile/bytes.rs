// SPDX-License-Identifier: MIT OR Apache-2.0
//! Messages that cannot be read.

use super::forge::{Kind, Plan, piece, replaced};
use super::{Row, TAKEN, row};
use crate::border::sample;
use service::ports::border::Parcel;

const FORMAT: &str = "SCE001";

pub(super) fn no_message(kind: Kind) -> Vec<Row> {
    let good = Plan::good(kind).make();
    let half = good.split_once(kind.data()).unwrap().0.to_owned();
    let after = |it: &str| format!("{good}{it}");
    let inside = |it: &str| replaced(&good, kind.data(), &format!("{it}{}", kind.data()));
    let before = |it: &str| {
        let text = good.split_once("?>").unwrap().1;
        format!("{it}{text}")
    };
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(good.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    vec![
        row("as it should be", good.clone(), TAKEN),
        row("as it should be, behind a byte order mark", format!("\u{feff}{good}"), TAKEN),
        row("nothing", "", FORMAT),
        row("white space", " \r\n\t", FORMAT),
        row("text", "hello", FORMAT),
        row("JSON", "{\"messageId\":\"1\"}", FORMAT),
        row("a page of HTML", "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", FORMAT),
        row("multipart", format!("--b\r\nContent-Type: text/xml\r\n\r\n{good}\r\n--b--"), FORMAT),
        row("bytes of a zip file", [b"PK\x03\x04".as_slice(), &[0; 64]].concat(), FORMAT),
        row("UTF-16", utf16, FORMAT),
        row("a broken letter", [half.as_bytes(), &[0xd0]].concat(), FORMAT),
        row("declared in another encoding", before("<?xml version='1.0' encoding='windows-1251'?>"), FORMAT),
        row("version 1.1 of XML", before("<?xml version='1.1'?>"), FORMAT),
        row("cut in an element", half.clone(), FORMAT),
        row("cut in a tag", format!("{half}<messageDa"), FORMAT),
        row("cut in an attribute", format!("{half}<x a=\"1"), FORMAT),
        row("cut in a comment", format!("{half}<!-- "), FORMAT),
        row("cut in CDATA", format!("{half}<![CDATA[ x"), FORMAT),
        row("cut before the last byte", &good[..good.len() - 1], FORMAT),
        row("an element behind the end", after("<x/>"), FORMAT),
        row("text behind the end", after("x"), FORMAT),
        row("the message twice", after(&good), FORMAT),
        row("overlapping tags", inside("<x><y></x></y>"), FORMAT),
        row("a byte of zero", inside("\0"), FORMAT),
        row("a control character by its number", inside("<x>&#1;</x>"), FORMAT),
        row("an entity that nobody declared", inside("&secret;"), FORMAT),
        row("an attribute twice", inside("<x a='1' a='2'/>"), FORMAT),
        row("a prefix that nobody declared", inside("<u:x/>"), FORMAT),
        row("the default namespace twice", inside("<x xmlns='urn:a' xmlns='urn:b'/>"), FORMAT),
        row("a prefix undeclared", inside("<x xmlns:p='urn:p'><y xmlns:p=''/></x>"), FORMAT),
    ]
}

pub(super) fn dear(kind: Kind) -> Vec<Row> {
    let good = Plan::good(kind).make();
    let inside = |it: &str| replaced(&good, kind.data(), &format!("{it}{}", kind.data()));
    let before = |it: &str| {
        let text = good.split_once("?>").unwrap().1;
        format!("{it}{text}")
    };
    let joined = |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<String>();
    let deep = format!("{}{}", "<a>".repeat(shep::DEPTH_MAX), "</a>".repeat(shep::DEPTH_MAX));
    let entities = joined(9, &|n| format!("<!ENTITY e{} '{}'>", n + 1, format!("&e{n};").repeat(10)));
    vec![
        row("a document type from elsewhere", before("<!DOCTYPE x SYSTEM 'http://x.invalid/x.dtd'>"), FORMAT),
        row(
            "an entity from a file",
            before("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"),
            FORMAT,
        ),
        row(
            "a parameter entity",
            before("<!DOCTYPE x [<!ENTITY % e SYSTEM 'http://x.invalid/'> %e;]>"),
            FORMAT,
        ),
        row("a billion laughs", before(&format!("<!DOCTYPE x [<!ENTITY e0 'ha'>{entities}]>")), FORMAT),
        row(
            "a long entity used often",
            before(&format!("<!DOCTYPE x [<!ENTITY e '{}'>]>", "x".repeat(50_000))),
            FORMAT,
        ),
        row(
            "a default attribute by a document type",
            before("<!DOCTYPE x [<!ATTLIST x Id CDATA 'id-1'>]>"),
            FORMAT,
        ),
        row("a document type inside", inside("<!DOCTYPE x>"), FORMAT),
        row("nested deeper than may be", inside(&deep), FORMAT),
        row("nested a million deep", "<a>".repeat(1_000_000), FORMAT),
        row("longer than may be", vec![b' '; shep::DOCUMENT_BYTES_MAX + 1], FORMAT),
        row("half a million elements", inside(&"<x/>".repeat(500_000)), FORMAT),
        row("half a million comments", inside(&"<!---->".repeat(500_000)), FORMAT),
        row(
            "two hundred attributes",
            inside(&format!("<x{}/>", joined(200, &|n| format!(" a{n}='1'")))),
            FORMAT,
        ),
        row(
            "a hundred namespaces",
            inside(&format!("<x{}/>", joined(100, &|n| format!(" xmlns:n{n}='urn:{n}'")))),
            FORMAT,
        ),
        row("thirty thousand declarations", inside(&"<x xmlns:n='urn:n'/>".repeat(30_000)), FORMAT),
        row("half a million equal signs", inside(&"=".repeat(500_000)), FORMAT),
    ]
}

pub(super) fn envelopes(kind: Kind) -> Vec<Row> {
    let good = Plan::good(kind).make();
    let soap = "http://schemas.xmlsoap.org/soap/envelope/";
    let frame = |it: &str| format!("<s:Envelope xmlns:s=\"{soap}\">{it}</s:Envelope>");
    let body = piece(&good, "<soapenv:Body", "</soapenv:Body>");
    let header = piece(&good, "<soapenv:Header", "</soapenv:Header>");
    vec![
        row("another document", "<a/>", FORMAT),
        row("SOAP 1.2", good.replace(soap, "http://www.w3.org/2003/05/soap-envelope"), FORMAT),
        row("an envelope without a namespace", "<Envelope><Body/></Envelope>", FORMAT),
        row("an empty envelope", frame(""), FORMAT),
        row("a header alone", frame("<s:Header/>"), FORMAT),
        row("an empty body", frame("<s:Body/>"), FORMAT),
        row("text in the body", frame("<s:Body>text</s:Body>"), FORMAT),
        row("the body twice", replaced(&good, body, &body.repeat(2)), FORMAT),
        row(
            "the signed body in the header, another behind it",
            {
                let other = body.replace("id-1", "id-2");
                let wrapped = replaced(&good, body, &other);
                replaced(&wrapped, "</soapenv:Header>", &format!("<w>{body}</w></soapenv:Header>"))
            },
            FORMAT,
        ),
        row(
            "the signed body behind the other",
            replaced(&good, body, &format!("{}{body}", body.replace("id-1", "id-2"))),
            FORMAT,
        ),
        row(
            "the signed body inside the other's payload",
            replaced(&good, kind.data(), &format!("<w>{body}</w>{}", kind.data())),
            FORMAT,
        ),
        row("the header twice", replaced(&good, header, &header.repeat(2)), FORMAT),
        row(
            "the header behind the body",
            replaced(&replaced(&good, header, ""), "</soapenv:Body>", &format!("</soapenv:Body>{header}")),
            FORMAT,
        ),
        row(
            "a header of another namespace",
            replaced(&good, "<soapenv:Body", "<Header/><soapenv:Body"),
            FORMAT,
        ),
        row("two operations", replaced(&good, "</soapenv:Body>", "<x/></soapenv:Body>"), FORMAT),
    ]
}

pub(super) fn parts(kind: Kind) -> Vec<Row> {
    let good = Plan::good(kind).make();
    let operation = |it: &str| good.replace(kind.operation(), &format!(":{it}"));
    let id = sample().id;
    let id = format!("<messageId>{id}</messageId>");
    let sender = "<sender><senderId>qyzmet-portal</senderId></sender>";
    let properties = "<properties><key>k</key><value>v</value></properties>";
    let to = |from: &str, to: &str| replaced(&good, from, to);
    let date = piece(&good, "<messageDate>", "</messageDate>");
    let mut rows = vec![
        row("an operation that is none", operation("deleteMessage"), FORMAT),
        row("the operation in other letters", operation("SENDMESSAGE"), FORMAT),
        row(
            "the operation without a namespace",
            to(&format!("xmlns:typ=\"{}\"", kind.namespace()), "xmlns:typ=\"urn:x\""),
            FORMAT,
        ),
        row(
            "the operation of the other channel",
            good.replace(kind.namespace(), kind.other().namespace())
                .replace(kind.operation(), kind.other().operation()),
            FORMAT,
        ),
        row("`getMessages` at this port", operation("getMessages"), FORMAT),
        row("`getMessageStatus` at this port", operation("getMessageStatus"), FORMAT),
        row(
            "a receipt in place of a message",
            operation(&format!("{}Response", &kind.operation()[1..])),
            FORMAT,
        ),
        row("a notice of the client's port", operation("changeMassageStatusNotification"), FORMAT),
        row("no service", to("<serviceId>MON_ES_REQUEST_FORM_IMPORT</serviceId>", ""), FORMAT),
        row("two services", to("<serviceId>", "<serviceId>X</serviceId><serviceId>"), FORMAT),
        row("no date", to(date, ""), FORMAT),
        row("no such day", to(date, "<messageDate>2026-02-30T00:00:00Z</messageDate>"), FORMAT),
        row("no sender", to(sender, ""), FORMAT),
        row("an empty sender", to(sender, "<sender/>"), FORMAT),
        row("two senders", to(sender, &sender.repeat(2)), FORMAT),
        row("two ids", to(&id, &id.repeat(2)), FORMAT),
        row(
            "an id of three hundred letters",
            to(&id, &format!("<messageId>{}</messageId>", "i".repeat(300))),
            FORMAT,
        ),
        row(
            "a hundred and one properties",
            to(sender, &format!("{sender}{}", properties.repeat(101))),
            FORMAT,
        ),
        row(
            "a property with a long key",
            to(sender, &format!("{sender}<properties><key>{}</key></properties>", "k".repeat(31))),
            FORMAT,
        ),
        row(
            "something else among properties",
            to(sender, &format!("{sender}<properties><x/></properties>")),
            FORMAT,
        ),
        row(
            "no payload",
            {
                let none = |it: String| replaced(&it, piece(&it, "<data>", "</data>"), "");
                Plan { envelope: none, ..Plan::good(kind) }.make()
            },
            FORMAT,
        )
        .at_relays(FORMAT, "SCE017"),
        row("two payloads", to("<data>", "<data><y/></data><data>"), FORMAT),
        row(
            "two parts of data",
            to(kind.data(), &format!("{}{}", kind.data().replace('>', "/>"), kind.data())),
            FORMAT,
        ),
    ];
    if kind == Kind::Message {
        rows.push(row("no type", to("<messageType>REQUEST</messageType>", ""), FORMAT));
    }
    rows
}

/// A parcel with something else in it.
pub(super) fn parcel(change: impl FnOnce(&mut Parcel)) -> Parcel {
    let mut parcel = sample();
    change(&mut parcel);
    parcel
}
