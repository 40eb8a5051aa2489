// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the published form has no place for, as fields of the form. All of it is ours.

use jiff::Timestamp;

use super::{Edition, End, FILES_MAX, Field, Ours, Place, ResultPaper, STEPS_MAX, StepDone, Value};
use crate::{Error, moment};

const EDITION: &str = "edition";
const FILE: &str = "file";
const STEP: &str = "step";
const PLACE: &str = "place";
const END: &str = "end";
const NUMBER: &str = "number";
const RESULT: &str = "result";

impl Ours {
    /// Returns the fields to write, without the beginning that their codes get.
    pub(super) fn to_fields(&self) -> Result<Vec<Field>, Error> {
        let known = [EDITION, FILE, STEP, PLACE, END, NUMBER, RESULT];
        if self.extra.iter().any(|it| known.contains(&it.code.as_str())) {
            return Err(Error::Doubled { what: "code" });
        }
        self.check_counts()?;
        let mut fields = Vec::new();
        let mut push = |code: &str, values: Vec<Value>| {
            if !values.is_empty() {
                fields.push(Field { code: code.to_owned(), values });
            }
        };
        push(EDITION, self.edition.iter().map(Edition::to_value).collect());
        push(FILE, self.files.iter().cloned().map(Value::File).collect());
        push(STEP, self.steps.iter().map(StepDone::to_value).collect());
        push(PLACE, self.places.iter().map(Place::to_value).collect());
        push(END, self.end.iter().map(End::to_value).collect());
        push(
            NUMBER,
            self.numbers.iter().map(|(key, number)| record(&[("of", key), ("is", number)])).collect(),
        );
        push(RESULT, self.result.iter().map(ResultPaper::to_value).collect());
        fields.extend(self.extra.iter().cloned());
        Ok(fields)
    }

    /// Takes in a field, given without the beginning of its code.
    pub(super) fn take(&mut self, field: Field) -> Result<(), Error> {
        match field.code.as_str() {
            EDITION => self.edition = one(&field, self.edition.is_some())?.map(Edition::of).transpose()?,
            END => self.end = one(&field, self.end.is_some())?.map(End::of).transpose()?,
            RESULT => self.result = one(&field, self.result.is_some())?.map(ResultPaper::of).transpose()?,
            STEP => self.steps.extend(each(&field).map(StepDone::of).collect::<Result<Vec<_>, _>>()?),
            PLACE => self.places.extend(each(&field).map(Place::of).collect::<Result<Vec<_>, _>>()?),
            NUMBER => {
                let numbers = each(&field).map(|it| Ok((it.text("of")?, it.text("is")?)));
                self.numbers.extend(numbers.collect::<Result<Vec<_>, Error>>()?);
            }
            FILE => {
                for value in field.values {
                    let Value::File(file) = value else { return Err(Error::Invalid { what: "values" }) };
                    self.files.push(file);
                }
            }
            _ => self.extra.push(field),
        }
        self.check_counts()
    }

    fn check_counts(&self) -> Result<(), Error> {
        if self.files.len() > FILES_MAX {
            return Err(Error::TooMany { what: "files" });
        }
        if self.steps.len() > STEPS_MAX || self.places.len() > STEPS_MAX {
            return Err(Error::TooMany { what: "steps" });
        }
        Ok(())
    }
}

/// Returns a complex value of texts; those that are empty are left out.
fn record(entries: &[(&str, &str)]) -> Value {
    let filled = entries.iter().filter(|it| !it.1.is_empty());
    Value::Complex(filled.map(|(code, text)| Field::text(code, text)).collect())
}

/// A complex value of texts, read.
#[derive(Clone, Copy)]
struct Record<'a>(&'a [Field]);

fn each(field: &Field) -> impl Iterator<Item = Record<'_>> {
    field
        .values
        .iter()
        .filter_map(|it| if let Value::Complex(fields) = it { Some(Record(fields)) } else { None })
}

fn one(field: &Field, known: bool) -> Result<Option<Record<'_>>, Error> {
    let mut found = each(field);
    let first = found.next();
    if known || found.next().is_some() { Err(Error::Doubled { what: "updatedValues" }) } else { Ok(first) }
}

impl Record<'_> {
    fn optional(self, code: &str) -> Option<String> {
        let text = self.0.iter().find(|it| it.code == code)?.as_text()?;
        Some(text.to_owned()).filter(|it| !it.is_empty())
    }

    fn text(self, code: &'static str) -> Result<String, Error> {
        self.optional(code).ok_or(Error::Missing { what: code })
    }

    fn time(self, code: &'static str) -> Result<Timestamp, Error> {
        moment::read_time(&self.text(code)?).ok_or(Error::Invalid { what: code })
    }

    /// Reads a SHA-256 in lower-case hexadecimal.
    fn sha256(self, code: &'static str) -> Result<String, Error> {
        let text = self.text(code)?;
        let hex = text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'));
        if hex { Ok(text) } else { Err(Error::Invalid { what: code }) }
    }
}

impl Edition {
    fn to_value(&self) -> Value {
        let time = |it: Option<Timestamp>| it.map(moment::write_time).unwrap_or_default();
        record(&[
            ("service", &self.service),
            ("edition", &self.edition),
            ("regulationSha256", &self.regulation_sha256),
            ("procedure", &self.procedure),
            ("channel", self.channel.as_deref().unwrap_or_default()),
            ("acceptedAt", &time(self.accepted_at)),
            ("receivedAt", &time(self.received_at)),
        ])
    }

    fn of(record: Record<'_>) -> Result<Self, Error> {
        let time = |name| record.optional(name).map(|_| record.time(name)).transpose();
        Ok(Self {
            service: record.text("service")?,
            edition: record.text("edition")?,
            regulation_sha256: record.sha256("regulationSha256")?,
            procedure: record.text("procedure")?,
            channel: record.optional("channel"),
            accepted_at: time("acceptedAt")?,
            received_at: time("receivedAt")?,
        })
    }
}

impl StepDone {
    fn to_value(&self) -> Value {
        let held = match self.held {
            Some(true) => "true",
            Some(false) => "false",
            None => "",
        };
        record(&[
            ("part", &self.part),
            ("at", &moment::write_time(self.at)),
            ("by", self.by.as_deref().unwrap_or_default()),
            ("held", held),
        ])
    }

    fn of(record: Record<'_>) -> Result<Self, Error> {
        let held = match record.optional("held").as_deref() {
            None => None,
            Some("true") => Some(true),
            Some("false") => Some(false),
            Some(_) => return Err(Error::Invalid { what: "held" }),
        };
        Ok(Self { part: record.text("part")?, at: record.time("at")?, by: record.optional("by"), held })
    }
}

impl Place {
    fn to_value(&self) -> Value {
        record(&[
            ("procedure", &self.procedure),
            ("step", &self.step),
            ("part", &self.part),
            ("since", &moment::write_time(self.since)),
        ])
    }

    fn of(record: Record<'_>) -> Result<Self, Error> {
        Ok(Self {
            procedure: record.text("procedure")?,
            step: record.text("step")?,
            part: record.text("part")?,
            since: record.time("since")?,
        })
    }
}

impl End {
    fn to_value(&self) -> Value {
        record(&[("end", &self.end), ("at", &moment::write_time(self.at))])
    }

    fn of(record: Record<'_>) -> Result<Self, Error> {
        Ok(Self { end: record.text("end")?, at: record.time("at")? })
    }
}

impl ResultPaper {
    fn to_value(&self) -> Value {
        record(&[
            ("sha256", &self.sha256),
            ("checkKey", &self.check_key),
            ("signer", &self.signer),
            ("signedAt", &moment::write_time(self.signed_at)),
        ])
    }

    fn of(record: Record<'_>) -> Result<Self, Error> {
        Ok(Self {
            sha256: record.sha256("sha256")?,
            check_key: record.text("checkKey")?,
            signer: record.text("signer")?,
            signed_at: record.time("signedAt")?,
        })
    }
}
