// SPDX-License-Identifier: MIT OR Apache-2.0
//! Papers: from a regulation's blocks and a case's values to what the press prints.

mod calculation;
mod office;
mod values;

pub use calculation::{calculated_field, entry_name, grouped};
pub use office::OfficePaper;

use crate::paper_spec::{
    Bilingual, Block, Capacity, Issuer, Mark, PaperLanguage, PaperSpec, PaperTable, SignLine, SignedHow,
    electronic_document_footer,
};
use crate::submit::SubmitError;
use crate::{Service, local_date};
use engine::case::{Application, Case, CaseId, Medium, Value};
use engine::organization::Organization;
pub(crate) use engine::printed::{paper_of, value_in};
use jiff::Timestamp;
use regulation::model::{self, FieldId, FieldKind, Paper, Regulation, SignedBy, Text};
use std::collections::BTreeMap;
use values::Values;

/// Who signs a paper, as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory {
    /// Position.
    pub position: Bilingual,
    /// Name. Personal.
    pub name: String,
}

/// What a result needs besides the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Its number.
    pub number: String,
    /// Key of the public check.
    pub check_key: String,
    /// When it is signed.
    pub at: Timestamp,
    /// Who signs.
    pub signatory: Signatory,
    /// Whether it is printed and signed by hand.
    pub by_hand: bool,
}

pub(crate) fn both(text: &Text) -> Bilingual {
    Bilingual::new(&text.kk, &text.ru)
}

impl Service {
    /// Returns the paper that a proposal becomes: the certificate, or the refusal.
    pub(crate) fn result_paper(
        &self,
        regulation: &Regulation,
        case: &Case,
        issue: &Issue,
    ) -> Result<PaperSpec, SubmitError> {
        let paper = engine::printed::result_of(regulation, case).ok_or(SubmitError::Unknown)?;
        let organization = self.issuer_of(regulation, case).ok_or(SubmitError::Unknown)?;
        let mut values = self.values_of(regulation, case);
        values.put("number", Bilingual::same(&issue.number));
        values.put("provider", both(&organization.name));
        values.put("territory", both(&organization.territory));
        values.put("signer", Bilingual::same(&issue.signatory.name));
        values.put("post", issue.signatory.position.clone());
        let date = local_date(issue.at);
        values.put("date", crate::dates::date(date));
        let calculation = self.calculation_table(regulation, case);
        let nothing = BTreeMap::new();
        let given = match &case.proposal {
            Some((engine::Proposal::Grant { values }, _)) => values,
            Some((engine::Proposal::Refuse { .. }, _)) | None => &nothing,
        };
        let ink = Ink {
            service: self,
            regulation,
            calculation,
            paper,
            values: &values,
            case: &case.application,
            given,
            issue: Some(issue),
            date,
            letterhead: &IN_LETTERHEAD,
        };
        Ok(PaperSpec {
            id: format!("result-{}", issue.number),
            language: PaperLanguage::Both,
            issuer: issuer(organization),
            title: both(&paper.title),
            number: Some(issue.number.clone()),
            date,
            made_at: issue.at,
            marks: self.marks(paper.assumed),
            blocks: paper
                .blocks
                .iter()
                .filter(|it| !ink.is_printed_above(it))
                .filter_map(|it| ink.block(it))
                .collect(),
            footer: (!issue.by_hand).then(electronic_document_footer),
        })
    }

    /// Returns the body at whose head a result of the case stands: where its signer sits.
    pub(crate) fn issuer_of(&self, regulation: &Regulation, case: &Case) -> Option<&Organization> {
        let current = case.current().and_then(|it| regulation.part(&it.part));
        let signer = current.and_then(|(_, _, part)| part.actor_in(case.channel));
        let body = signer.map_or(&*case.application.provider, |it| crate::views::body_of(case, it));
        self.settings.organization(body)
    }

    /// Returns the application as a paper: what the applicant reads before signing.
    pub(crate) fn application_paper(
        &self,
        regulation: &Regulation,
        application: &Application,
        case: CaseId,
        at: Timestamp,
    ) -> Result<PaperSpec, SubmitError> {
        let organization = self.settings.organization(&application.provider).ok_or(SubmitError::Unknown)?;
        let values = Values::of_application(regulation, application);
        let mut blocks = vec![
            field("Көрсетілетін қызмет", "Государственная услуга", both(&regulation.title)),
            field("Өтініш беруші", "Заявитель", Bilingual::same(&application.full_name)),
            field("ЖСН", "ИИН", Bilingual::same(&application.iin)),
        ];
        blocks.retain(|it| !matches!(it, Block::Field { value, .. } if value.kk.is_empty()));
        for it in &regulation.fields {
            if let FieldKind::Group { fields, .. } = &it.kind {
                if let Some(table) = values::whole_table(application, it, fields) {
                    blocks.push(Block::Heading(both(&it.label)));
                    blocks.extend(values::fitting(table));
                }
            } else if let Some(value) = values.get(it.id.as_str()).filter(|it| !it.kk.is_empty()) {
                blocks.push(Block::Field { label: both(&it.label), value: value.clone() });
            }
        }
        for file in &application.attachments {
            let title =
                regulation.documents.iter().find(|it| it.id == file.document).map(|it| both(&it.title));
            blocks.push(Block::Field {
                label: title.unwrap_or_else(|| Bilingual::new("Құжат", "Документ")),
                value: Bilingual::same(&file.name),
            });
        }
        Ok(PaperSpec {
            id: format!("application-{}", case.0),
            language: PaperLanguage::Both,
            issuer: issuer(organization),
            title: Bilingual::new("Өтініш", "Заявление"),
            number: None,
            date: local_date(at),
            made_at: at,
            marks: self.marks(true),
            blocks,
            footer: None,
        })
    }

    /// Presses a paper.
    pub(crate) async fn press(&self, spec: &PaperSpec) -> Result<Vec<u8>, SubmitError> {
        spec.check().map_err(|it| SubmitError::Unusable(it.to_string()))?;
        self.ports.press.press(spec).await.map_err(crate::from_port)
    }

    fn marks(&self, assumed: bool) -> Vec<Mark> {
        let mut marks = Vec::new();
        if self.settings.demo {
            marks.extend([Mark::Demo, Mark::Simulated]);
        }
        if assumed {
            marks.push(Mark::AssumedForm);
        }
        marks
    }
}

fn field(kk: &str, ru: &str, value: Bilingual) -> Block {
    Block::Field { label: Bilingual::new(kk, ru), value }
}

fn issuer(organization: &Organization) -> Issuer {
    Issuer { name: both(&organization.name), address: None }
}

struct Ink<'a> {
    service: &'a Service,
    regulation: &'a Regulation,
    calculation: Option<PaperTable>,
    paper: &'a Paper,
    values: &'a Values,
    case: &'a Application,
    /// What the executor gave.
    given: &'a BTreeMap<FieldId, Value>,
    issue: Option<&'a Issue>,
    date: jiff::civil::Date,
    /// Values that the letterhead prints.
    letterhead: &'a [&'a str],
}

/// Values that the letterhead of a result prints.
const IN_LETTERHEAD: [&str; 3] = ["number", "date", "provider"];

impl Ink<'_> {
    /// Returns whether the letterhead or the title says it already; a seal stands only on paper.
    fn is_printed_above(&self, block: &model::Block) -> bool {
        match block {
            model::Block::Heading(text) => text.kk == self.paper.title.kk,
            model::Block::Field { value, .. } => self.letterhead.contains(&value.as_str()),
            // Where it is signed by hand the place of the seal stands under the signature.
            model::Block::Seal => {
                self.case.medium == Medium::Electronic || self.issue.is_some_and(|it| it.by_hand)
            }
            model::Block::Text(_)
            | model::Block::Table { .. }
            | model::Block::Calculation
            | model::Block::Sign(_)
            | model::Block::Qr => false,
        }
    }

    fn block(&self, block: &model::Block) -> Option<Block> {
        Some(match block {
            model::Block::Heading(text) => Block::Heading(self.values.fill(text)),
            model::Block::Text(text) => Block::Text(self.values.fill(text)),
            model::Block::Field { label, value } => {
                let value = self.values.get(value).filter(|it| !it.kk.is_empty())?.clone();
                Block::Field { label: both(label), value }
            }
            model::Block::Table { value, columns } => {
                let values = (&self.case.fields, self.given);
                Block::Table(values::table(self.regulation, values, value, columns)?)
            }
            model::Block::Calculation => Block::Table(self.calculation.clone()?),
            model::Block::Sign(SignedBy::Applicant) => Block::Sign(SignLine {
                position: Bilingual::new("көрсетілетін қызметті алушы", "услугополучатель"),
                name: self.case.full_name.clone(),
                capacity: Capacity::InPost,
                how: SignedHow::ByHand,
            }),
            model::Block::Sign(SignedBy::Signer) => {
                let issue = self.issue?;
                Block::Sign(SignLine {
                    position: issue.signatory.position.clone(),
                    name: issue.signatory.name.clone(),
                    capacity: Capacity::InPost,
                    how: if issue.by_hand {
                        SignedHow::ByHandAndSeal
                    } else {
                        SignedHow::Eds { on: self.date }
                    },
                })
            }
            model::Block::Seal => Block::Seal,
            model::Block::Qr => {
                let issue = self.issue.filter(|it| !it.check_key.is_empty())?;
                let url = format!("{}/verify/{}", self.service.settings.base_url, issue.check_key);
                Block::Qr {
                    alt: Bilingual::new(
                        format!("«{}» құжатын тексеруге арналған QR-код", self.paper.title.kk),
                        format!("QR-код для проверки документа «{}»", self.paper.title.ru),
                    ),
                    caption: Bilingual::new("Құжатты тексеру", "Проверка документа"),
                    url,
                }
            }
        })
    }
}
