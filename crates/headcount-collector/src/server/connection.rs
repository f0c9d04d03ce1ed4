//! One connection, from its acceptance to its end.

use std::pin::pin;

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::connection_state::EndOfConnection;
use super::connections::OpenConnection;
use super::request_service::RequestService;
use super::socket::Socket;
use crate::limits;

/// One connection.
pub(super) struct Connection {
    pub(super) stream: TcpStream,
    pub(super) open: OpenConnection,
    pub(super) service: RequestService,
}

impl Connection {
    /// Serves its requests, one after the other.
    pub(super) async fn run(self) {
        let Self { stream, open, service } = self;
        let socket = Socket::new(stream, std::sync::Arc::clone(&open.state));
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
