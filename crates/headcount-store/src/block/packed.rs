//! Packed numbers: how many bits each takes, the smallest, and the distances
//! from it.

use super::bytes::{ByteReader, put_zigzag};
use super::damage::Damage;

/// The widths that a list may have, in bits. Those of less than a byte divide
/// it; the others are whole bytes, so that they are copied and not shifted.
const WIDTHS: [u8; 9] = [0, 1, 2, 4, 8, 16, 24, 32, 64];

/// Writes a list of numbers, and nothing if it is empty. Each takes at least
/// `least` bits. The reader must know how many there are.
pub(crate) fn put_packed(
    out: &mut Vec<u8>,
    least: u8,
    numbers: impl ExactSizeIterator<Item = i64> + Clone,
) {
    let Some(first) = numbers.clone().next() else { return };
    let (low, high) = numbers
        .clone()
        .fold((first, first), |(low, high), number| (low.min(number), high.max(number)));
    let width = width(high.wrapping_sub(low).cast_unsigned()).max(least);
    out.push(width);
    put_zigzag(out, low);
    let distances = numbers.map(|number| number.wrapping_sub(low).cast_unsigned());
    match width {
        0 => {}
        8 => put_bytes::<1>(out, distances),
        16 => put_bytes::<2>(out, distances),
        24 => put_bytes::<3>(out, distances),
        32 => put_bytes::<4>(out, distances),
        64 => put_bytes::<8>(out, distances),
        _ => put_bits(out, width, distances),
    }
}

/// Reads a list of `count` numbers. Allocates nothing if `least` is 0 and all
/// numbers are the same, apart from the list that it returns: the caller knows
/// that there are so many.
pub(crate) fn read_packed<T>(
    reader: &mut ByteReader<'_>,
    least: u8,
    count: usize,
    mut convert: impl FnMut(i64) -> Result<T, Damage>,
) -> Result<Vec<T>, Damage> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let width = reader.byte()?;
    if width < least {
        return Err(Damage::UnknownWidth);
    }
    let low = reader.zigzag()?;
    let mut convert = |distance: u64| convert(low.wrapping_add(distance.cast_signed()));
    match width {
        0 => (0..count).map(|_| convert(0)).collect(),
        8 => read_bytes::<1, T>(reader, count, convert),
        16 => read_bytes::<2, T>(reader, count, convert),
        24 => read_bytes::<3, T>(reader, count, convert),
        32 => read_bytes::<4, T>(reader, count, convert),
        64 => read_bytes::<8, T>(reader, count, convert),
        1 | 2 | 4 => {
            let each = usize::from(8 / width);
            let bytes = reader.take(count.div_ceil(each))?;
            let mask = (1u64 << width) - 1;
            let bits = |place: usize| {
                let byte = bytes.get(place / each).copied().unwrap_or(0);
                u64::from(byte) >> (place % each * usize::from(width)) & mask
            };
            (0..count).map(|place| convert(bits(place))).collect()
        }
        _ => Err(Damage::UnknownWidth),
    }
}

fn width(range: u64) -> u8 {
    let bits = 64 - range.leading_zeros();
    WIDTHS.into_iter().find(|width| u32::from(*width) >= bits).unwrap_or(64)
}

fn put_bytes<const N: usize>(out: &mut Vec<u8>, distances: impl ExactSizeIterator<Item = u64>) {
    let start = out.len();
    out.resize(start + distances.len() * N, 0);
    let (places, _) = out[start..].as_chunks_mut::<N>();
    for (place, distance) in places.iter_mut().zip(distances) {
        place.copy_from_slice(&distance.to_le_bytes()[..N]);
    }
}

fn put_bits(out: &mut Vec<u8>, width: u8, mut distances: impl ExactSizeIterator<Item = u64>) {
    let each = usize::from(8 / width);
    let start = out.len();
    out.resize(start + distances.len().div_ceil(each), 0);
    for byte in &mut out[start..] {
        for (place, distance) in distances.by_ref().take(each).enumerate() {
            *byte |= distance.to_le_bytes()[0] << (place as u8 * width);
        }
    }
}

fn read_bytes<const N: usize, T>(
    reader: &mut ByteReader<'_>,
    count: usize,
    mut convert: impl FnMut(u64) -> Result<T, Damage>,
) -> Result<Vec<T>, Damage> {
    let places = reader.arrays::<N>(count)?;
    let mut all = Vec::with_capacity(places.len());
    for place in places {
        let mut bytes = [0; 8];
        bytes[..N].copy_from_slice(place);
        all.push(convert(u64::from_le_bytes(bytes))?);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(least: u8, numbers: &[i64]) -> usize {
        let mut out = Vec::new();
        put_packed(&mut out, least, numbers.iter().copied());
        let mut reader = ByteReader::new(&out);
        assert_eq!(read_packed(&mut reader, least, numbers.len(), Ok).as_deref(), Ok(numbers));
        assert_eq!(reader.end(), Ok(()));
        for end in 0..out.len() {
            let cut = read_packed(&mut ByteReader::new(&out[..end]), least, numbers.len(), Ok);
            assert!(cut.is_err(), "{numbers:?} cut at {end}");
        }
        out.len()
    }

    #[test]
    fn numbers_of_every_width_come_back() {
        for bits in 0..64 {
            for low in [0, 1, -1, i64::MIN, i64::MAX, 1 << 40] {
                let high = low.wrapping_add((1u64 << bits).cast_signed());
                for extra in 0..9 {
                    let mut numbers = vec![low.min(high), low.max(high)];
                    numbers.extend((0..extra).map(|nth| low.min(high) + nth % 2));
                    round_trip(0, &numbers);
                    round_trip(1, &numbers);
                }
            }
        }
        assert_eq!(round_trip(0, &[]), 0);
        assert_eq!(round_trip(0, &[7; 1_000]), 2, "a number that is the same in every row");
        assert_eq!(round_trip(1, &[7; 80]), 12, "a bit each, if the count is not known otherwise");
        assert_eq!(round_trip(0, &[0, 1, 1, 0, 1, 0, 0, 0]), 3);
        assert_eq!(round_trip(0, &[20, 35, 20]), 4);
    }

    #[test]
    fn other_widths_are_damage() {
        for width in (0..=255).filter(|width| !WIDTHS.contains(width)) {
            let bytes = [width, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
            let read = read_packed(&mut ByteReader::new(&bytes), 0, 2, Ok);
            assert_eq!(read, Err(Damage::UnknownWidth), "{width}");
        }
        let read = read_packed(&mut ByteReader::new(&[0, 0]), 1, usize::MAX, Ok);
        assert_eq!(read, Err(Damage::UnknownWidth), "a list that takes no bytes");
        assert!(read_packed(&mut ByteReader::new(&[8, 0]), 0, usize::MAX, Ok).is_err());
    }
}
