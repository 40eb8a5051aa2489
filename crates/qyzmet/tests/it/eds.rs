// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet eds verify | trust` as a program, and `POST /api/eds/verify` for systems of others.

use crate::road::Road;
use axum::body::{Body, to_bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};
use tower::ServiceExt as _;

const NOON: &str = "2026-11-23T05:00:00Z";

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
    let (code, report) = told(&eds(place, &common));
    assert_eq!(code, Some(2), "{report}");
    assert_eq!(result(&report, "signature-mismatch"), Some("passed"));
    assert_eq!(result(&report, "chain-untrusted"), Some("unknown"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_api_does_not_take_is_a_problem_of_its_own() {
    let road = Road::open(NOON).await;
    let json = "application/json";
    for (kind, body, status) in [
        (json, b"no json".to_vec(), StatusCode::BAD_REQUEST),
        (json, b"{}".to_vec(), StatusCode::BAD_REQUEST),
        (json, br#"{"file": "???"}"#.to_vec(), StatusCode::BAD_REQUEST),
        (json, br#"{"file": "YQ==", "purpose": "anything"}"#.to_vec(), StatusCode::BAD_REQUEST),
        (json, br#"{"file": "YQ==", "password": "x"}"#.to_vec(), StatusCode::BAD_REQUEST),
        (json, br#"{"file": "YQ==", "at": "yesterday"}"#.to_vec(), StatusCode::BAD_REQUEST),
        (json, br#"{"file": "YQ==", "role": "boss"}"#.to_vec(), StatusCode::BAD_REQUEST),
        (json, br#"{"file": "YQ==", "bin": "12"}"#.to_vec(), StatusCode::BAD_REQUEST),
        // XML, with something beside it.
        (json, br#"{"file": "PGEvPg==", "content": "YQ=="}"#.to_vec(), StatusCode::UNPROCESSABLE_ENTITY),
        (json, br#"{"file": "YQ=="}"#.to_vec(), StatusCode::UNPROCESSABLE_ENTITY),
        (json, vec![b' '; qyzmet::eds_api::REQUEST_BYTES_MAX + 1], StatusCode::PAYLOAD_TOO_LARGE),
        ("text/plain", b"x".to_vec(), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("multipart/form-data; boundary=x", b"x".to_vec(), StatusCode::BAD_REQUEST),
    ] {
        let (own, of, problem) = asked(&road, kind, body).await;
        assert_eq!(own, status, "{problem}");
        assert_eq!((of.as_str(), &problem["status"]), ("application/problem+json", &json!(status.as_u16())));
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
    let list = eds(place, &["trust", "list"]);
    assert!(String::from_utf8_lossy(&list.stdout).contains("(confirmed, DEVELOPMENT)"));
    // The list of the intermediate authority is valid under the installed root.
    let args = ["verify", "ca/gost/root.crl", "--at", "2026-11-23T05:00:01Z", "--lang", "en"];
    let shown = eds(place, &args);
    let text = String::from_utf8_lossy(&shown.stdout);
    assert_eq!(shown.status.code(), Some(0), "{text}");
    assert!(
        text.starts_with("VALID (revocation-list") && text.contains("not a certified cryptographic tool"),
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
    for (name, bytes) in [("letter.txt", "no signature"), ("empty", ""), ("a.xml", "<a/>")] {
        std::fs::write(place.join(name), bytes).unwrap();
    }
    std::fs::create_dir(place.join("folder")).unwrap();
    let cases: [(&[&str], &str); 16] = [
        (&["letter.txt"], "file-unknown"),
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
    for (lang, words) in
        [("kk", "мұндай файл жоқ"), ("ru", "такого файла нет"), ("en", "there is no such file")]
    {
        let shown = eds(place, &["verify", "absent.cms", "--lang", lang]);
        assert!(String::from_utf8_lossy(&shown.stderr).contains(words), "{shown:?}");
        assert!(shown.stdout.is_empty());
    }
}

#[test]
fn what_is_demanded_stands_in_the_answer_and_evidence_beyond_the_limit_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    assert_eq!(eds(place, &["dev-ca", "ca", "--at", NOON]).status.code(), Some(0));
    let args = ["verify", "ca/gost/root.crl", "--root", "ca/gost/root.cer", "--at", "2026-11-23T05:00:01Z"];
    let shown = eds(place, &[&args[..], &["--no-revocation", "--lang", "en"]].concat());
    let text = String::from_utf8_lossy(&shown.stdout);
    assert!(text.contains("Demanded: --purpose any"), "{text}");
    assert!(text.contains("Revocation was NOT ASKED") && text.contains("roots are NOT CONFIRMED"), "{text}");
    let told_apart = told(&eds(place, &[&args[..], &["--iin", "990101300017", "--json"]].concat()));
    assert_eq!((told_apart.0, &told_apart.1["problem"]["code"]), (Some(3), &json!("person-unfit")));
    // More files than are judged that are no evidence, before and between the one that is.
    std::fs::create_dir(place.join("many")).unwrap();
    for index in 0..200 {
        std::fs::write(place.join(format!("many/{index:03}.txt")), "a letter").unwrap();
    }
    std::fs::copy(place.join("ca/gost/root.crl"), place.join("many/z.crl")).unwrap();
    let nca = ["verify", "ca/gost/nca.cer", "--root", "ca/gost/root.cer", "--at", "2026-11-23T05:00:01Z"];
    let shown = eds(place, &[&nca[..], &["--evidence", "many", "--json"]].concat());
    assert_eq!(told(&shown).0, Some(0), "{shown:?}");
    assert!(shown.stderr.is_empty(), "{shown:?}");
}
