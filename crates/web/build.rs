// SPDX-License-Identifier: MIT OR Apache-2.0
//! Makes the typed words of the three languages and the table of built assets; fails with every problem at once.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "build/locale.rs"]
mod locale;
#[path = "build/words.rs"]
mod words;

const LANGUAGES: [&str; 3] = ["kk", "ru", "en"];

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../..").canonicalize()?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    for path in ["locales", "frontend/dist/manifest.json", "crates/web/build", "crates/web/templates"] {
        println!("cargo::rerun-if-changed={}", root.join(path).display());
    }
    let mut problems = Vec::new();
    let texts = make_words(&root, &mut problems)?;
    let assets = make_assets(&root.join("frontend/dist"), &mut problems)?;
    for problem in &problems {
        println!("cargo::error={problem}");
    }
    if problems.is_empty() {
        fs::write(out.join("words.rs"), texts)?;
        fs::write(out.join("assets.rs"), assets)?;
    }
    Ok(())
}

fn make_words(root: &Path, problems: &mut Vec<String>) -> Result<String, Box<dyn Error>> {
    let mut locales = Vec::new();
    for language in LANGUAGES {
        let text = fs::read_to_string(root.join(format!("locales/{language}.ftl")))?;
        locales.push(locale::read(language, &text, problems));
    }
    problems.extend(locale::compare(&locales));
    Ok(words::source(&locales)?)
}

/// One constant for each name of the manifest, and every built file with its bytes.
fn make_assets(dist: &Path, problems: &mut Vec<String>) -> Result<String, Box<dyn Error>> {
    let Ok(manifest) = fs::read_to_string(dist.join("manifest.json")) else {
        problems.push("frontend/dist is not built: run `npm ci && npm run build` in frontend/".to_owned());
        return Ok(String::new());
    };
    let manifest: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&manifest)?;
    let mut out = String::new();
    for (plain, built) in &manifest {
        let name = plain.replace(['.', '-'], "_").to_uppercase();
        let built = built.as_str().unwrap_or_default();
        writeln!(out, "/// Address of `{plain}`.\npub const {name}: &str = \"/assets/{built}\";")?;
    }
    let mut names: Vec<String> = fs::read_dir(dist)?
        .map(|it| Ok(it?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_, std::io::Error>>()?;
    names.sort();
    writeln!(out, "static FILES: &[Asset] = &[")?;
    for name in names.iter().filter(|it| *it != "manifest.json" && it.strip_suffix(".gz").is_none()) {
        let packed = format!("{name}.gz");
        let packed = if names.contains(&packed) {
            format!("Some({})", include(dist, &packed))
        } else {
            "None".to_owned()
        };
        writeln!(out, "    Asset {{ name: {name:?}, bytes: {}, packed: {packed} }},", include(dist, name))?;
    }
    writeln!(out, "];")?;
    Ok(out)
}

fn include(dist: &Path, name: &str) -> String {
    format!("include_bytes!({:?})", dist.join(name).display().to_string())
}
