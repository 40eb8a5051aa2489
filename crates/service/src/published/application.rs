// SPDX-License-Identifier: MIT OR Apache-2.0
//! The application that a form of a portal asks for, checked as if it were filled here.

use super::PublishedForm;
use super::read::{self, LANGUAGES, Said};
use crate::Settings;
use crate::ports::foreign::{Foreign, NotTaken};
use crate::uploads::{UploadRefused, check_scan, kept_name};
use engine::case::{Application, Attachment, FileHash, Medium, PersonId};
use engine::form::{self, Problem, ProblemKind};
use engine::iin;
use engine::organization::Organization;
use jiff::civil::Date;
use regulation::model::{Channel, FieldId, Procedure, Regulation, ServiceId};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Mistakes named in one refusal.
const NAMED_MAX: usize = 20;
/// What tells the body that is applied to.
const BIN: &str = "serviceProviderBin";
const TERRITORY: &str = "serviceProviderLocationCode";

/// What a form asks for.
#[derive(Debug)]
pub(crate) struct Asked<'s> {
    /// The regulation as the provider executes it.
    pub(crate) regulation: Arc<Regulation>,
    /// The procedure of the portal's applications.
    pub(crate) procedure: &'s Procedure,
    /// The application; who applies is not known by a pseudonym yet.
    pub(crate) application: Application,
    /// Its fields that the tables presuppose; the form says nothing of them.
    pub(crate) presupposed: Vec<FieldId>,
    /// The bytes of its attachments, in their order.
    pub(crate) files: Vec<Vec<u8>>,
    /// The code by which the tables know the service.
    pub(crate) service_code: String,
    /// How the service's form is understood.
    pub(crate) form: &'s PublishedForm,
}

/// Reads what a form asks for, on this day.
pub(crate) fn asked<'s>(settings: &'s Settings, foreign: &Foreign, on: Date) -> Result<Asked<'s>, NotTaken> {
    let (service_code, form) = form_of(settings, foreign)?;
    let provider = provider(settings, foreign, &form.service)?;
    let unknown = |what: &str| NotTaken::Unknown(format!("{service_code}: {what}"));
    let regulation = settings
        .current_for(&form.service, &provider.id)
        .ok_or_else(|| unknown("no edition of the service is executed here"))?;
    let procedure = regulation
        .intake(Channel::Portal)
        .ok_or_else(|| unknown("applications of this service are not taken from a portal"))?;
    let mut said = read::read(form, regulation, foreign);
    let files = std::mem::take(&mut said.files);
    let mut attachments = Vec::with_capacity(files.len());
    let mut bytes = Vec::with_capacity(files.len());
    for (document, code, file) in files {
        match check_scan(&file.bytes) {
            Ok(media_type) => {
                attachments.push(Attachment {
                    document,
                    name: kept_name(&file.name),
                    media_type: media_type.to_owned(),
                    file: FileHash(hex::encode(eds::sha256(&file.bytes))),
                    size_bytes: u64::try_from(file.bytes.len()).unwrap_or(u64::MAX),
                });
                bytes.push(file.bytes.clone());
            }
            Err(refused) => drop(said.wrong.insert(code, why_no_file(&refused))),
        }
    }
    let application = application(regulation, (foreign, provider), &mut said, attachments);
    mistakes(form, regulation, &application, on, &mut said);
    answer(&service_code, &said)?;
    Ok(Asked {
        regulation: Arc::clone(regulation),
        procedure,
        application,
        presupposed: said.presupposed,
        files: bytes,
        service_code,
        form,
    })
}

/// Returns the form by the code of the message, else by that of the form. Only the latter is signed with the form: where both
/// are known they mean one service.
fn form_of<'s>(settings: &'s Settings, foreign: &Foreign) -> Result<(String, &'s PublishedForm), NotTaken> {
    let services = &settings.published.services;
    let named = foreign.client_key.as_ref().or(foreign.service_type.as_ref());
    let Some((code, form)) = named.and_then(|it| services.get_key_value(it)) else {
        let named = named.map_or("no service is named", String::as_str);
        let why = format!("{named}: there is no such service in `[published.services]`");
        return Err(NotTaken::Unknown(why));
    };
    let signed = foreign.service_type.as_ref().and_then(|it| services.get(it));
    if signed.is_some_and(|it| it.service != form.service) {
        return Err(NotTaken::Unusable("ADDL_CLIENT_KEY and serviceType name different services".to_owned()));
    }
    Ok((code.clone(), form))
}

/// Returns the body that is applied to: by its BIN, else by its territory, else the only one here.
fn provider<'s>(
    settings: &'s Settings,
    foreign: &Foreign,
    service: &ServiceId,
) -> Result<&'s Organization, NotTaken> {
    let here = &settings.published.providers;
    let serving: Vec<&Organization> = settings
        .organizations
        .values()
        .filter(|it| here.contains(&it.id) && it.is_provider() && it.serves(service))
        .collect();
    let (key, fitting) = match (&foreign.provider_bin, &foreign.provider_kato) {
        (Some(bin), _) => (Some(BIN), serving.into_iter().filter(|it| it.bin == *bin).collect::<Vec<_>>()),
        (None, Some(code)) => (Some(TERRITORY), of_territory(serving, code)),
        (None, None) => (None, serving),
    };
    let several = format!("several bodies here that provide {service}");
    Err(match (fitting.as_slice(), key) {
        ([one], _) => return Ok(*one),
        ([], None) => NotTaken::Unknown(format!("no body here provides {service}")),
        ([], Some(key)) => NotTaken::Unknown(format!("{key}: no body here that provides {service} has it")),
        (_, None) => {
            NotTaken::Unusable(format!("neither {BIN} nor {TERRITORY} tells which of {several} is meant"))
        }
        (_, Some(TERRITORY)) => {
            NotTaken::Unusable(format!("{TERRITORY}: {several} have it, {BIN} has to tell which"))
        }
        // That two bodies have one BIN stands in our own files.
        (_, Some(key)) => NotTaken::Unknown(format!("{key}: {several} have it")),
    })
}

/// Returns the bodies whose territory holds a place, of the smallest such territory.
fn of_territory<'s>(serving: Vec<&'s Organization>, code: &str) -> Vec<&'s Organization> {
    let holding = |it: &&Organization| code.starts_with(it.territory_digits());
    let holding: Vec<&Organization> = serving.into_iter().filter(holding).collect();
    let closest = holding.iter().map(|it| it.territory_digits().len()).max().unwrap_or_default();
    holding.into_iter().filter(|it| it.territory_digits().len() == closest).collect()
}

fn application(
    regulation: &Regulation,
    (foreign, provider): (&Foreign, &Organization),
    said: &mut Said<'_>,
    attachments: Vec<Attachment>,
) -> Application {
    let person = &foreign.applicant;
    if !iin::is_well_formed(&person.iin) {
        said.wrong.insert("requesterIin".to_owned(), "not-an-iin");
    }
    let full_name = read::full_name(person);
    if full_name.is_empty() {
        said.wrong.insert("requesterLastName".to_owned(), "missing");
    }
    let media = regulation.media_in(Channel::Portal);
    let electronic = media.is_empty() || media.contains(&Medium::Electronic);
    Application {
        applicant: PersonId(String::new()),
        iin: person.iin.clone(),
        full_name,
        fields: std::mem::take(&mut said.fields),
        attachments,
        medium: media.first().filter(|_| !electronic).copied().unwrap_or(Medium::Electronic),
        lang: said.language.clone().unwrap_or_else(|| LANGUAGES[0].to_owned()),
        provider: provider.id.clone(),
        akim: None,
        center: None,
        content: None,
        signature: None,
    }
}

/// Adds the mistakes that a person would be told who fills the form here, by the portal's codes.
fn mistakes(
    form: &PublishedForm,
    regulation: &Regulation,
    application: &Application,
    on: Date,
    said: &mut Said<'_>,
) {
    let mut found = form::problems(regulation, Channel::Portal, application);
    found.extend(form::ages(regulation, application, on));
    for Problem { path, kind } in found {
        let ours: String = without_places(&path);
        let fields = form.fields.iter().find(|(_, target)| **target == ours).map(|it| it.0);
        let document = ours.strip_prefix("document.");
        let documents = form.documents.iter().find(|(_, it)| document == Some(it.as_str())).map(|it| it.0);
        let parts = form.joined.get(&ours).map(|it| it.join(" + "));
        let theirs = fields.or(documents).cloned().or(parts);
        let theirs = theirs.map_or_else(|| ours.clone(), |code| format!("{code} ({ours})"));
        said.wrong.entry(theirs).or_insert_with(|| word(kind));
    }
}

/// Returns a path without the places of entries: `children.0.surname` is the field `children.surname`.
fn without_places(path: &str) -> String {
    let parts = path.split('.').filter(|it| !it.bytes().all(|it| it.is_ascii_digit()));
    parts.collect::<Vec<_>>().join(".")
}

/// What the tables lack goes first: it may be all that the rest comes from.
fn answer(service_code: &str, said: &Said<'_>) -> Result<(), NotTaken> {
    if !said.unknown.is_empty() {
        let unknown = listed(said.unknown.iter().cloned(), NAMED_MAX);
        return Err(NotTaken::Unknown(format!("{service_code}: {unknown}")));
    }
    if said.wrong.is_empty() {
        return Ok(());
    }
    let wrong: BTreeSet<String> = said.wrong.iter().map(|(code, why)| format!("{code}: {why}")).collect();
    Err(NotTaken::Unusable(format!("{service_code}: {}", listed(wrong.into_iter(), NAMED_MAX))))
}

/// Returns so many at most, with commas between them.
pub(super) fn listed(mut all: impl Iterator<Item = String>, most: usize) -> String {
    let named = all.by_ref().take(most).collect::<Vec<_>>().join(", ");
    if all.next().is_none() { named } else { format!("{named}, …") }
}

fn why_no_file(refused: &UploadRefused) -> &'static str {
    match refused {
        UploadRefused::Empty => "empty",
        UploadRefused::TooLarge => "too-long",
        UploadRefused::Kind | UploadRefused::Failed(_) => "none-of-pdf-jpeg-png",
    }
}

fn word(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Missing => "missing",
        ProblemKind::TooLong { .. } => "too-long",
        ProblemKind::NotADate => "not-a-date",
        ProblemKind::NotAnIin => "not-an-iin",
        ProblemKind::NotAPhone => "not-a-phone",
        ProblemKind::NotANumber => "not-a-number",
        ProblemKind::NotMoney => "not-money",
        ProblemKind::NotAChoice => "not-a-choice",
        ProblemKind::TooFew { .. } => "too-few",
        ProblemKind::TooMany { .. } => "too-many",
        ProblemKind::NotOfThatAge => "not-of-that-age",
        ProblemKind::WrongKind => "another-kind",
        ProblemKind::Unknown => "unknown",
    }
}
