// SPDX-License-Identifier: MIT OR Apache-2.0
//! Real nodes of the broker, on free ports, in folders of their own; they end with the value.

use gateway::transport::NatsLimits;
use std::fmt::Write as _;
use std::io::Read as _;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a node may take to speak.
const START: Duration = Duration::from_mins(1);

/// Nodes of one broker.
pub(crate) struct Broker {
    folder: tempfile::TempDir,
    ports: Vec<u16>,
    nodes: Vec<Option<Child>>,
}

/// Bounds that let a test end soon.
pub(crate) fn quick() -> NatsLimits {
    NatsLimits {
        exchange_seconds: 20,
        step_seconds: 2,
        handle_seconds: 20,
        request_bytes: 64 * 1024 * 1024,
        receipt_bytes: 64 * 1024 * 1024,
        message_bytes: 8 * 1024 * 1024,
        ..NatsLimits::default()
    }
}

impl Broker {
    pub(crate) fn start(count: usize) -> Self {
        Self::start_with(count, "")
    }

    /// Starts nodes whose configurations say this besides.
    pub(crate) fn start_with(count: usize, besides: &str) -> Self {
        // All are taken before any is given back, so that they differ.
        let taken: Vec<_> = (0..2 * count).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
        let ports: Vec<u16> = taken.iter().map(|it| it.local_addr().unwrap().port()).collect();
        drop(taken);
        let folder = tempfile::tempdir().unwrap();
        let (clients, routes) = ports.split_at(count);
        for (index, port) in clients.iter().enumerate() {
            let store = folder.path().join(format!("store-{index}"));
            let mut text = format!(
                "server_name: n{index}\nlisten: 127.0.0.1:{port}\nmax_payload: 2097152\n\
                 jetstream {{ store_dir: {store:?}, max_memory_store: 64MB, max_file_store: 2GB }}\n{besides}\n"
            );
            if count > 1 {
                let others: Vec<String> = routes.iter().map(|it| format!("nats://127.0.0.1:{it}")).collect();
                let (own, others) = (routes[index], others.join(", "));
                writeln!(text, "cluster {{ name: test, listen: 127.0.0.1:{own}, routes: [{others}] }}")
                    .unwrap();
            }
            std::fs::write(folder.path().join(format!("n{index}.conf")), text).unwrap();
        }
        let mut broker = Self { folder, ports: clients.to_vec(), nodes: (0..count).map(|_| None).collect() };
        for index in 0..count {
            broker.launch(index);
        }
        for index in 0..count {
            broker.speaks(index);
        }
        broker
    }

    pub(crate) fn urls(&self) -> Vec<String> {
        self.ports.iter().map(|it| format!("nats://127.0.0.1:{it}")).collect()
    }

    fn launch(&mut self, index: usize) {
        let log = std::fs::File::create(self.folder.path().join(format!("n{index}.log"))).unwrap();
        let child = Command::new("/usr/sbin/nats-server")
            .arg("-c")
            .arg(self.folder.path().join(format!("n{index}.conf")))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn();
        self.nodes[index] = Some(child.expect("Debian's package nats-server"));
    }

    /// Waits until a node greets who connects.
    fn speaks(&self, index: usize) {
        let began = Instant::now();
        while began.elapsed() < START {
            if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.ports[index])) {
                let mut greeting = [0; 4];
                stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
                if stream.read_exact(&mut greeting).is_ok() && &greeting == b"INFO" {
                    return;
                }
            }
            std::thread::yield_now();
        }
        let log = std::fs::read_to_string(self.folder.path().join(format!("n{index}.log")));
        panic!("node {index} does not speak: {log:?}");
    }

    /// Ends a node at once, as a power cut would.
    pub(crate) fn kill(&mut self, index: usize) {
        if let Some(mut child) = self.nodes[index].take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub(crate) fn restart(&mut self, index: usize) {
        self.launch(index);
        self.speaks(index);
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        for index in 0..self.nodes.len() {
            self.kill(index);
        }
    }
}
