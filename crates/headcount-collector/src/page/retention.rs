//! Who comes back: a heat map by weekly cohort, and new and returning devices.

use std::collections::{BTreeMap, BTreeSet};

use headcount_catalog::{Age, Day, Period};
use headcount_store::{AnswerRows, CohortRow};
use maud::{Markup, html};

use super::call::{Answered, rows};
use super::panel::{Panel, Width};
use super::text;
use super::view::View;
use crate::ask::{HttpQuestion, QuestionParameter};
use crate::cohorts::{self, NewAndReturning, Retained};

pub(super) fn panels<'a>(view: &'a View<'_>) -> Vec<Panel<'a>> {
    if !view.product.counts_devices(Period::Week) {
        return Vec::new();
    }
    let weeks = view.address.range.periods(Period::Week);
    let from = weeks.first().copied().unwrap_or(view.address.range.from());
    let call = |question| view.call(question).with(QuestionParameter::From, from.to_string());
    let today = view.address.range.today();
    let by_marks = view.product.counts(Period::Week);
    let new = Panel::new(
        "new-and-returning",
        "New and returning devices by week",
        Width::Whole,
        vec![call(HttpQuestion::NewAndReturning)],
        move |answers| {
            let weeks = answers.first().map(new_and_returning).unwrap_or_default();
            new_table(&weeks, today, by_marks)
        },
    );
    let back = Panel::new(
        "retention",
        "Devices that come back",
        Width::Whole,
        vec![call(HttpQuestion::Retention)],
        move |answers| {
            let answers = answers.first().map(Answered::rows).unwrap_or_default();
            if by_marks { ages(answers, from, today) } else { cohorts_map(answers, today) }
        },
    )
    .beside(if by_marks { "by week and age" } else { "by week of their first event" });
    vec![new, back]
}

/// New and returning devices of an answer, by marks or by ids.
pub(super) fn new_and_returning(answer: &Answered) -> Vec<NewAndReturning> {
    cohorts::new_of(answer.rows())
}

fn new_table(weeks: &[NewAndReturning], today: Day, by_marks: bool) -> Markup {
    let has_unknown = weeks.iter().any(|sums| sums.unknown > 0);
    html! {
        @if weeks.is_empty() {
            p.quiet { "No device was active in these weeks." }
        } @else {
            table.plain {
                thead { tr {
                    th scope="col" { "Week" } th.number scope="col" { "New" }
                    th.number scope="col" { "Returning" }
                    @if has_unknown { th.number scope="col" { "Unknown" } }
                } }
                tbody { @for sums in weeks.iter().rev() { tr {
                    th scope="row" { (week_of(sums.week, today)) }
                    td.number { (text::number(sums.new)) }
                    td.number { (text::number(sums.returning)) }
                    @if has_unknown { td.number { (text::number(sums.unknown)) } }
                } } }
            }
        }
        @if by_marks {
            p.quiet.note {
                "These are sums of marks, without an id: a delivery that is lost makes its device missing from \
                 that day, week or month, a person who refuses is never counted, and a reinstall is a new device."
            }
        } @else {
            p.quiet.note { "A device is new in the week of the first event of its id; a new id is a new device." }
        }
    }
}

/// Cohorts with an id: a row for each, a column for each week since.
fn cohorts_map(answers: &[AnswerRows], today: Day) -> Markup {
    let mut map: BTreeMap<Day, BTreeMap<i32, &CohortRow>> = BTreeMap::new();
    for row in rows!(answers, Retention) {
        let since = row.week.days_since(row.cohort) / 7;
        map.entry(row.cohort).or_default().insert(since, row);
    }
    let ages: BTreeSet<i32> = map.values().flat_map(|row| row.keys().copied()).collect();
    let most = ages.last().copied().unwrap_or(0).min(12);
    html! {
        @if most == 0 {
            p.quiet { "No device is older than a week yet." }
        } @else {
            div.scroll.map tabindex="0" role="region" aria-label="Devices that come back" { table.heat {
                thead { tr {
                    th scope="col" { "New in the week of" } th.number scope="col" { "New" }
                    @for age in 1..=most { th.number scope="col" { "+" (age) } }
                } }
                tbody { @for (cohort, row) in map.iter().rev() {
                    @let of = row.get(&0).map_or(0, |first| first.devices);
                    tr {
                        th scope="row" { (week_of(*cohort, today)) }
                        td.number { (text::number(of)) }
                        @for age in 1..=most {
                            @if cohort.plus(age * 7) > today { td {} } @else {
                                (cell(row.get(&age).map_or(0, |row| row.devices), of))
                            }
                        }
                    }
                } }
            } }
            p.quiet.note { "The share of the devices that were new in a week and active so many weeks later. The \
                newest week of each row is not over." }
        }
    }
}

/// Marks: a row for each week, a column for each age.
fn ages(answers: &[AnswerRows], from: Day, today: Day) -> Markup {
    let marks: Vec<_> = rows!(answers, Marks).cloned().collect();
    let retained = cohorts::retention(&marks, from);
    let mut weeks: BTreeMap<Day, Vec<&Retained>> = BTreeMap::new();
    let later = retained.iter().filter(|row| row.age != Age::ALL[0]);
    later.for_each(|row| weeks.entry(row.week).or_default().push(row));
    html! {
        @if weeks.is_empty() {
            p.quiet { "No device is older than a week yet." }
        } @else {
            div.scroll.map tabindex="0" role="region" aria-label="Devices that come back" { table.heat {
                thead { tr {
                    th scope="col" { "Week" }
                    @for age in &Age::ALL[1..] { th.number scope="col" { (since(*age)) } }
                } }
                tbody { @for (week, rows) in weeks.iter().rev() { tr {
                    th scope="row" { (week_of(*week, today)) }
                    @for age in &Age::ALL[1..] {
                        @match rows.iter().find(|row| row.age == *age) {
                            Some(row) => (cell(row.devices, row.cohorts.devices)),
                            None => td.number { "–" },
                        }
                    }
                } } }
            } }
        }
        p.quiet.note {
            "The share of the devices that were new so long before and were active in this week. Where a column \
             stands for several weeks, the share is the average of the devices that were new in them. More than \
             100% means that devices came whose first mark never arrived."
        }
    }
}

/// A share as a number on a ground that is the darker, the greater it is.
fn cell(devices: u64, of: u64) -> Markup {
    let tenth = (devices * 10).checked_div(of).unwrap_or(0).min(9);
    html! {
        td class={ "number heat-" (tenth) } title=(text::counted(devices, "device")) {
            (text::percent(devices, of))
        }
    }
}

/// The Monday of a week. The current week is not over.
fn week_of(week: Day, today: Day) -> Markup {
    html! {
        (text::long(week))
        @if week == today.week_start() { span.aside { "so far" } }
    }
}

/// The heading of an age's column: `2–3 weeks`.
fn since(age: Age) -> String {
    match age.weeks() {
        (1, Some(1)) => "1 week".to_owned(),
        (fewest, Some(most)) => format!("{fewest}–{most} weeks"),
        (fewest, None) => format!("{fewest} weeks or more"),
    }
}
