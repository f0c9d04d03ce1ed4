//! From a word of a closed set to its code in a column.

use super::columns::Columns;

/// The words of one closed set, with the codes that they have in one column.
#[derive(Debug)]
pub(super) struct WordCodes {
    /// Each word at the place of its hash, or after it.
    slots: Box<[Option<CodedWord>]>,
    /// The number of places - 1, all of whose bits are set.
    mask: usize,
    /// The code of everything else, if the set has a bucket.
    other: Option<u16>,
}

#[derive(Debug, Clone, Copy)]
struct CodedWord {
    /// The first and the last bytes of the word. A word of at most 16 bytes is
    /// nothing else.
    ends: Ends,
    word: &'static str,
    code: u16,
}

/// So many places for each word: most words are alone at theirs.
const SLOTS_FOR_EACH: usize = 4;

impl WordCodes {
    /// Without a column the codes are places in the set: the value is checked
    /// and left out.
    pub(super) fn new(
        columns: &Columns,
        column: Option<usize>,
        set: &[&'static str],
        other: Option<&'static str>,
    ) -> Self {
        let code = |(place, word): (usize, &'static str)| match column {
            Some(column) => columns.code(column, word),
            None => u16::try_from(place).ok(),
        };
        let length = (set.len().max(1) * SLOTS_FOR_EACH).next_power_of_two();
        let mut slots = vec![None; length].into_boxed_slice();
        for (place, word) in set.iter().copied().enumerate() {
            let Some(code) = code((place, word)) else { continue };
            let coded = CodedWord { ends: Ends::of(word), word, code };
            let start = coded.ends.hash();
            let free = (start..start + length).find(|slot| slots[slot & (length - 1)].is_none());
            if let Some(slot) = free {
                slots[slot & (length - 1)] = Some(coded);
            }
        }
        let other = other.and_then(|word| code((set.len(), word)));
        Self { slots, mask: length - 1, other }
    }

    /// Returns the code of a word, that of the bucket if the set has no such
    /// word, `None` if it has no bucket either.
    #[inline]
    pub(super) fn code(&self, word: &str) -> Option<u16> {
        let ends = Ends::of(word);
        let mut slot = ends.hash();
        // There are free places, so this ends.
        while let Some(Some(known)) = self.slots.get(slot & self.mask) {
            if known.ends == ends && (word.len() <= 16 || known.word == word) {
                return Some(known.code);
            }
            slot += 1;
        }
        self.other
    }
}

/// The length of a word, its first and its last 8 bytes, which overlap if it
/// has fewer than 16, and those in its middle if it has more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ends {
    length: usize,
    first: u64,
    last: u64,
    middle: u64,
}

impl Ends {
    #[inline(always)]
    fn of(word: &str) -> Self {
        let (bytes, length) = (word.as_bytes(), word.len());
        let (first, last) = match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => match (bytes.first_chunk(), bytes.last_chunk()) {
                (Some(first), Some(last)) => {
                    (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)))
                }
                // At most three bytes.
                _ => (bytes.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)), 0),
            },
        };
        let middle = match bytes.get(length.saturating_sub(8) / 2..) {
            Some(rest) if length > 16 => {
                rest.first_chunk().map_or(0, |middle| u64::from_le_bytes(*middle))
            }
            _ => 0,
        };
        Self { length, first, last, middle }
    }

    /// A place, of which the lowest bits count. Both halves of the product are
    /// in it: every bit of a word is then in its lowest bits.
    fn hash(self) -> usize {
        let mixed = self.first ^ self.last.rotate_left(23) ^ self.middle.rotate_left(41);
        let mixed = mixed ^ self.length as u64;
        let product = u128::from(mixed) * 0x9E37_79B9_7F4A_7C15;
        ((product >> 64) as u64 ^ product as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A set without a column: the codes are places.
    fn codes(set: &[&'static str], other: Option<&'static str>) -> WordCodes {
        WordCodes::new(&Columns::default(), None, set, other)
    }

    #[test]
    fn every_word_has_its_code_and_no_other_text_has_one() {
        // Of every length up to 40; some share their first and last 8 bytes.
        let long = "abcdefghijklmnopqrstuvwxyzabcdefghijklmn";
        let mut words: Vec<String> = (0..=long.len()).map(|end| long[..end].to_owned()).collect();
        words.extend(
            ["12345678_12345678", "12345678-12345678", "ab\0", "é", "\0\0"].map(str::to_owned),
        );
        let set: Vec<&'static str> = words.iter().map(|word| &*word.clone().leak()).collect();
        for step in 1..4 {
            let known: Vec<&'static str> = set.iter().copied().step_by(step).collect();
            let bucket = codes(&known, Some("other"));
            let closed = codes(&known, None);
            for word in &set {
                let place = known.iter().position(|known| known == word);
                let place = place.map(|place| place as u16);
                assert_eq!(closed.code(word), place, "{word}");
                assert_eq!(bucket.code(word), place.or(Some(known.len() as u16)), "{word}");
            }
        }
        assert_eq!(codes(&[], None).code(""), None);
    }

    /// As names of steps, sizes and versions are.
    #[test]
    fn words_that_differ_in_one_place_are_spread() {
        for (before, after) in [
            ("tier_", ""),
            ("", "_step"),
            ("step-number-", "-of-the-whole"),
            ("metric", "_seconds_of_all"),
        ] {
            let words: Vec<&'static str> =
                ('a'..='z').map(|letter| &*format!("{before}{letter}{after}").leak()).collect();
            let known = codes(&words, None);
            let alone = words.iter().filter(|word| {
                let slot = Ends::of(word).hash() & known.mask;
                known.slots[slot].is_some_and(|coded| coded.word == **word)
            });
            assert!(alone.count() >= 18, "{before}?{after}");
        }
    }
}
