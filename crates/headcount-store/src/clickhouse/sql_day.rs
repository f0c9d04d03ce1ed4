//! A `Date` in the rows of an answer.

use headcount_catalog::Day;
use serde_core::de::Error;
use serde_core::{Deserialize, Deserializer};

/// A day, which comes as a text such as `2026-11-20`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SqlDay(pub(super) Day);

impl<'de> Deserialize<'de> for SqlDay {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Day::parse(&text).map(Self).ok_or_else(|| D::Error::custom("not a day"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_and_nothing_else() {
        let read = |text: &str| serde_json::from_str::<Option<SqlDay>>(text);
        let day = Day::parse("2026-11-20").map(SqlDay);
        assert_eq!(read("\"2026-11-20\"").expect("a day"), day);
        assert_eq!(read("null").expect("no day"), None);
        assert!(read("\"2026-11-31\"").is_err() && read("20").is_err());
    }
}
