// SPDX-License-Identifier: MIT OR Apache-2.0
//! Formulas of decisions: `max(rate.poverty-line * members - income, 0)`. Read here, worked out by the engine.

use crate::expr::BadExpr;
use crate::model::FieldId;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;

/// Longest formula.
const MAX_CHARS: usize = 1_000;
/// How deep brackets may nest.
const MAX_DEPTH: usize = 16;
/// What begins the name of a rate.
const RATE: &str = "rate.";

/// A formula.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Formula {
    /// A figure as written, digits with at most one point.
    Figure(String),
    /// The value of a field of the application or of the result.
    Field(FieldId),
    /// A rate in force on the day of the application.
    Rate(String),
    /// How many entries a group has.
    Count(FieldId),
    /// The sum of a field over the entries of a group.
    Sum(FieldId, FieldId),
    /// The smallest.
    Min(Vec<Formula>),
    /// The greatest.
    Max(Vec<Formula>),
    /// Two values joined.
    Join(Box<Formula>, Operator, Box<Formula>),
}

/// What joins two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operator {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`
    Over,
}

impl Operator {
    const fn sign(self) -> char {
        match self {
            Self::Plus => '+',
            Self::Minus => '-',
            Self::Times => '*',
            Self::Over => '/',
        }
    }

    const fn binds(self) -> u8 {
        match self {
            Self::Plus | Self::Minus => 1,
            Self::Times | Self::Over => 2,
        }
    }

    fn of(c: char) -> Option<Self> {
        [Self::Plus, Self::Minus, Self::Times, Self::Over].into_iter().find(|it| it.sign() == c)
    }
}

/// Reads a formula.
///
/// # Errors
///
/// What is wrong, and where.
pub fn parse(text: &str) -> Result<Formula, BadExpr> {
    if text.chars().nth(MAX_CHARS).is_some() {
        return Err(bad(format!("a formula is at most {MAX_CHARS} characters long"), 0..text.len()));
    }
    let mut reader = Reader { text, at: 0 };
    let formula = reader.join(0, 0)?;
    reader.spaces();
    if reader.at < text.len() {
        return Err(bad("an operator or the end was expected here".to_owned(), reader.here()));
    }
    Ok(formula)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn here(&self) -> Range<usize> {
        self.at..(self.at + self.rest().chars().next().map_or(0, char::len_utf8))
    }

    fn spaces(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, c: char) -> bool {
        self.spaces();
        let found = self.rest().starts_with(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    fn word(&mut self, of: impl Fn(char) -> bool) -> String {
        let word: String = self.rest().chars().take_while(|it| of(*it)).collect();
        self.at += word.len();
        word
    }

    fn join(&mut self, binds: u8, depth: usize) -> Result<Formula, BadExpr> {
        let mut left = self.value(depth)?;
        loop {
            self.spaces();
            let found = self.rest().chars().next().and_then(Operator::of);
            let Some(operator) = found.filter(|it| it.binds() > binds) else {
                return Ok(left);
            };
            self.at += 1;
            let right = self.join(operator.binds(), depth)?;
            left = Formula::Join(Box::new(left), operator, Box::new(right));
        }
    }

    fn value(&mut self, depth: usize) -> Result<Formula, BadExpr> {
        self.spaces();
        if depth >= MAX_DEPTH {
            return Err(bad(format!("brackets nest deeper than {MAX_DEPTH}"), self.here()));
        }
        let start = self.at;
        if self.eat('(') {
            let inner = self.join(0, depth + 1)?;
            self.close(start)?;
            return Ok(inner);
        }
        let figure = self.word(|c| c.is_ascii_digit() || c == '.');
        if !figure.is_empty() {
            let whole = figure.split('.').all(|it| !it.is_empty()) && figure.matches('.').count() <= 1;
            return if whole {
                Ok(Formula::Figure(figure))
            } else {
                Err(bad(format!("`{figure}` is not a figure"), start..self.at))
            };
        }
        let name = self.name();
        if name.is_empty() {
            return Err(bad("a field, a rate or a figure was expected here".to_owned(), self.here()));
        }
        if !self.eat('(') {
            return Ok(match name.strip_prefix(RATE) {
                Some(rate) => Formula::Rate(rate.to_owned()),
                None => Formula::Field(FieldId(name)),
            });
        }
        let formula = self.call(&name, start..start + name.len(), depth)?;
        self.close(start)?;
        Ok(formula)
    }

    fn call(&mut self, name: &str, span: Range<usize>, depth: usize) -> Result<Formula, BadExpr> {
        match name {
            "count" => Ok(Formula::Count(FieldId(self.name()))),
            "sum" => {
                let path = self.name();
                let Some((group, field)) = path.split_once('.') else {
                    return Err(bad("`sum` takes `group.field`".to_owned(), span));
                };
                Ok(Formula::Sum(group.into(), field.into()))
            }
            "min" | "max" => {
                let mut of = vec![self.join(0, depth + 1)?];
                while self.eat(',') {
                    of.push(self.join(0, depth + 1)?);
                }
                Ok(if name == "min" { Formula::Min(of) } else { Formula::Max(of) })
            }
            _ => Err(bad(format!("`{name}` is not one of: count, sum, min, max"), span)),
        }
    }

    fn name(&mut self) -> String {
        self.spaces();
        let start = self.at;
        // A minus sign stands between spaces; a hyphen inside a name does not.
        let name =
            self.word(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-'));
        let kept = name.trim_end_matches('-').len();
        self.at = start + kept;
        name.get(..kept).unwrap_or("").to_owned()
    }

    fn close(&mut self, opened: usize) -> Result<(), BadExpr> {
        if self.eat(')') {
            return Ok(());
        }
        Err(bad("this bracket is never closed".to_owned(), opened..opened + 1))
    }
}

fn bad(message: String, span: Range<usize>) -> BadExpr {
    BadExpr { message, span }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Figure(figure) => f.write_str(figure),
            Self::Field(field) => f.write_str(field.as_str()),
            Self::Rate(rate) => write!(f, "{RATE}{rate}"),
            Self::Count(group) => write!(f, "count({group})"),
            Self::Sum(group, field) => write!(f, "sum({group}.{field})"),
            Self::Min(of) => list(f, "min", of),
            Self::Max(of) => list(f, "max", of),
            Self::Join(left, operator, right) => {
                let inside =
                    |it: &Self, least: u8| matches!(it, Self::Join(_, inner, _) if inner.binds() < least);
                bracketed(f, left, inside(left, operator.binds()))?;
                write!(f, " {} ", operator.sign())?;
                bracketed(f, right, inside(right, operator.binds() + 1))
            }
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, name: &str, of: &[Formula]) -> fmt::Result {
    let words: Vec<String> = of.iter().map(ToString::to_string).collect();
    write!(f, "{name}({})", words.join(", "))
}

fn bracketed(f: &mut fmt::Formatter<'_>, inner: &Formula, brackets: bool) -> fmt::Result {
    if brackets { write!(f, "({inner})") } else { write!(f, "{inner}") }
}

impl Formula {
    /// Calls `f` with every formula inside, itself first.
    pub fn for_each(&self, f: &mut impl FnMut(&Self)) {
        f(self);
        match self {
            Self::Min(of) | Self::Max(of) => of.iter().for_each(|it| it.for_each(f)),
            Self::Join(left, _, right) => {
                left.for_each(f);
                right.for_each(f);
            }
            Self::Figure(_) | Self::Field(_) | Self::Rate(_) | Self::Count(_) | Self::Sum(..) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_reads_back_what_it_prints() {
        for text in [
            "12.5",
            "max(rate.poverty-line * members - income, 0)",
            "(a + b) * c / 2",
            "a - (b - c)",
            "sum(family.income) / count(family)",
        ] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn times_binds_tighter_and_minus_goes_from_the_left() {
        assert_eq!(parse("a - b - c * d").unwrap().to_string(), "a - b - c * d");
        let Formula::Join(left, Operator::Minus, _) = parse("a - b - c").unwrap() else { panic!() };
        assert_eq!(left.to_string(), "a - b");
    }

    #[test]
    fn a_bad_formula_is_underlined_where_it_is_bad() {
        for (text, message, span) in [
            ("", "a field, a rate or a figure was expected here", 0..0),
            ("a +", "a field, a rate or a figure was expected here", 3..3),
            ("(a", "this bracket is never closed", 0..1),
            ("1.2.3", "`1.2.3` is not a figure", 0..5),
            ("avg(a)", "`avg` is not one of: count, sum, min, max", 0..3),
            ("a b", "an operator or the end was expected here", 2..3),
            ("sum(a)", "`sum` takes `group.field`", 0..3),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!((error.message.as_str(), error.span), (message, span), "{text}");
        }
    }
}
