//! A day as an argument of a command.

use headcount_catalog::Day;

/// Reads a date.
pub(crate) fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "not a date: write it as 2026-11-20".to_owned())
}
