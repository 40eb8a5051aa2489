// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signatures that cannot be judged: what waits by itself, what ends after a day, that nothing is sent after that, and that not
//! too many wait.

use crate::office::Office;
use crate::road::{Child, reviewed, sign};
use engine::case::{Case, CaseId};
use jiff::{SignedDuration, Timestamp};
use qyzmet::demo::CITIZEN_PASSWORD;
use qyzmet::serve::{Config, Served};
use service::Service;
use service::access::Reader;
use service::accounts::{Citizen, Claim, EdsSignIn, Session};
use service::archives::{ActStamp, SignedAct};
use service::board::{Board, Ending, Item, Order, Reason, What};
use service::drafts::NextAttempt;
use service::portal::{SendRefused, Sent};
use service::worker::{Awaited, awaited};
use simulators::ca::{DevCa, Person, Standing};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

const NOON: &str = "2026-11-23T05:00:00Z";
/// An invented citizen; the key that the authority knows is `p01`.
const CITIZEN: &str = "580308499930";
const CHILD: Child<'static> = ("Нұрсұлтанұлы", "Бекзат", "2012-09-14");
/// The name of a key of which the authority's register knows nothing.
pub(crate) const STRANGER: &str = "ghost";
/// Turns of the worker in which everything that is due is done.
const TURNS_MAX: usize = 20;

/// Returns an authority with the keys of that one, and with a key for this person of which that one knows nothing.
pub(crate) fn stranger(authority: &Path, iin: &str, at: Timestamp) -> (tempfile::TempDir, DevCa) {
    let folder = tempfile::tempdir().unwrap();
    for file in ["root.key", "root.cer", "nca.key", "nca.cer", "ocsp.key", "ocsp.cer"] {
        std::fs::copy(authority.join(file), folder.path().join(file)).unwrap();
    }
    let other = DevCa::create_or_load(folder.path(), at, &[ghost(iin)]).unwrap();
    (folder, other)
}

pub(crate) fn ghost(iin: &str) -> Person {
    Person {
        name: STRANGER.to_owned(),
        iin: iin.to_owned(),
        surname: "ҮЛГІБАЕВ".to_owned(),
        given: "СЫНАҚ".to_owned(),
        patronymic: None,
        standing: Standing::Individual,
    }
}

/// A portal that is served, and the office whose authority it asks.
async fn opened() -> (Office, Served) {
    let office = Office::open(NOON).await;
    let config = Config::read(&office.write(&office.portal())).unwrap();
    let served = Served::open_by(config, Arc::clone(&office.clock)).await.unwrap();
    (office, served)
}

/// Has the authority answer nothing, or answer again.
fn silence(office: &Office, is_silent: bool) {
    office.switches.no_ocsp.store(is_silent, Ordering::SeqCst);
    office.switches.no_lists.store(is_silent, Ordering::SeqCst);
}

async fn citizen(portal: &Service) -> (Citizen, Session) {
    let (id, token) = portal.sign_in_citizen(CITIZEN, CITIZEN_PASSWORD, None).await.unwrap();
    let citizen = portal.citizen(&id).await.unwrap().unwrap();
    (citizen, portal.session(&token).await.unwrap().unwrap())
}

/// Sends an application that is signed by the key of which the authority knows nothing; returns who knows it.
async fn send(office: &Office, portal: &Service) -> (CaseId, DevCa) {
    let (citizen, session) = citizen(portal).await;
    let (draft, content) = reviewed(portal, &citizen, &[CHILD]).await;
    let (_folder, other) = stranger(&office.path("authority"), CITIZEN, office.now());
    let cms = sign(&other, STRANGER, eds::sha256(&content), office.now());
    let sent = portal.send((&citizen, &session), &draft, cms, portal.uuid()).await.unwrap();
    let Sent::Waiting(submitted) = sent else { panic!("{sent:?}") };
    assert_eq!(portal.draft(&citizen.id, draft.id).await.unwrap(), None);
    (submitted.case, other)
}

/// Lets hours pass, has the worker do what is due, and returns the case.
async fn after_hours(office: &Office, portal: &Arc<Service>, hours: i64, case: CaseId) -> Case {
    office.clock.advance(SignedDuration::from_hours(hours));
    for _ in 0..TURNS_MAX {
        if portal.work_once().await.unwrap() == 0 {
            break;
        }
    }
    portal.load(case).await.unwrap().case
}

/// What the board shows of signatures that wait.
async fn waiting(portal: &Service) -> Vec<Item> {
    let mut items = portal.board().items().await.unwrap();
    items.retain(|it| matches!(&it.what, What::Work { kind, .. } if kind == "verify-again"));
    items
}

fn code(case: &Case) -> Option<&str> {
    case.signature.as_ref()?.code.as_deref()
}

/// What the applicant reads that his signature waits for.
fn told(case: &Case, portal: &Service) -> Awaited {
    awaited(case.signature.as_ref().expect("a signature"), portal.now())
}

/// What the board shows of the only signature that waits: why, in what words, and whether it was set aside.
async fn shown(portal: &Service) -> (Item, Reason, bool) {
    let mut items = waiting(portal).await;
    assert_eq!(items.len(), 1, "{items:?}");
    let item = items.remove(0);
    let (reason, is_aside) = (item.reason, item.is_aside());
    (item, reason, is_aside)
}

async fn drafts(portal: &Service) -> usize {
    let (citizen, _) = citizen(portal).await;
    portal.drafts(&citizen.id).await.unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_becomes_known_within_a_day_sends_the_application() {
    let (office, served) = opened().await;
    let portal = served.service().unwrap();
    let (case, other) = send(&office, portal).await;
    let sent = portal.load(case).await.unwrap().case;
    assert_eq!((code(&sent), told(&sent, portal)), (Some("certificate-not-issued"), Awaited::Key));
    assert_eq!(drafts(portal).await, 0, "there is nothing that could be sent meanwhile");
    for _ in 0..3 {
        let now = after_hours(&office, portal, 1, case).await;
        assert_eq!(now.version, sent.version, "the same again is not written down again");
    }
    let (item, reason, is_aside) = shown(portal).await;
    assert_eq!(
        (reason, item.words.as_str(), is_aside),
        (Reason::KeyUnknown, "certificate-not-issued", false)
    );
    assert!(item.attempts >= 3, "{item:?}");
    office.switches.newer.set(other).unwrap();
    let now = after_hours(&office, portal, 20, case).await;
    let found = (now.signature.and_then(|it| it.valid), &*now.application.full_name);
    assert_eq!((found, waiting(portal).await), ((Some(true), "ҮЛГІБАЕВ СЫНАҚ"), Vec::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_day_a_key_that_was_not_known_is_judged_by_order_alone() {
    let (office, served) = opened().await;
    let portal = served.service().unwrap();
    let (case, other) = send(&office, portal).await;
    let sent = after_hours(&office, portal, 1, case).await;
    assert_eq!(told(&sent, portal), Awaited::Key);
    // Silence hides nothing of what the applicant reads, and does not make the day longer.
    silence(&office, true);
    let silent = after_hours(&office, portal, 1, case).await;
    assert_eq!((silent.version, shown(portal).await.1), (sent.version, Reason::KeyUnknown));
    silence(&office, false);

    // It becomes known before the worker comes to it, but after the applicant was told to apply again.
    office.switches.newer.set(other).unwrap();
    for _ in 0..2 {
        let now = after_hours(&office, portal, 24, case).await;
        assert_eq!((now.version, told(&now, portal)), (sent.version, Awaited::KeyInVain));
    }
    let (item, reason, is_aside) = shown(portal).await;
    assert_eq!((reason, is_aside, item.ending), (Reason::KeyUnknown, true, Some(Ending::CaseStops)));
    assert_eq!(drafts(portal).await, 0);

    let order = Order { by: "administrator", why: "" };
    portal.board().retry(item.id, order).await.unwrap();
    let now = after_hours(&office, portal, 0, case).await;
    assert_eq!(now.signature.and_then(|it| it.valid), Some(true));
    assert_eq!(waiting(portal).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_account_that_has_ended_nothing_is_judged_by_order() {
    let (office, served) = opened().await;
    let portal = served.service().unwrap();
    let (case, other) = send(&office, portal).await;
    for _ in 0..2 {
        after_hours(&office, portal, 24, case).await;
    }
    prove_another(&office, portal).await;
    let left = portal.load(case).await.unwrap().case.application.applicant;
    assert_eq!(portal.citizen(&left).await.unwrap(), None);
    office.switches.newer.set(other).unwrap();
    let (item, ..) = shown(portal).await;
    portal.board().retry(item.id, Order { by: "administrator", why: "" }).await.unwrap();
    let now = after_hours(&office, portal, 0, case).await;
    assert_eq!(now.signature.and_then(|it| it.valid), None, "nobody would see the case");
    let (_, reason, is_aside) = shown(portal).await;
    assert_eq!((reason, is_aside), (Reason::AccountEnded, true));
}

/// The citizen enters by his key and says that the account that waits is not his; returns the one he has proved.
async fn prove_another(office: &Office, portal: &Service) -> Citizen {
    let browser = portal.browser_secret();
    let challenge = portal.sign_in_challenge(&browser).await.unwrap();
    let cms = sign(&office.authority, "p01", eds::sha256(&challenge.bytes), office.now());
    let came = portal.sign_in_by_eds((challenge.id, &browser), &cms, Claim::NotMine, None).await.unwrap();
    let EdsSignIn::Yes { account, .. } = came else { panic!("{came:?}") };
    portal.citizen(&account).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_judged_by_order_and_still_not_known_is_set_aside_again() {
    let (office, served) = opened().await;
    let portal = served.service().unwrap();
    let (case, _) = send(&office, portal).await;
    let sent = after_hours(&office, portal, 25, case).await;
    for _ in 0..2 {
        let (item, reason, is_aside) = shown(portal).await;
        assert_eq!(item.words, "certificate-not-issued");
        assert_eq!((reason, is_aside), (Reason::KeyUnknown, true));
        portal.board().retry(item.id, Order { by: "administrator", why: "" }).await.unwrap();
        let now = after_hours(&office, portal, 0, case).await;
        assert_eq!((now.version, told(&now, portal)), (sent.version, Awaited::KeyInVain));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_authority_is_waited_for_and_its_answer_is_told_once() {
    let (office, served) = opened().await;
    let portal = served.service().unwrap();
    silence(&office, true);
    let (case, _) = send(&office, portal).await;
    let sent = portal.load(case).await.unwrap().case;
    for hours in [1, 48] {
        let now = after_hours(&office, portal, hours, case).await;
        assert_eq!((now.version, told(&now, portal)), (sent.version, Awaited::Authority));
        let (_, reason, is_aside) = shown(portal).await;
        assert_eq!((reason, is_aside), (Reason::Evidence, false), "it is waited for as long as it takes");
    }
    silence(&office, false);
    let answered = after_hours(&office, portal, 1, case).await;
    assert_eq!(code(&answered), Some("certificate-not-issued"));
    assert_eq!(told(&answered, portal), Awaited::Key, "the day begins with the answer");
    // Falling silent again takes nothing back.
    silence(&office, true);
    let silent = after_hours(&office, portal, 1, case).await;
    assert_eq!(silent.version, answered.version);
}

/// Sends an application that is signed by this key of an authority.
async fn send_by(
    office: &Office,
    portal: &Service,
    (authority, key): (&DevCa, &str),
) -> Result<Sent, SendRefused> {
    let (citizen, session) = citizen(portal).await;
    let (draft, content) = reviewed(portal, &citizen, &[CHILD]).await;
    let cms = sign(authority, key, eds::sha256(&content), office.now());
    portal.send((&citizen, &session), &draft, cms, portal.uuid()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_for_a_silent_authority_is_judged_for_the_time_at_which_it_came() {
    let (office, served) = opened().await;
    let portal = served.service().unwrap();
    silence(&office, true);
    let sent = send_by(&office, portal, (&*office.authority, "p01")).await.unwrap();
    let (Sent::Waiting(submitted), received) = (&sent, office.now()) else { panic!("{sent:?}") };
    after_hours(&office, portal, 0, submitted.case).await;
    office.clock.advance(SignedDuration::from_hours(1));
    // Meanwhile he changes his key.
    let (folder, owners) = (office.path("authority"), qyzmet::demo::key_owners().unwrap());
    let mut newer = DevCa::create_or_load(&folder, office.now(), &owners).unwrap();
    assert!(newer.revoke("p01", office.now()).unwrap());
    office.switches.newer.set(newer).unwrap();
    silence(&office, false);
    let judged = after_hours(&office, portal, 1, submitted.case).await;
    let signature = judged.signature.unwrap();
    assert_eq!((signature.valid, signature.code.as_deref()), (Some(true), None));
    assert!(signature.received_at <= received && signature.at > received, "{signature:?}");
    // The stamp came before it was judged, and so before the revocation: it is proved for years, too.
    let acts = portal.act_stamps(submitted.case).await.unwrap();
    let [ActStamp { act: SignedAct::Request, archived: Some(archived) }] = &*acts else { panic!("{acts:?}") };
    let reader = citizen(portal).await.0.id;
    let archive = portal.case_file(&Reader::Applicant(&reader), submitted.case, &archived.file).await;
    let archive = archive.unwrap().expect("the archive");
    let later = office.now() + SignedDuration::from_hours(24 * 365 * 3);
    let found = eds::verify_archive(&archive, &office.authority.trust().unwrap(), later).unwrap();
    assert!(found.verdict.is_valid() && archived.stamped_at < signature.at, "{found:?}");
    let sent = send_by(&office, portal, (&*office.authority, "p01")).await.unwrap();
    let Sent::Refused { code, .. } = sent else { panic!("{sent:?}") };
    assert_eq!(code.as_deref(), Some("certificate-revoked"), "what comes after it counts no more");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_is_refused_later_leads_to_its_draft() {
    let (office, served) = opened().await;
    let portal = served.service().unwrap();
    let (folder, owners) = (office.path("authority"), qyzmet::demo::key_owners().unwrap());
    let mut newer = DevCa::create_or_load(&folder, office.now(), &owners).unwrap();
    assert!(newer.revoke("p01", office.now()).unwrap());
    office.clock.advance(SignedDuration::from_hours(1));
    silence(&office, true);
    let sent = send_by(&office, portal, (&*office.authority, "p01")).await.unwrap();
    let Sent::Waiting(submitted) = sent else { panic!("{sent:?}") };
    office.switches.newer.set(newer).unwrap();
    silence(&office, false);
    let judged = after_hours(&office, portal, 1, submitted.case).await;
    assert_eq!(judged.signature.and_then(|it| it.valid), Some(false));
    let (citizen, _) = citizen(portal).await;
    let kept = portal.drafts(&citizen.id).await.unwrap();
    let [draft] = kept.as_slice() else { panic!("{kept:?}") };
    let next = portal.next_attempt(&citizen.id, submitted.case).await.unwrap();
    assert_eq!(next, Some(NextAttempt::Draft(draft.id)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_an_unknown_authority_is_refused_but_one_whose_root_may_come_waits_for_a_day() {
    let (office, served) = opened().await;
    let portal = served.service().unwrap();
    let folder = tempfile::tempdir().unwrap();
    // It calls itself as the other does.
    let newer = DevCa::create_or_load(folder.path(), office.now(), &[ghost(CITIZEN)]).unwrap();
    let sent = send_by(&office, portal, (&newer, STRANGER)).await.unwrap();
    let Sent::Refused { code: why, .. } = sent else { panic!("{sent:?}") };
    assert_eq!((why.as_deref(), drafts(portal).await), (Some("chain-untrusted"), 1));
    assert_eq!(waiting(portal).await, []);

    let (citizen, session) = citizen(portal).await;
    let (draft, content) = reviewed(portal, &citizen, &[CHILD]).await;
    let cms = sign(&newer, STRANGER, eds::sha256(&content), office.now());
    office.switches.newer.set(newer).unwrap();
    let sent = portal.send((&citizen, &session), &draft, cms, portal.uuid()).await.unwrap();
    let Sent::Waiting(submitted) = sent else { panic!("{sent:?}") };
    for (hours, waits, is_left) in [(1, Awaited::Issuer, false), (24, Awaited::IssuerInVain, true)] {
        let now = after_hours(&office, portal, hours, submitted.case).await;
        assert_eq!((code(&now), told(&now, portal)), (Some("chain-untrusted"), waits));
        let (item, reason, is_aside) = shown(portal).await;
        assert_eq!((reason, item.words.as_str()), (Reason::IssuerUnknown, "chain-untrusted"));
        assert_eq!(is_aside, is_left);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_account_not_too_many_signatures_wait() {
    let (office, served) = opened().await;
    let portal = served.service().unwrap();
    let own = (&*office.authority, "p01");
    silence(&office, true);
    let mut case = None;
    for _ in 0..5 {
        let sent = send_by(&office, portal, own).await.unwrap();
        let Sent::Waiting(submitted) = sent else { panic!("{sent:?}") };
        case = Some(submitted.case);
    }
    assert_eq!(send_by(&office, portal, own).await, Err(SendRefused::ManyWait));
    assert_eq!(drafts(portal).await, 1, "it is kept");
    silence(&office, false);
    after_hours(&office, portal, 1, case.expect("a case")).await;
    assert!(send_by(&office, portal, own).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_signed_in_an_account_that_he_left_is_his_once_it_is_judged() {
    let (office, served) = opened().await;
    let portal = served.service().unwrap();
    let own = (&*office.authority, "p01");
    silence(&office, true);
    let sent = send_by(&office, portal, own).await.unwrap();
    let Sent::Waiting(submitted) = sent else { panic!("{sent:?}") };
    silence(&office, false);
    let (left, _) = citizen(portal).await;
    let proved = prove_another(&office, portal).await;
    let seen = async |it: &Citizen| {
        let view = portal.case_view(&Reader::Applicant(&it.id), submitted.case).await.unwrap();
        (view.is_some(), portal.cases_of(it).await.unwrap().len())
    };
    let before = (seen(&left).await, seen(&proved).await);
    assert_eq!(before, ((true, 1), (false, 0)), "who signed it is not known yet");
    let judged = after_hours(&office, portal, 1, submitted.case).await;
    assert_eq!(judged.signature.and_then(|it| it.valid), Some(true));
    assert_eq!((seen(&left).await, seen(&proved).await), ((false, 0), (true, 1)));
    assert_eq!(portal.notices_of(&left).await.unwrap(), []);
    assert_eq!(send_by(&office, portal, own).await, Err(SendRefused::ProvedElsewhere));
    assert_eq!(drafts(portal).await, 1, "what nobody signed stays where it was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_account_not_too_many_signatures_are_judged_in_vain_within_an_hour() {
    let (office, served) = opened().await;
    let portal = served.service().unwrap();
    let other = (&*office.authority, "p02");
    for _ in 0..10 {
        let sent = send_by(&office, portal, other).await.unwrap();
        assert!(matches!(sent, Sent::Refused { .. }), "{sent:?}");
    }
    assert_eq!(send_by(&office, portal, other).await, Err(SendRefused::ManyUnconfirmed));
    office.clock.advance(SignedDuration::from_hours(1));
    assert!(send_by(&office, portal, (&*office.authority, "p01")).await.is_ok());
}
