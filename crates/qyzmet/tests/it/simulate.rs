// SPDX-License-Identifier: MIT OR Apache-2.0
//! Simulated registers as programs of their own, asked over a socket by the real client.

mod added;

use crate::road::borrow_keys;
use gateway::{EvidenceSource, HttpTransport, Keys, Peer, RegistersClient, Route, TransportTrust, Wire};
use jiff::Timestamp;
use qyzmet::parts::SystemClock;
use service::contracts::RegisterContract;
use service::ports::registers::{Answer, Question};
use service::ports::{Clock, PortError, Registers};
use simulators::People;
use simulators::ca::DevCa;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

const AT: &str = "2026-11-23T05:00:00Z";

/// A running program; it ends with the value.
struct Program {
    child: Child,
    address: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}

impl Program {
    fn start(register: &str, data: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_qyzmet"))
            .args(["simulate-register", register, "--port", "0", "--at", AT, "--data"])
            .arg(data)
            .args(more)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with(&format!("SIMULATED register {register} (SIM-")), "{line}");
        let url = line.trim().rsplit_once(": ").unwrap().1;
        let address = url.strip_prefix("http://").unwrap().strip_suffix("/shep/sync").unwrap().to_owned();
        Self { child, address }
    }

    fn http(&self, method: &str, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json"
        );
        write!(stream, "{head}\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn faults(&self, json: &str) {
        let answer = self.http("POST", "/faults", json);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

/// The authority in the folder, as evidence.
#[derive(Debug)]
struct Source(Arc<DevCa>, Arc<SystemClock>);

#[async_trait::async_trait]
impl EvidenceSource for Source {
    async fn ocsp(&self, url: &str, request: &[u8]) -> Option<Vec<u8>> {
        self.0.answer(url, request, self.1.now()).map(|it| it.bytes)
    }

    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        self.0.answer(url, &[], self.1.now()).map(|it| it.bytes)
    }

    async fn issuer(&self, urls: &[String]) -> Option<Vec<u8>> {
        urls.iter().find_map(|url| self.0.answer(url, &[], self.1.now())).map(|it| it.bytes)
    }
}

/// Returns the contract that ships under an id.
fn shipped(register: &str) -> &'static str {
    let name = format!("{register}/register.toml");
    qyzmet::embedded::REGISTERS.iter().find(|it| it.0 == name).unwrap().1
}

/// Returns the portal's client of a register that ships.
fn client(register: &str, data: &Path, program: &Program) -> RegistersClient {
    client_of(RegisterContract::parse(shipped(register)).unwrap(), data, program)
}

/// Returns the portal's client of this register.
fn client_of(contract: RegisterContract, data: &Path, program: &Program) -> RegistersClient {
    let clock = Arc::new(SystemClock::new(Some(AT.parse::<Timestamp>().unwrap())));
    let authority = Arc::new(qyzmet::demo::authority(data, &*clock).unwrap());
    let holder = authority.transport("portal").unwrap();
    let keys = Keys::new("portal", holder.certificate().der(), holder.pkcs8()).unwrap();
    let source = Source(Arc::clone(&authority), Arc::clone(&clock));
    let trust = TransportTrust::new(authority.trust().unwrap(), Arc::new(source));
    let wire = Wire::new(Arc::new(keys), Arc::new(trust), clock);
    let url = format!("http://{}/shep/sync", program.address);
    let transport = HttpTransport::new(BTreeMap::from([("there".to_owned(), url)]), None).unwrap();
    let route = Route {
        contract,
        endpoint: "there".to_owned(),
        peer: Peer { bin: None, common_name: Some("QYZMET GATEWAY (DEV)".to_owned()) },
        payload: None,
    };
    RegistersClient::new(wire, Arc::new(transport), [route]).unwrap()
}

async fn ask(client: &RegistersClient, register: &str, person: &str, id: u128) -> Result<Answer, PortError> {
    let question = Question {
        register: register.into(),
        iin: People::house().unwrap().by_id(person).unwrap().iin.clone(),
        values: BTreeMap::new(),
        message: uuid::Uuid::from_u128(id),
        correlation: uuid::Uuid::from_u128(1),
    };
    client.ask(&question).await
}

fn unavailable(answer: Result<Answer, PortError>) {
    assert!(matches!(answer, Err(PortError::Unavailable(_))), "{:?}", answer.map(|it| it.records));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_simulated_register_runs_as_a_program_and_misbehaves_on_demand() {
    let folder = tempfile::tempdir().unwrap();
    borrow_keys(folder.path(), AT);
    let program = Program::start("gbd-fl", folder.path(), &["--faults", r#"{"answer": "no-person"}"#]);
    let client = client("gbd-fl", folder.path(), &program);
    let ask = async |id| ask(&client, "gbd-fl", "p01", id).await;
    // As it was started.
    assert_eq!(ask(1).await.unwrap().records.len(), 0);
    program.faults("{}");
    let found = ask(2).await.unwrap();
    assert!(found.simulated && found.message.starts_with("SIM-"));
    assert_eq!(found.records.len(), 1);
    for switch in ["fault", "bad-signature", "unsigned", "silent"] {
        program.faults(&format!(r#"{{"answer": "{switch}"}}"#));
        unavailable(ask(3).await);
        // A fault comes with the status that SOAP 1.1 wants.
        let answer = program.http("POST", "/shep/sync", "no envelope");
        assert!(switch != "fault" || answer.starts_with("HTTP/1.1 500"), "{answer}");
    }
    for switch in ["wrong-request", "bad-payload"] {
        program.faults(&format!(r#"{{"answer": "{switch}"}}"#));
        assert!(matches!(ask(4).await, Err(PortError::Unusable(_))));
    }
    program.faults(r#"{"truncate": true}"#);
    unavailable(ask(5).await);
    program.faults(r#"{"status": 502}"#);
    unavailable(ask(6).await);
    program.faults(r#"{"delay_ms": 50}"#);
    assert!(ask(7).await.is_ok());
    // The second question gets the answer of the first, which names the first.
    program.faults(r#"{"duplicate": true}"#);
    assert!(ask(8).await.is_ok());
    unavailable(ask(9).await);
    assert!(ask(10).await.is_ok());
    // Two at once get each other's answers; neither is believed. One alone gets its own.
    program.faults(r#"{"reorder": true}"#);
    let (one, two) = tokio::join!(ask(11), ask(12));
    unavailable(one);
    unavailable(two);
    assert!(ask(13).await.is_ok());
    program.faults(r#"{"flapping": {"good": 1, "bad": 2}}"#);
    assert!(ask(14).await.is_ok());
    unavailable(ask(15).await);
    unavailable(ask(16).await);
    assert!(ask(17).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_register_of_the_known_profile_needs_a_contract_and_rows_only() {
    let folder = tempfile::tempdir().unwrap();
    borrow_keys(folder.path(), AT);
    let program = Program::start("labour-market", folder.path(), &[]);
    let client = client("labour-market", folder.path(), &program);
    let found = ask(&client, "labour-market", "p04", 1).await.unwrap();
    assert_eq!(found.records[0]["status"], "unemployed");
    let health = program.http("GET", "/healthz", "");
    assert!(health.contains("x-qyzmet-simulated: SIM-LABOURMARKET"), "{health}");
    assert!(health.contains(r#""answered":1"#) && health.contains(r#""simulated":true"#), "{health}");
    // Switches out of bounds, and unknown ones, change nothing.
    for wrong in [r#"{"status": 404}"#, r#"{"anser": "fault"}"#, "{"] {
        let answer = program.http("POST", "/faults", wrong);
        assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    assert!(ask(&client, "labour-market", "p04", 2).await.is_ok());
}

#[test]
fn a_register_that_does_not_ship_is_named_with_those_that_do() {
    let output = Command::new(env!("CARGO_BIN_EXE_qyzmet"))
        .args(["simulate-register", "carrier-pigeon"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("no register `carrier-pigeon`") && told.contains("gbd-fl"), "{told}");
}
