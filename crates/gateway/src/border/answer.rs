// SPDX-License-Identifier: MIT OR Apache-2.0
//! An answer in the published form alone: nothing of ours is in it, and the ids are the portal's.

use super::parcel::{files, is_long};
use super::published;
use service::ports::PortError;
use service::ports::border::Parcel;
use service::ports::foreign::Reply;
use shep::border::{
    Field, File, FormImport, Item, Ours, Person, Provider, Requester, Resolution, ServiceName, Stage, Value,
};

/// The field that says how far the application is. Published.
const STATUS: &str = "processing_status";

/// Writes such an answer, whose files are its papers; `sender` is the system that sends it. A paper goes as soon as there is
/// one: some services issue a notification long before their end, and the applicant waits for it.
pub(super) fn encode(parcel: &Parcel, reply: &Reply, sender: &str) -> Result<FormImport, PortError> {
    let words = &reply.words;
    let (status, stage) = match &parcel.progress.end {
        Some(_) => (&words.processed, Stage::Other(words.completed.clone())),
        None => (&words.in_processing, Stage::InProgress),
    };
    let status = Item { code: status.code.clone(), kk: status.kk.clone(), ru: status.ru.clone() };
    let mut values = vec![Field { code: STATUS.to_owned(), values: vec![Value::Item(status)] }];
    if lacks_its_result(parcel) {
        return Err(PortError::Unusable("the paper does not come along with its answer".to_owned()));
    }
    if !parcel.files.is_empty() {
        values.push(Field { code: reply.result.clone(), values: papers(parcel) });
    }
    Ok(FormImport {
        id: None,
        import_source: sender.to_owned(),
        values,
        deleted_values: Vec::new(),
        chain_id: reply.chain.clone(),
        request_id: reply.request.clone(),
        origin_system: None,
        stage: Some(stage),
        requester: Requester::Person(Person { iin: reply.iin.clone(), ..Person::default() }),
        representative: None,
        resolution: Some(resolution(parcel, reply)),
        provider: Provider::default(),
        service: ServiceName::default(),
        ours: Ours::default(),
    })
}

fn lacks_its_result(parcel: &Parcel) -> bool {
    // A paper signed by hand is given by hand.
    let result = parcel.progress.result.as_ref().filter(|it| it.on_paper.is_none());
    result.is_some_and(|it| parcel.files.iter().all(|file| file.hash != it.file))
}

/// Returns the papers as they are written: in a message by name and bytes alone, which is all that is published.
fn papers(parcel: &Parcel) -> Vec<Value> {
    let long = is_long(parcel);
    let bare = |it: File| {
        if long { it } else { File { media_type: String::new(), sha256: String::new(), ..it } }
    };
    files(parcel).into_iter().map(bare).map(Value::File).collect()
}

/// Returns how it ended, in the portal's words.
fn resolution(parcel: &Parcel, reply: &Reply) -> Resolution {
    let (word, date, reason) = match published::resolution(&parcel.progress, &parcel.published) {
        Resolution::Issued { date } => (&reply.words.positive, date, None),
        Resolution::Refused { date, reason } => (&reply.words.negative, date, Some(reason)),
        Resolution::None => return before_the_end(parcel, reply),
        it @ Resolution::Other { .. } => return it,
    };
    Resolution::Other { word: word.clone(), date: Some(date), reason }
}

/// What is not ended is told so, unless the portal has a word for a paper that was issued before.
fn before_the_end(parcel: &Parcel, reply: &Reply) -> Resolution {
    let word = reply.words.issued_before_end.as_ref().filter(|_| !parcel.files.is_empty());
    let date = parcel.progress.result.as_ref().map(|it| service::local_date(it.at));
    word.map_or(Resolution::None, |it| Resolution::Other { word: it.clone(), date, reason: None })
}
