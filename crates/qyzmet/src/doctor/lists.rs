// SPDX-License-Identifier: MIT OR Apache-2.0
//! Revocation lists that are kept: whether their addresses answer, what they answer, and until when what is kept serves.

use super::{Finding, Visit};
use crate::serve::lists;
use eds::crl::IndexFault;
use gateway::{ListFault, ListTerm, Looked};
use jiff::Timestamp;
use web::Word;

pub(super) async fn examine(visit: &Visit) -> Vec<Finding> {
    let mut found = Vec::new();
    let folder = lists::folder(&visit.config);
    for list in &visit.config.lists.kept {
        let what = visit.words.dr_list(&list.url);
        match lists::kept(&visit.config, list) {
            Ok(kept) => found.push(told(visit, &what, kept.look(&folder, &*visit.source).await)),
            Err(failed) => {
                let told = (failed.to_string(), visit.word(Word::DrListAuthorityFix));
                found.push(Finding::bad("list-authority-wrong", what, told));
            }
        }
    }
    found
}

fn told(visit: &Visit, what: &str, looked: Looked) -> Finding {
    let words = visit.words;
    match looked.answered {
        Ok((answered, _)) if ended(answered, visit.now) => {
            let told = (words.dr_list_old(until(answered)), visit.word(Word::DrListOldFix));
            Finding::bad("list-old", what, told)
        }
        Ok((_, Some(amiss))) => {
            let told = (why(visit, amiss), visit.word(Word::DrListChangesFix));
            Finding::soon("list-without-changes", what, told)
        }
        Ok((answered, None)) => match looked.kept {
            Some(kept) if ended(kept, visit.now) => {
                let told = (words.dr_list_stale(until(kept)), visit.word(Word::DrListStaleFix));
                Finding::soon("list-kept-ended", what, told)
            }
            Some(_) => {
                Finding::good("list-kept", what, words.dr_list_good(answered.entries, until(answered)))
            }
            None => Finding::good("list-answers", what, words.dr_list_new(answered.entries, until(answered))),
        },
        Err(fault) => {
            let silent = fault == ListFault::Silent;
            let remedy = visit.word(if silent { Word::DrListSilentFix } else { Word::DrListRefusedFix });
            let why = why(visit, fault);
            match looked.kept.filter(|it| !ended(*it, visit.now)) {
                // A list that cannot be believed is no outage: somebody stands between, or the wrong authority is named.
                Some(kept) if silent => {
                    Finding::soon("list-silent", what, (words.dr_list_serves(until(kept), why), remedy))
                }
                _ if silent => Finding::bad("list-silent", what, (words.dr_list_waits(why), remedy)),
                _ => Finding::bad("list-not-believed", what, (why, remedy)),
            }
        }
    }
}

fn ended(list: ListTerm, now: Timestamp) -> bool {
    list.until.is_some_and(|it| it < now)
}

/// Until when a list holds; a line where it promises nothing.
fn until(list: ListTerm) -> String {
    list.until.map_or_else(|| "–".to_owned(), |it| it.to_string())
}

fn why(visit: &Visit, fault: ListFault) -> String {
    let refused = |fault: IndexFault| {
        if fault == IndexFault::OtherIssuer {
            visit.word(Word::DrListOther).to_owned()
        } else if fault == IndexFault::SignerUntrusted {
            visit.word(Word::DrListUnsigned).to_owned()
        } else {
            visit.words.dr_list_malformed(fault)
        }
    };
    match fault {
        ListFault::Silent => visit.word(Word::DrListSilent).to_owned(),
        ListFault::Refused(fault) => refused(fault),
        ListFault::ChangesSilent => visit.word(Word::DrListChangesSilent).to_owned(),
        ListFault::ChangesRefused(fault) => visit.words.dr_list_changes(refused(fault)),
        ListFault::Earlier | ListFault::NotWritten | ListFault::BrokenOff => fault.to_string(),
    }
}
