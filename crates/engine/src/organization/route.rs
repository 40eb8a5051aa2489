// SPDX-License-Identifier: MIT OR Apache-2.0
//! The route of a mobile center: a one-stop-shop without a hall, which comes to villages on days of the week.

use super::{OrganizationMistake, read::mistake};
use crate::{body::Body, calendar::Calendar};
use jiff::civil::{Date, Time, Weekday};
use regulation::model::{System, Text};
use serde::Deserialize;

/// Stops of a route at most.
const STOPS_MAX: usize = 200;
/// Days that are looked through for the next visit.
const DAYS_AHEAD_MAX: usize = 60;

/// Where a mobile center comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// On what the route rests, in words for people: the act that permits mobile centers names no route.
    pub basis: Text,
    /// Whether the route is assumed and not an order's.
    pub assumed: bool,
    /// The stops, in the order of the file.
    pub stops: Vec<Stop>,
}

/// A place on the route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// The village.
    pub place: Text,
    /// Where in it.
    pub address: Text,
    /// On which days of the week, in their order.
    pub days: Vec<Weekday>,
    /// From when.
    pub from: Time,
    /// Until when.
    pub to: Time,
}

impl Stop {
    /// Returns the next day on or after `from` on which it comes: one of its days of the week that is a working day of the
    /// body. On a day off it does not come.
    // LAW: assumed: 000, item 1 permits mobile centers and says nothing of their days.
    pub fn next(&self, body: &Body, calendar: &Calendar, from: Date) -> Option<Date> {
        let mut days = from.series(jiff::ToSpan::days(1)).take(DAYS_AHEAD_MAX);
        days.find(|day| self.days.contains(&day.weekday()) && calendar.is_working(body.week, *day))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RouteRow {
    basis: Text,
    #[serde(default)]
    assumed: bool,
    #[serde(default)]
    stop: Vec<StopRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StopRow {
    place: Text,
    address: Text,
    days: Vec<Day>,
    from: String,
    to: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl From<Day> for Weekday {
    fn from(day: Day) -> Self {
        match day {
            Day::Monday => Self::Monday,
            Day::Tuesday => Self::Tuesday,
            Day::Wednesday => Self::Wednesday,
            Day::Thursday => Self::Thursday,
            Day::Friday => Self::Friday,
            Day::Saturday => Self::Saturday,
            Day::Sunday => Self::Sunday,
        }
    }
}

impl RouteRow {
    pub(super) fn read(&self, system: System, mistakes: &mut Vec<OrganizationMistake>) -> Route {
        if system != System::Center {
            mistakes.push(mistake("route", "only a one-stop-shop has one"));
        }
        if self.stop.is_empty() || self.stop.len() > STOPS_MAX {
            mistakes.push(mistake("route", "needs stops, and not more than can be shown"));
        }
        let stops = self.stop.iter().filter_map(|it| it.read(mistakes)).collect();
        Route { basis: self.basis.clone(), assumed: self.assumed, stops }
    }
}

impl StopRow {
    fn read(&self, mistakes: &mut Vec<OrganizationMistake>) -> Option<Stop> {
        let mut wrong = |what: &str| mistakes.push(mistake(&self.place.en, what));
        if self.days.is_empty() {
            wrong("the stop names no day of the week");
        }
        let (Ok(from), Ok(to)) = (self.from.parse::<Time>(), self.to.parse::<Time>()) else {
            wrong("the stop's times are not as HH:MM");
            return None;
        };
        if from >= to {
            wrong("the stop ends before it begins");
        }
        let (place, address) = (self.place.clone(), self.address.clone());
        Some(Stop { place, address, days: self.days.iter().map(|it| (*it).into()).collect(), from, to })
    }
}
