// SPDX-License-Identifier: MIT OR Apache-2.0
//! A corpus of hostile containers made from an honest one, element by element: none says anything else and is valid.

use eds::asn1::{Element, Reader, context, write};
use eds::{Content, Evidence, oids, verify_cms};

use crate::oracle::{Throwaway, openssl};

/// Containers that the corpus must hold at least.
const HOSTILE_MIN: usize = 200;
const DEPTH_MAX: usize = 12;

/// What is done to one element.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Remove,
    Double,
    Empty,
    Retag,
    Null,
    FirstBit,
    Longer,
    Shorter,
    HugeLength,
    Indefinite,
    Nest,
    Swap,
}

const DEEDS: [Deed; 12] = [
    Deed::Remove,
    Deed::Double,
    Deed::Empty,
    Deed::Retag,
    Deed::Null,
    Deed::FirstBit,
    Deed::Longer,
    Deed::Shorter,
    Deed::HugeLength,
    Deed::Indefinite,
    Deed::Nest,
    Deed::Swap,
];

impl Deed {
    fn done(self, element: Element<'_>) -> Vec<u8> {
        let (tag, value) = (element.tag, element.value);
        match self {
            Self::Remove => Vec::new(),
            Self::Double => [element.raw, element.raw].concat(),
            Self::Empty => write::tlv(tag, &[]),
            Self::Retag => write::tlv(tag ^ 1, value),
            Self::Null => write::null(),
            Self::FirstBit => {
                let mut value = value.to_vec();
                value.first_mut().into_iter().for_each(|it| *it ^= 0x80);
                write::tlv(tag, &value)
            }
            Self::Longer => write::tlv(tag, &[value, &[0]].concat()),
            Self::Shorter => write::tlv(tag, &value[..value.len().saturating_sub(1)]),
            Self::HugeLength => [&[tag, 0x84, 0x7f, 0xff, 0xff, 0xff], value].concat(),
            Self::Indefinite => [&[tag, 0x80], value].concat(),
            Self::Nest => write::tlv(tag, element.raw),
            Self::Swap => {
                let Ok(mut parts) = Reader::new(value).all(64) else { return Vec::new() };
                parts.reverse();
                write::tlv(tag, &parts.iter().flat_map(|it| it.raw.to_vec()).collect::<Vec<u8>>())
            }
        }
    }
}

/// Returns the bytes with the element of this number changed; the numbers go down the tree in order.
fn changed(bytes: &[u8], deed: Deed, left: &mut usize, depth: usize) -> Vec<u8> {
    let Ok(elements) = Reader::new(bytes).all(256) else { return bytes.to_vec() };
    let mut out = Vec::new();
    for element in elements {
        if *left == 0 {
            *left = usize::MAX;
            out.extend(deed.done(element));
            continue;
        }
        *left -= 1;
        if element.tag & 0x20 != 0 && depth < DEPTH_MAX {
            out.extend(write::tlv(element.tag, &changed(element.value, deed, left, depth + 1)));
        } else {
            out.extend(element.raw);
        }
    }
    out
}

fn honest(own: &Throwaway) -> Vec<u8> {
    let command = "cms -sign -binary -nodetach -cades -md sha256 -in content.txt -signer leaf.pem -inkey leaf.key -outform DER -out honest";
    assert!(openssl(own.folder.path(), command));
    own.file("honest")
}

#[test]
fn no_container_of_the_corpus_is_valid_unless_it_says_what_the_honest_one_says() {
    let own = Throwaway::new();
    let (cms, content) = (honest(&own), own.file("content.txt"));
    let (policy, evidence, at) = (own.policy(), Evidence::default(), own.leaf.not_before());
    assert!(verify_cms(&Content::Attached, &cms, &evidence, at, &policy).is_valid());
    let (mut hostile, mut harmless) = (0, Vec::new());
    for deed in DEEDS {
        for number in 0.. {
            let mut left = number;
            let bytes = changed(&cms, deed, &mut left, 0);
            if left != usize::MAX && left < 1_000_000 {
                break;
            }
            if bytes == cms {
                continue;
            }
            let verdict = verify_cms(&Content::Attached, &bytes, &evidence, at, &policy);
            if !verdict.is_valid() {
                hostile += 1;
                continue;
            }
            // A certificate or the signer twice, parameters left out: the same person signed the same bytes.
            harmless.push((deed, number));
            assert_eq!(
                eds::attached_content(&bytes).unwrap().as_deref(),
                Some(content.as_slice()),
                "{deed:?} {number}"
            );
            let is_own = |it: &eds::Signer| it.certificate == own.leaf.der();
            assert!(!verdict.signers.is_empty() && verdict.signers.iter().all(is_own), "{deed:?} {number}");
        }
    }
    assert!(hostile >= HOSTILE_MIN, "{hostile} hostile containers");
    assert!(harmless.len() * 10 < hostile, "{harmless:?}");
    println!("{hostile} hostile, {} harmless", harmless.len());
}

#[test]
fn truncated_prefixed_and_wrapped_containers_are_not_valid() {
    let own = Throwaway::new();
    let cms = honest(&own);
    let (policy, evidence, at) = (own.policy(), Evidence::default(), own.leaf.not_before());
    let wrapped = |inner: &[u8]| {
        let info =
            write::sequence(&[&write::oid(&oids::DATA), &write::tlv(context(0), &write::octets(inner))]);
        let set = write::set_of(Vec::new());
        let data = write::sequence(&[&write::small(1), &set, &info, &set]);
        write::sequence(&[&write::oid(&oids::SIGNED_DATA), &write::tlv(context(0), &data)])
    };
    let mut all: Vec<Vec<u8>> = (0..cms.len()).step_by(11).map(|it| cms[..it].to_vec()).collect();
    all.extend([
        wrapped(&cms),
        wrapped(b""),
        [&[0], cms.as_slice()].concat(),
        [cms.as_slice(), &[0x30, 0]].concat(),
    ]);
    all.push([cms.as_slice(), cms.as_slice()].concat());
    for bytes in &all {
        assert!(!verify_cms(&Content::Attached, bytes, &evidence, at, &policy).is_valid());
        let _any = eds::Kind::of(bytes);
    }
    assert!(all.len() >= 100, "{}", all.len());
}
