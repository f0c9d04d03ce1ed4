//! Compressed bytes, and integers made of them.

use std::io;

use zstd::bulk::{Compressor, Decompressor};

use super::SealedDamage;
use crate::block::{ByteReader, Damage, put_count, put_varint};
use crate::limits;

/// The level of Zstandard. Higher ones gain 0.2 B an event and cost much more.
const LEVEL: i32 = 1;

/// Zstandard makes at most this many bytes of one: a block of 128 KiB is at
/// least 4 bytes.
const MOST_BYTES_OF_ONE: usize = 32 * 1024;

/// Writes frames.
pub(super) struct FrameWriter {
    compressor: Compressor<'static>,
    buffer: Vec<u8>,
    plane: Vec<u8>,
}

impl FrameWriter {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { compressor: Compressor::new(LEVEL)?, buffer: Vec::new(), plane: Vec::new() })
    }

    /// Writes a frame. Its reader knows how many bytes it has.
    pub(super) fn put_frame(&mut self, out: &mut Vec<u8>, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.buffer.clear();
        self.buffer.reserve(zstd::zstd_safe::compress_bound(bytes.len()));
        self.compressor.compress_to_buffer(bytes, &mut self.buffer)?;
        put_count(out, self.buffer.len());
        out.extend_from_slice(&self.buffer);
        Ok(())
    }

    pub(super) fn put_integers<N: Integer>(
        &mut self,
        out: &mut Vec<u8>,
        numbers: &[N],
    ) -> io::Result<()> {
        let Some(least) = numbers.iter().copied().min() else { return Ok(()) };
        let largest = numbers.iter().map(|number| number.minus(least)).max().unwrap_or(0);
        // More numbers than rows have a frame, so that their reader can tell
        // that there are so many.
        let width = (u64::BITS - largest.leading_zeros()).div_ceil(8);
        let width = width.max(u32::from(numbers.len() > limits::CHUNK_ROWS));
        put_varint(out, least.bits());
        out.push(width as u8);
        for place in 0..width {
            let mut plane = std::mem::take(&mut self.plane);
            plane.clear();
            let byte = |number: &N| (number.minus(least) >> (8 * place)) as u8;
            plane.extend(numbers.iter().map(byte));
            let put = self.put_frame(out, &plane);
            self.plane = plane;
            put?;
        }
        Ok(())
    }
}

/// A whole number of a column.
pub(super) trait Integer: Copy + Ord {
    /// Returns the difference.
    fn minus(self, least: Self) -> u64;
    /// Returns the bits, as a short varint where the number is small.
    fn bits(self) -> u64;
}

macro_rules! unsigned {
    ($($kind:ty),*) => {$(
        impl Integer for $kind {
            fn minus(self, least: Self) -> u64 {
                u64::from(self - least)
            }
            fn bits(self) -> u64 {
                u64::from(self)
            }
        }
    )*};
}

unsigned!(u8, u16, u32);

impl Integer for i64 {
    fn minus(self, least: Self) -> u64 {
        self.wrapping_sub(least).cast_unsigned()
    }

    fn bits(self) -> u64 {
        ((self << 1) ^ (self >> 63)).cast_unsigned()
    }
}

/// Reads frames.
pub(super) struct FrameReader<'a> {
    pub(super) bytes: ByteReader<'a>,
    decompressor: Decompressor<'static>,
}

impl<'a> FrameReader<'a> {
    pub(super) fn new(bytes: ByteReader<'a>) -> Result<Self, SealedDamage> {
        let decompressor = Decompressor::new().map_err(|_| SealedDamage::Frame)?;
        Ok(Self { bytes, decompressor })
    }

    /// Lets `read` read these bytes and no others. The tables of the
    /// decompressor are kept.
    pub(super) fn within<T>(
        &mut self,
        bytes: &'a [u8],
        read: impl FnOnce(&mut Self) -> Result<T, SealedDamage>,
    ) -> Result<T, SealedDamage> {
        let rest = std::mem::replace(&mut self.bytes, ByteReader::new(bytes));
        let read = read(self);
        self.bytes = rest;
        read
    }

    /// Reads a frame of so many bytes.
    pub(super) fn frame(&mut self, length: usize) -> Result<Vec<u8>, SealedDamage> {
        if length == 0 {
            return Ok(Vec::new());
        }
        let count = self.bytes.count()?;
        let frame = self.bytes.take(count)?;
        if length > frame.len().saturating_mul(MOST_BYTES_OF_ONE) {
            return Err(Damage::CountTooLarge.into());
        }
        let bytes = self.decompressor.decompress(frame, length).map_err(|_| SealedDamage::Frame)?;
        if bytes.len() == length { Ok(bytes) } else { Err(SealedDamage::Frame) }
    }

    /// Reads integers that are not negative. A difference that leaves the type
    /// is damage.
    pub(super) fn integers<N: TryFrom<u64>>(
        &mut self,
        count: usize,
    ) -> Result<Vec<N>, SealedDamage> {
        let (least, differences) = self.differences(count)?;
        let number = |difference: u64| N::try_from(least.checked_add(difference)?).ok();
        let numbers: Option<Vec<N>> = differences.into_iter().map(number).collect();
        Ok(numbers.ok_or(Damage::NumberTooLarge)?)
    }

    /// Reads integers of 64 bits with a sign.
    pub(super) fn signed(&mut self, count: usize) -> Result<Vec<i64>, SealedDamage> {
        let (least, differences) = self.differences(count)?;
        let least = (least >> 1).cast_signed() ^ -(least & 1).cast_signed();
        let number = |difference: u64| least.wrapping_add(difference.cast_signed());
        Ok(differences.into_iter().map(number).collect())
    }

    fn differences(&mut self, count: usize) -> Result<(u64, Vec<u64>), SealedDamage> {
        if count == 0 {
            return Ok((0, Vec::new()));
        }
        let least = self.bytes.varint()?;
        let width = self.bytes.byte()?;
        if width > 8 {
            return Err(Damage::NumberTooLarge.into());
        }
        if width == 0 && count > limits::CHUNK_ROWS {
            return Err(Damage::CountTooLarge.into());
        }
        let first = if width > 0 { self.frame(count)? } else { vec![0; count] };
        let mut differences: Vec<u64> = first.into_iter().map(u64::from).collect();
        for place in 1..width {
            let plane = self.frame(count)?;
            for (difference, byte) in differences.iter_mut().zip(plane) {
                *difference |= u64::from(byte) << (8 * place);
            }
        }
        Ok((least, differences))
    }
}
