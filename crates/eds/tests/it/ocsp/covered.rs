// SPDX-License-Identifier: MIT OR Apache-2.0
//! Answers in the store of a PDF: a stamp over the document proves when those existed that it covers.

use super::*;
use crate::paper::Paper;
use crate::stamps::{Stamping, years_later};
use eds::{Outcome, Trust, tsp, verify_pdf};

const STAMP: &str = "/Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161";

/// Returns a list of the authority above that of time.
fn list_of_stamping(it: &Stamping, made: Timestamp) -> Vec<u8> {
    Plan {
        next_update: Some(made + SignedDuration::from_hours(1)),
        ..Plan::of(
            &Certificate::parse(&it.own.root).unwrap(),
            &RsaSigner::from_pkcs8(&it.own.file("root.key")).unwrap(),
            made,
        )
    }
    .make()
}

#[test]
fn an_answer_that_was_appended_after_the_stamp_is_not_proven_to_be_as_old() {
    let (own, it) = (Responders::new(), Stamping::new());
    let after = |minutes| own.own.leaf.not_before() + SignedDuration::from_mins(minutes);
    // Made after an hour, by a key that ends after twenty days.
    let answer = Made::default().by(&own, "exempt", "exempt");
    let digits = answer.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let length = digits.len() + 1;
    let stream = format!("<</Length {length}/Filter/ASCIIHexDecode>>stream\n{digits}>\nendstream");
    let store = [
        (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 9 0 R/DSS 60 0 R>>"),
        (60, "<</Type/DSS/OCSPs[61 0 R]>>"),
        (61, stream.as_str()),
    ];
    let paper = |with_stamp: &[(u32, &str)]| {
        let mut paper = Paper::new(&[]);
        paper.sign(&own.own, &[], "");
        paper.put(with_stamp, STAMP, |pieces| {
            let imprint = tsp::Imprint { algorithm: oids::SHA256, digest: eds::sha256(pieces).to_vec() };
            it.stamp_at(imprint, after(65), None)
        });
        paper
    };
    let covered = paper(&store);
    let mut appended = paper(&[]);
    appended.append(&store, "/Info 6 0 R");
    let trust = Trust::from_certificates([own.own.root.as_slice(), it.own.root.as_slice()]).unwrap();
    let policy = Policy { trust, ocsp_nonce: None, ..own.policy() };
    let judged = |paper: &Paper, ocsp: &[Vec<u8>], at: Timestamp| {
        let crls = vec![list_of_stamping(&it, after(66))];
        let evidence = Evidence { ocsp: ocsp.to_vec(), crls, ..Evidence::default() };
        verify_pdf(&paper.bytes, &evidence, at, &policy)
    };
    for (what, paper, stays) in [("covered", &covered, true), ("appended", &appended, false)] {
        // That the same answer is given beside it takes nothing away and adds nothing.
        for ocsp in [Vec::new(), vec![answer.clone()]] {
            let verdict = judged(paper, &ocsp, after(70));
            assert!(verdict.is_valid(), "{what}: {verdict:?}");
            let verdict = judged(paper, &ocsp, years_later(after(70)));
            let is_open = matches!(verdict.outcome, Outcome::Indeterminate { .. });
            assert_eq!((verdict.is_valid(), is_open), (stays, !stays), "{what}: {verdict:?}");
            assert_eq!(
                verdict.unknown_codes().contains(&"revocation-unknown"),
                !stays,
                "{what}: {verdict:?}"
            );
        }
    }
}
