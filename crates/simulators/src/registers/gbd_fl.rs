// SPDX-License-Identifier: MIT OR Apache-2.0
//! The simulated state database of persons.

use super::desk::{Asked, Desk, Identity, Reply};
use super::{REFUSED, SIMULATED, Switch};
use crate::people::{self, People, Person, Place, Sex};
use jiff::Timestamp;
use jiff::civil::Date;
use shep::gbd_fl::{
    Address, Document, Entry, ExcludeStatus, RESULT_PROCESSED, Request, Response, SERVICE_ID, Search,
};
use shep::{Code, Data};
use std::sync::Arc;

/// Age at which an identity card is given.
const CARD_AGE_YEARS: i16 = 16;

/// Answers who the person of a number is.
#[derive(Debug)]
pub struct GbdFl {
    desk: Desk,
    people: Arc<People>,
}

impl GbdFl {
    /// Returns the register of these people.
    pub fn new(identity: Identity, people: Arc<People>) -> Self {
        Self::of_service(identity, people, SERVICE_ID)
    }

    /// Returns the register of these people, which answers this interaction: that with consent takes any token.
    pub fn of_service(identity: Identity, people: Arc<People>, service: &str) -> Self {
        Self { desk: Desk::new(identity, service), people }
    }

    /// Makes the register misbehave, or behave again.
    pub fn set(&self, switch: Switch) {
        self.desk.set(switch);
    }

    /// Returns how it behaves.
    pub fn switch(&self) -> Switch {
        self.desk.switch()
    }

    /// Answers an envelope; empty bytes are silence.
    pub fn answer(&self, envelope: &[u8], now: Timestamp) -> Vec<u8> {
        self.desk.answer(envelope, now, |asked| self.reply(asked))
    }

    pub(super) const fn desk(&self) -> &Desk {
        &self.desk
    }

    fn reply(&self, asked: &Asked<'_>) -> Result<Reply, shep::Error> {
        let request = Request::read(asked.data)?;
        let known: Vec<&Person> = match &request.search {
            _ if matches!(asked.switch, Switch::NoPerson | Switch::Refused) => Vec::new(),
            Search::Iin(iin) => self.people.by_iin(iin).into_iter().collect(),
            Search::Name { surname, name, patronymic, birth_date } => {
                let same = |own: &str, told: &Option<String>| told.as_deref().unwrap_or_default() == own;
                let fits = |it: &&Person| {
                    it.birth == *birth_date
                        && same(&it.name.surname, surname)
                        && same(&it.name.given, name)
                        && it.name.patronymic == *patronymic
                };
                self.people.iter().filter(fits).collect()
            }
            Search::Document(number) => self.people.iter().filter(|it| card_number(it) == *number).collect(),
        };
        let today = asked.now.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(5))).date();
        let known = known.into_iter().filter(|it| !it.unknown && it.birth <= today);
        let wrong = asked.switch == Switch::WrongRequest;
        let response = Response {
            message_id: asked.id.clone(),
            message_date: asked.now,
            request_id: if wrong { format!("{SIMULATED}other") } else { request.message_id },
            sender: entry(asked.code, "Симулятор ГБД ФЛ", "ЖТ МДҚ симуляторы"),
            receiver: entry(&asked.request.info.sender.id, "Qyzmet", "Qyzmet"),
            result: if asked.switch == Switch::Refused {
                entry(REFUSED, "Отказано (симулятор)", "Бас тартылды (симулятор)")
            } else {
                entry(RESULT_PROCESSED, "Сообщение успешно обработано", "Хабарлама сәтті өңделді")
            },
            persons: known.map(|it| person(it, self.people.place(it), today)).collect(),
        };
        Ok(Reply { code: Code::Success, document: response.write()?, data: Data::inline })
    }
}

fn entry(code: &str, name_ru: &str, name_kk: &str) -> Entry {
    Entry { code: code.to_owned(), name_ru: name_ru.to_owned(), name_kk: name_kk.to_owned() }
}

fn person(it: &Person, place: Option<&Place>, today: Date) -> shep::gbd_fl::Person {
    let death_date = it.death.filter(|death| *death <= today);
    let life = if death_date.is_some() {
        entry("3", "Умерший", "Қайтыс болған")
    } else {
        entry("0", "Нормальный", "Қалыпты")
    };
    let card = it.documents && it.reaches(CARD_AGE_YEARS) <= today;
    shep::gbd_fl::Person {
        iin: it.iin.clone(),
        surname: Some(it.name.surname.clone()),
        name: Some(it.name.given.clone()),
        patronymic: it.name.patronymic.clone(),
        birth_date: Some(it.birth),
        death_date,
        gender: match it.sex {
            Sex::Male => entry("1", "Мужской", "Ер"),
            Sex::Female => entry("2", "Женский", "Әйел"),
        },
        nationality: entry("000", "не указана (симулятор)", "көрсетілмеген (симулятор)"),
        citizenship: entry("398", "Казахстан", "Қазақстан"),
        life_status: life,
        death_certificate: None,
        registered_address: place.map(|place| address(it, place)),
        capable_status: None,
        exclude_status: it.excluded.then(|| ExcludeStatus {
            reason: entry("99", "исключен (симулятор)", "шығарылған (симулятор)"),
            reason_date: None,
            date: None,
        }),
        documents: card.then(|| identity_card(it)).into_iter().collect(),
        removed: false,
    }
}

/// The number of the card follows from the number of the person, so that it can be asked by.
fn card_number(it: &Person) -> String {
    format!("00{}", it.iin.get(5..).unwrap_or_default())
}

fn identity_card(it: &Person) -> Document {
    Document {
        kind: entry("002", "Удостоверение личности", "Жеке куәлік"),
        number: card_number(it),
        series: None,
        begin_date: Some(it.reaches(CARD_AGE_YEARS)),
        end_date: None,
        issuer: entry("002", "МВД РК", "ҚР ІІМ"),
        status: entry("00", "действителен", "жарамды"),
    }
}

fn address(it: &Person, place: &Place) -> Address {
    let of = |it: &people::Entry| entry(&it.code, &it.ru, &it.kk);
    let house: String = it.id.chars().filter(char::is_ascii_digit).collect();
    Address {
        country: Some(entry("398", "Казахстан", "Қазақстан")),
        district: Some(of(&place.district)),
        region: Some(of(&place.region)),
        city: Some(place.city.clone()),
        street: Some("Ойдан шығарылған көше".to_owned()),
        building: Some(house),
        ..Address::default()
    }
}
