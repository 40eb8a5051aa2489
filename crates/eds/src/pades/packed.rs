// SPDX-License-Identifier: MIT OR Apache-2.0
//! The objects of a file, each gone over where its tables say that it stands, before the parser reads them: what they will
//! cost, and whether every reader takes the same objects out of streams of objects (ISO 32000-2, 7.5.7).
//!
//! The parser takes out of such a stream whatever looks like an object, and passes over what it cannot read. Other readers
//! take the object at the place that the table names. So both must be the same, and nothing else may lie there.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use lopdf::{DecompressError, Dictionary, Error, Object, Stream};

use super::room::Room;
use super::tables::{Place, Tables};
use super::tokens::{Cursor, Said, cost, is_blank, is_named, is_plain, is_regular, number, said, values};
use super::{STREAM_BYTES_MAX, is_space};

/// Bytes of an object that is the length of a stream: the parser reads it anew for each stream.
const LENGTH_BYTES_MAX: usize = 64;
/// Names of the numbers by which a stream was packed.
const PACKED_BY: [&str; 4] = ["Predictor", "Columns", "Colors", "BitsPerComponent"];

/// Goes over all objects, and returns of streams of objects, by the places where they begin, the numbers of those in them that
/// are not spelled plainly ([`is_plain`]); nothing where an object is not what its table says.
pub(super) fn read(pdf: &[u8], tables: &Tables, room: &mut Room) -> Option<BTreeSet<(usize, u32)>> {
    let mut walk = Walk {
        pdf,
        tables,
        room,
        named: tables.within(),
        found: BTreeSet::new(),
        numbers: BTreeMap::new(),
        apart: Vec::new(),
        unplain: BTreeSet::new(),
    };
    for (number, place) in &tables.places {
        if let Place::At(at, generation) = place {
            walk.object(*number, *generation, *at)?;
        }
    }
    for id in &walk.apart {
        walk.room.walk(*walk.numbers.get(id)?)?;
    }
    let mut within = tables.places.iter().filter(|it| matches!(it.1, Place::Within(..)));
    within.all(|(number, place)| walk.found.contains(&(*number, *place))).then_some(walk.unplain)
}

struct Walk<'a> {
    pdf: &'a [u8],
    tables: &'a Tables,
    room: &'a mut Room,
    /// What stands in streams of objects, as the table of any revision says.
    named: BTreeSet<(u32, Place)>,
    /// The same as found.
    found: BTreeSet<(u32, Place)>,
    /// The numbers among it.
    numbers: BTreeMap<u32, usize>,
    /// Which of them are lengths of streams.
    apart: Vec<u32>,
    unplain: BTreeSet<(usize, u32)>,
}

impl<'a> Walk<'a> {
    fn object(&mut self, number: u32, generation: u16, at: usize) -> Option<()> {
        let mut here = Cursor { pdf: self.pdf, at };
        here.run(is_space);
        (here.head()? == (number, generation)).then_some(())?;
        here.space();
        let from = here.at;
        let parts = here.value()?;
        self.room.hold(cost(self.pdf.get(from..here.at)?))?;
        if !parts.is_empty() && here.stream().is_some() {
            let length = self.length(&parts)?;
            let types = values(&parts, b"Type")?;
            if types.iter().any(|it| it.iter().any(|it| is_named(it, b"ObjStm"))) {
                let data = here.rest().get(..length)?;
                (generation == 0).then_some(())?;
                let unplain = self.container(number, &said(&parts)?, data)?;
                self.unplain.extend(unplain.into_iter().map(|it| (at, it)));
            }
            here.at = here.at.checked_add(length)?;
        }
        self.room.walk(here.at.checked_sub(at)?)
    }

    /// Returns the length of a stream; one that lies in a stream of objects is looked at when all of them are read.
    fn length(&mut self, parts: &[&'a [u8]]) -> Option<usize> {
        let held = values(parts, b"Length")?;
        match held.as_slice() {
            [[length]] => number(length),
            [[id, generation, _]] => {
                let (id, generation): (u32, u16) = (number(id)?, number(generation)?);
                match self.tables.places.get(&id)? {
                    Place::Nowhere => None,
                    Place::Within(..) => {
                        self.apart.push(id);
                        Some(0)
                    }
                    Place::At(at, _) => {
                        let mut there = Cursor { pdf: self.pdf, at: *at };
                        let (found, length) = there.lone_number()?;
                        (found == (id, generation) && there.at - at <= LENGTH_BYTES_MAX).then_some(length)
                    }
                }
            }
            _ => None,
        }
    }

    /// Goes over a stream of objects, and returns the numbers of those in it that are not spelled plainly.
    fn container(&mut self, container: u32, said: &Said<'a>, data: &[u8]) -> Option<Vec<u32>> {
        (alone(said, b"/Type")? == b"/ObjStm").then_some(())?;
        let (count, first): (usize, usize) = (stated(said, b"/N")?, stated(said, b"/First")?);
        let data = unpacked(said, data, self.room)?;
        let index = index(&data, first)?;
        let numbers: BTreeSet<usize> = index.iter().step_by(2).copied().collect();
        (index.len() == count.checked_mul(2)? && numbers.len() == count).then_some(())?;
        let places =
            index.chunks(2).map(|it| first.checked_add(*it.get(1)?)).collect::<Option<Vec<usize>>>()?;
        let ends = places.iter().skip(1).copied().chain([data.len()]);
        is_blank(data.get(first..places.first().copied().unwrap_or(data.len()))?).then_some(())?;
        let mut unplain = Vec::new();
        for ((order, pair), (from, to)) in (0_u64..).zip(index.chunks(2)).zip(places.iter().zip(ends)) {
            let number = u32::try_from(*pair.first()?).ok()?;
            let place = Place::Within(container, order);
            let written = member(&data, *from, to)?;
            self.room.hold(cost(written))?;
            if !is_plain(written) {
                unplain.push(number);
            }
            (self.named.contains(&(number, place)) && self.found.insert((number, place))).then_some(())?;
            if self.tables.places.get(&number) == Some(&place) {
                self.number(number, written);
            }
        }
        Some(unplain)
    }

    fn number(&mut self, id: u32, written: &[u8]) {
        let value = number(written.trim_ascii());
        self.numbers.extend(value.map(|it: usize| (id, it)));
    }
}

/// Returns the numbers that stand before the first object.
fn index(data: &[u8], first: usize) -> Option<Vec<usize>> {
    let (mut here, mut found) = (Cursor { pdf: data, at: 0 }, Vec::new());
    loop {
        here.space();
        if here.at >= first {
            return Some(found);
        }
        found.push(here.number()?);
        here.rest().first().is_none_or(|it| !is_regular(*it)).then_some(())?;
    }
}

/// Returns the one value that stands there; another one may follow only behind it, and nothing but white space between.
fn member(data: &[u8], from: usize, to: usize) -> Option<&[u8]> {
    let mut here = Cursor { pdf: data, at: from };
    here.one()?;
    is_blank(data.get(here.at..to)?).then_some(())?;
    data.get(from..to)
}

/// Returns the data of a stream, unpacked.
pub(super) fn unpacked(said: &Said<'_>, data: &[u8], room: &mut Room) -> Option<Vec<u8>> {
    let mut held = Dictionary::new();
    if said.contains_key(b"/Filter".as_slice()) {
        (unwrapped(alone(said, b"/Filter")?) == b"/FlateDecode").then_some(())?;
        held.set("Filter", Object::Name(b"FlateDecode".to_vec()));
        if said.contains_key(b"/DecodeParms".as_slice()) {
            held.set("DecodeParms", packed_by(unwrapped(alone(said, b"/DecodeParms")?))?);
        }
    }
    let most = room.unpacked().min(STREAM_BYTES_MAX);
    let plain = match Stream::new(held, data.to_vec()).get_plain_content_with_limit(most) {
        Ok(plain) => Some(plain),
        // What unpacks to more than may be is told apart from what is broken.
        Err(Error::Decompress(DecompressError::MemoryLimitExceeded { .. })) => None,
        Err(_) => return None,
    };
    room.unpack(plain.as_ref().map_or(usize::MAX, Vec::len))?;
    plain
}

fn packed_by(written: &[u8]) -> Option<Dictionary> {
    let mut found = Dictionary::new();
    if written == b"null" {
        return Some(found);
    }
    let parts = Cursor { pdf: written, at: 0 }.value()?;
    let held = said(&parts)?;
    for name in PACKED_BY {
        let written = format!("/{name}");
        if held.contains_key(written.as_bytes()) {
            let value: u32 = stated(&held, written.as_bytes())?;
            found.set(name, i64::from(value));
        }
    }
    Some(found)
}

/// Returns the value under the name, which is no reference.
pub(super) fn alone<'a>(said: &Said<'a>, name: &[u8]) -> Option<&'a [u8]> {
    match said.get(name)?.as_slice() {
        [held] => Some(*held),
        _ => None,
    }
}

/// Returns the number under the name.
pub(super) fn stated<T: FromStr>(said: &Said<'_>, name: &[u8]) -> Option<T> {
    number(alone(said, name)?)
}

/// Returns the only thing in the array, or what is none.
fn unwrapped(written: &[u8]) -> &[u8] {
    let held = written.strip_prefix(b"[").and_then(|it| it.strip_suffix(b"]"));
    held.map_or(written, <[u8]>::trim_ascii)
}
