// SPDX-License-Identifier: MIT OR Apache-2.0
//! The ways in which an application comes in: by each the documents, the places with their hours, and a condition.

use engine::Organization;
use regulation::model::{Channel, Field, Medium, Regulation, StandardDocument, System};
use service::Service;

use super::Line;
use crate::form::Named;
use crate::page::Page;
use crate::portal::regulations::path;
use crate::portal::words_of::{channel, medium_at, say};
use crate::route::{self, Mobile};
use crate::ui::Link;
use crate::words::Word;

/// Item 1 of every act says who serves and where applications are taken.
const WHERE: &str = "1";

/// One way in.
pub(in crate::portal) struct Way {
    pub(in crate::portal) title: &'static str,
    /// The condition under which this way takes applications.
    pub(in crate::portal) when: Option<String>,
    pub(super) documents: Vec<Line>,
    pub(in crate::portal) places: Vec<Place>,
}

impl Way {
    /// Returns the documents of this way.
    pub(super) fn asked(&self) -> &[Line] {
        &self.documents
    }
}

/// A place where people come.
pub(in crate::portal) struct Place {
    pub(in crate::portal) name: String,
    pub(in crate::portal) address: String,
    pub(in crate::portal) hours: String,
    /// Where and when it comes, for a mobile center.
    pub(in crate::portal) mobile: Option<Mobile>,
    /// The edition that it executes, where that is not the newest.
    pub(super) edition: Option<Link>,
}

/// Returns a way in, where the regulation has it.
pub(in crate::portal) fn way(
    page: &Page,
    service: &Service,
    regulation: &Regulation,
    channel: Channel,
) -> Option<Way> {
    let course = regulation.intake(channel)?;
    let fields: Vec<&Field> = regulation.fields.iter().collect();
    let named = Named { w: page.w, fields: &fields, facts: &regulation.facts };
    let line = |it: &StandardDocument| Line {
        text: say(page, &it.title),
        required: it.required,
        assumed: it.assumed,
    };
    // What is not confirmed is not demanded in production: the passport asks nobody for it.
    let asked =
        |it: &&StandardDocument| it.channels.contains(&channel) && !(regulation.confirmed_only && it.assumed);
    let documents = regulation.documents.iter().filter(asked).map(line);
    Some(Way {
        title: page.w.of(match channel {
            Channel::Portal => Word::PassNeedPortal,
            Channel::Center => Word::PassNeedCenter,
            Channel::Provider => Word::PassNeedProvider,
            Channel::RuralAkim => Word::PassNeedAkim,
        }),
        when: course
            .intake_when
            .as_ref()
            .and_then(|it| named.condition(it))
            .map(|it| page.w.pass_taken_when(it)),
        documents: documents.collect(),
        places: places(page, service, regulation, channel),
    })
}

fn places(page: &Page, service: &Service, regulation: &Regulation, channel: Channel) -> Vec<Place> {
    let takes = |it: &&Organization| {
        let serves = it.serves(&regulation.service);
        match channel {
            Channel::Portal => false,
            Channel::Center => service.settings.taken_at(&it.id, &regulation.service).is_some(),
            Channel::Provider => it.system == System::Region && it.is_provider() && serves,
            Channel::RuralAkim => it.system == System::Region && !it.is_provider() && serves,
        }
    };
    service
        .settings
        .organizations
        .values()
        .filter(takes)
        .map(|it| place(page, service, regulation, it))
        .collect()
}

fn place(page: &Page, service: &Service, regulation: &Regulation, it: &Organization) -> Place {
    let time = |at: jiff::civil::Time| format!("{:02}:{:02}", at.hour(), at.minute());
    let executed = if it.system == System::Center {
        service.settings.taken_at(&it.id, &regulation.service)
    } else {
        service.settings.current_for(&regulation.service, &it.id)
    };
    let other = executed.filter(|it| it.edition != regulation.edition);
    Place {
        name: say(page, &it.name),
        address: say(page, &it.address),
        hours: page.w.why_hours(time(it.body.hours.closes), time(it.body.hours.opens)),
        mobile: route::mobile(page, service, it),
        edition: other.map(|it| Link {
            href: page.href(&path(it)),
            text: page.w.rg_edition_of(it.edition.as_str()),
            about: None,
        }),
    }
}

/// Returns in what form the result is given; by channel, where the act ties it to one.
pub(super) fn media(page: &Page, regulation: &Regulation) -> Vec<String> {
    if regulation.media_of.is_empty() {
        return regulation.media.iter().map(|it| page.w.of(medium_at(regulation, *it)).to_owned()).collect();
    }
    let taken = Channel::ALL.iter().filter(|it| regulation.intake(**it).is_some());
    let told = |it: &Channel| {
        let form = |it: &Medium| match it {
            Medium::Electronic => page.w.cond_electronic(),
            Medium::Paper => page.w.cond_paper(),
        };
        let forms: Vec<&str> = regulation.media_in(*it).iter().map(form).collect();
        format!("{}: {}", page.w.of(channel(*it)), forms.join(", "))
    };
    taken.map(told).collect()
}

/// Returns the act's words on where applications are taken.
pub(super) fn taken(page: &Page, regulation: &Regulation) -> Vec<String> {
    let of_item = |clause: &str| clause == WHERE || clause.strip_prefix("1.").is_some();
    let provisions = regulation.provisions.iter().filter(|it| of_item(&it.clause));
    provisions.map(|it| say(page, &it.text)).collect()
}
