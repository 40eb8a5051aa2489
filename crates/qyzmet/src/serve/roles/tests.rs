// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who is known and where, by a configuration.

use super::*;
use crate::parts::settings::Reading;
use gateway::border::Form;

const REGION: &str = r#"
role = "region"
mode = "development"
data = "data"
listen = "127.0.0.1:0"
roots = "trust"
organizations = ["abai-education"]
keys = { sender = "region", certificate = "own.cer", key = "own.key" }
messages = { listen = "127.0.0.1:0" }

[[peer]]
id = "gateway"
role = "gateway"
common_name = "G"
url = "http://127.0.0.1:1/shep"

[[peer]]
id = "pep"
role = "portal"
common_name = "P"
via = "gateway"
form = "published"
route = "PEP"

[[peer]]
id = "elsewhere"
role = "portal"
common_name = "E"
via = "gateway"
form = "published"

[[peer]]
id = "qyzmet-portal"
role = "portal"
common_name = "O"
via = "gateway"
"#;

#[test]
fn a_portal_of_the_published_form_is_addressed_by_its_id_and_ours_by_what_it_is() {
    let config: Config = toml::from_str(REGION).unwrap();
    let settings = settings::read(&Reading::default()).unwrap();
    let accepts = accepts(&config, &settings);
    assert_eq!(accepts.addressees.iter().collect::<Vec<_>>(), ["abai-education"]);
    let told = |it: &KnownSender| (it.role.clone(), it.form, it.carrier.clone().unwrap().common_name);
    let told: BTreeMap<_, _> = accepts.senders.iter().map(|(id, it)| (id.as_str(), told(it))).collect();
    let of = |form| ("portal".to_owned(), form, Some("G".to_owned()));
    let known =
        [("elsewhere", of(Form::Published)), ("pep", of(Form::Published)), ("qyzmet-portal", of(Form::Ours))];
    assert_eq!(told, BTreeMap::from(known));
    let mut expected = Directory::new();
    for addressee in ["pep", "elsewhere", "portal"] {
        let gateway = config.first_gateway().unwrap().signer();
        expected = expected.carried(addressee, "gateway/async", gateway);
    }
    let expected = expected.with_route("pep", Some("PEP".to_owned())).with_route("elsewhere", None);
    assert_eq!(format!("{:?}", directory(&config)), format!("{expected:?}"));
}
