//! Compressed bodies that cost more than their bytes: members, frames and
//! blocks with nothing in them. Each is refused, or costs about what an honest
//! body of as many bytes does.

use std::io::Write as _;
use std::time::{Duration, Instant};

use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use flate2::{Compression, FlushCompress};

use super::tests::unpacked;
use crate::intake::rejection::Rejection;
use crate::limits;

/// Writes bits as deflate does: the lowest first, codes the highest first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    held: u64,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u64, count: u32) {
        self.held |= value << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.held as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    fn code(&mut self, code: u64, count: u32) {
        (0..count).rev().for_each(|bit| self.put(code >> bit & 1, 1));
    }

    /// Ends with an empty block of the fixed code, the last.
    fn finish(mut self) -> Vec<u8> {
        self.put(0b011, 3);
        self.put(0, 7 + 7);
        self.bytes
    }

    /// A block of the fixed code with this many spaces.
    fn fixed_block(&mut self, spaces: usize) {
        self.put(0b010, 3);
        (0..spaces).for_each(|_| self.code(0x30 + u64::from(b' '), 8));
        self.code(0, 7);
    }

    /// A block with a code of its own, and nothing in it (RFC 1951, 3.2.7): 256
    /// has one bit, and so has the only distance.
    fn own_code_block(&mut self) {
        self.put(0b100, 3);
        self.put(0, 5 + 5);
        // Lengths of the code of lengths: 18 has one bit, 0 and 1 have two.
        self.put(14, 4);
        for symbol in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1] {
            self.put([0, 1, 2][usize::from(symbol == 18) + 2 * usize::from(symbol < 2)], 3);
        }
        for zeros in [138, 118] {
            self.code(0b0, 1);
            self.put(zeros - 11, 7);
        }
        self.code(0b11, 2);
        self.code(0b11, 2);
        self.code(0b0, 1);
    }
}

/// A megabyte of blocks.
fn blocks(write: impl Fn(&mut Bits)) -> Vec<u8> {
    let mut bits = Bits::default();
    while bits.bytes.len() < 1 << 20 {
        write(&mut bits);
    }
    bits.finish()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A frame of empty blocks: raw ones, or such of no literals and no sequences.
fn zstd_blocks(block: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 7 << 3];
    frame.extend(block.repeat((1 << 20) / block.len()));
    frame.extend([1, 0, 0]);
    frame
}

/// Lines of 274 bytes whose ids differ.
fn events(count: u32) -> Vec<u8> {
    let line = |number: u32| {
        let (id, rest) = (number.wrapping_mul(2_654_435_761), "y".repeat(206));
        format!(
            "{{\"event\":\"run\",\"id\":\"01a1f640-bc00-7000-8000-{id:012x}\",\"x\":\"{rest}\"}}\n"
        )
    };
    (0..count).map(line).collect::<String>().into_bytes()
}

#[test]
fn members_and_blocks_with_nothing_in_them_are_refused_soon() {
    let body = gzip(&events(20_000));
    let began = Instant::now();
    assert!(unpacked("gzip", &body, usize::MAX).is_ok());
    let honest = began.elapsed();
    let mut table = format!("{:>10} bytes, honest: {honest:?}\n", body.len());
    for (name, announced, body) in [
        ("250,000 empty members", "gzip", gzip(b"").repeat(250_000)),
        ("empty blocks as they are", "deflate", [0, 0, 0, 0xff, 0xff].repeat(1 << 18)),
        ("empty blocks of the fixed code", "deflate", blocks(|bits| bits.fixed_block(0))),
        ("ten bytes in each", "deflate", blocks(|bits| bits.fixed_block(10))),
        ("empty blocks of their own code", "deflate", blocks(Bits::own_code_block)),
        ("zstd: empty blocks as they are", "zstd", zstd_blocks(&[0, 0, 0])),
        ("zstd: empty blocks", "zstd", zstd_blocks(&[2 << 1 | 2 << 3, 0, 0, 0, 0])),
    ] {
        let began = Instant::now();
        let read = unpacked(announced, &body, usize::MAX);
        let took = began.elapsed();
        table += &format!("{:>10} bytes, {name}: {took:?}\n", body.len());
        match read {
            Err(Rejection::TooMuch(told)) => assert!(told.contains("fewer flushes"), "{told}"),
            // So are too many members, and blocks that are none.
            Err(Rejection::Malformed(_)) => assert!(announced != "deflate", "{name}"),
            other => panic!("{name}: {:?}", other.map(|bytes| bytes.len())),
        }
        // An honest body of as many bytes costs more; the machine may be busy.
        assert!(took < 5 * honest + Duration::from_millis(200), "{table}");
    }
    print!("{table}");
}

#[test]
fn a_client_that_flushes_after_each_event_is_read() {
    let lines = events(5_000);
    let mut whole = Vec::with_capacity(lines.len());
    let mut state = flate2::Compress::new(Compression::default(), false);
    for line in lines.split_inclusive(|byte| *byte == b'\n') {
        state.compress_vec(line, &mut whole, FlushCompress::Sync).unwrap();
    }
    state.compress_vec(&[], &mut whole, FlushCompress::Finish).unwrap();
    assert_eq!(unpacked("deflate", &whole, usize::MAX).as_deref(), Ok(&*lines));
}

#[test]
fn gzip_may_have_members_and_a_header_with_names() {
    let one = gzip(b"{}");
    let most = one.repeat(limits::FRAMES);
    assert_eq!(unpacked("gzip", &most, 1_000).map(|bytes| bytes.len()), Ok(2 * limits::FRAMES));
    let broken = Err(Rejection::broken_encoding("gzip"));
    assert_eq!(unpacked("gzip", &one.repeat(limits::FRAMES + 1), 1_000), broken);
    let named = flate2::GzBuilder::new().filename("x").comment("y").extra(vec![1; 300]);
    let mut encoder = named.write(Vec::new(), Compression::default());
    encoder.write_all(b"[]").unwrap();
    let named = encoder.finish().unwrap();
    assert_eq!(unpacked("gzip", &[named, one.clone()].concat(), 7).as_deref(), Ok(&b"[]{}"[..]));
    assert_eq!(unpacked("gzip", b"", 1).as_deref(), Ok(&b""[..]));
    // The checksum and the length are checked.
    for place in one.len() - 8..one.len() {
        let mut flipped = one.clone();
        flipped[place] ^= 1;
        assert_eq!(unpacked("gzip", &flipped, usize::MAX), broken);
    }
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(b"[]").unwrap();
    let mut zlib = zlib.finish().unwrap();
    *zlib.last_mut().unwrap() ^= 1;
    assert_eq!(unpacked("deflate", &zlib, 1), Err(Rejection::broken_encoding("deflate")));
    let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
    raw.write_all(b"[]").unwrap();
    let twice = raw.finish().unwrap().repeat(2);
    assert_eq!(unpacked("deflate", &twice, 1), Err(Rejection::broken_encoding("deflate")));
}
