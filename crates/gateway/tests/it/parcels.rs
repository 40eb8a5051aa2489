// SPDX-License-Identifier: MIT OR Apache-2.0
//! A parcel survives the wire: whatever it holds, the same comes out.

use engine::case::{
    Application, Attachment, CaseId, Done, FileHash, Holder, Medium, OnPaper, PersonId, Place, Proposal,
    Sheets, SignedResult, Transfer, Value,
};
use engine::command::Progress;
use gateway::border::{decode, encode};
use jiff::Timestamp;
use proptest::prelude::*;
use regulation::model::{Channel, DocumentId, End, FieldId, System};
use service::paper_spec::Bilingual;
use service::ports::border::{Parcel, ParcelFile, Published, RequestParcel};
use shep::Data;
use shep::border::{FormImport, Person, Provider, Refusal, Requester, Resolution, ServiceName};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Text of people: letters of the three languages, signs of XML, spaces and line ends.
fn text() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[ӘәҒғҚқҢңӨөҰұҮүҺһІіЁёa-zА-я0-9<>&\"' \t\r\n]{0,24}").unwrap()
}

fn id() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[a-z][a-z0-9._-]{0,20}[a-z0-9]").unwrap()
}

fn time() -> impl Strategy<Value = Timestamp> {
    (1_400_000_000_000_i64..1_900_000_000_000).prop_map(|it| Timestamp::from_millisecond(it).unwrap())
}

fn hash() -> impl Strategy<Value = FileHash> {
    proptest::string::string_regex("[0-9a-f]{64}").unwrap().prop_map(FileHash)
}

fn value() -> impl Strategy<Value = Value> {
    let entry = proptest::collection::btree_map(id().prop_map(FieldId), text(), 0..4);
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        text().prop_map(Value::Text),
        proptest::collection::vec(entry, 0..4).prop_map(Value::Entries),
    ]
}

fn fields() -> impl Strategy<Value = BTreeMap<FieldId, Value>> {
    proptest::collection::btree_map(id().prop_map(FieldId), value(), 0..6)
}

fn attachment() -> impl Strategy<Value = Attachment> {
    (id(), text(), id(), hash(), any::<u32>()).prop_map(|(document, name, media_type, file, size)| {
        Attachment { document: DocumentId(document), name, media_type, file, size_bytes: u64::from(size) }
    })
}

fn application() -> impl Strategy<Value = Application> {
    let attachments = proptest::collection::vec(attachment(), 0..3);
    let who = (text(), text(), id(), proptest::option::of(hash()));
    (who, fields(), attachments, any::<bool>()).prop_map(
        |((applicant, full_name, provider, content), fields, attachments, paper)| Application {
            applicant: PersonId(applicant),
            iin: "580308499930".to_owned(),
            full_name,
            fields,
            attachments,
            medium: if paper { Medium::Paper } else { Medium::Electronic },
            lang: "kk".to_owned(),
            provider,
            akim: None,
            center: None,
            content,
            signature: None,
        },
    )
}

fn request() -> impl Strategy<Value = RequestParcel> {
    let channel = prop_oneof![Just(Channel::Portal), Just(Channel::Center), Just(Channel::Provider)];
    (application(), (id(), id(), id()), channel, hash(), (time(), time()), hash()).prop_map(
        |(
            application,
            (service, edition, procedure),
            channel,
            regulation,
            (accepted_at, received_at),
            signature,
        )| {
            RequestParcel {
                service: service.as_str().into(),
                edition: edition.as_str().into(),
                regulation_sha256: regulation.0,
                procedure: procedure.as_str().into(),
                channel,
                number: "353200000-2026-17".to_owned(),
                accepted_at,
                received_at,
                application,
                signature,
            }
        },
    )
}

fn progress() -> impl Strategy<Value = Progress> {
    let done = (id(), time(), proptest::option::of(id()), proptest::option::of(any::<bool>()))
        .prop_map(|(part, at, by, held)| Done { part: part.as_str().into(), at, by: by.map(PersonId), held });
    let place = (id(), id(), id(), time()).prop_map(|(procedure, step, part, since)| Place {
        procedure: procedure.as_str().into(),
        step: step.as_str().into(),
        part: part.as_str().into(),
        since,
    });
    let end = prop_oneof![
        Just(End::Issued),
        Just(End::Refused),
        Just(End::NotAccepted),
        Just(End::DataUnavailable)
    ];
    let proposal = prop_oneof![
        fields().prop_map(|values| Proposal::Grant { values }),
        (id(), text())
            .prop_map(|(ground, reason)| Proposal::Refuse { ground: ground.as_str().into(), reason }),
    ];
    let by_hand = (any::<bool>(), any::<bool>()).prop_map(|(sealed, countersigned)| OnPaper {
        on: jiff::civil::date(2026, 11, 24),
        sealed,
        countersigned,
    });
    let by_hand = proptest::option::of(by_hand);
    let result = (hash(), id(), id(), time(), by_hand).prop_map(|(file, check_key, signer, at, on_paper)| {
        SignedResult { file, check_key, signer, at, on_paper }
    });
    let number = || proptest::option::of(id());
    (
        (text(), number(), number()),
        proptest::collection::vec(done, 0..5),
        proptest::collection::vec(place, 0..3),
        proptest::option::of((end, time())),
        proptest::option::of(proposal),
        proptest::option::of(result),
    )
        .prop_map(|((message, incoming_number, result_number), done, stack, end, proposal, result)| {
            let originals = message.chars().take(2).map(moved).collect();
            let silent = message
                .chars()
                .take(2)
                .map(|it| (format!("r-{}", u32::from(it)).as_str().into(), moved(it).at));
            let silent = silent.collect();
            Progress {
                message,
                done,
                stack,
                end,
                incoming_number,
                result_number,
                proposal,
                result,
                originals,
                silent,
            }
        })
}

/// A movement of papers that differs with a character.
fn moved(of: char) -> Transfer {
    let number = u32::from(of);
    let document = |it: u32| format!("document-{it}").as_str().into();
    Transfer {
        to: if number % 2 == 0 { Holder::ToProvider } else { Holder::Applicant },
        sheets: (0..number % 3).map(|it| Sheets { document: document(it), pages: number }).collect(),
        missing: (0..number % 2).map(document).collect(),
        courier: (number % 2 == 0).then(|| of.to_string()),
        by: PersonId("seat".to_owned()),
        at: jiff::Timestamp::from_second(i64::from(number)).expect("a time"),
    }
}

fn file() -> impl Strategy<Value = ParcelFile> {
    (text(), id(), proptest::collection::vec(any::<u8>(), 0..64)).prop_map(|(name, media_type, bytes)| {
        let hash = hex::encode(eds::sha256(&bytes));
        ParcelFile { hash: FileHash(hash), name, media_type, bytes }
    })
}

prop_compose! {
    fn parcel()(
        ids in (any::<u128>(), any::<u128>()),
        to in id(),
        request in proptest::option::of(request()),
        answers in proptest::option::of(hash()),
        progress in progress(),
        files in proptest::collection::vec(file(), 0..4),
    ) -> Parcel {
        Parcel {
            id: Uuid::from_u128(ids.0),
            case: CaseId(Uuid::from_u128(ids.1)),
            to,
            from: if request.is_some() { System::Portal } else { System::Region },
            answers: answers.filter(|_| request.is_none()),
            request,
            progress,
            files,
            published: Published::default(),
            reply: None,
        }
    }
}

fn over_the_wire(parcel: &Parcel) -> Parcel {
    let document = encode(parcel).unwrap().write().unwrap();
    decode(&FormImport::read(&Data::element(document).unwrap()).unwrap(), BTreeMap::new()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 128,
        rng_seed: proptest::test_runner::RngSeed::Fixed(9),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_parcel_comes_out_of_the_wire_as_it_went_in(parcel in parcel()) {
        prop_assert_eq!(over_the_wire(&parcel), parcel);
    }
}

/// What the region answers.
fn answer() -> Parcel {
    let progress = Progress {
        message: "m".to_owned(),
        done: Vec::new(),
        stack: Vec::new(),
        end: None,
        incoming_number: None,
        result_number: None,
        proposal: None,
        result: None,
        originals: Vec::new(),
        silent: BTreeMap::new(),
    };
    Parcel {
        id: Uuid::from_u128(1),
        case: CaseId(Uuid::from_u128(2)),
        to: "portal".to_owned(),
        from: System::Region,
        request: None,
        answers: Some(FileHash("5".repeat(64))),
        progress,
        files: Vec::new(),
        published: told("kk"),
        reply: None,
    }
}

/// What is said besides in an application or answer in this language.
fn told(lang: &str) -> Published {
    Published {
        born: Some(jiff::civil::date(1958, 3, 8)),
        provider_bin: Some("930140999904".to_owned()),
        provider_kato: Some("353200000".to_owned()),
        service: Some(Bilingual::new("Анықтама беру", "Выдача справки")),
        ground: Some(Bilingual::new("Құжаттар жарамсыз", "Документы негодны")),
        lang: lang.to_owned(),
    }
}

/// What a reader of the published form alone finds on the wire.
fn read(parcel: &Parcel) -> FormImport {
    FormImport::read(&Data::element(encode(parcel).unwrap().write().unwrap()).unwrap()).unwrap()
}

#[test]
fn an_answer_carries_no_number_of_the_applicant() {
    let document = encode(&answer()).unwrap().write().unwrap();
    assert!(document.contains("<requesterIin>000000000000</requesterIin>"));
    assert!(document.contains("<processingStatus>IN_PROGRESS</processingStatus>"));
    assert!(document.contains("<resolutionType>NO_RESOLUTION</resolutionType>"));
}

#[test]
fn who_reads_the_published_form_alone_finds_who_applies_and_who_provides() {
    let some = |text: &str| Some(text.to_owned());
    let mut parcel = Parcel { published: told("kk"), ..crate::border::sample() };
    assert_eq!(read(&parcel).representative, None);
    let fields = &mut parcel.request.as_mut().unwrap().application.fields;
    for (id, text) in [("representative_iin", "711130399969"), ("representative_name", "Ершова Дарья")]
    {
        fields.insert(id.into(), Value::Text(text.to_owned()));
    }
    let form = read(&parcel);
    let applicant = Person {
        iin: "580308499930".to_owned(),
        first_name: some("Гүлжаһан"),
        last_name: some("Әбдіқадырова"),
        middle_name: some("Қуанышбекқызы"),
        birth_date: Some(jiff::civil::date(1958, 3, 8)),
    };
    assert_eq!(form.requester, Requester::Person(applicant));
    let representative = Person {
        iin: "711130399969".to_owned(),
        first_name: some("Дарья"),
        last_name: some("Ершова"),
        ..Person::default()
    };
    assert_eq!(form.representative, Some(representative));
    let provider =
        Provider { bin: some("930140999904"), location_code: some("353200000"), ..Provider::default() };
    assert_eq!(form.provider, provider);
    let service = ServiceName {
        code: some("guardianship-certificate"),
        name_kk: some("Анықтама беру"),
        name_ru: some("Выдача справки"),
    };
    assert_eq!(form.service, service);
    // A number that is none would make the whole message unreadable.
    let fields = &mut parcel.request.as_mut().unwrap().application.fields;
    fields.insert("representative_iin".into(), Value::Text("unknown".to_owned()));
    assert_eq!(read(&parcel).representative, None);
}

#[test]
fn a_refusal_is_told_in_the_language_of_the_application() {
    let refused = |lang: &str| {
        let mut parcel = Parcel { published: told(lang), ..answer() };
        parcel.progress.end = Some((End::Refused, "2026-11-21T20:00:00Z".parse().unwrap()));
        let (ground, reason) = ("document-defects".into(), "себебі".to_owned());
        parcel.progress.proposal = Some(Proposal::Refuse { ground, reason });
        read(&parcel)
    };
    let refusal = |text_kk: Option<&str>, text_ru: Option<&str>| Refusal {
        code: "document-defects".to_owned(),
        value_kk: Some("Құжаттар жарамсыз".to_owned()),
        value_ru: Some("Документы негодны".to_owned()),
        text_kk: text_kk.map(str::to_owned),
        text_ru: text_ru.map(str::to_owned),
        ..Refusal::default()
    };
    for (lang, reason) in [("kk", refusal(Some("себебі"), None)), ("ru", refusal(None, Some("себебі")))]
    {
        let date = jiff::civil::date(2026, 11, 22);
        let form = refused(lang);
        assert_eq!(form.resolution, Some(Resolution::Refused { date, reason }), "{lang}");
        assert_eq!(form.provider.bin.as_deref(), Some("930140999904"));
    }
}

#[test]
fn an_answer_names_the_application_and_one_of_an_older_peer_names_none() {
    let again = over_the_wire(&answer());
    assert_eq!(again.answers, Some(FileHash("5".repeat(64))));
    let mut form = encode(&answer()).unwrap();
    form.ours.extra.retain(|it| it.code != "signature");
    let older = decode(&form, BTreeMap::new()).unwrap();
    assert_eq!(older, Parcel { answers: None, ..again });
}

#[test]
fn a_file_with_another_digest_is_refused() {
    let mut form = encode(&crate::border::sample()).unwrap();
    form.ours.files[0].sha256 = "0".repeat(64);
    assert_eq!(decode(&form, BTreeMap::new()).unwrap_err(), "a file has another digest than the one told");
}
