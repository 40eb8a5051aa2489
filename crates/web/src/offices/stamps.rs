// SPDX-License-Identifier: MIT OR Apache-2.0
//! Time stamps of the signed acts of a case, as every case page shows them.

use jiff::Timestamp;
use service::archives::{ActStamp, SignedAct};

use crate::format;
use crate::ui::{Link, Row};
use crate::words::Words;

/// Who reads of stamps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The applicant, who keeps a copy of the archive and has to replace it.
    Applicant,
    /// An official: the system keeps the archive.
    Official,
}

/// Returns a row for each act: when it was stamped and by whom, with its archive, or that the stamp is awaited. What an archive
/// is for is said once.
pub fn rows(
    w: Words,
    stamps: &[ActStamp],
    told: Told,
    address: impl Fn(&ActStamp) -> Option<String>,
) -> Vec<Row> {
    let mut rows: Vec<Row> = stamps.iter().map(|it| row(w, it, told, address(it))).collect();
    let purpose = match told {
        Told::Applicant => w.time_stamp_why(),
        Told::Official => w.time_stamp_check(),
    };
    if let Some(first) = rows.iter_mut().find(|it| it.action.is_some()) {
        first.value = format!("{}\n{purpose}", first.value);
    }
    rows
}

fn row(w: Words, it: &ActStamp, told: Told, address: Option<String>) -> Row {
    let label = match it.act {
        SignedAct::Request => w.time_stamp_request(),
        SignedAct::Result => w.time_stamp_result(),
    };
    let Some(archived) = &it.archived else { return Row::new(label, w.time_stamp_awaited()) };
    let day = |at: Timestamp| format::date(format::day_of(at));
    let mut lines = vec![
        w.time_stamp_at(format::date_time(archived.stamped_at)),
        w.time_stamp_by(format::common_name(&archived.authority)),
    ];
    let (renewed, until) = (archived.renewed_at.map(day), archived.renew_before.map(day));
    match told {
        Told::Applicant => {
            let older = |at: String| format!("{} {}", w.time_stamp_renewed(at), w.time_stamp_older());
            lines.extend(renewed.map(older));
            lines.extend(until.map(|it| w.time_stamp_copy(it)));
        }
        Told::Official => {
            lines.extend(renewed.map(|it| w.time_stamp_renewed(it)));
            lines.extend(until.map(|it| w.time_stamp_until(it)));
        }
    }
    let link = address.map(|href| Link {
        href,
        text: w.time_stamp_archive().to_owned(),
        about: Some(label.to_owned()),
    });
    Row { action: link, ..Row::new(label, lines.join("\n")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use engine::case::FileHash;
    use service::archives::ArchivedAct;

    fn stamped(act: SignedAct, renewed_at: Option<&str>) -> ActStamp {
        let at = |it: &str| it.parse::<Timestamp>().expect("a time");
        let archived = ArchivedAct {
            file: FileHash(String::new()),
            stamped_at: at("2026-11-23T08:15:00Z"),
            authority: "CN=УАҚЫТ БЕЛГІСІ ҚЫЗМЕТІ DEV, C=KZ".to_owned(),
            renewed_at: renewed_at.map(at),
            renew_before: Some(at("2036-11-20T08:11:00Z")),
        };
        ActStamp { act, archived: Some(archived) }
    }

    fn texts(told: Told) -> Vec<String> {
        let stamps = [
            stamped(SignedAct::Request, Some("2036-08-20T05:00:00Z")),
            stamped(SignedAct::Result, None),
            ActStamp { act: SignedAct::Result, archived: None },
        ];
        let address = |it: &ActStamp| it.archived.as_ref().map(|_| "/archive".to_owned());
        rows(Words::new(Lang::Kk), &stamps, told, address).into_iter().map(|it| it.value).collect()
    }

    #[test]
    fn the_applicant_reads_until_when_his_copy_proves_and_that_an_older_one_is_to_be_replaced() {
        let w = Words::new(Lang::Kk);
        let texts = texts(Told::Applicant);
        let [request, result, awaited] = texts.as_slice() else { panic!("a row for each act") };
        assert!(request.contains("Белгі қойған: УАҚЫТ БЕЛГІСІ ҚЫЗМЕТІ DEV\n"), "{request}");
        assert!(request.contains("20.08.2036") && request.contains(w.time_stamp_older()), "{request}");
        let copy = w.time_stamp_copy("20.11.2036");
        assert!(request.contains(&copy) && result.contains(&copy), "{result}");
        assert!(!result.contains(w.time_stamp_older()), "{result}");
        assert!(request.contains(w.time_stamp_why()) && !result.contains(w.time_stamp_why()));
        assert_eq!(*awaited, w.time_stamp_awaited());
        assert!(w.time_stamp_archive().ends_with("\u{a0}(JSON)"), "the kind does not stand alone in a line");
    }

    #[test]
    fn an_official_is_not_told_to_keep_a_copy() {
        let w = Words::new(Lang::Kk);
        let texts = texts(Told::Official);
        let [request, result, _] = texts.as_slice() else { panic!("a row for each act") };
        for text in [request, result] {
            assert!(text.contains(&w.time_stamp_until("20.11.2036")), "{text}");
            for words in [w.time_stamp_why(), w.time_stamp_older(), "жүктеп"] {
                assert!(!text.contains(words), "{text}");
            }
        }
        assert!(request.contains("20.08.2036") && request.contains(w.time_stamp_check()), "{request}");
    }
}
