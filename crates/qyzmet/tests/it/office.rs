// SPDX-License-Identifier: MIT OR Apache-2.0
//! A role as an administrator configures it, in a folder; the authority over HTTP, with switches.

use crate::road::borrow_keys;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use gateway::{Install, Roots};
use jiff::{SignedDuration, Timestamp};
use qyzmet::parts::SystemClock;
use service::ports::Clock as _;
use simulators::ca::{DEV_CA_URL, DevCa};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

/// What can be asked of the authority.
const PATHS: [&str; 7] =
    ["/ocsp/", "/crl/nca.crl", "/crl/nca_d.crl", "/crl/root.crl", "/cert/nca.cer", "/cert/root.cer", "/tsp/"];

/// What the authority does not do.
#[derive(Debug, Default)]
pub(crate) struct Switches {
    /// OCSP does not answer.
    pub(crate) no_ocsp: AtomicBool,
    /// Lists do not answer.
    pub(crate) no_lists: AtomicBool,
    /// Time stamps do not answer.
    pub(crate) no_stamps: AtomicBool,
    /// The list of people's keys is that of authorities.
    pub(crate) other_list: AtomicBool,
    /// The authority as it answers from now on, in place of the first.
    pub(crate) newer: OnceLock<DevCa>,
    /// By so many seconds the authority's clock is before ours.
    pub(crate) ahead_seconds: AtomicI64,
}

#[derive(Debug, Clone)]
struct There {
    authority: Arc<DevCa>,
    switches: Arc<Switches>,
    clock: Arc<SystemClock>,
}

/// The folder of an administrator.
pub(crate) struct Office {
    folder: tempfile::TempDir,
    pub(crate) authority: Arc<DevCa>,
    pub(crate) clock: Arc<SystemClock>,
    pub(crate) switches: Arc<Switches>,
    pub(crate) address: SocketAddr,
}

impl Office {
    pub(crate) async fn open(at: &str) -> Self {
        Self::open_after(at, |_| ()).await
    }

    /// Opens it after something was done to the authority.
    pub(crate) async fn open_after(at: &str, done: impl FnOnce(&mut DevCa)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        borrow_keys(folder.path(), at);
        let at: Timestamp = at.parse().unwrap();
        let clock = Arc::new(SystemClock::new(Some(at)));
        let owners = qyzmet::demo::key_owners().unwrap();
        let mut authority = DevCa::create_or_load(&folder.path().join("authority"), at, &owners).unwrap();
        done(&mut authority);
        let mut roots = Roots::open(&folder.path().join("trust")).unwrap();
        let how = Install { sha256: None, development: true, at };
        roots.install(authority.root_der(), how).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (authority, switches) = (Arc::new(authority), Arc::new(Switches::default()));
        let there = There {
            authority: Arc::clone(&authority),
            switches: Arc::clone(&switches),
            clock: Arc::clone(&clock),
        };
        let app = Router::new().fallback(answer).with_state(there);
        drop(tokio::spawn(async move { axum::serve(listener, app).await }));
        Self { folder, authority, clock, switches, address }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Returns the configuration of a portal.
    pub(crate) fn portal(&self) -> String {
        let address = self.address;
        let instead = PATHS.map(|it| format!("\"{DEV_CA_URL}{it}\" = \"http://{address}{it}\"\n")).concat();
        format!(
            r#"role = "portal"
mode = "development"
data = "data"
base_url = "http://127.0.0.1"
listen = "127.0.0.1:0"
roots = "trust"
demo_accounts = true

[keys]
sender = "portal"
certificate = "authority/transport-portal.cer"
key = "authority/transport-portal.key"

[evidence]
stamp = "http://{address}/tsp/"
[evidence.instead]
{instead}
[messages]
listen = "127.0.0.1:0"

[[peer]]
id = "gateway"
role = "gateway"
common_name = "QYZMET GATEWAY (DEV)"
url = "http://{address}/shep"
"#
        )
    }

    /// Returns the configuration of a region, with the portal's keys.
    pub(crate) fn region(&self) -> String {
        self.portal().replace("role = \"portal\"", "role = \"region\"")
    }

    /// Returns what is added to keep the lists of the authority.
    pub(crate) fn lists() -> String {
        let list = |authority: &str, path: &str| {
            format!(
                "\n[[lists.kept]]\nauthority = \"authority/{authority}.cer\"\nurl = \"{DEV_CA_URL}{path}\"\n"
            )
        };
        list("nca", "/crl/nca.crl") + &list("root", "/crl/root.crl")
    }

    /// Writes a configuration and returns where.
    pub(crate) fn write(&self, text: &str) -> PathBuf {
        let path = self.path("portal.toml");
        std::fs::write(&path, text).unwrap();
        path
    }
}

async fn answer(State(there): State<There>, uri: Uri, body: Bytes) -> Result<Vec<u8>, StatusCode> {
    let switch = |it: &AtomicBool| it.load(Ordering::SeqCst);
    let switches = &there.switches;
    let ahead = SignedDuration::from_secs(switches.ahead_seconds.load(Ordering::SeqCst));
    let path = match uri.path() {
        it if it.starts_with("/shep/") => return Ok(Vec::new()),
        "/ocsp/" if switch(&switches.no_ocsp) => return Err(StatusCode::SERVICE_UNAVAILABLE),
        "/tsp/" if switch(&switches.no_stamps) => return Err(StatusCode::SERVICE_UNAVAILABLE),
        it if it.starts_with("/crl/") && switch(&switches.no_lists) => {
            return Err(StatusCode::SERVICE_UNAVAILABLE);
        }
        "/crl/nca.crl" if switch(&switches.other_list) => "/crl/root.crl",
        it => it,
    };
    let authority = switches.newer.get().unwrap_or(&there.authority);
    let answer = authority.answer(path, &body, there.clock.now() + ahead);
    answer.map(|it| it.bytes).ok_or(StatusCode::NOT_FOUND)
}
