// SPDX-License-Identifier: MIT OR Apache-2.0
//! Hostile and broken messages, each with the error it must get.

use shep::border::FormImport;
use shep::{DEPTH_MAX, DOCUMENT_BYTES_MAX, Envelope, Message};

use crate::variants::{INFO, soap, sync};

const TYPES: &str = "http://bip.bee.kz/SyncChannel/v10/Types";
const ASYNC: &str = "http://bip.bee.kz/AsyncChannel/v10/Types";

type Row = (&'static str, Vec<u8>, &'static str);

fn row(what: &'static str, message: impl Into<Vec<u8>>, expected: &'static str) -> Row {
    (what, message.into(), expected)
}

fn good() -> String {
    sync(TYPES, INFO, "<data><x/></data>")
}

fn replaced(from: &str, to: &str) -> String {
    let good = good();
    assert!(good.contains(from), "{from}");
    good.replacen(from, to, 1)
}

fn joined(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().concat()
}

#[test]
fn hostile_messages_get_their_codes() {
    let rows = [not_xml(), dear(), envelopes(), parts(), values(), asynchronous()].concat();
    assert!(rows.len() >= 60, "{}", rows.len());
    for (what, message, expected) in rows {
        let code = Envelope::read(&message).map_or_else(|error| error.code(), |_| "read");
        assert_eq!(code, expected, "{what}");
    }
}

fn not_xml() -> Vec<Row> {
    let good = good();
    let half = good.split_once("<requestData>").unwrap().0;
    let bomb = "<!DOCTYPE a [<!ENTITY b '&c;&c;&c;'><!ENTITY c '&b;&b;'>]><a>&b;</a>";
    vec![
        row("good", good.clone(), "read"),
        row("nothing", "", "malformed"),
        row("text", "hello", "malformed"),
        row("json", "{\"a\":1}", "malformed"),
        row("not text", vec![0xff, 0xfe, 0x3c, 0], "not-utf8"),
        row("broken letter", [half.as_bytes(), &[0xd0]].concat(), "not-utf8"),
        row("cut in an element", half, "malformed"),
        row("cut in a tag", format!("{half}<requestDa"), "malformed"),
        row("cut in an attribute", format!("{half}<x a=\"1"), "malformed"),
        row("cut in a comment", format!("{half}<!-- "), "malformed"),
        row("cut in cdata", format!("{half}<![CDATA[ x"), "malformed"),
        row("more after the end", format!("{good}<x/>"), "malformed"),
        row("text after the end", format!("{good}x"), "malformed"),
        row("zero byte", replaced("<x/>", "<x>\0</x>"), "malformed"),
        row("control character by number", replaced("<x/>", "<x>&#1;</x>"), "malformed"),
        row("half of a pair by number", replaced("<x/>", "<x>&#xD800;</x>"), "malformed"),
        row("number beyond all characters", replaced("<x/>", "<x a=\"&#x110000;\"/>"), "malformed"),
        row("unknown entity", replaced("<x/>", "&secret;"), "malformed"),
        row("another encoding", format!("<?xml version='1.0' encoding='windows-1251'?>{good}"), "not-utf8"),
        row("document type", format!("<!DOCTYPE x SYSTEM 'http://x.invalid/'>{good}"), "dtd"),
        row(
            "external entity",
            format!("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>{good}"),
            "dtd",
        ),
        row("entity bomb", bomb, "dtd"),
        row("document type inside", replaced("<x/>", "<!DOCTYPE x>"), "dtd"),
        row("overlapping tags", replaced("<x/>", "<x><y></x></y>"), "malformed"),
        row("attribute twice", replaced("<x/>", "<x a='1' a='2'/>"), "malformed"),
        row("undeclared prefix", replaced("<x/>", "<u:x/>"), "malformed"),
        row("default namespace twice", replaced("<x/>", "<x xmlns='urn:a' xmlns='urn:b'/>"), "malformed"),
    ]
}

fn dear() -> Vec<Row> {
    let deep = format!("{}{}", "<a>".repeat(DEPTH_MAX + 1), "</a>".repeat(DEPTH_MAX + 1));
    let attributes = joined(200, |n| format!(" a{n}='1'"));
    let namespaces = joined(100, |n| format!(" xmlns:n{n}='urn:{n}'"));
    vec![
        row("deep", deep.clone(), "too-deep"),
        row("deep payload", replaced("<x/>", &deep), "too-deep"),
        row("deep payload in cdata", replaced("<x/>", &format!("<![CDATA[{deep}]]>")), "too-deep"),
        row("very deep", "<a>".repeat(1_000_000), "too-deep"),
        row("long", vec![b' '; DOCUMENT_BYTES_MAX + 1], "too-large"),
        row("many elements", replaced("<x/>", &"<x/>".repeat(500_000)), "too-many"),
        row("many comments", replaced("<x/>", &"<!---->".repeat(500_000)), "too-many"),
        row("many attributes", replaced("<x/>", &format!("<x{attributes}/>")), "too-many"),
        row("many namespaces", replaced("<x/>", &format!("<x{namespaces}/>")), "too-many"),
        row(
            "namespaces declared again",
            replaced("<x/>", &"<x xmlns:n='urn:n'/>".repeat(30_000)),
            "too-many",
        ),
        row("many equal signs", replaced("<x/>", &"=".repeat(500_000)), "too-many"),
    ]
}

fn envelopes() -> Vec<Row> {
    let body = "<s:Body/>";
    let head = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">";
    vec![
        row("not an envelope", "<a/>", "not-envelope"),
        row(
            "soap 1.2",
            good().replace(
                "http://schemas.xmlsoap.org/soap/envelope/",
                "http://www.w3.org/2003/05/soap-envelope",
            ),
            "not-envelope",
        ),
        row("envelope without namespace", "<Envelope><Body/></Envelope>", "not-envelope"),
        row("no body", format!("{head}</s:Envelope>"), "body-missing"),
        row("only a header", format!("{head}<s:Header/></s:Envelope>"), "body-missing"),
        row("two bodies", replaced("</s:Envelope>", &format!("{body}</s:Envelope>")), "body-doubled"),
        row(
            "body in the header",
            replaced("<s:Body>", &format!("<s:Header>{body}</s:Header><s:Body>")),
            "body-doubled",
        ),
        row("body in the payload", replaced("<x/>", body), "body-doubled"),
        row("header after the body", replaced("</s:Envelope>", "<s:Header/></s:Envelope>"), "not-envelope"),
        row("two headers", replaced("<s:Body>", "<s:Header/><s:Header/><s:Body>"), "not-envelope"),
        row("header of another namespace", replaced("<s:Body>", "<Header/><s:Body>"), "not-envelope"),
        row("empty body", soap(""), "body-content"),
        row("text in the body", soap("text"), "body-content"),
        row("two operations", replaced("</s:Body>", "<x/></s:Body>"), "body-content"),
        row("unknown operation", soap("<x/>"), "unknown-operation"),
        row("operation of another namespace", sync("urn:other", INFO, ""), "unknown-operation"),
        row("operation without namespace", soap("<SendMessage/>"), "unknown-operation"),
        row(
            "operation in other letters",
            good().replace(":SendMessage", ":sendmessage"),
            "unknown-operation",
        ),
        row("synchronous operation on the asynchronous channel", sync(ASYNC, INFO, ""), "unknown-operation"),
    ]
}

fn parts() -> Vec<Row> {
    let sender = "<sender><senderId>demo</senderId></sender>";
    let long = "i".repeat(300);
    let properties = "<properties><key>k</key><value>v</value></properties>".repeat(101);
    vec![
        row("no request", soap(&format!("<t:SendMessage xmlns:t=\"{TYPES}\"/>")), "missing"),
        row("two requests", replaced("<request>", "<request/><request>"), "doubled"),
        row("no head", sync(TYPES, "", ""), "missing"),
        row("two heads", sync(TYPES, &INFO.repeat(2), ""), "doubled"),
        row("no data part", replaced("<requestData><data><x/></data></requestData>", ""), "missing"),
        row("two data parts", replaced("<requestData>", "<requestData/><requestData>"), "doubled"),
        row("two payloads", replaced("<data>", "<data><y/></data><data>"), "doubled"),
        row("no id", replaced("<messageId>m</messageId>", ""), "missing"),
        row("empty id", replaced("<messageId>m<", "<messageId> <"), "missing"),
        row("two ids", replaced("<messageId>", "<messageId>o</messageId><messageId>"), "doubled"),
        row("long id", replaced("<messageId>m<", &format!("<messageId>{long}<")), "too-long"),
        row("no service", replaced("<serviceId>S</serviceId>", ""), "missing"),
        row("no sender", replaced(sender, ""), "missing"),
        row("empty sender", replaced(sender, "<sender/>"), "missing"),
        row("two senders", replaced(sender, &sender.repeat(2)), "doubled"),
        row(
            "many properties",
            replaced("</requestInfo>", &format!("{properties}</requestInfo>")),
            "too-many",
        ),
        row(
            "value without a key",
            replaced("</requestInfo>", "<properties><value>v</value></properties></requestInfo>"),
            "missing",
        ),
        row(
            "something else among properties",
            replaced("</requestInfo>", "<properties><x/></properties></requestInfo>"),
            "invalid",
        ),
    ]
}

fn values() -> Vec<Row> {
    let date = |it: &str| replaced("2026-11-21T20:36:09.123+05:00", it);
    let property = |key: &str, value: &str| {
        let it = format!("<properties><key>{key}</key><value>{value}</value></properties></requestInfo>");
        replaced("</requestInfo>", &it)
    };
    vec![
        row("date without a time", date("2026-11-21"), "read"),
        row("no date", date(""), "missing"),
        row("no such day", date("2026-02-30T00:00:00Z"), "invalid"),
        row("no such year", date("99999-01-01T00:00:00Z"), "invalid"),
        row("words for a date", date("yesterday"), "invalid"),
        row("long key", property(&"k".repeat(31), "v"), "too-long"),
        row("long value", property("k", &"v".repeat(501)), "too-long"),
        row("broken payload in cdata", replaced("<x/>", "<![CDATA[<x><y></x>]]>"), "malformed"),
        row("document type in cdata", replaced("<x/>", "<![CDATA[<!DOCTYPE x><x/>]]>"), "dtd"),
    ]
}

/// An asynchronous operation with this content.
fn operation(name: &str, content: &str) -> String {
    soap(&format!("<t:{name} xmlns:t=\"{ASYNC}\">{content}</t:{name}>"))
}

fn asynchronous() -> Vec<Row> {
    let message = |data: &str| {
        let typed = "</serviceId><messageType>REQUEST</messageType>";
        let info = INFO.replace("requestInfo", "messageInfo").replace("</serviceId>", typed);
        operation("sendMessage", &format!("<request>{info}<messageData>{data}</messageData></request>"))
    };
    let untyped = message("<data>1</data>").replace("<messageType>REQUEST</messageType>", "");
    let amount = |it: &str| {
        operation("getMessages", &format!("<request><serviceId>S</serviceId><amount>{it}</amount></request>"))
    };
    let status = |state: &str| {
        let date = "2026-11-21T20:36:09+05:00";
        let rest = format!("<statusCode>1</statusCode><statusDate>{date}</statusDate>");
        let content =
            format!("<response>{state}<status>{rest}</status><responseDate>{date}</responseDate></response>");
        operation("getMessageStatusResponse", &content)
    };
    let messages = format!("<response>{}</response>", "<messages/>".repeat(101));
    let receipt = "<response><notificationId>1</notificationId><responseDate>2026-11-21T20:36:09Z</responseDate>\
        <sessionId>1</sessionId></response>";
    vec![
        row("good message", message("<data>1</data>"), "read"),
        row("message without payload", message(""), "missing"),
        row("message with empty payload", message("<data/>"), "missing"),
        row("message without type", untyped, "missing"),
        row("known state", status("<messageState>DELIVERED</messageState>"), "read"),
        row("unknown state", status("<messageState>LOST</messageState>"), "invalid"),
        row("no state", status(""), "missing"),
        row("amount below zero", amount("-1"), "invalid"),
        row("amount too big", amount("99999999999"), "invalid"),
        row("too many messages", operation("getMessagesResponse", &messages), "too-many"),
        row("session that is none", operation("sendDeliveryNotificationResponse", receipt), "invalid"),
        row(
            "operation of the other port",
            operation("changeMassageStatusNotification", ""),
            "unknown-operation",
        ),
        row("chain of errors", chain_of_errors(), "too-many"),
    ]
}

fn chain_of_errors() -> String {
    let error = "<errorCode>SCE001</errorCode><errorDate>2026-11-21T20:36:09Z</errorDate>";
    let open = format!("{error}<subError>").repeat(20);
    let close = "</subError>".repeat(20);
    let detail = format!("<sendMessageFault1_x>{open}{error}{close}</sendMessageFault1_x>");
    soap(&format!("<s:Fault><faultcode>s:Server</faultcode><detail>{detail}</detail></s:Fault>"))
}

#[test]
fn broken_messages_are_answered_and_never_end_the_program() {
    let form = crate::border::application().write().unwrap();
    let good = sync(TYPES, INFO, &format!("<data>{form}</data>"));
    let mut seed = 20_261_121_u64;
    let mut below = |bound: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % bound
    };
    for _ in 0..3_000 {
        let mut bytes = good.clone().into_bytes();
        for _ in 0..=below(3) {
            let (from, to) = (below(bytes.len()), below(bytes.len()));
            match below(4) {
                0 => bytes[from] ^= 1 << below(8),
                1 => drop(bytes.remove(from)),
                2 => bytes.insert(to, b"<>\"'&;:/= "[below(10)]),
                _ => {
                    let end = (from + below(200)).min(bytes.len());
                    let piece = bytes[from..end].to_vec();
                    drop(bytes.splice(to..to, piece));
                }
            }
        }
        let Ok(Envelope { message: Message::SyncRequest(request), .. }) = Envelope::read(&bytes) else {
            continue;
        };
        if let Some(Ok(form)) = request.data.map(|it| FormImport::read(&it)) {
            // What was read can be written, or says why not.
            drop(form.write());
        }
    }
}
