// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the federation works by: files of this repository, and invented people.

use crate::Failure;
use engine::{Calendar, Organization, Rates};
use service::Settings;
use service::contracts::RegisterContract;
use service::published::PublishedForms;
use simulators::People;
use simulators::ca::{self, Person, Position, Standing};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The providers, one in each region.
pub(crate) const PROVIDERS: [&str; 2] = ["abai-education", "osakarov-education"];
/// Registers that are asked over the gateway.
pub(crate) const REGISTERS: [&str; 2] = ["gbd-fl", "guardianship"];
/// The citizens' keys. The register knows the guardianship of the first two and not that of the last.
pub(crate) const CITIZENS: [&str; 3] = ["p01", "p02", "p40"];

/// An order permits the automatic way at the second provider too: here alone, so that both are worked alike.
const ORDER: &str = r#"
[[order]]
fact = "automatic.ordered"
services = ["guardianship-certificate"]
authorised = "osakarov-education.head"
number = "1-ө"
date = "2015-09-01"
invented = true
"#;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

fn text(name: &str) -> Result<String, Failure> {
    std::fs::read_to_string(path(name)).map_err(|it| format!("{name}: {it}").into())
}

pub(crate) fn settings() -> Result<Settings, Failure> {
    let name = "regulations/guardianship-certificate/2015.toml";
    let regulation = regulation::parse(name, &text(name)?).map_err(|it| format!("{it:?}"))?;
    let mut organizations = BTreeMap::new();
    for id in PROVIDERS {
        let mut file = text(&format!("organizations/{id}.toml"))?;
        if !file.contains("[[order]]") {
            file.push_str(ORDER);
        }
        let read = Organization::parse(&file).map_err(|it| format!("{it:?}"))?;
        organizations.insert(read.id.clone(), read);
    }
    let mut registers = BTreeMap::new();
    for id in REGISTERS {
        registers.insert(
            id.to_owned(),
            RegisterContract::parse(&text(&format!("registers/{id}/register.toml"))?)?,
        );
    }
    Ok(Settings {
        regulations: vec![Arc::new(regulation)],
        laid: Vec::new(),
        calendar: Calendar::parse(&text("calendars/kz.toml")?).map_err(|it| format!("{it:?}"))?,
        rates: Rates::parse(&text("rates/kz.toml")?).map_err(|it| format!("{it:?}"))?,
        organizations,
        registers,
        published: PublishedForms::default(),
        base_url: "http://127.0.0.1".to_owned(),
        restamp_before: None,
        demo: true,
    })
}

/// Returns everybody who holds a key.
pub(crate) fn holders(settings: &Settings, people: &People) -> Vec<Person> {
    let citizens = CITIZENS.iter().filter_map(|id| people.by_id(id)).map(simulators::people::Person::key);
    let officials = settings.organizations.values().flat_map(|organization| {
        organization.seats.iter().map(|seat| {
            let mut words = seat.holder.full_name.split_whitespace().map(str::to_uppercase);
            let organization =
                ca::Organization { name: organization.name.kk.clone(), bin: organization.bin.clone() };
            Person {
                name: seat.id.replace('.', "-"),
                iin: seat.holder.iin.clone(),
                surname: words.next().unwrap_or_default(),
                given: words.next().unwrap_or_default(),
                patronymic: words.next(),
                standing: Standing::Official { organization, position: Position::Head },
            }
        })
    });
    citizens.chain(officials).collect()
}

/// Returns the guardianships that the first provider keeps itself, as its office would have them in a table.
pub(crate) fn guardianships(people: &People) -> String {
    let head = "iin;full_name;from;to;child_surname;child_given;child_patronymic;child_birth_date;child_iin;\
                act_number;act_date;act_body";
    let mut lines = vec![head.to_owned()];
    for guardian in CITIZENS.iter().filter_map(|id| people.by_id(id)) {
        for (it, child) in people.appointments_of(guardian) {
            let to = it.to.map(|it| it.to_string()).unwrap_or_default();
            let (name, act) = (&child.name, &it.act);
            let patronymic = name.patronymic.as_deref().unwrap_or_default();
            lines.push(format!(
                "\"{}\";\"{}\";{};{to};\"{}\";\"{}\";\"{patronymic}\";{};{};\"{}\";{};\"{}\"",
                guardian.iin,
                guardian.name.full(),
                act.date,
                name.surname,
                name.given,
                child.birth,
                child.iin,
                act.number.replace('"', "\"\""),
                act.date,
                act.body.replace('"', "\"\""),
            ));
        }
    }
    lines.join("\n")
}
