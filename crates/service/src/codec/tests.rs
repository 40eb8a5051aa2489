// SPDX-License-Identifier: MIT OR Apache-2.0
//! The stored format: what is written is read back, and the bytes never change.

use super::*;
use engine::Event;
use engine::case::{
    Application, Attachment, Done, FileHash, Holder, PersonId, Place, Proposal, Provenance, Sheets,
    SignedResult, Transfer, Value,
};
use engine::event::Series;
use jiff::Timestamp;
use regulation::model::{Channel, End, FactId, FieldId, GroundId, RegisterId, StepId};
use std::collections::BTreeMap;

fn at() -> Timestamp {
    "2026-11-21T05:00:00Z".parse().unwrap()
}

fn application() -> Application {
    Application {
        applicant: PersonId("a-1".to_owned()),
        iin: "580308499930".to_owned(),
        full_name: "Әбдіқадырова Гүлжаһан".to_owned(),
        fields: BTreeMap::from([
            (FieldId::from("phone"), Value::Text("+7 700 000 00 00".to_owned())),
            (FieldId::from("consent"), Value::Bool(true)),
            (
                FieldId::from("children"),
                Value::Entries(vec![BTreeMap::from([(FieldId::from("given"), "Ә".to_owned())])]),
            ),
        ]),
        attachments: vec![attachment()],
        provider: "abai-education".to_owned(),
        content: Some(FileHash("aa".to_owned())),
        ..Application::empty()
    }
}

fn attachment() -> Attachment {
    Attachment {
        document: "birth-certificate".into(),
        name: "куәлік.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        file: FileHash("bb".to_owned()),
        size_bytes: 7,
    }
}

fn done() -> Done {
    Done {
        part: StepId::from("portal.process-1"),
        at: at(),
        by: Some(PersonId("a-1".to_owned())),
        held: Some(true),
    }
}

fn transfer() -> Transfer {
    Transfer {
        to: Holder::ToProvider,
        sheets: vec![Sheets { document: "identity-document".into(), pages: 2 }],
        missing: vec!["power-of-attorney".into()],
        courier: Some("К.".to_owned()),
        by: PersonId("seat".to_owned()),
        at: at(),
    }
}

fn samples() -> Vec<Event> {
    let person = PersonId("abai-education.head".to_owned());
    let place = Place { procedure: "portal".into(), step: "s".into(), part: "s.a".into(), since: at() };
    let provenance = Provenance::Register { register: RegisterId::from("gbd-fl"), message: "m".to_owned() };
    let fact = |value| Event::FactRecorded {
        fact: FactId::from("f"),
        value,
        provenance: provenance.clone(),
        at: at(),
    };
    let result = SignedResult {
        file: FileHash("cc".to_owned()),
        check_key: "0".repeat(32),
        signer: "басшы".to_owned(),
        at: at(),
        on_paper: None,
    };
    let grant =
        Proposal::Grant { values: BTreeMap::from([(FieldId::from("act"), Value::Text("7".to_owned()))]) };
    let refuse = Proposal::Refuse { ground: GroundId::from("g"), reason: "себебі".to_owned() };
    vec![
        Event::Opened {
            at: at(),
            service: "s".into(),
            edition: "2015".into(),
            regulation_sha256: "ab".to_owned(),
            procedure: "portal".into(),
            channel: Channel::Portal,
            application: Box::new(application()),
            done: vec![done()],
            accepted_at: Some(at()),
            one_way: false,
        },
        Event::Moved { at: at(), stack: vec![place] },
        Event::Completed { done: done() },
        Event::Filled { fields: application().fields, attachments: vec![attachment()] },
        Event::RequestSigned {
            at: at(),
            content: FileHash("1".to_owned()),
            signature: FileHash("2".to_owned()),
            verdict: FileHash("3".to_owned()),
            valid: None,
            code: Some("ocsp-unavailable".to_owned()),
        },
        Event::DocumentsAccepted { at: at() },
        fact(Value::Bool(false)),
        fact(Value::Text("№ 7".to_owned())),
        Event::Asked { register: "gbd-fl".into(), at: at() },
        Event::Answered { register: "gbd-fl".into(), message: "m".to_owned(), at: at() },
        Event::Unanswered { register: "gbd-fl".into(), at: at(), again_at: at() },
        Event::Numbered { series: Series::Incoming, number: "2026-00001".to_owned(), at: at() },
        Event::NumberVoided { series: Series::Result, number: "7".to_owned(), at: at() },
        Event::Instructed { text: "Орындаңыз".to_owned(), executor: person.clone() },
        Event::Proposed { proposal: grant, by: person.clone() },
        Event::Proposed { proposal: refuse, by: person.clone() },
        Event::ProposalReturned { remark: "қайта қараңыз".to_owned(), by: person },
        Event::ResultSigned { result },
        Event::ResultKept { at: at() },
        Event::Dispatched { courier: Some("К.".to_owned()), at: at() },
        Event::HandedOver { taken_by: "Ә.".to_owned(), document: "№ 1".to_owned(), at: at() },
        Event::OriginalsMoved { transfer: transfer() },
        Event::RemoteTold { message: "m".to_owned(), silent: BTreeMap::new(), at: at() },
        Event::RemoteTold { message: "m".to_owned(), silent: [("gbd-fl".into(), at())].into(), at: at() },
        Event::DeadlineMissed { part: None, due: at() },
        Event::Ended { end: End::Issued, at: at() },
    ]
}

#[test]
fn every_event_is_read_back_as_it_was_written() {
    for event in samples() {
        let encoded = encode(&event);
        assert_ne!(encoded.kind, "case.unknown", "{event:?}");
        let back = decode(encoded.kind, FORMAT, &encoded.public, encoded.private.as_ref()).unwrap();
        assert_eq!(back, event);
    }
}

#[test]
fn the_open_part_holds_nothing_personal_and_suffices_after_erasure() {
    for event in samples() {
        let encoded = encode(&event);
        let open = encoded.public.to_string();
        for personal in
            ["580308499930", "Гүлжаһан", "куәлік", "басшы", "себебі", "Орындаңыз", "№", "Ә.", "К."]
        {
            assert!(!open.contains(personal), "`{}` tells {personal}", encoded.kind);
        }
        decode(encoded.kind, FORMAT, &encoded.public, None).unwrap();
    }
}

#[test]
fn the_bytes_of_format_one_never_change() {
    let written: Vec<String> = samples()
        .iter()
        .map(|event| {
            let it = encode(event);
            format!("{} {} {}", it.kind, it.public, it.private.map(|it| it.to_string()).unwrap_or_default())
        })
        .collect();
    insta::assert_snapshot!(written.join("\n"));
}

#[test]
fn that_nothing_more_is_heard_is_written_only_where_it_holds() {
    let mut opened = samples().remove(0);
    assert!(
        encode(&opened).public.get("one_way").is_none(),
        "as it was written before there was such a thing"
    );
    if let Event::Opened { one_way, .. } = &mut opened {
        *one_way = true;
    }
    let encoded = encode(&opened);
    assert_eq!(decode(encoded.kind, FORMAT, &encoded.public, encoded.private.as_ref()).unwrap(), opened);
}

#[test]
fn an_unknown_format_is_not_guessed() {
    let encoded = encode(&Event::DocumentsAccepted { at: at() });
    assert!(matches!(decode(encoded.kind, 2, &encoded.public, None), Err(CodecError::Unknown(_, 2))));
    assert!(matches!(decode("case.other", 1, &encoded.public, None), Err(CodecError::Unknown(_, 1))));
}
