// SPDX-License-Identifier: MIT OR Apache-2.0
//! The list of accounts: what stands in it signs in, what was taken out has no session, and mistakes are named.

use crate::road::{Road, sign};
use crate::unjudged::{STRANGER, stranger};
use engine::case::PersonId;
use qyzmet::serve::{Config, accounts};
use regulation::model::Actor;
use service::Settings;
use service::access::Seat;
use service::accounts::{EdsSignIn, Followed, ListRefused, ListedAccount, Official, RegisterRefused, phc};

const AT: &str = "2026-11-23T05:00:00Z";
const PASSWORD: &str = "Ұзын-құпиясөз-2026";
/// The head of the demonstration, who has a key.
const HEAD: &str = "abai-education.head";

fn listed(login: &str, iin: &str, actors: Vec<Actor>) -> ListedAccount {
    let administers = actors.is_empty();
    ListedAccount {
        official: Official {
            login: login.to_owned(),
            seat: Seat {
                person: PersonId(login.to_owned()),
                organization: if administers { String::new() } else { "abai-education".to_owned() },
                actors,
                name: "Ойдан Шығарылған".to_owned(),
                iin: iin.to_owned(),
            },
            position_kk: "Маман".to_owned(),
            position_ru: "Специалист".to_owned(),
            administers,
        },
        password: phc(PASSWORD, [7; 16]),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_follow_the_list_and_closed_ones_lose_their_sessions() {
    let road = Road::open(AT).await;
    let region = &road.demo.region;
    let list = [listed("clerk", "900101300012", vec![Actor::ProviderOffice]), listed("root", "", Vec::new())];
    assert_eq!(region.follow_list(&list).await, Ok(Followed { opened: 2, ..Followed::default() }));
    assert_eq!(region.follow_list(&list).await, Ok(Followed::default()), "nothing changed");
    let (_, token) = region.sign_in_official("clerk", PASSWORD, None).await.unwrap();
    assert!(region.session(&token).await.unwrap().is_some());
    assert!(region.officials("abai-education").await.unwrap().iter().any(|it| it.login == "clerk"));

    let closed = region.follow_list(&list[1..]).await;
    assert_eq!(closed, Ok(Followed { closed: 1, ..Followed::default() }));
    assert_eq!(region.session(&token).await.unwrap(), None);
    assert!(region.sign_in_official("clerk", PASSWORD, None).await.is_err());
    assert!(!region.officials("abai-education").await.unwrap().iter().any(|it| it.login == "clerk"));
    assert!(region.official(HEAD).await.unwrap().is_some(), "who never stood in the list is left alone");

    let opened = region.follow_list(&list).await;
    assert_eq!(opened, Ok(Followed { opened: 1, ..Followed::default() }));
    assert_eq!(region.session(&token).await.unwrap(), None, "a session of before stays over");
    let (_, token) = region.sign_in_official("clerk", PASSWORD, None).await.unwrap();
    let mut changed = list.clone();
    changed[0].password = phc("Another-long-one", [8; 16]);
    assert_eq!(region.follow_list(&changed).await, Ok(Followed { changed: 1, ..Followed::default() }));
    assert_eq!(region.session(&token).await.unwrap(), None, "the password is another");
    changed[0].official.seat.iin = "910101300010".to_owned();
    let refused = region.follow_list(&changed).await;
    assert_eq!(refused, Err(ListRefused::AnotherPerson("clerk".to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_official_signs_in_by_the_key_of_his_organization_and_no_other() {
    let road = Road::open(AT).await;
    let region = &road.demo.region;
    let browser = region.browser_secret();
    let answer = async |login: &str, key: &str| {
        let challenge = region.sign_in_challenge(&browser).await.unwrap();
        let cms = road.sign(key, eds::sha256(&challenge.bytes));
        region.sign_in_official_by_eds(login, (challenge.id, &browser), &cms, None).await.unwrap()
    };
    let EdsSignIn::Yes { token, .. } = answer(HEAD, "abai-education-head").await else { panic!("refused") };
    assert!(region.session(&token).await.unwrap().unwrap().by_eds);
    assert_eq!(answer(HEAD, "abai-education-office").await, EdsSignIn::No(None), "another's key");
    assert_eq!(answer(HEAD, "p01").await, EdsSignIn::No(None), "a citizen's key");
    assert_eq!(answer("nobody", "abai-education-head").await, EdsSignIn::No(None));
    assert_eq!(answer("administrator", "p01").await, EdsSignIn::No(None), "he has no IIN here");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_cannot_be_judged_does_not_tell_whose_login_it_is() {
    let road = Road::open(AT).await;
    let region = &road.demo.region;
    let iin = road.official(HEAD).await.seat.iin;
    let (_folder, other) = stranger(&road.folder().join("demo/authority"), &iin, region.now());
    let browser = region.browser_secret();
    let mut answers = Vec::new();
    for login in [HEAD, "abai-education.office", "nobody"] {
        let challenge = region.sign_in_challenge(&browser).await.unwrap();
        let cms = sign(&other, STRANGER, eds::sha256(&challenge.bytes), region.now());
        let answer = (challenge.id, &*browser);
        answers.push(region.sign_in_official_by_eds(login, answer, &cms, None).await.unwrap());
        let left = region.given_sign_in_challenge(challenge.id, &browser).await.unwrap();
        assert_eq!(left.map(|it| it.id), Some(challenge.id), "{login}: it can be answered again");
    }
    let unknown = || EdsSignIn::Unknown(Some("certificate-not-issued".to_owned()));
    assert_eq!(answers, [unknown(), unknown(), unknown()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_registrations_of_one_iin_at_once_are_no_more_than_one_by_one() {
    let road = Road::open(AT).await;
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..14 {
        let portal = std::sync::Arc::clone(&road.demo.portal);
        let password = format!("a squatter's password {number}");
        tries.spawn(async move { portal.register_citizen("900101499994", &password).await });
    }
    let answers = tries.join_all().await;
    assert_eq!(answers.iter().filter(|it| it.is_ok()).count(), 5, "{answers:?}");
    let refused = answers.iter().filter(|it| matches!(it, Err(RegisterRefused::NotDone))).count();
    assert_eq!(refused, 9, "{answers:?}");
}

fn read(role: &str, list: &str, settings: &Settings) -> Result<Vec<ListedAccount>, String> {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("role.toml");
    let gateway = if role == "gateway" {
        ""
    } else {
        "[[peer]]\nid = \"g\"\nrole = \"gateway\"\ncommon_name = \"G\"\nurl = \"http://127.0.0.1:1/shep\"\n"
    };
    let config = format!(
        "role = \"{role}\"\nmode = \"development\"\ndata = \"data\"\nlisten = \"127.0.0.1:0\"\nroots = \"trust\"\n\
         accounts = \"accounts.toml\"\norganizations = [\"abai-education\"]\n[keys]\nsender = \"x\"\ncertificate = \"c\"\nkey = \"k\"\n\
         [messages]\nlisten = \"127.0.0.1:0\"\n{gateway}"
    );
    std::fs::write(&at, config).unwrap();
    std::fs::write(folder.path().join("accounts.toml"), list).unwrap();
    let config = Config::read(&at).unwrap();
    accounts::read(config.accounts.as_ref().unwrap(), &config, settings)
        .map_err(|it| it.to_string().rsplit_once(".toml: ").map_or_else(String::new, |it| it.1.to_owned()))
}

#[test]
fn mistakes_of_the_list_are_named_without_what_is_personal() {
    let settings = qyzmet::parts::settings::read(&qyzmet::parts::settings::Reading::default()).unwrap();
    let account = |more: &str| format!("[[account]]\nlogin = \"a\"\nname = \"Ойдан Шығарылған\"\n{more}\n");
    let clerk = "roles = [\"provider-office\"]\niin = \"900101300012\"\norganization = \"abai-education\"";
    let good = read("region", &account(clerk), &settings).unwrap();
    assert_eq!(good[0].official.seat.actors, [Actor::ProviderOffice]);
    let hash = phc(PASSWORD, [1; 16]).unwrap();
    let admin = account(&format!("roles = [\"administrator\"]\npassword = \"{hash}\""));
    for role in ["portal", "center", "region", "gateway"] {
        assert!(read(role, &admin, &settings).unwrap()[0].official.administers, "{role}");
    }
    let mistakes = [
        ("region", account("roles = [\"boss\"]"), "account `a`: there is no role `boss` here"),
        (
            "gateway",
            account(clerk),
            "account `a`: there is no role `provider-office` here; there are administrator",
        ),
        (
            "region",
            account(&clerk.replace("abai", "nowhere")),
            "account `a`: there is no organization `nowhere-education`",
        ),
        (
            "region",
            account(&clerk.replace("education", "social")),
            "account `a`: the workplaces of `abai-social` are not here",
        ),
        ("region", account(&clerk.replace("900101300012", "9001")), "account `a`: `iin` has 12 digits"),
        (
            "region",
            account(&format!("{clerk}\npassword = \"Qyzmet-2026\"")),
            "account `a`: `password` is no hash",
        ),
        ("region", account(clerk).repeat(2), "two accounts have the login `a`"),
        ("region", account("roles = []"), "account `a`: `roles` is empty"),
        ("region", format!("{}iin = 900101300012", account(clerk)), "line "),
    ];
    for (role, list, why) in mistakes {
        let told = read(role, &list, &settings).unwrap_err();
        assert!(told.starts_with(why), "{told}");
        assert!(!told.contains("900101300012") && !told.contains("Шығарылған"), "{told}");
    }
}
