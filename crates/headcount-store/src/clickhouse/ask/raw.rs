//! Questions that are counted from raw events.

use headcount_catalog::{Day, Period};
use serde_core::de::DeserializeOwned;

use super::super::sql_day::SqlDay;
use super::super::statement::{Word, quoted};
use super::super::{Client, Statement};
use super::answers;
use super::next;
use super::raw_words::{filters, scopes, shown};
use super::steps;
use crate::{AnswerRows, RawAnswer, RawCount, RawQuestion, StoreError, VersionScope, limits};

/// Answers a question about the days that live, unless they have too many
/// events.
pub(super) fn answer(client: &Client, question: &RawQuestion) -> Result<RawAnswer, StoreError> {
    let (from, to) = question.days();
    let statement = Statement::question("first_raw", &[]);
    let first: Vec<(SqlDay,)> = client.rows(&statement.with("product", &question.product))?;
    let counted_from = first.first().map_or(from, |(SqlDay(first),)| from.max(*first));
    let statement = Statement::question("raw_size", &[]).with("product", &question.product);
    let statement = statement.with("from", counted_from).with("to", to);
    let by_day: Vec<(SqlDay, u64)> = client.rows(&statement)?;
    let by_day: Vec<_> = by_day.into_iter().map(|(SqlDay(day), events)| (day, events)).collect();
    if let Some(too_many) = RawAnswer::too_many(&by_day, limits::RAW_QUESTION_EVENTS) {
        return Ok(too_many);
    }
    Ok(match rows(&RawAsking { client, question, from: counted_from })? {
        Ok(rows) => RawAnswer::Counted { counted_from, rows: Box::new(rows) },
        Err(too_many) => too_many,
    })
}

/// A question that is being asked.
struct RawAsking<'a> {
    client: &'a Client,
    question: &'a RawQuestion,
    from: Day,
}

/// The rows of a question, unless too many events are looked at.
fn rows(asking: &RawAsking<'_>) -> Result<Result<AnswerRows, RawAnswer>, StoreError> {
    let question = asking.question;
    let is_each = question.split.is_some() || question.versions == VersionScope::Each;
    let rows = match &question.count {
        RawCount::Events => answers::events(asking.rows("raw_events", &[], &[]), is_each),
        RawCount::Active { period } => answers::active(asking.active(*period), is_each),
        RawCount::ByProperty { event, property } => {
            let words = [("column", &*quoted(property))];
            answers::values(asking.rows("raw_by_property", &words, &[("event", event)]), is_each)
        }
        RawCount::Across { event, one, other } => {
            let words = [("ones", &*shown(one)), ("others", &*shown(other))];
            answers::pairs(asking.rows("raw_across", &words, &[("event", event)]), is_each)
        }
        RawCount::Failures { event, by: None } => {
            answers::failures(asking.rows("raw_failures", &[], &[("event", event)]), is_each)
        }
        RawCount::Failures { event, by: Some(property) } => {
            let words = [("column", &*quoted(property))];
            let told = asking.rows("raw_failures_by", &words, &[("event", event)]);
            answers::failures(told, is_each)
        }
        RawCount::Quantiles { event, property, period } => {
            let own = [("event", &**event), ("property", property), ("period", period.name())];
            answers::quantiles(asking.rows("raw_quantiles", &[], &own), is_each)
        }
        RawCount::Steps(count) => {
            let steps = steps::rows(asking.client, question, count, asking.from)?;
            return Ok(steps.map(AnswerRows::Steps));
        }
        RawCount::Next(count) => {
            let next = next::rows(asking.client, question, count, asking.from)?;
            return Ok(next.map(AnswerRows::Next));
        }
    };
    rows.map(Ok)
}

impl RawAsking<'_> {
    fn rows<T: DeserializeOwned>(
        &self,
        name: &str,
        words: &[Word<'_>],
        own: &[(&'static str, &str)],
    ) -> Result<Vec<T>, StoreError> {
        let question = self.question;
        let (filters, scopes) = (filters(question), scopes(question));
        let words = [words, &[("filters", &*filters), ("scopes", &*scopes)]].concat();
        let statement = Statement::question(name, &words);
        let statement = statement.with("product", &question.product);
        let statement = statement.with("from", self.from).with("to", question.days().1);
        let with = |statement: Statement, (name, value): &(&'static str, &str)| {
            statement.with(name, *value)
        };
        self.client.rows(&own.iter().fold(statement, with))
    }

    fn active(&self, period: Period) -> Result<Vec<(SqlDay, String, u64, u8)>, StoreError> {
        let told: Vec<(SqlDay, String, u64)> =
            self.rows("raw_active", &[], &[("period", period.name())])?;
        Ok(told.into_iter().map(|(start, version, devices)| (start, version, devices, 1)).collect())
    }
}
