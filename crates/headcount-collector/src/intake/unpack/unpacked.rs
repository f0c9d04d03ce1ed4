//! Decompresses a body that is whole.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::content_encoding::ContentEncoding;
use super::inflate::Framing;
use super::{inflate, zstd};
use crate::intake::body_buffer::{BodyBuffer, WholeBody};
use crate::intake::rejection::Rejection;

/// Returns a body decompressed. One that is not compressed stays where it is.
pub(in crate::intake) fn unpacked(
    encoding: ContentEncoding,
    body: WholeBody,
    memory: &Arc<Semaphore>,
) -> Result<WholeBody, Rejection> {
    let (bytes, buffer) = (body.bytes(), BodyBuffer::new(memory));
    let buffer = match encoding {
        ContentEncoding::Plain => return Ok(body),
        ContentEncoding::Gzip => inflate::unpacked(Framing::Gzip, bytes, buffer),
        ContentEncoding::Zlib => inflate::unpacked(Framing::Zlib, bytes, buffer),
        ContentEncoding::Deflate => inflate::unpacked(Framing::None, bytes, buffer),
        ContentEncoding::Zstd => zstd::unpacked(bytes, buffer),
    };
    buffer.map(BodyBuffer::whole)
}
