// SPDX-License-Identifier: MIT OR Apache-2.0
//! A list as large as the national one (420 000 entries, 22 MB) read into an index, beside hashing the same bytes by both
//! kinds of signatures. `cargo bench -p eds --bench crl`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench is a test: it prints figures and may stop at the first fault"
)]

#[path = "../tests/it/maker.rs"]
mod maker;

use std::process::Command;
use std::time::Duration;

use eds::algorithm::DigestAlgorithm;
use eds::crl::Index;
use eds::{Certificate, RsaSigner, oids};
use jiff::SignedDuration;
use maker::{Plan, Steps};

const ENTRIES: usize = 420_000;
const ROUNDS: usize = 7;
const LOOKUPS: usize = 1_000_000;
const CONFIG: &str = "[req]\ndistinguished_name=dn\n[dn]\n[root]\nbasicConstraints=critical,CA:TRUE\n\
    keyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n";

/// Returns an authority that is thrown away, made by openssl.
fn authority() -> (Certificate, RsaSigner) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("openssl.cnf"), CONFIG).expect("a file");
    let arguments = "req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 30 -subj /CN=Root \
        -config openssl.cnf -extensions root";
    let mut command = Command::new("openssl");
    command.current_dir(folder.path()).args(arguments.split_whitespace());
    assert!(command.output().expect("openssl").status.success());
    let read = |name: &str| std::fs::read(folder.path().join(name)).expect("a file");
    let root = Certificate::parse(&read("root.pem")).expect("a certificate");
    (root, RsaSigner::from_pkcs8(&read("root.key")).expect("a key"))
}

fn serial(steps: &mut Steps) -> Vec<u8> {
    let mut serial: Vec<u8> = (0..20).map(|_| u8::try_from(steps.next(256)).expect("a byte")).collect();
    serial[0] = serial[0] & 0x7f | 0x40;
    serial
}

/// Returns the best of several runs, in time of the processor: a busy machine changes little.
fn best<T>(mut run: impl FnMut() -> T) -> Duration {
    let one = |run: &mut dyn FnMut() -> T| {
        let start = spent();
        std::hint::black_box(run());
        spent().saturating_sub(start)
    };
    (0..ROUNDS).map(|_| one(&mut run)).min().unwrap_or_default()
}

/// Returns the time that this thread has had of the processor.
fn spent() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").expect("schedstat");
    let nanoseconds = told.split_whitespace().next().and_then(|it| it.parse().ok()).expect("nanoseconds");
    Duration::from_nanos(nanoseconds)
}

/// Returns a line of the process's status in kilobytes; nothing where the system has none.
fn memory_kb(line: &str) -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|it| it.strip_prefix(line)?.split_whitespace().next()?.parse().ok())
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, word, list, root] = arguments.as_slice()
        && word == "--memory"
    {
        return memory(list, root);
    }
    let (root, signer) = authority();
    let mut steps = Steps(20_261_122);
    let made = root.not_before();
    let entries = (0..ENTRIES)
        .map(|_| {
            let ago = SignedDuration::from_secs(i64::try_from(steps.next(30_000_000)).expect("seconds"));
            (serial(&mut steps), made - ago, Some([1, 4, 5, 6][steps.next(4)]))
        })
        .collect();
    let mut plan = Plan {
        authority: &root,
        signer: &signer,
        this_update: made,
        next_update: Some(made + SignedDuration::from_hours(27)),
        number: Some(1),
        base: None,
        entries,
        extensions: Vec::new(),
        outside: oids::RSA_SHA256,
    };
    let list = plan.make();
    let wanted: Vec<Vec<u8>> = plan.entries.iter().step_by(7).map(|it| it.0.clone()).collect();
    plan.entries = Vec::new();
    drop(plan);

    let folder = tempfile::tempdir().expect("a folder");
    let (list_path, root_path) = (folder.path().join("list.crl"), folder.path().join("root.cer"));
    std::fs::write(&list_path, &list).expect("a file");
    std::fs::write(&root_path, root.der()).expect("a file");
    let index = Index::read(&list, &root).expect("an index");
    let hash = best(|| eds::sha256(&list));
    let gost = best(|| DigestAlgorithm::Streebog512.digest(&list));
    let read = best(|| Index::read(&list, &root));
    let file = index.to_bytes();
    let load = best(|| Index::from_bytes(&file));
    let lookup =
        best(|| wanted.iter().cycle().take(LOOKUPS).filter(|serial| index.find(serial).is_some()).count());
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!("list            {:8.1} MB, {} entries", megabytes(list.len()), index.len());
    println!("sha256          {:8.1} ms", ms(hash));
    println!(
        "index           {:8.1} ms = {:.1} x sha256 (verified and hashed: two sha256 inside)",
        ms(read),
        read.as_secs_f64() / hash.as_secs_f64()
    );
    println!("streebog-512    {:8.1} ms = {:.0} MB/s", ms(gost), megabytes(list.len()) / gost.as_secs_f64());
    println!(
        "index by gost   {:8.1} ms (one sha256 less, streebog-512 in its place)",
        ms((read + gost).saturating_sub(hash))
    );
    println!("file            {:8.1} MB, loaded in {:.1} ms", megabytes(file.len()), ms(load));
    println!("lookup          {:8.2} M/s", 1.0 / lookup.as_secs_f64());
    // In a process of its own, so that nothing freed before is taken for free memory.
    let child = Command::new(std::env::current_exe().expect("a program"))
        .args(["--memory".as_ref(), list_path.as_os_str(), root_path.as_os_str()])
        .output()
        .expect("a process");
    print!("{}", String::from_utf8_lossy(&child.stdout));
}

/// Prints how much memory reading a list takes beyond the list itself.
fn memory(list: &str, root: &str) {
    let list = std::fs::read(list).expect("a file");
    let root = Certificate::parse(&std::fs::read(root).expect("a file")).expect("a certificate");
    let (before, peak) = (memory_kb("VmRSS:"), memory_kb("VmHWM:"));
    let index = Index::read(&list, &root).expect("an index");
    let after = memory_kb("VmHWM:");
    assert_eq!(index.len(), ENTRIES);
    if let (Some(before), Some(peak), Some(after)) = (before, peak, after) {
        assert!(peak < before + 4096, "the peak was higher before");
        println!("memory          {:8.1} MB beyond the list", megabytes((after - before) * 1024));
    }
}

fn megabytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1e6
}
