//! Bodies in every encoding: with and without a header, whole and cut short,
//! small and too large.

use std::io::Write as _;

use axum::http::{HeaderMap, HeaderValue, header};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::ContentEncoding;
use crate::intake::body_buffer::{BodyBuffer, body_memory};
use crate::intake::rejection::Rejection;
use crate::limits;

const TEXT: &[u8] = b"{\"event\":\"run\"}\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

/// Decompresses `body`, sent in pieces of `piece` bytes.
fn unpacked(announced: &str, body: &[u8], piece: usize) -> Result<Vec<u8>, Rejection> {
    let memory = body_memory();
    let whole = memory.available_permits();
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_str(announced).unwrap());
    let result = ContentEncoding::from_header(&headers).and_then(|from_header| {
        let mut received = BodyBuffer::new(&memory);
        for piece in body.chunks(piece) {
            received.push(piece)?;
        }
        super::unpacked(from_header.refined_by(body), received.whole(), &memory)
    });
    let bytes = result.map(|body| body.bytes().to_vec());
    assert_eq!(memory.available_permits(), whole, "the memory is returned");
    bytes
}

#[test]
fn every_encoding_is_read_announced_or_not_in_any_pieces() {
    let noise: Vec<u8> = (0u32..100_000)
        .flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes())
        .collect();
    let long = [TEXT.repeat(20_000), noise].concat();
    for text in [b"".as_slice(), b"{", b"{}", b"{} ", TEXT, &long] {
        for (announced, body) in [
            ("", text.to_vec()),
            ("identity", text.to_vec()),
            ("gzip", gzip(text)),
            (" X-Gzip", gzip(text)),
            ("", gzip(text)),
            ("identity", gzip(text)),
            ("deflate", zlib(text, Compression::default())),
            ("Deflate", zlib(text, Compression::none())),
            ("deflate", deflate(text)),
            ("", zlib(text, Compression::default())),
            ("", zlib(text, Compression::best())),
            ("zstd", zstd(text)),
            ("", zstd(text)),
        ] {
            for piece in [1, 3, 1_000, usize::MAX] {
                if piece < 1_000 && text.len() > 10_000 {
                    continue;
                }
                let read = unpacked(announced, &body, piece);
                assert!(read.as_deref() == Ok(text), "{announced:?}, {piece}: {:?}", read.err());
            }
        }
    }
}

#[test]
fn several_frames_are_one_body() {
    let skipped = [&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"abc"].concat();
    let body = [zstd(b"{}"), skipped, zstd(b"[]")].concat();
    assert_eq!(unpacked("zstd", &body, usize::MAX).as_deref(), Ok(b"{}[]".as_slice()));
    let body = [gzip(b"{}"), gzip(b"[]")].concat();
    assert_eq!(unpacked("gzip", &body, usize::MAX).as_deref(), Ok(b"{}[]".as_slice()));
    let many = zstd(b"x").repeat(limits::FRAMES);
    assert_eq!(unpacked("zstd", &many, usize::MAX).map(|bytes| bytes.len()), Ok(limits::FRAMES));
    let more = zstd(b"x").repeat(limits::FRAMES + 1);
    assert_eq!(unpacked("zstd", &more, usize::MAX), Err(Rejection::broken_encoding("zstd")));
}

#[test]
fn a_body_that_is_cut_short_is_broken() {
    for (announced, body) in [
        ("gzip", gzip(TEXT)),
        ("deflate", zlib(TEXT, Compression::default())),
        ("deflate", deflate(TEXT)),
        ("zstd", zstd(TEXT)),
    ] {
        for length in 0..body.len() {
            // A part of a gzip header decompresses to nothing.
            match unpacked(announced, &body[..length], usize::MAX) {
                Err(Rejection::Malformed(told)) => assert!(told.contains(announced), "{told}"),
                Ok(nothing) if nothing.is_empty() && length < 10 => {}
                other => panic!("{announced}, {length} of {}: {other:?}", body.len()),
            }
        }
        let more = [body, b"more".to_vec()].concat();
        assert!(matches!(unpacked(announced, &more, usize::MAX), Err(Rejection::Malformed(_))));
    }
}

/// A frame with a window of 128 KiB and this many blocks, each of one byte
/// 131,072 times.
fn repeated(blocks: u32) -> Vec<u8> {
    const RLE: u32 = 1;
    let block = |last: u32| ((131_072 << 3 | RLE << 1 | last).to_le_bytes()[..3].to_vec(), b'\n');
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 7 << 3];
    for place in 1..=blocks {
        let (header, byte) = block(u32::from(place == blocks));
        frame.extend(header);
        frame.push(byte);
    }
    frame
}

#[test]
fn a_bomb_ends_at_the_limit() {
    let bomb = vec![b'\n'; limits::DECOMPRESSED_BYTES + 1];
    let most = u32::try_from(limits::DECOMPRESSED_BYTES / 131_072).unwrap();
    for (announced, body) in [
        ("deflate", zlib(&bomb, Compression::fast())),
        ("zstd", repeated(most + 1)),
        ("zstd", repeated(most * 100)),
    ] {
        assert!(body.len() < 200_000, "{announced}: {}", body.len());
        let read = unpacked(announced, &body, 10_000);
        assert_eq!(read.err(), Some(Rejection::DecompressedTooLarge), "{announced}");
    }
    let whole = unpacked("zstd", &repeated(most), 10_000).map(|bytes| bytes.len());
    assert_eq!(whole, Ok(limits::DECOMPRESSED_BYTES));
}

/// RFC 8878, section 3.1.1.1.2: the exponent is in the upper five bits.
#[test]
fn a_window_beyond_the_limit_is_refused_before_it_is_allocated() {
    let frame = |exponent: u8| {
        // A raw block of one byte, the last.
        [&[0x28, 0xb5, 0x2f, 0xfd, 0x00, exponent << 3][..], &[0x09, 0, 0, b'x']].concat()
    };
    assert_eq!(unpacked("zstd", &frame(13), usize::MAX).as_deref(), Ok(b"x".as_slice()));
    for exponent in [14, 20, 31] {
        let Err(Rejection::TooMuch(told)) = unpacked("zstd", &frame(exponent), usize::MAX) else {
            panic!("a window of 2^{}", u32::from(exponent) + 10);
        };
        assert!(told.contains("more than 8 MiB"), "{told}");
    }
}

#[test]
fn an_unknown_encoding_is_refused() {
    for announced in ["br", "compress", "gzip, gzip", "gzip2"] {
        assert_eq!(unpacked(announced, TEXT, 1).err(), Some(Rejection::UnknownEncoding));
    }
}
