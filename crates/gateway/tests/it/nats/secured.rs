// SPDX-License-Identifier: MIT OR Apache-2.0
//! A real broker that asks who we are: by name and password, by nkey, by certificate.

use super::broker::Broker;
use super::{Journal, config, connected, deliver, parcel, portal, region, serve};
use gateway::transport::{NatsConfig, NatsError, NatsLogin, NatsTransport};
use gateway::{TlsFiles, Transport};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

/// The pair of the broker's own documentation.
const NKEY: &str = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";
const NKEY_SEED: &str = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY";

/// A message crosses; the broker's own words need no reading for that.
async fn crosses(config: &NatsConfig) {
    let journal = Arc::new(Journal::default());
    let serving = serve(connected(config).await, region(&journal));
    let client = portal(connected(config).await as Arc<dyn Transport>);
    deliver(&client, &parcel(1, 1)).await;
    assert_eq!(journal.count(), 1);
    let standing = NatsTransport::connect_now(config.clone()).await.unwrap().standing().await.unwrap();
    assert_eq!(standing.waiting, 0);
    serving.abort();
}

async fn refused(config: NatsConfig) -> NatsError {
    NatsTransport::connect_now(config).await.unwrap_err()
}

fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_lets_in_who_knows_the_password_and_tells_who_does_not() {
    let broker = Broker::start_with(1, "authorization { users: [ { user: qyzmet, password: right } ] }");
    let folder = tempfile::tempdir().unwrap();
    let with = |password: &str| {
        let password_file = file(folder.path(), password, &format!("{password}\n"));
        let login = Some(NatsLogin { user: "qyzmet".to_owned(), password_file });
        NatsConfig { login, ..config(&broker, 1) }
    };
    crosses(&with("right")).await;
    for wrong in [with("wrong"), config(&broker, 1)] {
        let told = refused(wrong).await;
        assert!(matches!(told, NatsError::Unauthorised), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_lets_in_who_holds_the_nkey() {
    let broker = Broker::start_with(1, &format!("authorization {{ users: [ {{ nkey: {NKEY} }} ] }}"));
    let folder = tempfile::tempdir().unwrap();
    let with = |seed: &str| {
        let nkey = Some(file(folder.path(), "nkey", seed));
        NatsConfig { nkey, ..config(&broker, 1) }
    };
    crosses(&with(NKEY_SEED)).await;
    let told = refused(with("no seed at all")).await;
    assert!(matches!(told, NatsError::Unauthorised), "{told}");
    let two = NatsConfig { credentials: Some(folder.path().join("nkey")), ..with(NKEY_SEED) };
    assert!(refused(two).await.to_string().contains("one of them at most"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_under_tls_lets_in_only_certificates_of_its_root_and_is_believed_only_under_ours() {
    let folder = tempfile::tempdir().unwrap();
    let (own, strange) = (folder.path().join("own"), folder.path().join("strange"));
    for root in [&own, &strange] {
        std::fs::create_dir(root).unwrap();
        certificates(root);
    }
    let path = |name: &str| own.join(name).display().to_string();
    let (cert, key, root) = (path("server.pem"), path("server.key"), path("root.pem"));
    let besides = format!(
        "tls {{ cert_file: {cert:?}, key_file: {key:?}, ca_file: {root:?}, verify: true, timeout: 10 }}"
    );
    let broker = Broker::start_with(1, &besides);
    let with = |ours: &Path, root: &Path| {
        let tls = TlsFiles {
            certificates: vec![ours.join("client.pem")],
            key: ours.join("client.key"),
            roots: vec![root.join("root.pem")],
        };
        let servers = broker.urls().iter().map(|it| it.replace("nats:", "tls:")).collect();
        NatsConfig { servers, tls: Some(tls), ..config(&broker, 1) }
    };
    crosses(&with(&own, &own)).await;
    // A node that we do not believe, one that does not believe us, and one to whom we show nothing.
    for wrong in [with(&own, &strange), with(&strange, &own), config(&broker, 1)] {
        let told = refused(wrong).await;
        assert!(matches!(told, NatsError::NoTls(_) | NatsError::Refused(_)), "{told:?}");
    }
    let told = refused(with(&own, &strange)).await;
    assert!(matches!(told, NatsError::NoTls(_)), "{told:?}");
}

/// Makes a root, a certificate of a node at this machine and one of a client.
fn certificates(folder: &Path) {
    let openssl = |args: &str| {
        let mut command = Command::new("openssl");
        command.args(args.split_whitespace()).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
        assert!(command.status().unwrap().success(), "openssl {args}");
    };
    file(folder, "server.ext", "subjectAltName = IP:127.0.0.1\nextendedKeyUsage = serverAuth\n");
    file(folder, "client.ext", "subjectAltName = DNS:client\nextendedKeyUsage = clientAuth\n");
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    openssl(&format!("req -x509 {key} -keyout root.key -out root.pem -subj /CN=root -days 30"));
    for who in ["server", "client"] {
        openssl(&format!("req -new {key} -keyout {who}.key -out {who}.csr -subj /CN={who}"));
        let under = "-CA root.pem -CAkey root.key -CAcreateserial -days 30";
        openssl(&format!("x509 -req -in {who}.csr {under} -extfile {who}.ext -out {who}.pem"));
    }
}
