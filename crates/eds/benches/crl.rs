// SPDX-License-Identifier: MIT OR Apache-2.0
//! A list as large as the national one (420 000 entries, 22 MB), signed by RSA and by GOST, read into an index, beside
//! hashing the same bytes. `cargo bench -p eds --bench crl` (needs openssl and gost-engine).
//!
//! "On one core" are seconds of the processor, so a busy machine hardly counts. "In two threads" is how the gateway reads
//! lists, by the clock on the wall: it says something where two cores are free.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench is a test: it prints figures and may stop at the first fault"
)]

#[path = "../tests/it/maker.rs"]
mod maker;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use eds::algorithm::DigestAlgorithm;
use eds::asn1::{Element, write};
use eds::crl::{Half, Index};
use eds::{Certificate, RsaSigner, oids};
use jiff::SignedDuration;
use maker::{Plan, Steps};

const ENTRIES: usize = 420_000;
const ROUNDS: usize = 7;
const LOOKUPS: usize = 1_000_000;
const CONFIG: &str = "[req]\ndistinguished_name=dn\n[dn]\n[root]\nbasicConstraints=critical,CA:TRUE\n\
    keyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n";

fn openssl(place: &Path, arguments: &str) {
    let mut command = Command::new("openssl");
    let output = command.current_dir(place).args(arguments.split_whitespace()).output().expect("openssl");
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

fn file(place: &Path, name: &str) -> Vec<u8> {
    std::fs::read(place.join(name)).expect("a file")
}

/// Returns an authority that is thrown away, made by openssl.
fn rsa_authority(place: &Path) -> (Certificate, RsaSigner) {
    std::fs::write(place.join("openssl.cnf"), CONFIG).expect("a file");
    openssl(
        place,
        "req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 30 -subj /CN=Root \
        -config openssl.cnf -extensions root",
    );
    let root = Certificate::parse(&file(place, "root.pem")).expect("a certificate");
    (root, RsaSigner::from_pkcs8(&file(place, "root.key")).expect("a key"))
}

/// Returns an authority of the same name and term with a GOST key, made by gost-engine.
fn gost_authority(place: &Path, like: &Certificate) -> Certificate {
    openssl(place, "genpkey -engine gost -algorithm gost2012_512 -pkeyopt paramset:A -out gost.key");
    openssl(place, "pkey -engine gost -in gost.key -pubout -outform DER -out gost.der");
    let made = file(place, "gost.der");
    let mut info = Element::parse(&made).expect("a key").reader();
    info.any().expect("an algorithm");
    let bits = info.any().expect("a key").bit_string().expect("bits");
    let point = Element::parse(bits).expect("a point").value;
    // The engine writes the identifiers of TC 26, the national authority its own.
    let [key, curve, digest] = [oids::GOST_2015_512_KEY, oids::GOST_2015_512_CURVE, oids::STREEBOG_512]
        .map(|identifier| write::oid(&identifier));
    let kind = write::sequence(&[&key, &write::sequence(&[&curve, &digest])]);
    let spki = write::sequence(&[&kind, &write::bits(&write::octets(point))]);
    let algorithm = write::algorithm_null(&oids::GOST_2015_512);
    let term = write::sequence(&[&write::time(like.not_before()), &write::time(like.not_after())]);
    let name = like.subject().raw();
    let tbs = write::sequence(&[&write::small(1), &algorithm, name, &term, name, &spki]);
    // Its own signature is not asked for: operators confirm roots in another way.
    let root = write::sequence(&[&tbs, &algorithm, &write::bits(&[0; 128])]);
    Certificate::parse(&root).expect("a certificate")
}

/// Returns the signature of the GOST authority in the national order of bytes.
fn sign_by_gost(place: &Path, bytes: &[u8]) -> Vec<u8> {
    std::fs::write(place.join("digest"), DigestAlgorithm::Streebog512.digest(bytes)).expect("a file");
    openssl(place, "pkeyutl -engine gost -sign -inkey gost.key -in digest -out signature");
    let mut signature = file(place, "signature");
    signature.reverse();
    signature
}

fn serial(steps: &mut Steps) -> Vec<u8> {
    let mut serial: Vec<u8> = (0..20).map(|_| u8::try_from(steps.next(256)).expect("a byte")).collect();
    serial[0] = serial[0] & 0x7f | 0x40;
    serial
}

fn plan<'a>(authority: &'a Certificate, signer: &'a RsaSigner) -> Plan<'a> {
    let mut steps = Steps(20_261_122);
    let made = authority.not_before();
    let entries = (0..ENTRIES)
        .map(|_| {
            let ago = SignedDuration::from_secs(i64::try_from(steps.next(30_000_000)).expect("seconds"));
            (serial(&mut steps), made - ago, Some([1, 4, 5, 6][steps.next(4)]))
        })
        .collect();
    Plan {
        next_update: Some(made + SignedDuration::from_hours(27)),
        entries,
        ..Plan::of(authority, signer, made)
    }
}

/// Does both halves as the gateway does with the lists it keeps.
fn beside(signature: Half<'_>, entries: Half<'_>) {
    std::thread::scope(|scope| {
        scope.spawn(signature);
        entries();
    });
}

/// Returns the best of several runs by a clock.
fn best<T>(now: impl Fn() -> Duration, mut run: impl FnMut() -> T) -> Duration {
    let one = |_| {
        let start = now();
        std::hint::black_box(run());
        now().saturating_sub(start)
    };
    (0..ROUNDS).map(one).min().unwrap_or_default()
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
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path();
    let (rsa, signer) = rsa_authority(place);
    let gost = gost_authority(place, &rsa);
    let mut plan = plan(&rsa, &signer);
    let by_rsa = plan.make();
    (plan.authority, plan.outside) = (&gost, oids::GOST_2015_512);
    let by_gost = plan.make_by(&oids::GOST_2015_512, |tbs| sign_by_gost(place, tbs));
    let wanted: Vec<Vec<u8>> = plan.entries.iter().step_by(7).map(|it| it.0.clone()).collect();
    drop(plan);

    let index = Index::read(&by_gost, &gost).expect("an index");
    println!("list            {:8.1} MB, {} entries", megabytes(by_gost.len()), index.len());
    println!("sha256          {:8.1} ms", ms(best(spent, || eds::sha256(&by_gost))));
    let digest = best(spent, || DigestAlgorithm::Streebog512.digest(&by_gost));
    println!(
        "streebog-512    {:8.1} ms = {:.0} MB/s",
        ms(digest),
        megabytes(by_gost.len()) / digest.as_secs_f64()
    );
    reading(place, "rsa", &by_rsa, &rsa);
    reading(place, "gost", &by_gost, &gost);
    let file = index.to_bytes();
    let load = best(spent, || Index::from_bytes(&file));
    println!("file            {:8.1} MB, loaded in {:.1} ms", megabytes(file.len()), ms(load));
    let lookup = best(spent, || {
        wanted.iter().cycle().take(LOOKUPS).filter(|serial| index.find(serial).is_some()).count()
    });
    println!("lookup          {:8.2} M/s", 1.0 / lookup.as_secs_f64());
}

/// Prints what verifying and indexing a list takes.
fn reading(place: &Path, name: &str, list: &[u8], root: &Certificate) {
    let in_turn = best(spent, || Index::read(list, root).expect("an index"));
    let start = Instant::now();
    let two = best(|| start.elapsed(), || Index::read_beside(list, root, beside).expect("an index"));
    println!("index by {name:<6} {:8.1} ms on one core, {:.1} ms in two threads", ms(in_turn), ms(two));
    let (list_path, root_path) = (place.join("list.crl"), place.join("root.cer"));
    std::fs::write(&list_path, list).expect("a file");
    std::fs::write(&root_path, root.der()).expect("a file");
    // In a process of its own, so that nothing freed before is taken for free memory.
    let child = Command::new(std::env::current_exe().expect("a program"))
        .args(["--memory".as_ref(), list_path.as_os_str(), root_path.as_os_str()])
        .output()
        .expect("a process");
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
    print!("{}", String::from_utf8_lossy(&child.stdout));
}

/// Prints how much memory reading a list takes beyond the list itself.
fn memory(list: &str, root: &str) {
    let list = std::fs::read(list).expect("a file");
    let root = Certificate::parse(&std::fs::read(root).expect("a file")).expect("a certificate");
    let (before, peak) = (memory_kb("VmRSS:"), memory_kb("VmHWM:"));
    let index = Index::read_beside(&list, &root, beside).expect("an index");
    let after = memory_kb("VmHWM:");
    assert_eq!(index.len(), ENTRIES);
    if let (Some(before), Some(peak), Some(after)) = (before, peak, after) {
        assert!(peak < before + 4096, "the peak was higher before");
        println!("memory          {:8.1} MB beyond the list", megabytes((after - before) * 1024));
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn megabytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1e6
}
