//! What the head of a request says of all its events: the share of devices that
//! report, and whether their home is thrown away. Both ways.

use crate::{HomeLifetime, Rate};

/// The header for what is not in the lines: the catalog's version, the share of
/// devices that report, and whether the home folder is temporary.
pub const BATCH_HEADER: &str = "headcount-batch";

/// What the head of a request says of all its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchHead {
    /// The share of devices that report. Each of them stands for others.
    pub rate: Rate,
    /// How long the home folder lasts in which the device's id is stored.
    pub home: HomeLifetime,
}

impl BatchHead {
    /// Reads `catalog=3; rate=0.1; ephemeral`, the value of [`BATCH_HEADER`].
    /// What is missing or cannot be read means every device, and a home that
    /// lasts: whoever invents a rate would be counted for others.
    #[must_use]
    pub fn read(header: &str) -> Self {
        let mut head = Self { rate: Rate::WHOLE, home: HomeLifetime::Lasting };
        for part in header.split(';').map(str::trim) {
            match part.split_once('=') {
                Some(("rate", rate)) => head.rate = Rate::parse(rate).unwrap_or(head.rate),
                None if part == "ephemeral" => head.home = HomeLifetime::Ephemeral,
                _ => {}
            }
        }
        head
    }

    /// Writes what [`read`](Self::read) reads, after the version of the
    /// catalog.
    pub(super) fn write(self, catalog: u32) -> String {
        let home = match self.home {
            HomeLifetime::Lasting => "",
            HomeLifetime::Ephemeral => "; ephemeral",
        };
        format!("catalog={catalog}; rate={}{home}", self.rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_readable_changes_nothing() {
        for (sent, weight, home) in [
            ("catalog=3; rate=1", 1, HomeLifetime::Lasting),
            ("catalog=3; rate=0.1; ephemeral", 10, HomeLifetime::Ephemeral),
            ("rate=0.001", 1_000, HomeLifetime::Lasting),
            ("ephemeral", 1, HomeLifetime::Ephemeral),
            ("rate=0.0001; ephemeral=no", 1, HomeLifetime::Lasting),
            ("rate=-1", 1, HomeLifetime::Lasting),
            ("", 1, HomeLifetime::Lasting),
        ] {
            let head = BatchHead::read(sent);
            assert_eq!((head.rate.weight(), head.home), (weight, home), "{sent}");
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for sent in ["catalog=3; rate=1", "catalog=3; rate=0.1; ephemeral"] {
            assert_eq!(BatchHead::read(sent).write(3), sent);
        }
    }
}
