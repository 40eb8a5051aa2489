// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who comes by EDS where an account with a password claims his IIN; and sessions of one browser.

use crate::browser::{Answer, Browser};
use crate::portal::base64;
use crate::road::{Child, Road, reviewed, sign};
use crate::signing::unbase64;
use crate::unjudged::{STRANGER, stranger};
use axum::http::StatusCode;
use jiff::SignedDuration;
use qyzmet::demo::CITIZEN_PASSWORD;
use service::accounts::{ATTEMPTS_MAX, Citizen, Claim, EdsSignIn, Session, SignInRefused};
use service::portal::{SendRefused, Sent};

const NOON: &str = "2026-11-23T05:00:00Z";
/// An invented citizen whose key is `p01`; the demonstration has made an account with his number and a password.
const KNOWN: &str = "580308499930";
const CHILDREN: [Child<'static>; 2] =
    [("Нұрсұлтанұлы", "Бекзат", "2012-09-14"), ("Ерғазина", "Аяулым", "2009-10-10")];
const ENTRY: &str = "/kk/sign-in/eds";

/// Comes by EDS and says this of the account.
async fn came(road: &Road, claim: Claim<'_>) -> EdsSignIn {
    let portal = &road.demo.portal;
    let browser = portal.browser_secret();
    let challenge = portal.sign_in_challenge(&browser).await.unwrap();
    let cms = road.sign("p01", eds::sha256(&challenge.bytes));
    portal.sign_in_by_eds((challenge.id, &browser), &cms, claim, None).await.unwrap()
}

/// Signs the challenge of a page; returns its id and the signature.
fn signed(road: &Road, page: &Answer) -> (String, String) {
    let (_, behind) = page.text.split_once("data-sign-content-bytes=\"").expect("a challenge");
    let bytes = unbase64(behind.split('"').next().expect("its bytes"));
    (page.hidden("challenge"), base64(&road.sign("p01", eds::sha256(&bytes))))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_claims_the_number_is_joined_by_its_password_and_nothing_of_it_is_lost() {
    let road = Road::open(NOON).await;
    let portal = &road.demo.portal;
    let (claimed, _) = road.citizen(KNOWN).await;
    let (draft, _) = reviewed(portal, &claimed, &CHILDREN).await;
    let (_, before) = portal.sign_in_citizen(KNOWN, CITIZEN_PASSWORD, None).await.unwrap();
    for _ in 0..ATTEMPTS_MAX {
        portal.sign_in_citizen(KNOWN, "a stranger's guess", None).await.unwrap_err();
    }
    let locked = portal.sign_in_citizen(KNOWN, CITIZEN_PASSWORD, None).await;
    assert!(matches!(locked, Err(SignInRefused::Locked { .. })), "{locked:?}");
    let browser = portal.browser_secret();
    let challenge = portal.sign_in_challenge(&browser).await.unwrap();
    let cms = road.sign("p01", eds::sha256(&challenge.bytes));
    let says = async |claim: Claim<'_>| {
        portal.sign_in_by_eds((challenge.id, &browser), &cms, claim, None).await.unwrap()
    };
    assert_eq!(says(Claim::Unsaid).await, EdsSignIn::Claimed(None));
    let wrong = SignInRefused::Wrong { left: 4 };
    assert_eq!(says(Claim::Mine("another password")).await, EdsSignIn::Claimed(Some(wrong)));
    assert!(portal.citizen(&claimed.id).await.unwrap().unwrap().proof.is_none(), "nothing has changed");
    let EdsSignIn::Yes { account, token, first } = says(Claim::Mine(CITIZEN_PASSWORD)).await else {
        panic!("not signed in")
    };
    assert_eq!((&account, first), (&claimed.id, false));
    assert!(portal.session(&token).await.unwrap().unwrap().by_eds);
    assert_eq!(portal.session(&before).await.unwrap(), None, "whoever was in it before is out");
    let joined = portal.citizen(&account).await.unwrap().unwrap();
    assert!(joined.proof.is_some() && joined.full_name.is_some());
    assert_eq!(portal.drafts(&account).await.unwrap()[0].id, draft.id);
    assert_eq!(portal.sign_in_citizen(KNOWN, CITIZEN_PASSWORD, None).await.unwrap().0, account);
    assert_eq!(says(Claim::Unsaid).await, EdsSignIn::Stale, "a challenge serves once");
}

#[tokio::test(flavor = "multi_thread")]
async fn by_the_page_the_person_is_asked_and_signs_once() {
    let road = Road::open(NOON).await;
    let (claimed, _) = road.citizen(KNOWN).await;
    let (draft, _) = reviewed(&road.demo.portal, &claimed, &CHILDREN).await;
    let mut browser = Browser::new(&road);
    let page = browser.get(ENTRY).await;
    let (challenge, cms) = signed(&road, &page);
    let form = [("challenge", &*challenge), ("next", "/cabinet"), ("cms-sign-in", &*cms)];
    let and = |more: &[(&'static str, &'static str)]| [form.as_slice(), more].concat();
    let asked = browser.post(ENTRY, &form).await;
    assert_eq!(asked.status, StatusCode::OK);
    asked.says("Сіздің ЖСН-іңіз көрсетілген есептік жазба бар");
    asked.says("Кірмей шығу");
    assert_eq!((asked.hidden("challenge"), asked.hidden("cms-sign-in")), (challenge.clone(), cms.clone()));
    assert_eq!(browser.get("/kk/cabinet").await.status, StatusCode::SEE_OTHER, "he is not signed in yet");
    let empty = browser.post(ENTRY, &and(&[("password", ""), ("account", "mine")])).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = browser.post(ENTRY, &and(&[("password", "басқа құпиясөз"), ("account", "mine")])).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.says("Құпиясөз дұрыс емес. Қалған әрекет саны: 4.");
    let entered = browser.post(ENTRY, &and(&[("password", CITIZEN_PASSWORD), ("account", "mine")])).await;
    assert_eq!(entered.to, "/kk/cabinet", "{}", entered.text);
    let cabinet = browser.get("/kk/cabinet").await;
    cabinet.says("Жеке басыңыз расталды.");
    cabinet.says(&draft.id.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_not_his_ends_unseen_and_who_comes_by_its_password_reads_why() {
    let road = Road::open(NOON).await;
    let portal = &road.demo.portal;
    let (claimed, _) = road.citizen(KNOWN).await;
    reviewed(portal, &claimed, &CHILDREN).await;
    let EdsSignIn::Yes { account, first, .. } = came(&road, Claim::NotMine).await else { panic!("refused") };
    assert!(first && account != claimed.id);
    assert_eq!(portal.citizen(&claimed.id).await.unwrap(), None);
    assert_eq!(portal.drafts(&account).await.unwrap(), [], "a stranger's draft is nobody's to see");
    assert!(portal.opened_before(KNOWN, CITIZEN_PASSWORD).await.unwrap());
    let mut browser = Browser::new(&road);
    browser.sign_in(KNOWN).await.says("Бұл есептік жазба жабылған");
    let form = [("iin", KNOWN), ("password", "басқа құпиясөз"), ("next", "/cabinet")];
    browser.post("/kk/sign-in", &form).await.says("ЖСН немесе құпиясөз дұрыс емес.");
}

/// An account that claims the number, with an application whose signature waits to be judged.
async fn sent_in_wait(road: &Road) -> (Citizen, Session) {
    let portal = &road.demo.portal;
    let (claimed, session) = road.citizen(KNOWN).await;
    let (draft, content) = reviewed(portal, &claimed, &CHILDREN[..1]).await;
    let (_folder, other) = stranger(&road.folder().join("demo/authority"), KNOWN, portal.now());
    let cms = sign(&other, STRANGER, eds::sha256(&content), portal.now());
    let sent = portal.send((&claimed, &session), &draft, cms, portal.uuid()).await.unwrap();
    assert!(matches!(sent, Sent::Waiting(_)), "{sent:?}");
    (claimed, session)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_whose_application_waits_for_judgement_does_not_end_nor_take_the_persons_place() {
    let road = Road::open(NOON).await;
    let portal = &road.demo.portal;
    let (claimed, session) = sent_in_wait(&road).await;

    let EdsSignIn::Yes { account, .. } = came(&road, Claim::NotMine).await else { panic!("refused") };
    assert_ne!(account, claimed.id);
    assert_eq!(portal.sign_in_citizen(KNOWN, CITIZEN_PASSWORD, None).await.unwrap().0, claimed.id);
    assert_eq!(portal.history(&claimed.id).await.unwrap().len(), 1);
    // He has proved another account, and that stays his: from here nothing is sent any more, whoever signs it.
    let (draft, cms) = road.signed_draft(&(claimed.clone(), session.clone()), "p01", &CHILDREN[1..]).await;
    let sent = portal.send((&claimed, &session), &draft, cms, portal.uuid()).await;
    assert_eq!(sent, Err(SendRefused::ProvedElsewhere));
    assert!(portal.citizen(&claimed.id).await.unwrap().unwrap().proof.is_none());
    let mut browser = Browser::new(&road);
    browser.sign_in(KNOWN).await;
    let cabinet = browser.get("/kk/cabinet").await;
    cabinet.says("Жеке басыңыз басқа есептік жазбаңызда расталған.");
    cabinet.says(&draft.id.to_string());
    for address in
        [format!("/services/{}/apply", draft.service.as_str()), format!("/apply/{}/review", draft.id)]
    {
        let page = browser.get(&format!("/kk{address}")).await;
        page.says("Өтінішті осы жерден жіберуге болмайды");
        for offered in ["data-sign-submit", "name=\"provider\""] {
            assert!(!page.text.contains(offered), "{address}: what cannot be sent is not begun nor signed");
        }
    }
    let page = browser.get("/kk/prove").await;
    let (challenge, cms) = signed(&road, &page);
    let form = [("challenge", &*challenge), ("next", "/cabinet"), ("cms-proof", &*cms)];
    let proved = browser.post("/kk/prove", &form).await;
    browser.get(&proved.to).await.says("Жеке басыңыз басқа есептік жазбаңызда расталған.");
    let EdsSignIn::Yes { account: again, first, .. } = came(&road, Claim::Unsaid).await else {
        panic!("refused")
    };
    assert_eq!((again, first), (account, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_whose_signature_waits_for_nothing_any_more_gives_way() {
    let road = Road::open(NOON).await;
    let portal = &road.demo.portal;
    let (claimed, _) = sent_in_wait(&road).await;
    road.demo.clock.advance(SignedDuration::from_mins(1));
    for _ in 0..4 {
        portal.register_citizen(KNOWN, "a squatter's password").await.unwrap();
    }
    road.demo.clock.advance(SignedDuration::from_hours(25));
    portal.register_citizen(KNOWN, "the owner's password").await.unwrap();
    assert_eq!(portal.citizen(&claimed.id).await.unwrap(), None, "the oldest gave way");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_sign_in_in_a_browser_ends_its_first_session() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    browser.sign_in(KNOWN).await;
    let mut before = browser.clone();
    browser.sign_in("680303499904").await;
    assert_eq!(before.get("/kk/cabinet").await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/kk/cabinet").await.status, StatusCode::OK);
    browser.sign_in_official("region", "abai-education.head").await;
    let mut before = browser.clone();
    browser.sign_in_official("region", "abai-education.office").await;
    assert_eq!(before.get("/kk/region").await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/kk/region").await.status, StatusCode::OK);
}
