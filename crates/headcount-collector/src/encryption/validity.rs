//! From when and until when a certificate is valid.
//!
//! rustls checks the certificates of others and says no more of its own than
//! whether their names fit. The two times are the fifth field of a certificate
//! (RFC 5280, section 4.1), so four are skipped.

use headcount_catalog::{Day, Time};

/// From when and until when a certificate is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) not_before: Time,
    pub(super) not_after: Time,
}

const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
/// `[0]`, the version.
const VERSION: u8 = 0xa0;

impl Validity {
    /// Reads them from a certificate in DER; `None` if it is not one.
    pub(super) fn of(certificate: &[u8]) -> Option<Self> {
        let (whole, _) = expect(SEQUENCE, certificate)?;
        let (mut fields, _) = expect(SEQUENCE, whole)?;
        // Version 1 has no version.
        if let Some((_, rest)) = expect(VERSION, fields) {
            fields = rest;
        }
        for tag in [INTEGER, SEQUENCE, SEQUENCE] {
            (_, fields) = expect(tag, fields)?;
        }
        let (times, _) = expect(SEQUENCE, fields)?;
        let (not_before, rest) = time(times)?;
        let (not_after, _) = time(rest)?;
        Some(Self { not_before, not_after })
    }
}

/// The content of the first element, which must have this tag, and what follows
/// the element.
fn expect(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (first, content, rest) = element(bytes)?;
    (first == tag).then_some((content, rest))
}

/// The tag and the content of the first element, and what follows it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, length], rest) = bytes.split_first_chunk::<2>()?;
    let (length, rest) = if length < 0x80 {
        (usize::from(length), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
        if digits.is_empty() || digits.len() > 4 {
            return None;
        }
        let length = digits.iter().fold(0_usize, |sum, digit| (sum << 8) | usize::from(*digit));
        (length, rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// The time at the beginning, and what follows it.
fn time(bytes: &[u8]) -> Option<(Time, &[u8])> {
    let (tag, content, rest) = element(bytes)?;
    let (year, others) = match tag {
        UTC_TIME => {
            let (year, others) = content.split_at_checked(2)?;
            let year = number(year)?;
            (if year < 50 { 2_000 + year } else { 1_900 + year }, others)
        }
        GENERALIZED_TIME => {
            let (year, others) = content.split_at_checked(4)?;
            (number(year)?, others)
        }
        _ => return None,
    };
    let digits = others.strip_suffix(b"Z").filter(|digits| digits.len() == 10)?;
    let part = |at: usize| number(digits.get(at..at + 2)?);
    let (month, day) = (u8::try_from(part(0)?).ok()?, u8::try_from(part(2)?).ok()?);
    let day = Day::from_civil(year, month, day)?;
    let seconds = part(4)? * 3_600 + part(6)? * 60 + part(8)?;
    Some((Time::from_seconds(day.start().seconds() + seconds), rest))
}

fn number(digits: &[u8]) -> Option<i64> {
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: &[u8] = include_bytes!("../../tests/collector/tls/server.der");
    const FUTURE: &[u8] = include_bytes!("../../tests/collector/tls/future.der");

    fn seconds(text: &str) -> Time {
        Time::parse(text).unwrap()
    }

    #[test]
    fn both_forms_of_a_time_are_read() {
        let server = Validity::of(SERVER).unwrap();
        assert_eq!(server.not_before, seconds("2020-01-01T00:00:00Z"));
        assert_eq!(server.not_after, seconds("2120-01-01T00:00:00Z"));
        let future = Validity::of(FUTURE).unwrap();
        assert_eq!(future.not_before, seconds("2110-01-01T00:00:00Z"));
        let read = |tag: u8, text: &str| {
            let length = u8::try_from(text.len()).unwrap();
            let bytes = [&[tag, length], text.as_bytes()].concat();
            time(&bytes).map(|(time, _)| time)
        };
        assert_eq!(read(UTC_TIME, "491231235959Z"), Some(seconds("2049-12-31T23:59:59Z")));
        assert_eq!(read(UTC_TIME, "500101000000Z"), Some(seconds("1950-01-01T00:00:00Z")));
        assert_eq!(
            read(GENERALIZED_TIME, "99991231235959Z"),
            Some(seconds("9999-12-31T23:59:59Z"))
        );
        for text in
            ["", "491231235959", "4912312359Z", "491331235959Z", "49123123595xZ", "-91231235959Z"]
        {
            assert_eq!(read(UTC_TIME, text), None, "{text}");
        }
    }

    /// Whatever the bytes are: no panic.
    #[test]
    fn what_is_cut_or_changed_is_no_certificate_or_another_one() {
        for at in 0..SERVER.len() {
            // The times are in the first half.
            if at < 100 {
                assert_eq!(Validity::of(&SERVER[..at]), None, "{at}");
            }
            for value in [0, 0x7f, 0x80, 0x84, 0xff] {
                let mut changed = SERVER.to_vec();
                changed[at] = value;
                let _ = Validity::of(&changed);
            }
        }
        assert_eq!(Validity::of(b"\x30\x84\xff\xff\xff\xff"), None);
    }
}
