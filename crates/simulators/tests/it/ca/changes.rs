// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lists of changes: what the kept list does not tell, as openssl says too.

use super::{now, openssl, people};
use eds::Certificate;
use eds::crl::{Index, IndexFault};
use jiff::SignedDuration;
use simulators::ca::DevCa;

#[test]
fn changes_tell_what_the_kept_list_does_not_and_openssl_agrees() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut ca = DevCa::create_or_load(folder, now(), &people()).unwrap();
    let kept = ca.crl(now());
    let (revoked, later) = (now() + SignedDuration::from_hours(2), now() + SignedDuration::from_hours(5));
    ca.revoke("applicant", revoked).unwrap();
    let changes = ca.crl_changes(later);

    let authority = Certificate::parse(ca.authority_der()).unwrap();
    let mut index = Index::read(&kept, &authority).unwrap();
    let serial = ca.holder("applicant").unwrap().certificate().serial().to_vec();
    assert_eq!(index.find(&serial), None);
    index.lay_over(&changes, &authority).unwrap();
    assert_eq!(index.find(&serial).unwrap().since, revoked);
    // A list of the same moment takes them too; one that ended before they begin does not.
    let older = ca.crl(now() - SignedDuration::from_hours(48));
    let mut older = Index::read(&older, &authority).unwrap();
    assert_eq!(older.lay_over(&changes, &authority), Err(IndexFault::NumbersDoNotFit));

    let lists = [("full", kept), ("changes", changes), ("rootcrl", ca.root_crl(now()))];
    for (name, bytes) in lists {
        std::fs::write(folder.join(format!("{name}.der")), bytes).unwrap();
        assert!(openssl(folder, &format!("crl -inform DER -in {name}.der -out {name}.pem")).0);
    }
    for name in ["root", "nca", "applicant", "clerk"] {
        assert!(openssl(folder, &format!("x509 -inform DER -in {name}.cer -out {name}.pem")).0);
    }
    let at = later.as_second();
    let verify = |more: &str, name: &str| {
        let lists = "-crl_check_all -CRLfile full.pem -CRLfile rootcrl.pem";
        openssl(
            folder,
            &format!("verify -attime {at} -CAfile root.pem -untrusted nca.pem {lists} {more} {name}.pem"),
        )
    };
    let (accepted, text) = verify("", "applicant");
    assert!(accepted, "{text}");
    let with_changes = "-extended_crl -use_deltas -CRLfile changes.pem";
    let (accepted, text) = verify(with_changes, "applicant");
    assert!(!accepted && text.contains("revoked"), "{text}");
    let (accepted, text) = verify(with_changes, "clerk");
    assert!(accepted, "{text}");
}
