//! One connection, from its acceptance to its end.

use std::pin::pin;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::connection_state::EndOfConnection;
use super::connections::OpenConnection;
use super::handshake::shake_hands;
use super::request_service::RequestService;
use super::socket::{Socket, Stream};
use crate::limits;

/// One connection.
pub(super) struct Connection {
    pub(super) stream: TcpStream,
    /// What encrypts it, if anything does.
    pub(super) acceptor: Option<TlsAcceptor>,
    pub(super) open: OpenConnection,
    pub(super) service: RequestService,
}

impl Connection {
    /// Serves its requests, one after the other.
    pub(super) async fn run(self) {
        let Self { stream, acceptor, open, mut service } = self;
        let stream = match acceptor {
            None => Stream::Plain(stream),
            Some(acceptor) => {
                // Boxed, so that a plain connection's task is small.
                let shaken = Box::pin(shake_hands(stream, &open.state, acceptor)).await;
                let Some(stream) = shaken else { return };
                if let Stream::Plain(_) = stream {
                    service.is_not_encrypted();
                }
                stream
            }
        };
        let socket = Socket::new(stream, Arc::clone(&open.state));
        let mut builder = http1::Builder::new();
        // Its deadlines are those of the table of connections.
        builder
            .header_read_timeout(None)
            .half_close(true)
            .max_buf_size(limits::HEAD_BYTES)
            .max_header_size(limits::HEAD_BYTES);
        let mut served = pin!(builder.serve_connection(TokioIo::new(socket), service));
        loop {
            tokio::select! {
                biased;
                // An error is the client's: it has gone, or did not send HTTP.
                _ = served.as_mut() => return,
                end = open.state.end() => match end {
                    EndOfConnection::Now => return,
                    EndOfConnection::AfterRequest => served.as_mut().graceful_shutdown(),
                },
            }
        }
    }
}
