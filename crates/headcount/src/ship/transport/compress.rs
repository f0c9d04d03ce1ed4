//! Compresses bodies: always the same bytes for the same body, so a batch sent
//! again is the same request.

use std::borrow::Cow;

#[cfg(feature = "gzip")]
use crate::limits;

/// How a body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip (RFC 1952), without a time.
    #[cfg(feature = "gzip")]
    Gzip,
}

impl Compression {
    /// How a body of this size is compressed for a receiver that accepts gzip.
    #[must_use]
    pub fn of(bytes: usize) -> Self {
        match bytes {
            #[cfg(feature = "gzip")]
            limits::COMPRESSED_BYTES.. => Self::Gzip,
            _ => Self::None,
        }
    }

    /// The value of `Content-Encoding`.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            #[cfg(feature = "gzip")]
            Self::Gzip => Some("gzip"),
        }
    }
}

/// The body as sent.
pub(super) fn compressed(body: &[u8], compression: Compression) -> Cow<'_, [u8]> {
    match compression {
        Compression::None => Cow::Borrowed(body),
        #[cfg(feature = "gzip")]
        Compression::Gzip => Cow::Owned(gzip(body)),
    }
}

/// Level 6 is gzip's default: half a megabyte of lines takes ten milliseconds
/// and shrinks to a tenth.
#[cfg(feature = "gzip")]
fn gzip(body: &[u8]) -> Vec<u8> {
    use std::io::Write as _;

    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    // Writing into a `Vec` cannot fail.
    let _ = encoder.write_all(body);
    encoder.finish().unwrap_or_default()
}

#[cfg(all(test, feature = "gzip"))]
mod tests {
    use super::*;

    #[test]
    fn the_same_body_is_the_same_bytes_and_comes_back() {
        use std::io::Read as _;

        let body = b"{\"event\":\"run\"}\n".repeat(200);
        let sent = compressed(&body, Compression::of(body.len())).into_owned();
        assert_eq!(sent, compressed(&body, Compression::Gzip).into_owned());
        assert_eq!(&sent[..8], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0], "no time, no name");
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(&sent[..]).read_to_end(&mut back).expect("gzip");
        assert_eq!(back, body);
        assert_eq!(Compression::of(limits::COMPRESSED_BYTES - 1), Compression::None);
    }
}
