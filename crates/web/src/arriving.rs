// SPDX-License-Identifier: MIT OR Apache-2.0
//! Long requests that are still coming: what has come of each stands in memory until it is answered, so all of them together have
//! a bound, and those of one address a share of it.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes, HttpBody as _};
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::CONNECTION;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use tokio::time::timeout;

use crate::errors::PageError;
use crate::held::{Held, Space, Stay};
use crate::limit::Place;

/// The beginning of a request is not counted: that of all connections together takes little, and forms go on coming.
const SHORT_BYTES_MAX: usize = 256 * 1024;
/// No page keeps more of one request: a scan with its form.
const KEPT_BYTES_MAX: usize = 30 * 1024 * 1024;
/// What is held of all of them: twenty-five of the largest files. Connections bound their number.
const ALL: Held = Held { requests: usize::MAX, bytes: 256 * 1024 * 1024 };
/// What is held of those of one address.
const OF_ONE: Held = Held { requests: usize::MAX, bytes: 64 * 1024 * 1024 };
/// For so long what is still sent is read past once it is refused: most browsers read no answer before they have sent all, and
/// one that is hung up on meanwhile may show none.
const READ_PAST: Duration = Duration::from_secs(10);

/// For the whole program.
static ARRIVING: LazyLock<Arc<Space>> = LazyLock::new(|| Arc::new(Space::new(ALL, OF_ONE)));

/// Takes nothing of a long request for which there is no room; the person is asked to send it again.
pub(crate) async fn bounded(place: Place, request: Request, next: Next) -> Response {
    held(place, &ARRIVING, request, |it| next.run(it)).await
}

async fn held<F: Future<Output = Response>>(
    place: Place,
    space: &Arc<Space>,
    request: Request,
    answer: impl FnOnce(Request) -> F,
) -> Response {
    let bytes = request.body().size_hint().upper().and_then(|it| usize::try_from(it).ok());
    if bytes.is_some_and(|it| it <= SHORT_BYTES_MAX) {
        return answer(request).await;
    }
    let came = Came { space: Arc::clone(space), place, stay: None, bytes: 0, refused: false };
    // It lives on here once all has come: the page works on with it until it answers.
    let came = Arc::new(Mutex::new(came));
    let (parts, body) = request.into_parts();
    let body = Arriving { body: Some(body.into_data_stream()), came: Arc::clone(&came) };
    let answered = answer(Request::from_parts(parts, Body::from_stream(body))).await;
    if !came.lock().unwrap_or_else(PoisonError::into_inner).refused {
        return answered;
    }
    tracing::warn!("too much of long requests is held already");
    let mut refused = PageError::Busy.into_response();
    refused.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    refused
}

/// What has come of a request.
struct Came {
    space: Arc<Space>,
    place: Place,
    stay: Option<Stay>,
    bytes: usize,
    refused: bool,
}

impl Came {
    /// Says whether so many bytes more are taken.
    fn takes(&mut self, bytes: usize) -> bool {
        let counted = |it: usize| it.clamp(SHORT_BYTES_MAX, KEPT_BYTES_MAX);
        let before = counted(self.bytes);
        self.bytes = self.bytes.saturating_add(bytes);
        let more = counted(self.bytes) - before;
        self.refused = self.refused || (more > 0 && !self.grows(more));
        !self.refused
    }

    fn grows(&mut self, bytes: usize) -> bool {
        if self.stay.is_none() {
            self.stay = self.space.enter(self.place).ok();
        }
        self.stay.as_mut().is_some_and(|it| it.grow(bytes).is_ok())
    }
}

/// A body that is counted as it comes, for as long as it is taken.
struct Arriving {
    body: Option<BodyDataStream>,
    came: Arc<Mutex<Came>>,
}

impl Stream for Arriving {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let it = self.get_mut();
        let Some(body) = &mut it.body else { return Poll::Ready(None) };
        let next = ready!(Pin::new(body).poll_next(context));
        let mut came = it.came.lock().unwrap_or_else(PoisonError::into_inner);
        match next {
            Some(Ok(piece)) if !came.takes(piece.len()) => {
                // The page answers at once; what still comes is of no use to it.
                if let Some(body) = it.body.take() {
                    drop(tokio::spawn(read_past(body, READ_PAST)));
                }
                Poll::Ready(Some(Err(axum::Error::new("there is no room"))))
            }
            other => Poll::Ready(other),
        }
    }
}

/// Reads what still comes and keeps nothing of it.
async fn read_past(mut body: BodyDataStream, most: Duration) {
    let all =
        async { while let Some(Ok(_)) = poll_fn(|context| Pin::new(&mut body).poll_next(context)).await {} };
    if timeout(most, all).await.is_err() {
        tracing::debug!("a refused request was not sent to its end");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::to_bytes;
    use axum::http::StatusCode;
    use axum::middleware::from_fn;
    use axum::routing::post;
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Pieces of a request.
    const PIECES: usize = 6;
    const PIECE: usize = 100 * 1024;
    const COUNTED: usize = PIECES * PIECE - SHORT_BYTES_MAX;

    /// Comes in pieces, counts those that were read, and then comes no further, or ends.
    struct Pieces {
        read: Arc<AtomicUsize>,
        ends: bool,
    }

    impl Stream for Pieces {
        type Item = Result<Bytes, axum::Error>;

        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            if self.read.load(Ordering::SeqCst) == PIECES {
                return if self.ends { Poll::Ready(None) } else { Poll::Pending };
            }
            self.read.fetch_add(1, Ordering::SeqCst);
            Poll::Ready(Some(Ok(Bytes::from(vec![7; PIECE]))))
        }
    }

    fn place(last: u8) -> Place {
        Place(Some([192, 0, 2, last].into()))
    }

    /// Room for what is counted of so many requests, and of so many of one address.
    fn space(all: usize, of_one: usize) -> Arc<Space> {
        let of = |count: usize| Held { requests: usize::MAX, bytes: count * COUNTED };
        Arc::new(Space::new(of(all), of(of_one)))
    }

    /// Sends a long request of which the page reads all; `meanwhile` runs before it answers.
    async fn sent(space: &Arc<Space>, last: u8, meanwhile: impl AsyncFnOnce()) -> StatusCode {
        let body = Body::from_stream(Pieces { read: Arc::default(), ends: true });
        answered(space, last, body, meanwhile).await.status()
    }

    async fn answered(space: &Arc<Space>, last: u8, body: Body, meanwhile: impl AsyncFnOnce()) -> Response {
        let response = held(place(last), space, Request::new(body), |it: Request| async move {
            let came = to_bytes(it.into_body(), usize::MAX).await;
            meanwhile().await;
            came.map_or(StatusCode::BAD_REQUEST, |_| StatusCode::OK).into_response()
        });
        response.await
    }

    const TAKEN: StatusCode = StatusCode::OK;
    const REFUSED: StatusCode = StatusCode::SERVICE_UNAVAILABLE;

    #[tokio::test]
    async fn what_has_come_is_counted_until_it_is_answered_and_one_too_many_is_refused() {
        let one = space(1, 1);
        let meanwhile = async || assert_eq!(sent(&one, 2, async || ()).await, REFUSED);
        assert_eq!(sent(&one, 1, meanwhile).await, TAKEN);
        assert_eq!(sent(&one, 2, async || ()).await, TAKEN, "the first was answered");
    }

    #[tokio::test]
    async fn one_address_leaves_room_to_others() {
        let two = space(2, 1);
        let meanwhile = async || {
            assert_eq!(sent(&two, 1, async || ()).await, REFUSED);
            assert_eq!(sent(&two, 2, async || ()).await, TAKEN);
        };
        assert_eq!(sent(&two, 1, meanwhile).await, TAKEN);
    }

    #[tokio::test]
    async fn a_short_request_comes_however_little_room_there_is() {
        let none = space(0, 0);
        let request = Request::new(Body::from(vec![7; SHORT_BYTES_MAX]));
        let response = held(place(1), &none, request, |it: Request| async move {
            to_bytes(it.into_body(), usize::MAX).await.unwrap().into_response()
        });
        assert_eq!(response.await.status(), StatusCode::OK);
        assert_eq!(sent(&none, 1, async || ()).await, REFUSED);
    }

    #[tokio::test]
    async fn what_is_refused_is_answered_at_once_and_the_rest_of_it_is_read_past() {
        let read: Arc<AtomicUsize> = Arc::default();
        let body = Body::from_stream(Pieces { read: Arc::clone(&read), ends: false });
        let response = answered(&space(0, 0), 1, body, async || ()).await;
        assert_eq!(response.status(), REFUSED);
        assert_eq!(response.headers().get(CONNECTION).unwrap(), "close");
        assert_eq!(read.load(Ordering::SeqCst), SHORT_BYTES_MAX / PIECE + 1, "no more was waited for");
        while read.load(Ordering::SeqCst) < PIECES {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn what_comes_no_further_is_not_waited_for_without_end() {
        let body = Body::from_stream(Pieces { read: Arc::default(), ends: false });
        read_past(body.into_data_stream(), Duration::ZERO).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_still_sends_can_read_that_it_is_refused() {
        let none = space(0, 0);
        let keeps = |it: Request| async { to_bytes(it.into_body(), usize::MAX).await.unwrap_or_default() };
        let bounded = from_fn(move |it: Request, next: Next| {
            let none = Arc::clone(&none);
            async move { held(place(1), &none, it, |it| next.run(it)).await }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let app = Router::new().route("/", post(keeps)).layer(bounded);
        drop(tokio::spawn(async { axum::serve(listener, app).await }));
        stream.set_read_timeout(Some(READ_PAST / 2)).unwrap();
        let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n";
        stream.write_all(&[head.as_bytes(), &vec![7; 3 * PIECE]].concat()).unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 503");
        stream.write_all(&vec![7; PIECE]).expect("it is not hung up on");
    }
}
