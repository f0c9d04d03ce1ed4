//! Events by day, and by name.

use std::collections::BTreeMap;

use headcount_catalog::{Day, Period};
use maud::html;

use super::bars;
use super::behind::Behind;
use super::call::{Answered, rows};
use super::chart::{self, Bars, Subject};
use super::panel::{Panel, Width};
use super::view::View;
use crate::ask::HttpQuestion;

pub(super) fn panels<'a>(view: &'a View<'_>) -> Vec<Panel<'a>> {
    let call = view.compared(view.call(HttpQuestion::Events));
    let by_day = Panel::new("events", "Events by day", Width::Whole, vec![call], move |answers| {
        let [answer] = answers else { return html! {} };
        let days: Vec<Day> = view.address.range.days().collect();
        let counts = by_day(answer.rows(), days[0], days.len());
        let behind = answer.before().zip(view.beside(answer)).map(|(span, beside)| {
            let counts = by_day(&span.rows, span.from, days.len());
            let others = (0..).map(|place| span.from.plus(place)).take(days.len());
            let place = |day: Day| usize::try_from(day.days_since(span.from)).unwrap_or(0);
            Behind::new(others, beside, Period::Day, |day| counts[place(day)])
        });
        let counts: Vec<(Day, u64)> = days.into_iter().zip(counts).collect();
        let marks = view.marks(view.address.range.from());
        let bars = Bars { counts: &counts, behind: behind.as_ref(), marks: &marks };
        let today = view.address.range.today();
        let (label, period) = ("Events by day", Period::Day);
        chart::bars(
            bars,
            Subject { one: "event", label, column: "Events", period, today, since: view.since },
        )
    });
    let by_name = view.call(HttpQuestion::Events);
    let by_name = Panel::new("names", "Events by name", Width::Third, vec![by_name], |answers| {
        let names = answers.first().map(by_name_of).unwrap_or_default();
        bars::bars(&names, "name", None)
    });
    vec![by_day, by_name]
}

fn by_day(rows: &[headcount_store::AnswerRows], from: Day, days: usize) -> Vec<u64> {
    let mut counts = vec![0; days];
    for row in rows!(rows, Events) {
        let place = usize::try_from(row.day.days_since(from)).ok();
        if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
            *count += row.count;
        }
    }
    counts
}

fn by_name_of(answer: &Answered) -> Vec<(String, u64)> {
    highest_first(rows!(answer.rows(), Events).map(|row| (row.event.as_str(), row.count)))
}

/// Sums counts by name. The highest sum comes first, and equal sums are sorted
/// by name.
pub(super) fn highest_first<'r>(
    counts: impl IntoIterator<Item = (&'r str, u64)>,
) -> Vec<(String, u64)> {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for (name, count) in counts {
        *sums.entry(name).or_default() += count;
    }
    let mut sums: Vec<(String, u64)> =
        sums.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
    sums.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    sums
}
