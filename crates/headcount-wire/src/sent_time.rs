//! The times of other dialects, as their official receivers read them. The
//! native dialect has one form of time only, that of RFC 3339.

use headcount_catalog::{Day, Raw, Time};

use crate::Json;
use crate::json::parse;

/// What an event says in its dialect's own field about when it happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SentTime {
    /// Nothing.
    #[default]
    Absent,
    /// Something that is not a time. It is one of the fields as well, without a
    /// name, so that it counts as dropped.
    Unreadable,
    /// A time.
    At(Time),
}

impl SentTime {
    /// Returns the time, if there is one.
    #[must_use]
    pub fn time(self) -> Option<Time> {
        match self {
            Self::At(time) => Some(time),
            Self::Absent | Self::Unreadable => None,
        }
    }

    /// Reads PostHog's `timestamp`: text in ISO 8601, or seconds, milliseconds
    /// or nanoseconds since 1970 by their number of digits
    /// (`rust/common/types/src/timestamp.rs` and the crate dateparser).
    pub(crate) fn of_posthog(value: Option<&Raw<'_>>) -> Self {
        Self::read(value, |text, digits| match text.len() {
            10 => digits.checked_mul(1_000),
            13 => Some(digits),
            19 => Some(digits / 1_000_000),
            _ => None,
        })
    }

    /// Reads Datadog's `date`: text in ISO 8601, or milliseconds since 1970
    /// (its page "Log Date Remapper").
    pub(crate) fn of_datadog(value: Option<&Raw<'_>>) -> Self {
        Self::read(value, |_, digits| Some(digits))
    }

    /// Reads a number by `milliseconds`, from its text and its value.
    fn read(value: Option<&Raw<'_>>, milliseconds: fn(&str, i64) -> Option<i64>) -> Self {
        let of_number = |text: &str| {
            let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let digits = text.parse().ok().filter(|_| is_number)?;
            let time = milliseconds(text, digits).filter(|time| MILLISECONDS.contains(time));
            time.map(Time::from_milliseconds)
        };
        let time = match value {
            None | Some(Raw::Null) => return Self::Absent,
            Some(Raw::Text(text)) => iso(text.trim_ascii()).or_else(|| of_number(text)),
            Some(value) => value.whole().and_then(|number| of_number(&number.to_string())),
        };
        time.map_or(Self::Unreadable, Self::At)
    }

    /// Reads OTLP's two times. Nanoseconds of 0 mean that a time is not set.
    pub(crate) fn of_otlp(times: [Nanoseconds; 2]) -> Self {
        let known = times.into_iter().find_map(|time| match time {
            Nanoseconds::At(time) => i64::try_from(time / 1_000_000).ok(),
            _ => None,
        });
        match known {
            Some(time) => Self::At(Time::from_milliseconds(time)),
            None if times.contains(&Nanoseconds::Unreadable) => Self::Unreadable,
            None => Self::Absent,
        }
    }
}

/// A time of OTLP.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Nanoseconds {
    #[default]
    Unset,
    Unreadable,
    At(u64),
}

impl Nanoseconds {
    pub(crate) fn of(number: u64) -> Self {
        if number == 0 { Self::Unset } else { Self::At(number) }
    }

    /// Reads a `fixed64` in JSON: a decimal string or a number.
    pub(crate) fn of_json(value: &Raw<'_>) -> Self {
        let number = match value {
            Raw::Null => return Self::Unset,
            Raw::Text(text) => text.parse().ok().or_else(|| whole(&number_in(text)?)),
            value => whole(value),
        };
        number.map_or(Self::Unreadable, Self::of)
    }
}

fn whole(value: &Raw<'_>) -> Option<u64> {
    u64::try_from(value.whole()?).ok()
}

/// Reads text that is a number as JSON writes it.
pub(crate) fn number_in<'b>(text: &str) -> Option<Raw<'b>> {
    let starts_like_one = text.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    match starts_like_one.then(|| parse(text))?.ok()? {
        Json::Whole(number) => Some(Raw::Integer(number)),
        Json::Decimal(number) => Some(Raw::Decimal(number)),
        _ => None,
    }
}

/// Milliseconds since 1970 that are accepted: until the end of the year 9999,
/// the last year of a date in text.
const MILLISECONDS: std::ops::RangeInclusive<i64> = 0..=253_402_300_799_999;

/// Reads a time in ISO 8601: a date, or a date and a time with any fraction, in
/// the extended or the basic form. Without an offset it is in UTC.
fn iso(text: &str) -> Option<Time> {
    let (day, rest) = date(text)?;
    if rest.is_empty() {
        return Some(day.start());
    }
    let (clock, rest) = clock(rest.strip_prefix(['T', 't', ' '])?)?;
    let offset = offset(rest.trim_ascii_start())?;
    Some(Time::from_milliseconds(day.start().milliseconds() + clock - offset))
}

fn date(text: &str) -> Option<(Day, &str)> {
    if let Some((date, rest)) = text.split_at_checked(10)
        && let Some(day) = Day::parse(date)
    {
        return Some((day, rest));
    }
    let (year, rest) = digits(text, 4)?;
    let (month, rest) = digits(rest, 2)?;
    let (day, rest) = digits(rest, 2)?;
    let day = Day::from_civil(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)?;
    // Without a time it could be any number.
    (!rest.is_empty()).then_some((day, rest))
}

/// Reads a time of day in milliseconds.
fn clock(text: &str) -> Option<(i64, &str)> {
    let (hour, rest) = digits(text, 2).filter(|(hour, _)| *hour < 24)?;
    let colon = |text: &'_ str| -> usize { usize::from(text.starts_with(':')) };
    let (minute, rest) = digits(&rest[colon(rest)..], 2).filter(|(minute, _)| *minute < 60)?;
    let mut milliseconds = (hour * 60 + minute) * 60_000;
    let Some((second, rest)) = digits(&rest[colon(rest)..], 2) else {
        // A colon must be followed by seconds.
        return (!rest.starts_with(':')).then_some((milliseconds, rest));
    };
    if second > 60 {
        return None;
    }
    milliseconds += second.min(59) * 1_000;
    let Some(fraction) = rest.strip_prefix(['.', ',']) else { return Some((milliseconds, rest)) };
    let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 {
        return None;
    }
    let first = fraction.bytes().take(length).chain(std::iter::repeat(b'0')).take(3);
    let first = first.fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    Some((milliseconds + first, &fraction[length..]))
}

/// Reads an offset in milliseconds. Without one the time is in UTC.
fn offset(text: &str) -> Option<i64> {
    if matches!(text, "" | "Z" | "z") {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, rest) = digits(&text[1..], 2).filter(|(hours, _)| *hours < 24)?;
    let minutes = match rest.strip_prefix(':').unwrap_or(rest) {
        "" if !rest.starts_with(':') => 0,
        rest => match digits(rest, 2) {
            Some((minutes, "")) if minutes < 60 => minutes,
            _ => return None,
        },
    };
    Some(sign * (hours * 60 + minutes) * 60_000)
}

/// Reads exactly this many digits.
fn digits(text: &str, count: usize) -> Option<(i64, &str)> {
    let (digits, rest) = text.split_at_checked(count)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
    Some((digits.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-21T10:00:00Z.
    const TEN: i64 = 1_768_989_600_000;

    fn at(milliseconds: i64) -> SentTime {
        SentTime::At(Time::from_milliseconds(milliseconds))
    }

    #[test]
    fn other_dialects_read_what_their_receivers_read() {
        for (text, time) in [
            ("2026-01-21T10:00:00", at(TEN)),
            ("2026-01-21 10:00:00", at(TEN)),
            ("2026-01-21 10:00:00 +0000", at(TEN)),
            ("2026-01-21T10:00:00.000-00:00", at(TEN)),
            ("2026-01-21T10:00:00+0000", at(TEN)),
            ("2026-01-21T13:00:00.5+03", at(TEN + 500)),
            ("2026-01-21T09:30-00:30", at(TEN)),
            ("2026-01-21T10:00:00,123456789Z", at(TEN + 123)),
            ("20260121T100000Z", at(TEN)),
            ("20260121T1000", at(TEN)),
            (" 2026-01-21T10:00:00Z\n", at(TEN)),
            ("2026-01-21", at(TEN - 36_000_000)),
            ("2026-02-30T00:00:00Z", SentTime::Unreadable),
            ("2026-01-21T24:00:00Z", SentTime::Unreadable),
            ("2026-01-21T10:00:", SentTime::Unreadable),
            ("2026-01-21T10:00:00.Z", SentTime::Unreadable),
            ("2026-01-21T10:00:00+1", SentTime::Unreadable),
            ("2026-01-21T10:00:00+01:", SentTime::Unreadable),
            ("2026-01-21T1é:00:00Z", SentTime::Unreadable),
            ("Jan 21 10:00:00", SentTime::Unreadable),
            ("20260121", SentTime::Unreadable),
            ("soon", SentTime::Unreadable),
            ("", SentTime::Unreadable),
        ] {
            assert_eq!(SentTime::of_posthog(Some(&Raw::Text(text))), time, "{text}");
            let datadog = SentTime::of_datadog(Some(&Raw::Text(text)));
            if text != "20260121" {
                assert_eq!(datadog, time, "{text}");
            }
        }
        for nothing in [None, Some(&Raw::Null)] {
            assert_eq!(SentTime::of_posthog(nothing), SentTime::Absent);
            assert_eq!(SentTime::of_datadog(nothing), SentTime::Absent);
        }
    }

    #[test]
    fn a_number_is_what_the_receiver_takes_it_for() {
        let unreadable = SentTime::Unreadable;
        for (text, posthog, datadog) in [
            ("1768989600", at(TEN), at(1_768_989_600)),
            ("1768989600000", at(TEN), at(TEN)),
            ("1768989600000000", unreadable, unreadable),
            ("1768989600000000000", at(TEN), unreadable),
            ("17689896", unreadable, at(17_689_896)),
        ] {
            let number: i64 = text.parse().unwrap();
            let decimal = Raw::Decimal(number as f64);
            for raw in [Raw::Text(text), Raw::Integer(number), decimal] {
                assert_eq!(SentTime::of_posthog(Some(&raw)), posthog, "{raw:?}");
                assert_eq!(SentTime::of_datadog(Some(&raw)), datadog, "{raw:?}");
            }
        }
        for other in [Raw::Integer(-1), Raw::Decimal(0.5), Raw::Flag(true), Raw::Other] {
            assert_eq!(SentTime::of_posthog(Some(&other)), unreadable);
            assert_eq!(SentTime::of_datadog(Some(&other)), unreadable);
        }
    }

    #[test]
    fn otlps_times_are_nanoseconds_however_json_writes_them() {
        let ten = 1_768_989_600_000_000_000;
        for raw in [
            Raw::Text("1768989600000000000"),
            Raw::Text("1.7689896e18"),
            Raw::Integer(1_768_989_600_000_000_000),
            Raw::Decimal(1.7689896e18),
        ] {
            assert_eq!(Nanoseconds::of_json(&raw), Nanoseconds::At(ten), "{raw:?}");
        }
        for raw in [Raw::Null, Raw::Integer(0), Raw::Text("0"), Raw::Decimal(0.0)] {
            assert_eq!(Nanoseconds::of_json(&raw), Nanoseconds::Unset, "{raw:?}");
        }
        for raw in [Raw::Integer(-1), Raw::Text("soon"), Raw::Decimal(0.5), Raw::Other] {
            assert_eq!(Nanoseconds::of_json(&raw), Nanoseconds::Unreadable, "{raw:?}");
        }
        let of = SentTime::of_otlp;
        use Nanoseconds::{At, Unreadable, Unset};
        assert_eq!(of([At(ten), At(1)]), at(TEN));
        assert_eq!(of([Unset, At(ten)]), at(TEN));
        assert_eq!(of([Unreadable, At(ten)]), at(TEN));
        assert_eq!(of([Unreadable, Unset]), SentTime::Unreadable);
        assert_eq!(of([Unset, Unset]), SentTime::Absent);
    }
}
