// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signed and stamped PDF against pyHanko and poppler, both ways; several signers; what a stamp over the document changes.

use std::path::Path;
use std::process::Command;

use eds::algorithm::DigestAlgorithm;
use eds::pades::{self, Form, SignatureInfo};
use eds::{Context, Evidence, Need, Outcome, StampPlace, TimeBasis, tsp};

use crate::oracle::{Throwaway, openssl};
use crate::paper::{Paper, judged, judged_at, patched, told};
use crate::stamps::{Stamping, minutes_later, years_later};

const CHECK: &str = r"
import sys
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext
context = ValidationContext(trust_roots=list(load_certs_from_pemder(sys.argv[2:])), allow_fetching=False)
with open(sys.argv[1], 'rb') as file:
    for it in PdfFileReader(file, strict=False).embedded_signatures:
        is_stamp = it.sig_object['/SubFilter'] == '/ETSI.RFC3161'
        status = (validate_pdf_timestamp if is_stamp else validate_pdf_signature)(it, context)
        print('stamp' if is_stamp else 'signature', status.intact, status.valid, status.trusted, status.coverage.name)
";

const SIGN: &str = r"
import sys
from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore
roots = SimpleCertificateStore()
roots.register(load_cert_from_pemder('root.pem'))
load = lambda name: (load_cert_from_pemder(name + '.pem'), load_private_key_from_pemder(name + '.key', None))
tsa = DummyTimeStamper(*load('right'), certs_to_embed=roots)
certificate, key = load('leaf')
signer = signers.SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=roots)
data = open(sys.argv[1], 'rb').read()
import io
for step in sys.argv[3:]:
    what, name = step.split(':')
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    if what == 'stamp':
        out = PdfTimeStamper(tsa, field_name=name).timestamp_pdf(writer, 'sha256')
    elif what == 'store':
        out = io.BytesIO(data)
        DocumentSecurityStore.add_dss(out, None, certs=[load_cert_from_pemder('root.pem')], strict=False)
    else:
        form = SigSeedSubFilter.ADOBE_PKCS7_DETACHED if what == 'plain' else SigSeedSubFilter.PADES
        long = {}
        if what == 'lta':
            context = ValidationContext(trust_roots=[load_cert_from_pemder('root.pem')], allow_fetching=False, revocation_mode='soft-fail')
            long = dict(embed_validation_info=True, validation_context=context, use_pades_lta=True)
        said = PdfSignatureMetadata(field_name=name, md_algorithm='sha256', subfilter=form, certify=what == 'certify', **long)
        box = {'seen': (10, 10, 90, 40), 'locked': (0, 0, 0, 0)}.get(what)
        lock = dict(field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL), doc_mdp_update_value=MDPPerm.NO_CHANGES) if what == 'locked' else {}
        spec = SigFieldSpec(name, box=box, **lock) if box else None
        out = PdfSigner(said, signer=signer, timestamper=tsa if what in ('stamped', 'lta') else None, new_field_spec=spec).sign_pdf(writer)
    data = out.getbuffer().tobytes()
open(sys.argv[2], 'wb').write(data)
";

fn python(folder: &Path, script: &str, arguments: &[&str]) -> String {
    let python = std::env::var("QYZMET_PYHANKO").unwrap_or_else(|_| "python3".to_owned());
    let output =
        Command::new(python).current_dir(folder).args(["-c", script]).args(arguments).output().unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "pyHanko (`make setup`): {}", said(&output.stderr));
    said(&output.stdout)
}

fn checked(it: &Stamping, pdf: &[u8]) -> Vec<String> {
    let folder = it.own.folder.path();
    std::fs::write(folder.join("checked.pdf"), pdf).unwrap();
    python(folder, CHECK, &["checked.pdf", "root.pem"]).lines().map(str::to_owned).collect()
}

fn by_pyhanko(it: &Stamping, pdf: &[u8], steps: &[&str]) -> Vec<u8> {
    let folder = it.own.folder.path();
    std::fs::write(folder.join("before.pdf"), pdf).unwrap();
    python(folder, SIGN, &[&["before.pdf", "after.pdf"], steps].concat());
    it.own.file("after.pdf")
}

fn signed(own: &Throwaway, pdf: &[u8]) -> Vec<u8> {
    let info = SignatureInfo {
        name: "INVENTED PERSON".to_owned(),
        reason: Some("Келісілді".to_owned()),
        location: None,
        contact: None,
        time: own.leaf.not_before(),
        placeholder_bytes: 4096,
    };
    let prepared = pades::prepare(pdf, &info).unwrap();
    let (chain, time) = ([own.leaf.clone()], own.leaf.not_before());
    let cms = eds::sign_cms_detached(prepared.digest, &own.signer, &chain, time).unwrap();
    pades::embed(&prepared, &cms).unwrap()
}

fn stamped(it: &Stamping, pdf: &[u8], key: &str) -> Vec<u8> {
    let prepared = pades::prepare_stamp(pdf, 8192).unwrap();
    let query = tsp::request(DigestAlgorithm::Sha256, &prepared.content(), Some(&[7; 16])).unwrap();
    pades::embed(&prepared, &it.answer(&query, key).unwrap()).unwrap()
}

/// The same document with its objects in streams.
fn compressed() -> Vec<u8> {
    let mut document = lopdf::Document::load_mem(
        &Paper::new(&[
            (3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Annots[8 0 R]>>"),
            (9, "<</Fields[8 0 R]>>"),
        ])
        .bytes,
    )
    .unwrap();
    let mut bytes = Vec::new();
    document.save_modern(&mut bytes).unwrap();
    bytes
}

fn plain() -> Vec<u8> {
    Paper::new(&[]).bytes
}

#[test]
fn what_we_sign_and_stamp_others_accept() {
    let it = Stamping::new();
    for page in [plain(), compressed()] {
        let two = signed(&it.own, &signed(&it.own, &page));
        let stamp = stamped(&it, &two, "right");
        let all = stamped(&it, &signed(&it.own, &stamp), "right");
        assert_eq!(told(&it.own, &two), ["Signature is Valid.", "Signature is Valid."]);
        // This version of poppler does not know stamps over a document.
        let valid = told(&it.own, &all).iter().filter(|it| *it == "Signature is Valid.").count();
        assert_eq!(valid, 3);
        let said = checked(&it, &all);
        assert_eq!(
            said,
            [
                "signature True True True ENTIRE_REVISION",
                "signature True True True ENTIRE_REVISION",
                "stamp True True True ENTIRE_REVISION",
                "signature True True True ENTIRE_REVISION",
                "stamp True True True ENTIRE_FILE",
            ]
        );
        let now = minutes_later(it.own.leaf.not_before());
        for pdf in [&two, &stamp, &all] {
            let verdict = judged_at(&it.own, pdf, now);
            assert!(verdict.is_valid(), "{verdict:?}");
        }
        let forms: Vec<Form> = pades::embedded(&all).unwrap().iter().map(|it| it.form).collect();
        assert_eq!(
            forms,
            [Form::Signature, Form::Signature, Form::TimeStamp, Form::Signature, Form::TimeStamp]
        );
        assert_eq!(pades::signatures(&all).unwrap().len(), 3);
    }
}

#[test]
fn what_pyhanko_signs_and_stamps_we_accept() {
    let it = Stamping::new();
    let now = minutes_later(it.own.leaf.not_before());
    let many = ["plain:One", "stamped:Two", "stamp:Three", "plain:Four", "stamp:Five"];
    for (page, steps) in [
        (plain(), &["certify:One", "pades:Two", "pades:Three"][..]),
        (plain(), &["seen:One", "pades:Two", "pades:Three"][..]),
        (plain(), &many[..]),
        (compressed(), &many[..]),
    ] {
        let pdf = by_pyhanko(&it, &page, steps);
        let verdict = judged_at(&it.own, &pdf, now);
        assert!(verdict.is_valid(), "{steps:?}: {verdict:?}");
        assert_eq!(verdict.signers.len(), 3);
        // And ours upon theirs.
        let both = signed(&it.own, &pdf);
        let verdict = judged_at(&it.own, &both, now);
        assert!(verdict.is_valid(), "{steps:?}: {verdict:?}");
        assert!(checked(&it, &both).iter().all(|it| it.contains("True True True")), "{steps:?}");
    }
    for page in [plain(), compressed()] {
        let mixed =
            by_pyhanko(&it, &stamped(&it, &signed(&it.own, &page), "right"), &["pades:Later", "stamp:Last"]);
        let verdict = judged_at(&it.own, &mixed, now);
        assert!(verdict.is_valid(), "{verdict:?}");
        assert!(checked(&it, &mixed).iter().all(|it| it.contains("True True True")));
    }
}

/// The same document as qpdf writes it.
fn by_qpdf(own: &Throwaway, options: &[&str]) -> Vec<u8> {
    let folder = own.folder.path();
    std::fs::write(folder.join("before.pdf"), plain()).unwrap();
    let files = ["before.pdf", "after.pdf"];
    let status = Command::new("qpdf").current_dir(folder).args(options).args(files).status().unwrap();
    assert!(status.success(), "{options:?}");
    own.file("after.pdf")
}

#[test]
fn what_qpdf_writes_is_signed_and_is_valid_unless_it_is_encrypted() {
    let own = Throwaway::new();
    for options in [
        &["--linearize"][..],
        &["--object-streams=generate"],
        &["--linearize", "--object-streams=generate"],
        &["--qdf", "--object-streams=generate"],
    ] {
        let two = signed(&own, &signed(&own, &by_qpdf(&own, options)));
        let verdict = judged(&own, &two);
        assert!(verdict.is_valid(), "{options:?}: {verdict:?}");
        assert_eq!(told(&own, &two), ["Signature is Valid.", "Signature is Valid."], "{options:?}");
    }
    // Whoever opens it needs no password.
    let encrypted = by_qpdf(&own, &["--encrypt", "", "owner", "256", "--"]);
    assert_eq!(judged(&own, &encrypted).unknown_codes(), ["pdf-encrypted"]);
}

#[test]
fn what_is_shown_after_a_signature_is_for_a_person_to_look_at() {
    let it = Stamping::new();
    let now = minutes_later(it.own.leaf.not_before());
    let changed = |pdf: &[u8]| {
        let verdict = judged_at(&it.own, pdf, now);
        assert_eq!(verdict.unknown_codes(), ["appearance-added"], "{verdict:?}");
        let of_signers: Vec<bool> = verdict.signers.iter().map(|it| it.outcome == Outcome::Valid).collect();
        assert!(of_signers == [false] || of_signers == [false, true], "{verdict:?}");
        verdict.checks.into_iter().filter_map(|it| it.detail).find(|it| it.starts_with("visible"))
    };
    let word = Some("visible-field-added".to_owned());
    let base = signed(&it.own, &plain());
    assert_eq!(changed(&by_pyhanko(&it, &base, &["seen:Two"])), word);
    let nowhere = "/Rect[-10 -10 -10 -10]";
    for seen in ["/Rect[0 0 200 200]", "/AP 7 0 R", "/Rect[0 0 0 1]"] {
        let mut prepared = pades::prepare_stamp(&base, 8192).unwrap();
        prepared.bytes = patched(&prepared.bytes, nowhere, seen);
        prepared.digest = eds::sha256(&prepared.content());
        let token = it.stamp(&prepared.content(), "right");
        assert_eq!(changed(&pades::embed(&prepared, &token).unwrap()), word, "{seen}");
    }
}

#[test]
fn evidence_of_pyhanko_after_the_last_signature_is_admitted() {
    let it = Stamping::new();
    let (at, policy) = (minutes_later(it.own.leaf.not_before()), it.own.policy());
    let context = Context { evidence: &Evidence::default(), at, policy: &policy };
    for page in [plain(), compressed()] {
        for steps in [
            &["pades:One", "store:0"][..],
            &["pades:One", "stamp:Two", "store:0"],
            &["lta:One"],
            &["lta:One", "lta:Two"],
        ] {
            let pdf = by_pyhanko(&it, &page, steps);
            let found = eds::examine(&pdf, None, &context).unwrap();
            assert!(found.verdict.is_valid(), "{steps:?}: {:?}", found.verdict);
            assert_eq!(found.facts["added-after-signing"], "evidence");
        }
    }
}

#[test]
fn whoever_locked_the_document_with_pyhanko_lets_nobody_sign_after_it() {
    let it = Stamping::new();
    let now = minutes_later(it.own.leaf.not_before());
    assert!(judged_at(&it.own, &by_pyhanko(&it, &plain(), &["locked:One"]), now).is_valid());
    let both = by_pyhanko(&it, &plain(), &["locked:One", "pades:Two"]);
    assert_eq!(judged_at(&it.own, &both, now).failed_codes(), ["content-not-covered"]);
}

#[test]
fn stamp_that_is_not_decided_decides_nothing() {
    let (it, other) = (Stamping::new(), Stamping::new());
    let place = other.own.folder.path();
    let extensions = "[nobody]\nbasicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n\
        extendedKeyUsage=critical,timeStamping\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n\
        authorityInfoAccess=caIssuers;URI:http://ca.invalid/root.cer\n";
    std::fs::write(place.join("nobody.cnf"), extensions).unwrap();
    std::fs::copy(place.join("right.key"), place.join("nobody.key")).unwrap();
    assert!(openssl(
        place,
        "x509 -req -in right.csr -CA root.pem -CAkey root.key -set_serial 0x52 -days 20 -out nobody.pem -extfile nobody.cnf -extensions nobody"
    ));
    let pdf = stamped(&other, &signed(&it.own, &plain()), "nobody");
    let verdict = judged_at(&it.own, &pdf, minutes_later(it.own.leaf.not_before()));
    assert_eq!(verdict.unknown_codes(), ["content-not-covered"], "{verdict:?}");
    assert!(matches!(verdict.needs(), [Need::Issuer { .. }]), "{verdict:?}");
}

#[test]
fn stamp_over_the_document_proves_when_it_was_signed() {
    let it = Stamping::new();
    let pdf = stamped(&it, &signed(&it.own, &plain()), "right");
    let later = years_later(it.own.leaf.not_before());
    let verdict = judged_at(&it.own, &pdf, later);
    assert!(verdict.is_valid(), "{verdict:?}");
    let signer = verdict.signer().unwrap();
    assert_eq!((signer.time.by, signer.stamps[0].place), (TimeBasis::Stamp, StampPlace::Document));
    // Without it the key is too old, and it proves nothing about what was signed after it.
    assert_eq!(judged_at(&it.own, &signed(&it.own, &plain()), later).failed_codes(), ["certificate-expired"]);
    let after = signed(&it.own, &pdf);
    let verdict = judged_at(&it.own, &after, later);
    assert_eq!(verdict.outcome, Outcome::Invalid);
    assert_eq!(verdict.signers[0].time.by, TimeBasis::Stamp);
    assert_eq!(verdict.signers[1].time.by, TimeBasis::Received);
}

#[test]
fn stamp_that_is_none_makes_the_document_invalid() {
    let it = Stamping::new();
    let now = minutes_later(it.own.leaf.not_before());
    let base = signed(&it.own, &plain());
    let failed = |pdf: &[u8]| judged_at(&it.own, pdf, now).failed_codes();
    let prepared = pades::prepare_stamp(&base, 8192).unwrap();
    let with = |token: &[u8]| pades::embed(&prepared, token).unwrap();
    let other = it.stamp(b"other bytes", "right");
    let stranger = Stamping::new().stamp(&prepared.content(), "right");
    for (what, token) in
        [("over other bytes", other), ("a signature", it.cms.clone()), ("nothing much", vec![0x30, 0])]
    {
        assert_eq!(failed(&with(&token)), ["content-not-covered"], "{what}");
    }
    // Of a stranger the issuer may still come.
    let verdict = judged_at(&it.own, &with(&stranger), now);
    assert!(verdict.unknown_codes().contains(&"content-not-covered") && !verdict.is_valid(), "{verdict:?}");
    // A stamp alone is not a signature.
    assert_eq!(failed(&stamped(&it, &plain(), "right")), ["signers-absent"]);
    // Nothing but white space may follow the stamp, and nothing stands between.
    let good = stamped(&it, &base, "right");
    assert!(failed(&[good.as_slice(), b"\n"].concat()).is_empty());
    assert_eq!(failed(&[good.as_slice(), b"\n%\n"].concat()), ["content-not-covered"]);
    let evidence = Evidence::default();
    for at in (0..good.len()).step_by(3) {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        assert!(!eds::verify_pdf(&bytes, &evidence, now, &it.own.policy()).is_valid(), "byte {at}");
    }
}

#[test]
fn names_of_fields_that_are_taken_are_not_taken_again() {
    let own = Throwaway::new();
    let field = "<</Type/Annot/Subtype/Widget/FT/Tx/T(Signature1)/V(100)/Rect[0 0 9 9]/P 3 0 R>>";
    let pdf = signed(&own, &signed(&own, &Paper::new(&[(8, field)]).bytes));
    let verdict = judged(&own, &pdf);
    assert!(verdict.is_valid(), "{verdict:?}");
    let text = String::from_utf8_lossy(&pdf).into_owned();
    assert!(text.contains("(Signature2)") && text.contains("(Signature3)"));
}
