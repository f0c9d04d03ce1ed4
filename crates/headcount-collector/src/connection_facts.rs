//! What a request knows of the connection that it came on: no address.

/// What a request knows of the connection that it came on, as an extension of
/// the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ConnectionFacts {
    /// Whose it is, for an hour at most. Behind a proxy that does not say so,
    /// it is nobody's; one that says it twice, and differently, names two.
    pub(crate) peers: [Option<PeerHash>; 2],
    /// Whether it came over TLS, our own or that of the proxy in front.
    pub(crate) is_encrypted: bool,
}

impl ConnectionFacts {
    /// Everybody whose the request may be.
    pub(crate) fn clients(&self) -> impl Iterator<Item = PeerHash> + Clone + use<> {
        self.peers.into_iter().flatten()
    }
}

/// Stands for the address of a client for at most an hour: a hash under a salt
/// that is random, in memory alone and then dropped. All addresses of one IPv6
/// network (/64) are one client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PeerHash(pub(crate) u64);

/// Who is at the other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PeerStanding {
    /// A client.
    Client,
    /// The proxy in front, which passes on what clients send.
    Proxy,
    /// A client that does not speak TLS, though the collector does.
    WithoutTls,
    /// Neither: there is a proxy in front, and this is not it.
    Stranger,
}
