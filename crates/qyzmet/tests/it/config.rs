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

#[tokio::test]
async fn what_cannot_be_is_told_with_the_file_the_key_and_what_to_do() {
    let office = Office::open(NOON).await;
    let good = office.portal();
    Config::read(&office.write(&good)).unwrap();
    let peer = "\n[[peer]]\nid = \"gateway\"\nrole = \"gateway\"\ncommon_name = \"x\"\n";
    let cases: Vec<(String, &[&str])> = vec![
        (good.replace("role = \"portal\"", "role = \"portl\""), &["portl", "`portal`", "line 1"]),
        (good.replace("listen = \"127.0.0.1:0\"\nroots", "listen = \"127.0.0.1\"\nroots"), &["listen"]),
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
