// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signed synchronous exchanges a second on one core, beside what RSA alone allows: `cargo bench -p gateway`.
//!
//! An exchange is a question to the register of persons and its answer, each signed at both layers and checked at both ends:
//! four signatures and four verifications with 2048 bits. The limit is `1 / (4·sign + 4·verify)` with the same key, measured in
//! the same run, by `aws-lc-rs`, which signs here, and by `openssl speed`. Seconds are those of the processor.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench is a test: it prints figures and may stop at the first fault"
)]
#![allow(dead_code, reason = "the world of the tests has more in it than a bench needs")]

#[path = "../tests/it/world.rs"]
mod world;

use eds::algorithm::SignatureAlgorithm;
use service::ports::Registers;
use service::ports::registers::Question;
use shep::gbd_fl;
use shep::{Envelope, Message};
use std::collections::BTreeMap;
use std::process::Command;
use uuid::Uuid;

/// Turns; the best of each is told.
const ROUNDS: usize = 5;
/// Seconds of the processor for one measurement.
const SECONDS: f64 = 1.0;
/// Least part of the limit that exchanges have to reach.
const RATIO_MIN: f64 = 0.6;
/// Most microseconds of an envelope with its payload, read and written again.
const ENVELOPE_MICROSECONDS_MAX: f64 = 100.0;

/// Nanoseconds that this thread has had of the processor.
fn spent() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    told.split_whitespace().next().unwrap().parse().unwrap()
}

/// Returns the least seconds that one run of `work` took, of several turns.
fn seconds<T>(mut work: impl FnMut() -> T) -> f64 {
    let turn = |work: &mut dyn FnMut() -> T| {
        let (mut count, start) = (0.0, spent());
        loop {
            for _ in 0..16 {
                std::hint::black_box(work());
            }
            count += 16.0;
            let seconds = (spent() - start) / 1e9;
            if seconds >= SECONDS {
                return seconds / count;
            }
        }
    };
    (0..ROUNDS).map(|_| turn(&mut work)).fold(f64::INFINITY, f64::min)
}

/// Returns the seconds of a signature and of a verification by OpenSSL.
fn openssl() -> (f64, f64) {
    let told = Command::new("openssl").args(["speed", "-seconds", "2", "-mr", "rsa2048"]).output().unwrap();
    // `+F2:2:2048:3130.0:47554.5`, a second; older ones print the seconds of one.
    let told = String::from_utf8(told.stdout).unwrap();
    let line = told.lines().find(|it| it.starts_with("+F2:")).unwrap_or_else(|| panic!("{told}"));
    let figures: Vec<f64> = line.split(':').skip(3).map(|it| it.parse().unwrap()).collect();
    let [sign, verify, ..] = figures.as_slice() else { panic!("{line}") };
    let seconds = |it: f64| if it > 1.0 { 1.0 / it } else { it };
    (seconds(*sign), seconds(*verify))
}

fn question() -> Question {
    Question {
        register: "gbd-fl".into(),
        iin: "580308499930".to_owned(),
        values: BTreeMap::new(),
        message: Uuid::from_u128(5),
        correlation: Uuid::from_u128(6),
    }
}

fn main() {
    let made = world::registers();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let question = question();
    let ask = || runtime.block_on(made.client.ask(&question)).unwrap();
    let answer = ask();
    assert_eq!(answer.records.len(), 1);

    let holder = world::CA.transport("portal").unwrap();
    let text = [7_u8; 512];
    let signature = holder.signer().sign(&text).unwrap();
    let key = holder.certificate().spki();
    let sign = seconds(|| holder.signer().sign(&text).unwrap());
    let verify = seconds(|| SignatureAlgorithm::RsaSha256.verify(key, &text, &signature).unwrap());
    let exchange = seconds(ask);
    let (openssl_sign, openssl_verify) = openssl();

    let microseconds = |it: f64| it * 1e6;
    let limit = 4.0 * (sign + verify);
    let openssl_limit = 4.0 * (openssl_sign + openssl_verify);
    println!(
        "RSA-2048, aws-lc   sign {:7.1} µs, verify {:6.1} µs, limit {:7.0} exchanges/s",
        microseconds(sign),
        microseconds(verify),
        1.0 / limit
    );
    println!(
        "RSA-2048, openssl  sign {:7.1} µs, verify {:6.1} µs, limit {:7.0} exchanges/s",
        microseconds(openssl_sign),
        microseconds(openssl_verify),
        1.0 / openssl_limit
    );
    println!("signed exchange    {:7.1} µs, {:.0}/s on one core", microseconds(exchange), 1.0 / exchange);
    println!(
        "part of the limit  {:.2} by aws-lc, {:.2} by openssl (at least {RATIO_MIN})",
        limit / exchange,
        openssl_limit / exchange
    );
    println!(
        "beside RSA         {:7.1} µs an exchange: four messages written, eight read",
        microseconds(exchange - limit)
    );
    let envelope = envelopes(&answer.question, &answer.envelope);
    assert!(openssl_limit / exchange >= RATIO_MIN, "under the least ratio");
    assert!(envelope <= ENVELOPE_MICROSECONDS_MAX, "over the time of an envelope");
}

/// Measures the codec alone: an envelope with its payload, read and written again.
fn envelopes(question: &[u8], answer: &[u8]) -> f64 {
    let read_question = || {
        let envelope = Envelope::read(question).unwrap();
        let Message::SyncRequest(request) = &envelope.message else { panic!("a question") };
        let payload = gbd_fl::Request::read(request.data.as_ref().unwrap()).unwrap();
        (envelope, payload)
    };
    let read_answer = || {
        let envelope = Envelope::read(answer).unwrap();
        let Message::SyncResponse(response) = &envelope.message else { panic!("an answer") };
        let payload = gbd_fl::Response::read(response.data.as_ref().unwrap()).unwrap();
        (envelope, payload)
    };
    let (asked, ask) = read_question();
    let (told, tell) = read_answer();
    let rows = [
        (
            "question",
            question.len(),
            seconds(read_question),
            seconds(|| (ask.write().unwrap(), asked.write().unwrap())),
        ),
        (
            "answer",
            answer.len(),
            seconds(read_answer),
            seconds(|| (tell.write().unwrap(), told.write().unwrap())),
        ),
    ];
    let mut most = 0.0_f64;
    for (what, bytes, read, write) in rows {
        let (read, write) = (read * 1e6, write * 1e6);
        println!("{what:<9} {bytes:>6} B  read {read:6.1} µs, written {write:6.1} µs");
        most = most.max(read + write);
    }
    most
}
