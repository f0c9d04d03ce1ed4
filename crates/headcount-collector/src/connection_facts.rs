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
