// SPDX-License-Identifier: MIT OR Apache-2.0
//! Programs of other authors that judge a paper.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
};

use paper::{Press, PressError};
use service::paper_spec::PaperSpec;
use tokio::runtime::Builder;

pub(crate) fn pressed(spec: &PaperSpec) -> Result<Vec<u8>, PressError> {
    let press = Press::start(1)?;
    Builder::new_current_thread().build().unwrap().block_on(press.press(spec.clone()))
}

/// Runs a program in `folder`; gives its exit and everything it said.
pub(crate) fn run(folder: &Path, program: &str, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(program).args(arguments).current_dir(folder).output();
    let output = output
        .unwrap_or_else(|error| panic!("`{program}` is needed by this test (see `make setup`): {error}"));
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// Runs a program that must succeed; gives what it said.
pub(crate) fn must(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let (done, said) = run(folder, program, arguments);
    assert!(done, "{program} {arguments:?}: {said}");
    said
}

/// A folder of one test, removed when the test is done.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("qyzmet-paper-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}
