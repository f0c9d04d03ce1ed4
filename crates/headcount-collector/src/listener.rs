//! Accepts connections, and forgets the address that each comes from.
//!
//! No other file can ask for the peer's address, because this listener has none
//! to give: only a hash of it that means nothing an hour later, and whether it
//! is the proxy's.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};

use crate::app::App;
use crate::connection_facts::{PeerHash, PeerStanding};

/// Accepts connections without their addresses.
pub(crate) struct AnonymousListener {
    listener: TcpListener,
    app: Arc<App>,
}

/// A connection, without its address.
pub(crate) struct Accepted {
    pub(crate) stream: TcpStream,
    pub(crate) peer: PeerHash,
    pub(crate) standing: PeerStanding,
}

impl AnonymousListener {
    pub(crate) fn new(listener: TcpListener, app: &Arc<App>) -> Self {
        Self { listener, app: Arc::clone(app) }
    }

    /// Returns the next connection.
    ///
    /// # Errors
    ///
    /// Returns the error of the system if it has no resources for one.
    pub(crate) async fn accept(&self) -> io::Result<Accepted> {
        loop {
            match self.listener.accept().await {
                Ok((stream, address)) => {
                    // An answer is one small write. Without this it may wait
                    // until the client has acknowledged the one before.
                    let _ = stream.set_nodelay(true);
                    return Ok(self.without_address(stream, address.ip()));
                }
                Err(error) if is_of_one_client(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn without_address(&self, stream: TcpStream, address: IpAddr) -> Accepted {
        let door = &self.app.door;
        let standing = match door.proxy() {
            None => PeerStanding::Client,
            Some(proxy) if proxy.is_at(address) => PeerStanding::Proxy,
            Some(_) => PeerStanding::Stranger,
        };
        Accepted { stream, peer: door.salt.hash(address), standing }
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
