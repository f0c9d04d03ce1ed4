//! Varints, bits and texts: written to a block, and read from one that may be
//! damaged.

use super::damage::Damage;

/// LEB128: 7 bits a byte, the lowest first.
pub(crate) fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

/// A count, length or code.
pub(crate) fn put_count(out: &mut Vec<u8>, count: usize) {
    put_varint(out, count as u64);
}

/// A varint that is short for numbers near 0, negative ones too.
pub(crate) fn put_zigzag(out: &mut Vec<u8>, number: i64) {
    put_varint(out, ((number << 1) ^ (number >> 63)).cast_unsigned());
}

/// The length in bytes, then the text.
pub(crate) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_count(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

/// One bit each, the lowest of a byte first.
pub(crate) fn put_bits(out: &mut Vec<u8>, bits: impl IntoIterator<Item = bool>) {
    let mut byte = 0;
    let mut place = 0;
    for bit in bits {
        byte |= u8::from(bit) << place;
        place += 1;
        if place == 8 {
            out.push(byte);
            (byte, place) = (0, 0);
        }
    }
    if place > 0 {
        out.push(byte);
    }
}

/// Bits that [`put_bits`] wrote.
#[derive(Clone, Copy)]
pub(crate) struct Bits<'a> {
    bytes: &'a [u8],
}

impl Bits<'_> {
    /// # Panics
    ///
    /// If there is no bit at `place`.
    pub(crate) fn get(self, place: usize) -> bool {
        self.bytes[place / 8] >> (place % 8) & 1 == 1
    }
}

/// Reads from the front of a slice. Returns nothing that is longer than the
/// bytes that are left.
pub(crate) struct ByteReader<'a> {
    rest: &'a [u8],
}

impl<'a> ByteReader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Checks that everything has been read.
    pub(crate) fn end(&self) -> Result<(), Damage> {
        if self.rest.is_empty() { Ok(()) } else { Err(Damage::TrailingBytes) }
    }

    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], Damage> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Damage::CutShort)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Damage> {
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or(Damage::CutShort)?;
        self.rest = rest;
        Ok(*taken)
    }

    /// `count` arrays of `N` bytes each.
    pub(crate) fn arrays<const N: usize>(&mut self, count: usize) -> Result<&'a [[u8; N]], Damage> {
        let bytes = self.take(count.checked_mul(N).ok_or(Damage::CutShort)?)?;
        Ok(bytes.as_chunks::<N>().0)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Damage> {
        let (byte, rest) = self.rest.split_first().ok_or(Damage::CutShort)?;
        self.rest = rest;
        Ok(*byte)
    }

    pub(crate) fn varint(&mut self) -> Result<u64, Damage> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                break;
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Damage::NumberTooLarge)
    }

    pub(crate) fn zigzag(&mut self) -> Result<i64, Damage> {
        let number = self.varint()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    /// A count of things that follow, each of at least one byte.
    pub(crate) fn count(&mut self) -> Result<usize, Damage> {
        let count = self.varint()?;
        match usize::try_from(count) {
            Ok(count) if count <= self.rest.len() => Ok(count),
            _ => Err(Damage::CountTooLarge),
        }
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, Damage> {
        let length = self.count()?;
        str::from_utf8(self.take(length)?).map_err(|_| Damage::NotUtf8)
    }

    pub(crate) fn bits(&mut self, count: usize) -> Result<Bits<'a>, Damage> {
        Ok(Bits { bytes: self.take(count.div_ceil(8))? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_at_every_length() {
        let edges = (0..64).flat_map(|bit| [1i64 << bit, (1i64 << bit).wrapping_sub(1)]);
        for number in edges.flat_map(|number| [number, number.wrapping_neg()]) {
            let mut out = Vec::new();
            put_zigzag(&mut out, number);
            put_varint(&mut out, number.cast_unsigned());
            let mut reader = ByteReader::new(&out);
            assert_eq!(reader.zigzag(), Ok(number));
            assert_eq!(reader.varint(), Ok(number.cast_unsigned()));
            assert_eq!(reader.end(), Ok(()));
        }
    }

    #[test]
    fn a_number_of_more_than_64_bits_is_damage() {
        let mut bytes = [0xff; 10];
        bytes[9] = 0x01;
        assert_eq!(ByteReader::new(&bytes).varint(), Ok(u64::MAX));
        bytes[9] = 0x02;
        assert!(ByteReader::new(&bytes).varint().is_err());
        assert!(ByteReader::new(&[0x80; 11]).varint().is_err());
        assert!(ByteReader::new(&[0x80; 3]).varint().is_err());
    }

    #[test]
    fn a_count_larger_than_the_bytes_left_is_damage() {
        assert_eq!(ByteReader::new(&[2, 0, 0]).count(), Ok(2));
        assert!(ByteReader::new(&[3, 0, 0]).count().is_err());
        assert!(ByteReader::new(&[0xff, 0xff, 0xff, 0xff, 0x0f]).count().is_err());
        assert!(ByteReader::new(&[0; 4]).arrays::<16>(usize::MAX).is_err());
    }
}
