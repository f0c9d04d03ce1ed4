//! The share of devices that report. A collector asks for a smaller share in a
//! header of its answers, and each batch says in a header how large the share
//! is.
//!
//! The list of shares is closed: a collector that could name any number would
//! name another one to each device, and recognize it by the echo.

use std::fmt;

/// The header of an answer in which a destination asks for less. Its value is a
/// [`Rate`] or `stop`.
pub const SEND_HEADER: &str = "headcount-send";

/// The unit in which a number is read, and devices are spread: millionths.
const WHOLE: u32 = 1_000_000;

/// A share of devices: one of ten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate(Share);

/// The shares, the largest first. A device in so many reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
enum Share {
    Every = 1,
    OneIn2 = 2,
    OneIn5 = 5,
    OneIn10 = 10,
    OneIn20 = 20,
    OneIn50 = 50,
    OneIn100 = 100,
    OneIn200 = 200,
    OneIn500 = 500,
    OneIn1000 = 1_000,
}

impl Share {
    const fn millionths(self) -> u32 {
        WHOLE / self as u32
    }
}

/// What a destination asks a host to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Send nothing for a while.
    Stop,
    /// Send only from this share of devices.
    Send(Rate),
}

impl Rate {
    /// Every device.
    pub const WHOLE: Self = Self(Share::Every);

    /// Every rate, the largest first.
    pub const ALL: [Self; 10] = [
        Self(Share::Every),
        Self(Share::OneIn2),
        Self(Share::OneIn5),
        Self(Share::OneIn10),
        Self(Share::OneIn20),
        Self(Share::OneIn50),
        Self(Share::OneIn100),
        Self(Share::OneIn200),
        Self(Share::OneIn500),
        Self(Share::OneIn1000),
    ];

    /// Reads what [`fmt::Display`] writes, and nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rate| rate.to_string() == text)
    }

    /// Returns how many devices one that reports stands for: 1 to 1,000.
    #[must_use]
    pub fn weight(self) -> u16 {
        self.0 as u16
    }

    /// Whether a device belongs to the share. `number` identifies the device
    /// and must be evenly distributed. A device that belongs to a share belongs
    /// to every larger one.
    #[must_use]
    pub fn keeps(self, number: u64) -> bool {
        number % u64::from(WHOLE) < u64::from(self.0.millionths())
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millionths = self.0.millionths();
        if millionths == WHOLE {
            return out.write_str("1");
        }
        write!(out, "0.{}", format!("{millionths:06}").trim_end_matches('0'))
    }
}

impl Wish {
    /// Reads the value of [`SEND_HEADER`]: `stop`, or a decimal number from 0
    /// to 1. A number between two rates counts as the lower one, and a number
    /// below all of them as `stop`. `None` for anything else: a destination can
    /// never ask for more.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let value = value.trim();
        if value.eq_ignore_ascii_case("stop") {
            return Some(Self::Stop);
        }
        let asked = millionths(value)?;
        let rate = Rate::ALL.into_iter().find(|rate| rate.0.millionths() <= asked);
        Some(rate.map_or(Self::Stop, Self::Send))
    }
}

/// Reads a decimal number from 0 to 1, such as `1` or `0.25`. Digits after the
/// sixth decimal are ignored.
fn millionths(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let plain = |digits: &str| {
        !digits.is_empty()
            && digits.len() <= 18
            && digits.bytes().all(|digit| digit.is_ascii_digit())
    };
    if !plain(whole) || !plain(part) {
        return None;
    }
    let part = format!("{part:0<6}")[..6].parse::<u32>().ok()?;
    let whole = whole.parse::<u32>().ok().filter(|whole| *whole <= 1)? * WHOLE;
    Some(whole + part).filter(|sum| *sum <= WHOLE)
}

impl fmt::Display for Wish {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stop => out.write_str("stop"),
            Self::Send(rate) => rate.fmt(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_closed_and_anything_between_counts_as_the_next_lower_one() {
        let list = Rate::ALL.map(|rate| rate.to_string());
        let expected =
            ["1", "0.5", "0.2", "0.1", "0.05", "0.02", "0.01", "0.005", "0.002", "0.001"];
        assert_eq!(list, expected);
        for (rate, text) in Rate::ALL.into_iter().zip(expected) {
            assert_eq!(Rate::parse(text), Some(rate));
            assert_eq!(Wish::parse(text), Some(Wish::Send(rate)));
        }
        for other in ["0.37", "0.999871", "0", "0.50", "1.0", " 1", "stop", ""] {
            assert_eq!(Rate::parse(other), None, "{other} is not a rate");
        }
        let lower = Rate::ALL.into_iter().skip(1).map(Wish::Send).chain([Wish::Stop]);
        for (rate, lower) in Rate::ALL.into_iter().zip(lower) {
            let below = format!("0.{:06}", rate.0.millionths() - 1);
            assert_eq!(Wish::parse(&below), Some(lower), "{below}");
        }
    }

    #[test]
    fn a_wish_can_only_ask_for_less() {
        for (text, wish) in [
            ("stop", "stop"),
            (" STOP ", "stop"),
            ("0", "stop"),
            ("0.0", "stop"),
            ("1", "1"),
            ("1.0", "1"),
            ("0.999871", "0.5"),
            ("0.25", "0.2"),
            ("0.250", "0.2"),
            ("0.37", "0.2"),
            ("0.0019", "0.001"),
            ("0.000999", "stop"),
            ("0.0000019", "stop"),
            ("00.5", "0.5"),
        ] {
            let read = Wish::parse(text).unwrap_or_else(|| panic!("{text} is a wish"));
            assert_eq!(read.to_string(), wish, "{text}");
            assert_eq!(Wish::parse(wish), Some(read));
        }
        for more in
            ["", "2", "1.1", "1.000001", "-1", "+1", ".5", "5.", "1e-1", "50%", "0.1.1", "go"]
        {
            assert_eq!(Wish::parse(more), None, "{more}");
        }
    }

    #[test]
    fn a_device_of_a_share_belongs_to_every_larger_share() {
        let mut kept = [0_u32; Rate::ALL.len()];
        for number in 0..100_000_u64 {
            let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let answers = Rate::ALL.map(|rate| rate.keeps(spread));
            assert!(answers.iter().rev().is_sorted(), "{number}");
            for (count, answer) in kept.iter_mut().zip(answers) {
                *count += u32::from(answer);
            }
        }
        for (count, rate) in kept.into_iter().zip(Rate::ALL) {
            let expected = 100_000 / (rate.0 as u32);
            assert!(count.abs_diff(expected) * 5 <= expected, "{rate}: {count}");
        }
    }
}
