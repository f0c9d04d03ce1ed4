//! Times, days and grains. The calendar arithmetic is from Howard Hinnant's
//! "chrono-Compatible Low-Level Date Algorithms" (public domain). No clock is
//! read here.

use std::fmt;

/// Milliseconds in a day.
const DAY: i64 = 86_400_000;

/// A time: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Time(i64);

/// A day: days since 1970-01-01, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(i32);

/// A number of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Days(pub u16);

/// The precision of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grain {
    /// The day.
    Day,
    /// The hour.
    Hour,
    /// The minute.
    Minute,
    /// The second.
    Second,
    /// The millisecond.
    Millisecond,
}

impl Grain {
    /// Every grain with its name in the grammar, the coarsest first.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Day, "day"),
        (Self::Hour, "hour"),
        (Self::Minute, "minute"),
        (Self::Second, "second"),
        (Self::Millisecond, "millisecond"),
    ];

    fn milliseconds(self) -> i64 {
        match self {
            Self::Day => DAY,
            Self::Hour => 3_600_000,
            Self::Minute => 60_000,
            Self::Second => 1_000,
            Self::Millisecond => 1,
        }
    }
}

impl Time {
    /// Returns the time of milliseconds since 1970.
    #[must_use]
    pub const fn from_milliseconds(milliseconds: i64) -> Self {
        Self(milliseconds)
    }

    /// Returns the time of seconds since 1970.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000))
    }

    /// Returns the time of the system clock. A time before 1970 becomes 1970.
    #[must_use]
    pub fn from_system(time: std::time::SystemTime) -> Self {
        let since = time.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// Returns the milliseconds since 1970.
    #[must_use]
    pub const fn milliseconds(self) -> i64 {
        self.0
    }

    /// Returns the whole seconds since 1970.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Returns the day, UTC.
    #[must_use]
    pub fn day(self) -> Day {
        let days = self.0.div_euclid(DAY);
        Day(i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX }))
    }

    /// Returns the time rounded down to a grain.
    #[must_use]
    pub fn cut(self, grain: Grain) -> Self {
        let unit = grain.milliseconds();
        Self(self.0.div_euclid(unit).saturating_mul(unit))
    }

    /// Returns the time in RFC 3339, UTC. It has milliseconds only at that
    /// grain.
    #[must_use]
    pub fn format(self, grain: Grain) -> String {
        let cut = self.cut(grain);
        let (hour, minute, second, milli) = cut.clock();
        let (year, month, day) = cut.day().civil();
        if !(0..=9_999).contains(&year) {
            return format!("{}T{hour:02}:{minute:02}:{second:02}Z", cut.day());
        }
        let mut text = *b"0000-00-00T00:00:00.000Z";
        let numbers = [(year, 0..4), (month.into(), 5..7), (day.into(), 8..10)];
        let clock = [(hour, 11..13), (minute, 14..16), (second, 17..19), (milli, 20..23)];
        for (mut number, places) in numbers.into_iter().chain(clock) {
            for place in places.rev() {
                text[place] = b'0' + (number % 10) as u8;
                number /= 10;
            }
        }
        let text = if grain == Grain::Millisecond {
            &text[..]
        } else {
            text[19] = b'Z';
            &text[..20]
        };
        // The bytes are ASCII, so nothing is lost.
        String::from_utf8_lossy(text).into_owned()
    }

    fn clock(self) -> (i64, i64, i64, i64) {
        let rest = self.0.rem_euclid(DAY);
        (rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60, rest % 1_000)
    }

    /// Reads a time in RFC 3339, with any fraction and offset.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (date, rest) = text.split_at_checked(10)?;
        let day = Day::parse(date)?;
        let rest = rest.strip_prefix(['T', 't', ' '])?;
        let (clock, rest) = rest.split_at_checked(8)?;
        let bytes = clock.as_bytes();
        if bytes[2] != b':' || bytes[5] != b':' {
            return None;
        }
        let hour = two(&bytes[0..2], 23)?;
        let minute = two(&bytes[3..5], 59)?;
        let second = two(&bytes[6..8], 60)?.min(59);
        let (milli, rest) = fraction(rest)?;
        let offset = offset_minutes(rest)?;
        let of_day = ((hour * 60 + minute - offset) * 60 + second) * 1_000 + milli;
        Some(Self(i64::from(day.0) * DAY + of_day))
    }
}

impl Day {
    /// Returns the day of a number of days since 1970-01-01.
    #[must_use]
    pub const fn from_number(days: i32) -> Self {
        Self(days)
    }

    /// Returns the days since 1970-01-01.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// Returns the start of the day.
    #[must_use]
    pub const fn start(self) -> Time {
        Time(self.0 as i64 * DAY)
    }

    /// Returns the day this many days later, or earlier if `days` is negative.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Returns the year, the month (1 to 12) and the day of the month.
    #[must_use]
    pub fn civil(self) -> (i64, u8, u8) {
        let shifted = i64::from(self.0) + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (year, u8::try_from(month).unwrap_or(1), u8::try_from(day).unwrap_or(1))
    }

    /// Returns the day of a year, a month (1 to 12) and a day of the month;
    /// `None` if there is no such day.
    #[must_use]
    pub fn from_civil(year: i64, month: u8, day: u8) -> Option<Self> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let longest = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        if day == 0 || day > longest {
            return None;
        }
        let shifted_year = year - i64::from(month <= 2);
        let era = shifted_year.div_euclid(400);
        let year_of_era = shifted_year.rem_euclid(400);
        let month = i64::from(month);
        let shifted_month = if month > 2 { month - 3 } else { month + 9 };
        let of_year = (153 * shifted_month + 2) / 5 + i64::from(day) - 1;
        let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
        i32::try_from(era * 146_097 + of_era - 719_468).ok().map(Self)
    }

    /// Returns the days from an earlier day to this one; negative if it is
    /// later.
    #[must_use]
    pub const fn days_since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    /// Returns the Monday of the week. 1970-01-01 was a Thursday.
    #[must_use]
    pub const fn week_start(self) -> Self {
        self.plus(-self.0.saturating_add(3).rem_euclid(7))
    }

    /// Returns the first day of the month.
    #[must_use]
    pub fn month_start(self) -> Self {
        let (_, _, day) = self.civil();
        self.plus(1 - i32::from(day))
    }

    /// Reads a date such as `2026-11-20`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        let year = two(&bytes[0..2], 99)? * 100 + two(&bytes[2..4], 99)?;
        let month = u8::try_from(two(&bytes[5..7], 12)?).ok()?;
        let day = u8::try_from(two(&bytes[8..10], 31)?).ok()?;
        Self::from_civil(year, month, day)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(out, "{year:04}-{month:02}-{day:02}")
    }
}

/// Reads two digits; `None` if they are more than `most`.
fn two(digits: &[u8], most: i64) -> Option<i64> {
    let [tens, ones] = digits else { return None };
    if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
        return None;
    }
    let number = i64::from(tens - b'0') * 10 + i64::from(ones - b'0');
    (number <= most).then_some(number)
}

/// Reads the fraction of a second. Returns its milliseconds and what follows
/// it.
fn fraction(text: &str) -> Option<(i64, &str)> {
    let Some(digits) = text.strip_prefix('.') else { return Some((0, text)) };
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 {
        return None;
    }
    let milli = digits
        .bytes()
        .take(length)
        .chain(std::iter::repeat(b'0'))
        .take(3)
        .fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    Some((milli, &digits[length..]))
}

/// Reads an offset. Returns the minutes that it is ahead of UTC.
fn offset_minutes(text: &str) -> Option<i64> {
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    let bytes = text.as_bytes();
    let sign = match bytes.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    if bytes.len() != 6 || bytes[3] != b':' {
        return None;
    }
    Some(sign * (two(&bytes[1..3], 23)? * 60 + two(&bytes[4..6], 59)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree_over_eight_centuries() {
        let mut day = Day::from_civil(1600, 1, 1).expect("a date");
        for _ in 0..(800 * 365) {
            let (year, month, of_month) = day.civil();
            assert_eq!(Day::from_civil(year, month, of_month), Some(day));
            day = day.plus(1);
        }
    }

    #[test]
    fn times_are_read_as_they_are_written() {
        for (text, milliseconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-01-21T10:00:00Z", 1_768_989_600_000),
            ("2026-01-21T11:00:00+01:00", 1_768_989_600_000),
            ("2026-01-21T10:00:00.123456789Z", 1_768_989_600_123),
            ("1969-12-31T23:59:59.5Z", -500),
            ("2106-02-07T06:28:16Z", 4_294_967_296_000),
        ] {
            assert_eq!(Time::parse(text), Some(Time(milliseconds)), "{text}");
        }
        assert_eq!(Time(1_768_989_600_123).format(Grain::Second), "2026-01-21T10:00:00Z");
        assert_eq!(Time(1_768_989_600_123).format(Grain::Millisecond), "2026-01-21T10:00:00.123Z");
        assert_eq!(Time(1_768_989_600_123).format(Grain::Day), "2026-01-21T00:00:00Z");
    }

    #[test]
    fn the_earliest_and_the_latest_time_do_not_panic() {
        for time in [Time(i64::MIN), Time(i64::MAX)] {
            for (grain, _) in Grain::ALL {
                assert!(time.cut(grain).format(grain).contains('T'));
            }
        }
    }

    #[test]
    fn what_is_not_a_time_is_not_read() {
        for text in [
            "",
            "2026-01-21",
            "2026-02-30T00:00:00Z",
            "2026-01-21T10:00:00",
            "2026-01-21T25:00:00Z",
            "2026-01-21T10:00:00.Z",
            "2026-01-21T1é:00:00Z",
            "yesterday, about noon",
        ] {
            assert_eq!(Time::parse(text), None, "{text}");
        }
    }
}
