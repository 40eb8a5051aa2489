// SPDX-License-Identifier: MIT OR Apache-2.0
//! A PDF written by hand, revision by revision, so that any of its objects can be made hostile.

use std::fmt::Write as _;
use std::process::Command;

use jiff::Timestamp;

use crate::oracle::Throwaway;

/// Digits of the placeholder for a CMS.
const ROOM: usize = 2 * 2048;
/// What a byte range is written as before it is known.
const RANGE: &str = "[0 9999999999 9999999999 9999999999]";

/// The objects of an honest document: `{fields}` and `{annots}` stand for what signatures add.
pub(crate) const CATALOG: (u32, &str) = (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 9 0 R>>");
pub(crate) const PAGE: (u32, &str) = (
    3,
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[8 0 R{annots}]>>",
);
pub(crate) const FORM: (u32, &str) = (9, "<</Fields[8 0 R{fields}]/SigFlags 3>>");
pub(crate) const OTHER_TEXT: (u32, &str) =
    (7, "<</Length 34>>stream\nBT /F1 12 Tf (pay 900 tenge) Tj ET\nendstream");
const HONEST: [(u32, &str); 9] = [
    CATALOG,
    (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>"),
    PAGE,
    (4, "<</Length 34>>stream\nBT /F1 12 Tf (pay 100 tenge) Tj ET\nendstream"),
    (5, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"),
    (6, "<</Title(an invented paper)>>"),
    OTHER_TEXT,
    (8, "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(100)/Rect[0 0 9 9]/P 3 0 R>>"),
    FORM,
];

/// A document in the making.
#[derive(Clone)]
pub(crate) struct Paper {
    pub(crate) bytes: Vec<u8>,
    annots: String,
    fields: String,
    next: u32,
    highest: u32,
    /// What the tables say instead of something true.
    pub(crate) bent: Option<(&'static str, &'static str)>,
    /// What the trailers of signed revisions say.
    pub(crate) trailer: String,
}

impl Paper {
    /// The honest document, with these objects instead of its own.
    pub(crate) fn new(instead: &[(u32, &str)]) -> Self {
        Self::headed(b"%PDF-1.7\n", instead)
    }

    /// The same under another first line.
    pub(crate) fn headed(head: &[u8], instead: &[(u32, &str)]) -> Self {
        let mut own = Self {
            bytes: head.to_vec(),
            annots: String::new(),
            fields: String::new(),
            next: 20,
            highest: 0,
            bent: None,
            trailer: "/Info 6 0 R".to_owned(),
        };
        let mut objects: Vec<(u32, &str)> = HONEST.to_vec();
        for (id, body) in instead {
            objects.retain(|it| it.0 != *id);
            objects.push((*id, body));
        }
        own.append(&objects, "/Info 6 0 R");
        own
    }

    /// Appends a revision of these objects.
    pub(crate) fn append(&mut self, objects: &[(u32, &str)], trailer: &str) {
        let mut table = String::from("xref\n0 1\n0000000000 65535 f \n");
        for (id, body) in objects {
            let body = body.replace("{annots}", &self.annots).replace("{fields}", &self.fields);
            writeln!(table, "{id} 1\n{:010} 00000 n ", self.bytes.len()).unwrap();
            self.bytes.extend(format!("{id} 0 obj\n{body}\nendobj\n").into_bytes());
        }
        let previous = self.table_at().map_or(String::new(), |at| format!("/Prev {at}"));
        let start = self.bytes.len();
        self.highest = objects.iter().map(|it| it.0).fold(self.highest, u32::max);
        let size = self.highest + 1;
        write!(table, "trailer\n<</Size {size}/Root 1 0 R{previous}{trailer}>>\nstartxref\n{start}\n%%EOF\n")
            .unwrap();
        if let Some((from, to)) = self.bent {
            assert!(table.contains(from), "{from:?} of {table}");
            table = table.replacen(from, to, 1);
        }
        self.bytes.extend(table.into_bytes());
    }

    pub(crate) fn table_at(&self) -> Option<usize> {
        let text = String::from_utf8_lossy(&self.bytes);
        text.rsplit_once("startxref\n")?.1.lines().next()?.parse().ok()
    }

    /// Appends a revision with these objects and a signature of the person over everything.
    pub(crate) fn sign(&mut self, own: &Throwaway, objects: &[(u32, &str)], extra: &str) {
        let said = format!("/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached{extra}");
        self.put(objects, &said, |pieces| {
            let (chain, time) = ([own.leaf.clone()], own.leaf.not_before());
            eds::sign_cms_detached(eds::sha256(pieces), &own.signer, &chain, time).unwrap()
        });
    }

    /// Appends a revision with these objects and whatever `made` answers to the bytes covered.
    pub(crate) fn put(&mut self, objects: &[(u32, &str)], said: &str, made: impl FnOnce(&[u8]) -> Vec<u8>) {
        let (signature, field) = (self.next, self.next + 1);
        self.next += 2;
        write!(self.annots, " {field} 0 R").unwrap();
        write!(self.fields, " {field} 0 R").unwrap();
        let from = self.bytes.len();
        let dictionary = format!("<<{said}/ByteRange{RANGE}/Contents<{}>>>", "0".repeat(ROOM));
        let widget = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature{field})/V {signature} 0 R/F 132/Rect[0 0 0 0]/P 3 0 R>>"
        );
        let mut all: Vec<(u32, &str)> = vec![(signature, &dictionary), (field, &widget)];
        let own = [CATALOG, PAGE, FORM].into_iter().filter(|it| !objects.iter().any(|other| other.0 == it.0));
        all.extend(own);
        all.retain(|it| !objects.iter().any(|other| other.0 == it.0));
        all.extend(objects);
        let trailer = self.trailer.clone();
        self.append(&all, &trailer);
        self.fill(from, made);
    }

    fn fill(&mut self, from: usize, made: impl FnOnce(&[u8]) -> Vec<u8>) {
        let place = |wanted: &str| Some(from + find(&self.bytes[from..], wanted.as_bytes())?);
        let (Some(open), Some(range)) = (place(&format!("<{}", "0".repeat(ROOM))), place(RANGE)) else {
            return;
        };
        let close = open + ROOM + 2;
        let written = format!("[0 {open} {close} {}]", self.bytes.len() - close);
        let padded = format!("{written:<width$}", width = RANGE.len());
        self.bytes[range..range + RANGE.len()].copy_from_slice(padded.as_bytes());
        let cms = made(&[&self.bytes[..open], &self.bytes[close..]].concat());
        let digits = cms.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        self.bytes[open + 1..=open + digits.len()].copy_from_slice(digits.as_bytes());
    }
}

pub(crate) fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|it| it == wanted)
}

/// Replaces the last occurrence, keeping the length where the new text is shorter.
pub(crate) fn patched(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = bytes.windows(from.len()).rposition(|it| it == from.as_bytes()).expect(from);
    let to = format!("{to:<width$}", width = from.len());
    [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
}

/// What poppler says of each signature.
pub(crate) fn told(own: &Throwaway, pdf: &[u8]) -> Vec<String> {
    let folder = own.folder.path();
    std::fs::write(folder.join("told.pdf"), pdf).unwrap();
    let output = Command::new("pdfsig").current_dir(folder).args(["-nocert", "told.pdf"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().filter_map(|it| it.split_once("Signature Validation: ")).map(|it| it.1.to_owned()).collect()
}

pub(crate) fn judged(own: &Throwaway, pdf: &[u8]) -> eds::Verdict {
    judged_at(own, pdf, own.leaf.not_before())
}

pub(crate) fn judged_at(own: &Throwaway, pdf: &[u8], at: Timestamp) -> eds::Verdict {
    eds::verify_pdf(pdf, &eds::Evidence::default(), at, &own.policy())
}
