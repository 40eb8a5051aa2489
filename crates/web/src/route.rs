// SPDX-License-Identifier: MIT OR Apache-2.0
//! The route of a mobile center in words: where it comes, on which days, when next.

use engine::Organization;
use engine::organization::Stop;
use service::Service;

use crate::form::said;
use crate::format;
use crate::page::Page;

/// A mobile center as a way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mobile {
    /// Its stops, each with its next visit.
    pub stops: Vec<String>,
    /// On what the route rests.
    pub basis: String,
    /// Whether that is assumed.
    pub assumed: bool,
}

/// Returns the stops of a mobile center as lines of a paper; none for a body that stays where it is.
pub fn lines(page: &Page, center: &Organization) -> Vec<String> {
    let stops = center.route.iter().flat_map(|it| &it.stops);
    stops.map(|it| line(page, it)).collect()
}

/// Returns a mobile center as a way in; `None` for a body that stays where it is.
pub fn mobile(page: &Page, service: &Service, center: &Organization) -> Option<Mobile> {
    let route = center.route.as_ref()?;
    let today = center.body.local(service.now()).date();
    let stop = |it: &Stop| {
        let line = line(page, it);
        match it.next(&center.body, &service.settings.calendar, today) {
            Some(date) => format!("{line}; {}", page.w.mob_next(format::date(date))),
            None => line,
        }
    };
    let (stops, basis) = (route.stops.iter().map(stop).collect(), said(page.lang(), &route.basis).to_owned());
    Some(Mobile { stops, basis, assumed: route.assumed })
}

fn line(page: &Page, stop: &Stop) -> String {
    let lang = page.lang();
    let time = |at: jiff::civil::Time| format!("{:02}:{:02}", at.hour(), at.minute());
    let days: Vec<&str> = stop.days.iter().map(|it| format::weekday_name(lang, *it)).collect();
    let (place, address) = (said(lang, &stop.place), said(lang, &stop.address));
    page.w.mob_stop(address, time(stop.from), place, time(stop.to), days.join(", "))
}
