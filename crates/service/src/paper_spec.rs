// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a paper says: closed blocks of data, never template source.
//!
//! A [`PaperSpec`] is a value: the same specification is pressed into the same bytes. Every text stands in
//! Kazakh and Russian; the press decides how the two stand beside each other.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// Blocks of one paper.
pub const BLOCKS_MAX: usize = 64;
/// Characters of one text in one language.
pub const TEXT_CHARS_MAX: usize = 4_000;
/// Rows of one table.
pub const ROWS_MAX: usize = 200;
/// Columns of one table.
pub const COLUMNS_MAX: usize = 6;
/// Marks (simulated, assumed, demonstration) of one paper.
pub const MARKS_MAX: usize = 4;
/// Bytes of the address in the QR code, so that a phone still reads it from paper.
pub const QR_BYTES_MAX: usize = 300;

/// The same text in Kazakh and in Russian.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Kazakh.
    pub kk: String,
    /// Russian.
    pub ru: String,
}

impl Bilingual {
    /// Returns the text from its two versions.
    pub fn new(kk: impl Into<String>, ru: impl Into<String>) -> Self {
        Self { kk: kk.into(), ru: ru.into() }
    }

    /// Returns a text that is the same in both languages: a name, a number, an address on the net.
    pub fn same(text: impl Into<String>) -> Self {
        let kk = text.into();
        Self { ru: kk.clone(), kk }
    }
}

/// The languages a paper is made in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaperLanguage {
    /// Kazakh first, Russian beside it: the usual form of an official paper.
    Both,
    /// Kazakh alone.
    Kazakh,
    /// Russian alone.
    Russian,
}

/// The body whose name stands at the head of the paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// Full name of the body.
    pub name: Bilingual,
    /// Address and telephone, where the letterhead carries them.
    pub address: Option<Bilingual>,
}

/// Why a reader must not take the paper for an ordinary one; printed as a banner above the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// The data came from a simulated register.
    Simulated,
    /// The form is ours: the text of the approved form was not found.
    AssumedForm,
    /// Made in the demonstration mode.
    Demo,
}

/// In what capacity the official signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Capacity {
    /// Holds the position.
    InPost,
    /// Stands in for the holder under an order; the paper says "acting".
    Acting {
        /// The order, as quoted in the paper: "2026 жылғы 3 ақпандағы № 7".
        order: Bilingual,
    },
}

/// How the paper is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum SignedHow {
    /// By electronic digital signature, embedded in the file after pressing.
    Eds {
        /// The day that stands beside the signature.
        on: Date,
    },
    /// By hand, with the seal of the body: room is left for both.
    ByHandAndSeal,
    /// By hand, without a seal: a citizen has none.
    ByHand,
}

/// One signatory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignLine {
    /// Position of the official.
    pub position: Bilingual,
    /// Surname and initials, or the full name.
    pub name: String,
    /// In post or acting.
    pub capacity: Capacity,
    /// By EDS, or by hand and seal.
    pub how: SignedHow,
}

/// A table: every row has as many cells as there are columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperTable {
    /// Heads of the columns.
    pub columns: Vec<Bilingual>,
    /// Rows, cell by cell.
    pub rows: Vec<Vec<Bilingual>>,
}

/// One closed block of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Block {
    /// A heading of a section.
    Heading(Bilingual),
    /// A paragraph.
    Text(Bilingual),
    /// A labelled value; neighbours form one ruled list.
    Field {
        /// What it is.
        label: Bilingual,
        /// The value.
        value: Bilingual,
    },
    /// A table.
    Table(PaperTable),
    /// A signatory.
    Sign(SignLine),
    /// The place of the seal, where no sign line leaves one.
    Seal,
    /// The code that leads to the public check of the paper; at most one.
    Qr {
        /// The address in the code.
        url: String,
        /// What a reader who cannot see the code is told.
        alt: Bilingual,
        /// The words beside the code.
        caption: Bilingual,
    },
}

/// A whole paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperSpec {
    /// Stable identity of the paper: the same paper pressed again has the same; never personal data.
    pub id: String,
    /// Languages of the paper.
    pub language: PaperLanguage,
    /// The issuing body.
    pub issuer: Issuer,
    /// Title: "Анықтама".
    pub title: Bilingual,
    /// Number in the journal, absent from drafts and applications.
    pub number: Option<String>,
    /// Date of the paper.
    pub date: Date,
    /// The moment written into the file as its creation.
    pub made_at: Timestamp,
    /// Banners above the text; none on an ordinary paper.
    pub marks: Vec<Mark>,
    /// The text.
    pub blocks: Vec<Block>,
    /// A line at the foot of every page.
    pub footer: Option<Bilingual>,
}

/// A specification that cannot become a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaperSpecError {
    /// Something is longer than its limit.
    TooLong {
        /// What.
        what: &'static str,
        /// Its limit.
        max: usize,
    },
    /// Something that must be there is not.
    Empty {
        /// What.
        what: &'static str,
    },
    /// A row of a table has another number of cells than the table has columns.
    RaggedTable {
        /// Columns of the table.
        columns: usize,
        /// Cells of the row.
        cells: usize,
    },
    /// More than one QR code.
    SecondQr,
}

impl fmt::Display for PaperSpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { what, max } => write!(f, "{what} of the paper is over the limit of {max}"),
            Self::Empty { what } => write!(f, "{what} of the paper is empty"),
            Self::RaggedTable { columns, cells } => {
                write!(f, "a row of {cells} cells stands in a table of {columns} columns")
            }
            Self::SecondQr => f.write_str("the paper has more than one QR code"),
        }
    }
}

impl std::error::Error for PaperSpecError {}

impl PaperSpec {
    /// Returns an error if a limit is passed or a needed part is absent.
    pub fn check(&self) -> Result<(), PaperSpecError> {
        not_empty("the id", &self.id)?;
        at_most("the id", self.id.len(), QR_BYTES_MAX)?;
        not_empty("the issuing body", &self.issuer.name.kk)?;
        not_empty("the title", &self.title.kk)?;
        at_most("the list of blocks", self.blocks.len(), BLOCKS_MAX)?;
        at_most("the list of marks", self.marks.len(), MARKS_MAX)?;
        self.blocks.iter().try_for_each(check_block)?;
        if self.blocks.iter().filter(|block| matches!(block, Block::Qr { .. })).count() > 1 {
            return Err(PaperSpecError::SecondQr);
        }
        self.texts().into_iter().try_for_each(|text| at_most("a text", text.chars().count(), TEXT_CHARS_MAX))
    }

    /// Returns every text the paper prints, so that a caller can check its characters.
    pub fn texts(&self) -> Vec<&str> {
        let mut texts = vec![];
        push_both(&mut texts, &self.issuer.name);
        push_both(&mut texts, &self.title);
        texts.extend(self.number.as_deref());
        self.issuer.address.iter().chain(&self.footer).for_each(|text| push_both(&mut texts, text));
        self.blocks.iter().for_each(|block| push_block(&mut texts, block));
        texts
    }

    /// Returns the address in the QR code, where the paper has one.
    pub fn qr_url(&self) -> Option<&str> {
        self.blocks
            .iter()
            .find_map(|block| if let Block::Qr { url, .. } = block { Some(url.as_str()) } else { None })
    }
}

/// Returns the line that stands at the foot of an electronic document.
// LAW: Law of 7 January 2003 № 370-II "On the electronic document and the electronic digital signature", art. 7(1).
pub fn electronic_document_footer() -> Bilingual {
    Bilingual::new(
        "Осы құжат «Электрондық құжат және электрондық цифрлық қолтаңба туралы» Қазақстан Республикасының 2003 жылғы \
         7 қаңтардағы № 370-II Заңының 7-бабының 1-тармағына сәйкес қағаз жеткізгіштегі құжатпен бірдей.",
        "Данный документ согласно пункту 1 статьи 7 Закона Республики Казахстан от 7 января 2003 года № 370-II \
         «Об электронном документе и электронной цифровой подписи» равнозначен документу на бумажном носителе.",
    )
}

fn check_block(block: &Block) -> Result<(), PaperSpecError> {
    match block {
        Block::Table(table) => check_table(table),
        Block::Sign(line) => not_empty("the name of a signatory", &line.name),
        Block::Qr { url, alt, .. } => {
            not_empty("the address of the QR code", url)?;
            not_empty("the description of the QR code", &alt.kk)?;
            at_most("the address of the QR code", url.len(), QR_BYTES_MAX)
        }
        Block::Heading(_) | Block::Text(_) | Block::Field { .. } | Block::Seal => Ok(()),
    }
}

fn check_table(table: &PaperTable) -> Result<(), PaperSpecError> {
    let columns = table.columns.len();
    at_most("the list of columns", columns, COLUMNS_MAX)?;
    at_most("the list of rows", table.rows.len(), ROWS_MAX)?;
    if columns == 0 {
        return Err(PaperSpecError::Empty { what: "the list of columns" });
    }
    match table.rows.iter().find(|row| row.len() != columns) {
        Some(row) => Err(PaperSpecError::RaggedTable { columns, cells: row.len() }),
        None => Ok(()),
    }
}

fn at_most(what: &'static str, size: usize, max: usize) -> Result<(), PaperSpecError> {
    if size > max { Err(PaperSpecError::TooLong { what, max }) } else { Ok(()) }
}

fn not_empty(what: &'static str, text: &str) -> Result<(), PaperSpecError> {
    if text.trim().is_empty() { Err(PaperSpecError::Empty { what }) } else { Ok(()) }
}

fn push_both<'a>(texts: &mut Vec<&'a str>, text: &'a Bilingual) {
    texts.extend([text.kk.as_str(), text.ru.as_str()]);
}

fn push_block<'a>(texts: &mut Vec<&'a str>, block: &'a Block) {
    match block {
        Block::Heading(text) | Block::Text(text) => push_both(texts, text),
        Block::Field { label, value } => [label, value].into_iter().for_each(|text| push_both(texts, text)),
        Block::Table(table) => {
            table.columns.iter().chain(table.rows.iter().flatten()).for_each(|text| push_both(texts, text));
        }
        Block::Sign(line) => {
            push_both(texts, &line.position);
            texts.push(&line.name);
            if let Capacity::Acting { order } = &line.capacity {
                push_both(texts, order);
            }
        }
        Block::Seal => {}
        Block::Qr { alt, caption, .. } => [alt, caption].into_iter().for_each(|text| push_both(texts, text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain() -> PaperSpec {
        PaperSpec {
            id: "paper-1".into(),
            language: PaperLanguage::Both,
            issuer: Issuer {
                name: Bilingual::new("Білім бөлімі", "Отдел образования"), address: None
            },
            title: Bilingual::new("Анықтама", "Справка"),
            number: None,
            date: Date::constant(2026, 11, 21),
            made_at: Timestamp::UNIX_EPOCH,
            marks: vec![Mark::AssumedForm],
            blocks: vec![Block::Text(Bilingual::same("мәтін")), Block::Seal],
            footer: None,
        }
    }

    #[test]
    fn a_paper_survives_being_stored() {
        let spec = plain();
        let json = serde_json::to_string(&spec).unwrap();
        assert_eq!(serde_json::from_str::<PaperSpec>(&json).unwrap(), spec);
        assert!(json.contains(r#""marks":["assumed-form"]"#), "{json}");
    }

    #[test]
    fn a_second_qr_code_is_refused() {
        let mut spec = plain();
        let qr =
            Block::Qr { url: "https://x".into(), alt: Bilingual::same("a"), caption: Bilingual::same("c") };
        spec.blocks = vec![qr.clone()];
        assert_eq!(spec.check(), Ok(()));
        spec.blocks.push(qr);
        assert_eq!(spec.check(), Err(PaperSpecError::SecondQr));
    }

    #[test]
    fn a_row_must_fit_its_table() {
        let mut spec = plain();
        let cell = Bilingual::same("1");
        spec.blocks =
            vec![Block::Table(PaperTable { columns: vec![cell.clone(); 2], rows: vec![vec![cell]] })];
        assert_eq!(spec.check(), Err(PaperSpecError::RaggedTable { columns: 2, cells: 1 }));
    }

    #[test]
    fn limits_hold() {
        let mut spec = plain();
        spec.blocks = vec![Block::Text(Bilingual::same("ә".repeat(TEXT_CHARS_MAX + 1)))];
        assert_eq!(spec.check(), Err(PaperSpecError::TooLong { what: "a text", max: TEXT_CHARS_MAX }));
        spec.blocks = vec![Block::Seal; BLOCKS_MAX + 1];
        assert!(matches!(spec.check(), Err(PaperSpecError::TooLong { max: BLOCKS_MAX, .. })));
    }
}
