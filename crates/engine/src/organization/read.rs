// SPDX-License-Identifier: MIT OR Apache-2.0
//! The file of an organisation: its rows, what is wrong with them, what they make.

use super::route::RouteRow;
use super::{Department, ExecutedEdition, Organization, OrganizationMistake, OrganizationOrder, Seat};
use crate::{
    body::{Body, Hours, Setting, Week},
    case::Value,
    iin,
};
use jiff::civil::{Date, Time};
use regulation::model::{FactId, RegisterId, ServiceId, System, Text};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    id: String,
    system: System,
    name: Text,
    territory: Text,
    kato: String,
    #[serde(default)]
    index: String,
    bin: String,
    invented: bool,
    address: Text,
    calendar: String,
    work: Work,
    #[serde(default)]
    department: Vec<Department>,
    #[serde(default)]
    seat: Vec<Seat>,
    #[serde(default)]
    services: Vec<ServiceId>,
    #[serde(default)]
    edition: Vec<ExecutedEdition>,
    route: Option<RouteRow>,
    #[serde(default)]
    keeps: Vec<RegisterId>,
    #[serde(default)]
    setting: Vec<SettingRow>,
    #[serde(default)]
    order: Vec<OrderRow>,
    /// Facts that need an order: without one they are `false`, never unknown.
    #[serde(default)]
    ordered_facts: Vec<FactId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Work {
    zone: String,
    week: WeekRow,
    opens: String,
    closes: String,
    lunch: Option<[String; 2]>,
    source: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum WeekRow {
    FiveDay,
    SixDay,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderRow {
    fact: FactId,
    #[serde(default)]
    services: Vec<ServiceId>,
    authorised: String,
    number: String,
    date: String,
    to: Option<String>,
    invented: bool,
}

/// A fact that the organisation states of itself, on a basis that it names.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingRow {
    fact: FactId,
    #[serde(default)]
    services: Vec<ServiceId>,
    value: bool,
    basis: String,
    from: Option<String>,
    to: Option<String>,
}

pub(super) fn build(file: File) -> Result<Organization, Vec<OrganizationMistake>> {
    let mut mistakes = check(&file);
    let body = body(&file, &mut mistakes);
    let route = file.route.as_ref().map(|it| it.read(file.system, &mut mistakes));
    let stated: Vec<Setting> = file.setting.iter().filter_map(|it| setting(it, &mut mistakes)).collect();
    let mut orders = Vec::new();
    for row in file.order {
        let (date, to) = (row.date.parse::<Date>(), row.to.map(|it| it.parse::<Date>()).transpose());
        match (date, to) {
            (Ok(date), Ok(to)) => orders.push(OrganizationOrder {
                fact: row.fact,
                services: row.services,
                authorised: row.authorised,
                number: row.number,
                date,
                to,
                invented: row.invented,
            }),
            _ => mistakes.push(mistake(&row.number, "the order's dates are not as YYYY-MM-DD")),
        }
    }
    let Some(mut body) = body.filter(|_| mistakes.is_empty()) else {
        return Err(mistakes);
    };
    body.settings.extend(orders.iter().map(OrganizationOrder::setting));
    body.settings.extend(stated);
    Ok(Organization {
        id: file.id,
        system: file.system,
        name: file.name,
        territory: file.territory,
        kato: file.kato,
        index: file.index,
        bin: file.bin,
        invented: file.invented,
        address: file.address,
        calendar: file.calendar,
        hours_source: file.work.source,
        departments: file.department,
        seats: file.seat,
        services: file.services,
        editions: file.edition,
        route,
        keeps: file.keeps,
        orders,
        body,
    })
}

fn check(file: &File) -> Vec<OrganizationMistake> {
    let mut mistakes = Vec::new();
    if file.kato.len() != 9 || !file.kato.bytes().all(|it| it.is_ascii_digit()) {
        mistakes.push(mistake("kato", "is not nine digits"));
    }
    if !file.index.bytes().all(|it| it.is_ascii_uppercase()) {
        mistakes.push(mistake("index", "is not of capital Latin letters"));
    }
    if !iin::is_well_formed(&file.bin) {
        mistakes.push(mistake("bin", "is not twelve digits with a right check digit"));
    }
    for seat in &file.seat {
        if !file.department.iter().any(|it| it.id == seat.department) {
            mistakes.push(mistake(&seat.id, &format!("no department `{}`", seat.department)));
        }
        if !iin::is_well_formed(&seat.holder.iin) {
            mistakes.push(mistake(&seat.id, "the holder's iin has no right check digit"));
        }
        if file.seat.iter().filter(|it| it.id == seat.id).count() > 1 {
            mistakes.push(mistake(&seat.id, "the seat is written twice"));
        }
    }
    for it in &file.edition {
        if !file.services.is_empty() && !file.services.contains(&it.service) {
            mistakes.push(mistake(it.service.as_str(), "an edition of a service that it does not serve"));
        }
    }
    for order in &file.order {
        if !file.seat.iter().any(|it| it.id == order.authorised) {
            mistakes.push(mistake(&order.number, &format!("no seat `{}`", order.authorised)));
        }
    }
    mistakes
}

fn body(file: &File, mistakes: &mut Vec<OrganizationMistake>) -> Option<Body> {
    let zone = Body::zone_named(&file.work.zone);
    if zone.is_none() {
        mistakes.push(mistake("work.zone", "is no zone of the bundled database"));
    }
    let mut time = |key: &str, text: &str| {
        let time = text.parse::<Time>().ok();
        if time.is_none() {
            mistakes.push(mistake(key, "is not a time as HH:MM"));
        }
        time
    };
    let (opens, closes) = (time("work.opens", &file.work.opens), time("work.closes", &file.work.closes));
    let lunch = match &file.work.lunch {
        Some([from, to]) => Some((time("work.lunch", from)?, time("work.lunch", to)?)),
        None => None,
    };
    let hours = Hours { opens: opens?, closes: closes?, lunch };
    let (first, last) = lunch.unwrap_or((hours.opens, hours.closes));
    if !(hours.opens <= first && first < last && last <= hours.closes) {
        mistakes.push(mistake("work", "opening, break and close are not in order"));
    }
    let week = match file.work.week {
        WeekRow::FiveDay => Week::FiveDay,
        WeekRow::SixDay => Week::SixDay,
    };
    let settings = file.ordered_facts.iter().map(never).collect();
    Some(Body { id: file.id.clone(), zone: zone?, week, hours, settings })
}

fn setting(row: &SettingRow, mistakes: &mut Vec<OrganizationMistake>) -> Option<Setting> {
    let date = |text: &Option<String>| text.as_ref().map(|it| it.parse::<Date>()).transpose();
    let (Ok(from), Ok(to)) = (date(&row.from), date(&row.to)) else {
        mistakes.push(mistake(row.fact.as_str(), "the setting's dates are not as YYYY-MM-DD"));
        return None;
    };
    if row.basis.trim().is_empty() {
        mistakes.push(mistake(row.fact.as_str(), "the setting names no basis"));
    }
    Some(Setting {
        fact: row.fact.clone(),
        services: row.services.clone(),
        value: Value::Bool(row.value),
        basis: row.basis.clone(),
        from,
        to,
    })
}

/// A setting that no day satisfies: the fact is declared, so it is `false` and not unknown.
fn never(fact: &FactId) -> Setting {
    let (from, to) = (Some(Date::MAX), Some(Date::MIN));
    let (value, basis) = (Value::Bool(false), String::new());
    Setting { fact: fact.clone(), services: Vec::new(), value, basis, from, to }
}

pub(super) fn mistake(at: &str, what: &str) -> OrganizationMistake {
    OrganizationMistake { at: at.to_owned(), what: what.to_owned() }
}

pub(super) fn syntax(text: &str, error: &toml::de::Error) -> OrganizationMistake {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.bytes().take(start).filter(|it| *it == b'\n').count() + 1;
    mistake(&format!("line {line}"), error.message())
}

#[cfg(test)]
mod tests {
    use super::*;
    use regulation::model::Actor;

    const SHIPPED: [&str; 8] = [
        include_str!("../../../../organizations/abai-education.toml"),
        include_str!("../../../../organizations/osakarov-education.toml"),
        include_str!("../../../../organizations/abai-social.toml"),
        include_str!("../../../../organizations/kurma-akim.toml"),
        include_str!("../../../../organizations/karaganda-corporation.toml"),
        include_str!("../../../../organizations/karaganda-mobile.toml"),
        include_str!("../../../../organizations/zhambyl-education.toml"),
        include_str!("../../../../organizations/zhambyl-mobile.toml"),
    ];

    fn shipped() -> Vec<Organization> {
        SHIPPED.iter().map(|it| Organization::parse(it).unwrap()).collect()
    }

    #[test]
    fn shipped_organisations_serve_what_they_say() {
        let all = shipped();
        let serve = |service: &str| -> Vec<&str> {
            let service = ServiceId::from(service);
            all.iter().filter(|it| it.is_provider() && it.serves(&service)).map(|it| it.id.as_str()).collect()
        };
        assert_eq!(
            serve("guardianship-certificate"),
            ["abai-education", "osakarov-education", "zhambyl-education"]
        );
        assert_eq!(serve("child-allowance"), ["abai-social"]);
        let akim = all.iter().find(|it| it.seats_of(Actor::RuralAkim).next().is_some()).unwrap();
        assert_eq!(akim.district(), all[2].district());
    }

    #[test]
    fn two_bodies_never_give_the_same_number_to_a_result() {
        let gives = shipped().into_iter().filter(|it| it.system == System::Region);
        let mut prefixes: Vec<(String, String)> = gives.map(|it| (it.kato, it.index)).collect();
        let all = prefixes.len();
        prefixes.sort();
        prefixes.dedup();
        assert_eq!(prefixes.len(), all);
    }

    #[test]
    fn what_an_organisation_states_of_itself_is_known_with_its_basis() {
        let all = shipped();
        let akim = all.iter().find(|it| it.id == "kurma-akim").unwrap();
        let at = jiff::Timestamp::UNIX_EPOCH;
        let (value, basis) =
            akim.body.setting(&"provider.absent".into(), &"rural-specialist-fuel-aid".into(), at).unwrap();
        assert_eq!(value, Value::Bool(true));
        assert!(!basis.is_empty());
    }

    #[test]
    fn a_mobile_center_comes_on_its_day_of_the_week_and_not_on_a_day_off() {
        let all = shipped();
        let mobile = all.iter().find(|it| it.id == "karaganda-mobile").unwrap();
        let calendar = crate::Calendar::parse(include_str!("../../../../calendars/kz.toml")).unwrap();
        let stop = &mobile.route.as_ref().unwrap().stops[0];
        let next = |day: Date| stop.next(&mobile.body, &calendar, day).unwrap();
        let monday = jiff::civil::date(2026, 11, 23);
        assert_eq!(next(monday).weekday(), stop.days[0]);
        assert!(next(monday) >= monday && next(next(monday)) == next(monday));
        // 16 December 2026 is a Wednesday and a holiday: the village that is served on Wednesdays waits a week.
        let wednesday = &mobile.route.as_ref().unwrap().stops[1];
        let holiday = jiff::civil::date(2026, 12, 16);
        assert_eq!(wednesday.next(&mobile.body, &calendar, holiday), Some(jiff::civil::date(2026, 12, 23)));
    }

    #[test]
    fn a_one_stop_shop_covers_the_providers_of_its_territory_only() {
        let all = shipped();
        let of = |id: &str| all.iter().find(|it| it.id == id).unwrap();
        assert!(of("karaganda-corporation").covers(of("abai-education")));
        assert!(of("karaganda-mobile").covers(of("abai-social")));
        assert!(!of("karaganda-mobile").covers(of("osakarov-education")));
        assert!(!of("karaganda-corporation").covers(of("zhambyl-education")));
        assert!(of("zhambyl-mobile").covers(of("zhambyl-education")));
    }

    #[test]
    fn only_a_one_stop_shop_has_a_route() {
        let route = "[route]\nbasis = { kk = \"а\", ru = \"а\", en = \"a\" }\n[name]";
        let found = Organization::parse(&SHIPPED[2].replace("[name]", route)).unwrap_err();
        assert!(found.iter().any(|it| it.at == "route"), "{found:?}");
    }

    #[test]
    fn an_edition_of_a_service_that_is_not_served_is_a_mistake() {
        let text = SHIPPED[2]
            .replace("[name]", "[[edition]]\nservice = \"guardian-allowance\"\nedition = \"2018\"\n[name]");
        let found = Organization::parse(&text).unwrap_err();
        assert!(found.iter().any(|it| it.at == "guardian-allowance"), "{found:?}");
    }
}
