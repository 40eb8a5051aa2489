// SPDX-License-Identifier: MIT OR Apache-2.0
//! A development authority, keys, a fixed clock and a hub with simulated registers.

use gateway::{
    Endpoint, EvidenceSource, InProcess, Keys, Peer, RegistersClient, Route, TransportTrust, Wire,
};
use jiff::Timestamp;
use service::contracts::RegisterContract;
use service::ports::Clock;
use simulators::ca::{DevCa, Organization, Person, Position, Standing};
use simulators::{GbdFl, Identity, People, Records, Rows, Switch};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use uuid::Uuid;

pub(crate) const NOW: &str = "2026-11-21T05:00:00Z";
pub(crate) const BIN: &str = "930140999904";

pub(crate) fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// A clock that stands still.
#[derive(Debug)]
pub(crate) struct Still(pub(crate) Timestamp, AtomicU64);

impl Still {
    pub(crate) fn at(at: Timestamp) -> Arc<Self> {
        Arc::new(Self(at, AtomicU64::new(1)))
    }
}

impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }

    fn uuid(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.1.fetch_add(1, Ordering::Relaxed)))
    }

    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// Evidence of the development authority.
#[derive(Debug)]
pub(crate) struct CaSource(pub(crate) Arc<DevCa>, pub(crate) Timestamp);

#[async_trait::async_trait]
impl EvidenceSource for CaSource {
    async fn ocsp(&self, url: &str, request: &[u8]) -> Option<Vec<u8>> {
        self.0.answer(url, request, self.1).map(|it| it.bytes)
    }

    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        self.0.answer(url, &[], self.1).map(|it| it.bytes)
    }

    async fn issuer(&self, urls: &[String]) -> Option<Vec<u8>> {
        urls.iter().find_map(|url| self.0.answer(url, &[], self.1)).map(|it| it.bytes)
    }

    async fn stamp(&self, request: &[u8]) -> Option<Vec<u8>> {
        Some(self.0.stamp_time(request, self.1))
    }
}

/// Evidence of the development authority, but its authority of time is silent.
#[derive(Debug)]
pub(crate) struct TimelessSource(pub(crate) CaSource);

#[async_trait::async_trait]
impl EvidenceSource for TimelessSource {
    async fn ocsp(&self, url: &str, request: &[u8]) -> Option<Vec<u8>> {
        self.0.ocsp(url, request).await
    }

    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        self.0.crl(url).await
    }

    async fn issuer(&self, urls: &[String]) -> Option<Vec<u8>> {
        self.0.issuer(urls).await
    }
}

/// Evidence that nobody gives.
#[derive(Debug)]
pub(crate) struct NoSource;

#[async_trait::async_trait]
impl EvidenceSource for NoSource {
    async fn ocsp(&self, _: &str, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    async fn crl(&self, _: &str) -> Option<Vec<u8>> {
        None
    }

    async fn issuer(&self, _: &[String]) -> Option<Vec<u8>> {
        None
    }
}

/// One authority for all tests: its keys take seconds to make.
pub(crate) static CA: LazyLock<Arc<DevCa>> = LazyLock::new(|| {
    let [it, _, _] = &*AUTHORITIES;
    Arc::clone(it)
});
/// The same with so many keys revoked that its list is too long to lie with an act.
pub(crate) static LONG_CA: LazyLock<Arc<DevCa>> = LazyLock::new(|| {
    let [_, it, _] = &*AUTHORITIES;
    Arc::clone(it)
});
/// The same where the key `p01` is revoked too, half an hour later.
pub(crate) static LATER_CA: LazyLock<Arc<DevCa>> = LazyLock::new(|| {
    let [_, _, it] = &*AUTHORITIES;
    Arc::clone(it)
});

static AUTHORITIES: LazyLock<[Arc<DevCa>; 3]> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let people = People::house().unwrap();
    let official = |name: &str, person: &str, position| Person {
        name: name.to_owned(),
        standing: Standing::Official {
            organization: Organization { name: "ҮЛГІ".to_owned(), bin: BIN.to_owned() },
            position,
        },
        ..people.by_id(person).unwrap().key()
    };
    let officials = [
        official("head", "p15", Position::Head),
        official("head-as-employee", "p15", Position::Employee),
        official("deputy", "p16", Position::RightToSign),
    ];
    let people: Vec<Person> = [people.by_id("p01").unwrap().key()].into_iter().chain(officials).collect();
    let open = || Arc::new(DevCa::create_or_load(folder.path(), now(), &people).unwrap());
    let ca = open();
    let revoked = folder.path().join("revoked.json");
    let mut revocations: BTreeMap<String, String> =
        serde_json::from_slice(&std::fs::read(&revoked).unwrap()).unwrap();
    // 19 bytes of a serial number each.
    revocations.extend((0..6_000).map(|it| (format!("40{it:036x}"), "2026-11-01T00:00:00Z".to_owned())));
    std::fs::write(&revoked, serde_json::to_vec(&revocations).unwrap()).unwrap();
    let long = open();
    let serial = ca.holder("p01").unwrap().certificate().serial_hex();
    revocations.insert(serial, "2026-11-21T05:30:00Z".to_owned());
    std::fs::write(&revoked, serde_json::to_vec(&revocations).unwrap()).unwrap();
    [ca, long, open()]
});

pub(crate) fn keys(sender: &str, holder: &str) -> Arc<Keys> {
    let holder = CA.holder(holder).unwrap();
    Arc::new(Keys::new(sender, holder.certificate().der(), holder.pkcs8()).unwrap())
}

pub(crate) fn trust() -> Arc<TransportTrust> {
    let source = Arc::new(CaSource(Arc::clone(&CA), now()));
    Arc::new(TransportTrust::new(CA.trust().unwrap(), source))
}

pub(crate) fn wire(sender: &str, holder: &str) -> Wire {
    Wire::new(keys(sender, holder), trust(), Still::at(now()))
}

pub(crate) fn peer(system: &str) -> Peer {
    Peer { bin: None, common_name: Some(format!("QYZMET {} (DEV)", system.to_uppercase())) }
}

pub(crate) fn contract(id: &str) -> RegisterContract {
    let path = format!("{}/../../registers/{id}/register.toml", env!("CARGO_MANIFEST_DIR"));
    RegisterContract::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
}

pub(crate) fn identity(code: &str) -> Identity {
    let ca = Arc::clone(&CA);
    let meet = move |needs: &[eds::Need], at, evidence: &mut eds::Evidence| ca.meet(needs, at, evidence);
    Identity::new(code, CA.transport("gateway").unwrap(), CA.trust().unwrap(), meet).unwrap()
}

/// A simulated register as an endpoint.
#[derive(Debug)]
pub(crate) struct Simulated<T>(pub(crate) Arc<T>, pub(crate) fn(&T, &[u8], Timestamp) -> Vec<u8>);

#[async_trait::async_trait]
impl<T: std::fmt::Debug + Send + Sync> Endpoint for Simulated<T> {
    async fn handle(&self, envelope: Vec<u8>) -> Vec<u8> {
        (self.1)(&self.0, &envelope, now())
    }
}

/// Registers of the profile of named values.
pub(crate) const PROFILED: [&str; 5] = ["guardianship", "enis", "labour-market", "civil-acts", "addresses"];

pub(crate) struct Registers {
    pub(crate) hub: Arc<InProcess>,
    pub(crate) client: RegistersClient,
    pub(crate) gbd_fl: Arc<GbdFl>,
    /// Those of the profile of named values.
    pub(crate) profiled: Vec<Arc<Records>>,
}

impl Registers {
    /// Makes every register misbehave, or behave again.
    pub(crate) fn set(&self, switch: Switch) {
        self.gbd_fl.set(switch);
        self.profiled.iter().for_each(|it| it.set(switch));
    }
}

/// Returns a client of the registers, signing as the portal.
pub(crate) fn registers() -> Registers {
    registers_for(wire("qyzmet-portal", "transport-portal"))
}

pub(crate) fn registers_for(wire: Wire) -> Registers {
    let people = Arc::new(People::house().unwrap());
    let gbd_fl = Arc::new(GbdFl::new(identity("GBDFL"), Arc::clone(&people)));
    let hub = Arc::new(InProcess::new());
    let rows = Rows::house(&people).unwrap();
    let mut profiled = Vec::new();
    for id in PROFILED {
        let contract = contract(id);
        let code = id.to_uppercase().replace('-', "");
        let named = (id, contract.service_id.as_str());
        let register = Arc::new(Records::new(identity(&code), Arc::clone(&people), named, &rows));
        hub.register(id, Arc::new(Simulated(Arc::clone(&register), Records::answer)));
        profiled.push(register);
    }
    hub.register("gbd-fl", Arc::new(Simulated(Arc::clone(&gbd_fl), GbdFl::answer)));
    let routes = ["gbd-fl", "guardianship", "enis"].map(|id| Route {
        contract: contract(id),
        endpoint: id.to_owned(),
        peer: peer("gateway"),
        payload: None,
    });
    let client = RegistersClient::new(wire, Arc::clone(&hub) as Arc<_>, routes).unwrap();
    Registers { hub, client, gbd_fl, profiled }
}

pub(crate) fn wait<T>(it: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(it)
}

/// A transport that changes what goes out, and keeps what it carried.
#[derive(Debug)]
pub(crate) struct Meddler<F> {
    pub(crate) hub: Arc<InProcess>,
    pub(crate) change: F,
}

#[async_trait::async_trait]
impl<F> gateway::Transport for Meddler<F>
where
    F: Fn(String) -> String + Send + Sync + std::fmt::Debug,
{
    async fn exchange(
        &self,
        endpoint: &str,
        envelope: Vec<u8>,
    ) -> Result<Vec<u8>, service::ports::PortError> {
        let changed = (self.change)(String::from_utf8(envelope).unwrap());
        self.hub.exchange(endpoint, changed.into_bytes()).await
    }
}
