//! What a request knows of the connection that it came on: no address.

/// What a request knows of the connection that it came on, as an extension of
/// the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ConnectionFacts {
    /// Whose it is, for an hour at most.
    pub(crate) peer: PeerHash,
    /// Whether it came over TLS, our own or that of the proxy in front.
    pub(crate) is_encrypted: bool,
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
