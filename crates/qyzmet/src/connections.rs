// SPDX-License-Identifier: MIT OR Apache-2.0
//! How connections are taken: so many at once, and none that asks nothing for long.
//!
//! Whoever opens many and says little would take all the files that a process may open; the store needs some of them.

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum_server::Server;
use hyper_util::rt::TokioTimer;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};
use tower::Service;

/// How long the head of a request may take to arrive, counted from when the connection was free for it.
pub const HEAD: Duration = Duration::from_secs(10);
/// Connections to pages at once; with those of messages fewer than the 1 024 files that a process may open by default.
pub const PAGES_MAX: usize = 512;
/// Connections that bring messages at once.
pub const MESSAGES_MAX: usize = 256;

/// Returns a server that hangs up when no whole head of a request comes in time. It speaks HTTP/1.1 alone: before it
/// knows which of two versions is spoken it would wait for ever.
pub fn patient<A>(mut server: Server<SocketAddr, A>, head: Duration) -> Server<SocketAddr, A> {
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(head);
    server.http1_only()
}

/// What answers connections, so many at once; others wait to be taken.
#[derive(Debug, Clone)]
pub struct Connections {
    app: Router,
    places: Arc<Semaphore>,
}

impl Connections {
    /// Returns what answers at most so many connections at once.
    pub fn to(app: Router, at_once: usize) -> Self {
        Self { app, places: Arc::new(Semaphore::new(at_once)) }
    }
}

impl Service<SocketAddr> for Connections {
    type Response = Connected;
    type Error = AcquireError;
    type Future = Pin<Box<dyn Future<Output = Result<Connected, AcquireError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), AcquireError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, from: SocketAddr) -> Self::Future {
        let (app, places) = (self.app.clone(), Arc::clone(&self.places));
        Box::pin(async move {
            let place = Arc::new(places.acquire_owned().await?);
            Ok(Connected { app, from, _place: place })
        })
    }
}

/// What answers one connection and knows where it comes from; it has its place for as long as it lives.
#[derive(Debug, Clone)]
pub struct Connected {
    app: Router,
    from: SocketAddr,
    _place: Arc<OwnedSemaphorePermit>,
}

impl<B> Service<Request<B>> for Connected
where
    Router: Service<Request<B>>,
{
    type Response = <Router as Service<Request<B>>>::Response;
    type Error = <Router as Service<Request<B>>>::Error;
    type Future = <Router as Service<Request<B>>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        <Router as Service<Request<B>>>::poll_ready(&mut self.app, context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        request.extensions_mut().insert(ConnectInfo(self.from));
        <Router as Service<Request<B>>>::call(&mut self.app, request)
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
        let answered = heard(connected(at, WHOLE));
        assert!(answered.starts_with("HTTP/1.1 200"), "{answered}");
        assert!(answered.ends_with("Some(127.0.0.1)"), "{answered}");
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
