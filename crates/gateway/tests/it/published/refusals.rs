// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is not taken from a portal that knows the published form only, and why.

use super::{Desk, FORM, PORTAL, answer, info, open, signed};
use crate::border::sample;
use crate::world::wait;
use gateway::border::{Form, encode};
use gateway::{InProcess, Transport};
use service::ports::foreign::NotTaken;
use shep::asynchronous::{AsyncInfo, MessageType};
use shep::border::{FILES_MAX, SERVICE_ID};
use shep::fault::Blame;
use shep::{Message, Sender};
use std::sync::Arc;

/// Changes a good message.
type Change = fn(&mut AsyncInfo, &mut String);

/// Puts a character into a good message.
type Spoil = fn(&mut AsyncInfo, &mut String, char);

fn row(what: &'static str, change: Change) -> (&'static str, Change) {
    (what, change)
}

fn spoil(what: &'static str, change: Spoil) -> (&'static str, Spoil) {
    (what, change)
}

fn put(form: &mut String, from: &str, to: &str) {
    assert!(form.contains(from), "{from}");
    *form = form.replacen(from, to, 1);
}

/// Adds values before the end of the one field.
fn values(form: &mut String, values: &str) {
    put(form, "</values>", &format!("</values>{values}"));
}

/// Adds a field behind the first.
fn field(form: &mut String, code: &str, value: &str) {
    let field =
        format!("</updatedValues><updatedValues><code>{code}</code><values>{value}</values></updatedValues>");
    put(form, "</updatedValues>", &field);
}

fn beside(identifier: &str) -> String {
    format!(
        "<values><fileData><name>a.pdf</name><filePassportValues><code>fileIdentifier</code>\
         <value>{identifier}</value></filePassportValues></fileData></values>"
    )
}

fn of_the_envelope() -> Vec<(&'static str, Change)> {
    vec![
        row("no request", |info, _| info.message_type = MessageType::Notification),
        row("no chain in the envelope", |info, _| info.correlation_id = None),
        row("another chain in the envelope", |info, _| info.correlation_id = Some("2000002".to_owned())),
        row("no id", |info, _| info.message_id = None),
        row("two codes of the service", |info, _| info.properties.push(info.properties[0].clone())),
        row("a code of the service too long", |info, _| info.properties[0].value = "x".repeat(256)),
    ]
}

fn of_the_header() -> Vec<(&'static str, Change)> {
    vec![
        row("values taken back", |_, form| {
            let taken = "<deletedValues>applicant_note</deletedValues><externalRequestChainId>";
            put(form, "<externalRequestChainId>", taken);
        }),
        row("an organisation applies", |_, form| {
            let organisation = "<requesterBin>930140999904</requesterBin>";
            put(form, "<requesterIin>580308499930</requesterIin>", organisation);
        }),
        row("a name too long", |_, form| {
            let name = format!("<requesterLastName>{}</requesterLastName><serviceType>", "Ү".repeat(256));
            put(form, "<serviceType>", &name);
        }),
        row("a code in the form too long", |_, form| put(form, ">DEMO<", &format!(">{}<", "x".repeat(256)))),
        row("no chain in the form", |_, form| put(form, ">2000001<", "><")),
    ]
}

fn of_the_values() -> Vec<(&'static str, Change)> {
    vec![
        row("what is ours", |_, form| field(form, "qyzmet.to", "<string>abai-education</string>")),
        row("what is ours inside a field", |_, form| {
            let inner = "<complexValue><updatedValues><code>qyzmet.to</code></updatedValues></complexValue>";
            field(form, "entries", inner);
        }),
        row("a field twice", |_, form| field(form, "applicant_note", "<string>other</string>")),
        row("a field twice inside a field", |_, form| {
            let inner = "<updatedValues><code>name</code></updatedValues>".repeat(2);
            field(form, "entries", &format!("<complexValue>{inner}</complexValue>"));
        }),
        row("a file that is no base64", |_, form| {
            field(form, "scan", "<fileData><name>a.pdf</name><base64Data>%%%%</base64Data></fileData>");
        }),
        row("a file with another digest than the one told", |_, form| {
            let passport = format!("<code>sha256</code><value>{}</value>", "0".repeat(64));
            let file = format!(
                "<fileData><name>a.pdf</name><base64Data>AAAA</base64Data>\
                 <filePassportValues>{passport}</filePassportValues></fileData>"
            );
            field(form, "scan", &file);
        }),
        row("a file with a name too long", |_, form| {
            let name = "x".repeat(256);
            let file = format!("<fileData><name>{name}</name><base64Data>AAAA</base64Data></fileData>");
            field(form, "scan", &file);
        }),
        row("two files beside it under one identifier", |_, form| values(form, &beside("F-1").repeat(2))),
        row("too many files", |_, form| {
            let files = (0..=FILES_MAX).map(|it| beside(&format!("F-{it}")));
            values(form, &files.collect::<String>());
        }),
    ]
}

/// What hides in a word, or makes it look like another: a control, a separator of lines, and what turns the direction.
const OF_NO_WORD: [char; 5] = ['\u{7f}', '\u{85}', '\u{2028}', '\u{202e}', '\u{2066}'];

/// Puts a character into each id, code and name in turn.
fn with_characters_of_no_word() -> Vec<(&'static str, Spoil)> {
    vec![
        spoil("the id", |info, _, it| info.message_id = Some(format!("M{it}1"))),
        spoil("the chain", |info, form, it| {
            let chain = format!("2000{it}001");
            put(form, "2000001", &chain);
            info.correlation_id = Some(chain);
        }),
        spoil("the number", |_, form, it| put(form, "10000000000001", &format!("1000000{it}0000001"))),
        spoil("the code of the service", |info, _, it| info.properties[0].value = format!("RR{it}DEMO")),
        spoil("the code in the form", |_, form, it| put(form, ">DEMO<", &format!(">DE{it}MO<"))),
        spoil("the number of a person", |_, form, it| {
            put(form, "580308499930", &format!("580308{it}499930"));
        }),
        spoil("the name of a person", |_, form, it| {
            let name = format!("<requesterLastName>Ү{it}Ү</requesterLastName><serviceType>");
            put(form, "<serviceType>", &name);
        }),
        spoil("the BIN of the body", |_, form, it| {
            let bin = format!("<serviceProviderBin>93014{it}0999904</serviceProviderBin><serviceType>");
            put(form, "<serviceType>", &bin);
        }),
        spoil("the code of a field", |_, form, it| {
            put(form, "applicant_note", &format!("applicant{it}note"));
        }),
        spoil("the code of a field inside", |_, form, it| {
            let inner = format!("<updatedValues><code>na{it}me</code></updatedValues>");
            field(form, "entries", &format!("<complexValue>{inner}</complexValue>"));
        }),
        spoil("the name of a file", |_, form, it| {
            let file = format!("<fileData><name>a{it}fdp.exe</name><base64Data>AAAA</base64Data></fileData>");
            field(form, "scan", &file);
        }),
    ]
}

/// Returns the code of the fault, and whose fault it is.
fn refused(hub: &InProcess, message: Vec<u8>) -> (String, Blame) {
    let Message::Fault(fault) = answer(hub, message) else { panic!("it was taken") };
    (fault.detail.unwrap().1.code.as_str().to_owned(), fault.blame)
}

#[test]
fn what_could_be_read_in_two_ways_or_not_at_all_is_refused() {
    let desk = Arc::new(Desk::default());
    let hub = open(&desk, Form::Published);
    wait(hub.files().unwrap().put("F-1", b"beside".to_vec())).unwrap();
    let mut wrong = Vec::new();
    for (what, change) in [of_the_envelope(), of_the_header(), of_the_values()].concat() {
        let (mut info, mut form) = (info(), FORM.to_owned());
        change(&mut info, &mut form);
        let (_, message) = signed(info, &form);
        let told = refused(&hub, message);
        if told != ("SCE001".to_owned(), Blame::Client) {
            wrong.push((what, told));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(desk.applied.lock().unwrap().is_empty());
}

#[test]
fn no_id_code_or_name_hides_a_character() {
    let desk = Arc::new(Desk::default());
    let hub = open(&desk, Form::Published);
    let mut wrong = Vec::new();
    for (what, change) in with_characters_of_no_word() {
        for character in OF_NO_WORD {
            let (mut info, mut form) = (info(), FORM.to_owned());
            change(&mut info, &mut form, character);
            let (_, message) = signed(info, &form);
            let told = refused(&hub, message);
            if told != ("SCE001".to_owned(), Blame::Client) {
                wrong.push((what, character, told));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(desk.applied.lock().unwrap().is_empty());
    // A text may have lines of its own.
    let (mut form, info) = (FORM.to_owned(), info());
    put(&mut form, ">demo<", ">de\u{2028}mo<");
    let (_, message) = signed(info, &form);
    assert!(matches!(answer(&hub, message), Message::Accepted(_)));
}

#[test]
fn a_file_that_does_not_lie_beside_it_yet_is_waited_for() {
    let desk = Arc::new(Desk::default());
    let hub = open(&desk, Form::Published);
    let mut form = FORM.to_owned();
    values(&mut form, &beside("F-2"));
    let (_, message) = signed(info(), &form);
    assert_eq!(refused(&hub, message.clone()), ("SCE909".to_owned(), Blame::Server));
    wait(hub.files().unwrap().put("F-2", b"beside".to_vec())).unwrap();
    assert!(matches!(answer(&hub, message), Message::Accepted(_)));
}

#[test]
fn why_an_application_is_not_taken_is_told_by_its_code() {
    let rows = [
        (NotTaken::Later("the store is away".to_owned()), "SCE909", Blame::Server),
        (NotTaken::Unknown("the service `RR_DEMO`".to_owned()), "SCE004", Blame::Client),
        (NotTaken::Unusable("the field `birth`".to_owned()), "SCE001", Blame::Client),
    ];
    for (fails, code, blame) in rows {
        let desk = Arc::new(Desk { fails: Some(fails), ..Desk::default() });
        let (_, message) = signed(info(), FORM);
        assert_eq!(refused(&open(&desk, Form::Published), message), (code.to_owned(), blame));
    }
}

#[test]
fn each_sender_is_understood_in_its_own_form_alone() {
    let desk = Arc::new(Desk::default());
    let ours = sample();
    let of_ours = AsyncInfo {
        message_id: Some(ours.id.to_string()),
        correlation_id: Some(ours.case.0.to_string()),
        service_id: SERVICE_ID.to_owned(),
        sender: Sender { id: PORTAL.to_owned(), password: None },
        properties: Vec::new(),
        ..info()
    };
    let format = ("SCE001".to_owned(), Blame::Client);
    let (_, message) = signed(of_ours, &encode(&ours).unwrap().write().unwrap());
    assert_eq!(refused(&open(&desk, Form::Published), message), format);
    let (_, message) = signed(info(), FORM);
    assert_eq!(refused(&open(&desk, Form::Ours), message), format);
    assert!(desk.applied.lock().unwrap().is_empty());
}
