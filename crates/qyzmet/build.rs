// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lists the files of `regulations/` for embedding: a new service is a new file and no code.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../regulations").canonicalize()?;
    let mut files = Vec::new();
    for service in entries(&root)? {
        if service.is_dir() {
            rerun(&service)?;
            files.extend(
                entries(&service)?.into_iter().filter(|it| it.extension().is_some_and(|it| it == "toml")),
            );
        }
    }
    rerun(&root)?;
    files.sort();
    let mut code = String::from("&[\n");
    for file in &files {
        rerun(file)?;
        let name = file.strip_prefix(&root)?.to_string_lossy().replace('\\', "/");
        writeln!(code, "    ({name:?}, include_str!({:?})),", file.to_string_lossy())?;
    }
    code.push_str("]\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("regulations.rs"), code)?;
    Ok(())
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|it| it.map(|it| it.path())).collect()
}

/// Tells cargo by its own protocol, which is the standard output.
fn rerun(path: &Path) -> io::Result<()> {
    use std::io::Write as _;
    writeln!(io::stdout(), "cargo::rerun-if-changed={}", path.display())
}
