//! A reply's body in pieces, which may break off.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// What follows the last piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The body ends as it should.
    Whole,
    /// The connection is closed.
    BrokenOff,
}

/// The pieces of a body and how it ends.
#[derive(Debug)]
pub(super) struct Pieces {
    pieces: VecDeque<Bytes>,
    ending: Ending,
    has_paused: bool,
}

impl Pieces {
    /// A body in one piece.
    pub(super) fn whole(body: impl Into<Bytes>) -> Self {
        Self::new([body.into()].into(), Ending::Whole)
    }

    pub(super) fn new(pieces: VecDeque<Bytes>, ending: Ending) -> Self {
        Self {
            pieces,
            ending,
            has_paused: false,
        }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(piece) = self.pieces.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        match self.ending {
            Ending::Whole => Poll::Ready(None),
            // One pause lets the server send what it has before the error makes
            // it close the connection.
            Ending::BrokenOff if !self.has_paused => {
                self.has_paused = true;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Ending::BrokenOff => Poll::Ready(Some(Err(io::Error::other(
                "broken off, as the script says",
            )))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.ending == Ending::Whole && self.pieces.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        // A body of one piece gets a content length; a stream is sent in chunks.
        match (&self.pieces, self.ending) {
            (pieces, Ending::Whole) if pieces.len() == 1 => {
                SizeHint::with_exact(pieces.iter().map(|piece| piece.len() as u64).sum())
            }
            _ => SizeHint::default(),
        }
    }
}

/// Why a request gets no reply at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dropped;

impl std::fmt::Display for Dropped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("dropped, as the script says")
    }
}

impl std::error::Error for Dropped {}
