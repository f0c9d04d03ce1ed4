//! Active devices by day, week and month, with those of other days behind.

use headcount_catalog::{Day, Period};
use maud::html;

use super::behind::Behind;
use super::call::{Answered, rows};
use super::chart::{self, Bars, Subject};
use super::id_changes::IdChanges;
use super::panel::{Panel, Width};
use super::view::View;
use crate::ask::{HttpQuestion, QuestionParameter};
use crate::compared_days::ComparedDays;
use crate::limits;

pub(super) fn panels<'a>(view: &'a View<'_>) -> Vec<Panel<'a>> {
    let counted = Period::ALL.map(|(period, _)| period);
    let counted = counted.into_iter().filter(|period| view.product.counts_devices(*period));
    counted.map(|period| panel(view, period)).collect()
}

fn panel<'a>(view: &'a View<'_>, period: Period) -> Panel<'a> {
    let starts = known_periods(view, period);
    let from = starts.first().copied().unwrap_or(view.address.range.from());
    let number = i32::try_from(starts.len()).unwrap_or(i32::MAX);
    let begins = view.address.range.from();
    let other = move |days: ComparedDays, start| days.of_period(period, start, begins, number);
    let call = view
        .compared(view.call(HttpQuestion::Active))
        .with(QuestionParameter::Period, period.name())
        .with(QuestionParameter::From, from.to_string());
    // A longer chart begins earlier, and so does what it is compared with.
    let call = match view.address.comparison.days() {
        Some(days @ ComparedDays::From(_)) => {
            call.with(QuestionParameter::Before, other(days, from).to_string())
        }
        _ => call,
    };
    let (width, label) = match period {
        Period::Day => (Width::Whole, "Active devices by day"),
        Period::Week => (Width::Half, "Active devices by week"),
        Period::Month => (Width::Half, "Active devices by month"),
    };
    let changes = IdChanges::of_weeks(view.product, view.since);
    let id = format!("active-{}", period.name());
    let title = format!("Active devices by {}", period.name());
    Panel::new(&id, title, width, vec![call], move |answers| {
        let [answer] = answers else { return html! {} };
        let counts = counts(&starts, answer);
        let behind = view.beside(answer).map(|beside| {
            let others = starts.iter().map(|start| other(beside.days, *start));
            Behind::new(others, beside, period, |start| devices(answer, start))
        });
        let marks = view.marks(from);
        let bars = Bars { counts: &counts, behind: behind.as_ref(), marks: &marks };
        let today = view.address.range.today();
        let subject =
            Subject { one: "device", label, column: "Devices", period, today, since: view.since };
        html! {
            (chart::bars(bars, subject))
            @if period == Period::Week && changes.are_monthly() {
                p.quiet.note {
                    "Ids are replaced on the first of each month: in the week with that day, a device that comes \
                     before it and after it counts twice."
                }
            }
        }
    })
}

/// The periods that are shown: those of the range, and of those before it only
/// a few of which nothing is known.
fn known_periods(view: &View<'_>, period: Period) -> Vec<Day> {
    let range = view.address.range;
    let starts = range.periods(period);
    let first = view.since.map_or(range.from(), |since| since.min(range.from()));
    let unknown = starts.iter().filter(|start| **start < period.start(first)).count();
    let left_out = unknown.min(starts.len().saturating_sub(limits::PAGE_PERIODS));
    starts.into_iter().skip(left_out).collect()
}

fn counts(starts: &[Day], answer: &Answered) -> Vec<(Day, u64)> {
    let of = |start: Day| rows!(answer.rows(), Active).find(|row| row.start == start);
    starts.iter().map(|start| (*start, of(*start).map_or(0, |row| row.devices))).collect()
}

/// The devices of a period to compare with.
fn devices(answer: &Answered, start: Day) -> u64 {
    let span = answer.before().map(|span| span.rows.as_slice()).unwrap_or_default();
    rows!(span, Active).find(|row| row.start == start).map_or(0, |row| row.devices)
}
