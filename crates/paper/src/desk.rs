// SPDX-License-Identifier: MIT OR Apache-2.0
//! One paper, from its specification to its bytes.

use qrcode::{EcLevel, QrCode, render::svg};
use service::paper_spec::PaperSpec;
use typst::{
    Library, LibraryExt as _, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration, Smart},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::{PressError, face, fonts::Fonts};

/// The only template; it reads `/data.json` and, where the paper has a code, `/qr.svg`.
const TEMPLATE: &str = include_str!("../template.typ");
/// Smallest side of the drawn QR code, in units of its own picture.
const QR_SIDE_MIN: u32 = 200;

/// What all papers share: fonts, the compiled template, the names of the three files it may read.
pub(crate) struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Fonts,
    faces: Vec<Font>,
    main: Source,
    data: FileId,
    qr: FileId,
    standards: PdfStandards,
}

impl Desk {
    /// Returns a desk ready to press.
    pub(crate) fn new() -> Result<Self, PressError> {
        let fonts = Fonts::load()?;
        let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
            .map_err(|error| PressError::Refused { reason: error.message().to_string() })?;
        Ok(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(fonts.book()),
            faces: fonts.faces(),
            fonts,
            main: Source::new(file("/main.typ")?, TEMPLATE.to_owned()),
            data: file("/data.json")?,
            qr: file("/qr.svg")?,
            standards,
        })
    }

    /// Returns the bytes of the paper: PDF/A-2a and PDF/UA-1, the same for the same specification.
    pub(crate) fn press(&self, spec: &PaperSpec) -> Result<Vec<u8>, PressError> {
        spec.check().map_err(PressError::Spec)?;
        spec.texts().into_iter().try_for_each(|text| self.fonts.check(text))?;
        let data = Bytes::from_string(face::data(spec).to_string());
        let qr = spec.qr_url().map(draw_qr).transpose()?;
        let _sweep = Sweep;
        let paper = OnePaper { desk: self, data, qr };
        let document = typst::compile(&paper).output.map_err(|errors| refused(&errors))?;
        typst_pdf::pdf(&document, &self.options(spec)?).map_err(|errors| refused(&errors))
    }

    fn options(&self, spec: &PaperSpec) -> Result<PdfOptions, PressError> {
        Ok(PdfOptions {
            ident: Smart::Custom(spec.id.clone()),
            creator: Smart::Custom(Some("Qyzmet".to_owned())),
            timestamp: Some(timestamp(spec.made_at)?),
            standards: self.standards.clone(),
            ..PdfOptions::default()
        })
    }
}

/// Empties the memory of the typesetting engine when a paper is done, also after an error: it holds personal
/// data, and grows without bound otherwise. The call must be the engine's own re-export.
struct Sweep;

impl Drop for Sweep {
    fn drop(&mut self) {
        typst::comemo::evict(0);
    }
}

/// The world of one paper: nothing but the template, its data and its code can be read.
struct OnePaper<'a> {
    desk: &'a Desk,
    data: Bytes,
    qr: Option<Bytes>,
}

impl World for OnePaper<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.desk.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.desk.book
    }

    fn main(&self) -> FileId {
        self.desk.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.desk.main.id() { Ok(self.desk.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.desk.data {
            return Ok(self.data.clone());
        }
        self.qr.clone().filter(|_| id == self.desk.qr).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.desk.faces.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn file(name: &str) -> Result<FileId, PressError> {
    let path =
        VirtualPath::new(name).map_err(|_| PressError::Refused { reason: format!("no file `{name}`") })?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn draw_qr(url: &str) -> Result<Bytes, PressError> {
    let code = QrCode::with_error_correction_level(url, EcLevel::M).map_err(|_| PressError::QrTooLong)?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(QR_SIDE_MIN, QR_SIDE_MIN).build();
    Ok(Bytes::from_string(picture))
}

fn timestamp(at: jiff::Timestamp) -> Result<Timestamp, PressError> {
    let utc = at.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let part = |part: i8| part.unsigned_abs();
    Datetime::from_ymd_hms(
        i32::from(utc.year()),
        part(utc.month()),
        part(utc.day()),
        part(utc.hour()),
        part(utc.minute()),
        part(utc.second()),
    )
    .map(Timestamp::new_utc)
    .ok_or(PressError::Refused { reason: "the creation time is outside the calendar".to_owned() })
}

fn refused(errors: &[SourceDiagnostic]) -> PressError {
    let reason =
        errors.first().map_or_else(|| "no reason given".to_owned(), |error| error.message.to_string());
    PressError::Refused { reason }
}
