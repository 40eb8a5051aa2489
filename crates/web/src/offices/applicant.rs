// SPDX-License-Identifier: MIT OR Apache-2.0
//! What every office enters of who stands there: IIN, full name, how the result is wanted, in which language.

use engine::case::Medium;
use engine::iin;

use crate::form::{self, Given};
use crate::lang::Lang;
use crate::page::Page;
use crate::ui::{Choice, Choices, Field, FieldKind, Problem};
use crate::words::{Word, Words};

/// Longest full name.
const NAME_CHARS_MAX: u32 = 300;

/// Returns the field of the IIN; `checked` tells whether mistakes are shown.
pub fn number(w: Words, given: &Given, checked: bool) -> Field {
    Field::new("applicant-iin", w.signin_iin())
        .kind(FieldKind::Digits)
        .hint(w.help_iin())
        .value(given.get("applicant-iin"))
        .max_length(12)
        .width(20)
        .error(iin_error(given).filter(|_| checked).map(|it| w.of(it)))
}

/// Returns the field of the full name.
pub fn name(w: Words, given: &Given, checked: bool) -> Field {
    let missing = checked && given.get("applicant-name").is_empty();
    Field::new("applicant-name", w.off_full_name())
        .hint(w.off_full_name_hint())
        .value(given.get("applicant-name"))
        .max_length(NAME_CHARS_MAX)
        .error(missing.then(|| w.verr_required()))
}

/// Returns what is wrong with the IIN.
pub fn iin_error(given: &Given) -> Option<Word> {
    let iin = given.get("applicant-iin");
    if iin::is_well_formed(iin) {
        None
    } else if iin.is_empty() {
        Some(Word::VerrRequired)
    } else if iin.len() == 12 {
        Some(Word::VerrIinWrong)
    } else {
        Some(Word::VerrIinLength)
    }
}

/// Returns how the result is wanted, as far as the act leaves a choice.
pub fn medium(w: Words, given: &Given, media: &[Medium]) -> Choices {
    let chosen = medium_of(given, media);
    let all = [(Medium::Paper, w.off_medium_paper()), (Medium::Electronic, w.off_medium_electronic())];
    let offered = all.into_iter().filter(|(it, _)| media.is_empty() || media.contains(it));
    let options = offered.map(|(it, label)| Choice::new(it.as_str(), label, it == chosen)).collect();
    Choices::new("medium", w.form_medium(), options)
}

/// Returns the medium chosen; on paper, where nothing else was chosen and the act gives it.
pub fn medium_of(given: &Given, media: &[Medium]) -> Medium {
    let offered = |it: &Medium| media.is_empty() || media.contains(it);
    let all = [Medium::Paper, Medium::Electronic];
    let chosen = all.into_iter().find(|it| it.as_str() == given.get("medium")).filter(offered);
    chosen.or_else(|| all.into_iter().find(offered)).unwrap_or(Medium::Paper)
}

/// Returns the language of the applicant.
pub fn language(page: &Page, given: &Given) -> Choices {
    let chosen = Lang::from_code(given.get("language")).unwrap_or(page.lang());
    let options =
        Lang::ALL.into_iter().map(|it| Choice::new(it.code(), it.own_name(), it == chosen)).collect();
    Choices::new("language", page.w.off_language(), options)
}

/// Returns the line of the error summary for a field.
pub fn of_field(field: &Field) -> Option<Problem> {
    field.problem().map(|it| form::named(it, &field.label))
}

/// Returns the line of the error summary for a question.
pub fn of_choices(choices: &Choices) -> Option<Problem> {
    choices.problem().map(|it| form::named(it, &choices.legend))
}
