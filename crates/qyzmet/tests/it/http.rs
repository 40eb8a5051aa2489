// SPDX-License-Identifier: MIT OR Apache-2.0
//! The address of messages over a socket: who is let in, how a port describes itself, and how a refusal comes.

use crate::office::Office;
use gateway::TlsFiles;
use qyzmet::serve::{Config, Served, Sockets};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, Stream};
use shep::{Code, DOCUMENT_BYTES_MAX, Envelope, Message};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

const NOON: &str = "2026-11-23T05:00:00Z";
/// How long an answer is waited for; a test that waits so long has failed.
const WAIT: Duration = Duration::from_mins(1);

/// How the authority of connections works.
const CA: &str = "[ca]\ndefault_ca = own\n[own]\ndatabase = index.txt\nrand_serial = yes\nnew_certs_dir = .\n\
    default_md = sha256\nunique_subject = no\npolicy = any\n[any]\ncommonName = supplied\n";

/// A portal that takes messages under TLS; its own keys lie in `tls`, those of a stranger in `strange`.
pub(crate) struct Secured {
    pub(crate) office: Office,
    pub(crate) address: SocketAddr,
}

impl Secured {
    pub(crate) async fn open() -> Self {
        let office = Office::open(NOON).await;
        for root in ["tls", "strange"] {
            certificates(&office.path(root));
        }
        let text = with_tls(&office.portal(), "tls", "tls");
        let config = Config::read(&office.write(&text)).unwrap();
        let sockets = Sockets::open(&config).unwrap();
        let (_, address) = sockets.addresses().unwrap();
        let served = Served::open_by(config, Arc::clone(&office.clock)).await.unwrap();
        drop(tokio::spawn(served.run(sockets, std::future::pending())));
        Self { office, address }
    }

    /// Returns a client that believes the portal and shows this certificate of that folder.
    fn client(&self, folder: &str, name: &str) -> ClientConfig {
        let path = |it: String| self.office.path(&it);
        let files = TlsFiles {
            certificates: vec![path(format!("{folder}/{name}.pem"))],
            key: path(format!("{folder}/own.key")),
            roots: vec![path("tls/root.pem".to_owned())],
        };
        files.client().unwrap()
    }

    /// Returns a client that believes the portal and shows nothing.
    fn nobody(&self) -> ClientConfig {
        let root = std::fs::read(self.office.path("tls/root.pem")).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(&root).unwrap()).unwrap();
        let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().unwrap();
        builder.with_root_certificates(roots).with_no_client_auth()
    }

    fn get(&self, path: &str) -> (u16, String) {
        let request = format!("GET {path} HTTP/1.1\r\nHost: portal.example\r\nConnection: close\r\n\r\n");
        parted(&self.asked(self.client("tls", "own"), request.as_bytes()))
    }

    fn post(&self, kind: &str, body: &[u8]) -> (u16, String) {
        let length = body.len();
        let head = format!(
            "POST /shep/client HTTP/1.1\r\nHost: portal.example\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
        );
        parted(&self.asked(self.client("tls", "own"), &[head.as_bytes(), body].concat()))
    }

    /// Returns what is answered to a request; nothing where the connection is refused.
    fn asked(&self, client: ClientConfig, request: &[u8]) -> String {
        let name = ServerName::from(self.address.ip());
        let mut session = ClientConnection::new(Arc::new(client), name).unwrap();
        let mut socket = TcpStream::connect(self.address).unwrap();
        socket.set_read_timeout(Some(WAIT)).unwrap();
        let mut stream = Stream::new(&mut session, &mut socket);
        let mut answer = Vec::new();
        // It may be refused before or after the first bytes.
        let _refused = stream.write_all(request);
        let _refused = stream.read_to_end(&mut answer);
        String::from_utf8(answer).unwrap()
    }
}

/// Returns a configuration with the keys of one folder and the root of another.
pub(crate) fn with_tls(text: &str, own: &str, root: &str) -> String {
    let tls = format!(
        "[messages.tls]\ncertificates = [\"{own}/own.pem\"]\nkey = \"{own}/own.key\"\nroots = [\"{root}/root.pem\"]\n\n[[peer]]"
    );
    text.replace("[[peer]]", &tls)
}

/// Makes a root, a certificate for both sides of a connection at this machine, and one of the same key that has ended.
/// Connections go by the clock of the machine, so that they are made anew.
fn certificates(folder: &Path) {
    std::fs::create_dir(folder).unwrap();
    let openssl = |args: &str| {
        let mut command = Command::new("openssl");
        command.args(args.split_whitespace()).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
        assert!(command.status().unwrap().success(), "openssl {args}");
    };
    let usage = "subjectAltName = IP:127.0.0.1\nextendedKeyUsage = serverAuth, clientAuth\n";
    std::fs::write(folder.join("own.ext"), usage).unwrap();
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    let whose = folder.file_name().unwrap().display();
    openssl(&format!("req -x509 {key} -keyout root.key -out root.pem -subj /CN=root-{whose} -days 30"));
    openssl(&format!("req -new {key} -keyout own.key -out own.csr -subj /CN=own"));
    std::fs::write(folder.join("index.txt"), "").unwrap();
    std::fs::write(folder.join("ca.cnf"), CA).unwrap();
    for (name, until) in
        [("own", "-days 30"), ("ended", "-startdate 20200101000000Z -enddate 20200201000000Z")]
    {
        let under = "ca -batch -notext -config ca.cnf -cert root.pem -keyfile root.key -extfile own.ext";
        openssl(&format!("{under} -in own.csr {until} -out {name}.pem"));
    }
}

/// Returns the status and the body of an answer.
fn parted(answer: &str) -> (u16, String) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answer:?}"));
    let status = head.split(' ').nth(1).unwrap();
    (status.parse().unwrap(), body.to_owned())
}

#[track_caller]
fn is_well_formed(document: &str) {
    let mut child = Command::new("xmllint")
        .args(["--nonet", "--noout", "-"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("xmllint (libxml2-utils): {error}"));
    child.stdin.take().unwrap().write_all(document.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success(), "{document}");
}

/// Returns the code of the fault that an answer is.
fn code(answer: &str) -> Code {
    let Message::Fault(fault) = Envelope::read(answer.as_bytes()).unwrap().message else {
        panic!("{answer}")
    };
    fault.detail.unwrap().1.code
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_shows_a_certificate_of_our_root_in_its_term_gets_a_word() {
    let portal = Secured::open().await;
    let request = b"GET /shep/client?wsdl HTTP/1.1\r\nHost: portal.example\r\nConnection: close\r\n\r\n";
    let asked = |client| portal.asked(client, request);
    assert!(asked(portal.client("tls", "own")).starts_with("HTTP/1.1 200"));
    assert_eq!(asked(portal.nobody()), "", "no certificate");
    assert_eq!(asked(portal.client("strange", "own")), "", "a certificate of another root");
    assert_eq!(asked(portal.client("tls", "ended")), "", "a certificate that has ended");
    // Without TLS nothing is understood, and nothing is told but that.
    let mut plain = TcpStream::connect(portal.address).unwrap();
    plain.set_read_timeout(Some(WAIT)).unwrap();
    plain.write_all(request).unwrap();
    let mut told = Vec::new();
    let _refused = plain.read_to_end(&mut told);
    assert!(!told.starts_with(b"HTTP"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_port_describes_itself_and_a_refusal_comes_as_a_signed_fault_under_status_500() {
    let portal = Secured::open().await;
    for query in ["wsdl", "WSDL"] {
        let (status, description) = portal.get(&format!("/shep/client?{query}"));
        assert_eq!(status, 200, "{query}");
        assert!(description.contains("https://portal.example/shep/client"), "{description}");
        is_well_formed(&description);
    }
    for name in ["client", "envelope"] {
        let (status, schema) = portal.get(&format!("/shep/client?xsd={name}"));
        assert_eq!((status, schema.as_str()), (200, shep::xsd(name).unwrap()));
        is_well_formed(&schema);
    }
    // A portal has no such port, the port no such schema.
    for path in ["/shep/sync?wsdl", "/shep/client?xsd=nobody", "/shep/client"] {
        assert_eq!(portal.get(path).0, 404, "{path}");
    }
    // What it is said to be changes nothing: the bytes are judged.
    for kind in ["text/xml; charset=utf-8", "application/json", "text/xml; charset=utf-16", "multipart/mixed"]
    {
        let (status, answer) = portal.post(kind, b"no message");
        assert_eq!((status, code(&answer)), (500, Code::Format), "{kind}");
        let signed = eds::xml::verify_body(answer.as_bytes()).unwrap();
        let own = portal.office.authority.transport("portal").unwrap().certificate();
        assert_eq!(signed.certificate_der, own.der(), "{kind}");
    }
    // What is longer than any message is not read, so that nobody signs what is said of it.
    let (status, answer) = portal.post("text/xml", &vec![b' '; DOCUMENT_BYTES_MAX + 1]);
    assert_eq!((status, code(&answer)), (413, Code::Format));
    eds::xml::verify_body(answer.as_bytes()).map(drop).unwrap_err();
}
