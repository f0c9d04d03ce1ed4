//! Lists of pseudonyms: each as it is, or each distinct one once and a code a
//! row.

use super::bytes::{ByteReader, put_count};
use super::damage::Damage;
use super::packed::{put_packed, read_packed};
use crate::Pseudonym;

const AS_THEY_ARE: u8 = 0;
const DICTIONARY: u8 = 1;

/// A place in the table that has no entry.
const FREE: u32 = u32::MAX;

/// Writes a list, and nothing if it is empty.
pub(crate) fn put_pseudonyms(out: &mut Vec<u8>, all: &[Pseudonym]) {
    if all.is_empty() {
        return;
    }
    if let Some((entries, codes)) = dictionary(all) {
        out.push(DICTIONARY);
        put_count(out, entries.len());
        put_all(out, entries.into_iter());
        put_packed(out, 0, codes.iter().map(|code| i64::from(*code)));
    } else {
        out.push(AS_THEY_ARE);
        put_all(out, all.iter().copied());
    }
}

/// Reads a list of `count`.
pub(crate) fn read_pseudonyms(
    reader: &mut ByteReader<'_>,
    count: usize,
) -> Result<Vec<Pseudonym>, Damage> {
    if count == 0 {
        return Ok(Vec::new());
    }
    match reader.byte()? {
        AS_THEY_ARE => {
            Ok(reader.arrays(count)?.iter().copied().map(Pseudonym::from_bytes).collect())
        }
        DICTIONARY => {
            let entries = reader.count()?;
            let entries = reader.arrays(entries)?;
            read_packed(reader, 0, count, |code| {
                let place = usize::try_from(code).map_err(|_| Damage::UnknownCode)?;
                let entry = entries.get(place).ok_or(Damage::UnknownCode)?;
                Ok(Pseudonym::from_bytes(*entry))
            })
        }
        _ => Err(Damage::UnknownList),
    }
}

fn put_all(out: &mut Vec<u8>, all: impl ExactSizeIterator<Item = Pseudonym>) {
    let start = out.len();
    out.resize(start + all.len() * 16, 0);
    let (places, _) = out[start..].as_chunks_mut::<16>();
    places.iter_mut().zip(all).for_each(|(place, pseudonym)| *place = pseudonym.bytes());
}

/// Returns the distinct pseudonyms and a code for each of all, or nothing if
/// that would not be shorter.
///
/// The table is searched from a place that the pseudonym's own bits give:
/// they are those of an HMAC under a secret key, so that no sender can choose
/// them to be near each other.
fn dictionary(all: &[Pseudonym]) -> Option<(Vec<Pseudonym>, Vec<u32>)> {
    // A code takes up to 4 bytes, an entry 16.
    let most = all.len() - all.len().div_ceil(4);
    let mask = (all.len() * 2).next_power_of_two() - 1;
    let mut table = vec![FREE; mask + 1];
    let (mut entries, mut codes) = (Vec::new(), Vec::with_capacity(all.len()));
    for pseudonym in all {
        let bits = u128::from_le_bytes(pseudonym.bytes());
        let mut place = ((bits >> 64) as u64 ^ bits as u64) as usize & mask;
        let code = loop {
            match table[place] {
                FREE => {
                    if entries.len() == most {
                        return None;
                    }
                    table[place] = u32::try_from(entries.len()).ok()?;
                    entries.push(*pseudonym);
                    break table[place];
                }
                code if entries[code as usize] == *pseudonym => break code,
                _ => place = (place + 1) & mask,
            }
        };
        codes.push(code);
    }
    Some((entries, codes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(all: &[Pseudonym]) -> Vec<u8> {
        let mut out = Vec::new();
        put_pseudonyms(&mut out, all);
        let mut reader = ByteReader::new(&out);
        assert_eq!(read_pseudonyms(&mut reader, all.len()).as_deref(), Ok(all));
        assert_eq!(reader.end(), Ok(()));
        out
    }

    fn numbered(number: u64) -> Pseudonym {
        let bits = u128::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C834);
        Pseudonym::from_bytes(bits.to_be_bytes())
    }

    #[test]
    fn few_devices_are_written_once_and_many_as_they_are() {
        let few: Vec<_> = (0..1_000).map(|row| numbered(row % 10)).collect();
        assert!(written(&few).len() < 10 * 16 + 500 + 8);
        let distinct: Vec<_> = (0..1_000).map(numbered).collect();
        assert_eq!(written(&distinct).len(), 1 + 16 * 1_000);
        assert_eq!(written(&[]).len(), 0);
        assert_eq!(written(&[numbered(1)]).len(), 17);
        written(&[numbered(1), numbered(1), numbered(2)]);
    }

    #[test]
    fn a_code_without_an_entry_is_damage() {
        let mut bytes = written(&vec![numbered(3); 100]);
        assert_eq!(bytes.len(), 1 + 1 + 16 + 2);
        bytes[19] = 2;
        let read = read_pseudonyms(&mut ByteReader::new(&bytes), 100);
        assert_eq!(read, Err(Damage::UnknownCode));
        bytes[0] = 2;
        let read = read_pseudonyms(&mut ByteReader::new(&bytes), 100);
        assert_eq!(read, Err(Damage::UnknownList));
    }
}
