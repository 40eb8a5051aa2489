// SPDX-License-Identifier: MIT OR Apache-2.0
//! Long answers that are not read yet: each stands in memory whole until it is, so all of them together have a bound, and
//! those of one address a share of it.

use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll};

use axum::body::{Body, BodyDataStream, Bytes, HttpBody as _};
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_core::Stream;

use crate::errors::PageError;
use crate::held::{Held, Space, Stay};
use crate::limit::Place;

/// A shorter answer is not counted: those of all connections together take little.
const SHORT_BYTES_MAX: u64 = 256 * 1024;
/// Longer answers that wait to be read at once: twenty-five of the largest files. Connections bound their number.
const ALL: Held = Held { requests: usize::MAX, bytes: 256 * 1024 * 1024 };
/// Those of one address; a longer answer counts as so much, or it could never be given.
const OF_ONE: Held = Held { requests: usize::MAX, bytes: 64 * 1024 * 1024 };

/// For the whole program.
static UNREAD: LazyLock<Arc<Space>> = LazyLock::new(|| Arc::new(Space::new(ALL, OF_ONE)));

/// Gives no long answer where too many wait to be read already; the person is asked to come again.
pub(crate) async fn bounded(place: Place, request: Request, next: Next) -> Response {
    held(place, next.run(request).await, &UNREAD)
}

fn held(place: Place, response: Response, space: &Arc<Space>) -> Response {
    let Some(bytes) = response.body().size_hint().exact().filter(|it| *it > SHORT_BYTES_MAX) else {
        return response;
    };
    let counted = usize::try_from(bytes).map_or(OF_ONE.bytes, |it| it.min(OF_ONE.bytes));
    let Ok(stay) = space.enter(place).and_then(|mut it| it.grow(counted).map(|()| it)) else {
        tracing::warn!(bytes, "too many long answers wait to be read");
        return PageError::BusyReading.into_response();
    };
    let (mut parts, body) = response.into_parts();
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes));
    let body = Unread { body: body.into_data_stream(), _stay: stay };
    Response::from_parts(parts, Body::from_stream(body))
}

/// A body that is counted as long as it lives.
// INVARIANT: it never says beforehand that it has ended: the server would drop it with its last piece still to be written.
struct Unread {
    body: BodyDataStream,
    _stay: Stay,
}

impl Stream for Unread {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use axum::http::StatusCode;
    use std::future::poll_fn;

    const LONG: usize = 300 * 1024;

    fn long() -> Response {
        vec![7_u8; LONG].into_response()
    }

    fn place(last: u8) -> Place {
        Place(Some([192, 0, 2, last].into()))
    }

    /// Room for so many of them, and for so many of one address.
    fn space(all: usize, of_one: usize) -> Arc<Space> {
        let of = |count: usize| Held { requests: usize::MAX, bytes: count * LONG };
        Arc::new(Space::new(of(all), of(of_one)))
    }

    #[tokio::test]
    async fn a_long_answer_is_counted_until_it_is_read_and_one_too_many_is_refused() {
        let two = space(2, 2);
        let (first, second) = (held(place(1), long(), &two), held(place(2), long(), &two));
        assert_eq!(first.headers().get(CONTENT_LENGTH).unwrap(), &LONG.to_string());
        assert_eq!(held(place(3), long(), &two).status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(held(place(3), "short".into_response(), &two).status(), StatusCode::OK);
        assert_eq!(to_bytes(first.into_body(), LONG).await.unwrap().len(), LONG);
        assert_eq!(held(place(3), long(), &two).status(), StatusCode::OK, "the first was read");
        drop(second);
        let both = [held(place(3), long(), &two), held(place(3), long(), &two)];
        assert!(both.iter().all(|it| it.status() == StatusCode::OK), "nothing is held any more");
    }

    #[tokio::test]
    async fn one_address_leaves_room_to_others() {
        let two = space(2, 1);
        let first = held(place(1), long(), &two);
        assert_eq!(held(place(1), long(), &two).status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(held(place(2), long(), &two).status(), StatusCode::OK);
        drop(first);
    }

    #[tokio::test]
    async fn what_is_still_being_written_is_counted() {
        let one = space(1, 1);
        let mut body = held(place(1), long(), &one).into_body();
        let piece = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await.unwrap().unwrap();
        assert_eq!(piece.into_data().unwrap().len(), LONG);
        assert!(!body.is_end_stream());
        assert_eq!(held(place(1), long(), &one).status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await.is_none());
    }

    #[tokio::test]
    async fn an_answer_longer_than_a_share_is_given_alone() {
        let room = Arc::new(Space::new(ALL, OF_ONE));
        let longest = || vec![7_u8; OF_ONE.bytes + 1].into_response();
        let first = held(place(1), longest(), &room);
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(held(place(1), long(), &room).status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
