// SPDX-License-Identifier: MIT OR Apache-2.0
//! Papers that an office prints on the way: the receipt for the documents, the receipt of not accepting, the covering letter.

use super::values::Values;
use super::{Ink, Issue, Signatory, both, issuer, paper_of};
use crate::access::Reader;
use crate::codec::access::What;
use crate::paper_spec::{Bilingual, Block, PaperLanguage, PaperSpec};
use crate::submit::SubmitError;
use crate::{Service, local_date};
use engine::case::{Case, CaseId, PersonId};
use engine::organization::Organization;
use jiff::Timestamp;
use regulation::model::{self, Action, Actor, Paper, PaperRole, Regulation};

/// What the letterhead of these papers prints.
const LETTERHEAD: [&str; 3] = ["number", "letter_number", "date"];
/// The words of who prepared the letter, in the blocks of a regulation.
const LETTER_VALUES: [&str; 2] = ["remark", "letter"];

/// A paper that an office prints on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfficePaper {
    /// The receipt for the documents.
    Receipt,
    /// The receipt of a refusal to accept.
    NotAccepted,
    /// The covering letter.
    Letter,
}

impl OfficePaper {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Receipt, Self::NotAccepted, Self::Letter];

    /// Returns its name in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::NotAccepted => "not-accepted",
            Self::Letter => "letter",
        }
    }

    /// Returns the paper of the regulation that a case can have now.
    pub fn of<'r>(self, regulation: &'r Regulation, case: &Case) -> Option<&'r Paper> {
        match self {
            Self::Receipt if case.came_by_hand() && case.accepted_at.is_some() => {
                paper_of(regulation, case, PaperRole::Receipt)
            }
            Self::NotAccepted => {
                let actor = if case.application.akim.is_some() {
                    Actor::RuralAkimSpecialist
                } else {
                    Actor::ProviderOffice
                };
                let rule = case.refused.as_ref().and_then(|_| regulation.not_accepted_by(actor))?;
                regulation.papers.iter().find(|it| Some(&it.id) == rule.paper.as_ref())
            }
            Self::Letter if case.letter.is_some() => paper_of(regulation, case, PaperRole::Letter),
            Self::Receipt | Self::Letter => None,
        }
    }
}

/// What stands at the head and under such a paper.
struct Head<'a> {
    organization: &'a Organization,
    number: String,
    at: Timestamp,
    signer: Option<PersonId>,
}

impl Service {
    /// Returns what every paper of a case may say.
    pub(super) fn values_of(&self, regulation: &Regulation, case: &Case) -> Values {
        let mut values = Values::of_application(regulation, &case.application);
        values.add_case(regulation, case);
        values.put("service", both(&regulation.title));
        values.put("application_number", Bilingual::same(case.number.as_deref().unwrap_or_default()));
        let accepted = case.accepted_at.unwrap_or(case.opened_at);
        values.put("application_date", crate::dates::date(local_date(accepted)));
        let documents = case.application.attachments.iter().map(|it| &it.document).collect::<Vec<_>>();
        values.put("documents", titles(regulation, &documents));
        values.put("due", self.due_of(regulation, case).map_or_else(|| Bilingual::same(""), moment));
        values
    }

    /// When the whole service is due: as it is known, before that the longest term of the act.
    fn due_of(&self, regulation: &Regulation, case: &Case) -> Option<Timestamp> {
        let now = self.now();
        let known = self.in_world(regulation, &case.application, |world| engine::deadlines(world, case, now));
        let known = known?.iter().find(|it| it.of.part().is_none()).map(|it| it.due);
        known.or_else(|| self.expected_terms(case).iter().map(|it| it.deadline.due).max())
    }

    /// Returns a paper of the way as PDF, to who may read the case; `None` where the case has none.
    pub async fn office_paper(
        &self,
        reader: &Reader<'_>,
        id: CaseId,
        which: OfficePaper,
    ) -> Result<Option<Vec<u8>>, SubmitError> {
        let Some(case) = self.readable(reader, id, (What::File, None)).await? else { return Ok(None) };
        let regulation = self
            .settings
            .edition_at(&case.service, &case.edition, &case.application.provider)
            .ok_or(SubmitError::Unknown)?;
        let Some(paper) = which.of(regulation, &case) else { return Ok(None) };
        let head = self.head_of(which, regulation, &case).ok_or(SubmitError::Unknown)?;
        let signatory = signatory(&head);
        let spec = self.office_spec(regulation, &case, paper, (which, &head, signatory));
        self.press(&spec).await.map(Some)
    }

    fn head_of<'a>(
        &'a self,
        which: OfficePaper,
        regulation: &Regulation,
        case: &'a Case,
    ) -> Option<Head<'a>> {
        let body = case.application.akim.as_ref().unwrap_or(&case.application.provider);
        let organization = self.settings.organization(body)?;
        let rural = case.application.akim.is_some();
        Some(match which {
            OfficePaper::Receipt => {
                let accepted = case.done.iter().find(|it| {
                    regulation.part(&it.part).is_some_and(|(_, _, part)| part.action == Action::Accept)
                });
                Head {
                    organization,
                    number: if rural { &case.akim_number } else { &case.incoming_number }.clone()?,
                    at: case.accepted_at?,
                    signer: accepted.and_then(|it| it.by.clone()),
                }
            }
            OfficePaper::NotAccepted => Head {
                organization,
                number: String::new(),
                at: case.end.as_ref()?.1,
                signer: case.refused.as_ref().map(|it| it.by.clone()),
            },
            OfficePaper::Letter => {
                let prepared = case.done.iter().rev().find(|it| {
                    regulation.part(&it.part).is_some_and(|(_, _, part)| part.action == Action::PrepareLetter)
                });
                let signer = organization.seats_of(Actor::RuralAkim).next().map(|it| PersonId(it.id.clone()));
                let at = prepared.map_or(case.opened_at, |it| it.at);
                Head { organization, number: case.letter_number.clone()?, at, signer }
            }
        })
    }

    fn office_spec(
        &self,
        regulation: &Regulation,
        case: &Case,
        paper: &Paper,
        (which, head, signatory): (OfficePaper, &Head<'_>, Option<Signatory>),
    ) -> PaperSpec {
        let mut values = self.values_of(regulation, case);
        let (name, address) = (both(&head.organization.name), both(&head.organization.address));
        let place =
            Bilingual::new(format!("{}\n{}", name.kk, address.kk), format!("{}\n{}", name.ru, address.ru));
        values.put("number", Bilingual::same(&head.number));
        values.put("letter_number", Bilingual::same(&head.number));
        values.put("date", crate::dates::date(local_date(head.at)));
        values.put("center", place);
        values.put("territory", both(&head.organization.territory));
        let provider = self.settings.organization(&case.application.provider);
        values.put("provider", provider.map_or_else(|| name.clone(), |it| both(&it.name)));
        if let Some(signatory) = &signatory {
            values.put("operator", Bilingual::same(&signatory.name));
            values.put("signer", Bilingual::same(&signatory.name));
            values.put("post", signatory.position.clone());
        }
        if let Some(refused) = &case.refused {
            values.put("documents", titles(regulation, &refused.missing.iter().collect::<Vec<_>>()));
            values.put("reason", Bilingual::same(&refused.reason));
        }
        if let Some(letter) = &case.letter {
            for name in LETTER_VALUES {
                values.put(name, Bilingual::same(&letter.text));
            }
        }
        let date = local_date(head.at);
        let signatory =
            signatory.unwrap_or_else(|| Signatory { position: Bilingual::same(""), name: "—".to_owned() });
        let (number, check_key) = (head.number.clone(), String::new());
        let issue = Issue { number, check_key, at: head.at, signatory, by_hand: true };
        let nothing = std::collections::BTreeMap::new();
        let ink = Ink {
            service: self,
            regulation,
            calculation: None,
            paper,
            values: &values,
            case: &case.application,
            given: &nothing,
            issue: Some(&issue),
            date,
            letterhead: &LETTERHEAD,
        };
        let mut blocks: Vec<Block> = paper
            .blocks
            .iter()
            .filter(|it| !ink.is_printed_above(it))
            .filter_map(|it| ink.block(it))
            .collect();
        if let (OfficePaper::Letter, Some(letter)) = (which, &case.letter)
            && !paper.blocks.iter().any(says_letter)
        {
            let at = blocks.iter().position(|it| matches!(it, Block::Sign(_))).unwrap_or(blocks.len());
            blocks.insert(at, Block::Text(Bilingual::same(&letter.text)));
        }
        PaperSpec {
            id: format!("{}-{}", which.as_str(), case.id.0),
            language: PaperLanguage::Both,
            issuer: issuer(head.organization),
            title: both(&paper.title),
            number: Some(head.number.clone()).filter(|it| !it.is_empty()),
            date,
            made_at: head.at,
            marks: self.marks(paper.assumed),
            blocks,
            footer: None,
        }
    }
}

fn signatory(head: &Head<'_>) -> Option<Signatory> {
    let seat = head.organization.seat(head.signer.as_ref()?)?;
    Some(Signatory { position: both(&seat.post), name: seat.holder.full_name.clone() })
}

/// Returns whether a block prints the words of who prepared the letter.
fn says_letter(block: &model::Block) -> bool {
    match block {
        model::Block::Field { value, .. } => LETTER_VALUES.contains(&value.as_str()),
        model::Block::Text(text) => LETTER_VALUES.iter().any(|it| text.kk.contains(&format!("{{{it}}}"))),
        model::Block::Heading(_)
        | model::Block::Table { .. }
        | model::Block::Calculation
        | model::Block::Sign(_)
        | model::Block::Seal
        | model::Block::Qr => false,
    }
}

/// Names of documents, one a line.
fn titles(regulation: &Regulation, documents: &[&model::DocumentId]) -> Bilingual {
    let named = regulation.documents.iter().filter(|it| documents.contains(&&it.id));
    let (kk, ru): (Vec<&str>, Vec<&str>) =
        named.map(|it| (it.title.kk.as_str(), it.title.ru.as_str())).unzip();
    Bilingual::new(kk.join("\n"), ru.join("\n"))
}

/// A day and hour where the offices are.
fn moment(at: Timestamp) -> Bilingual {
    let zone = jiff::tz::TimeZone::get(crate::ZONE).unwrap_or(jiff::tz::TimeZone::UTC);
    Bilingual::same(at.to_zoned(zone).strftime("%d.%m.%Y %H:%M").to_string())
}
