// SPDX-License-Identifier: MIT OR Apache-2.0
//! A demonstration in a folder of its own, and the hands of the people in it.

use engine::Act;
use engine::case::{Case, CaseId, Value};
use jiff::Timestamp;
use qyzmet::demo::{CITIZEN_PASSWORD, Demo, OFFICIAL_PASSWORD, Options};
use regulation::model::{Actor, FieldId, ServiceId};
use service::accounts::{Citizen, Official, Session};
use service::drafts::Draft;
use service::portal::Sent;
use service::signing::SignRefused;
use service::{Service, SubmitError, Submitted};
use simulators::ca::DevCa;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How long a case may take to come where it is expected.
const WAIT: Duration = Duration::from_mins(1);

/// A running demonstration.
pub(crate) struct Road {
    pub(crate) demo: Demo,
    folder: tempfile::TempDir,
}

/// A child as a form names it: surname, name, birth date.
pub(crate) type Child<'a> = (&'a str, &'a str, &'a str);

impl Road {
    pub(crate) async fn open(at: &str) -> Self {
        Self::open_with(at, None).await
    }

    /// Opens it with what a folder adds to what ships.
    pub(crate) async fn open_with(at: &str, add: Option<PathBuf>) -> Self {
        Self::open_as(at, add, false).await
    }

    /// Opens it as production would: what is only assumed of the Standards is neither demanded nor quoted.
    pub(crate) async fn open_confirmed(at: &str, add: Option<PathBuf>) -> Self {
        Self::open_as(at, add, true).await
    }

    async fn open_as(at: &str, add: Option<PathBuf>, confirmed_only: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("demo");
        borrow_keys(&data, at);
        let options = Options {
            add,
            confirmed_only,
            data,
            fresh: false,
            at: Some(at.parse().expect("a time")),
            base_url: "http://127.0.0.1:8080".to_owned(),
        };
        let demo = Demo::open(&options).await.expect("a demonstration");
        demo.work();
        Self { demo, folder }
    }

    /// Returns the folder in which the data lie.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the folder of the data, to be looked at once the runtime has ended.
    pub(crate) fn into_folder(self) -> tempfile::TempDir {
        self.folder
    }

    pub(crate) async fn citizen(&self, iin: &str) -> (Citizen, Session) {
        let (id, token) =
            self.demo.portal.sign_in_citizen(iin, CITIZEN_PASSWORD, None).await.expect("signed in");
        let citizen = self.demo.portal.citizen(&id).await.unwrap().expect("an account");
        (citizen, self.demo.portal.session(&token).await.unwrap().expect("a session"))
    }

    pub(crate) async fn official(&self, login: &str) -> Official {
        self.demo.region.sign_in_official(login, OFFICIAL_PASSWORD, None).await.expect("signed in").0
    }

    /// Fills, reviews and signs a draft with the key of that name.
    pub(crate) async fn signed_draft(
        &self,
        (citizen, _): &(Citizen, Session),
        key: &str,
        children: &[Child<'_>],
    ) -> (Draft, Vec<u8>) {
        let (draft, content) = reviewed(&self.demo.portal, citizen, children).await;
        (draft, self.sign(key, eds::sha256(&content)))
    }

    /// Signs as the page does, with the key of that name.
    pub(crate) fn sign(&self, key: &str, digest: [u8; 32]) -> Vec<u8> {
        sign(&self.demo.authority, key, digest, self.demo.portal.now())
    }

    pub(crate) async fn apply(
        &self,
        citizen: &(Citizen, Session),
        key: &str,
        children: &[Child<'_>],
    ) -> Sent {
        let (draft, cms) = self.signed_draft(citizen, key, children).await;
        let order = self.demo.portal.uuid();
        self.demo.portal.send((&citizen.0, &citizen.1), &draft, cms, order).await.expect("an answer")
    }

    /// Acts as the official of that login on the part where the case stands.
    pub(crate) async fn act(
        &self,
        login: &str,
        actor: Actor,
        case: CaseId,
        act: Act,
    ) -> Result<Submitted, SubmitError> {
        let official = self.official(login).await;
        let region = &self.demo.region;
        let part = region.load(case).await?.case.current().expect("a part").part.clone();
        region.act(&official.seat, actor, case, (part, act, region.uuid())).await
    }

    pub(crate) async fn sign_result(
        &self,
        login: &str,
        key: &str,
        case: CaseId,
    ) -> Result<Submitted, SignRefused> {
        let official = self.official(login).await;
        let region = &self.demo.region;
        let prepared = region.prepare_result(&official, case, region.uuid()).await?;
        let digest: [u8; 32] = hex(&prepared.sha256).try_into().expect("32 bytes");
        region.sign_result(&official, case, &self.sign(key, digest), region.uuid()).await
    }

    /// What the executor adds to the certificate.
    pub(crate) fn result_values() -> BTreeMap<FieldId, Value> {
        [
            ("guardian_role", "guardian"),
            ("act_body", "Абай ауданының әкімдігі"),
            ("act_number", "17"),
            ("act_date", "2019-02-11"),
        ]
        .into_iter()
        .map(|(id, text)| (FieldId::from(id), Value::Text(text.to_owned())))
        .collect()
    }

    /// Waits until the case stands at this part.
    pub(crate) async fn stands(&self, service: &Arc<Service>, case: CaseId, part: &str) -> Case {
        self.until(service, case, |it| it.current().is_some_and(|place| place.part.as_str() == part), part)
            .await
    }

    /// Waits until the case has ended there.
    pub(crate) async fn ended(&self, service: &Arc<Service>, case: CaseId) -> Case {
        self.until(service, case, |it| it.end.is_some(), "an end").await
    }

    pub(crate) async fn until(
        &self,
        service: &Arc<Service>,
        case: CaseId,
        seen: impl Fn(&Case) -> bool,
        what: &str,
    ) -> Case {
        let started = std::time::Instant::now();
        loop {
            let now = service.load(case).await.expect("a case").case;
            if seen(&now) {
                return now;
            }
            assert!(
                started.elapsed() < WAIT,
                "waited for {what}; it stands at {:?}, end {:?}",
                now.stack,
                now.end
            );
            tokio::task::yield_now().await;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Fills and reviews a draft; returns it with the bytes that are to be signed.
pub(crate) async fn reviewed(
    portal: &Service,
    citizen: &Citizen,
    children: &[Child<'_>],
) -> (Draft, Vec<u8>) {
    let service = ServiceId::from("guardianship-certificate");
    let mut draft = portal.begin_draft(citizen, &service, "abai-education", "kk").await.unwrap().draft;
    draft.fields = fields(children);
    portal.save_draft(&mut draft).await.unwrap();
    assert_eq!(portal.draft_problems(citizen, &draft), []);
    let frozen = portal.freeze(citizen, &mut draft).await.unwrap();
    let (content, _) = portal.frozen_bytes(&frozen).await.unwrap();
    (draft, content)
}

/// Signs as the page does, with the key of that name.
pub(crate) fn sign(authority: &DevCa, key: &str, digest: [u8; 32], at: Timestamp) -> Vec<u8> {
    let holder = authority.holder(key).expect("a key");
    let chain = authority.chain(holder);
    eds::sign_cms_detached(digest, holder.signer(), &chain, at).unwrap()
}

/// Making the keys takes seconds: the first test makes them, all others copy. Nothing else is shared.
pub(crate) fn borrow_keys(data: &Path, at: &str) {
    // Set for tests, not for examples. A change of the authority's files takes the next number.
    let around = option_env!("CARGO_TARGET_TMPDIR").map_or_else(std::env::temp_dir, PathBuf::from);
    let kept = around.join(format!("qyzmet-keys-4-{}", at.replace(':', "")));
    if !kept.exists() {
        let folder = tempfile::tempdir_in(&around).expect("a folder");
        let options = Options {
            add: None,
            confirmed_only: false,
            data: folder.path().join("made"),
            fresh: false,
            at: Some(at.parse().expect("a time")),
            base_url: String::new(),
        };
        qyzmet::demo::make_keys(&options).expect("keys");
        // Another test may have been faster; then its keys serve as well.
        if std::fs::rename(folder.path().join("made/authority"), &kept).is_err() {
            assert!(kept.exists(), "the keys cannot be kept");
        }
    }
    copy_folder(&kept, &data.join("authority"));
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_folder(&from, &to);
        } else {
            std::fs::copy(from, to).expect("a copy");
        }
    }
}

/// What an application about these children fills in.
pub(crate) fn fields(children: &[Child<'_>]) -> BTreeMap<FieldId, Value> {
    let entries = children
        .iter()
        .map(|(surname, given, born)| {
            [("surname", surname), ("given", given), ("birth_date", born)]
                .into_iter()
                .map(|(id, text)| (FieldId::from(id), (*text).to_owned()))
                .collect()
        })
        .collect();
    BTreeMap::from([
        (FieldId::from("role"), Value::Text("guardian".to_owned())),
        (FieldId::from("children"), Value::Entries(entries)),
        (FieldId::from("address"), Value::Text("Абай қаласы, Ойдан шығарылған көше, 7".to_owned())),
        (FieldId::from("phone"), Value::Text("+77000000000".to_owned())),
        (FieldId::from("consent"), Value::Bool(true)),
    ])
}

pub(crate) fn hex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2).map(|it| std::str::from_utf8(it).expect("two digits"));
    pairs.map(|it| u8::from_str_radix(it, 16).expect("hexadecimal")).collect()
}
