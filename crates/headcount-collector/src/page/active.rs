//! Active devices by day, week and month, with the days before behind.

use headcount_catalog::{Day, Period};

use super::call::{Answered, rows};
use super::chart::{self, Bars, Subject};
use super::panel::{Panel, Width};
use super::view::View;
use crate::ask::{HttpQuestion, QuestionParameter};

pub(super) fn panels<'a>(view: &'a View<'_>) -> Vec<Panel<'a>> {
    let counted = Period::ALL.map(|(period, _)| period);
    let counted = counted.into_iter().filter(|period| view.product.counts_devices(*period));
    counted.map(|period| panel(view, period)).collect()
}

fn panel<'a>(view: &'a View<'_>, period: Period) -> Panel<'a> {
    let starts = view.address.range.periods(period);
    let from = starts.first().copied().unwrap_or(view.address.range.from());
    let call = view
        .compared(view.call(HttpQuestion::Active))
        .with(QuestionParameter::Period, period.name())
        .with(QuestionParameter::From, from.to_string());
    let (width, label) = match period {
        Period::Day => (Width::Whole, "Active devices by day"),
        Period::Week => (Width::Half, "Active devices by week"),
        Period::Month => (Width::Half, "Active devices by month"),
    };
    let id = format!("active-{}", period.name());
    let title = format!("Active devices by {}", period.name());
    Panel::new(&id, title, width, vec![call], move |answers| {
        let [answer] = answers else { return maud::html! {} };
        let counts = counts(&starts, answer);
        let before = before(&starts, answer, period);
        let marks = view.marks(from);
        let bars = Bars { counts: &counts, before: before.as_deref(), marks: &marks };
        let today = view.address.range.today();
        let subject =
            Subject { one: "device", label, column: "Devices", period, today, since: view.since };
        chart::bars(bars, subject)
    })
}

fn counts(starts: &[Day], answer: &Answered) -> Vec<(Day, u64)> {
    let of = |start: Day| rows!(answer.rows(), Active).find(|row| row.start == start);
    starts.iter().map(|start| (*start, of(*start).map_or(0, |row| row.devices))).collect()
}

/// The periods before, in the order of those that are shown.
fn before(starts: &[Day], answer: &Answered, period: Period) -> Option<Vec<u64>> {
    let span = answer.before()?;
    let mut start = *starts.first()?;
    let mut counts: Vec<u64> = starts
        .iter()
        .map(|_| {
            start = period.before(start);
            let row = rows!(span.rows, Active).find(|row| row.start == start);
            row.map_or(0, |row| row.devices)
        })
        .collect();
    counts.reverse();
    Some(counts)
}
