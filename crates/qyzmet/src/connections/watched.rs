// SPDX-License-Identifier: MIT OR Apache-2.0
//! A connection that is given up when nothing moves: the head of a request does not come, or nobody reads what is answered.

use super::Connected;
use axum_server::accept::Accept;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// How long whoever is answered may read nothing of it.
const UNREAD: Duration = Duration::from_secs(30);

/// Counts the heads that came and the answers that were made: in between the number is odd, and what comes is no head.
#[derive(Debug, Clone, Default)]
pub(super) struct Turns(Arc<AtomicUsize>);

impl Turns {
    /// Counts a head, or the answer to it.
    pub(super) fn pass(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// Takes connections as another does, and watches them.
#[derive(Debug, Clone)]
pub struct Watching<A> {
    inner: A,
    head: Duration,
}

impl<A> Watching<A> {
    /// Returns what gives up connections on which the head of a request takes longer than this.
    pub(super) fn over(inner: A, head: Duration) -> Self {
        Self { inner, head }
    }
}

impl<A, I> Accept<I, Connected> for Watching<A>
where
    A: Accept<I, Connected, Service = Connected>,
    A::Future: Send + 'static,
{
    type Stream = Watched<A::Stream>;
    type Service = Connected;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Connected)>> + Send>>;

    fn accept(&self, stream: I, service: Connected) -> Self::Future {
        let (accepting, head) = (self.inner.accept(stream, service), self.head);
        Box::pin(async move {
            let (stream, service) = accepting.await?;
            let turns = service.turns.clone();
            let (head, write) = (Wait::of(head), Wait::of(UNREAD));
            Ok((Watched { stream, turns, seen: 0, is_begun: true, head, write }, service))
        })
    }
}

/// A connection that is watched.
#[derive(Debug)]
pub struct Watched<S> {
    stream: S,
    turns: Turns,
    /// The turns when something was read last.
    seen: usize,
    /// Whether the head of a request is waited for: something of it came, or the connection is new.
    is_begun: bool,
    head: Wait,
    write: Wait,
}

impl<S> Watched<S> {
    fn written<T>(&mut self, context: &mut Context<'_>, it: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if it.is_pending() {
            return self.write.poll(context);
        }
        self.write.end();
        it
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let it = self.get_mut();
        let read = Pin::new(&mut it.stream).poll_read(context, buffer);
        let turns = it.turns.count();
        if turns != it.seen {
            (it.seen, it.is_begun) = (turns, false);
            it.head.end();
        }
        let is_answering = turns % 2 == 1;
        if is_answering {
            return read;
        }
        if read.is_pending() && it.is_begun {
            return it.head.poll(context);
        }
        it.is_begun = it.is_begun || read.is_ready();
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let it = self.get_mut();
        let written = Pin::new(&mut it.stream).poll_write(context, bytes);
        it.written(context, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let it = self.get_mut();
        let written = Pin::new(&mut it.stream).poll_write_vectored(context, parts);
        it.written(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let it = self.get_mut();
        let flushed = Pin::new(&mut it.stream).poll_flush(context);
        it.written(context, flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let it = self.get_mut();
        let shut = Pin::new(&mut it.stream).poll_shutdown(context);
        it.written(context, shut)
    }
}

/// A wait that fails when it lasts too long; it begins when it is polled first.
#[derive(Debug)]
struct Wait {
    most: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Wait {
    const fn of(most: Duration) -> Self {
        Self { most, sleep: None }
    }

    fn poll<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        let most = self.most;
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep(most)));
        sleep.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }

    fn end(&mut self) {
        self.sleep = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt as _;

    fn watched<S>(stream: S, most: Duration) -> Watched<S> {
        let (head, write) = (Wait::of(most), Wait::of(most));
        Watched { stream, turns: Turns::default(), seen: 0, is_begun: true, head, write }
    }

    #[tokio::test]
    async fn who_reads_nothing_of_his_answer_is_given_up() {
        let (ours, theirs) = tokio::io::duplex(8);
        let mut ours = watched(ours, Duration::from_millis(20));
        let failed = ours.write_all(&[0; 64]).await.unwrap_err();
        assert_eq!(failed.kind(), io::ErrorKind::TimedOut);
        drop(theirs);
    }

    #[tokio::test]
    async fn who_reads_slowly_is_not() {
        use tokio::io::AsyncReadExt as _;
        let (ours, mut theirs) = tokio::io::duplex(8);
        let mut ours = watched(ours, Duration::from_millis(500));
        let reading = async {
            for _ in 0..8 {
                tokio::time::sleep(Duration::from_millis(100)).await;
                theirs.read_exact(&mut [0; 8]).await.unwrap();
            }
        };
        let (written, ()) = tokio::join!(ours.write_all(&[0; 64]), reading);
        written.unwrap();
    }
}
