//! A request's body, which notes when it is over and ends when it is given up.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::BoxError;
use axum::body::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};

use super::connection_state::ConnectionState;

/// A request's body.
pub(super) struct WatchedBody {
    incoming: Incoming,
    state: Arc<ConnectionState>,
}

/// The body is given up: others need its place.
#[derive(Debug)]
struct GivenUp;

impl WatchedBody {
    /// The body of the request whose head has just arrived.
    pub(super) fn new(incoming: Incoming, state: Arc<ConnectionState>) -> Self {
        if incoming.is_end_stream() {
            state.body_is_over();
        }
        Self { incoming, state }
    }
}

impl Body for WatchedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.state.is_body_given_up(context) {
            return Poll::Ready(Some(Err(GivenUp.into())));
        }
        let frame = ready!(Pin::new(&mut self.incoming).poll_frame(context));
        if frame.is_none() || self.incoming.is_end_stream() {
            self.state.body_is_over();
        }
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

impl Drop for WatchedBody {
    fn drop(&mut self) {
        self.state.body_is_over();
    }
}

impl fmt::Display for GivenUp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the body arrived too slowly")
    }
}

impl std::error::Error for GivenUp {}
