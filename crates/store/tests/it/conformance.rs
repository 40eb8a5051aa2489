// SPDX-License-Identifier: MIT OR Apache-2.0
//! What every store does. Each case gets a fresh store.

use crate::fixture::{
    at, events, hash_of, id, put, query, reading, row, saying, send, stream, work, writing,
};
use service::ports::Store;
use service::ports::store::{Built, Commit, CommitError, LIST_MAX, RowChange, Settlement};

/// Makes a test of each case; the argument makes a fresh store and what must outlive it.
macro_rules! conformance {
    ($fresh:path; $($case:ident),+ $(,)?) => {
        $(#[test]
        fn $case() {
            let (_kept, store) = $fresh();
            $crate::fixture::wait($crate::conformance::$case(&store));
        })+
    };
    ($fresh:path) => {
        $crate::conformance::conformance!($fresh;
            events_come_back_as_they_were_given,
            a_stream_that_moved_on_is_lost,
            an_append_stands_at_the_end_wherever_that_is,
            events_that_do_not_follow_are_unusable,
            an_order_is_done_once_for_thirty_days,
            numbers_have_no_gaps,
            a_builder_that_panics_hurts_nobody_else,
            a_lost_row_undoes_the_whole_commit,
            revisions_grow_by_one,
            lists_are_paged_in_byte_order,
            lanes_are_done_in_order,
            a_claim_ends_with_its_lease,
            work_that_fails_comes_again_or_is_set_aside,
            work_has_one_id,
            what_is_set_aside_stands_before_what_is_tried_again,
            files_are_named_by_their_content,
        );
    };
}
pub(crate) use conformance;

pub(crate) async fn events_come_back_as_they_were_given(store: &dyn Store) {
    let name = stream("case/1");
    let texts: Vec<String> = ["ашылды", "қабылданды", ""].map(str::to_owned).into();
    let given = events(&name, (0, [0; 32]), &texts);
    let built = Built { events: given.clone(), answer: vec![9], ..Built::default() };
    let commit = Commit { stream: Some((name.clone(), 0)), ..writing(built) };
    assert_eq!(store.commit(commit).await, Ok(vec![9]));
    assert_eq!(store.load(&name, 0).await.unwrap(), given);
    assert_eq!(store.load(&name, 2).await.unwrap(), given[2..]);
    assert_eq!(store.load(&name, 3).await.unwrap(), []);
    assert_eq!(store.load(&stream("case/2"), 0).await.unwrap(), []);
    assert_eq!(store.head(&name).await.unwrap(), Some((3, given[2].hash)));
    assert_eq!(store.head(&stream("case/2")).await.unwrap(), None);
}

pub(crate) async fn an_append_stands_at_the_end_wherever_that_is(store: &dyn Store) {
    let (read, name) = (stream("access/seat"), stream("case/1"));
    let two = || Commit {
        appends: vec![reading(&read, "a"), reading(&read, "b")],
        ..saying(&name, (0, [0; 32]), "once")
    };
    let (first, other) = tokio::join!(
        store.commit(two()),
        store.commit(Commit { appends: vec![reading(&read, "c")], ..writing(Built::default()) })
    );
    assert!(first.is_ok() && other.is_ok(), "an append loses no version");
    assert_eq!(store.commit(two()).await, Err(CommitError::VersionLost));
    let stored = store.load(&read, 0).await.unwrap();
    assert_eq!(stored.iter().map(|it| it.version).collect::<Vec<_>>(), [1, 2, 3]);
    let mut previous = [0; 32];
    for event in &stored {
        assert_eq!((event.previous, hash_of(event)), (previous, event.hash));
        previous = event.hash;
    }
}

pub(crate) async fn a_stream_that_moved_on_is_lost(store: &dyn Store) {
    let name = stream("case/1");
    assert!(store.commit(saying(&name, (0, [0; 32]), "first")).await.is_ok());
    assert_eq!(store.commit(saying(&name, (0, [0; 32]), "late")).await, Err(CommitError::VersionLost));
    assert_eq!(store.commit(saying(&name, (2, [0; 32]), "early")).await, Err(CommitError::VersionLost));
    let head = store.head(&name).await.unwrap().unwrap();
    assert!(store.commit(saying(&name, head, "second")).await.is_ok());
    assert_eq!(store.load(&name, 0).await.unwrap().len(), 2);
}

pub(crate) async fn events_that_do_not_follow_are_unusable(store: &dyn Store) {
    let name = stream("case/1");
    let good = events(&name, (0, [0; 32]), &["one".to_owned(), "two".to_owned()]);
    let mut skipped = good.clone();
    skipped.remove(0);
    let mut unlinked = good.clone();
    unlinked[1].previous = [1; 32];
    let mut elsewhere = good.clone();
    elsewhere[1].stream = stream("case/2");
    for bad in [skipped, unlinked, elsewhere] {
        let built = Built { events: bad, ..Built::default() };
        let commit = Commit { stream: Some((name.clone(), 0)), ..writing(built) };
        assert!(matches!(store.commit(commit).await, Err(CommitError::Unusable(_))));
    }
    let built = Built { events: good, ..Built::default() };
    assert!(matches!(store.commit(writing(built)).await, Err(CommitError::Unusable(_))), "no stream");
    assert_eq!(store.load(&name, 0).await.unwrap(), []);
}

pub(crate) async fn an_order_is_done_once_for_thirty_days(store: &dyn Store) {
    let name = stream("case/1");
    let day = 24 * 60;
    let order = |number, text: &str, minutes| Commit {
        order: Some(id(number)),
        at: at(minutes),
        stream: None,
        ..writing(Built {
            rows: vec![RowChange::Put(row("t", "k", None, ""))],
            answer: text.into(),
            ..Built::default()
        })
    };
    assert_eq!(store.answer(id(1)).await.unwrap(), None);
    assert_eq!(store.commit(order(1, "first", 0)).await, Ok(b"first".to_vec()));
    assert_eq!(store.answer(id(1)).await.unwrap(), Some(b"first".to_vec()));
    let repeated = Err(CommitError::Repeated(b"first".to_vec()));
    assert_eq!(store.commit(order(1, "second", 1)).await, repeated);
    // The repetition is seen before the stream, which has moved on since.
    let late = Commit { order: Some(id(1)), ..saying(&name, (5, [0; 32]), "late") };
    assert_eq!(store.commit(late).await, repeated);
    assert_eq!(store.commit(order(1, "third", 30 * day)).await, repeated);
    assert_eq!(store.row("t", "k").await.unwrap().unwrap().revision, 1);
    assert_eq!(store.commit(order(1, "anew", 30 * day + 1)).await, Ok(b"anew".to_vec()));
    assert_eq!(store.row("t", "k").await.unwrap().unwrap().revision, 2);
}

pub(crate) async fn numbers_have_no_gaps(store: &dyn Store) {
    let take = |series: &[&str], expected: u64| Commit {
        numbers: series.iter().map(|&it| it.to_owned()).collect(),
        stream: Some((stream("case/1"), expected)),
        build: Box::new(|numbers| Built { answer: format!("{numbers:?}").into_bytes(), ..Built::default() }),
        ..writing(Built::default())
    };
    assert_eq!(store.commit(take(&["in", "out", "in"], 0)).await, Ok(b"[1, 1, 2]".to_vec()));
    assert_eq!(store.commit(take(&["in"], 7)).await, Err(CommitError::VersionLost));
    let lost = Commit {
        numbers: vec!["in".to_owned()],
        ..writing(Built { rows: vec![RowChange::PutIf(row("t", "k", None, ""), 4)], ..Built::default() })
    };
    assert_eq!(store.commit(lost).await, Err(CommitError::RowLost));
    assert_eq!(store.commit(take(&["in"], 0)).await, Ok(b"[3]".to_vec()));
}

pub(crate) async fn a_builder_that_panics_hurts_nobody_else(store: &dyn Store) {
    let wrong = Commit {
        order: Some(id(1)),
        numbers: vec!["in".to_owned()],
        build: Box::new(|_| panic!("a mistake on purpose")),
        ..writing(Built::default())
    };
    assert!(matches!(store.commit(wrong).await, Err(CommitError::Unusable(_))));
    let right = Commit {
        order: Some(id(1)),
        numbers: vec!["in".to_owned()],
        build: Box::new(|numbers| Built { answer: format!("{numbers:?}").into_bytes(), ..Built::default() }),
        ..writing(Built::default())
    };
    assert_eq!(store.commit(right).await, Ok(b"[1]".to_vec()));
}

pub(crate) async fn a_lost_row_undoes_the_whole_commit(store: &dyn Store) {
    let name = stream("case/1");
    let mut commit = saying(&name, (0, [0; 32]), "one");
    let events = events(&name, (0, [0; 32]), &["one".to_owned()]);
    commit.build = Box::new(move |_| Built {
        events,
        rows: vec![RowChange::Put(row("t", "a", None, "")), RowChange::PutIf(row("t", "b", None, ""), 1)],
        outbox: vec![work(1, "lane", at(0))],
        answer: Vec::new(),
    });
    assert_eq!(store.commit(commit).await, Err(CommitError::RowLost));
    assert_eq!(store.load(&name, 0).await.unwrap(), []);
    assert_eq!(store.row("t", "a").await.unwrap(), None);
    assert_eq!(store.next_due().await.unwrap(), None);
}

pub(crate) async fn revisions_grow_by_one(store: &dyn Store) {
    let change = || row("t", "k", Some("list"), "1");
    let revision = async || store.row("t", "k").await.unwrap().map(|it| it.revision);
    assert_eq!(put(store, vec![RowChange::PutIf(change(), 1)]).await, Err(CommitError::RowLost));
    assert!(put(store, vec![RowChange::PutIf(change(), 0)]).await.is_ok());
    assert_eq!(put(store, vec![RowChange::PutIf(change(), 0)]).await, Err(CommitError::RowLost));
    assert!(put(store, vec![RowChange::PutIf(change(), 1)]).await.is_ok());
    assert!(put(store, vec![RowChange::Put(change())]).await.is_ok());
    assert_eq!(revision().await, Some(3));
    let stored = store.row("t", "k").await.unwrap().unwrap();
    assert_eq!(stored, service::ports::store::Row { revision: 3, ..change() });
    assert_eq!(store.row("other", "k").await.unwrap(), None, "a key belongs to its table");
    let delete = RowChange::Delete { table: "t".to_owned(), key: "k".to_owned() };
    assert!(put(store, vec![delete.clone(), delete]).await.is_ok());
    assert_eq!(revision().await, None);
}

pub(crate) async fn lists_are_paged_in_byte_order(store: &dyn Store) {
    let mut rows: Vec<RowChange> = Vec::new();
    for (sort, key) in [("я", "1"), ("b", "2"), ("B", "3"), ("b", "0"), ("", "5"), ("қ", "6")] {
        rows.push(RowChange::Put(row("t", key, Some("list"), sort)));
    }
    rows.push(RowChange::Put(row("t", "7", Some("other"), "a")));
    rows.push(RowChange::Put(row("t", "8", None, "a")));
    rows.push(RowChange::Put(row("u", "9", Some("list"), "a")));
    put(store, rows).await.unwrap();
    let keys = async |query| -> String {
        store.list(query).await.unwrap().into_iter().map(|it| it.key).collect::<Vec<_>>().concat()
    };
    assert_eq!(keys(query("t", "list", 10)).await, "530216");
    let mut page = query("t", "list", 2);
    page.after = Some(("b".to_owned(), "0".to_owned()));
    assert_eq!(keys(page.clone()).await, "21");
    page.descending = true;
    assert_eq!(keys(page.clone()).await, "35");
    page.after = None;
    assert_eq!(keys(page).await, "61");
    assert_eq!(store.count("t", "list", 100).await, Ok(6));
    assert_eq!(store.count("t", "list", 4).await, Ok(4));
    assert_eq!(store.count("t", "none", 4).await, Ok(0));
    let many = (0..=LIST_MAX).map(|it| RowChange::Put(row("m", &it.to_string(), Some("list"), "")));
    put(store, many.collect()).await.unwrap();
    assert_eq!(store.list(query("m", "list", usize::MAX)).await.unwrap().len(), LIST_MAX);
}

pub(crate) async fn lanes_are_done_in_order(store: &dyn Store) {
    send(store, vec![work(9, "a", at(5)), work(2, "a", at(0)), work(3, "b", at(0))]).await.unwrap();
    let claimed = async |minutes, most| -> Vec<u128> {
        let claimed = store.claim(at(minutes), at(minutes + 10), most).await.unwrap();
        claimed.iter().map(|it| it.row.id.as_u128()).collect()
    };
    assert_eq!(store.next_due().await.unwrap(), Some(at(0)));
    assert_eq!(claimed(0, 10).await, [3], "the head of lane a is not due and holds up what is behind it");
    assert_eq!(store.next_due().await.unwrap(), Some(at(5)));
    assert_eq!(claimed(5, 10).await, [9]);
    assert_eq!(claimed(6, 10).await, [0_u128; 0], "one row a lane");
    store.settle(id(9), Settlement::Done).await.unwrap();
    store.settle(id(9), Settlement::Done).await.unwrap();
    assert_eq!(claimed(6, 10).await, [2]);
    store.settle(id(2), Settlement::Done).await.unwrap();
    store.settle(id(3), Settlement::Done).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), None);
    send(store, (20..30).map(|it| work(it, &it.to_string(), at(0))).collect()).await.unwrap();
    assert_eq!(claimed(6, 3).await, [20, 21, 22]);
}

pub(crate) async fn a_claim_ends_with_its_lease(store: &dyn Store) {
    send(store, vec![work(1, "a", at(0))]).await.unwrap();
    let first = store.claim(at(0), at(10), 1).await.unwrap();
    assert_eq!((first[0].attempts, &first[0].row), (0, &work(1, "a", at(0))));
    assert_eq!(store.stuck(10).await.unwrap(), [], "it is being tried for the first time");
    assert_eq!(store.next_due().await.unwrap(), Some(at(10)));
    assert_eq!(store.claim(at(9), at(19), 1).await.unwrap(), []);
    let second = store.claim(at(10), at(20), 1).await.unwrap();
    assert_eq!(second[0].attempts, 1);
    assert_eq!(store.stuck(10).await.unwrap()[0].attempts, 2);
}

pub(crate) async fn work_that_fails_comes_again_or_is_set_aside(store: &dyn Store) {
    send(store, vec![work(1, "a", at(0)), work(2, "a", at(0))]).await.unwrap();
    store.claim(at(0), at(10), 5).await.unwrap();
    store.settle(id(1), Settlement::Again { at: at(3), why: "no answer".to_owned() }).await.unwrap();
    assert_eq!(store.claim(at(2), at(12), 5).await.unwrap(), []);
    let again = store.claim(at(3), at(13), 5).await.unwrap();
    assert_eq!((again.len(), again[0].row.id, again[0].attempts), (1, id(1), 1));
    // Where nobody was called it is claimed anew, and was tried no more often than before.
    store.settle(id(1), Settlement::Untried { at: at(5), why: "busy".to_owned() }).await.unwrap();
    assert_eq!(store.claim(at(4), at(14), 5).await.unwrap(), []);
    assert_eq!(store.claim(at(5), at(13), 5).await.unwrap()[0].attempts, 1);
    store.settle(id(1), Settlement::SetAside { why: "no such address".to_owned() }).await.unwrap();
    assert_eq!(store.claim(at(99), at(100), 5).await.unwrap(), [], "rows behind it go on waiting");
    assert_eq!(store.next_due().await.unwrap(), None);
    let stuck = store.stuck(10).await.unwrap();
    assert_eq!((stuck.len(), stuck[0].row.id, stuck[0].attempts), (1, id(1), 2));
    assert_eq!((stuck[0].why.as_deref(), stuck[0].set_aside), (Some("no such address"), true));
    assert_eq!(stuck[0].ready_at, at(13));
    let kind = stuck[0].row.kind.clone();
    let waiting = store.waiting(&kind, 10).await.unwrap();
    assert_eq!(waiting.iter().map(|it| it.row.id).collect::<Vec<_>>(), [id(1), id(2)], "tried or not");
    assert_eq!(store.waiting("other", 10).await.unwrap(), []);
    // A person looked and lets it go on.
    store.settle(id(1), Settlement::Again { at: at(100), why: "repaired".to_owned() }).await.unwrap();
    assert_eq!(store.claim(at(100), at(110), 5).await.unwrap()[0].row.id, id(1));
    store.settle(id(1), Settlement::Done).await.unwrap();
    assert_eq!(store.claim(at(100), at(110), 5).await.unwrap()[0].row.id, id(2));
}

pub(crate) async fn work_has_one_id(store: &dyn Store) {
    send(store, vec![work(1, "a", at(0))]).await.unwrap();
    assert!(matches!(send(store, vec![work(1, "b", at(0))]).await, Err(CommitError::Unusable(_))));
    assert_eq!(store.claim(at(0), at(1), 5).await.unwrap().len(), 1);
}

pub(crate) async fn what_is_set_aside_stands_before_what_is_tried_again(store: &dyn Store) {
    send(store, (1..=4).map(|it| work(it, &it.to_string(), at(0))).collect()).await.unwrap();
    for it in 1..=2 {
        store.settle(id(it), Settlement::Again { at: at(3), why: "no answer".to_owned() }).await.unwrap();
    }
    store.settle(id(3), Settlement::SetAside { why: "no such address".to_owned() }).await.unwrap();
    let stuck = async |most| -> Vec<u128> {
        store.stuck(most).await.unwrap().iter().map(|it| it.row.id.as_u128()).collect()
    };
    assert_eq!(stuck(4).await, [3, 1, 2]);
    assert_eq!(stuck(1).await, [3], "however many are tried again");
    for (number, why) in [(2, Some("no answer")), (3, Some("no such address")), (4, None)] {
        let one = store.stuck_one(id(number)).await.unwrap().unwrap();
        assert_eq!((one.row.id, one.why.as_deref(), one.set_aside), (id(number), why, number == 3));
    }
    store.settle(id(2), Settlement::Done).await.unwrap();
    assert_eq!(store.stuck_one(id(2)).await.unwrap(), None);
}

pub(crate) async fn files_are_named_by_their_content(store: &dyn Store) {
    let name = store.put_file(b"abc".to_vec()).await.unwrap();
    assert_eq!(name.0, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(store.put_file(b"abc".to_vec()).await.unwrap(), name);
    assert_eq!(store.file(&name).await.unwrap(), Some(b"abc".to_vec()));
    let empty = store.put_file(Vec::new()).await.unwrap();
    assert_eq!(store.file(&empty).await.unwrap(), Some(Vec::new()));
    for absent in ["00", "../../../../etc/passwd", &"a".repeat(64), &"A".repeat(64)] {
        let absent = engine::case::FileHash(absent.to_owned());
        assert_eq!(store.file(&absent).await.unwrap(), None);
    }
    let too_long = vec![0; service::ports::store::FILE_BYTES_MAX + 1];
    assert!(store.put_file(too_long).await.is_err());
}
