//! Who comes back: a heat map by weekly cohort, and new and returning devices.

use std::collections::{BTreeMap, BTreeSet};

use headcount_catalog::{Age, Day, Period};
use headcount_store::{AnswerRows, CohortRow};
use maud::{Markup, html};

use super::call::{Answered, rows};
use super::id_changes::IdChanges;
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
    let changes = IdChanges::of_weeks(view.product, view.since);
    let new = Panel::new(
        "new-and-returning",
        "New and returning devices by week",
        Width::Whole,
        vec![call(HttpQuestion::NewAndReturning)],
        move |answers| {
            let weeks = answers.first().map(new_and_returning).unwrap_or_default();
            new_table(&weeks, today, by_marks, changes)
        },
    );
    let back = Panel::new(
        "retention",
        "Devices that come back",
        Width::Whole,
        vec![call(HttpQuestion::Retention)],
        move |answers| {
            let answers = answers.first().map(Answered::rows).unwrap_or_default();
            match by_marks {
                true => ages(answers, from, today),
                false => cohorts_map(answers, today, changes),
            }
        },
    )
    .beside(if by_marks { "by week and age" } else { "by week of their first event" });
    vec![new, back]
}

/// New and returning devices of an answer, by marks or by ids.
pub(super) fn new_and_returning(answer: &Answered) -> Vec<NewAndReturning> {
    cohorts::new_of(answer.rows())
}

fn new_table(weeks: &[NewAndReturning], today: Day, by_marks: bool, changes: IdChanges) -> Markup {
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
                    th scope="row" {
                        (week_of(sums.week, today))
                        @if let Some(day) = changes.near(sums.week, today) {
                            span.aside { "ids replaced on " (text::short(day)) }
                        }
                    }
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
            p.quiet.note {
                "A device is new in the week of the first event of its id; a new id is a new device."
                @if changes.are_monthly() {
                    " Ids are replaced on the first of each month: every device is new once more when it comes \
                     after that, and counts twice in a week in which it came before it, too."
                }
            }
        }
    }
}

/// Cohorts with an id: a row for each, a column for each week since. A cell
/// that nobody can be followed into is empty.
fn cohorts_map(answers: &[AnswerRows], today: Day, changes: IdChanges) -> Markup {
    let mut map: BTreeMap<Day, BTreeMap<i32, &CohortRow>> = BTreeMap::new();
    for row in rows!(answers, Retention) {
        let since = row.week.days_since(row.cohort) / 7;
        map.entry(row.cohort).or_default().insert(since, row);
    }
    let week = |cohort: Day, age: i32| cohort.plus(age * 7);
    let is_known = |cohort: Day, age: i32| {
        week(cohort, age) <= today && changes.can_follow(cohort, week(cohort, age), today)
    };
    let ages: BTreeSet<i32> = map
        .iter()
        .flat_map(|(cohort, row)| row.keys().filter(|age| is_known(*cohort, **age)).copied())
        .collect();
    let most = ages.last().copied().unwrap_or(0).min(12);
    html! {
        @if most == 0 {
            p.quiet { "No device can be followed into a later week yet." }
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
                            @if is_known(*cohort, age) {
                                @let devices = row.get(&age).map_or(0, |row| row.devices);
                                (cell(devices, of, is_unfinished(week(*cohort, age), today)))
                            } @else { td {} }
                        }
                    }
                } }
            } }
            p.quiet.note {
                "The share of the devices that were new in a week and active so many weeks later. " (UNFINISHED)
            }
        }
        @if changes.are_monthly() {
            p.quiet.note {
                "Ids are replaced on the first of each month, and nobody can be followed over that day: where it lies \
                 between, the cell is empty."
            }
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
                            Some(row) => (cell(row.devices, row.cohorts.devices, is_unfinished(*week, today))),
                            None => td.number { "–" },
                        }
                    }
                } } }
            } }
        }
        p.quiet.note {
            "The share of the devices that were new so long before and were active in this week. Where a column \
             stands for several weeks, the share is the average of the devices that were new in them. More than \
             100% means that devices came whose first mark never arrived. " (UNFINISHED)
        }
    }
}

const UNFINISHED: &str = "Dashed cells are of this week, which is not over: they still rise.";

fn is_unfinished(week: Day, today: Day) -> bool {
    week == today.week_start()
}

/// A share as a number on a ground that is the darker, the greater it is. Of a
/// week that is not over it is framed.
fn cell(devices: u64, of: u64, is_unfinished: bool) -> Markup {
    let tenth = (devices * 10).checked_div(of).unwrap_or(0).min(9);
    let counted = text::counted(devices, "device");
    html! {
        @if is_unfinished {
            td class={ "number unfinished heat-" (tenth) } title={ (counted) " so far" } {
                (text::percent(devices, of)) span.hidden { " so far" }
            }
        } @else {
            td class={ "number heat-" (tenth) } title=(counted) { (text::percent(devices, of)) }
        }
    }
}

/// The Monday of a week. The current week is not over.
fn week_of(week: Day, today: Day) -> Markup {
    html! {
        (text::long(week))
        (text::so_far(is_unfinished(week, today)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_a_week_that_is_not_over_says_so() {
        let open = cell(9, 20, true).into_string();
        assert!(
            open.contains("class=\"number unfinished heat-4\" title=\"9 devices so far\""),
            "{open}"
        );
        assert!(open.contains("45%<span class=\"hidden\"> so far</span>"), "{open}");
        let over = cell(9, 20, false).into_string();
        assert_eq!(over, "<td class=\"number heat-4\" title=\"9 devices\">45%</td>");
    }
}
