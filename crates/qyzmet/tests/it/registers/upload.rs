// SPDX-License-Identifier: MIT OR Apache-2.0
//! A list that an official uploads: all of it or nothing, each mistake by its line, each entry with who entered it.

use super::{HER, NOON, SOCIAL};
use crate::road::Road;
use regulation::model::RegisterId;
use service::SubmitError;
use service::codec::register::Ground;
use service::contracts::own::Wrong;
use service::registers::{ColumnNames, Format, ImportRefused, Imported, Sought};

/// As a spreadsheet here writes it: titles of columns, days by their custom, a choice by its name.
const TABLE: &str = "\u{feff}\"ЖСН\";\"Тегі, аты, әкесінің аты\";\"Білімі\";\"Басталған күні\"\r\n\
    580308499930;\"Ойдан Шығарылған\";жоғары;02.11.2026\r\n\
    680303499904;\"Ойдан Екінші\";\"жалпы орта\";03.11.2026\r\n";

fn names() -> ColumnNames {
    let of = [
        ("жсн", "iin"),
        ("тегі, аты, әкесінің аты", "full_name"),
        ("білімі", "education"),
        ("басталған күні", "from"),
    ];
    of.map(|(title, name)| (title.to_owned(), name.to_owned())).into()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_taken_whole_by_the_clerk_and_each_entry_names_him() {
    let road = Road::open(NOON).await;
    let (region, register, names) = (&road.demo.region, RegisterId::from("unemployed"), names());
    let clerk = road.official("abai-social.office").await.seat;
    let order = region.uuid();
    for _ in 0..2 {
        let done = region.upload_entries(&clerk, &register, (TABLE.as_bytes(), &names), order).await;
        assert_eq!(done, Ok(Imported { entered: 2, known: 0 }), "the same order is one act");
    }
    let again = region.upload_entries(&clerk, &register, (TABLE.as_bytes(), &names), region.uuid()).await;
    assert_eq!(again, Ok(Imported { entered: 0, known: 2 }));
    let sought = Sought::Iin(HER.0.to_owned());
    let page = region.register_page(&clerk, &register, (&sought, None)).await.unwrap();
    let entry = &page.entries[0];
    let Ground::Import { line, by, .. } = &entry.ground else { panic!("{:?}", entry.ground) };
    assert_eq!((*line, by.as_ref().map(|it| it.0.as_str())), (2, Some("abai-social.office")));
    assert_eq!((entry.record["from"].as_str(), entry.record["education"].as_str()), ("2026-11-02", "higher"));
    for stranger in ["abai-social.executor-1", "abai-education.head"] {
        let seat = road.official(stranger).await.seat;
        let done = region.upload_entries(&seat, &register, (TABLE.as_bytes(), &names), region.uuid()).await;
        assert_eq!(done, Err(ImportRefused::Failed(SubmitError::Unknown)), "{stranger} of {SOCIAL}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_with_one_wrong_line_is_not_taken_at_all() {
    let road = Road::open(NOON).await;
    let (region, register, names) = (&road.demo.region, RegisterId::from("unemployed"), names());
    let head = road.official("abai-social.head").await.seat;
    let wrong = format!("{TABLE}580308499930;Ойдан;ғылым;30.02.2026\r\n680303499904;Ойдан;;05.11.2026\r\n");
    let done = region.upload_entries(&head, &register, (wrong.as_bytes(), &names), region.uuid()).await;
    let Err(ImportRefused::Mistakes(found)) = done else { panic!("{done:?}") };
    let found: Vec<_> = found.iter().map(|it| (it.line, it.column.as_str(), it.wrong)).collect();
    assert_eq!(found, [(4, "education", Wrong::NotAChoice), (4, "from", Wrong::NotADate)]);
    let twice = format!("{TABLE}680303499904;Ойдан;;05.11.2026\r\n");
    let done = region.upload_entries(&head, &register, (twice.as_bytes(), &names), region.uuid()).await;
    let Err(ImportRefused::Mistakes(found)) = done else { panic!("{done:?}") };
    assert_eq!((found.len(), found[0].line, found[0].wrong), (1, 4, Wrong::Entered));
    let uneven = format!("{TABLE}680303499904;Ойдан\r\n");
    let done = region.upload_entries(&head, &register, (uneven.as_bytes(), &names), region.uuid()).await;
    assert_eq!(done, Err(ImportRefused::Format(Format::Uneven { line: 4 })));
    let all = region.register_page(&head, &register, (&Sought::Everybody, None)).await.unwrap();
    assert_eq!(all.entries, [], "nothing was half taken");
}
