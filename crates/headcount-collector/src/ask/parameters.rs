//! The query parameters of a question.

use axum::http::StatusCode;
use axum::response::Response;
use headcount_catalog::{Day, Period};
use headcount_store::VersionScope;

use super::answer_format::AnswerFormat;
use super::question_parameter::{QuestionParameter, names};
use crate::compared_days::ComparedDays;
use crate::registry::{LoadedProduct, Registry};
use crate::{answer, limits};

/// The parameters of a question: each is known, and given at most once unless
/// it may be repeated.
#[derive(Debug)]
pub(crate) struct Parameters {
    pairs: Vec<(String, String)>,
}

/// What `by` is where rows are split by the version of the program.
const BY_VERSION: &str = "version";

/// Why a question cannot be answered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadQuestion {
    status: StatusCode,
    message: String,
}

impl BadQuestion {
    pub(crate) fn is_unknown_product(&self) -> bool {
        self.status == StatusCode::NOT_FOUND
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(super) fn new(message: String) -> Self {
        Self { status: StatusCode::BAD_REQUEST, message }
    }
}

impl From<BadQuestion> for Response {
    fn from(bad_question: BadQuestion) -> Self {
        answer::error(bad_question.status, &bad_question.message)
    }
}

impl Parameters {
    /// Checks that every parameter is one of `known`.
    pub(super) fn read(
        pairs: Vec<(String, String)>,
        known: &[QuestionParameter],
    ) -> Result<Self, BadQuestion> {
        for (at, (name, _)) in pairs.iter().enumerate() {
            let Some(parameter) = known.iter().find(|parameter| parameter.name() == name) else {
                return Err(BadQuestion::new(format!(
                    "unknown parameter: this question takes {}",
                    names(known)
                )));
            };
            if !parameter.is_repeatable() && pairs[..at].iter().any(|(earlier, _)| earlier == name)
            {
                return Err(BadQuestion::new(format!("`{name}` is given twice: give it once")));
            }
        }
        Ok(Self { pairs })
    }

    pub(super) fn get(&self, parameter: QuestionParameter) -> Option<&str> {
        let pair = self.pairs.iter().find(|(own, _)| own == parameter.name());
        pair.map(|(_, value)| value.as_str())
    }

    pub(super) fn has(&self, parameter: QuestionParameter) -> bool {
        self.get(parameter).is_some()
    }

    /// Which versions of the host: by default all together.
    pub(super) fn versions(&self) -> Result<VersionScope, BadQuestion> {
        let is_each = self.get(QuestionParameter::By) == Some(BY_VERSION);
        match (self.get(QuestionParameter::Version), is_each) {
            (None, false) => Ok(VersionScope::All),
            (Some(version), false) => Ok(VersionScope::Only(version.to_owned())),
            (None, true) => Ok(VersionScope::Each),
            (Some(_), true) => Err(BadQuestion::new(
                "`version` asks about one version and `by` for each: leave one out".to_owned(),
            )),
        }
    }

    /// The name by whose values rows are split, if it is not the version.
    pub(super) fn split(&self) -> Option<&str> {
        self.get(QuestionParameter::By).filter(|name| *name != BY_VERSION)
    }

    /// What is said of values that events must have.
    pub(super) fn filters(&self) -> Vec<&str> {
        self.all(QuestionParameter::Where)
    }

    /// Every value of a parameter that may be repeated, in their order.
    pub(super) fn all(&self, parameter: QuestionParameter) -> Vec<&str> {
        let all = self.pairs.iter().filter(|(name, _)| name == parameter.name());
        all.map(|(_, value)| value.as_str()).collect()
    }

    /// The days to compare with, if any are asked for.
    pub(super) fn compared(&self) -> Result<Option<ComparedDays>, BadQuestion> {
        Ok(match self.get(QuestionParameter::Before) {
            None | Some("no") => None,
            Some("yes") => Some(ComparedDays::Before),
            Some("year") => Some(ComparedDays::Year),
            Some(text) => Some(ComparedDays::From(Day::parse(text).ok_or_else(|| {
                BadQuestion::new(
                    "unknown `before`: use yes, no, year or a date such as 2026-10-01".to_owned(),
                )
            })?)),
        })
    }

    pub(super) fn required(&self, parameter: QuestionParameter) -> Result<&str, BadQuestion> {
        self.get(parameter).filter(|value| !value.is_empty()).ok_or_else(|| {
            let name = parameter.name();
            BadQuestion::new(format!("missing parameter: add `{name}=…` after the `?`"))
        })
    }

    /// The product that the question is about.
    pub(super) fn product<'a>(
        &self,
        registry: &'a Registry,
    ) -> Result<&'a LoadedProduct, BadQuestion> {
        registry.product(self.required(QuestionParameter::Product)?).ok_or_else(|| BadQuestion {
            status: StatusCode::NOT_FOUND,
            message: format!(
                "unknown product; this collector has catalogs for {}",
                registry.name_list()
            ),
        })
    }

    /// The form that is asked for, if one is.
    pub(super) fn format(&self) -> Result<Option<AnswerFormat>, BadQuestion> {
        match self.get(QuestionParameter::Format) {
            None => Ok(None),
            Some("json") => Ok(Some(AnswerFormat::Json)),
            Some("csv") => Ok(Some(AnswerFormat::Csv)),
            Some(_) => Err(BadQuestion::new("unknown `format`: use json or csv".to_owned())),
        }
    }

    /// What a row stands for: by default a day.
    pub(super) fn period(&self) -> Result<Period, BadQuestion> {
        let Some(name) = self.get(QuestionParameter::Period) else { return Ok(Period::Day) };
        let named = Period::ALL.into_iter().find(|(_, own)| *own == name);
        named
            .map(|(period, _)| period)
            .ok_or_else(|| BadQuestion::new("unknown `period`: use day, week or month".to_owned()))
    }

    /// The first and the last day, both included: `days` days up to the last
    /// one, or from `from` on. By default these are the last
    /// [`limits::QUESTION_DAYS`], or whole weeks or months if a row stands for
    /// those.
    pub(super) fn days(&self, today: Day, period: Period) -> Result<(Day, Day), BadQuestion> {
        let most = match period {
            Period::Day => limits::QUESTION_DAYS,
            Period::Week => limits::QUESTION_WEEKS,
            Period::Month => limits::QUESTION_MONTHS,
        };
        let to = self.day(QuestionParameter::To)?.unwrap_or(today);
        let from = match (self.day(QuestionParameter::From)?, self.number_of_days()?) {
            (Some(_), Some(_)) => {
                return Err(BadQuestion::new(
                    "both `from` and `days` are given: give one of them".to_owned(),
                ));
            }
            (Some(from), None) => from,
            (None, Some(days)) => to.plus(1 - days),
            (None, None) => first_of(period, most, to),
        };
        if from > to {
            return Err(BadQuestion::new(format!(
                "`from` ({from}) is after `to` ({to}): swap them"
            )));
        }
        if to >= from.plus(limits::MOST_QUESTION_DAYS) {
            return Err(BadQuestion::new(format!(
                "a question covers at most {} days: ask several questions",
                limits::MOST_QUESTION_DAYS
            )));
        }
        Ok((from, to))
    }

    fn number_of_days(&self) -> Result<Option<i32>, BadQuestion> {
        self.number(QuestionParameter::Days, limits::MOST_QUESTION_DAYS)
    }

    /// A whole number from 1 on, if it is given.
    pub(super) fn number(
        &self,
        parameter: QuestionParameter,
        most: i32,
    ) -> Result<Option<i32>, BadQuestion> {
        let (Some(text), name) = (self.get(parameter), parameter.name()) else { return Ok(None) };
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|number| is_number && (1..=most).contains(number));
        number
            .map(Some)
            .ok_or_else(|| BadQuestion::new(format!("`{name}` is not a number from 1 to {most}")))
    }

    fn day(&self, parameter: QuestionParameter) -> Result<Option<Day>, BadQuestion> {
        let (Some(text), name) = (self.get(parameter), parameter.name()) else { return Ok(None) };
        Day::parse(text).map(Some).ok_or_else(|| {
            BadQuestion::new(format!("`{name}` is not a date: write it as 2026-11-20"))
        })
    }
}

/// The first day of so many periods, the last of which has `to` in it.
fn first_of(period: Period, number: usize, to: Day) -> Day {
    (1..number).fold(period.start(to), |start, _| period.before(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [QuestionParameter; 4] = [
        QuestionParameter::Product,
        QuestionParameter::From,
        QuestionParameter::To,
        QuestionParameter::Days,
    ];

    fn read(pairs: &[(&str, &str)]) -> Result<Parameters, BadQuestion> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Parameters::read(pairs.iter().map(owned).collect(), &KNOWN)
    }

    fn days(pairs: &[(&str, &str)]) -> Result<String, String> {
        days_by(Period::Day, pairs)
    }

    fn days_by(period: Period, pairs: &[(&str, &str)]) -> Result<String, String> {
        let today = Day::parse("2026-11-20").unwrap();
        read(pairs)
            .and_then(|parameters| parameters.days(today, period))
            .map(|(from, to)| format!("{from} {to}"))
            .map_err(|bad_question| bad_question.message)
    }

    #[test]
    fn the_last_thirty_days_are_the_default() {
        assert_eq!(days(&[]).unwrap(), "2026-10-22 2026-11-20");
        assert_eq!(days(&[("to", "2026-01-30")]).unwrap(), "2026-01-01 2026-01-30");
        assert_eq!(days(&[("days", "14")]).unwrap(), "2026-11-07 2026-11-20");
        assert_eq!(days(&[("days", "1"), ("to", "2026-01-30")]).unwrap(), "2026-01-30 2026-01-30");
        assert_eq!(days(&[("from", "2026-11-20")]).unwrap(), "2026-11-20 2026-11-20");
    }

    #[test]
    fn by_week_and_month_the_default_is_whole_ones() {
        for (period, to, from) in [
            (Period::Month, "2026-03-31", "2025-04-01"),
            (Period::Month, "2026-03-01", "2025-04-01"),
            (Period::Month, "2024-12-31", "2024-01-01"),
            (Period::Month, "2026-01-30", "2025-02-01"),
            (Period::Week, "2026-11-16", "2026-08-24"),
            (Period::Week, "2026-11-22", "2026-08-24"),
        ] {
            assert_eq!(days_by(period, &[("to", to)]).unwrap(), format!("{from} {to}"));
        }
        // Whatever day it is, there are as many rows.
        for offset in 0..1_461 {
            let to = Day::parse("2023-03-01").unwrap().plus(offset);
            let first = first_of(Period::Month, limits::QUESTION_MONTHS, to);
            let mut start = Period::Month.start(first);
            for _ in 1..limits::QUESTION_MONTHS {
                start = Period::Month.start(start.plus(31));
            }
            assert_eq!(start, Period::Month.start(to), "{to}");
        }
    }

    #[test]
    fn wrong_parameters_are_told() {
        for (pairs, told) in [
            (vec![("from", "yesterday")], "`from` is not a date"),
            (vec![("to", "2026-02-30")], "`to` is not a date"),
            (vec![("from", "2026-11-21")], "`from` (2026-11-21) is after `to` (2026-11-20)"),
            (vec![("from", "0001-01-01")], "at most 3660 days"),
            (
                vec![("form", "2026-11-20")],
                "unknown parameter: this question takes product, from, to, days",
            ),
            (vec![("from", "")], "`from` is not a date"),
            (vec![("days", "")], "`days` is not a number"),
            (vec![("days", "0")], "`days` is not a number from 1 to 3660"),
            (vec![("days", "+7")], "`days` is not a number"),
            (vec![("days", "99999999999999999999")], "`days` is not a number"),
            (vec![("days", "fourteen")], "`days` is not a number"),
            (vec![("days", "14"), ("from", "2026-11-01")], "both `from` and `days` are given"),
            (vec![("to", "2026-11-20"), ("to", "2026-11-20")], "`to` is given twice"),
        ] {
            let sentence = days(&pairs).unwrap_err();
            assert!(sentence.contains(told), "{sentence}");
        }
    }
}
