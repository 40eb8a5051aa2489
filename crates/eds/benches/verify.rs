// SPDX-License-Identifier: MIT OR Apache-2.0
//! Verifications a second on one core, beside those of OpenSSL in the same run: `cargo bench -p eds`.
//!
//! Seconds are those of the processor, here and there, and rounds take turns, so a busy machine hardly changes the ratios.
//! GOST is compared with gost-engine through libcrypto (`gost_engine.py`), RSA with `openssl speed rsa2048`.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

use eds::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use eds::asn1::Element;
use eds::gost::Curve;
use eds::pades::{SignatureInfo, embed, prepare};
use eds::xml::{Signer, SignerFailed, sign_enveloped};
use eds::{
    Certificate, Content, Evidence, Policy, Purpose, Revocation, RsaSigner, Trust, sign_cms_attached,
    sign_cms_detached, verify_cms, verify_pdf, verify_xml,
};
use lopdf::{Document, Object, Stream, dictionary};
use std::error::Error;
use std::path::Path;
use std::process::Command;

/// Turns; the best of each side is told.
const ROUNDS: usize = 5;
/// Seconds of the processor for one measurement.
const SECONDS: f64 = 1.0;
/// Least ratio of GOST with 512 bits to gost-engine.
const GOST_RATIO_MIN: f64 = 2.0;
/// Least ratio of a whole CMS by RSA to the bare verification of OpenSSL.
const CMS_RATIO_MIN: f64 = 0.40;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let place = folder.path();
    println!("{:<52}{:>12}{:>12}{:>8}", "a second, on one core", "here", "OpenSSL", "ratio");
    let gost512 = against_engine(place, Curve::Bits512, "GOST R 34.10-2015, 512 bits", "gost2012_512", "A")?;
    against_engine(place, Curve::Bits256, "GOST R 34.10-2015, 256 bits", "gost2012_256", "TCA")?;
    against_engine(place, Curve::Bits2004, "GOST 34.310-2004", "gost2001", "A")?;
    let cms = against_rsa(place)?;
    documents(place)?;
    digests()?;
    let fast = gost512 >= GOST_RATIO_MIN && cms >= CMS_RATIO_MIN;
    if fast { Ok(()) } else { Err("under the least ratio".into()) }
}

fn row(what: &str, here: f64, there: f64) -> f64 {
    println!("{what:<52}{here:>12.0}{there:>12.0}{:>8.2}", here / there);
    here / there
}

/// Nanoseconds that this thread has had of the processor.
fn spent() -> Outcome<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(told.split_whitespace().next().ok_or("no schedstat")?.parse::<f64>()?)
}

/// Runs `work` for a while and returns how often it ran in a second.
fn rate(mut work: impl FnMut() -> bool) -> Outcome<f64> {
    let (mut count, start) = (0.0, spent()?);
    loop {
        if !work() {
            return Err("what is measured does not verify".into());
        }
        count += 1.0;
        let seconds = (spent()? - start) / 1e9;
        if seconds >= SECONDS {
            return Ok(count / seconds);
        }
    }
}

fn run(place: &Path, program: &str, arguments: &[&str]) -> Outcome<String> {
    let output = Command::new(program).current_dir(place).args(arguments).output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{program} {}: {said}", arguments.join(" ")).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn openssl(place: &Path, arguments: &str) -> Outcome<String> {
    run(place, "openssl", &arguments.split_whitespace().collect::<Vec<_>>())
}

fn against_engine(place: &Path, curve: Curve, what: &str, kind: &str, set: &str) -> Outcome<f64> {
    let digest: Vec<u8> =
        DigestAlgorithm::Streebog512.digest(b"measured").into_iter().take(curve.bytes()).collect();
    std::fs::write(place.join("digest"), &digest)?;
    for command in [
        format!("genpkey -engine gost -algorithm {kind} -pkeyopt paramset:{set} -out key.pem"),
        "pkey -engine gost -in key.pem -pubout -out public.pem".to_owned(),
        "pkey -engine gost -in key.pem -pubout -outform DER -out public.der".to_owned(),
        "pkeyutl -engine gost -sign -inkey key.pem -in digest -out signature".to_owned(),
    ] {
        openssl(place, &command)?;
    }
    let (spki, mut signature) =
        (std::fs::read(place.join("public.der"))?, std::fs::read(place.join("signature"))?);
    signature.reverse();
    let mut info = Element::parse(&spki)?.reader();
    info.any()?;
    let key = Element::parse(info.any()?.bit_string()?)?.value;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/gost_engine.py");
    let seconds = SECONDS.to_string();
    let arguments = [&script.to_string_lossy(), "public.pem", "digest", "signature", seconds.as_str()];
    let (mut here, mut there) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        here = f64::max(here, rate(|| curve.verify(key, &digest, &signature).is_ok())?);
        there = f64::max(there, run(place, "python3", &arguments)?.trim().parse()?);
    }
    Ok(row(&format!("{what}, beside gost-engine"), here, there))
}

const CONFIG: &str = "[req]\ndistinguished_name=dn\n[dn]\n[root]\nbasicConstraints=critical,CA:TRUE\n\
    keyUsage=critical,keyCertSign\n[leaf]\nkeyUsage=critical,digitalSignature,nonRepudiation\n\
    extendedKeyUsage=emailProtection\n";

fn against_rsa(place: &Path) -> Outcome<f64> {
    std::fs::write(place.join("openssl.cnf"), CONFIG)?;
    for command in [
        "req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 3 -subj /CN=Root -config openssl.cnf -extensions root",
        "req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj /CN=INVENTED -config openssl.cnf",
        "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -set_serial 2 -days 3 -out leaf.pem -extfile openssl.cnf -extensions leaf",
    ] {
        openssl(place, command)?;
    }
    let read = |name: &str| std::fs::read(place.join(name));
    let leaf = Certificate::parse(&read("leaf.pem")?)?;
    let signer = RsaSigner::from_pkcs8(&read("leaf.key")?).map_err(|fault| format!("{fault:?}"))?;
    let at = leaf.not_before();
    let cms = sign_cms_attached(b"measured", &signer, std::slice::from_ref(&leaf), at)
        .map_err(|fault| format!("{fault:?}"))?;
    let bare = signer.sign(b"measured").map_err(|fault| format!("{fault:?}"))?;
    let trust = Trust::from_certificates([read("root.pem")?.as_slice()])?;
    let (mut with_path, mut alone) =
        (Policy::new(trust, Purpose::AnySignature), Policy::new(Trust::default(), Purpose::AnySignature));
    (with_path.revocation, alone.revocation) = (Revocation::NotChecked, Revocation::NotChecked);
    let evidence = Evidence::default();
    let judged = |policy| verify_cms(&Content::Attached, &cms, &evidence, at, policy);
    let (mut one, mut two, mut ours, mut there) = (0.0, 0.0, 0.0, 0.0);
    for _ in 0..ROUNDS {
        // Nobody is trusted: all of the container is judged, and no signature but the signer's.
        one = f64::max(one, rate(|| judged(&alone).unknown_codes() == ["chain-untrusted"])?);
        two = f64::max(two, rate(|| judged(&with_path).is_valid())?);
        let bare = || SignatureAlgorithm::RsaSha256.verify(leaf.spki(), b"measured", &bare).is_ok();
        ours = f64::max(ours, rate(bare)?);
        let told = openssl(place, "speed -seconds 1 rsa2048")?;
        let verify = told.lines().last().and_then(|line| line.split_whitespace().last());
        there = f64::max(there, verify.ok_or("openssl speed says nothing")?.parse()?);
    }
    row("RSA-2048, one verification", ours, there);
    row("CMS by RSA-2048 with its path, two verifications", two, there);
    Ok(row("CMS by RSA-2048 without its path", one, there))
}

/// Whole documents with the certificate's path, signed by the keys that [`against_rsa`] made.
fn documents(place: &Path) -> Outcome<()> {
    let read = |name: &str| std::fs::read(place.join(name));
    let leaf = Certificate::parse(&read("leaf.pem")?)?;
    let signer = RsaSigner::from_pkcs8(&read("leaf.key")?).map_err(|fault| format!("{fault:?}"))?;
    let at = leaf.not_before();
    let sign = |bytes: &[u8]| signer.sign(bytes).map_err(|it| SignerFailed(it.to_string()));
    let field = "<field name=\"surname\">ОЙДАН ШЫҒАРЫЛҒАН</field>";
    let text = format!("<application xmlns=\"urn:measured\">{}</application>", field.repeat(40));
    let xml = sign_enveloped(&text, &Signer { certificate_der: leaf.der(), sign: &sign })?;
    let info = SignatureInfo {
        name: "INVENTED".to_owned(),
        reason: None,
        location: None,
        contact: None,
        time: at,
        placeholder_bytes: 8192,
    };
    let prepared = prepare(&page(), &info)?;
    let chain = std::slice::from_ref(&leaf);
    let cms = sign_cms_detached(prepared.digest, &signer, chain, at);
    let pdf = embed(&prepared, &cms.map_err(|fault| format!("{fault:?}"))?)?;
    let trust = Trust::from_certificates([read("root.pem")?.as_slice()])?;
    let mut policy = Policy::new(trust, Purpose::AnySignature);
    policy.revocation = Revocation::NotChecked;
    let evidence = Evidence::default();
    println!("\n{:<52}{:>12}", "documents by RSA-2048, with path", "a second");
    let told = |what: &str, bytes: usize, rate: f64| {
        println!("{:<52}{rate:>12.0}", format!("{what}, {bytes} bytes"));
    };
    told("XMLDSig", xml.len(), rate(|| verify_xml(xml.as_bytes(), &evidence, at, &policy).is_valid())?);
    told("PAdES", pdf.len(), rate(|| verify_pdf(&pdf, &evidence, at, &policy).is_valid())?);
    Ok(())
}

/// Returns a document of one page.
fn page() -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let text = document.add_object(Stream::new(dictionary! {}, vec![b' '; 20_000]));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => text,
        "MediaBox" => vec![0.into(), 0.into(), 100.into(), 100.into()],
    });
    let list = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    document.objects.insert(pages, Object::Dictionary(list));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    // Writing to memory cannot fail.
    let _written = document.save_to(&mut bytes);
    bytes
}

fn digests() -> Outcome<()> {
    const BYTES: usize = 1 << 20;
    let bytes = vec![0x5a; BYTES];
    println!("\n{:<52}{:>12}", "digest of a mebibyte", "MiB a second");
    for algorithm in [DigestAlgorithm::Streebog512, DigestAlgorithm::Gost34311, DigestAlgorithm::Sha256] {
        println!("{:<52}{:>12.0}", format!("{algorithm:?}"), rate(|| !algorithm.digest(&bytes).is_empty())?);
    }
    Ok(())
}
