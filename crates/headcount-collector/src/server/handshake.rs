//! From a connection to an encrypted one.

use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::connection_state::ConnectionState;
use super::socket::Stream;

/// The first byte of a TLS connection: the type of a record with a handshake
/// (RFC 8446, section 5.1).
const HANDSHAKE_RECORD: u8 = 0x16;

/// Shakes hands. A client that speaks something else gets a plain connection,
/// so that it can be told. `None` if the client has gone, does not agree, or
/// is too slow.
pub(super) async fn shake_hands(
    stream: TcpStream,
    state: &ConnectionState,
    acceptor: TlsAcceptor,
) -> Option<Stream> {
    let shaking = async {
        let mut first = [0];
        if stream.peek(&mut first).await.ok()? == 0 {
            return None;
        }
        if first[0] != HANDSHAKE_RECORD {
            return Some(Stream::Plain(stream));
        }
        let stream = acceptor.accept(stream).await.ok()?;
        Some(Stream::Encrypted(Box::new(stream)))
    };
    let shaken = tokio::select! {
        biased;
        shaken = shaking => shaken?,
        _ = state.end() => return None,
    };
    state.hands_are_shaken();
    Some(shaken)
}
