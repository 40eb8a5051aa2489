// SPDX-License-Identifier: MIT OR Apache-2.0
//! Changes of DER that keep it DER: one element of the tree is changed and all lengths around it are written anew.

use eds::asn1::{BIT_STRING, Element, OCTET_STRING, Reader, write};

use crate::steps::Steps;

const DEPTH_MAX: usize = 20;
const CHILDREN_MAX: usize = 400;
/// Contents of strings and integers that readers may stumble over.
const CONTENTS: [&[u8]; 12] = [
    b"",
    b"\x00",
    b"\x80",
    b"\x7f\xff\xff\xff\xff\xff\xff\xff",
    b"\x80\x00\x00\x00\x00\x00\x00\x00\x01",
    b"\x00\x00\x00\x01",
    b"20991332996199Z",
    b"000101000000Z",
    b"99991231235959.999999999999999999999Z",
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
    b"\x88\x37\x80\x80\x80\x80\x80\x80\x80\x80\x01",
    &[0xff; 300],
];

/// Returns the elements inside, of what is constructed or wraps other elements in a string.
fn inside(tag: u8, value: &[u8]) -> Option<(Vec<Element<'_>>, usize)> {
    let skip = usize::from(tag == BIT_STRING);
    let is_open = tag & 0x20 != 0 || (matches!(tag, OCTET_STRING | BIT_STRING) && value.len() > 4);
    let all = Reader::new(value.get(skip..)?).all(CHILDREN_MAX).ok()?;
    (is_open && !all.is_empty()).then_some((all, skip))
}

fn count(bytes: &[u8], depth: usize) -> usize {
    let Ok(all) = Reader::new(bytes).all(CHILDREN_MAX) else { return 0 };
    let below = |it: &Element<'_>| {
        let open = inside(it.tag, it.value).filter(|_| depth < DEPTH_MAX);
        open.map_or(0, |(_, skip)| count(it.value.get(skip..).unwrap_or_default(), depth + 1))
    };
    all.iter().map(|it| 1 + below(it)).sum()
}

/// Returns the element of this number in the order of writing.
fn find<'a>(bytes: &'a [u8], left: &mut usize, depth: usize) -> Option<Element<'a>> {
    for element in Reader::new(bytes).all(CHILDREN_MAX).ok()? {
        if *left == 0 {
            return Some(element);
        }
        *left -= 1;
        if let Some((_, skip)) = inside(element.tag, element.value).filter(|_| depth < DEPTH_MAX)
            && let Some(found) = find(element.value.get(skip..)?, left, depth + 1)
        {
            return Some(found);
        }
    }
    None
}

fn put(bytes: &[u8], left: &mut Option<usize>, depth: usize, new: &[u8]) -> Vec<u8> {
    let Ok(all) = Reader::new(bytes).all(CHILDREN_MAX) else { return bytes.to_vec() };
    let mut out = Vec::new();
    for element in all {
        match *left {
            None => out.extend(element.raw),
            Some(0) => {
                *left = None;
                out.extend(new);
            }
            Some(more) => {
                *left = Some(more - 1);
                if let Some((_, skip)) = inside(element.tag, element.value).filter(|_| depth < DEPTH_MAX) {
                    let (head, rest) = element.value.split_at(skip);
                    let inner = [head, &put(rest, left, depth + 1, new)].concat();
                    out.extend(write::tlv(element.tag, &inner));
                } else {
                    out.extend(element.raw);
                }
            }
        }
    }
    out
}

fn random_element(steps: &mut Steps, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut place = steps.next(count(bytes, 0));
    find(bytes, &mut place, 0).map(|it| it.raw.to_vec())
}

fn deed(steps: &mut Steps, element: Element<'_>, others: &[Vec<u8>]) -> Vec<u8> {
    let (tag, value) = (element.tag, element.value);
    match steps.next(13) {
        0 => Vec::new(),
        1 => element.raw.repeat(2 + steps.next(2) * steps.next(40)),
        2 => write::tlv(tag, CONTENTS.get(steps.next(CONTENTS.len())).copied().unwrap_or_default()),
        3 => write::tlv(tag ^ (1 << steps.next(6)), value),
        4 => {
            let mut value = value.to_vec();
            let place = steps.next(value.len());
            let bit = 1u8 << steps.next(8);
            value.get_mut(place).into_iter().for_each(|it| *it ^= bit);
            write::tlv(tag, &value)
        }
        5 => write::tlv(tag, element.raw),
        6 => {
            let Ok(mut parts) = Reader::new(value).all(CHILDREN_MAX) else { return Vec::new() };
            let (one, two) = (steps.next(parts.len()), steps.next(parts.len()));
            if one < parts.len() && two < parts.len() {
                parts.swap(one, two);
            }
            write::tlv(tag, &parts.iter().flat_map(|it| it.raw.to_vec()).collect::<Vec<u8>>())
        }
        // An element of another file, as it stands or in this one's clothes.
        7 | 8 => others
            .get(steps.next(others.len()))
            .and_then(|other| random_element(steps, other))
            .unwrap_or_default(),
        9 => {
            let other = others.get(steps.next(others.len())).and_then(|it| random_element(steps, it));
            let other = other.unwrap_or_default();
            write::tlv(tag, Element::parse(&other).map_or(&[][..], |it| it.value))
        }
        10 => [
            element.raw,
            &others
                .get(steps.next(others.len()))
                .and_then(|it| random_element(steps, it))
                .unwrap_or_default(),
        ]
        .concat(),
        // BER: of indefinite length, or in pieces.
        11 => [&[tag | 0x20, 0x80], value, &[0, 0]].concat(),
        _ => {
            let (one, two) = value.split_at(steps.next(value.len()));
            let pieces = [write::tlv(OCTET_STRING, one), write::tlv(OCTET_STRING, two)].concat();
            [&[tag | 0x20, 0x80], pieces.as_slice(), &[0, 0]].concat()
        }
    }
}

/// Changes one element.
pub(crate) fn change(steps: &mut Steps, bytes: &mut Vec<u8>, others: &[Vec<u8>]) {
    let elements = count(bytes, 0);
    if elements == 0 {
        return steps.bytes(bytes, others);
    }
    let number = steps.next(elements);
    if let Some(element) = find(bytes, &mut number.clone(), 0) {
        let new = deed(steps, element, others);
        *bytes = put(bytes, &mut Some(number), 0, &new);
    }
}
