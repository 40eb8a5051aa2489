// SPDX-License-Identifier: MIT OR Apache-2.0
//! Conditions as a file writes them: `guardianship.found and not (role == "guardian" or other)`.
//!
//! ```text
//! any   = all { "or" all }          all  = unary { "and" unary }
//! unary = "not" unary | "(" any ")" | fact [ "==" text ]
//! ```

use crate::model::{Expr, FactId};
use std::fmt::{self, Write as _};
use std::ops::Range;

/// How deep brackets and `not` may nest.
pub const MAX_DEPTH: usize = 32;
/// How many words an expression may have.
pub const MAX_TOKENS: usize = 256;

/// Why an expression cannot be read, and where in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadExpr {
    /// What is wrong.
    pub message: String,
    /// Where, in bytes of the expression.
    pub span: Range<usize>,
}

/// A fact that an expression names, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The fact.
    pub fact: FactId,
    /// Where, in bytes of the expression.
    pub span: Range<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Name(String),
    Text(String),
    Open,
    Close,
    Equals,
    And,
    Or,
    Not,
}

/// Reads an expression and the facts it mentions, in order.
pub fn parse(text: &str) -> Result<(Expr, Vec<Mention>), BadExpr> {
    let tokens = lex(text)?;
    if tokens.len() > MAX_TOKENS {
        return Err(bad(format!("the expression has more than {MAX_TOKENS} words"), 0..text.len()));
    }
    let mut reader = Reader { tokens: tokens.into_iter().peekable(), end: text.len(), mentions: Vec::new() };
    let expr = reader.any(0)?;
    match reader.tokens.next() {
        None => Ok((expr, reader.mentions)),
        Some((_, span)) => Err(bad("`and`, `or` or the end was expected here".to_owned(), span)),
    }
}

fn bad(message: String, span: Range<usize>) -> BadExpr {
    BadExpr { message, span }
}

fn lex(text: &str) -> Result<Vec<(Token, Range<usize>)>, BadExpr> {
    let mut tokens = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let one = at..at + c.len_utf8();
        match c {
            _ if c.is_whitespace() => {}
            '(' => tokens.push((Token::Open, one)),
            ')' => tokens.push((Token::Close, one)),
            '=' => match chars.next_if(|it| it.1 == '=') {
                Some(_) => tokens.push((Token::Equals, at..at + 2)),
                None => return Err(bad("a comparison is written `==`".to_owned(), one)),
            },
            '"' => {
                let mut value = String::new();
                loop {
                    match chars.next() {
                        Some((end, '"')) => break tokens.push((Token::Text(value), at..end + 1)),
                        Some((_, inner)) => value.push(inner),
                        None => return Err(bad("the text has no closing quote".to_owned(), at..text.len())),
                    }
                }
            }
            _ if c.is_ascii_lowercase() => {
                let mut word = String::from(c);
                while let Some((_, next)) = chars.next_if(|it| is_name(it.1)) {
                    word.push(next);
                }
                let span = at..at + word.len();
                tokens.push((keyword(word), span));
            }
            _ => return Err(bad(format!("`{c}` does not belong in an expression"), one)),
        }
    }
    Ok(tokens)
}

fn is_name(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_')
}

fn keyword(word: String) -> Token {
    match word.as_str() {
        "and" => Token::And,
        "or" => Token::Or,
        "not" => Token::Not,
        _ => Token::Name(word),
    }
}

struct Reader {
    tokens: std::iter::Peekable<std::vec::IntoIter<(Token, Range<usize>)>>,
    end: usize,
    mentions: Vec<Mention>,
}

impl Reader {
    fn eat(&mut self, token: &Token) -> bool {
        self.tokens.next_if(|it| it.0 == *token).is_some()
    }

    fn any(&mut self, depth: usize) -> Result<Expr, BadExpr> {
        let mut of = vec![self.all(depth)?];
        while self.eat(&Token::Or) {
            of.push(self.all(depth)?);
        }
        Ok(if of.len() > 1 { Expr::Any(of) } else { of.remove(0) })
    }

    fn all(&mut self, depth: usize) -> Result<Expr, BadExpr> {
        let mut of = vec![self.unary(depth)?];
        while self.eat(&Token::And) {
            of.push(self.unary(depth)?);
        }
        Ok(if of.len() > 1 { Expr::All(of) } else { of.remove(0) })
    }

    fn unary(&mut self, depth: usize) -> Result<Expr, BadExpr> {
        let Some((token, span)) = self.tokens.next() else {
            return Err(bad("a fact was expected at the end".to_owned(), self.end..self.end));
        };
        if depth >= MAX_DEPTH {
            return Err(bad(format!("brackets nest deeper than {MAX_DEPTH}"), span));
        }
        match token {
            Token::Not => Ok(Expr::Not(Box::new(self.unary(depth + 1)?))),
            Token::Open => {
                let inner = self.any(depth + 1)?;
                if self.eat(&Token::Close) {
                    return Ok(inner);
                }
                Err(bad("this bracket is never closed".to_owned(), span))
            }
            Token::Name(name) => {
                let fact = FactId(name);
                self.mentions.push(Mention { fact: fact.clone(), span });
                if !self.eat(&Token::Equals) {
                    return Ok(Expr::Fact(fact));
                }
                match self.tokens.next() {
                    Some((Token::Text(value), _)) => Ok(Expr::Equals(fact, value)),
                    Some((_, span)) => Err(bad("a text in quotes was expected after `==`".to_owned(), span)),
                    None => {
                        Err(bad("a text in quotes was expected after `==`".to_owned(), self.end..self.end))
                    }
                }
            }
            Token::Text(_) | Token::Close | Token::Equals | Token::And | Token::Or => {
                Err(bad("a fact was expected here".to_owned(), span))
            }
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fact(fact) => f.write_str(fact.as_str()),
            Self::Equals(fact, value) => write!(f, "{fact} == \"{value}\""),
            Self::Not(inner) => {
                f.write_str("not ")?;
                nested(f, inner, matches!(**inner, Self::All(_) | Self::Any(_)))
            }
            Self::All(of) => joined(f, of, " and ", |it| matches!(it, Self::All(_) | Self::Any(_))),
            Self::Any(of) => joined(f, of, " or ", |it| matches!(it, Self::Any(_))),
        }
    }
}

fn nested(f: &mut fmt::Formatter<'_>, expr: &Expr, brackets: bool) -> fmt::Result {
    if brackets { write!(f, "({expr})") } else { write!(f, "{expr}") }
}

fn joined(f: &mut fmt::Formatter<'_>, of: &[Expr], word: &str, brackets: fn(&Expr) -> bool) -> fmt::Result {
    let mut text = String::new();
    for (n, expr) in of.iter().enumerate() {
        if n > 0 {
            text.push_str(word);
        }
        if brackets(expr) {
            write!(text, "({expr})")?;
        } else {
            write!(text, "{expr}")?;
        }
    }
    f.write_str(&text)
}

impl Expr {
    /// Calls `f` with every fact of the expression.
    pub fn for_each_fact(&self, f: &mut impl FnMut(&FactId)) {
        match self {
            Self::Fact(fact) | Self::Equals(fact, _) => f(fact),
            Self::Not(inner) => inner.for_each_fact(f),
            Self::All(of) | Self::Any(of) => of.iter().for_each(|it| it.for_each_fact(f)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn and_binds_tighter_than_or_and_not_tightest() {
        let (expr, mentions) = parse(r#"a.b or not c and role == "guardian""#).unwrap();
        assert_eq!(
            expr,
            Expr::Any(vec![
                Expr::Fact("a.b".into()),
                Expr::All(vec![
                    Expr::Not(Box::new(Expr::Fact("c".into()))),
                    Expr::Equals("role".into(), "guardian".into())
                ])
            ])
        );
        assert_eq!(mentions.iter().map(|it| it.span.clone()).collect::<Vec<_>>(), [0..3, 11..12, 17..21]);
    }

    #[test]
    fn an_expression_reads_back_what_it_prints() {
        for text in ["a", "not a and b", "(a or b) and not (c and d)", r#"a == "x" or b and c"#] {
            let (expr, _) = parse(text).unwrap();
            assert_eq!(expr.to_string(), text);
        }
    }

    #[test]
    fn a_bad_expression_is_underlined_where_it_is_bad() {
        for (text, message, span) in [
            ("", "a fact was expected at the end", 0..0),
            ("a and", "a fact was expected at the end", 5..5),
            ("a b", "`and`, `or` or the end was expected here", 2..3),
            ("(a", "this bracket is never closed", 0..1),
            ("a = b", "a comparison is written `==`", 2..3),
            ("a == b", "a text in quotes was expected after `==`", 5..6),
            ("a && b", "`&` does not belong in an expression", 2..3),
            ("a == \"x", "the text has no closing quote", 5..7),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!((error.message.as_str(), error.span), (message, span), "{text}");
        }
    }
}
