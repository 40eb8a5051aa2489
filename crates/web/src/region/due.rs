// SPDX-License-Identifier: MIT OR Apache-2.0
//! The act that is due from this official, with the fields that it asks for.

use engine::case::{Medium, PersonId};
use engine::inadmissible::Input;
use engine::{Case, Inadmissible};
use regulation::model::{Action, Actor, Part};
use service::cases::CaseView;
use uuid::Uuid;

use super::case::Typed;
use super::prepare::{self, Grant};
use crate::errors::PageError;
use crate::form::{self, said};
use crate::format;
use crate::offices::applicant::{of_choices, of_field};
use crate::offices::case::People;
use crate::offices::papers::scan_field;
use crate::offices::refused::input_problem;
use crate::page::Page;
use crate::services::AsOfficial;
use crate::ui::{Choice, Choices, Field, FieldKind, FileField, Problem, Row, Table};

/// Longest text of an act, as the engine takes it.
const TEXT_MAX: u32 = 4_000;
/// Longest name and document of a handing over.
const LINE_MAX: u32 = 300;

/// The act that is due from this official.
pub(super) struct ActView {
    pub(super) part: String,
    pub(super) order: Uuid,
    pub(super) actor: &'static str,
    pub(super) title: String,
    pub(super) remark: Option<String>,
    pub(super) instruction: Option<String>,
    kind: Kind,
}

/// What the act asks for.
enum Kind {
    Accept,
    Instruct { text: Field, executor: Choices },
    Prepare(Prepare),
    Sign(Box<Sign>),
    Dispatch(Dispatch),
    HandOver { taken_by: Field, document: Field },
    Letter { remark: Field },
    SignLetter { number: String, by: String, same_person: bool, scan: FileField },
}

/// A result in the making.
pub(super) struct Prepare {
    pub(super) grant: Grant,
    pub(super) ground: Choices,
    /// Told where no ground of refusal is confirmed, so none may be quoted.
    pub(super) no_grounds: Option<&'static str>,
    pub(super) reason: Field,
    pub(super) refusing: bool,
}

/// A proposal to be signed.
pub(super) struct Sign {
    pub(super) proposal: Vec<Row>,
    pub(super) tables: Vec<Table>,
    pub(super) calculation: Option<Table>,
    pub(super) by: String,
    pub(super) same_person: bool,
    pub(super) by_key: bool,
    pub(super) by_hand: bool,
    pub(super) sheet: Option<SheetView>,
    pub(super) remark: Field,
}

/// A sheet that was printed to be signed by hand.
pub(super) struct SheetView {
    pub(super) facts: Vec<Row>,
    pub(super) on: Field,
    pub(super) sealed: bool,
    /// Whether the applicant is ticked to have signed too; `None` where he does not sign.
    pub(super) countersigned: Option<bool>,
    pub(super) scan: FileField,
}

/// How the result leaves.
pub(super) struct Dispatch {
    pub(super) courier: Option<Field>,
    pub(super) hint: String,
    pub(super) button: String,
}

impl ActView {
    pub(super) fn is_accept(&self) -> bool {
        matches!(self.kind, Kind::Accept)
    }

    pub(super) fn instruct(&self) -> Option<(&Field, &Choices)> {
        if let Kind::Instruct { text, executor } = &self.kind { Some((text, executor)) } else { None }
    }

    pub(super) fn prepare(&self) -> Option<&Prepare> {
        if let Kind::Prepare(it) = &self.kind { Some(it) } else { None }
    }

    pub(super) fn sign(&self) -> Option<&Sign> {
        if let Kind::Sign(it) = &self.kind { Some(it) } else { None }
    }

    pub(super) fn dispatch(&self) -> Option<&Dispatch> {
        if let Kind::Dispatch(it) = &self.kind { Some(it) } else { None }
    }

    pub(super) fn hand_over(&self) -> Option<(&Field, &Field)> {
        if let Kind::HandOver { taken_by, document } = &self.kind { Some((taken_by, document)) } else { None }
    }

    pub(super) fn letter(&self) -> Option<&Field> {
        if let Kind::Letter { remark } = &self.kind { Some(remark) } else { None }
    }

    pub(super) fn sign_letter(&self) -> Option<(&String, &String, &bool, &FileField)> {
        if let Kind::SignLetter { number, by, same_person, scan } = &self.kind {
            Some((number, by, same_person, scan))
        } else {
            None
        }
    }
}

/// What the fields of an act are drawn from.
struct Drawing<'a> {
    who: &'a AsOfficial,
    view: &'a CaseView,
    people: &'a People,
    typed: &'a Typed,
}

/// Returns the act that is due from this official; none where the case waits for somebody else.
pub(super) async fn act_view(
    who: &AsOfficial,
    view: &CaseView,
    people: &People,
    typed: &Typed,
) -> Result<Option<ActView>, PageError> {
    let seat = &who.official.seat;
    let Some((_, part)) = view.waits_for(who.service.here, &seat.actors) else { return Ok(None) };
    let Some(actor) = part.actor_in(view.case.channel) else { return Ok(None) };
    let drawing = Drawing { who, view, people, typed };
    let Some(kind) = drawing.kind(part).await? else { return Ok(None) };
    Ok(Some(ActView {
        part: part.id.0.clone(),
        order: who.service.uuid(),
        actor: actor.as_str(),
        title: said(who.page.lang(), &part.title).to_owned(),
        remark: view.case.remark.clone(),
        instruction: view.case.instruction.clone(),
        kind,
    }))
}

impl Drawing<'_> {
    fn page(&self) -> &Page {
        &self.who.page
    }

    fn case(&self) -> &Case {
        &self.view.case
    }

    fn error(&self, input: Input) -> Option<String> {
        let found = input_problem(self.page().w, self.typed.why.as_ref()?)?;
        (found.0 == input).then_some(found.1)
    }

    fn lines(&self, name: &str, label: &str, input: Input) -> Field {
        let field = Field::new(name, label).kind(FieldKind::Lines).max_length(TEXT_MAX);
        field.value(self.typed.given.get(name)).error(self.error(input))
    }

    fn is_for_another(&self) -> bool {
        self.case().executor.as_ref().is_some_and(|it| *it != self.who.official.seat.person)
    }

    async fn kind(&self, part: &Part) -> Result<Option<Kind>, PageError> {
        let w = self.page().w;
        Ok(Some(match &part.action {
            Action::Accept => Kind::Accept,
            Action::Instruct => Kind::Instruct {
                text: self.lines("text", w.hd_instruction(), Input::Instruction),
                executor: self.executors(part).await?,
            },
            Action::Prepare | Action::PrepareLetter if self.is_for_another() => return Ok(None),
            Action::Prepare => Kind::Prepare(self.prepare()),
            Action::PrepareLetter => Kind::Letter { remark: self.letter() },
            Action::SignLetter => self.sign_letter(),
            Action::SignResult => Kind::Sign(Box::new(self.sign().await?)),
            Action::HandOver => self.hand_over(),
            Action::Issue if self.case().came_by_hand() => self.hand_over(),
            Action::Dispatch | Action::Issue => Kind::Dispatch(self.dispatch()),
            Action::CreateAccount
            | Action::SignIn
            | Action::RefuseSignIn
            | Action::FillForm
            | Action::QueryRegister(_)
            | Action::Judge
            | Action::SignRequest
            | Action::Send
            | Action::RegisterDocument
            | Action::StampResult
            | Action::Notify(_)
            | Action::NextResult
            | Action::Deliver => return Ok(None),
        }))
    }

    /// Officials of the same office who hold the executor's capacity.
    async fn executors(&self, part: &Part) -> Result<Choices, PageError> {
        let executes = executor_of(part.actor_in(self.case().channel));
        let officials = self.who.service.officials(&self.who.official.seat.organization).await?;
        let chosen = self.typed.given.get("executor");
        let able: Vec<_> = officials.iter().filter(|it| it.seat.actors.contains(&executes)).collect();
        let option = |it: &&service::accounts::Official| {
            let label = format!("{}, {}", it.seat.name, it.position_kk);
            Choice::new(&it.seat.person.0, label, it.seat.person.0 == chosen || able.len() == 1)
        };
        let options = able.iter().map(option).collect();
        Ok(Choices::new("executor", self.page().w.hd_assign(), options).error(self.error(Input::Executor)))
    }

    fn prepare(&self) -> Prepare {
        let (w, typed) = (self.page().w, self.typed);
        let chosen = typed.given.get("ground");
        let unknown = matches!(typed.why, Some(Inadmissible::UnknownGround(_)));
        let grounds = self.view.regulation.grounds.iter();
        let none = self.view.regulation.grounds.is_empty();
        let options = grounds
            .map(|it| Choice {
                hint: it.assumed.then(|| w.passport_assumed().to_owned()),
                ..Choice::new(it.id.as_str(), said(w.lang(), &it.text), it.id.as_str() == chosen)
            })
            .collect();
        Prepare {
            grant: prepare::grant(self.page(), &self.who.service, self.view, typed),
            ground: Choices::new("ground", w.ex_ground(), options).error(unknown.then(|| w.verr_choose())),
            no_grounds: none.then(|| w.std_no_grounds()),
            reason: self.lines("reason", w.off_reason(), Input::Reason),
            refusing: typed.given.get("act-kind") == "refuse",
        }
    }

    async fn sign(&self) -> Result<Sign, PageError> {
        let (w, case, person) = (self.page().w, self.case(), &self.who.official.seat.person);
        let countersigned = engine::printed::is_countersigned(&self.view.regulation, case);
        let paper_only = countersigned || self.view.regulation.is_paper_only();
        let sheet = self.who.service.sheet(case).await?.filter(|it| it.by == person.0);
        let (proposal, tables) = prepare::proposal(self.page(), self.view);
        Ok(Sign {
            proposal,
            tables,
            calculation: prepare::shown(w, &self.who.service, self.view),
            by: self.name(case.proposal.as_ref().map(|(_, by)| by)),
            same_person: case.proposal.as_ref().is_some_and(|(_, by)| by == person),
            by_key: !paper_only,
            by_hand: paper_only || case.application.medium == Medium::Paper,
            sheet: sheet.map(|it| self.sheet(&it)),
            remark: self.lines("remark", w.hd_send_back_why(), Input::Remark),
        })
    }

    fn sheet(&self, sheet: &service::sheets::Sheet) -> SheetView {
        let (w, given) = (self.page().w, &self.typed.given);
        let typed_here = given.get("act-kind") == "sheet";
        let today = format::date(format::day_of(self.page().now));
        let day = if typed_here { given.get("on").to_owned() } else { today };
        let mut scan = scan_field("file".to_owned(), w.hd_paper_scan(), false);
        scan.error.clone_from(&self.typed.scan);
        SheetView {
            facts: vec![
                Row::new(w.off_result_number(), &*sheet.number),
                Row::new(w.off_signer(), &*sheet.signer),
            ],
            on: Field::new("on", w.hd_paper_when())
                .kind(FieldKind::Date)
                .hint(w.form_date_hint("21.11.2016"))
                .width(10)
                .value(day)
                .error(self.typed.day.clone()),
            sealed: typed_here && given.has("sealed"),
            countersigned: engine::printed::is_countersigned(&self.view.regulation, self.case())
                .then(|| typed_here && given.has("countersigned")),
            scan,
        }
    }

    fn hand_over(&self) -> Kind {
        let (w, given) = (self.page().w, &self.typed.given);
        let untouched = !given.has("order");
        let name = if untouched { &*self.case().application.full_name } else { given.get("taken-by") };
        Kind::HandOver {
            taken_by: Field::new("taken-by", w.off_taken_by())
                .max_length(LINE_MAX)
                .value(name)
                .error(self.error(Input::TakenBy)),
            document: Field::new("document", w.off_taken_on())
                .hint(w.off_taken_on_hint())
                .max_length(LINE_MAX)
                .value(given.get("document"))
                .error(self.error(Input::Document)),
        }
    }

    /// A result on paper leaves for a one-stop-shop with its courier; for a rural akim it leaves by the office.
    fn dispatch(&self) -> Dispatch {
        let w = self.page().w;
        if self.case().came_by_hand() {
            let (hint, button) = (w.off_dispatch_to_akim().to_owned(), w.off_to_akim().to_owned());
            return Dispatch { courier: None, hint, button };
        }
        if self.case().application.medium == Medium::Electronic {
            let (hint, button) = (w.off_dispatch_electronic().to_owned(), w.of_issue().to_owned());
            return Dispatch { courier: None, hint, button };
        }
        let courier = Field::new("courier", w.off_courier())
            .max_length(200)
            .value(self.typed.given.get("courier"))
            .error(self.error(Input::Courier));
        Dispatch { courier: Some(courier), hint: String::new(), button: w.of_to_courier().to_owned() }
    }

    fn letter(&self) -> Field {
        let w = self.page().w;
        let field = self.lines("letter", w.rl_remark(), Input::Letter);
        if self.typed.given.has("letter") { field } else { field.value(w.rl_default()) }
    }

    fn sign_letter(&self) -> Kind {
        let (w, letter) = (self.page().w, self.case().letter.as_ref());
        let mut scan = scan_field("file".to_owned(), w.hd_paper_scan(), false);
        scan.error.clone_from(&self.typed.scan);
        Kind::SignLetter {
            number: self.case().letter_number.clone().unwrap_or_default(),
            by: self.name(letter.map(|it| &it.by)),
            same_person: letter.is_some_and(|it| it.by == self.who.official.seat.person),
            scan,
        }
    }

    fn name(&self, by: Option<&PersonId>) -> String {
        by.and_then(|it| self.people.name(it)).unwrap_or_default().to_owned()
    }
}

/// Returns who executes for whom.
pub(super) fn executor_of(instructs: Option<Actor>) -> Actor {
    match instructs {
        Some(Actor::RuralAkim) => Actor::RuralAkimExecutor,
        _ => Actor::ProviderExecutor,
    }
}

/// Returns the lines of the error summary.
pub(super) fn problems(act: &ActView) -> Vec<Problem> {
    let mut found: Vec<Problem> = Vec::new();
    match &act.kind {
        Kind::Accept => {}
        Kind::Instruct { text, executor } => {
            found.extend(of_choices(executor));
            found.extend(of_field(text));
        }
        Kind::Prepare(it) => {
            found.extend(form::problems(&it.grant.items));
            let lines = it.grant.lines.iter();
            found.extend(lines.flat_map(|line| {
                let of_line = |field: &Field| {
                    field.problem().map(|it| form::named(it, &format!("{}, {}", line.label, field.label)))
                };
                [of_line(&line.other), of_line(&line.reason)].into_iter().flatten().collect::<Vec<_>>()
            }));
            found.extend(of_choices(&it.ground));
            found.extend(of_field(&it.reason));
        }
        Kind::Sign(it) => {
            if let Some(sheet) = &it.sheet {
                found.extend(of_field(&sheet.on));
                found.extend(sheet.scan.problem());
            }
            found.extend(of_field(&it.remark));
        }
        Kind::Dispatch(it) => found.extend(it.courier.as_ref().and_then(of_field)),
        Kind::HandOver { taken_by, document } => {
            found.extend(of_field(taken_by));
            found.extend(of_field(document));
        }
        Kind::Letter { remark } => found.extend(of_field(remark)),
        Kind::SignLetter { scan, .. } => found.extend(scan.problem()),
    }
    found
}
