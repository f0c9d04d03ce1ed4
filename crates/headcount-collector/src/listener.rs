//! Accepts connections, and forgets the address that each comes from.
//!
//! No other file can ask for the peer's address, because this listener has none
//! to give.

use std::io;

use tokio::net::{TcpListener, TcpStream};

/// Accepts connections without their addresses.
pub(crate) struct AnonymousListener {
    listener: TcpListener,
}

impl AnonymousListener {
    pub(crate) fn new(listener: TcpListener) -> Self {
        Self { listener }
    }

    /// Returns the next connection.
    ///
    /// # Errors
    ///
    /// Returns the error of the system if it has no resources for one.
    pub(crate) async fn accept(&self) -> io::Result<TcpStream> {
        loop {
            match self.listener.accept().await {
                Ok((stream, _peer_address)) => {
                    // An answer is one small write. Without this it may wait
                    // until the client has acknowledged the one before.
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Err(error) if is_of_one_client(&error) => {}
                Err(error) => return Err(error),
            }
        }
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
