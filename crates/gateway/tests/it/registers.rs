// SPDX-License-Identifier: MIT OR Apache-2.0
//! Registers asked over the real wire.

mod refused;

use crate::world::{self, CaSource, NoSource, Still, keys, now, registers, wait, wire};
use gateway::{EvidenceSource, Peer, RegistersClient, Route, Transport, TransportTrust, Wire};
use jiff::{Timestamp, ToSpan};
use service::ports::registers::{Answer, Question, Record};
use service::ports::{Clock, PortError, Registers};
use shep::{Envelope, Message};
use simulators::{People, Switch};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

fn question(register: &str, person: &str) -> Question {
    let iin = People::house().unwrap().by_id(person).unwrap().iin.clone();
    Question {
        register: register.into(),
        iin,
        values: std::collections::BTreeMap::new(),
        message: Uuid::from_u128(42),
        correlation: Uuid::from_u128(43),
    }
}

fn ask(register: &str, person: &str) -> Answer {
    wait(registers().client.ask(&question(register, person))).unwrap()
}

fn value<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.records.first()?.get(name).map(String::as_str)
}

#[test]
fn a_person_is_found_by_iin_and_the_answer_says_that_it_is_simulated() {
    let answer = ask("gbd-fl", "p01");
    assert!(answer.simulated);
    assert_eq!(value(&answer, "full_name"), Some("Әбдіқадырова Гүлжаһан Қуанышбекқызы"));
    assert_eq!(value(&answer, "birth_date"), Some("1958-03-08"));
    assert_eq!(value(&answer, "sex"), Some("female"));
    assert_eq!(
        value(&answer, "address"),
        Some("Қарағанды облысы, Абай ауданы, Абай, Ойдан шығарылған көше, 01")
    );
    assert!(value(&answer, "excluded").is_none() && value(&answer, "deceased").is_none());
}

#[test]
fn the_dead_the_excluded_and_the_unknown_do_not_count() {
    let counted = |person| {
        let answer = ask("gbd-fl", person);
        let application = engine::case::Application::empty();
        world::contract("gbd-fl").facts(&answer.records, &application)
            [&regulation::model::FactId::from("person.found")]
            == engine::case::Value::Bool(true)
    };
    assert!(counted("p01") && counted("p43"));
    assert!(!counted("p12") && !counted("p44") && !counted("p38"));
}

#[test]
fn a_guardian_of_several_children_has_a_record_of_each() {
    let in_force = |guardian| {
        let mut records = ask("guardianship", guardian).records;
        records.retain(|it| !it.contains_key("ended"));
        let told =
            |it: Record| ["child_surname", "child_given", "kind"].map(|name| it[name].clone()).join(" ");
        records.into_iter().map(told).collect::<Vec<_>>()
    };
    assert_eq!(in_force("p01"), ["Нұрсұлтанұлы Бекзат custodian", "Ерғазина Аяулым custodian"]);
    assert!(in_force("p40").is_empty() && in_force("p14").is_empty());
    let ended = |it: Record| (it["kind"].clone(), it["ended"].clone());
    let was: Vec<_> = ask("guardianship", "p14").records.into_iter().map(ended).collect();
    let word = str::to_owned;
    // Guardianship until the child is fourteen, then custody.
    let both = [(word("guardian"), word("2020-03-21")), (word("custodian"), word("2024-03-21"))];
    assert_eq!(was, both);
}

#[test]
fn the_signed_question_and_the_signed_answer_are_kept_and_the_answer_names_the_question() {
    #[derive(Debug)]
    struct Recorder(Arc<gateway::InProcess>, Mutex<Vec<Vec<u8>>>);
    #[async_trait::async_trait]
    impl Transport for Recorder {
        async fn exchange(&self, endpoint: &str, envelope: Vec<u8>) -> Result<Vec<u8>, PortError> {
            self.1.lock().unwrap().push(envelope.clone());
            self.0.exchange(endpoint, envelope).await
        }
    }
    let made = registers();
    let recorder = Arc::new(Recorder(made.hub, Mutex::default()));
    let client = client(Arc::clone(&recorder) as _, wire("qyzmet-portal", "transport-portal"));
    let answer = wait(client.ask(&question("gbd-fl", "p02"))).unwrap();
    assert_eq!(answer.question, recorder.1.lock().unwrap()[0]);
    let signed = eds::xml::verify_body(&answer.envelope).unwrap();
    let told = shep::answered(std::str::from_utf8(&signed.signed_bytes).unwrap()).map(str::to_owned);
    assert_eq!(told, Some(hex::encode(eds::sha256(&answer.question))));
    assert_eq!(answer.judged.at, now());
    let judged: serde_json::Value = serde_json::from_slice(&answer.judged.evidence).unwrap();
    assert_eq!(judged["certificates"].as_array().unwrap().len(), 1);
}

fn client(transport: Arc<dyn Transport>, wire: Wire) -> RegistersClient {
    let route = Route {
        contract: world::contract("gbd-fl"),
        endpoint: "gbd-fl".to_owned(),
        peer: world::peer("gateway"),
        payload: None,
    };
    RegistersClient::new(wire, transport, [route]).unwrap()
}

#[test]
fn a_register_that_misbehaves_is_unavailable_or_unusable() {
    let made = registers();
    let mut found = Vec::new();
    for switch in [
        Switch::Silent,
        Switch::Fault,
        Switch::WrongRequest,
        Switch::BadSignature,
        Switch::BadPayload,
        Switch::Unsigned,
        Switch::NoPerson,
        Switch::NoData,
        Switch::Proper,
    ] {
        made.set(switch);
        let one = wait(made.client.ask(&question("gbd-fl", "p01")));
        let two = wait(made.client.ask(&question("guardianship", "p01")));
        assert_eq!(one.as_ref().err(), two.as_ref().err(), "{switch:?}");
        found.push(one.map(|it| it.records.len()));
    }
    let unavailable = |words: &str| Err(PortError::Unavailable(words.to_owned()));
    let unusable = |words: &str| Err(PortError::Unusable(words.to_owned()));
    assert_eq!(
        found,
        [
            unavailable("the endpoint is silent"),
            unavailable("the other side refused: SCE909"),
            unusable("the payload answers another question"),
            unavailable("SCE006: digest-mismatch"),
            unusable("SCE016: digest-mismatch"),
            unavailable("SCE007: not-signed"),
            Ok(0),
            Ok(0),
            Ok(1),
        ]
    );
}

#[test]
fn an_old_answer_to_another_question_is_not_taken() {
    #[derive(Debug)]
    struct Replay(Vec<u8>);
    #[async_trait::async_trait]
    impl Transport for Replay {
        async fn exchange(&self, _: &str, _: Vec<u8>) -> Result<Vec<u8>, PortError> {
            Ok(self.0.clone())
        }
    }
    let old = ask("gbd-fl", "p01").envelope;
    let client = client(Arc::new(Replay(old)), wire("qyzmet-portal", "transport-portal"));
    let asked = Question { message: Uuid::from_u128(77), ..question("gbd-fl", "p01") };
    let refused = wait(client.ask(&asked)).unwrap_err();
    assert_eq!(refused, PortError::Unavailable("the answer is to another question".to_owned()));
    // The same id asked again a second later is another question: its answer is not this one.
    let old = ask("gbd-fl", "p01").envelope;
    let clock = Still::at(now() + jiff::SignedDuration::from_secs(1));
    let later = Wire::new(keys("qyzmet-portal", "transport-portal"), world::trust(), clock);
    let client = self::client(Arc::new(Replay(old)), later);
    let refused = wait(client.ask(&question("gbd-fl", "p01"))).unwrap_err();
    assert_eq!(refused, PortError::Unavailable("the answer is to another question".to_owned()));
}

#[test]
fn remembered_evidence_is_fetched_anew_when_it_is_too_old() {
    /// A clock that is moved, and evidence made at its time.
    #[derive(Debug)]
    struct Moving(Mutex<Timestamp>);
    impl Clock for Moving {
        fn now(&self) -> Timestamp {
            *self.0.lock().unwrap()
        }
        fn uuid(&self) -> Uuid {
            Uuid::nil()
        }
        fn fill(&self, _: &mut [u8]) {}
    }
    #[derive(Debug)]
    struct Source(Arc<Moving>, AtomicUsize);
    #[async_trait::async_trait]
    impl EvidenceSource for Source {
        async fn ocsp(&self, url: &str, request: &[u8]) -> Option<Vec<u8>> {
            self.1.fetch_add(1, Ordering::Relaxed);
            CaSource(Arc::clone(&world::CA), self.0.now()).ocsp(url, request).await
        }
        async fn crl(&self, url: &str) -> Option<Vec<u8>> {
            CaSource(Arc::clone(&world::CA), self.0.now()).crl(url).await
        }
        async fn issuer(&self, urls: &[String]) -> Option<Vec<u8>> {
            CaSource(Arc::clone(&world::CA), self.0.now()).issuer(urls).await
        }
    }
    let clock = Arc::new(Moving(Mutex::new(now())));
    let source = Arc::new(Source(Arc::clone(&clock), AtomicUsize::new(0)));
    let trust = TransportTrust::new(world::CA.trust().unwrap(), Arc::clone(&source) as _);
    let wire = Wire::new(keys("qyzmet-portal", "transport-portal"), Arc::new(trust), Arc::clone(&clock) as _);
    let made = world::registers_for(wire);
    let ask = || wait(made.client.ask(&question("gbd-fl", "p01"))).map(|it| it.records.len());
    assert_eq!((ask(), ask()), (Ok(1), Ok(1)));
    assert_eq!(source.1.load(Ordering::Relaxed), 1);
    for days in [1, 9] {
        *clock.0.lock().unwrap() = now() + (24 * days).hours();
        assert_eq!(ask(), Ok(1));
    }
    assert_eq!(source.1.load(Ordering::Relaxed), 3);
}

#[test]
fn an_answer_signed_by_another_system_of_the_same_root_is_not_believed() {
    let made = registers();
    let route = Route {
        contract: world::contract("gbd-fl"),
        endpoint: "gbd-fl".to_owned(),
        peer: world::peer("region"),
        payload: None,
    };
    let wire = wire("qyzmet-portal", "transport-portal");
    let client = RegistersClient::new(wire, made.hub, [route]).unwrap();
    let refused = wait(client.ask(&question("gbd-fl", "p01"))).unwrap_err();
    assert_eq!(refused, PortError::Unavailable("SCE005: peer-mismatch".to_owned()));
}

#[test]
fn without_evidence_about_the_certificate_the_answer_waits() {
    let trust = TransportTrust::new(world::CA.trust().unwrap(), Arc::new(NoSource));
    let wire = Wire::new(keys("qyzmet-portal", "transport-portal"), Arc::new(trust), Still::at(now()));
    let refused = wait(world::registers_for(wire).client.ask(&question("gbd-fl", "p01"))).unwrap_err();
    assert!(matches!(refused, PortError::Unavailable(_)), "{refused}");
}

/// Returns the code with which the register answers the question of the client, changed on the way.
fn code_for(sender: &str, years_on: i64, change: impl Fn(String) -> String) -> String {
    #[derive(Debug, Default)]
    struct Keep(Mutex<Vec<u8>>);
    #[async_trait::async_trait]
    impl Transport for Keep {
        async fn exchange(&self, _: &str, envelope: Vec<u8>) -> Result<Vec<u8>, PortError> {
            *self.0.lock().unwrap() = envelope;
            Err(PortError::Unavailable(String::new()))
        }
    }
    let keep = Arc::new(Keep::default());
    let client = client(Arc::clone(&keep) as _, wire("qyzmet-portal", sender));
    drop(wait(client.ask(&question("gbd-fl", "p01"))));
    let sent = change(String::from_utf8(keep.0.lock().unwrap().clone()).unwrap());
    let at = now() + (24 * 365 * years_on).hours();
    let answer = registers().gbd_fl.answer(sent.as_bytes(), at);
    let message = Envelope::read(&answer).unwrap().message;
    if let Message::Fault(it) = message {
        return it.detail.unwrap().1.code.as_str().to_owned();
    }
    let Message::SyncResponse(it) = message else { panic!("{message:?}") };
    it.info.status.code.as_str().to_owned()
}

fn without(text: &str, from: &str, to: &str) -> String {
    let (before, rest) = text.split_once(from).unwrap();
    format!("{before}{}", rest.split_once(to).unwrap().1)
}

#[test]
fn the_register_answers_each_fault_of_a_question_by_its_code() {
    let as_it_is = |it: String| it;
    assert_eq!(code_for("transport-portal", 0, as_it_is), "SCSS001");
    // The service.
    let other = |it: String| it.replace("GBDFL_UniversalServiceSync", "GBDFL_Other");
    assert_eq!(code_for("transport-portal", 0, other), "SCE004");
    // The body is not signed.
    let unsigned = |it: String| without(&it, "<soapenv:Header>", "</soapenv:Header>");
    assert_eq!(code_for("transport-portal", 0, unsigned), "SCE007");
    // The body was changed.
    let changed = |it: String| it.replacen("qyzmet-portal", "somebody-else", 1);
    assert_eq!(code_for("transport-portal", 0, changed), "SCE006");
    // The certificate is out of term, or that of a person.
    assert_eq!(code_for("transport-portal", 2, as_it_is), "SCE005");
    assert_eq!(code_for("p01", 0, as_it_is), "SCE005");
    assert_eq!(code_for("revoked", 0, as_it_is), "SCE005");
    // Not a message at all.
    assert_eq!(code_for("transport-portal", 0, |_| "<html/>".to_owned()), "SCE001");
}

#[test]
fn a_changed_payload_is_found_behind_a_good_transport_signature() {
    // The payload is changed, and the body signed anew by a good key.
    let resigned = |from: &'static str, to: &'static str| {
        move |it: String| {
            let bare = without(&it, "<soapenv:Header>", "</soapenv:Header>").replacen(from, to, 1);
            let holder = world::CA.transport("portal").unwrap();
            let sign = |bytes: &[u8]| Ok(holder.signer().sign(bytes).unwrap());
            let signer = eds::xml::Signer { certificate_der: holder.certificate().der(), sign: &sign };
            eds::xml::sign_body(&bare, &signer).unwrap()
        }
    };
    assert_eq!(code_for("transport-portal", 0, resigned("580308499930", "711130399969")), "SCE016");
    let strip = |it: String| {
        let bare = without(&it, "<soapenv:Header>", "</soapenv:Header>");
        resigned("", "")(
            format!(
                "<soapenv:Header></soapenv:Header>{}",
                without(&bare, "<ds:Signature", "</ds:Signature>")
            )
            .replacen("<soapenv:Header></soapenv:Header><?xml", "<?xml", 1)
            .replacen("<soapenv:Body", "<soapenv:Header></soapenv:Header><soapenv:Body", 1),
        )
    };
    assert_eq!(code_for("transport-portal", 0, strip), "SCE017");
}

#[test]
fn persons_are_searched_by_name_and_by_document_where_the_contract_takes_these_from_the_form() {
    let made = registers();
    let ask = |values: &[(&str, &str)]| {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let asked = Question { values, ..question("gbd-fl", "p02") };
        wait(made.client.ask(&asked)).map(|it| it.records)
    };
    let by_number = ask(&[]).unwrap();
    let person = by_number.first().unwrap();
    assert_eq!(ask(&[("document_number", &person["document_number"])]).unwrap(), by_number);
    let name = [
        ("surname", &*person["surname"]),
        ("given", &person["given"]),
        ("birth_date", &person["birth_date"]),
    ];
    let patronymic = person.get("patronymic").map(|it| ("patronymic", it.as_str()));
    let full: Vec<(&str, &str)> = name.into_iter().chain(patronymic).collect();
    assert_eq!(ask(&full).unwrap(), by_number);
    assert_eq!(ask(&[("document_number", "no such document")]).unwrap(), []);
    let alone = ask(&[("birth_date", &person["birth_date"])]).unwrap_err();
    assert_eq!(alone.to_string(), "unusable: the message cannot be written: `surname` is missing or empty");
}

#[test]
fn the_interaction_with_consent_is_asked_with_a_token_and_its_key_or_not_at_all() {
    #[derive(Debug, Default)]
    struct Keep(Mutex<Option<Vec<u8>>>);
    #[async_trait::async_trait]
    impl Transport for Keep {
        async fn exchange(&self, _: &str, envelope: Vec<u8>) -> Result<Vec<u8>, PortError> {
            *self.0.lock().unwrap() = Some(envelope);
            Err(PortError::Unavailable(String::new()))
        }
    }
    let sent = |values: &[(&str, &str)]| {
        let mut contract = world::contract("gbd-fl");
        shep::gbd_fl::SERVICE_ID_WITH_CONSENT.clone_into(&mut contract.service_id);
        let keep = Arc::new(Keep::default());
        let route = Route { contract, endpoint: String::new(), peer: Peer::default(), payload: None };
        let wire = wire("qyzmet-portal", "transport-portal");
        let client = RegistersClient::new(wire, Arc::clone(&keep) as _, [route]).unwrap();
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let refused = wait(client.ask(&Question { values, ..question("gbd-fl", "p02") })).unwrap_err();
        let bytes = keep.0.lock().unwrap().take();
        bytes.ok_or(refused)
    };
    let missing = |what: &str| {
        PortError::Unusable(format!("the message cannot be written: `{what}` is missing or empty"))
    };
    assert_eq!(sent(&[]).unwrap_err(), missing("kdpToken"));
    assert_eq!(sent(&[("consent_token", "t")]).unwrap_err(), missing("publicKey"));
    assert_eq!(sent(&[("consent_key", "k")]).unwrap_err(), missing("kdpToken"));
    let bytes = sent(&[("consent_token", "t"), ("consent_key", "k")]).unwrap();
    let Message::SyncRequest(asked) = Envelope::read(&bytes).unwrap().message else { panic!("a question") };
    let payload = shep::gbd_fl::Request::read(asked.data.as_ref().unwrap()).unwrap();
    let consent = payload.consent.unwrap();
    assert_eq!((consent.token.as_str(), consent.public_key.as_str()), ("t", "k"));
}

#[test]
fn a_contract_with_an_unknown_transport_is_named() {
    let mut contract = world::contract("gbd-fl");
    contract.transport = "carrier-pigeon".to_owned();
    let route = Route { contract, endpoint: String::new(), peer: Peer::default(), payload: None };
    let refused = RegistersClient::new(
        wire("qyzmet-portal", "transport-portal"),
        Arc::new(gateway::InProcess::new()),
        [route],
    );
    assert_eq!(refused.unwrap_err(), "register `gbd-fl`: no codec is called `carrier-pigeon`");
}
