// SPDX-License-Identifier: MIT OR Apache-2.0
//! Each thing that the doctor looks at, as it should be and not.

use crate::http::{Secured, with_tls};
use crate::office::Office;
use jiff::{SignedDuration, Timestamp};
use qyzmet::doctor::{Finding, State, examine};
use serde_json::Value;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::Ordering;
use web::{Lang, Words};

const NOON: &str = "2026-11-23T05:00:00Z";
const BIN: &str = "930140999904";

async fn at(office: &Office, text: &str, now: Timestamp) -> Vec<Finding> {
    let found = examine(&office.write(text), Words::new(Lang::En), now).await;
    follows_the_schema(&found);
    found
}

async fn found(office: &Office, text: &str) -> Vec<Finding> {
    at(office, text, office.now()).await
}

/// Whether what is printed is what docs/schemas/doctor.json describes.
fn follows_the_schema(found: &[Finding]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas/doctor.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let item = &schema["items"];
    for it in serde_json::to_value(found).unwrap().as_array().unwrap() {
        let it = it.as_object().unwrap();
        for (name, value) in it {
            assert!(item["properties"].get(name).is_some() && value.is_string(), "{name} is not described");
        }
        for name in item["required"].as_array().unwrap() {
            assert!(it.contains_key(name.as_str().unwrap()), "{name} is missing");
        }
        assert!(item["properties"]["state"]["enum"].as_array().unwrap().contains(&it["state"]));
        let good = it["state"] == "good";
        assert_eq!(it.contains_key("remedy"), !good, "what is amiss has a remedy, and nothing else: {it:?}");
        let plain = |it: &str| it.bytes().all(|it| it.is_ascii_lowercase() || it == b'-');
        assert!(it["code"].as_str().is_some_and(plain));
    }
}

#[track_caller]
fn shows(found: &[Finding], code: &str, state: State) {
    let it = found.iter().find(|it| it.code == code);
    let it = it.unwrap_or_else(|| panic!("no {code}: {found:#?}"));
    assert_eq!(it.state, state, "{it:?}");
}

#[track_caller]
fn shows_not(found: &[Finding], code: &str) {
    assert!(found.iter().all(|it| it.code != code), "{code}: {found:#?}");
}

fn stamp(whose: &str) -> String {
    format!(
        "\n[[stamp]]\norganization = \"abai-education\"\ncertificate = \"authority/{whose}.cer\"\nkey = \"authority/{whose}.key\"\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_lacks_nothing_is_told_so() {
    let office = Office::open(NOON).await;
    let text = office.portal() + &Office::lists() + &stamp(&format!("stamp-{BIN}"));
    let seen = found(&office, &text).await;
    for code in [
        "configuration-read",
        "folder-new",
        "secret-kept",
        "in-term",
        "believed",
        "list-answers",
        "clock-right",
        "peer-answers",
        "address-free",
    ] {
        shows(&seen, code, State::Good);
    }
    // All but the disk is of this test.
    let amiss: Vec<_> =
        seen.iter().filter(|it| it.state != State::Good && !it.code.starts_with("disk")).collect();
    assert!(amiss.is_empty(), "{amiss:?}");
    assert!(!office.path("data").exists(), "it changes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_that_cannot_be_read_is_the_only_finding() {
    let office = Office::open(NOON).await;
    let seen = found(&office, &office.portal().replace("listen", "lissen")).await;
    assert_eq!(seen.len(), 1);
    shows(&seen, "configuration-wrong", State::Bad);
    assert!(seen[0].seen.contains("portal.toml") && seen[0].seen.contains("lissen"), "{:?}", seen[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_stand_for_nothing_and_additions_that_cannot_be_read_are_told() {
    let office = Office::open(NOON).await;
    let text = office.portal();
    shows(&found(&office, &text).await, "settings-read", State::Good);
    let serves = |id: &str| {
        let region = "\n[[peer]]\nid = \"abai\"\nrole = \"region\"\ncommon_name = \"x\"\nvia = \"gateway\"\n";
        format!("{text}{region}addressees = [\"{id}\"]\n")
    };
    let line = |line: &str| text.replace("demo_accounts = true", line);
    let signs = |id: &str| format!("{text}\n[registers.{id}]\ncommon_name = \"x\"\n");
    let right = [serves("abai-education"), line("organizations = [\"abai-education\"]"), signs("gbd-fl")];
    for text in right {
        shows_not(&found(&office, &text).await, "name-unknown");
    }
    let wrong = [
        (serves("abai-educatoin"), "abai-educatoin"),
        (line("organizations = [\"abai-educatoin\"]"), "abai-educatoin"),
        // It is no one-stop-shop.
        (line("center = \"abai-education\""), "abai-education"),
        (signs("gbd-fll"), "gbd-fll"),
        // Its owner answers himself: nobody else signs.
        (signs("unemployed"), "unemployed"),
    ];
    for (text, name) in wrong {
        let seen = found(&office, &text).await;
        shows(&seen, "name-unknown", State::Bad);
        let told = seen.iter().filter(|it| it.code == "name-unknown" && it.seen.contains(name));
        assert_eq!(told.count(), 1, "{name}");
    }
    std::fs::create_dir_all(office.path("added/regulations")).unwrap();
    std::fs::write(office.path("added/regulations/broken.toml"), "no regulation").unwrap();
    let seen = found(&office, &line("add = \"added\"")).await;
    shows(&seen, "settings-wrong", State::Bad);
    assert!(seen.iter().any(|it| it.seen.contains("broken.toml")), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_others_read_that_are_absent_or_cannot_be_written_are_told() {
    let office = Office::open(NOON).await;
    let text = office.portal();
    let key = office.path("authority/transport-portal.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o640)).unwrap();
    let seen = found(&office, &text).await;
    shows(&seen, "secret-open-to-others", State::Bad);
    let remedy = seen.iter().find_map(|it| it.remedy.as_deref().filter(|it| it.contains("chmod 600")));
    assert!(remedy.is_some_and(|it| it.contains("transport-portal.key")));
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    shows_not(&found(&office, &text).await, "secret-open-to-others");

    let seen = found(&office, &text.replace("transport-portal.key", "absent.key")).await;
    shows(&seen, "secret-missing", State::Bad);
    shows(&seen, "key-unreadable", State::Bad);

    // A file is where the folder is to be made.
    let seen = found(&office, &text.replace("data = \"data\"", "data = \"portal.toml/data\"")).await;
    shows(&seen, "folder-closed", State::Bad);
    shows_not(&seen, "folder-new");
    std::fs::create_dir(office.path("data")).unwrap();
    shows(&found(&office, &text).await, "folder-written", State::Good);
    let seen = found(&office, &text.replace("data = \"data\"", "data = \"portal.toml\"")).await;
    shows(&seen, "folder-closed", State::Bad);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_do_not_fit_or_are_out_of_their_term_or_of_a_stranger_are_told() {
    let office = Office::open(NOON).await;
    let text = office.portal();
    shows(&found(&office, &text.replace("portal.key", "region.key")).await, "key-wrong", State::Bad);
    let hours = |days: i64| SignedDuration::from_hours(24 * days);
    shows(&at(&office, &text, office.now() - hours(60)).await, "not-yet-valid", State::Bad);
    let end = office.authority.transport("portal").unwrap().certificate().not_after();
    shows(&at(&office, &text, end - hours(10)).await, "ends-soon", State::Soon);
    shows(&at(&office, &text, end + hours(1)).await, "ended", State::Bad);

    std::fs::write(office.path("trust/roots.json"), "[]").unwrap();
    shows(&found(&office, &text).await, "roots-none", State::Bad);
    // The root of GOST keys has issued none of ours.
    let root = std::fs::read(office.path("authority/gost/root.cer")).unwrap();
    let mut roots = gateway::Roots::open(&office.path("strange")).unwrap();
    let how = gateway::Install { sha256: None, development: true, at: office.now() };
    let strange = roots.install(&root, how).unwrap();
    let text = text.replace("roots = \"trust\"", "roots = \"strange\"");
    shows(&found(&office, &text).await, "not-believed", State::Bad);
    std::fs::write(office.path(&format!("strange/{}.cer", strange.sha256)), b"another").unwrap();
    shows(&found(&office, &text).await, "roots-unusable", State::Bad);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stamp_that_is_revoked_or_ended_or_of_another_is_told() {
    let name = format!("stamp-{BIN}");
    let since: Timestamp = NOON.parse().unwrap();
    let office = Office::open_after(NOON, |it| assert!(it.revoke(&name, since).unwrap())).await;
    let text = office.portal() + &stamp(&name);
    let later = at(&office, &text, office.now() + SignedDuration::from_secs(1)).await;
    shows(&later, "revoked", State::Bad);
    let end = office.authority.stamp(BIN).unwrap().certificate().not_after();
    shows(&at(&office, &text, end + SignedDuration::from_secs(1)).await, "ended", State::Bad);
    shows(&found(&office, &(office.portal() + &stamp("p01"))).await, "stamp-wrong", State::Bad);
    let unknown = (office.portal() + &stamp(&name)).replace("abai-education", "nobody");
    shows(&found(&office, &unknown).await, "stamp-wrong", State::Bad);
    // In a device nothing is asked: a wrong PIN at each visit would lock it.
    let device = "\n[[stamp]]\norganization = \"abai-education\"\n[stamp.pkcs11]\nmodule = \"/no/such.so\"\ntoken = \"t\"\nkey = \"k\"\npin_file = \"pin\"\n";
    shows(&found(&office, &(office.portal() + device)).await, "stamp-in-device", State::Good);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_and_silent_authorities_are_told() {
    let office = Office::open(NOON).await;
    let text = office.portal();
    let ahead = async |seconds| {
        office.switches.ahead_seconds.store(seconds, Ordering::SeqCst);
        found(&office, &text).await
    };
    shows(&ahead(10).await, "clock-off", State::Soon);
    shows(&ahead(600).await, "clock-wrong", State::Bad);
    ahead(0).await;
    office.switches.no_stamps.store(true, Ordering::SeqCst);
    shows(&found(&office, &text).await, "time-stamps-silent", State::Soon);
    let none = text.replace(&format!("stamp = \"http://{}/tsp/\"\n", office.address), "");
    shows(&found(&office, &none).await, "time-stamps-none", State::Soon);
    office.switches.no_ocsp.store(true, Ordering::SeqCst);
    office.switches.no_lists.store(true, Ordering::SeqCst);
    shows(&found(&office, &text).await, "not-judged", State::Soon);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_silent_old_or_of_another_is_told() {
    let office = Office::open(NOON).await;
    let text = office.portal() + &Office::lists();
    office.switches.no_lists.store(true, Ordering::SeqCst);
    shows(&found(&office, &text).await, "list-silent", State::Bad);
    office.switches.no_lists.store(false, Ordering::SeqCst);
    let config = qyzmet::serve::Config::read(&office.write(&text)).unwrap();
    {
        let served =
            qyzmet::serve::Served::open_by(config, std::sync::Arc::clone(&office.clock)).await.unwrap();
        served.lists().unwrap().refresh(office.now()).await;
    }
    shows(&found(&office, &text).await, "list-kept", State::Good);
    office.switches.no_lists.store(true, Ordering::SeqCst);
    shows(&found(&office, &text).await, "list-silent", State::Soon);
    office.switches.no_lists.store(false, Ordering::SeqCst);
    office.switches.other_list.store(true, Ordering::SeqCst);
    shows(&found(&office, &text).await, "list-not-believed", State::Bad);
    office.switches.other_list.store(false, Ordering::SeqCst);
    // The authority's clock stands still, ours goes on: what it gives has ended.
    let later = office.now() + SignedDuration::from_hours(30);
    shows(&at(&office, &text, later).await, "list-old", State::Bad);
    office.switches.ahead_seconds.store(30 * 3600, Ordering::SeqCst);
    shows(&at(&office, &text, later).await, "list-kept-ended", State::Soon);
    let swapped = text.replace("authority = \"authority/nca.cer\"", "authority = \"authority/nca.key\"");
    shows(&found(&office, &swapped).await, "list-authority-wrong", State::Bad);
    let changes = text.replacen("nca.crl\"\n", "nca.crl\"\nchanges = \"http://old.invalid/d.crl\"\n", 1);
    let changes = changes.replace(
        "[evidence.instead]",
        "[evidence.instead]\n\"http://old.invalid/d.crl\" = \"http://127.0.0.1:1/\"",
    );
    shows(&found(&office, &changes).await, "configuration-read", State::Good);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_away_and_a_port_that_is_taken_are_told() {
    let office = Office::open(NOON).await;
    let address = office.address.to_string();
    let text = office.portal();
    let peer =
        |url: &str| text.replace(&format!("url = \"http://{address}/shep\""), &format!("url = \"{url}\""));
    shows(&found(&office, &peer("http://127.0.0.1:1/shep")).await, "peer-away", State::Bad);
    shows(&found(&office, &peer(&format!("http://{address}/elsewhere"))).await, "peer-no-port", State::Bad);
    // The authority answers there, which is no role of ours.
    let taken = text.replacen("127.0.0.1:0", &address, 1);
    shows(&found(&office, &taken).await, "address-taken", State::Bad);
    let app = axum::Router::new().route("/healthz", axum::routing::get(|| async { "lives\n" }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let ours = listener.local_addr().unwrap().to_string();
    drop(tokio::spawn(async move { axum::serve(listener, app).await }));
    let seen = found(&office, &text.replacen("127.0.0.1:0", &ours, 1)).await;
    shows(&seen, "address-listened", State::Good);
    shows_not(&seen, "address-taken");
    let tls = text.replace(
        "[[peer]]",
        "[messages.tls]\ncertificates = [\"absent.cer\"]\nkey = \"absent.key\"\nroots = []\n\n[[peer]]",
    );
    shows(&found(&office, &tls).await, "tls-unreadable", State::Bad);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_of_connections_that_is_not_believed_is_told() {
    let there = Secured::open().await;
    let office = &there.office;
    let text = office
        .portal()
        .replace(&format!("http://{}/shep", office.address), &format!("https://{}/shep", there.address));
    // They were made now, whatever time it is at the office.
    let own = eds::Certificate::parse(&std::fs::read(office.path("tls/own.pem")).unwrap()).unwrap();
    let now = own.not_before() + SignedDuration::from_mins(1);
    let seen = at(office, &with_tls(&text, "tls", "tls"), now).await;
    shows(&seen, "tls-believed", State::Good);
    // It lets us in; a portal only has no port of a gateway.
    shows(&seen, "peer-no-port", State::Bad);
    // We do not believe the other side, which shows a certificate of another root; then not even our own.
    let seen = at(office, &with_tls(&text, "strange", "strange"), now).await;
    shows(&seen, "tls-believed", State::Good);
    shows(&seen, "peer-not-believed", State::Bad);
    let seen = at(office, &with_tls(&text, "tls", "strange"), now).await;
    shows(&seen, "tls-not-believed", State::Soon);
    let ended = with_tls(&text, "tls", "tls").replace("own.pem", "ended.pem");
    shows_not(&at(office, &ended, now).await, "tls-believed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_is_told_in_three_languages() {
    let office = Office::open(NOON).await;
    office.switches.no_stamps.store(true, Ordering::SeqCst);
    let path = office.write(&office.portal());
    let mut told = BTreeMap::new();
    for lang in Lang::ALL {
        let found = examine(&path, Words::new(lang), office.now()).await;
        let codes: Vec<_> = found.iter().map(|it| (it.code, it.state)).collect();
        told.entry(codes).or_insert_with(Vec::new).push(found);
    }
    assert_eq!(told.len(), 1, "codes and states are those of every language");
    let [kk, ru, en] = told.into_values().next().unwrap().try_into().unwrap();
    for ((kk, ru), en) in kk.iter().zip(&ru).zip(&en) {
        let of = |it: &Finding| (it.seen.clone(), it.remedy.clone());
        let [kk, ru, en] = [kk, ru, en].map(of);
        assert!(kk != ru && ru != en && kk != en, "{en:?}");
    }
    // The program takes the language from the system, or as it is told.
    let run = |args: &[&str], lang: &str| {
        let program = Command::new(env!("CARGO_BIN_EXE_qyzmet"))
            .args(["doctor", "--config", "portal.toml"])
            .args(args)
            .current_dir(office.folder())
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .env("LANG", lang)
            .output()
            .unwrap();
        assert_eq!(program.status.code(), Some(1), "{program:?}");
        String::from_utf8(program.stdout).unwrap()
    };
    std::fs::remove_file(office.path("authority/transport-portal.key")).unwrap();
    assert!(run(&[], "ru_RU.UTF-8").contains("ОШИБКА"));
    assert!(run(&[], "C.UTF-8").contains("ҚАТЕ"));
    assert!(run(&["--lang", "en"], "ru_RU.UTF-8").contains("BAD"));
    let json: Value = serde_json::from_str(&run(&["--json"], "kk_KZ.UTF-8")).unwrap();
    assert!(json.as_array().unwrap().iter().any(|it| it["code"] == "secret-missing"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_does_not_start_names_the_doctor_who_looks_at_the_same_file() {
    let office = Office::open(NOON).await;
    let text = office.portal().replace("transport-portal.key", "absent.key");
    std::fs::write(office.path("qyzmet.toml"), text).unwrap();
    let run = |args: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_qyzmet"));
        program.args(args).current_dir(office.folder()).output().unwrap()
    };
    let serve = run(&["serve"]);
    let told = String::from_utf8(serve.stderr).unwrap();
    assert_eq!(serve.status.code(), Some(2));
    assert!(told.contains("absent.key") && told.contains("`qyzmet doctor --config qyzmet.toml`"), "{told}");
    std::fs::remove_dir(office.path("data")).unwrap();
    // The file was named without its folder; the disk is that of the folder all the same.
    let json: Value = serde_json::from_slice(&run(&["doctor", "--json"]).stdout).unwrap();
    let codes: Vec<_> = json.as_array().unwrap().iter().filter_map(|it| it["code"].as_str()).collect();
    assert!(codes.contains(&"key-unreadable") && codes.contains(&"folder-new"), "{codes:?}");
    assert!(codes.iter().any(|it| it.starts_with("disk-") && *it != "disk-unknown"), "{codes:?}");
}
