// SPDX-License-Identifier: MIT OR Apache-2.0
//! The fields of a form and their values.

use jiff::civil::Date;

use super::{OURS, VALUE_DEPTH_MAX, VALUES_MAX};
use crate::part::id;
use crate::tree::{self, Part};
use crate::write::Writer;
use crate::{Error, moment};

/// A field of the form: `updatedValues`. Published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The field's code.
    pub code: String,
    /// Its values.
    pub values: Vec<Value>,
}

/// A value of a field. The kinds are published; shapes inside lists and complex values are our reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `string`.
    Text(String),
    /// `stringList`.
    Texts(Vec<String>),
    /// `number`, in decimal notation.
    Number(String),
    /// `boolean`.
    Boolean(bool),
    /// `date`.
    Date(Date),
    /// `domainItemData`: an entry of a dictionary.
    Item(Item),
    /// `domainItemDataList`.
    Items(Vec<Item>),
    /// `fileData`.
    File(File),
    /// `complexValue`: fields within a field.
    Complex(Vec<Field>),
    /// `tableCells`: one cell of a table.
    Cell {
        /// The cell's place: names and values of the dimensions.
        dimensions: Vec<(String, String)>,
        /// What stands in it.
        value: String,
    },
}

/// An entry of a dictionary. Published.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    /// The code.
    pub code: String,
    /// The words in Kazakh.
    pub kk: String,
    /// The words in Russian.
    pub ru: String,
}

/// A file: `fileData`. Its name and its base64 are published; identifier, media type and digest are **ours**, written
/// as `filePassportValues`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The name shown to people.
    pub name: String,
    /// Media type. **Ours.**
    pub media_type: String,
    /// SHA-256 of the bytes, lower-case hexadecimal. **Ours.** The codec does not compute it: compare before use.
    pub sha256: String,
    /// Which document of the form the file is. **Ours.**
    pub document: Option<String>,
    /// Where the bytes are.
    pub content: FileContent,
}

/// Where a file's bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileContent {
    /// In the message, in base64. Published.
    Base64(String),
    /// In the temporary storage, under this identifier. **Ours** inside this payload; the storage is published.
    Identifier(String),
}

impl Field {
    /// Returns a field of one text.
    pub fn text(code: &str, text: &str) -> Self {
        Self { code: code.to_owned(), values: vec![Value::Text(text.to_owned())] }
    }

    /// Returns the field's text, if that is its one value.
    pub fn as_text(&self) -> Option<&str> {
        match self.values.as_slice() {
            [Value::Text(text)] => Some(text),
            _ => None,
        }
    }

    pub(super) fn read(part: Part<'_, '_>, depth: usize) -> Result<Self, Error> {
        if depth > VALUE_DEPTH_MAX {
            return Err(Error::TooDeep);
        }
        let code = id(part, "code")?;
        let values = part.each("values").filter(|it| code.starts_with(OURS) || !is_left_empty(*it));
        let values = values.map(|it| Value::read(it, depth)).collect::<Result<Vec<_>, _>>()?;
        if values.len() > VALUES_MAX {
            return Err(Error::TooMany { what: "values" });
        }
        Ok(Self { code, values })
    }

    pub(super) fn write(&self, depth: usize, out: &mut Writer) {
        if depth > VALUE_DEPTH_MAX {
            out.fail(Error::TooDeep);
        }
        if self.values.len() > VALUES_MAX {
            out.fail(Error::TooMany { what: "values" });
        }
        out.within("updatedValues", |out| {
            out.required("code", &self.code);
            for value in &self.values {
                out.within("values", |out| value.write(depth, out));
            }
        });
    }
}

impl Value {
    fn read(part: Part<'_, '_>, depth: usize) -> Result<Self, Error> {
        let elements: Vec<Part<'_, '_>> = part.elements().collect();
        let first = elements.first().copied().ok_or(Error::Missing { what: "values" })?;
        let name = first.name();
        if elements.iter().any(|it| it.name() != name) || elements.len() > VALUES_MAX {
            return Err(Error::Invalid { what: "values" });
        }
        let list = matches!(name, "stringList" | "domainItemDataList");
        if elements.len() > 1 && !list {
            return Err(Error::Doubled { what: "values" });
        }
        let invalid = Error::Invalid { what: "values" };
        match name {
            "string" => Ok(Self::Text(first.whole_text())),
            "stringList" => Ok(Self::Texts(elements.iter().map(|it| it.whole_text()).collect())),
            "number" => Some(first.own_text()).filter(|it| is_number(it)).map(Self::Number).ok_or(invalid),
            "boolean" => tree::read_flag(&first.own_text()).map(Self::Boolean).ok_or(invalid),
            "date" => moment::read_date(&first.own_text()).map(Self::Date).ok_or(invalid),
            "domainItemData" => Item::read(first).map(Self::Item),
            "domainItemDataList" => {
                elements.into_iter().map(Item::read).collect::<Result<_, _>>().map(Self::Items)
            }
            "fileData" => File::read(first).map(Self::File),
            "complexValue" => read_complex(first, depth).map(Self::Complex),
            "tableCells" => read_cell(first),
            _ => Err(invalid),
        }
    }

    fn write(&self, depth: usize, out: &mut Writer) {
        match self {
            Self::Text(text) => out.leaf("string", text),
            Self::Texts(texts) => texts.iter().for_each(|it| out.leaf("stringList", it)),
            Self::Number(number) => {
                if !is_number(number) {
                    out.fail(Error::Unwritable { what: "number" });
                }
                out.leaf("number", number);
            }
            Self::Boolean(flag) => out.leaf("boolean", if *flag { "true" } else { "false" }),
            Self::Date(date) => out.date("date", Some(*date)),
            Self::Item(item) => item.write("domainItemData", out),
            Self::Items(items) => items.iter().for_each(|it| it.write("domainItemDataList", out)),
            Self::File(file) => file.write(out),
            Self::Complex(fields) => {
                out.within("complexValue", |out| fields.iter().for_each(|it| it.write(depth + 1, out)));
            }
            Self::Cell { dimensions, value } => write_cell(dimensions, value, out),
        }
        let no_texts = matches!(self, Self::Texts(texts) if texts.is_empty());
        let no_items = matches!(self, Self::Items(items) if items.is_empty());
        if no_texts || no_items {
            out.fail(Error::Missing { what: "values" });
        }
    }
}

/// Says whether a portal wrote a field that was left empty: no value, or kinds that cannot be empty without a word in them. Ours
/// writes none of that.
fn is_left_empty(part: Part<'_, '_>) -> bool {
    if part.elements().next().is_none() {
        return !part.has_text();
    }
    part.elements().all(|it| {
        let kind = matches!(
            it.name(),
            "number" | "boolean" | "date" | "domainItemData" | "domainItemDataList" | "fileData"
        );
        kind && !it.has_text()
    })
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |it: &str| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole) && all_digits(fraction)
}

fn read_complex(part: Part<'_, '_>, depth: usize) -> Result<Vec<Field>, Error> {
    let fields =
        part.each("updatedValues").map(|it| Field::read(it, depth + 1)).collect::<Result<Vec<_>, _>>()?;
    if fields.len() > VALUES_MAX { Err(Error::TooMany { what: "updatedValues" }) } else { Ok(fields) }
}

fn read_cell(part: Part<'_, '_>) -> Result<Value, Error> {
    let mut found = Vec::new();
    for entry in part.required_child("dimensions")?.each("entry") {
        found.push((entry.required_text("key")?, entry.text("value")?.unwrap_or_default()));
    }
    if found.len() > VALUES_MAX {
        return Err(Error::TooMany { what: "entry" });
    }
    Ok(Value::Cell { dimensions: found, value: part.text("value")?.unwrap_or_default() })
}

fn write_cell(dimensions: &[(String, String)], value: &str, out: &mut Writer) {
    out.within("tableCells", |out| {
        out.within("dimensions", |out| {
            for (key, value) in dimensions {
                out.within("entry", |out| {
                    out.required("key", key);
                    out.leaf("value", value);
                });
            }
        });
        out.leaf("value", value);
    });
}

impl Item {
    fn read(part: Part<'_, '_>) -> Result<Self, Error> {
        let text = |name| Ok(part.text(name)?.unwrap_or_default());
        Ok(Self { code: id(part, "code")?, kk: text("kkValue")?, ru: text("ruValue")? })
    }

    fn write(&self, tag: &'static str, out: &mut Writer) {
        out.within(tag, |out| {
            out.required("code", &self.code);
            out.leaf("kkValue", &self.kk);
            out.leaf("ruValue", &self.ru);
        });
    }
}

/// The codes of our values in `filePassportValues`.
const MEDIA_TYPE: &str = "mediaType";
const SHA256: &str = "sha256";
const DOCUMENT: &str = "document";
const IDENTIFIER: &str = "fileIdentifier";

impl File {
    fn read(part: Part<'_, '_>) -> Result<Self, Error> {
        let mut passport = Vec::new();
        for it in part.each("filePassportValues") {
            passport.push((it.required_text("code")?, it.text("value")?.unwrap_or_default()));
        }
        let ours = |code: &str| passport.iter().find(|it| it.0 == code).map(|it| it.1.clone());
        let base64 = part.text("base64Data")?.map(|it| it.split_ascii_whitespace().collect::<String>());
        let content = match (base64, ours(IDENTIFIER)) {
            (Some(base64), None) => FileContent::Base64(base64),
            (None, Some(identifier)) => FileContent::Identifier(identifier),
            (None, None) => return Err(Error::Missing { what: "base64Data" }),
            (Some(_), Some(_)) => return Err(Error::Doubled { what: "base64Data" }),
        };
        Ok(Self {
            name: part.required_text("name")?,
            media_type: ours(MEDIA_TYPE).unwrap_or_default(),
            sha256: ours(SHA256).unwrap_or_default(),
            document: ours(DOCUMENT).filter(|it| !it.is_empty()),
            content,
        })
    }

    fn write(&self, out: &mut Writer) {
        let passport = |out: &mut Writer, code: &str, value: &str| {
            out.within("filePassportValues", |out| {
                out.leaf("code", code);
                out.required("value", value);
            });
        };
        out.within("fileData", |out| {
            out.required("name", &self.name);
            if let FileContent::Base64(base64) = &self.content {
                out.required("base64Data", base64);
            }
            if let FileContent::Identifier(identifier) = &self.content {
                passport(out, IDENTIFIER, identifier);
            }
            if !self.media_type.is_empty() {
                passport(out, MEDIA_TYPE, &self.media_type);
            }
            if !self.sha256.is_empty() {
                passport(out, SHA256, &self.sha256);
            }
            if let Some(document) = &self.document {
                passport(out, DOCUMENT, document);
            }
        });
    }
}
