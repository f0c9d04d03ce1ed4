//! What a person is shown of an answer. Rows are what the question counts by,
//! with their days as a line; where there is one series alone, rows are its
//! days.

use headcount_collector::{HttpQuestion, QuestionParameter};

use super::answer::Answer;
use super::buckets::Asked;
use super::lines::period_name;
use super::matrix;
use super::numbers::plural;
use super::table::Shown;
use super::view_counts::{counted, rejected, versions};
use super::view_devices::{active, active_by, new_and_returning};
use super::view_rates::{failures, quantiles};
use super::view_steps;

/// The answer as a table.
pub(super) fn view(asked: &Asked, answer: &Answer) -> Shown {
    let mut shown = Shown { title: title(asked), ..Shown::default() };
    if answer.rows.is_empty() {
        shown.notes.push("Nothing is counted in these days.".to_owned());
        return shown;
    }
    match asked.question {
        HttpQuestion::Events => counted(&mut shown, asked, answer, &[("event", "event")]),
        HttpQuestion::ByProperty => {
            let name = asked.get(QuestionParameter::Property).unwrap_or("value");
            counted(&mut shown, asked, answer, &[("value", name)]);
        }
        HttpQuestion::Across => {
            let name = |parameter| asked.get(parameter).unwrap_or_default();
            let (one, other) = (name(QuestionParameter::One), name(QuestionParameter::Other));
            counted(&mut shown, asked, answer, &[("one", one), ("other", other)]);
        }
        HttpQuestion::Active => match asked.split() {
            Some(split) => active_by(&mut shown, asked, answer, split),
            None => active(&mut shown, asked, answer),
        },
        HttpQuestion::NewAndReturning => new_and_returning(&mut shown, asked, answer),
        HttpQuestion::Failures => failures(&mut shown, asked, answer),
        HttpQuestion::Quantiles => quantiles(&mut shown, asked, answer),
        HttpQuestion::Steps => view_steps::steps(&mut shown, answer),
        HttpQuestion::Next => view_steps::next(&mut shown, asked, answer),
        HttpQuestion::Versions => versions(&mut shown, answer),
        HttpQuestion::Rejected => rejected(&mut shown, answer),
        HttpQuestion::Retention => matrix::retention(&mut shown, asked, answer),
    }
    if let Some(first) =
        answer.counted_from.as_deref().filter(|first| *first > asked.from.to_string().as_str())
    {
        shown
            .notes
            .push(format!("Counted from {first} on: raw events of the days before are gone."));
    }
    if let Some((from, to)) = &answer.compared {
        shown.notes.push(format!("Before: {from} to {to}."));
    }
    if asked.to >= asked.today {
        let period = period_name(asked);
        shown.notes.push(format!("Days are UTC, and the last {period} is not over."));
    }
    shown
}

fn title(asked: &Asked) -> Vec<String> {
    let product = asked.get(QuestionParameter::Product).unwrap_or_default();
    let mut first = format!("{} of {product}", asked.question.name());
    if let Some(event) = asked.get(QuestionParameter::Event) {
        first.push_str(&format!(" ({event})"));
    }
    let version = asked.get(QuestionParameter::Version);
    let version = version.map(|version| format!("version {version}"));
    let filters = asked.filters();
    let days = format!("{} to {}", asked.from, asked.to);
    let number = plural(asked.days(), "day");
    let days = format!("{days} ({number})");
    [Some(first), version, filters, Some(days)].into_iter().flatten().collect()
}
