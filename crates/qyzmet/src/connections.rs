// SPDX-License-Identifier: MIT OR Apache-2.0
//! How connections are taken: so many at once, and none that asks nothing for long.
//!
//! Whoever opens many and says little would take all the files that a process may open; the store needs some of them.

mod watched;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum_server::Server;
use hyper_util::rt::TokioTimer;
use std::collections::{BTreeSet, HashMap};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::Service;
use watched::{Turns, Watching};
use web::limit::network;

/// How long the head of a request may take to arrive, from its first byte; of the first one, from the connection.
pub const HEAD: Duration = Duration::from_secs(10);
/// How long a connection may wait for its next request: longer than proxies keep theirs, or they would send into closed ones.
const IDLE: Duration = Duration::from_secs(75);
/// Bytes of requests that are read ahead on a connection, and so the longest head; and of answers that wait to be written,
/// but for the piece that is written.
const BUFFER_BYTES_MAX: usize = 64 * 1024;
/// Connections to pages from one address at once.
const SHARE_MAX: usize = 64;
/// Connections to pages at once; with those of messages fewer than the 1 024 files that a process may open by default.
pub const PAGES_MAX: usize = 512;
/// Connections that bring messages at once.
pub const MESSAGES_MAX: usize = 256;

/// Returns a server that hangs up when no whole head of a request comes in time, or nobody reads what it answers. It speaks
/// HTTP/1.1 alone: before it knows which of two versions is spoken it would wait for ever.
pub fn patient<A>(server: Server<SocketAddr, A>, head: Duration) -> Server<SocketAddr, Watching<A>> {
    let mut server = server.map(|inner| Watching::over(inner, head));
    let mut builder = server.http_builder().http1();
    builder.timer(TokioTimer::new()).header_read_timeout(IDLE).max_buf_size(BUFFER_BYTES_MAX);
    server.http1_only()
}

/// What answers connections, so many at once; others wait to be taken.
#[derive(Debug)]
pub struct Connections {
    app: Router,
    places: Arc<Semaphore>,
    shares: Option<Shares>,
}

impl Connections {
    /// Returns what answers at most so many connections at once.
    pub fn to(app: Router, at_once: usize) -> Self {
        Self { app, places: Arc::new(Semaphore::new(at_once)), shares: None }
    }

    /// Gives each address its share, but this computer and these proxies, behind which many stand.
    #[must_use]
    pub fn shared(mut self, proxies: BTreeSet<IpAddr>) -> Self {
        self.shares = Some(Shares { proxies, held: HashMap::new() });
        self
    }
}

impl Service<SocketAddr> for Connections {
    type Response = Connected;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Connected>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, from: SocketAddr) -> Self::Future {
        let (app, places) = (self.app.clone(), Arc::clone(&self.places));
        let share = self.shares.as_mut().map_or_else(|| Some(Arc::default()), |it| it.of(from.ip()));
        Box::pin(async move {
            let share = share.ok_or(io::ErrorKind::ConnectionRefused)?;
            let place = places.acquire_owned().await.map_err(io::Error::other)?;
            Ok(Connected { app, from, turns: Turns::default(), _place: Arc::new((place, share)) })
        })
    }
}

/// The connections of each address: whoever has his share already is hung up on at once.
#[derive(Debug)]
struct Shares {
    proxies: BTreeSet<IpAddr>,
    held: HashMap<IpAddr, Weak<()>>,
}

impl Shares {
    /// Returns what a connection from this address holds for as long as it lives; nothing where there is no more.
    fn of(&mut self, from: IpAddr) -> Option<Arc<()>> {
        let from = from.to_canonical();
        if from.is_loopback() || self.proxies.contains(&from) {
            return Some(Arc::default());
        }
        self.held.retain(|_, it| it.strong_count() > 0);
        let held = self.held.entry(network(from)).or_default();
        if held.strong_count() >= SHARE_MAX {
            return None;
        }
        let share = held.upgrade().unwrap_or_default();
        *held = Arc::downgrade(&share);
        Some(share)
    }
}

/// What answers one connection and knows where it comes from; it has its place for as long as it lives.
#[derive(Debug, Clone)]
pub struct Connected {
    app: Router,
    from: SocketAddr,
    turns: Turns,
    _place: Arc<(OwnedSemaphorePermit, Arc<()>)>,
}

impl<B> Service<Request<B>> for Connected
where
    Router: Service<Request<B>>,
    <Router as Service<Request<B>>>::Future: Send + 'static,
{
    type Response = <Router as Service<Request<B>>>::Response;
    type Error = <Router as Service<Request<B>>>::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        <Router as Service<Request<B>>>::poll_ready(&mut self.app, context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        request.extensions_mut().insert(ConnectInfo(self.from));
        let answering = <Router as Service<Request<B>>>::call(&mut self.app, request);
        let turns = self.turns.clone();
        turns.pass();
        Box::pin(async move {
            let answered = answering.await;
            turns.pass();
            answered
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use std::io::{Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};
    use web::limit::Place;

    /// Longer than anything takes here.
    const LONG: Duration = Duration::from_secs(20);
    const WHOLE: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const HALF: &str = "GET / HTTP/1.1\r\nHost: a\r\nX: ";

    fn served(at_once: usize, head: Duration) -> SocketAddr {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        socket.set_nonblocking(true).unwrap();
        let at = socket.local_addr().unwrap();
        let app = Router::new().route("/", get(|place: Place| async move { format!("{:?}", place.0) }));
        let server = patient(axum_server::from_tcp(socket).unwrap(), head);
        drop(tokio::spawn(server.serve(Connections::to(app, at_once))));
        at
    }

    fn connected(at: SocketAddr, words: &str) -> TcpStream {
        let mut stream = TcpStream::connect(at).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        stream.write_all(words.as_bytes()).unwrap();
        stream
    }

    /// Returns one answer; the page ends it.
    fn answered(stream: &mut TcpStream) -> String {
        let (mut heard, mut byte) = (Vec::new(), [0]);
        while !heard.ends_with(b"Some(127.0.0.1)") {
            stream.read_exact(&mut byte).unwrap();
            heard.extend(byte);
        }
        String::from_utf8(heard).unwrap()
    }

    /// Returns what comes until the server hangs up.
    fn heard(mut stream: TcpStream) -> String {
        let mut heard = String::new();
        stream.read_to_string(&mut heard).unwrap();
        heard
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_says_half_of_what_he_asks_is_hung_up_on() {
        let at = served(9, Duration::from_millis(50));
        for words in ["", "PRI * HT", HALF] {
            assert_eq!(heard(connected(at, words)), "", "{words}");
        }
        let answered = answered(&mut connected(at, WHOLE));
        assert!(answered.starts_with("HTTP/1.1 200"), "{answered}");
        assert!(answered.ends_with("Some(127.0.0.1)"), "{answered}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_was_answered_may_rest_longer_than_a_head_may_take() {
        let head = Duration::from_millis(50);
        let mut stream = connected(served(9, head), WHOLE);
        for _ in 0..2 {
            assert!(answered(&mut stream).starts_with("HTTP/1.1 200"));
            tokio::time::sleep(head * 4).await;
            stream.write_all(WHOLE.as_bytes()).unwrap();
        }
        assert!(answered(&mut stream).starts_with("HTTP/1.1 200"));
        stream.write_all(HALF.as_bytes()).unwrap();
        assert_eq!(heard(stream), "", "what was begun has to come");
    }

    #[test]
    fn an_address_has_its_share_of_connections_but_not_a_proxy_of_ours() {
        let proxy: IpAddr = "192.0.2.9".parse().unwrap();
        let mut shares = Shares { proxies: BTreeSet::from([proxy]), held: HashMap::new() };
        let many = |shares: &mut Shares, from: &str| -> Vec<_> {
            (0..=SHARE_MAX).filter_map(|_| shares.of(from.parse().unwrap())).collect()
        };
        let held = many(&mut shares, "::ffff:192.0.2.1");
        assert_eq!((held.len(), shares.of("192.0.2.1".parse().unwrap())), (SHARE_MAX, None));
        for (from, taken) in
            [("2001:db8::1", SHARE_MAX), ("192.0.2.9", SHARE_MAX + 1), ("127.0.0.1", SHARE_MAX + 1)]
        {
            assert_eq!(many(&mut shares, from).len(), taken, "{from}");
        }
        drop(held);
        assert!(shares.of("192.0.2.1".parse().unwrap()).is_some());
        assert_eq!(shares.held.len(), 1, "who is gone is forgotten");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_connection_too_many_waits_for_a_place() {
        let at = served(1, LONG);
        let first = connected(at, HALF);
        let second = connected(at, &WHOLE.replace("Host", "Connection: close\r\nHost"));
        second.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        assert!(second.peek(&mut [0; 1]).is_err(), "it is not answered yet");
        drop(first);
        second.set_read_timeout(Some(LONG)).unwrap();
        assert!(heard(second).starts_with("HTTP/1.1 200"));
    }
}
