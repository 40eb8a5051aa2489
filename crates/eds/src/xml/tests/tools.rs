// SPDX-License-Identifier: MIT OR Apache-2.0
//! The independent programs, the shared vectors and a throw-away key.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};

use crate::xml::{Signer, SignerFailed};

/// Runs a program on the input; panics with the package to install where it is absent.
pub(super) fn run(program: &str, arguments: &[&str], input: &[u8]) -> Output {
    use std::io::Write as _;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} (openssl, libxml2-utils, xmlsec1): {error}"));
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let feeder = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    output
}

/// Returns a folder of its own for the test process.
pub(super) fn scratch() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("qyzmet-eds-xml-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Returns a file of the shared vectors, or nothing where they are knowingly absent.
pub(super) fn vector(name: &str) -> Option<Vec<u8>> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let folder =
        std::env::var_os("QYZMET_SHARED").map_or_else(|| here.join("../../../shared"), PathBuf::from);
    match std::fs::read(folder.join(name)) {
        Ok(bytes) => Some(bytes),
        Err(_) if std::env::var_os("QYZMET_WITHOUT_SHARED").is_some_and(|it| it == "1") => None,
        Err(error) => panic!("{name} of the shared vectors: {error}; QYZMET_WITHOUT_SHARED=1 skips them"),
    }
}

/// A key made for this test run and its certificate.
pub(super) struct TestKey {
    pub(super) certificate_der: Vec<u8>,
    pub(super) certificate_pem: PathBuf,
    pair: RsaKeyPair,
}

impl TestKey {
    pub(super) fn get() -> &'static Self {
        static KEY: OnceLock<TestKey> = OnceLock::new();
        KEY.get_or_init(|| Self::make("one"))
    }

    pub(super) fn other() -> &'static Self {
        static KEY: OnceLock<TestKey> = OnceLock::new();
        KEY.get_or_init(|| Self::make("two"))
    }

    fn make(name: &str) -> Self {
        let folder = scratch();
        let path = |end: &str| folder.join(format!("{name}{end}"));
        let text = |it: &PathBuf| it.to_str().unwrap().to_owned();
        let (key, pem) = (path(".key"), path(".pem"));
        let subject = format!("/CN=Invented signer {name}");
        let made = run(
            "openssl",
            &[
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "30",
                "-subj",
                &subject,
                "-keyout",
                &text(&key),
                "-out",
                &text(&pem),
            ],
            b"",
        );
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let certificate_der = run("openssl", &["x509", "-in", &text(&pem), "-outform", "DER"], b"").stdout;
        let pkcs8 =
            run("openssl", &["pkcs8", "-topk8", "-nocrypt", "-in", &text(&key), "-outform", "DER"], b"")
                .stdout;
        Self { certificate_der, certificate_pem: pem, pair: RsaKeyPair::from_pkcs8(&pkcs8).unwrap() }
    }

    /// Calls `with` with a signer of this key.
    pub(super) fn sign<T>(&self, with: impl FnOnce(&Signer<'_>) -> T) -> T {
        let sign = |bytes: &[u8]| {
            let mut value = vec![0; self.pair.public_modulus_len()];
            let random = SystemRandom::new();
            let signed = self.pair.sign(&RSA_PKCS1_SHA256, &random, bytes, &mut value);
            signed.map(|()| value).map_err(|_| SignerFailed("no signature".to_owned()))
        };
        with(&Signer { certificate_der: &self.certificate_der, sign: &sign })
    }
}
