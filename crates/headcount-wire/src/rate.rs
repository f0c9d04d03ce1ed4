//! The share of devices that report. A collector asks for a smaller share in a
//! header of its answers, and each batch says in a header how large the share
//! is.

use std::fmt;

/// The header of an answer in which a destination asks for less. Its value is a
/// [`Rate`] or `stop`.
pub const SEND_HEADER: &str = "headcount-send";

/// The unit of a rate: millionths.
const WHOLE: u32 = 1_000_000;

/// A share of devices from 0 to 1, in steps of a millionth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(u32);

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
    pub const WHOLE: Self = Self(WHOLE);

    /// Reads a decimal number from 0 to 1, such as `1` or `0.25`. Digits after
    /// the sixth decimal are ignored. `None` for anything else: a destination
    /// can never ask for more.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
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
        Some(Self(whole + part)).filter(|rate| *rate <= Self::WHOLE)
    }

    /// Whether a device belongs to the share. `number` identifies the device
    /// and must be evenly distributed. A device that belongs to a share belongs
    /// to every larger one.
    #[must_use]
    pub fn keeps(self, number: u64) -> bool {
        number % u64::from(WHOLE) < u64::from(self.0)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:06}", self.0 % WHOLE);
        match digits.trim_end_matches('0') {
            "" => write!(out, "{}", self.0 / WHOLE),
            digits => write!(out, "{}.{digits}", self.0 / WHOLE),
        }
    }
}

impl Wish {
    /// Reads the value of [`SEND_HEADER`]; `None` if it is not valid. A share
    /// of 0 is the same as `stop`.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let value = value.trim();
        if value.eq_ignore_ascii_case("stop") {
            return Some(Self::Stop);
        }
        Rate::parse(value).map(|rate| if rate == Rate(0) { Self::Stop } else { Self::Send(rate) })
    }
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
    fn a_wish_can_only_ask_for_less() {
        for (text, wish) in [
            ("stop", "stop"),
            (" STOP ", "stop"),
            ("0", "stop"),
            ("0.0", "stop"),
            ("1", "1"),
            ("1.0", "1"),
            ("0.25", "0.25"),
            ("0.250", "0.25"),
            ("0.0000019", "0.000001"),
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
        let rates = ["0.000001", "0.01", "0.3", "0.999999", "1"].map(Rate::parse);
        let mut kept = [0_u32; 5];
        for number in 0..10_000_u64 {
            let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let answers = rates.map(|rate| rate.is_some_and(|rate| rate.keeps(spread)));
            assert!(answers.is_sorted(), "{number}");
            for (count, answer) in kept.iter_mut().zip(answers) {
                *count += u32::from(answer);
            }
        }
        assert_eq!(kept[4], 10_000);
        assert!((2_800..3_200).contains(&kept[2]), "{kept:?}");
    }
}
