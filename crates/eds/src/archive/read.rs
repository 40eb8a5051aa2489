// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is looked at before an archive is read: that it says everything once, and takes no more memory than archives do.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::ArchiveFault;
use crate::evidence::EVIDENCE_ITEMS_MAX;

/// Memory for what was demanded, for the verdict, and for the shape of the rest, each: tens of kilobytes in practice.
const PART_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Memory that a value takes beside its text, with its name.
const VALUE_BYTES: usize = 64;

/// Says whether JSON can be read as an archive: no name stands twice in one object (some readers take the first one,
/// others the last, and the seals stand over one alone), and nothing in it is many times longer in memory than on the wire.
pub(super) fn judge(bytes: &[u8]) -> Result<(), ArchiveFault> {
    // The pieces are text, which takes its own length.
    let rest = Room::new(PART_BYTES_MAX.saturating_add(bytes.len()));
    let (policy, verdict) = (Room::new(PART_BYTES_MAX), Room::new(PART_BYTES_MAX));
    let whole = Measured { room: &rest, parts: &[("policy", &policy), ("verdict", &verdict)] };
    let read = whole.deserialize(&mut serde_json::Deserializer::from_slice(bytes));
    let is_full = [&rest, &policy, &verdict].into_iter().any(Room::is_full);
    let fault = if is_full { ArchiveFault::TooLarge } else { ArchiveFault::Malformed };
    read.map_err(|_| fault)
}

/// Returns demands or a verdict if they can be read again.
pub(super) fn readable(part: Value) -> Result<Value, ArchiveFault> {
    let room = Room::new(PART_BYTES_MAX);
    let read = Measured { room: &room, parts: &[] }.deserialize(&part);
    read.map(|()| part).map_err(|_| ArchiveFault::TooLarge)
}

/// Says whether no more evidence of one kind lies in an archive than is looked at.
pub(super) fn judge_evidence(archive: &Value) -> Result<(), ArchiveFault> {
    let seals = archive.get("seals").and_then(Value::as_array).into_iter().flatten();
    let evidence = std::iter::once(archive).chain(seals).filter_map(|it| it.get("evidence"));
    let mut kinds = evidence.filter_map(Value::as_object).flat_map(serde_json::Map::values);
    let is_long = |it: &Value| it.as_array().is_some_and(|it| it.len() > EVIDENCE_ITEMS_MAX);
    if kinds.any(is_long) { Err(ArchiveFault::TooLarge) } else { Ok(()) }
}

/// Memory that is left; nothing once more was wanted.
struct Room(Cell<Option<usize>>);

impl Room {
    const fn new(bytes: usize) -> Self {
        Self(Cell::new(Some(bytes)))
    }

    fn is_full(&self) -> bool {
        self.0.get().is_none()
    }

    fn take<E: Error>(&self, bytes: usize) -> Result<(), E> {
        self.0.set(self.0.get().and_then(|left| left.checked_sub(bytes)));
        if self.is_full() { Err(E::custom("longer than archives are")) } else { Ok(()) }
    }
}

/// Reads JSON and keeps nothing of it but the names of the objects that it is in.
#[derive(Clone, Copy)]
struct Measured<'a> {
    room: &'a Room,
    /// Fields with room of their own.
    parts: &'a [(&'static str, &'a Room)],
}

impl<'a> Measured<'a> {
    const fn inner(room: &'a Room) -> Self {
        Self { room, parts: &[] }
    }

    fn value<E: Error>(self, text: usize) -> Result<(), E> {
        self.room.take(VALUE_BYTES.saturating_add(text))
    }
}

impl<'de> DeserializeSeed<'de> for Measured<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Measured<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON of an archive")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.value(0)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.value(0)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.value(0)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.value(0)
    }

    /// What is no whole number of 64 bits is not kept as it was written: another number would be sealed by the same seal
    /// (RFC 7493, 2.2).
    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Err(E::custom("a number that is not whole"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.value(text.len())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.value::<A::Error>(0)?;
        while list.next_element_seed(Measured::inner(self.room))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        self.value::<A::Error>(0)?;
        let mut names = BTreeSet::new();
        while let Some(name) = fields.next_key::<String>()? {
            let own = self.parts.iter().find(|(part, _)| *part == name);
            let room = own.map_or(self.room, |(_, room)| *room);
            room.take::<A::Error>(name.len())?;
            fields.next_value_seed(Measured::inner(room))?;
            if !names.insert(name) {
                return Err(A::Error::custom("a name stands twice"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_once_in_an_object() {
        for honest in ["{}", r#"{"a":{"a":[{"a":null},{"a":-1}]},"b":15}"#, r#"[{"a":true},{"a":"a"}]"#] {
            assert_eq!(judge(honest.as_bytes()), Ok(()), "{honest}");
        }
        for doubled in [r#"{"a":1,"a":1}"#, r#"{"a":[{"b":1,"c":2,"b":3}]}"#, r#"{"a":1,"\u0061":2}"#] {
            assert_eq!(judge(doubled.as_bytes()), Err(ArchiveFault::Malformed), "{doubled}");
        }
    }

    #[test]
    fn numbers_that_would_be_read_as_others_are_not_read() {
        for (number, is_read) in [
            ("18446744073709551615", true),
            ("-9223372036854775808", true),
            ("18446744073709551616", false),
            ("-9223372036854775809", false),
            ("1.0", false),
            ("1e2", false),
            ("-0", false),
        ] {
            let read = judge(format!(r#"{{"verdict":{{"a":[{number}]}}}}"#).as_bytes());
            assert_eq!(read, if is_read { Ok(()) } else { Err(ArchiveFault::Malformed) }, "{number}");
        }
    }

    #[test]
    fn what_is_longer_in_memory_than_on_the_wire_is_bounded() {
        let many = |value: &str| vec![value; PART_BYTES_MAX / VALUE_BYTES].join(",");
        for (text, read) in [
            (format!(r#"{{"verdict":[{}]}}"#, many("0")), Err(ArchiveFault::TooLarge)),
            (format!(r#"{{"policy":{{"a":[{}]}}}}"#, many("{}")), Err(ArchiveFault::TooLarge)),
            (format!(r#"{{"verdict":"{}"}}"#, "a".repeat(PART_BYTES_MAX)), Err(ArchiveFault::TooLarge)),
            (format!(r#"{{"content":[{}]}}"#, vec![many("0"); 2].join(",")), Err(ArchiveFault::TooLarge)),
            (format!(r#"{{"content":"{}"}}"#, "a".repeat(2 * PART_BYTES_MAX)), Ok(())),
            (r#"{"verdict":["#.to_owned(), Err(ArchiveFault::Malformed)),
        ] {
            assert_eq!(judge(text.as_bytes()), read, "{}", text.chars().take(20).collect::<String>());
        }
        let part = |count: usize| Value::Array(vec![Value::Null; count]);
        assert_eq!(readable(part(9)), Ok(part(9)));
        assert_eq!(readable(part(PART_BYTES_MAX / VALUE_BYTES)), Err(ArchiveFault::TooLarge));
    }
}
