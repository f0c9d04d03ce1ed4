//! Accepts connections, and forgets the address that each comes from.
//!
//! No other file can ask for the peer's address, because this listener has none
//! to give.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

use crate::limits;

/// Accepts at most [`limits::CONNECTIONS`] at once, without their addresses.
pub(crate) struct AnonymousListener {
    listener: TcpListener,
    connections: Arc<Semaphore>,
}

impl AnonymousListener {
    pub(crate) fn new(listener: TcpListener) -> Self {
        Self { listener, connections: Arc::new(Semaphore::new(limits::CONNECTIONS)) }
    }
}

impl Listener for AnonymousListener {
    type Io = IdleLimited;
    type Addr = ();

    async fn accept(&mut self) -> (IdleLimited, ()) {
        loop {
            let Ok(permit) = Arc::clone(&self.connections).acquire_owned().await else {
                // The semaphore is never closed.
                return std::future::pending().await;
            };
            match self.listener.accept().await {
                Ok((stream, _peer_address)) => {
                    // An answer is one small write. Without this it may wait
                    // until the client has acknowledged the one before.
                    let _ = stream.set_nodelay(true);
                    let idle = Box::pin(sleep(limits::IDLE_TIME));
                    return (IdleLimited { stream, idle, _permit: permit }, ());
                }
                Err(error) if is_of_one_client(&error) => {}
                Err(_) => sleep(limits::ACCEPT_RETRY_TIME).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether a client closed its connection before it was accepted, which does
/// not affect the next one.
fn is_of_one_client(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

/// A connection that fails once it has been idle for [`limits::IDLE_TIME`].
pub(crate) struct IdleLimited {
    stream: TcpStream,
    idle: Pin<Box<Sleep>>,
    _permit: OwnedSemaphorePermit,
}

impl IdleLimited {
    /// Restarts the idle time if `poll` is ready, and else fails if it is over.
    fn limited<T>(
        &mut self,
        context: &mut Context<'_>,
        poll: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if poll.is_ready() {
            self.idle.as_mut().reset(Instant::now() + limits::IDLE_TIME);
            return poll;
        }
        match self.idle.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for IdleLimited {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let poll = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.limited(context, poll)
    }
}

impl AsyncWrite for IdleLimited {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.limited(context, poll)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.limited(context, poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
