// SPDX-License-Identifier: MIT OR Apache-2.0
//! Answers and lists by algorithms that are not computed here: said to be so, and nobody is accused.

use eds::{Examination, Need, Outcome, Purpose, examine};

use super::*;
use crate::schema::follows_schema;

const PSS: &str = "1.2.840.113549.1.1.10";
const VALID: &str = "V\t490101000000Z\t";

fn alone(own: &Responders, bytes: &[u8], at: Timestamp) -> Examination {
    let (evidence, policy) =
        (Evidence::default(), Policy { purpose: Purpose::AnySignature, expected_iin: None, ..own.policy() });
    let found = examine(bytes, None, &Context { evidence: &evidence, at, policy: &policy }).unwrap();
    follows_schema(&found);
    found
}

#[test]
fn an_answer_by_a_strong_algorithm_is_undecided_and_by_a_weak_one_invalid() {
    let own = Responders::new();
    for (options, oid, is_strong) in [
        ("-rsigopt rsa_padding_mode:pss", PSS, true),
        ("-rmd sha3-256", "2.16.840.1.101.3.4.3.14", true),
        ("-rmd sha1", "1.2.840.113549.1.1.5", false),
    ] {
        let answer = own.asked(VALID, "exempt", options);
        let found = alone(&own, &answer, now(&answer));
        let needs = vec![Need::Algorithm { oid: oid.to_owned() }];
        let outcome = if is_strong { Outcome::Indeterminate { needs } } else { Outcome::Invalid };
        assert_eq!(found.verdict.outcome, outcome, "{options}: {:?}", found.verdict);
        let told = [found.verdict.failed_codes(), found.verdict.unknown_codes()].concat();
        assert_eq!(told, ["algorithm-unknown"], "{options}");
        let said = found.verdict.checks.iter().find(|it| it.code == eds::CheckCode::AlgorithmUnknown);
        assert_eq!(said.unwrap().detail.as_deref(), Some(oid));
        assert_eq!(own.judged_answer(answer, &own.policy()), doubt(&format!("algorithm-unknown {oid}")));
    }
    // An algorithm that the key of the responder cannot have used is no excuse.
    let ecdsa = write::oid(&const_oid::ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"));
    let (rsa, ecdsa) =
        (write::algorithm_null(&oids::RSA_SHA256), write::sequence(&[&ecdsa, &write::octets(&[0])]));
    let mut answer = own.asked(VALID, "exempt", "");
    let at = now(&answer);
    let place = answer.windows(rsa.len()).position(|it| it == rsa).unwrap();
    answer[place..place + rsa.len()].copy_from_slice(&ecdsa);
    assert_eq!(alone(&own, &answer, at).verdict.failed_codes(), ["signature-mismatch"]);
}

#[test]
fn a_delegate_who_was_certified_by_a_strong_algorithm_is_not_called_untrusted() {
    let own = Responders::new();
    let place = own.own.folder.path();
    let issue = "x509 -req -in exempt.csr -CA root.pem -CAkey root.key -set_serial 20 -days 20 -sha256 -sigopt rsa_padding_mode:pss -out pss.pem -extfile ocsp.cnf -extensions exempt";
    assert!(openssl(place, issue));
    std::fs::copy(place.join("exempt.key"), place.join("pss.key")).unwrap();
    let answer = own.asked(VALID, "pss", "");
    assert_eq!(own.judged_answer(answer, &own.policy()), doubt(&format!("algorithm-unknown {PSS}")));
}

#[test]
fn a_list_by_a_strong_algorithm_is_undecided() {
    let own = Responders::new();
    let (signer, at) = (own.signer("root"), own.own.leaf.not_before() + SignedDuration::from_hours(1));
    let plan =
        Plan { next_update: Some(at + SignedDuration::from_hours(20)), ..Plan::of(&own.root, &signer, at) };
    let oid = const_oid::ObjectIdentifier::new_unwrap(PSS);
    let list = plan.make_by(&oid, |tbs| signer.sign(tbs).unwrap());
    let found = alone(&own, &list, at);
    assert_eq!(
        (found.verdict.failed_codes(), found.verdict.unknown_codes()),
        (vec![], vec!["algorithm-unknown"])
    );
    assert_eq!(found.verdict.needs(), [Need::Algorithm { oid: PSS.to_owned() }]);
    let evidence = Evidence { crls: vec![list], ..Evidence::default() };
    assert_eq!(own.judged(&evidence, at, &own.policy()), doubt(&format!("algorithm-unknown {PSS}")));
}
