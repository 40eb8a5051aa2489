// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet eds verify | trust` as a program, and `POST /api/eds/verify` for systems of others.

mod bundles;
mod roots;

use crate::road::{Road, reviewed};
use axum::body::{Body, to_bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use service::access::Reader;
use service::archives::SignedAct;
use service::portal::Sent;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use tower::ServiceExt as _;

const NOON: &str = "2026-11-23T05:00:00Z";
/// An invented citizen whose key is `p01`.
const IIN: &str = "580308499930";
/// How long the archive of an act may take to come.
const WAIT: Duration = Duration::from_mins(1);

fn eds(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qyzmet")).current_dir(folder).arg("eds").args(args).output().unwrap()
}

fn told(output: &Output) -> (Option<i32>, Value) {
    let json = serde_json::from_slice(&output.stdout);
    (output.status.code(), json.unwrap_or_else(|_| panic!("{output:?}")))
}

fn result<'a>(report: &'a Value, code: &str) -> Option<&'a str> {
    report["checks"].as_array()?.iter().find(|it| it["code"] == code)?["result"].as_str()
}

async fn asked(road: &Road, kind: &str, body: Vec<u8>) -> (StatusCode, String, Value) {
    let app = road.demo.eds_api().unwrap();
    let request = Request::post("/api/eds/verify").header(CONTENT_TYPE, kind).body(Body::from(body)).unwrap();
    let answer = app.oneshot(request).await.unwrap();
    let (status, kind) = (answer.status(), answer.headers()[CONTENT_TYPE].to_str().unwrap().to_owned());
    let bytes = to_bytes(answer.into_body(), 10_000_000).await.unwrap();
    (status, kind, serde_json::from_slice(&bytes).unwrap())
}

fn base64(bytes: &[u8]) -> Value {
    let it = eds::Evidence { ocsp: vec![bytes.to_vec()], ..eds::Evidence::default() };
    serde_json::to_value(it).unwrap()["ocsp"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn others_have_signatures_judged_over_the_api_and_at_the_command_line() {
    let road = Road::open(NOON).await;
    let content = "мазмұн".as_bytes();
    let cms = road.sign("p01", eds::sha256(content));
    let body = |more: Value| {
        let mut body = json!({ "file": base64(&cms), "content": base64(content), "purpose": "applicant" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body.to_string().into_bytes()
    };
    let (status, kind, report) = asked(&road, "application/json", body(json!({}))).await;
    assert_eq!((status, kind.as_str()), (StatusCode::OK, "application/json"), "{report}");
    assert_eq!((&report["outcome"], &report["kind"]), (&json!("valid"), &json!("cms")), "{report}");
    let (_, _, report) = asked(&road, "application/json", body(json!({ "iin": "990101300017" }))).await;
    assert_eq!(result(&report, "iin-mismatch"), Some("failed"));
    for (more, code) in [("bin", "bin-mismatch"), ("role", "role-insufficient")] {
        let word = if more == "bin" { "990140000019" } else { "head" };
        let (_, _, report) = asked(&road, "application/json", body(json!({ more: word }))).await;
        assert_eq!(
            (&report["outcome"], result(&report, code)),
            (&json!("invalid"), Some("failed")),
            "{more}"
        );
    }
    let (_, _, report) = asked(&road, "application/json", body(json!({ "content": base64(b"other") }))).await;
    assert_eq!((&report["outcome"], result(&report, "digest-mismatch")), (&json!("invalid"), Some("failed")));

    let mut form = Vec::new();
    for (name, value) in [("file", cms.as_slice()), ("content", content), ("purpose", b"any")] {
        form.extend(
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a\"\r\n\r\n").bytes(),
        );
        form.extend(value);
        form.extend(b"\r\n");
    }
    form.extend(b"--x--\r\n");
    let (status, _, report) = asked(&road, "multipart/form-data; boundary=x", form).await;
    assert_eq!((status, &report["outcome"]), (StatusCode::OK, &json!("valid")), "{report}");

    // The same at the command line, offline: without evidence it waits, without a root too, and the signature itself
    // is judged all the same.
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    std::fs::write(place.join("a.cms"), &cms).unwrap();
    std::fs::write(place.join("a.txt"), content).unwrap();
    std::fs::write(place.join("root.cer"), road.demo.authority.root_der()).unwrap();
    let common = ["verify", "a.cms", "--content", "a.txt", "--at", NOON, "--json"];
    let (code, report) = told(&eds(place, &[&common[..], &["--root", "root.cer"]].concat()));
    assert_eq!((code, &report["outcome"]), (Some(2), &json!("indeterminate")), "{report}");
    let (code, report) =
        told(&eds(place, &[&common[..], &["--root", "root.cer", "--no-revocation"]].concat()));
    assert_eq!((code, &report["outcome"]), (Some(0), &json!("valid")), "{report}");
    let demands = &report["demands"];
    assert_eq!((&demands["revocation"], &demands["roots"]), (&json!("not-asked"), &json!("unconfirmed")));
    let bare = ["verify", "a.cms", "--at", NOON, "--root", "root.cer", "--no-revocation", "--json"];
    let (code, report) = told(&eds(place, &bare));
    assert_eq!((code, &report["needs"]), (Some(2), &json!([{ "need": "content" }])), "{report}");
    let (code, report) = told(&eds(place, &[&bare[..], &["--bin", "990140000019"]].concat()));
    assert_eq!((code, result(&report, "bin-mismatch")), (Some(1), Some("failed")), "{report}");
    // Nothing can be signed too.
    std::fs::write(place.join("empty"), "").unwrap();
    std::fs::write(place.join("e.cms"), road.sign("p01", eds::sha256(b""))).unwrap();
    for (file, status, passed) in [("e.cms", 0, "passed"), ("a.cms", 1, "failed")] {
        let args = ["verify", file, "--content", "empty", "--at", NOON, "--root", "root.cer"];
        let (code, report) = told(&eds(place, &[&args[..], &["--no-revocation", "--json"]].concat()));
        assert_eq!((code, result(&report, "digest-mismatch")), (Some(status), Some(passed)), "{report}");
    }
    let (code, report) = told(&eds(place, &common));
    assert_eq!(code, Some(2), "{report}");
    assert_eq!(result(&report, "signature-mismatch"), Some("passed"));
    assert_eq!(result(&report, "chain-untrusted"), Some("unknown"));
}

/// Sends an application; returns its bytes and its archive, as it is handed to the applicant.
async fn archived(road: &Road) -> (Vec<u8>, Vec<u8>) {
    let portal = &road.demo.portal;
    let (citizen, session) = road.citizen(IIN).await;
    let (draft, content) = reviewed(portal, &citizen, &[("Нұрсұлтанұлы", "Бекзат", "2012-09-14")]).await;
    let cms = road.sign("p01", eds::sha256(&content));
    let sent = portal.send((&citizen, &session), &draft, cms, portal.uuid()).await.expect("an answer");
    let Sent::Accepted(submitted) = sent else { panic!("not accepted: {sent:?}") };
    let started = Instant::now();
    loop {
        let acts = portal.act_stamps(submitted.case).await.unwrap();
        let found = acts.into_iter().find(|it| it.act == SignedAct::Request).and_then(|it| it.archived);
        if let Some(it) = found {
            let reader = Reader::Applicant(&citizen.id);
            let file = portal.case_file(&reader, submitted.case, &it.file).await.unwrap();
            return (content, file.expect("the archive"));
        }
        assert!(started.elapsed() < WAIT, "waited for the archive");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn archive_of_an_act_is_judged_years_later_from_nothing_but_itself() {
    let road = Road::open(NOON).await;
    let (content, archive) = archived(&road).await;
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    std::fs::write(place.join("request.json"), &archive).unwrap();
    std::fs::write(place.join("cut.json"), &archive[..archive.len() / 2]).unwrap();
    std::fs::write(place.join("request.xml"), &content).unwrap();
    std::fs::write(place.join("other.xml"), "<other/>").unwrap();
    std::fs::write(place.join("root.cer"), road.demo.authority.root_der()).unwrap();
    let bare = ["verify", "request.json", "--at", "2029-11-23T05:00:00Z", "--json"];
    let judged = |more: &[&str]| told(&eds(place, &[&bare[..], &["--root", "root.cer"], more].concat()));
    let fitting: [&[&str]; 4] =
        [&[], &["--iin", IIN], &["--content", "request.xml"], &["--purpose", "applicant"]];
    for more in fitting {
        let (code, report) = judged(more);
        let seen = (code, &report["outcome"], &report["kind"], &report["demands"]["revocation"]);
        assert_eq!(
            seen,
            (Some(0), &json!("valid"), &json!("archive"), &json!("required")),
            "{more:?}: {report}"
        );
    }
    for (more, code) in [
        (["--iin", "990101300017"], "iin-mismatch"),
        (["--bin", "990140000019"], "bin-mismatch"),
        (["--content", "other.xml"], "content-mismatch"),
    ] {
        let (status, report) = judged(&more);
        assert_eq!((status, &report["outcome"]), (Some(1), &json!("invalid")), "{more:?}: {report}");
        let checks = report["checks"].as_array().unwrap();
        assert!(checks.iter().any(|it| it["code"] == code && it["result"] == "failed"), "{more:?}: {report}");
    }
    // Without a root it proves nothing; half of it is no whole archive.
    let (code, report) = told(&eds(place, &bare));
    assert_eq!((code, &report["outcome"]), (Some(2), &json!("indeterminate")), "{report}");
    let (code, report) = told(&eds(place, &["verify", "cut.json", "--root", "root.cer", "--json"]));
    assert_eq!((code, result(&report, "container-malformed")), (Some(1), Some("failed")), "{report}");
}

fn request_of(file: &[u8]) -> Vec<u8> {
    json!({ "file": base64(file) }).to_string().into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_api_does_not_take_is_a_problem_of_its_own() {
    let road = Road::open(NOON).await;
    let json = "application/json";
    let (bad, unfit) = (StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY);
    for (kind, body, status, code) in [
        (json, b"no json".to_vec(), bad, "request-not-json"),
        (json, b"{}".to_vec(), bad, "file-not-named"),
        (json, br#"{"file": "???"}"#.to_vec(), bad, "file-not-base64"),
        (json, br#"{"file": ""}"#.to_vec(), bad, "file-empty"),
        (json, br#"{"file": "YQ==", "purpose": "anything"}"#.to_vec(), bad, "purpose"),
        (json, br#"{"file": "YQ==", "password": "x"}"#.to_vec(), bad, "field-unknown"),
        (json, br#"{"file": "YQ==", "at": "yesterday"}"#.to_vec(), bad, "at"),
        (json, br#"{"file": "YQ==", "role": "boss"}"#.to_vec(), bad, "role"),
        (json, br#"{"file": "YQ==", "bin": "12"}"#.to_vec(), bad, "bin"),
        // XML, with something beside it.
        (json, br#"{"file": "PGEvPg==", "content": "YQ=="}"#.to_vec(), unfit, "content-unfit"),
        (json, br#"{"file": "YQ=="}"#.to_vec(), unfit, "file-unknown"),
        (json, request_of(b"<?xml version='1.0' encoding='koi8-r'?><a/>"), unfit, "file-encoding"),
        (json, request_of(&[0x30, 0x82, 1, 0, 6, 9]), unfit, "file-cut"),
        (json, request_of(br#"{"cms": "MIIB"}"#), unfit, "file-json"),
        (
            json,
            vec![b' '; qyzmet::eds_api::REQUEST_BYTES_MAX + 1],
            StatusCode::PAYLOAD_TOO_LARGE,
            "request-too-large",
        ),
        ("text/plain", b"x".to_vec(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type"),
        ("multipart/form-data; boundary=x", b"x".to_vec(), bad, "form-unreadable"),
    ] {
        let (own, of, answer) = asked(&road, kind, body).await;
        assert_eq!(own, status, "{answer}");
        assert_eq!((of.as_str(), &answer["status"]), ("application/problem+json", &json!(status.as_u16())));
        let problem = &answer["problem"];
        assert_eq!((&problem["code"], &problem["sentence"]["en"]), (&json!(code), &answer["title"]));
        for lang in ["kk", "ru", "en"] {
            assert!(problem["sentence"][lang].as_str().is_some_and(|it| !it.is_empty()), "{answer}");
        }
    }
    let app = road.demo.eds_api().unwrap();
    let mut last = StatusCode::OK;
    for _ in 0..61 {
        let request =
            Request::post("/api/eds/verify").header(CONTENT_TYPE, json).body(Body::from("{}")).unwrap();
        last = app.clone().oneshot(request).await.unwrap().status();
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[test]
fn roots_are_installed_by_hash_and_unusable_input_is_told_by_the_exit_status() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    assert_eq!(eds(place, &["dev-ca", "ca", "--at", NOON]).status.code(), Some(0));
    let root = std::fs::read(place.join("ca/gost/root.cer")).unwrap();
    let hash: String = eds::Certificate::parse(&root).unwrap().sha256_hex();
    let wrong = eds(place, &["trust", "add", "ca/gost/root.cer", "--sha256", &"0".repeat(64)]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&wrong.stdout).contains(&hash));
    let added = eds(place, &["trust", "add", "ca/gost/root.cer", "--sha256", &hash]);
    assert_eq!(added.status.code(), Some(0), "{added:?}");
    let list = eds(place, &["trust", "list", "--lang", "en"]);
    assert!(String::from_utf8_lossy(&list.stdout).contains("(confirmed, DEVELOPMENT)"));
    // The list of the intermediate authority is valid under the installed root.
    let args = ["verify", "ca/gost/root.crl", "--at", "2026-11-23T05:00:01Z", "--lang", "en"];
    let shown = eds(place, &args);
    let text = String::from_utf8_lossy(&shown.stdout);
    assert_eq!(shown.status.code(), Some(0), "{text}");
    assert!(
        text.starts_with("VALID (revocation list, 2026-11-23 10:00:01+05:00)")
            && text.contains("not a certified cryptographic tool"),
        "{text}"
    );
    std::fs::write(place.join("letter.txt"), "no signature").unwrap();
    for args in [
        &["verify", "letter.txt"][..],
        &["verify", "absent.cms"],
        &["verify"],
        &["verify", "letter.txt", "--lang", "fr"],
    ] {
        assert_eq!(eds(place, args).status.code(), Some(3), "{args:?}");
    }
}

#[test]
fn every_problem_is_told_as_json_and_in_the_language_that_was_named() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    let (request, other) = (r#"{"cms": "MIIB"}"#, r#"<?xml version="1.0" encoding="windows-1251"?><a/>"#);
    let several = "-----BEGIN X-----\nAgEF\n-----END X-----\n".repeat(2);
    let encrypted = [0x30, 11, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 7, 3];
    std::fs::write(place.join("cut.cms"), [0x30, 0x82, 1, 0, 6, 9]).unwrap();
    std::fs::write(place.join("followed.der"), [0x30, 3, 10, 1, 0, b'x']).unwrap();
    std::fs::write(place.join("encrypted.p7m"), encrypted).unwrap();
    for (name, bytes) in [
        ("several.pem", several.as_str()),
        ("own.key", "-----BEGIN PRIVATE KEY-----\nAgEF\n-----END PRIVATE KEY-----\n"),
        ("mail.eml", "MIME-Version: 1.0\nContent-Type: application/pkcs7-mime\n\nMIIB"),
        ("a.zip", "PK\x03\x04 a.txt"),
        ("signed.zip", "PK\x03\x04 META-INF/NCAManifest.xml"),
        ("letter.txt", "no signature"),
        ("empty", ""),
        ("a.xml", "<a/>"),
        ("asked.json", request),
        ("other.xml", other),
    ] {
        std::fs::write(place.join(name), bytes).unwrap();
    }
    std::fs::create_dir(place.join("folder")).unwrap();
    let cases: [(&[&str], &str); 27] = [
        (&["several.pem"], "file-several"),
        (&["own.key"], "file-key"),
        (&["mail.eml"], "file-mail"),
        (&["a.zip"], "file-zip"),
        (&["signed.zip"], "file-signed-zip"),
        (&["cut.cms"], "file-cut"),
        (&["followed.der"], "file-followed"),
        (&["encrypted.p7m"], "file-encrypted"),
        (&["a.xml", "--evidence", "several.pem"], "evidence-unknown"),
        (&["letter.txt"], "file-unknown"),
        (&["asked.json"], "file-json"),
        (&["other.xml"], "file-encoding"),
        (&["absent.cms"], "file-missing"),
        (&["empty"], "file-empty"),
        (&["folder"], "file-is-folder"),
        (&["/dev/zero"], "file-not-regular"),
        (&[], "file-not-named"),
        (&["a.xml", "--lang", "fr"], "lang"),
        (&["a.xml", "--at", "yesterday"], "at"),
        (&["a.xml", "--purpose", "boss"], "purpose"),
        (&["a.xml", "--purpose", "official"], "bin-absent"),
        (&["a.xml", "--role", "boss"], "role"),
        (&["a.xml", "--iin", "12"], "iin"),
        (&["a.xml", "--content", "letter.txt"], "content-unfit"),
        (&["a.xml", "--evidence", "letter.txt"], "evidence-unknown"),
        (&["a.xml", "--root", "letter.txt"], "root-unknown"),
        (&["a.xml", "--boss"], "options"),
    ];
    for (args, code) in cases {
        let (status, answer) = told(&eds(place, &[&["verify", "--json"][..], args].concat()));
        assert_eq!((status, &answer["problem"]["code"]), (Some(3), &json!(code)), "{args:?}");
        for lang in ["kk", "ru", "en"] {
            assert!(answer["problem"]["sentence"][lang].as_str().is_some_and(|it| !it.is_empty()), "{code}");
        }
    }
    let (_, answer) = told(&eds(place, &["verify", "--json", "other.xml"]));
    assert!(answer["problem"]["sentence"].to_string().contains("UTF-8 и укажите"), "{answer}");
    assert_eq!(answer.to_string().matches("(windows-1251)").count(), 3, "{answer}");
    for (lang, words) in
        [("kk", "мұндай файл жоқ"), ("ru", "такого файла нет"), ("en", "there is no such file")]
    {
        let shown = eds(place, &["verify", "absent.cms", "--lang", lang]);
        assert!(String::from_utf8_lossy(&shown.stderr).contains(words), "{shown:?}");
        assert!(shown.stdout.is_empty());
    }
}
