//! What stands after the `?` of a question.

use axum::http::StatusCode;
use axum::response::Response;
use headcount_catalog::Day;

use crate::registry::{LoadedProduct, Registry};
use crate::{answer, limits};

/// The parameters of a question, each at most once and none unknown.
#[derive(Debug)]
pub(crate) struct Parameters {
    pairs: Vec<(String, String)>,
}

/// Why a question cannot be answered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadQuestion {
    status: StatusCode,
    sentence: String,
}

impl BadQuestion {
    pub(super) fn bad(sentence: String) -> Self {
        Self { status: StatusCode::BAD_REQUEST, sentence }
    }
}

impl From<BadQuestion> for Response {
    fn from(bad_question: BadQuestion) -> Self {
        answer::error(bad_question.status, &bad_question.sentence)
    }
}

impl Parameters {
    /// A name that is not taken is a mistake of whoever asks, and told.
    pub(super) fn read(pairs: Vec<(String, String)>, takes: &[&str]) -> Result<Self, BadQuestion> {
        for (at, (name, _)) in pairs.iter().enumerate() {
            if !takes.contains(&name.as_str()) {
                return Err(BadQuestion::bad(format!(
                    "unknown parameter: this question takes {}",
                    takes.join(", ")
                )));
            }
            if pairs[..at].iter().any(|(earlier, _)| earlier == name) {
                return Err(BadQuestion::bad(format!("`{name}` is given twice: give it once")));
            }
        }
        Ok(Self { pairs })
    }

    fn get(&self, name: &str) -> Option<&str> {
        let pair = self.pairs.iter().find(|(own, _)| own == name);
        pair.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    pub(super) fn needed(&self, name: &str) -> Result<&str, BadQuestion> {
        self.get(name).ok_or_else(|| {
            BadQuestion::bad(format!("missing parameter: add `{name}=…` after the `?`"))
        })
    }

    /// The product it is about.
    pub(super) fn product<'a>(
        &self,
        registry: &'a Registry,
    ) -> Result<&'a LoadedProduct, BadQuestion> {
        registry.product(self.needed("product")?).ok_or_else(|| BadQuestion {
            status: StatusCode::NOT_FOUND,
            sentence: format!(
                "unknown product; this collector has catalogs for {}",
                registry.name_list()
            ),
        })
    }

    /// The days it is about, both included; the last [`limits::QUESTION_DAYS`] by default.
    pub(super) fn days(&self, today: Day) -> Result<(Day, Day), BadQuestion> {
        let to = self.day("to")?.unwrap_or(today);
        let from = self.day("from")?.unwrap_or_else(|| to.plus(1 - limits::QUESTION_DAYS));
        if from > to {
            return Err(BadQuestion::bad(format!(
                "`from` ({from}) is after `to` ({to}): swap them"
            )));
        }
        if to >= from.plus(limits::MOST_QUESTION_DAYS) {
            return Err(BadQuestion::bad(format!(
                "a question covers at most {} days: ask several questions",
                limits::MOST_QUESTION_DAYS
            )));
        }
        Ok((from, to))
    }

    fn day(&self, name: &str) -> Result<Option<Day>, BadQuestion> {
        let Some(text) = self.get(name) else { return Ok(None) };
        Day::parse(text).map(Some).ok_or_else(|| {
            BadQuestion::bad(format!("`{name}` is not a date: write it as 2026-11-20"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Parameters, BadQuestion> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Parameters::read(pairs.iter().map(owned).collect(), &["product", "from", "to"])
    }

    fn days(pairs: &[(&str, &str)]) -> Result<String, String> {
        let today = Day::parse("2026-11-20").unwrap();
        read(pairs)
            .and_then(|parameters| parameters.days(today))
            .map(|(from, to)| format!("{from} {to}"))
            .map_err(|bad_question| bad_question.sentence)
    }

    #[test]
    fn the_last_thirty_days_unless_told_otherwise() {
        assert_eq!(days(&[]).unwrap(), "2026-10-22 2026-11-20");
        assert_eq!(days(&[("to", "2026-01-30")]).unwrap(), "2026-01-01 2026-01-30");
        assert_eq!(days(&[("from", "2026-11-20")]).unwrap(), "2026-11-20 2026-11-20");
    }

    #[test]
    fn what_cannot_be_meant_is_told() {
        for (pairs, told) in [
            (vec![("from", "yesterday")], "`from` is not a date"),
            (vec![("to", "2026-02-30")], "`to` is not a date"),
            (vec![("from", "2026-11-21")], "`from` (2026-11-21) is after `to` (2026-11-20)"),
            (vec![("from", "0001-01-01")], "at most 3660 days"),
            (
                vec![("form", "2026-11-20")],
                "unknown parameter: this question takes product, from, to",
            ),
            (vec![("to", "2026-11-20"), ("to", "2026-11-20")], "`to` is given twice"),
        ] {
            let sentence = days(&pairs).unwrap_err();
            assert!(sentence.contains(told), "{sentence}");
        }
    }
}
