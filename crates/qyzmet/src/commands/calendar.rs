// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet calendar explain`: a deadline counted for a lawyer, every day with its reason.

use crate::commands::{Answer, Error};
use engine::norm::{Clock, Due, Reason, due};
use engine::{Body, Calendar, Organization, Week};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, Weekday};
use regulation::Lang;
use regulation::model::{Norm, Unit};
use std::io::Write;

const CALENDAR: &str = include_str!("../../../../calendars/kz.toml");
/// Offices that ship, by id; the first is the default.
const OFFICES: [(&str, &str); 3] = [
    ("abai-education", include_str!("../../../../organizations/abai-education.toml")),
    ("osakarov-education", include_str!("../../../../organizations/osakarov-education.toml")),
    ("karaganda-corporation", include_str!("../../../../organizations/karaganda-corporation.toml")),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Counts a deadline and tells every day that was counted or skipped, with the act that skipped it.
    Explain {
        /// From when: local time of the office, `2026-12-11T19:16`, or an instant, `2026-12-11T14:16:00Z`.
        #[arg(long, value_name = "TIME", value_parser = from)]
        from: From,
        /// The norm: `15 minutes`, `30-60 seconds`, `5 working-days`, `30 calendar-days`.
        #[arg(long, value_parser = norm)]
        norm: Norm,
        /// The office in whose hours and week it is counted.
        #[arg(long, value_name = "ID", default_value = "abai-education", value_parser = office)]
        office: Box<Organization>,
        /// Counts seconds and minutes by the wall clock, as for a step that a system does.
        #[arg(long)]
        system: bool,
        /// Language.
        #[arg(long, default_value = "kk", value_parser = lang)]
        lang: Lang,
    },
}

/// A moment as it was written.
#[derive(Debug, Clone, Copy)]
enum From {
    Local(DateTime),
    Instant(Timestamp),
}

fn from(text: &str) -> Result<From, String> {
    let instant = text.parse::<Timestamp>().map(From::Instant);
    // A text without an offset is no instant.
    instant.or_else(|_| text.parse::<DateTime>().map(From::Local)).map_err(|error| error.to_string())
}

fn norm(text: &str) -> Result<Norm, String> {
    text.parse::<Norm>().map_err(|error| error.to_string())
}

fn lang(name: &str) -> Result<Lang, String> {
    Lang::from_name(name).ok_or_else(|| "one of: kk, ru, en".to_owned())
}

fn office(id: &str) -> Result<Box<Organization>, String> {
    let ids = || OFFICES.map(|(id, _)| id).join(", ");
    let (_, text) = OFFICES.iter().find(|(it, _)| *it == id).ok_or_else(|| format!("one of: {}", ids()))?;
    Organization::parse(text)
        .map(Box::new)
        .map_err(|it| it.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

pub(crate) fn run(args: Args, out: &mut dyn Write) -> Result<Answer, Error> {
    let Action::Explain { from, norm, office, system, lang } = args.action;
    let calendar = Calendar::parse(CALENDAR).map_err(|_| Error::Calendar)?;
    let body = &office.body;
    let start = match from {
        From::Instant(at) => at,
        From::Local(at) => body.instant(at.date(), at.time()),
    };
    let clock = if system { Clock::Wall } else { Clock::Working };
    let due = due(&calendar, body, start, norm, clock);
    let teller = Teller { office: &office, lang };
    for line in teller.explain(norm, &due) {
        writeln!(out, "{line}")?;
    }
    let version = teller.say(["Күнтізбе", "Календарь", "Calendar"]);
    writeln!(out, "{version}: {}, {}", calendar.id, calendar.version)?;
    Ok(Answer::Done)
}

struct Teller<'a> {
    office: &'a Organization,
    lang: Lang,
}

impl Teller<'_> {
    fn explain(&self, norm: Norm, due: &Due) -> Vec<String> {
        let mut lines = vec![
            format!("{}: {}", self.say(["Норма", "Норма", "Norm"]), self.norm(norm)),
            self.office.name.get(self.lang).to_owned(),
            self.week(),
            String::new(),
        ];
        lines.extend(due.reasons.iter().map(|it| self.reason(it)));
        let due_words = self.say(["Мерзімі", "Срок истекает", "Due"]);
        lines.extend([String::new(), format!("{due_words}: {}", self.moment(due.at))]);
        lines
    }

    fn reason(&self, reason: &Reason) -> String {
        match reason {
            Reason::StartsAt(at) => {
                format!("{}: {}", self.say(["Басталуы", "Начало", "Start"]), self.moment(*at))
            }
            Reason::WallClock => self
                .say([
                    "Жүйенің уақыты: сағат бойынша",
                    "Время системы: по часам",
                    "A system's time: by the wall clock",
                ])
                .to_owned(),
            Reason::WorkingHours { .. } => self
                .say([
                    "Жұмыс уақытында ғана жүреді",
                    "Идёт только в рабочее время",
                    "Runs in working hours only",
                ])
                .to_owned(),
            Reason::OutsideHours { counts_from, .. } => format!(
                "{}: {}",
                self.say([
                    "Жұмыс уақытынан тыс түсті, есеп басталады",
                    "Поступило вне рабочего времени, счёт с",
                    "Came outside working hours, counted from",
                ]),
                self.moment(*counts_from)
            ),
            Reason::FirstDayNotCounted(date) => format!(
                "{}  {}",
                self.date(*date),
                self.say([
                    "қабылдау күні есептелмейді",
                    "день приёма не считается",
                    "the day of acceptance is not counted"
                ])
            ),
            Reason::Counted { date, number } => match self.lang {
                Lang::Kk => format!("{}  {number}-күн", self.date(*date)),
                Lang::Ru => format!("{}  день {number}", self.date(*date)),
                Lang::En => format!("{}  day {number}", self.date(*date)),
            },
            Reason::Skipped(day) => {
                let word = self.say(["есептелмейді", "не считается", "not counted"]);
                self.day_off(word, day)
            }
            Reason::MovedFrom(day) => {
                let word = self.say([
                    "соңғы күн демалысқа түсті, келесі жұмыс күніне ауысады (біздің ереже)",
                    "последний день выходной, переходит на следующий рабочий (наше правило)",
                    "the last day is off, it moves to the next working day (our rule)",
                ]);
                self.day_off(word, day)
            }
            Reason::EndsAtClose { date, closes } => format!(
                "{}  {} {}",
                self.date(*date),
                self.say([
                    "соңғы күн жұмыс аяқталғанда бітеді:",
                    "последний день кончается с закрытием:",
                    "the last day ends at the close:"
                ]),
                hour(*closes)
            ),
            Reason::YearNotCovered(year) => self.not_covered(*year),
        }
    }

    fn not_covered(&self, year: i16) -> String {
        match self.lang {
            Lang::Kk => format!("{year} жылдың мерекелері күнтізбеде жоқ: тек апталық демалыс белгілі"),
            Lang::Ru => format!("праздников {year} года нет в календаре: известны только выходные недели"),
            Lang::En => format!("the calendar has no holidays of {year}: only weekly days off are known"),
        }
    }

    fn day_off(&self, word: &str, day: &engine::calendar::DayOff) -> String {
        let (name, act) = (day.name.get(self.lang), day.act.get(self.lang));
        let unsure = if day.confirmed {
            ""
        } else {
            self.say(["; күні ресми расталмаған", "; дата не подтверждена", "; the date is not confirmed"])
        };
        format!("{}  {word}: {name} ({act}{unsure})", self.date(day.date))
    }

    fn week(&self) -> String {
        let Body { week, hours, .. } = &self.office.body;
        let week = match week {
            Week::FiveDay => self.say(["бес күндік апта", "пятидневная неделя", "five-day week"]),
            Week::SixDay => self.say(["алты күндік апта", "шестидневная неделя", "six-day week"]),
        };
        let text = format!("{week}, {}–{}", hour(hours.opens), hour(hours.closes));
        match hours.lunch {
            Some((from, to)) => {
                let lunch = self.say(["үзіліс", "перерыв", "break"]);
                format!("{text}, {lunch} {}–{}", hour(from), hour(to))
            }
            None => text,
        }
    }

    fn norm(&self, norm: Norm) -> String {
        let unit = match norm.unit {
            Unit::Seconds => ["секунд", "сек.", "s"],
            Unit::Minutes => ["минут", "мин.", "min"],
            Unit::WorkingDays => ["жұмыс күні", "рабочих дней", "working days"],
            Unit::CalendarDays => ["күнтізбелік күн", "календарных дней", "calendar days"],
        };
        let unit = self.say(unit);
        if norm.min == norm.max {
            format!("{} {unit}", norm.max)
        } else {
            format!("{}–{} {unit}", norm.min, norm.max)
        }
    }

    fn moment(&self, at: Timestamp) -> String {
        let local = self.office.body.local(at);
        format!("{} {}", self.date(local.date()), local.time().strftime("%H:%M:%S"))
    }

    fn date(&self, date: Date) -> String {
        let day = match date.weekday() {
            Weekday::Monday => ["дс", "пн", "Mon"],
            Weekday::Tuesday => ["сс", "вт", "Tue"],
            Weekday::Wednesday => ["ср", "ср", "Wed"],
            Weekday::Thursday => ["бс", "чт", "Thu"],
            Weekday::Friday => ["жм", "пт", "Fri"],
            Weekday::Saturday => ["сн", "сб", "Sat"],
            Weekday::Sunday => ["жс", "вс", "Sun"],
        };
        format!("{date} {}", self.say(day))
    }

    fn say(&self, [kk, ru, en]: [&'static str; 3]) -> &'static str {
        match self.lang {
            Lang::Kk => kk,
            Lang::Ru => ru,
            Lang::En => en,
        }
    }
}

fn hour(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}
