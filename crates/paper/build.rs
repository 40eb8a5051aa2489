// SPDX-License-Identifier: MIT OR Apache-2.0
//! Copies the fonts of the papers from `frontend/node_modules` beside the compiled crate.

use std::{
    env,
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// The faces that `src/fonts.rs` embeds: package and file below it.
const FACES: [(&str, &str); 6] = [
    ("noto-serif", "400Regular/NotoSerif_400Regular.ttf"),
    ("noto-serif", "400Regular_Italic/NotoSerif_400Regular_Italic.ttf"),
    ("noto-serif", "700Bold/NotoSerif_700Bold.ttf"),
    ("noto-sans", "400Regular/NotoSans_400Regular.ttf"),
    ("noto-sans", "400Regular_Italic/NotoSans_400Regular_Italic.ttf"),
    ("noto-sans", "700Bold/NotoSans_700Bold.ttf"),
];

fn main() -> Result<(), String> {
    let packages = variable("CARGO_MANIFEST_DIR")?.join("../../frontend/node_modules/@expo-google-fonts");
    let out = variable("OUT_DIR")?;
    let mut directives = String::from("cargo::rerun-if-changed=build.rs\n");
    for (package, file) in FACES {
        let from = packages.join(package).join(file);
        copy(&from, &out)?;
        writeln!(directives, "cargo::rerun-if-changed={}", from.display())
            .map_err(|error| error.to_string())?;
    }
    io::stdout().write_all(directives.as_bytes()).map_err(|error| error.to_string())
}

fn copy(from: &Path, out: &Path) -> Result<(), String> {
    let name = from.file_name().ok_or("a face of the papers has no file name")?;
    fs::copy(from, out.join(name)).map(drop).map_err(|error| {
        format!(
            "a font of the papers is missing: run `make setup` (or `npm ci` in frontend/); {}: {error}",
            from.display()
        )
    })
}

fn variable(name: &str) -> Result<PathBuf, String> {
    env::var_os(name).map(PathBuf::from).ok_or_else(|| format!("cargo did not set {name}"))
}
