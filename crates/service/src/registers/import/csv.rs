// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tables as text: RFC 4180, with `,` or `;` between the values, as spreadsheets of either custom write them.

use super::{Format, Row};

/// Reads a table: each row by the names of its head, which `named` knows. An error names the line and never a value.
pub(super) fn read(text: &str, named: impl Fn(&str) -> String) -> Result<Vec<Row>, Format> {
    let head = text.lines().next().unwrap_or_default();
    let between = if head.contains(';') { ';' } else { ',' };
    let mut rows = cells(text, between)?.into_iter();
    let Some((_, head)) = rows.next() else { return Err(Format::Empty) };
    let columns: Vec<String> = head.iter().map(|it| named(it.trim())).collect();
    if columns.iter().enumerate().any(|(at, name)| columns.iter().skip(at + 1).any(|it| it == name)) {
        return Err(Format::ColumnTwice);
    }
    let mut found = Vec::new();
    for (line, row) in rows {
        if row.len() == 1 && row.iter().all(|it| it.trim().is_empty()) {
            continue;
        }
        if row.len() != columns.len() {
            return Err(Format::Uneven { line });
        }
        found.push((line, columns.iter().cloned().zip(row).collect()));
    }
    Ok(found)
}

fn cells(text: &str, between: char) -> Result<Vec<(usize, Vec<String>)>, Format> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut begun, mut quoted) = (1, 1, false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\n' {
            line += 1;
        }
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            _ if quoted => cell.push(letter),
            '\r' => {}
            '\n' => {
                row.push(std::mem::take(&mut cell));
                rows.push((begun, std::mem::take(&mut row)));
                begun = line;
            }
            it if it == between => row.push(std::mem::take(&mut cell)),
            _ => cell.push(letter),
        }
    }
    if quoted {
        return Err(Format::OpenQuotation { line: begun });
    }
    if !row.is_empty() || !cell.is_empty() {
        row.push(cell);
        rows.push((begun, row));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Result<Vec<Row>, Format> {
        read(text, str::to_owned)
    }

    fn values(text: &str) -> Vec<(usize, Vec<String>)> {
        table(text).unwrap().into_iter().map(|(line, row)| (line, row.into_values().collect())).collect()
    }

    #[test]
    fn quotations_hold_separators_quotes_and_lines() {
        let text = "a,b\r\n\"one, two\",\"say \"\"yes\"\"\"\r\n\r\n\"two\nlines\",x\n";
        let expected = [(2, ["one, two", "say \"yes\""]), (4, ["two\nlines", "x"])];
        let expected = expected.map(|(line, row)| (line, row.map(str::to_owned).to_vec()));
        assert_eq!(values(text), expected);
    }

    #[test]
    fn a_table_with_semicolons_and_no_last_line_end_is_read_too() {
        assert_eq!(values("a;b\n1,5;2"), [(2, vec!["1,5".to_owned(), "2".to_owned()])]);
    }

    #[test]
    fn a_broken_table_is_told_by_its_line() {
        assert_eq!(table("a,b\n1"), Err(Format::Uneven { line: 2 }));
        assert_eq!(table("a,b\n\"1,2"), Err(Format::OpenQuotation { line: 2 }));
        assert_eq!(table("a,a\n1,2"), Err(Format::ColumnTwice));
        assert_eq!(table(""), Err(Format::Empty));
    }
}
