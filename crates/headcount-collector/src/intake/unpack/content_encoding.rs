//! How a body is compressed.
//!
//! Clients say it in different places: a header, `?compression=gzip` (PostHog),
//! `dd-evp-encoding=deflate` (Datadog), or nowhere. The first bytes of the body
//! say it for all of them: no text and no protocol buffers that the collector
//! accepts begin like a compressed body.

use axum::http::{HeaderMap, header};

use crate::intake::rejection::Rejection;

/// How a body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum ContentEncoding {
    Plain,
    Gzip,
    /// Deflate in zlib's frame. HTTP calls this `deflate`.
    Zlib,
    /// Deflate without a frame. Some clients call this `deflate`.
    Deflate,
    Zstd,
}

impl ContentEncoding {
    /// The encoding in the header; plain if there is no header.
    pub(in crate::intake) fn from_header(headers: &HeaderMap) -> Result<Self, Rejection> {
        let value =
            headers.get(header::CONTENT_ENCODING).map_or(b"".as_slice(), |value| value.as_bytes());
        match value.trim_ascii().to_ascii_lowercase().as_slice() {
            b"" | b"identity" => Ok(Self::Plain),
            b"gzip" | b"x-gzip" => Ok(Self::Gzip),
            b"deflate" => Ok(Self::Deflate),
            b"zstd" => Ok(Self::Zstd),
            _ => Err(Rejection::UnknownEncoding),
        }
    }

    /// The encoding by the first bytes, where the header leaves it open.
    pub(in crate::intake) fn refined_by(self, first: &[u8]) -> Self {
        match (self, first) {
            (Self::Plain, [0x1f, 0x8b, ..]) => Self::Gzip,
            (Self::Plain, [0x28, 0xb5, 0x2f, 0xfd, ..]) => Self::Zstd,
            // Compressors write deflate with a window of 32 KiB, which is 0x78,
            // and no other.
            (Self::Plain, [0x78, flags, ..]) if is_zlib(0x78, *flags) => Self::Zlib,
            (Self::Deflate, [method, flags, ..]) if is_zlib(*method, *flags) => Self::Zlib,
            (from_header, _) => from_header,
        }
    }
}

/// RFC 1950, section 2.2: method 8, and both bytes together a multiple of 31.
fn is_zlib(method: u8, flags: u8) -> bool {
    method & 0x0f == 8 && u16::from_be_bytes([method, flags]).is_multiple_of(31)
}
