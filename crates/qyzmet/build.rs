// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lists the data files for embedding: a new service, office or register is a new file and no code.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../..").canonicalize()?;
    for folder in ["regulations", "organizations", "registers"] {
        embed(&root.join(folder), folder)?;
    }
    Ok(())
}

/// Writes the list of the `.toml` files in a folder and in the folders of it.
fn embed(root: &Path, name: &str) -> Result<(), Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in entries(root)? {
        if entry.is_dir() {
            rerun(&entry)?;
            files.extend(entries(&entry)?.into_iter().filter(|it| is_toml(it)));
        } else if is_toml(&entry) {
            files.push(entry);
        }
    }
    rerun(root)?;
    files.sort();
    let mut code = String::from("&[\n");
    for file in &files {
        rerun(file)?;
        let name = file.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        writeln!(code, "    ({name:?}, include_str!({:?})),", file.to_string_lossy())?;
    }
    code.push_str("]\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join(format!("{name}.rs")), code)?;
    Ok(())
}

fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "toml")
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|it| it.map(|it| it.path())).collect()
}

/// Tells cargo by its own protocol, which is the standard output.
fn rerun(path: &Path) -> io::Result<()> {
    use std::io::Write as _;
    writeln!(io::stdout(), "cargo::rerun-if-changed={}", path.display())
}
