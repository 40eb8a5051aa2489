// SPDX-License-Identifier: MIT OR Apache-2.0
//! Time stamps of the signed acts of a case, as every case page shows them.

use service::archives::{ActStamp, SignedAct};

use crate::format;
use crate::ui::{Link, Row};
use crate::words::Words;

/// Returns a row for each act: when it was stamped and by whom, with its archive, or that the stamp is awaited.
pub fn rows(w: Words, stamps: &[ActStamp], address: impl Fn(&ActStamp) -> Option<String>) -> Vec<Row> {
    stamps.iter().map(|it| row(w, it, address(it))).collect()
}

fn row(w: Words, it: &ActStamp, address: Option<String>) -> Row {
    let label = match it.act {
        SignedAct::Request => w.time_stamp_request(),
        SignedAct::Result => w.time_stamp_result(),
    };
    let Some(archived) = &it.archived else { return Row::new(label, w.time_stamp_awaited()) };
    let mut lines = vec![format::date_time(archived.stamped_at), archived.authority.clone()];
    lines.extend(archived.renewed_at.map(|it| w.time_stamp_renewed(format::date_time(it))));
    lines.extend(archived.renew_before.map(|it| w.time_stamp_until(format::date_time(it))));
    let value = lines.join("\n");
    let link = address.map(|href| Link {
        href,
        text: w.time_stamp_archive().to_owned(),
        about: Some(label.to_owned()),
    });
    Row { action: link, ..Row::new(label, value) }
}
