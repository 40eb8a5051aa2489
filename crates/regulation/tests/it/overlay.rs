// SPDX-License-Identifier: MIT OR Apache-2.0
//! What an organisation confirms of the Standard.

use regulation::model::Regulation;
use regulation::{Overlay, parse};

const TEXT: &str = include_str!("../../../../regulations/guardianship-certificate/2015.toml");
const HEAD: &str = "organization = \"abai-education\"\nservice = \"guardianship-certificate\"\nedition = \"2015\"\n\
                    confirmed-by = \"Ойдан шығарылған адам, бөлім басшысы\"\nconfirmed-on = \"2026-11-20\"\n";

fn regulation() -> Regulation {
    parse("guardianship-certificate/2015.toml", TEXT).unwrap()
}

fn laid(rows: &str) -> Result<Regulation, String> {
    let overlay = Overlay::parse(&format!("{HEAD}{rows}")).map_err(|it| it.to_string())?;
    overlay.apply(&regulation()).map_err(|found| found.iter().map(ToString::to_string).collect())
}

#[test]
fn a_confirmed_document_is_no_longer_assumed_and_names_who_confirmed_it() {
    let rows = "[[document]]\nid = \"birth-certificate\"\nclause = \"9-т. 2)\"\nrequired = true\n";
    let laid = laid(rows).unwrap();
    let document = laid.documents.iter().find(|it| it.id.as_str() == "birth-certificate").unwrap();
    assert!(document.required && !document.assumed);
    assert!(document.source.contains("9-т. 2)") && document.source.contains("бөлім басшысы"));
    assert_eq!(laid.sha256, regulation().sha256, "steps are the act's: the hash stays");
    assert_eq!(laid.procedures, regulation().procedures);
}

#[test]
fn a_document_is_added_with_its_words_and_dropped_without() {
    let new = "[[document]]\nid = \"consent\"\nclause = \"9-т.\"\nchannels = [\"center\"]\n";
    assert_eq!(laid(new).unwrap_err(), "consent: is new and needs `title` and `channels`");
    let titled = format!("{new}title = {{ kk = \"келісім\", ru = \"согласие\", en = \"consent\" }}\n");
    assert!(laid(&titled).unwrap().documents.iter().any(|it| it.id.as_str() == "consent" && it.required));
    let dropped = laid("[[document]]\nid = \"guardianship-act\"\nclause = \"9-т.\"\ndrop = true\n").unwrap();
    assert!(!dropped.documents.iter().any(|it| it.id.as_str() == "guardianship-act"));
}

#[test]
fn what_the_act_states_of_time_cannot_be_changed() {
    let rows = "[[term]]\nscope = \"service\"\nclause = \"4-т.\"\nnorm = \"10 working-days\"\n";
    assert_eq!(laid(rows).unwrap_err(), "service: is no assumed term of the regulation");
}

#[test]
fn nobody_confirms_nothing_and_a_stray_key_is_told_with_its_line() {
    let nameless = HEAD.replace("Ойдан шығарылған адам, бөлім басшысы", " ");
    assert!(Overlay::parse(&nameless).unwrap_err().to_string().starts_with("confirmed-by: "));
    assert!(Overlay::parse(&format!("{HEAD}colour = 1\n")).unwrap_err().to_string().starts_with("line 6: "));
}

#[test]
fn production_demands_and_quotes_nothing_that_is_assumed() {
    let kept = regulation().confirmed_only();
    assert!(kept.documents.iter().all(|it| !(it.assumed && it.required)));
    assert!(kept.grounds.iter().all(|it| !it.assumed) && !kept.grounds.is_empty());
    let rows = "[[refusal]]\nid = \"unreliable-data\"\nclause = \"10-т. 1)\"\n";
    let confirmed = laid(rows).unwrap().confirmed_only();
    assert!(confirmed.grounds.iter().any(|it| it.id.as_str() == "unreliable-data"));
}
