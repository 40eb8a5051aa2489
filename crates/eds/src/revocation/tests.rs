// SPDX-License-Identifier: MIT OR Apache-2.0
//! What several answers weigh together.

use super::*;

/// Judges a revocation of June for what was signed in March, known to exist by `existed`.
fn june(signs: Signs, reason: Option<u8>, existed: Option<&str>) -> Status {
    let (at, since) = ("2026-03-01T00:00:00Z".parse().unwrap(), "2026-06-01T00:00:00Z".parse().unwrap());
    let existed = existed.map(|it| it.parse().unwrap());
    Status::revoked(since, reason, &Matter { at, signs, existed })
}

fn is_undone(signs: Signs, reason: Option<u8>, existed: Option<&str>) -> bool {
    !matches!(june(signs, reason, existed), Status::Good(Some(_)))
}

#[test]
fn a_promise_is_believed_for_a_limited_time() {
    let made: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
    let until = |text: &str| Some(text.parse::<Timestamp>().unwrap());
    let (near, far) = (until("2026-03-02T03:00:00Z"), until("2099-01-01T00:00:00Z"));
    for (said, max, believed) in [
        (near, OCSP_PROMISED_MAX, near),
        (far, OCSP_PROMISED_MAX, until("2026-03-08T00:00:00Z")),
        (near, LIST_PROMISED_MAX, near),
        (far, LIST_PROMISED_MAX, until("2027-04-05T00:00:00Z")),
        (None, OCSP_PROMISED_MAX, None),
    ] {
        assert_eq!(promised(said, made, max), believed);
    }
}

#[test]
fn what_a_person_signed_before_stays() {
    for reason in [None, Some(0), Some(1), Some(4)] {
        assert!(!is_undone(Signs::Acts, reason, None));
    }
}

#[test]
fn stamps_of_a_key_that_may_be_compromised_prove_nothing() {
    let stamp = |reason, existed| is_undone(Signs::Times, reason, existed);
    for harmless in HARMLESS {
        assert!(!stamp(Some(harmless), None));
    }
    for reason in [None, Some(1), Some(2), Some(6), Some(10)] {
        assert!(stamp(reason, None), "{reason:?}");
        assert!(stamp(reason, Some("2026-07-01T00:00:00Z")), "a later seal came too late");
        assert!(!stamp(reason, Some("2026-05-01T00:00:00Z")), "a seal of May proves the stamp of March");
    }
}

#[test]
fn lists_of_a_key_that_may_be_compromised_prove_nothing_and_undo_nothing() {
    for harmless in HARMLESS {
        assert!(!is_undone(Signs::Lists, Some(harmless), None));
    }
    for reason in [None, Some(2)] {
        assert_eq!(june(Signs::Lists, reason, None), Status::Undermined);
        assert!(!is_undone(Signs::Lists, reason, Some("2026-05-01T00:00:00Z")));
    }
}

#[test]
fn of_another_certificate_with_the_key_only_its_loss_counts() {
    let counts = |reason| [true, false].map(|is_sure| is_undone(Signs::Twin { is_sure }, reason, None));
    for lost in LOSSES {
        assert_eq!(counts(Some(lost)), [true, true]);
    }
    for open in [None, Some(HOLD)] {
        assert_eq!(counts(open), [false, true], "{open:?}");
    }
    for other in [0, 3, 4, 5, 9] {
        assert_eq!(counts(Some(other)), [false, false], "{other}");
    }
}

/// A revocation since this time for this reason.
const fn of(time: Timestamp, reason: u8) -> Since {
    Since { time, reason: Some(reason) }
}

fn answer(status: Status, hour: i64, believed: Result<(), Unusable>) -> Answer {
    let made = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hour);
    Answer { status, made: (made, made), believed, proof: hour.to_string(), is_list: false }
}

fn weighed(answers: &[Answer]) -> Together {
    weigh(&answers.iter().cloned().map(Ok).collect::<Vec<_>>())
}

#[test]
fn a_revocation_outlives_its_answer_and_good_does_not() {
    let since = of(Timestamp::UNIX_EPOCH, 4);
    let (good, stale) = (Status::Good(None), Err(Unusable::Stale));
    let revoked = answer(Status::Revoked(since), 1, stale);
    assert_eq!(weighed(&[answer(good, 9, Ok(())), revoked]), Together::Revoked(since));
    assert_eq!(weighed(&[answer(good, 9, Ok(()))]), Together::Good("9".to_owned()));
    assert_eq!(weighed(&[answer(good, 9, stale)]), Together::Nothing);
    assert_eq!(weighed(&[]), Together::Nothing);
}

#[test]
fn of_a_hold_the_latest_answer_decides() {
    let since = Timestamp::UNIX_EPOCH;
    let (hold, good, stale) = (Status::OnHold(since), Status::Good(None), Err(Unusable::Stale));
    let both = |one, other| weighed(&[one, other]);
    let lifted = Together::Good("9".to_owned());
    assert_eq!(both(answer(hold, 8, Ok(())), answer(good, 9, Ok(()))), lifted);
    let standing = Together::Revoked(of(since, HOLD));
    assert_eq!(both(answer(hold, 9, Ok(())), answer(good, 9, Ok(()))), standing);
    assert_eq!(both(answer(hold, 9, Ok(())), answer(good, 8, Ok(()))), standing);
    assert_eq!(both(answer(hold, 8, Ok(())), answer(good, 9, stale)), standing);
    assert_eq!(both(answer(hold, 9, Ok(())), answer(Status::NotIssued, 9, Ok(()))), standing);
    // Nobody knows whether it still stands.
    assert_eq!(both(answer(hold, 9, stale), answer(good, 8, Ok(()))), Together::Nothing);
    assert_eq!(both(answer(hold, 8, stale), answer(good, 9, Ok(()))), lifted);
}

#[test]
fn a_hold_lasted_into_the_revocation_that_ended_it() {
    let (since, five) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH + SignedDuration::from_hours(5));
    let (hold, later) = (Status::OnHold(since), |reason| Status::Good(Some(of(five, reason))));
    let (stale, good) = (Err(Unusable::Stale), Status::Good(None));
    let ended = answer(later(4), 9, Ok(()));
    let standing = Together::Revoked(of(since, HOLD));
    assert_eq!(weighed(&[answer(hold, 8, Ok(())), ended.clone()]), standing);
    // However old the answer is that tells of it.
    assert_eq!(weighed(&[answer(hold, 8, Ok(())), answer(later(4), 9, stale)]), standing);
    // Another hold does not say that the one before was lifted.
    assert_eq!(weighed(&[answer(hold, 8, Ok(())), answer(later(HOLD), 9, Ok(()))]), standing);
    // Of an authority whose key was lost in the end.
    let lost = answer(Status::Undermined, 9, Err(Unusable::SignerUntrusted));
    assert_eq!(weighed(&[answer(hold, 8, Ok(())), lost]), standing);
    assert_eq!(weighed(&[answer(hold, 8, stale), ended.clone()]), Together::Nothing);
    // Taken off it in between.
    let between = answer(good, 8, Ok(()));
    let lifted = Together::Good(format!("9; revoked since {five} reason 4"));
    assert_eq!(weighed(&[answer(hold, 7, Ok(())), between, ended.clone()]), lifted);
    // Who did not know the certificate, knows it now.
    assert_eq!(weighed(&[answer(Status::Unknown, 8, Ok(())), ended]), lifted);
}

#[test]
fn a_removal_that_is_laid_over_no_list_opens_the_matter_of_holds_before_it() {
    let since = Timestamp::UNIX_EPOCH;
    let held = |hour| answer(Status::OnHold(since), hour, Ok(()));
    let good = |hour| answer(Status::Good(None), hour, Ok(()));
    for unusable in [Unusable::Stale, Unusable::Partial] {
        let removed = answer(Status::Removed, 8, Err(unusable));
        assert_eq!(weighed(&[held(7), removed.clone()]), Together::Nothing);
        assert_eq!(weighed(&[held(8), removed.clone()]), Together::Revoked(of(since, HOLD)));
        assert_eq!(weighed(&[held(7), removed.clone(), held(9)]), Together::Revoked(of(since, HOLD)));
        assert_eq!(weighed(&[held(7), removed.clone(), good(9)]), Together::Good("9".to_owned()));
        // By itself it proves nothing and puts nothing in doubt.
        assert_eq!(weighed(&[removed.clone(), good(7)]), Together::Good("7".to_owned()));
        assert_eq!(weighed(std::slice::from_ref(&removed)), Together::Nothing);
        let revoked = answer(Status::Revoked(of(since, 1)), 7, Ok(()));
        assert_eq!(weighed(&[revoked, removed]), Together::Revoked(of(since, 1)));
    }
}

#[test]
fn a_hold_after_the_time_judged_is_told_by_its_reason() {
    let since = of(Timestamp::UNIX_EPOCH, HOLD);
    let told = format!("9; revoked since {} reason 6", since.time);
    assert_eq!(weighed(&[answer(Status::Good(Some(since)), 9, Ok(()))]), Together::Good(told));
}

#[test]
fn who_does_not_know_a_certificate_leaves_it_to_later_answers_and_who_never_issued_it_to_no_list() {
    let (good, stale) = (Status::Good(None), Err(Unusable::Stale));
    let nine = Together::Good("9".to_owned());
    let list = Answer { is_list: true, ..answer(good, 9, Ok(())) };
    assert_eq!(weighed(&[answer(Status::Unknown, 8, Ok(())), list.clone()]), nine);
    assert_eq!(weighed(&[answer(Status::Unknown, 10, Ok(())), list.clone()]), Together::NotIssued);
    assert_eq!(weighed(&[answer(Status::NotIssued, 8, Ok(())), list.clone()]), Together::NotIssued);
    assert_eq!(weighed(&[answer(Status::NotIssued, 8, Ok(())), answer(good, 9, Ok(()))]), nine);
    assert_eq!(weighed(&[answer(Status::NotIssued, 8, stale), list.clone()]), nine);
    assert_eq!(weighed(&[answer(Status::NotIssued, 10, stale), list]), Together::Nothing);
}

#[test]
fn nothing_lifts_the_doubt_about_a_lost_key() {
    let lost = answer(Status::Undermined, 1, Err(Unusable::SignerUntrusted));
    assert_eq!(weighed(&[lost, answer(Status::Good(None), 9, Ok(()))]), Together::Nothing);
}

#[test]
fn a_hold_of_an_authority_puts_in_doubt_what_it_signed_until_it_is_lifted() {
    assert_eq!(june(Signs::Lists, Some(HOLD), None), Status::Suspended);
    assert!(!is_undone(Signs::Lists, Some(HOLD), Some("2026-05-01T00:00:00Z")));
    // Of a list and of a responder.
    for believed in [Err(Unusable::SignerUntrusted), Ok(())] {
        let held = |hour| answer(Status::Suspended, hour, believed);
        let good = answer(Status::Good(None), 8, Ok(()));
        assert_eq!(weighed(&[held(7), good.clone()]), Together::Good("8".to_owned()));
        assert_eq!(weighed(&[held(9), good]), Together::Nothing);
        let revoked_later = answer(Status::Good(Some(of(Timestamp::UNIX_EPOCH, 4))), 8, Ok(()));
        assert_eq!(weighed(&[held(7), revoked_later]), Together::Nothing);
    }
}
