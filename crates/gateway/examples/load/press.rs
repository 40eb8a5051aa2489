// SPDX-License-Identifier: MIT OR Apache-2.0
//! A press that prints only the fingerprint of a paper: a PDF that can be signed, made in no time.

use async_trait::async_trait;
use service::paper_spec::PaperSpec;
use service::ports::{PortError, Press};
use std::fmt::Write as _;

/// The press.
#[derive(Debug)]
pub(crate) struct Fingerprints;

#[async_trait]
impl Press for Fingerprints {
    async fn press(&self, spec: &PaperSpec) -> Result<Vec<u8>, PortError> {
        let said = serde_json::to_vec(spec).map_err(|it| unusable(&it))?;
        let shown = format!("BT /F1 8 Tf ({}) Tj ET", hex::encode(eds::sha256(&said)));
        let stream = format!("<</Length {}>>stream\n{shown}\nendstream", shown.len());
        let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>";
        let objects = [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            page,
            &stream,
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ];
        let mut pdf = String::from("%PDF-1.7\n");
        let mut table = String::from("xref\n0 6\n0000000000 65535 f \n");
        for (index, object) in objects.iter().enumerate() {
            writeln!(table, "{:010} 00000 n ", pdf.len()).map_err(|it| unusable(&it))?;
            writeln!(pdf, "{} 0 obj\n{object}\nendobj", index + 1).map_err(|it| unusable(&it))?;
        }
        let start = pdf.len();
        writeln!(pdf, "{table}trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF")
            .map_err(|it| unusable(&it))?;
        Ok(pdf.into_bytes())
    }
}

fn unusable(it: &dyn std::fmt::Display) -> PortError {
    PortError::Unusable(it.to_string())
}
