//! The last check before bytes leave: whether the process still carries its run.
//!
//! A step waits for its place in the pace and for a connection after it is `started` in the journal. Meanwhile the
//! process may stand still for longer than its lease, and another one carries the run. So each write to a connection
//! asks the lease, and fails if it has ended. So does each flush: TLS may keep a part of what was written.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::task::{Context, Poll};

use headcount_model::lease::Lease;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};

use super::connection::Stream;

/// Asks the lease of the run that the requests are for. Clones are the same gate; at first it is open.
#[derive(Clone, Debug, Default)]
pub(super) struct Gate(Arc<RwLock<Lease>>);

impl Gate {
    /// From now on, this lease counts.
    pub(super) fn obey(&self, lease: Lease) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = lease;
    }

    pub(super) fn is_open(&self) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).counts()
    }

    fn check(&self) -> io::Result<()> {
        let closed = || io::Error::other("the lease of the run has ended, so nothing is sent");
        if self.is_open() { Ok(()) } else { Err(closed()) }
    }
}

/// A connection whose writes ask the gate.
pub(super) struct Gated {
    pub(super) stream: Stream,
    pub(super) gate: Gate,
}

impl Connection for Gated {
    fn connected(&self) -> Connected {
        self.stream.connected()
    }
}

impl Read for Gated {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl Write for Gated {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.gate.check()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.gate.check()?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    /// Ending a TLS connection would first send what is left of a request.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.gate.check()?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.gate.check()?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }
}
