//! Numbers of a fixed width in bits, one after the other, the lowest bit first.

use super::SealedDamage;
use crate::block::Damage;

/// Writes numbers of up to 128 bits.
#[derive(Default)]
pub(super) struct BitWriter {
    out: Vec<u8>,
    /// Bits that are not in `out` yet: fewer than 64.
    waiting: u128,
    filled: u32,
}

impl BitWriter {
    pub(super) fn push(&mut self, number: u128, width: u32) {
        let low = width.min(64);
        self.push_half(number as u64, low);
        self.push_half((number >> 64) as u64, width - low);
    }

    fn push_half(&mut self, number: u64, width: u32) {
        self.waiting |= u128::from(number) << self.filled;
        self.filled += width;
        if self.filled >= 64 {
            self.out.extend_from_slice(&(self.waiting as u64).to_le_bytes());
            self.waiting >>= 64;
            self.filled -= 64;
        }
    }

    /// Returns all bytes. The bits that are left of the last one are 0.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let bytes = self.filled.div_ceil(8) as usize;
        self.out.extend_from_slice(&(self.waiting as u64).to_le_bytes()[..bytes]);
        self.out
    }
}

/// Reads what [`BitWriter`] wrote.
pub(super) struct BitReader<'a> {
    rest: &'a [u8],
    waiting: u128,
    filled: u32,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, waiting: 0, filled: 0 }
    }

    pub(super) fn take(&mut self, width: u32) -> Result<u128, SealedDamage> {
        let low = width.min(64);
        let lower = self.take_half(low)?;
        let upper = self.take_half(width - low)?;
        Ok(u128::from(lower) | u128::from(upper) << 64)
    }

    fn take_half(&mut self, width: u32) -> Result<u64, SealedDamage> {
        if self.filled < width {
            self.refill();
            if self.filled < width {
                return Err(Damage::CutShort.into());
            }
        }
        let mask = u64::MAX.checked_shr(64 - width).unwrap_or(0);
        let number = self.waiting as u64 & mask;
        self.waiting >>= width;
        self.filled -= width;
        Ok(number)
    }

    fn refill(&mut self) {
        if let Some((eight, rest)) = self.rest.split_first_chunk::<8>() {
            self.waiting |= u128::from(u64::from_le_bytes(*eight)) << self.filled;
            self.filled += 64;
            self.rest = rest;
        } else {
            for byte in std::mem::take(&mut self.rest) {
                self.waiting |= u128::from(*byte) << self.filled;
                self.filled += 8;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::SeededRandom;

    #[test]
    fn numbers_of_every_width_come_back() {
        let mut random = SeededRandom::new(1);
        for width in 0..=128 {
            let mask = u128::MAX.checked_shr(128 - width).unwrap_or(0);
            let one = |random: &mut SeededRandom| {
                (u128::from(random.next()) << 64 | u128::from(random.next())) & mask
            };
            let numbers: Vec<u128> = (0..50).map(|_| one(&mut random)).collect();
            let mut writer = BitWriter::default();
            numbers.iter().for_each(|number| writer.push(*number, width));
            let bytes = writer.finish();
            assert_eq!(bytes.len(), (50 * width as usize).div_ceil(8));
            let mut reader = BitReader::new(&bytes);
            for number in numbers {
                assert_eq!(reader.take(width), Ok(number), "width {width}");
            }
            assert!(reader.take(8).is_err(), "width {width}");
        }
    }
}
