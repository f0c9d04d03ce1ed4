//! Reads bodies: within limits of size, time and memory.

use std::error::Error as _;
use std::io;
use std::sync::Arc;

use axum::body::HttpBody as _;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt as _;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use super::body_buffer::{BodyBuffer, WholeBody};
use super::rejection::Rejection;
use super::unpack::{ContentEncoding, unpacked};
use crate::limits;

/// The body of a request that has not been read, with the request's headers.
pub(super) struct IncomingBody<'a> {
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a mut Body,
}

/// A body as it was sent, whole.
#[derive(Debug)]
pub(super) struct ReceivedBody {
    encoding: ContentEncoding,
    bytes: WholeBody,
}

impl ReceivedBody {
    /// Its bytes as they were sent.
    pub(super) fn len(&self) -> usize {
        self.bytes.bytes().len()
    }

    /// Whether handing it to another thread would take longer than judging it.
    pub(super) fn is_judged_at_once(&self) -> bool {
        self.encoding == ContentEncoding::Plain
            && self.bytes.bytes().len() <= limits::JUDGED_AT_ONCE_BYTES
    }

    /// Decompresses it.
    pub(super) fn unpack(self, memory: &Arc<Semaphore>) -> Result<WholeBody, Rejection> {
        unpacked(self.encoding, self.bytes, memory)
    }
}

impl IncomingBody<'_> {
    /// Reads the body to its end, or to the first limit that it exceeds.
    pub(super) async fn read(self, memory: &Arc<Semaphore>) -> Result<ReceivedBody, Rejection> {
        let Self { headers, body } = self;
        let from_header = ContentEncoding::from_header(headers)?;
        let announced =
            headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        if announced.is_some_and(|bytes: u64| bytes > limits::BODY_BYTES as u64) {
            return Err(Rejection::TooLarge);
        }
        let end = Instant::now() + limits::BODY_TIME;
        let first = next(body, end).await?.unwrap_or_default();
        let bytes = if body.is_end_stream() && first.len() <= limits::BODY_BYTES {
            WholeBody::of_one_piece(first, memory)?
        } else {
            rest(body, end, &first, memory).await?
        };
        let encoding = from_header.refined_by(bytes.bytes());
        Ok(ReceivedBody { encoding, bytes })
    }
}

/// Gathers a body that comes in pieces.
async fn rest(
    body: &mut Body,
    end: Instant,
    first: &[u8],
    memory: &Arc<Semaphore>,
) -> Result<WholeBody, Rejection> {
    let mut buffer = BodyBuffer::new(memory);
    let mut received = first.len();
    if received > limits::BODY_BYTES {
        return Err(Rejection::TooLarge);
    }
    buffer.push(first)?;
    while let Some(bytes) = next(body, end).await? {
        received += bytes.len();
        if received > limits::BODY_BYTES {
            return Err(Rejection::TooLarge);
        }
        buffer.push(&bytes)?;
    }
    Ok(buffer.whole())
}

/// Reads the rest of a rejected body and throws it away, within limits.
pub(super) async fn discard(body: &mut Body) {
    let end = Instant::now() + limits::DISCARD_TIME;
    let mut left = limits::DISCARDED_BYTES;
    while let Ok(Some(bytes)) = next(body, end).await {
        match left.checked_sub(bytes.len()) {
            Some(less) => left = less,
            None => return,
        }
    }
}

/// Returns the next bytes of a body, `None` at its end.
pub(super) async fn next(body: &mut Body, end: Instant) -> Result<Option<Bytes>, Rejection> {
    match timeout_at(end, body.frame()).await {
        Err(_) => Err(Rejection::TooSlow),
        Ok(None) => Ok(None),
        Ok(Some(Err(error))) => Err(broken(error)),
        // Trailers are skipped.
        Ok(Some(Ok(frame))) => Ok(Some(frame.into_data().unwrap_or_default())),
    }
}

/// Why a body could not be read to its end.
fn broken(error: axum::Error) -> Rejection {
    let inner = error.into_inner();
    // Without an error of HTTP, the server gave it up.
    let Some(error) = inner.downcast_ref::<hyper::Error>() else { return Rejection::TooSlow };
    let system = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    match system.map(io::Error::kind) {
        Some(io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => {
            Rejection::Malformed("the body's chunks are not valid HTTP".to_owned())
        }
        _ => Rejection::CutShort,
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::future::pending;
    use std::io::Write as _;

    use axum::http::HeaderValue;
    use http_body_util::Full;

    use super::super::body_buffer::body_memory;
    use super::*;

    /// A body that starts and never ends.
    fn stalled() -> Body {
        let trailers = pending::<Option<Result<HeaderMap, Infallible>>>();
        Body::new(Full::new(Bytes::from_static(b"{")).with_trailers(trailers))
    }

    fn gzipped(length: usize) -> (HeaderMap, Body) {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&vec![b' '; length]).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        (headers, Body::from(encoder.finish().unwrap()))
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_stalls_is_not_waited_for_forever() {
        let began = Instant::now();
        let mut body = stalled();
        let incoming = IncomingBody { headers: &HeaderMap::new(), body: &mut body };
        assert!(matches!(incoming.read(&body_memory()).await, Err(Rejection::TooSlow)));
        assert_eq!(began.elapsed(), limits::BODY_TIME);
        discard(&mut body).await;
        assert_eq!(began.elapsed(), limits::BODY_TIME + limits::DISCARD_TIME);
    }

    #[tokio::test]
    async fn bodies_share_their_memory_and_return_it() {
        let memory = body_memory();
        let whole = memory.available_permits();
        let (headers, mut body) = gzipped(limits::DECOMPRESSED_BYTES);
        let incoming = IncomingBody { headers: &headers, body: &mut body };
        let first = incoming.read(&memory).await.unwrap().unpack(&memory).unwrap();
        assert_eq!(first.bytes().len(), limits::DECOMPRESSED_BYTES);
        let used = whole - memory.available_permits();
        assert_eq!(used * limits::MEMORY_UNIT_BYTES, limits::DECOMPRESSED_BYTES);

        let rest = memory
            .clone()
            .try_acquire_many_owned(u32::try_from(memory.available_permits() - 1).unwrap());
        let (headers, mut body) = gzipped(2 * limits::MEMORY_UNIT_BYTES);
        let incoming = IncomingBody { headers: &headers, body: &mut body };
        let second = incoming.read(&memory).await.unwrap().unpack(&memory);
        assert!(matches!(second, Err(Rejection::Busy)));
        drop((first, rest));
        assert_eq!(memory.available_permits(), whole);
    }

    #[tokio::test]
    async fn one_decompressed_byte_too_many_is_too_many() {
        let memory = body_memory();
        let whole = memory.available_permits();
        let (headers, mut body) = gzipped(limits::DECOMPRESSED_BYTES + 1);
        let incoming = IncomingBody { headers: &headers, body: &mut body };
        let read = incoming.read(&memory).await.unwrap().unpack(&memory);
        assert!(matches!(read, Err(Rejection::DecompressedTooLarge)));
        assert_eq!(memory.available_permits(), whole);
    }
}
