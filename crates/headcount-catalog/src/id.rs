//! Event ids: version-7 UUIDs (RFC 9562) whose time is cut to the day, so that
//! they sort by time but reveal only the day.

use std::fmt;

use crate::Day;

/// The id of an event: 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId(u128);

impl EventId {
    /// Makes a version-7 UUID of the start of the day and 74 bits of `random`.
    #[must_use]
    pub fn new(day: Day, random: [u8; 16]) -> Self {
        let time = u128::from(day.start().milliseconds().max(0).unsigned_abs() & 0xffff_ffff_ffff);
        let random = u128::from_be_bytes(random);
        let version_and_variant = (0x7 << 76) | (0b10 << 62);
        let free = !(0xffff_ffff_ffff_u128 << 80) & !(0xf << 76) & !(0b11 << 62);
        Self((time << 80) | version_and_variant | (random & free))
    }

    /// Makes a version-4 UUID of 122 of the bits of `random`, which tells no
    /// day: for an event whose id is one of its properties.
    #[must_use]
    pub const fn random(random: [u8; 16]) -> Self {
        let version_and_variant = (0x4 << 76) | (0b10 << 62);
        let free = !(0xf << 76) & !(0b11 << 62);
        Self(version_and_variant | (u128::from_be_bytes(random) & free))
    }

    /// Returns the id with these bits.
    #[must_use]
    pub const fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// Returns the 128 bits.
    #[must_use]
    pub const fn bits(self) -> u128 {
        self.0
    }

    /// Returns the day of its time, if it is a version-7 UUID.
    #[must_use]
    pub fn day(self) -> Option<Day> {
        let milliseconds = i64::try_from(self.0 >> 80).ok()?;
        ((self.0 >> 76) & 0xf == 7).then(|| crate::Time::from_milliseconds(milliseconds).day())
    }

    /// Reads a UUID with hyphens, of any version and in either case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 36 {
            return None;
        }
        if [8, 13, 18, 23].iter().any(|place| bytes[*place] != b'-') {
            return None;
        }
        // Every event that a collector takes in has an id: all digits are
        // looked up before it is asked whether one of them is wrong.
        let (mut bits, mut seen) = (0u128, 0u8);
        for digits in [0..8, 9..13, 14..18, 19..23, 24..36] {
            let mut group = 0u64;
            let count = digits.len();
            for byte in &bytes[digits] {
                let digit = DIGIT_OF_BYTE[usize::from(*byte)];
                group = group << 4 | u64::from(digit & 0xf);
                seen |= digit;
            }
            bits = bits << (4 * count) | u128::from(group);
        }
        if seen > 0xf {
            return None;
        }
        Some(Self(bits))
    }
}

impl fmt::Display for EventId {
    /// Writes digit by digit, because every record has an id and `write!` would
    /// take as long as the rest of the line.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [b'-'; 36];
        let mut bits = self.0;
        for place in (0..36).rev().filter(|place| !matches!(place, 8 | 13 | 18 | 23)) {
            text[place] = DIGITS[(bits & 0xf) as usize];
            bits >>= 4;
        }
        out.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

/// The hexadecimal digit that a byte stands for, [`NOT_A_DIGIT`] for others.
static DIGIT_OF_BYTE: [u8; 256] = {
    let mut digits = [NOT_A_DIGIT; 256];
    let mut digit = 0;
    while digit < 16 {
        digits[b"0123456789abcdef"[digit] as usize] = digit as u8;
        digits[b"0123456789ABCDEF"[digit] as usize] = digit as u8;
        digit += 1;
    }
    digits
};

const NOT_A_DIGIT: u8 = 0xff;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_id_has_the_form_of_version_4_and_no_day() {
        let all = EventId::random([0xff; 16]);
        assert_eq!(
            (all.to_string().as_str(), all.day()),
            ("ffffffff-ffff-4fff-bfff-ffffffffffff", None)
        );
        assert_eq!(EventId::random([0; 16]).to_string(), "00000000-0000-4000-8000-000000000000");
    }

    #[test]
    fn an_id_reveals_only_its_day() {
        let day = Day::parse("2026-11-20").expect("a day");
        let id = EventId::new(day, [0xff; 16]);
        assert_eq!(id.day(), Some(day));
        let text = id.to_string();
        assert_eq!(&text[14..15], "7");
        assert!(matches!(&text[19..20], "8" | "9" | "a" | "b"));
        assert_eq!(EventId::parse(&text), Some(id));
        assert_eq!(EventId::parse(&text.to_uppercase()), Some(id));
        assert!(EventId::new(day, [0; 16]) < EventId::new(day.plus(1), [0; 16]));
    }

    #[test]
    fn what_is_not_a_uuid_is_not_read() {
        for text in [
            "",
            "evt-1111",
            "0198e8b6-aaaa-7bbb-8ccc-ddddeeeeffffg",
            "zz98e8b6-aaaa-7bbb-8ccc-ddddeeeeffff",
        ] {
            assert_eq!(EventId::parse(text), None, "{text}");
        }
    }

    /// Every byte at every place, beside the obvious reading.
    #[test]
    fn an_id_has_digits_and_hyphens_in_their_places() {
        let good = *b"0190abcd-EF01-7234-89ab-cdef01234567";
        for place in 0..good.len() {
            for byte in 0..0x80u8 {
                let mut text = good;
                text[place] = byte;
                let text = std::str::from_utf8(&text).expect("ASCII");
                let hyphens = [8, 13, 18, 23];
                let is_id = text.char_indices().all(|(place, character)| {
                    if hyphens.contains(&place) {
                        character == '-'
                    } else {
                        character.is_ascii_hexdigit()
                    }
                });
                let bits = u128::from_str_radix(&text.replace('-', ""), 16).ok();
                let expected = if is_id { bits } else { None };
                assert_eq!(EventId::parse(text).map(EventId::bits), expected, "{text}");
            }
        }
        assert_eq!(EventId::parse("0190abcd-ef01-7234-89ab-cdef012345\u{e9}"), None);
        assert_eq!(EventId::parse("0190abcd-ef01-7234-89ab-cdef0123456"), None);
    }
}
