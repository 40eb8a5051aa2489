// SPDX-License-Identifier: MIT OR Apache-2.0
//! The form import that crosses the border.

use jiff::SignedDuration;
use jiff::civil::date;
use shep::border::{
    Edition, End, Field, File, FileContent, FormImport, Item, OURS, Ours, Person, Place, Provider, Refusal,
    Requester, Resolution, ResultPaper, ServiceName, Stage, StepDone, Value,
};
use shep::{Channel, Envelope, Error, Message};

use crate::{IIN, element, envelope, messages, now, round_trip, with_signature};

fn text(text: &str) -> String {
    text.to_owned()
}

fn file(content: FileContent) -> File {
    File {
        name: text("анықтама.pdf"),
        media_type: text("application/pdf"),
        sha256: "0a".repeat(32),
        document: Some(text("identity")),
        content,
    }
}

fn every_kind() -> Vec<Value> {
    let item = || Item { code: text("1"), kk: text("бір"), ru: text("один") };
    vec![
        Value::Text(text("  a < b\n")),
        Value::Texts(vec![text("x"), text("")]),
        Value::Number(text("-12.50")),
        Value::Boolean(true),
        Value::Date(date(2026, 11, 21)),
        Value::Item(item()),
        Value::Items(vec![item(), item()]),
        Value::File(file(FileContent::Base64(text("AAAA")))),
        Value::Complex(vec![Field::text("inner", "1"), Field { code: text("none"), values: vec![] }]),
        Value::Cell { dimensions: vec![(text("row"), text("1"))], value: text("v") },
    ]
}

pub(crate) fn application() -> FormImport {
    FormImport {
        id: None,
        import_source: text("EGOV_PORTAL"),
        values: vec![Field { code: text("all"), values: every_kind() }, Field::text("note", "сәлем")],
        deleted_values: vec![text("old")],
        chain_id: text("22222222-2222-4222-8222-222222222222"),
        request_id: text("110000000-2026-1"),
        origin_system: Some(text("portal")),
        stage: None,
        requester: Requester::Person(Person {
            iin: text(IIN),
            first_name: Some(text("АДАМ")),
            last_name: Some(text("ҮЛГІ")),
            middle_name: None,
            birth_date: Some(date(1990, 1, 1)),
        }),
        representative: Some(Person { iin: text(IIN), ..Person::default() }),
        resolution: None,
        provider: Provider {
            bin: Some(text("971240001315")),
            location_code: Some(text("110000000")),
            ..Provider::default()
        },
        service: ServiceName { code: Some(text("DEMO")), name_kk: Some(text("Үлгі")), name_ru: None },
        ours: Ours {
            edition: Some(Edition {
                service: text("demo"),
                edition: text("2015-1"),
                regulation_sha256: "ab".repeat(32),
                procedure: text("portal"),
                channel: Some(text("portal")),
                accepted_at: Some(now()),
                received_at: Some(now() - SignedDuration::from_hours(1)),
            }),
            files: vec![file(FileContent::Base64(text("AAAA"))), file(FileContent::Identifier(text("f-1")))],
            steps: vec![
                StepDone { part: text("3.1"), at: now(), by: Some(text("ҮЛГІ А.")), held: None },
                StepDone { part: text("3.2"), at: now(), by: None, held: Some(true) },
            ],
            places: vec![Place { procedure: text("p"), step: text("s"), part: text("s.a"), since: now() }],
            extra: vec![Field::text("medium", "paper")],
            ..Ours::default()
        },
    }
}

fn come_back(form: &FormImport) -> String {
    let document = form.write().unwrap();
    let read = FormImport::read(&element(with_signature(&document))).unwrap();
    assert_eq!(&read, form, "{document}");
    document
}

#[test]
fn an_application_with_every_kind_of_value_comes_back_the_same_though_signed() {
    let document = come_back(&application());
    assert!(document.contains("<code>qyzmet.edition</code>"));
    let order = [
        "<importSource>",
        "<updatedValues>",
        "<externalRequestChainId>",
        "<externalRequestId>",
        "<requesterIin>",
        "<serviceType>",
    ];
    assert!(order.iter().map(|it| document.find(it).unwrap()).is_sorted());
}

#[test]
fn an_application_crosses_in_its_envelope_unchanged() {
    let document = with_signature(&application().write().unwrap());
    let message = messages::message(element(document.clone()));
    let text = round_trip(&envelope(Channel::Async, Message::SendMessage(message)));
    let Message::SendMessage(message) = Envelope::read(text.as_bytes()).unwrap().message else {
        panic!("a message")
    };
    assert_eq!(message.data.document(), Some(document.as_str()));
}

#[test]
fn an_application_whose_signature_stands_beside_it_is_read() {
    let document = application().write().unwrap();
    let signed = with_signature(&format!("<data>{document}</data>"));
    let data = shep::Data::inline(signed).unwrap();
    assert_eq!(FormImport::read(&data).unwrap(), application());
    let message = messages::message(data);
    round_trip(&envelope(Channel::Async, Message::SendMessage(message)));
}

#[test]
fn interim_and_final_answers_come_back_the_same() {
    let mut answer = application();
    answer.stage = Some(Stage::InProgress);
    answer.resolution = Some(Resolution::None);
    come_back(&answer);
    answer.stage = Some(Stage::Completed);
    answer.resolution = Some(Resolution::Issued { date: date(2026, 11, 21) });
    answer.ours.numbers = vec![(text("incoming"), text("17")), (text("result"), text("18"))];
    answer.ours.end = Some(End { end: text("issued"), at: now() });
    answer.ours.result = Some(ResultPaper {
        sha256: "0a".repeat(32),
        check_key: "0b".repeat(16),
        signer: text("Әкім Ү. Үлгі"),
        signed_at: now(),
    });
    come_back(&answer);
    let reason = Refusal {
        code: text("incomplete"),
        text_kk: Some(text("құжаттар толық емес")),
        text_ru: Some(text("документы неполны")),
        missing_kk: Some(text("анықтама")),
        ..Refusal::default()
    };
    answer.resolution = Some(Resolution::Refused { date: date(2026, 11, 21), reason: reason.clone() });
    come_back(&answer);
    let day = Some(date(2026, 11, 21));
    for (date, reason) in [(None, None), (day, None), (day, Some(reason))] {
        answer.resolution = Some(Resolution::Other { word: text("REFUSED_BY_PROVIDER"), date, reason });
        come_back(&answer);
    }
    answer.requester = Requester::Organization(text("971240001315"));
    come_back(&answer);
}

#[test]
fn codes_of_ours_cannot_be_used_by_others() {
    let mut form = application();
    form.values.push(Field::text(&format!("{OURS}step"), "forged"));
    assert_eq!(form.write(), Err(Error::Unwritable { what: "code" }));
    let mut form = application();
    form.ours.extra.push(Field::text("step", "forged"));
    assert_eq!(form.write(), Err(Error::Doubled { what: "code" }));
}

#[test]
fn broken_form_imports_get_their_errors() {
    let good = application().write().unwrap();
    let sha = "ab".repeat(32);
    let rows = [
        ("<externalRequestChainId>", "<x>", "malformed"),
        ("<a:typedRequestFormImportData ", "<a:other ", "malformed"),
        ("<requesterIin>", "<requesterBin>1</requesterBin><requesterIin>", "doubled"),
        ("<importSource>EGOV_PORTAL</importSource>", "", "missing"),
        ("<code>regulationSha256</code>", "<code>other</code>", "missing"),
        (sha.as_str(), "zz", "invalid"),
        ("<boolean>true</boolean>", "<boolean>yes</boolean>", "invalid"),
        ("<boolean>true</boolean>", "<boolean>true</boolean><string>x</string>", "invalid"),
        ("<boolean>true</boolean>", "<boolean>true</boolean><boolean>true</boolean>", "doubled"),
        ("<number>-12.50</number>", "<number>1e9999</number>", "invalid"),
        ("<date>2026-11-21</date>", "<date>2026-13-21</date>", "invalid"),
        ("<base64Data>AAAA</base64Data>", "", "missing"),
    ];
    for (from, to, expected) in rows {
        assert!(good.contains(from), "{from}");
        let broken = good.replacen(from, to, 1);
        let code = shep::Data::element(broken)
            .and_then(|it| FormImport::read(&it))
            .map_or_else(|it| it.code(), |_| "read");
        assert_eq!(code, expected, "{from} → {to}");
    }
}

#[test]
fn what_a_portal_left_empty_is_no_value_and_ours_leaves_nothing_empty() {
    let read = |code: &str, values: &str| {
        let field = format!("<updatedValues><code>{code}</code>{values}</updatedValues><updatedValues>");
        let document = application().write().unwrap().replacen("<updatedValues>", &field, 1);
        FormImport::read(&shep::Data::element(document).unwrap())
    };
    let empty = [
        "<values/>",
        "<values> </values>",
        "<values><fileData/></values>",
        "<values><fileData><name/><base64Data> </base64Data></fileData></values>",
        "<values><number/></values>",
        "<values><boolean/></values>",
        "<values><date></date></values>",
        "<values><domainItemData><code/><kkValue/></domainItemData></values>",
        "<values><domainItemDataList/></values>",
    ];
    for values in empty {
        let form = read("left", values).unwrap();
        assert_eq!(form.values[0], Field { code: text("left"), values: vec![] }, "{values}");
        assert!(read("qyzmet.left", values).is_err(), "{values}");
    }
    let form = read("left", &format!("{}<values><string>x</string></values>", empty.concat())).unwrap();
    assert_eq!(form.values[0], Field::text("left", "x"));
    for broken in [
        "<values>x</values>",
        "<values><![CDATA[x]]></values>",
        "<values><fileData><name>a.pdf</name></fileData></values>",
        "<values><fileData><base64Data>AAAA</base64Data></fileData></values>",
        "<values><domainItemData><kkValue>бір</kkValue></domainItemData></values>",
        "<values><tableCells/></values>",
        "<values><other/></values>",
    ] {
        assert!(read("left", broken).is_err(), "{broken}");
    }
}

#[test]
fn values_nested_too_deep_are_refused() {
    let mut value = Value::Text(text("x"));
    for _ in 0..6 {
        value = Value::Complex(vec![Field { code: text("c"), values: vec![value] }]);
    }
    let mut form = application();
    form.values.push(Field { code: text("deep"), values: vec![value] });
    assert_eq!(form.write(), Err(Error::TooDeep));
}
