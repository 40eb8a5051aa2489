// SPDX-License-Identifier: MIT OR Apache-2.0
//! Long requests that are still coming: what has come of each stands in memory until it is answered, so all of them together have
//! a bound, and those of one address a share of it.

use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use axum::body::{Body, BodyDataStream, Bytes, HttpBody as _};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_core::Stream;

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
    let body = Arriving { body: body.into_data_stream(), came: Arc::clone(&came) };
    let answered = answer(Request::from_parts(parts, Body::from_stream(body))).await;
    if !came.lock().unwrap_or_else(PoisonError::into_inner).refused {
        return answered;
    }
    tracing::warn!("too much of long requests is held already");
    PageError::Busy.into_response()
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

/// A body that is counted as it comes.
struct Arriving {
    body: BodyDataStream,
    came: Arc<Mutex<Came>>,
}

impl Stream for Arriving {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let next = ready!(Pin::new(&mut self.body).poll_next(context));
            let mut came = self.came.lock().unwrap_or_else(PoisonError::into_inner);
            match next {
                // What is not taken is read past to its end: a browser that still sends reads no answer.
                Some(Ok(piece)) if !came.takes(piece.len()) => {}
                None if came.refused => return Poll::Ready(Some(Err(axum::Error::new("there is no room")))),
                other => return Poll::Ready(other),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use axum::http::StatusCode;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Pieces of a request.
    const PIECES: usize = 6;
    const PIECE: usize = 100 * 1024;
    const COUNTED: usize = PIECES * PIECE - SHORT_BYTES_MAX;

    /// Comes in pieces, and counts those that were read.
    struct Pieces(Arc<AtomicUsize>);

    impl Stream for Pieces {
        type Item = Result<Bytes, axum::Error>;

        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            if self.0.load(Ordering::SeqCst) == PIECES {
                return Poll::Ready(None);
            }
            self.0.fetch_add(1, Ordering::SeqCst);
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
    async fn sent(space: &Arc<Space>, last: u8, meanwhile: impl AsyncFnOnce()) -> (StatusCode, usize) {
        let read = Arc::new(AtomicUsize::new(0));
        let request = Request::new(Body::from_stream(Pieces(Arc::clone(&read))));
        let response = held(place(last), space, request, |it: Request| async move {
            let came = to_bytes(it.into_body(), usize::MAX).await;
            meanwhile().await;
            came.map_or(StatusCode::BAD_REQUEST, |_| StatusCode::OK).into_response()
        });
        (response.await.status(), read.load(Ordering::SeqCst))
    }

    const TAKEN: (StatusCode, usize) = (StatusCode::OK, PIECES);
    /// It is read to its end all the same.
    const REFUSED: (StatusCode, usize) = (StatusCode::SERVICE_UNAVAILABLE, PIECES);

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
}
