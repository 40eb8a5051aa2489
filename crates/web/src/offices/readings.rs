// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who read a case: for the head of the body and for the applicant.

use engine::case::Case;
use service::access::Reader;
use service::codec::access::What;
use service::readings::Reading;

use super::case::People;
use crate::errors::PageError;
use crate::format;
use crate::services::AsOfficial;
use crate::ui::{Cell, Table};
use crate::words::{Word, Words};

/// Returns the readings of a case to an official who may see them.
pub async fn table(who: &AsOfficial, case: &Case, people: &People) -> Result<Option<Table>, PageError> {
    let w = who.page.w;
    let readings = who.service.case_readings(&Reader::Official(&who.official.seat), case).await?;
    let name = |it: &Reading| people.name(&it.who).unwrap_or(&it.who.0).to_owned();
    Ok(readings.map(|it| rows(w, &it, name)))
}

/// Returns readings as a table; `name` says who a reader is.
pub fn rows(w: Words, readings: &[Reading], name: impl Fn(&Reading) -> String) -> Table {
    let row = |it: &Reading| {
        vec![Cell::text(format::date_time(it.at)), Cell::text(name(it)), Cell::text(w.of(what(it.what)))]
    };
    Table {
        caption: w.rd_title().to_owned(),
        columns: vec![w.rd_when().to_owned(), w.rd_who().to_owned(), w.rd_what().to_owned()],
        rows: readings.iter().map(row).collect(),
        empty: w.rd_none().to_owned(),
    }
}

fn what(what: What) -> Word {
    match what {
        What::Case => Word::RdCase,
        What::File => Word::RdFile,
        What::Paper => Word::RdPaper,
        What::Queue => Word::RdQueue,
        What::Journal => Word::RdJournal,
        What::Register => Word::RdRegister,
        What::Entry => Word::RdEntry,
        What::Ground => Word::RdGround,
    }
}
