// SPDX-License-Identifier: MIT OR Apache-2.0
//! Long answers that are not read yet: each stands in memory whole until it is, so all of them together have a bound.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, BodyDataStream, Bytes, HttpBody as _};
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::errors::PageError;

/// A shorter answer is not counted: those of all connections together take little.
const SHORT_BYTES_MAX: u64 = 256 * 1024;
/// Kilobytes of longer answers that wait to be read at once: twenty-five of the largest files.
const UNREAD_KILOBYTES_MAX: usize = 256 * 1024;

/// What is left of them, for the whole program.
static UNREAD: Semaphore = Semaphore::const_new(UNREAD_KILOBYTES_MAX);

/// Gives no long answer where too many wait to be read already; the person is asked to come again.
pub(crate) async fn bounded(request: Request, next: Next) -> Response {
    held(next.run(request).await, &UNREAD)
}

fn held(response: Response, left: &'static Semaphore) -> Response {
    let Some(bytes) = response.body().size_hint().exact().filter(|it| *it > SHORT_BYTES_MAX) else {
        return response;
    };
    let kilobytes = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX);
    let Ok(held) = left.try_acquire_many(kilobytes) else {
        tracing::warn!(kilobytes, "too many long answers wait to be read");
        return PageError::Unavailable.into_response();
    };
    let (mut parts, body) = response.into_parts();
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes));
    let body = Unread { body: body.into_data_stream(), _held: held };
    Response::from_parts(parts, Body::from_stream(body))
}

/// A body that is counted as long as it lives.
// INVARIANT: it never says beforehand that it has ended: the server would drop it with its last piece still to be written.
struct Unread {
    body: BodyDataStream,
    _held: SemaphorePermit<'static>,
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

    #[tokio::test]
    async fn a_long_answer_is_counted_until_it_is_read_and_one_too_many_is_refused() {
        static TWO: Semaphore = Semaphore::const_new(600);
        let (first, second) = (held(long(), &TWO), held(long(), &TWO));
        assert_eq!(first.headers().get(CONTENT_LENGTH).unwrap(), &LONG.to_string());
        assert_eq!(held(long(), &TWO).status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(held("short".into_response(), &TWO).status(), StatusCode::OK);
        assert_eq!(to_bytes(first.into_body(), LONG).await.unwrap().len(), LONG);
        assert_eq!(held(long(), &TWO).status(), StatusCode::OK, "the first was read");
        drop(second);
        assert_eq!(TWO.available_permits(), 600);
    }

    #[tokio::test]
    async fn what_is_still_being_written_is_counted() {
        static ONE: Semaphore = Semaphore::const_new(300);
        let mut body = held(long(), &ONE).into_body();
        let piece = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await.unwrap().unwrap();
        assert_eq!(piece.into_data().unwrap().len(), LONG);
        assert!(!body.is_end_stream());
        assert_eq!(ONE.available_permits(), 0);
        assert!(poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await.is_none());
    }
}
