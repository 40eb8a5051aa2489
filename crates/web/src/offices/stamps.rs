// SPDX-License-Identifier: MIT OR Apache-2.0
//! Time stamps of the signed acts of a case, as every case page shows them.

use jiff::Timestamp;
use service::archives::{ActStamp, SignedAct};

use crate::format;
use crate::ui::{Link, Row};
use crate::words::Words;

/// Returns a row for each act: when it was stamped and by whom, with its archive, or that the stamp is awaited. What an archive
/// is for is said once.
pub fn rows(w: Words, stamps: &[ActStamp], address: impl Fn(&ActStamp) -> Option<String>) -> Vec<Row> {
    let mut rows: Vec<Row> = stamps.iter().map(|it| row(w, it, address(it))).collect();
    if let Some(first) = rows.iter_mut().find(|it| it.action.is_some()) {
        first.value = format!("{}\n{}", first.value, w.time_stamp_why());
    }
    rows
}

fn row(w: Words, it: &ActStamp, address: Option<String>) -> Row {
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
    lines.extend(archived.renewed_at.map(|it| w.time_stamp_renewed(day(it))));
    lines.extend(archived.renew_before.map(|it| w.time_stamp_until(day(it))));
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

    #[test]
    fn each_fact_of_a_stamp_is_labelled_and_an_older_copy_of_a_renewed_archive_is_to_be_replaced() {
        let stamps = [
            stamped(SignedAct::Request, Some("2036-08-20T05:00:00Z")),
            stamped(SignedAct::Result, None),
            ActStamp { act: SignedAct::Result, archived: None },
        ];
        let w = Words::new(Lang::Kk);
        let rows = rows(w, &stamps, |it| it.archived.as_ref().map(|_| "/archive".to_owned()));
        let texts: Vec<&str> = rows.iter().map(|it| it.value.as_str()).collect();
        let [request, result, awaited] = texts.as_slice() else { panic!("a row for each act") };
        assert!(request.contains("Белгі қойған: УАҚЫТ БЕЛГІСІ ҚЫЗМЕТІ DEV\n"), "{request}");
        assert!(request.contains("20.08.2036") && request.contains("қайта жүктеп алыңыз"), "{request}");
        assert!(!result.contains("қайта жүктеп алыңыз") && result.contains("20.11.2036"), "{result}");
        assert!(request.contains(w.time_stamp_why()) && !result.contains(w.time_stamp_why()));
        assert_eq!(*awaited, w.time_stamp_awaited());
        assert!(w.time_stamp_archive().ends_with("\u{a0}(JSON)"), "the kind does not stand alone in a line");
    }
}
