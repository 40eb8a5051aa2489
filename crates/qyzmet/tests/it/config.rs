// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is wrong in a configuration is told with the file, the key and what to do.

use crate::office::Office;
use qyzmet::serve::{Config, Served};

const NOON: &str = "2026-11-23T05:00:00Z";
const KNOWN: &str = "http://dev-ca.qyzmet.invalid/crl/nca.crl";
const LIST: &str = "\n[[lists.kept]]\nauthority = \"authority/nca.cer\"\n";

/// Returns what is told of a configuration.
fn told(office: &Office, text: &str) -> String {
    Config::read(&office.write(text)).map(drop).expect_err("it is wrong").to_string()
}

const BROKER: &str = "\n[messages.nats]\nservers = [\"tls://127.0.0.1:4222\"]\n";
const BROKER_TLS: &str =
    "\n[messages.nats.tls]\ncertificates = [\"tls.cer\"]\nkey = \"tls.key\"\nroots = [\"root.cer\"]\n";

/// Returns it as production would have it, but for the address of its gateway.
fn production(good: &str) -> String {
    let real = good.replace("development", "production").replace("demo_accounts = true", "");
    let tls = BROKER_TLS.replace("messages.nats.tls", "messages.tls");
    let real = real.replace("common_name = ", "bin = \"950340999915\"\ncommon_name = ");
    real.replace("\n[[peer]]", &format!("{tls}\n[[peer]]"))
}

/// Returns it as production would have it.
fn secured(good: &str) -> String {
    production(good).replace("url = \"http://", "url = \"https://")
}

#[tokio::test]
async fn production_sends_over_https_and_over_brokers_under_tls() {
    let office = Office::open(NOON).await;
    let good = secured(&office.portal());
    let named = "\n[addresses]\nregisters = \"nats:registers/sync\"\n";
    let brokers = good.clone() + BROKER + BROKER_TLS + named;
    for text in [good, brokers.replace("url = \"https://", "url = \"nats:")] {
        Config::read(&office.write(&text)).unwrap();
    }
}

#[tokio::test]
async fn what_cannot_be_is_told_with_the_file_the_key_and_what_to_do() {
    let office = Office::open(NOON).await;
    let good = office.portal();
    Config::read(&office.write(&good)).unwrap();
    let peer = "\n[[peer]]\nid = \"gateway\"\nrole = \"gateway\"\ncommon_name = \"x\"\n";
    let cases: Vec<(String, &[&str])> = vec![
        (good.replace("role = \"portal\"", "role = \"portl\""), &["portl", "`portal`", "line 1"]),
        (
            good.replace("listen = \"127.0.0.1:0\"\nroots", "listen = \"localhost:8080\"\nroots"),
            &["listen", "`localhost:8080`", "IP:PORT", "127.0.0.1:8080"],
        ),
        (
            good.replace("listen = \"127.0.0.1:0\"\n\n", "listen = \"127.0.0.1:99999\"\n\n"),
            &["listen", "`127.0.0.1:99999`", "IP:PORT"],
        ),
        (good.replace("base_url", "base_adress"), &["base_adress", "base_url"]),
        (good.replace("roots = \"trust\"\n", ""), &["missing field `roots`"]),
        (good.replace("key = \"", "keys = \""), &["keys", "`key`"]),
        (good.replace("role = \"gateway\"", "role = \"region\""), &["[[peer]]", "role = \"gateway\""]),
        (good.clone() + peer, &["two peers have the id `gateway`"]),
        (good.clone() + "via = \"gateway\"\n", &["`gateway`", "`url` and `via`"]),
        (good.replace("url = \"http://", "url = \"nats:"), &["`nats:`", "[messages.nats]"]),
        (good.clone() + "[lists]\nevery_minutes = 1\n", &["[lists] every_minutes", "from 5 to 1440"]),
        (good.clone() + "[lists]\nevery = 60\n", &["`every`", "every_minutes"]),
        (
            good.clone() + LIST + "url = \"http://crl.example/a.crl\"\n",
            &["crl.example", "[evidence]", "`hosts`"],
        ),
        (
            good.clone() + LIST + &format!("url = \"{KNOWN}\"\nchanges = \"{KNOWN}\"\n"),
            &["[[lists.kept]]", KNOWN, "named twice"],
        ),
        (
            good.clone() + &LIST.repeat(17).replace("nca.cer\"", "nca.cer\"\nurl = \"x\""),
            &["more than 16 lists"],
        ),
        (good.replace("development", "production"), &["demo_accounts", "development"]),
        (
            good.replace("development", "production").replace("demo_accounts = true", ""),
            &["TLS", "[messages.tls]"],
        ),
        (production(&good), &["peer `gateway`", "https"]),
        (
            secured(&good) + "\n[addresses]\nregisters = \"http://127.0.0.1/shep/sync\"\n",
            &["[addresses] `registers`", "https://", "nats:"],
        ),
        (secured(&good) + BROKER, &["[messages.nats.tls]"]),
        (secured(&good).replace("url = \"https://", "url = \"nats:"), &["`nats:`", "[messages.nats]"]),
        ("\u{0}".repeat(2_000_000), &["longer than 1048576 bytes"]),
    ];
    for (text, words) in cases {
        let told = told(&office, &text);
        assert!(told.contains("portal.toml"), "no file: {told}");
        for word in words {
            assert!(told.contains(word), "no {word}: {told}");
        }
    }
    let absent = Config::read(&office.path("absent.toml")).map(drop).unwrap_err().to_string();
    assert!(absent.contains("absent.toml"), "{absent}");
}

#[tokio::test]
async fn a_peer_or_an_endpoint_without_an_address_is_told() {
    let office = Office::open(NOON).await;
    let good = office.portal();
    let region = "\n[[peer]]\nid = \"abai\"\nrole = \"region\"\ncommon_name = \"x\"\n";
    let addresses = "\n[addresses]\nabai = \"http://127.0.0.1:1/shep/client\"\n";
    let url = format!("url = \"http://{}/shep\"\n", office.address);
    let known = "\n[routes.systems.abai]\nendpoint = \"abai\"\npeer = { common_name = \"x\" }\n\
                 [routes.systems.polls]\npeer = { common_name = \"y\" }\n";
    Config::read(&office.write(&(good.clone() + known + addresses))).unwrap();
    let cases: Vec<(String, &[&str])> = vec![
        (good.replace(&url, ""), &["gateway `gateway`", "no `url`"]),
        (good.replace(&url, "via = \"gateway\"\n"), &["gateway `gateway`", "no `url`"]),
        (good.clone() + region, &["peer `abai`", "neither `url` nor `via`"]),
        (good.clone() + region + "via = \"gatewey\"\n", &["peer `abai`", "`gatewey`", "role = \"gateway\""]),
        (
            good.clone() + "\n[routes.registers.S]\nendpoint = \"typo\"\n",
            &["[routes]", "register `S`", "\"typo\" = \"URL\"", "`[addresses]`"],
        ),
        (
            good.clone() + "\n[routes.systems.abai]\nendpoint = \"abai/client\"\n" + addresses,
            &["[routes]", "system `abai`", "`abai/client`", "`[addresses]`"],
        ),
    ];
    for (text, words) in cases {
        let told = told(&office, &text);
        for word in words {
            assert!(told.contains(word), "no {word}: {told}");
        }
    }
}

#[tokio::test]
async fn a_peer_that_names_nobody_is_told() {
    let office = Office::open(NOON).await;
    let good = office.portal();
    let nobody = |place: &'static str| [place, "names nobody", "`bin` and the `common_name`"].to_vec();
    let system = |peer: &str| format!("{good}\n[routes.systems.abai]\n{peer}");
    let register = format!(
        "{good}\n[routes.registers.S]\nendpoint = \"gateway/sync\"\npeer = {{ common_name = \"x\" }}\npayload = {{}}\n"
    );
    let cases = [
        (system(""), nobody("[routes.systems.abai] peer")),
        (system("peer = {}\n"), nobody("[routes.systems.abai] peer")),
        (system("peer = { common_name = \" \" }\n"), nobody("[routes.systems.abai] peer")),
        (system("peer = { common_name = \"x\" }\npayload = {}\n"), nobody("[routes.systems.abai] payload")),
        (register, nobody("[routes.registers.S] payload")),
        (format!("{good}\n[registers]\ngbd-fl = {{}}\n"), nobody("[registers.gbd-fl]")),
        (
            good.replace("common_name = \"QYZMET GATEWAY (DEV)\"", "common_name = \"\""),
            nobody("peer `gateway`"),
        ),
        (
            secured(&good) + "\n[routes.systems.abai]\npeer = { common_name = \"x\" }\n",
            vec!["[routes.systems.abai] peer", "no `bin`", "production"],
        ),
        (
            secured(&good).replace("bin = \"950340999915\"\n", ""),
            vec!["peer `gateway`", "no `bin`", "production"],
        ),
        (
            system("peer = { bin = \"950340999915\" }\n"),
            vec!["[routes.systems.abai] peer", "no `common_name`", "everybody's key of that organisation"],
        ),
        (
            format!("{good}\n[registers]\ngbd-fl = {{ bin = \"950340999915\" }}\n"),
            vec!["[registers.gbd-fl]", "no `common_name`"],
        ),
        (
            secured(&good).replace("bin = \"950340999915\"", "bin = \"95034099991\""),
            vec!["peer `gateway`", "`95034099991`", "12 digits"],
        ),
        (
            system("peer = { bin = \"95034099991x\", common_name = \"x\" }\n"),
            vec!["[routes.systems.abai] peer", "`95034099991x`", "12 digits"],
        ),
    ];
    for (text, words) in cases {
        let told = told(&office, &text);
        for word in words {
            assert!(told.contains(word), "no {word}: {told}");
        }
    }
}

#[tokio::test]
async fn systems_that_one_certificate_could_be_of_are_told() {
    let office = Office::open(NOON).await;
    let good = office.portal();
    let (ours, theirs) = ("950340999915", "930140999904");
    let named = |bin: &str| format!("{{ bin = \"{bin}\", common_name = \"x\" }}");
    let bare = "{ common_name = \"x\" }".to_owned();
    let systems = |abai: &str, polls: &str| {
        format!("{good}\n[routes.systems.abai]\npeer = {abai}\n[routes.systems.polls]\npeer = {polls}\n")
    };
    let registers = |signer: &str| format!("{good}\n[registers]\ngbd-fl = {signer}\nenis = {signer}\n");
    let apart = [
        systems(&named(ours), &named(theirs)),
        registers(&named(ours)),
        systems(&bare, "{ common_name = \"y\" }"),
    ];
    for text in apart {
        Config::read(&office.write(&text)).unwrap();
    }
    let alike = ["[routes]", "system `abai` and system `polls`", "its own certificate"];
    let region = "\n[[peer]]\nid = \"abai\"\nrole = \"region\"\nvia = \"gateway\"\ncommon_name = \"QYZMET GATEWAY (DEV)\"\n";
    let cases = [
        (systems(&named(ours), &named(ours)), alike),
        (systems(&named(ours), &bare), alike),
        (systems(&bare, &named(theirs)), alike),
        (good.clone() + region, ["peer `gateway` and peer `abai`", "named alike", "its own certificate"]),
    ];
    for (text, words) in cases {
        let told = told(&office, &text);
        for word in words {
            assert!(told.contains(word), "no {word}: {told}");
        }
    }
}

const PEP: &str = "\n[[peer]]\nid = \"pep\"\nrole = \"portal\"\ncommon_name = \"x\"\nvia = \"gateway\"\nform = \"published\"\n";
const TABLE: &str = "\n[published.services.A]\nservice = \"guardianship-certificate\"\nresult = \"paper\"\n";

#[tokio::test]
async fn a_portal_that_knows_the_published_form_only_stands_before_a_region_with_tables() {
    let office = Office::open(NOON).await;
    let good = office.region();
    let ours = PEP.replace("form = \"published\"\n", "").replace("\"x\"", "\"y\"");
    let other = PEP.replace("\"pep\"", "\"other\"").replace("\"x\"", "\"z\"") + "route = \"OTHER\"\n";
    // Several of them, and one of ours.
    let beside = PEP.to_owned() + &other + &ours.replace("\"pep\"", "\"portal\"");
    Config::read(&office.write(&(good.clone() + &beside + TABLE))).unwrap();
    let cases: Vec<(String, &[&str])> = vec![
        (good.clone() + PEP, &["peer `pep`", "`[published.services.\"CODE\"]`"]),
        (good.clone() + TABLE, &["`[published]` is of no peer", "`form = \"published\"`"]),
        (office.portal() + PEP + TABLE, &["peer `pep`", "only a region", "take `form` out"]),
        (
            good.clone() + &PEP.replace("role = \"portal\"", "role = \"center\"") + TABLE,
            &["peer `pep`", "`role = \"portal\"`"],
        ),
        (good.clone() + &ours + "route = \"PEP\"\n", &["peer `pep`", "`route`", "take it out"]),
        (
            good.clone() + &PEP.replace("\"pep\"", "\"portal\"") + &ours + TABLE,
            &["peer `portal`", "our own `portal`", "another id"],
        ),
        (good.clone() + &PEP.replace("\"published\"", "\"foreign\"") + TABLE, &["`foreign`", "`published`"]),
        (good.clone() + PEP + TABLE + "resalt = \"paper\"\n", &["resalt", "`result`"]),
        (good.clone() + PEP + TABLE + "[published.words]\npositiv = \"X\"\n", &["positiv", "`positive`"]),
    ];
    for (text, words) in cases {
        let told = told(&office, &text);
        for word in words {
            assert!(told.contains(word), "no {word}: {told}");
        }
    }
}

#[tokio::test]
async fn what_is_found_only_at_the_start_names_its_file_too() {
    let office = Office::open(NOON).await;
    let good = office.portal();
    let list = LIST.to_owned() + "url = \"http://dev-ca.qyzmet.invalid/crl/nca.crl\"\n";
    let stamp = "\n[[stamp]]\norganization = \"abai-education\"\ncertificate = \"authority/p01.cer\"\nkey = \"authority/p01.key\"\n";
    for (text, words) in [
        (good.replace("transport-portal.key", "transport-center.key"), &["transport-center.key"][..]),
        (good.replace("transport-portal.cer", "absent.cer"), &["absent.cer"]),
        (good.clone() + &list.replace("nca.cer", "nca.key"), &["nca.key", "authority"]),
        (good.clone() + stamp, &["abai-education", "bin"]),
        (good.clone() + &stamp.replace("abai-education", "nobody"), &["nobody", "no such organisation"]),
    ] {
        let config = Config::read(&office.write(&text)).unwrap();
        let told = Served::open(config).await.map(drop).expect_err("it cannot start").to_string();
        for word in words {
            assert!(told.contains(word), "no {word}: {told}");
        }
    }
}
