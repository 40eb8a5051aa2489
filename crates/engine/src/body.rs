// SPDX-License-Identifier: MIT OR Apache-2.0
//! A body that works by hours: its week, hours, zone and the settings that it decides itself.

use crate::case::Value;
use jiff::{
    Timestamp, civil,
    tz::{TimeZone, TimeZoneDatabase},
};
use regulation::model::{FactId, ServiceId};

/// Which days a body works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Week {
    /// Monday to Friday.
    FiveDay,
    /// Monday to Saturday.
    SixDay,
}

/// The working hours of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// Work begins.
    pub opens: civil::Time,
    /// Work ends.
    pub closes: civil::Time,
    /// The break, from and to.
    pub lunch: Option<(civil::Time, civil::Time)>,
}

/// A fact that the organisation itself sets, such as the order that permits the automatic way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The fact.
    pub fact: FactId,
    /// For which services; empty means all.
    pub services: Vec<ServiceId>,
    /// Its value while the setting holds.
    pub value: Value,
    /// The order that sets it, for the journal: number, date, seat. Empty where no order is in force.
    pub basis: String,
    /// First day on which it holds.
    pub from: Option<civil::Date>,
    /// Last day on which it holds.
    pub to: Option<civil::Date>,
}

/// A body that works by hours.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// Id of the organisation.
    pub id: String,
    /// Its zone.
    pub zone: TimeZone,
    /// Its week.
    pub week: Week,
    /// Its hours.
    pub hours: Hours,
    /// What it decides itself. A fact that is declared here is never unknown: outside its dates a tick is `false`.
    pub settings: Vec<Setting>,
}

impl Hours {
    /// Returns the stretches of work of a day, in order.
    pub fn stretches(&self) -> Vec<(civil::Time, civil::Time)> {
        match self.lunch {
            Some((from, to)) => vec![(self.opens, from), (to, self.closes)],
            None => vec![(self.opens, self.closes)],
        }
    }
}

impl Body {
    /// Returns the zone of that IANA name from the bundled database, the same on every machine.
    pub fn zone_named(name: &str) -> Option<TimeZone> {
        TimeZoneDatabase::bundled().get(name).ok()
    }

    /// Returns the local date and time.
    pub fn local(&self, at: Timestamp) -> civil::DateTime {
        self.zone.to_datetime(at)
    }

    /// Returns the instant of a local time; a repeated hour is taken at its first passing, a skipped one after the gap.
    pub fn instant(&self, date: civil::Date, time: civil::Time) -> Timestamp {
        self.zone.to_ambiguous_timestamp(date.to_datetime(time)).compatible().unwrap_or(Timestamp::MAX)
    }

    /// Returns what the organisation sets for `fact` in cases of `service` on the day of `at`, with its basis.
    pub fn setting(&self, fact: &FactId, service: &ServiceId, at: Timestamp) -> Option<(Value, String)> {
        let today = self.local(at).date();
        let mut declared = self.settings.iter().filter(|it| it.fact == *fact).peekable();
        declared.peek()?;
        let holds = declared.find(|it| {
            (it.services.is_empty() || it.services.contains(service))
                && it.from.is_none_or(|from| from <= today)
                && it.to.is_none_or(|to| today <= to)
        });
        Some(
            holds.map_or_else(
                || (Value::Bool(false), String::new()),
                |it| (it.value.clone(), it.basis.clone()),
            ),
        )
    }
}
