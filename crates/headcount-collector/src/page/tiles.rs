//! Four tiles that answer first: how many, growing or not, do people come back,
//! does it work, and does everything arrive.

use headcount_catalog::{Day, Period};
use maud::{Markup, html};

use super::call::{Answered, Call, rows};
use super::day_range::DayRange;
use super::failures::shares;
use super::rejections::{Rejections, counted_properties};
use super::view::View;
use super::{arrivals, retention, text};
use crate::ask::{HttpQuestion, QuestionParameter};
use crate::limits;
use crate::share::Share;

/// What the tiles ask.
pub(super) struct Tiles {
    active: Option<Call>,
    new: Option<Call>,
    failures: Vec<Call>,
    rejected: Call,
    lost: Vec<Call>,
    events: Call,
}

impl Tiles {
    pub(super) fn new(view: &View<'_>) -> Self {
        let weeks = |question| {
            let from = last_week(view.address.range).plus(-7);
            let counted = view.product.counts_devices(Period::Week);
            counted.then(|| view.call(question).with(QuestionParameter::From, from.to_string()))
        };
        let active = weeks(HttpQuestion::Active);
        let failures = view.failing().into_iter().map(|event| {
            let call = view.call_of(HttpQuestion::Failures, event.name);
            call.with(QuestionParameter::Before, "yes")
        });
        let lost = arrivals::losses(view).into_iter();
        Self {
            active: active.map(|call| call.with(QuestionParameter::Period, "week")),
            new: weeks(HttpQuestion::NewAndReturning),
            failures: failures.collect(),
            rejected: view.call(HttpQuestion::Rejected),
            lost: lost.map(|property| arrivals::report_call(view, property)).collect(),
            events: view.call(HttpQuestion::Events).with(QuestionParameter::Before, "yes"),
        }
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        let mut calls: Vec<Call> = self.active.iter().chain(&self.new).cloned().collect();
        calls.extend(self.failures.iter().cloned());
        calls.push(self.rejected.clone());
        calls.extend(self.lost.iter().cloned());
        calls.push(self.events.clone());
        calls
    }

    /// Draws the tiles with the answers to [`calls`](Self::calls).
    pub(super) fn drawn(&self, view: &View<'_>, answers: &[Result<Answered, String>]) -> Markup {
        let known: Vec<(Call, &Answered)> = self
            .calls()
            .into_iter()
            .zip(answers)
            .filter_map(|(call, answer)| Some((call, answer.as_ref().ok()?)))
            .collect();
        let of = |call: &Call| known.iter().find(|(own, _)| own == call).map(|(_, answer)| *answer);
        let range = view.address.range;
        let is_narrowed = view.address.version.is_some() || !view.address.filters.is_empty();
        // These questions take no filter.
        let aside = if is_narrowed { ", of all events" } else { "" };
        html! {
            dl.figures {
                @match self.active.as_ref().and_then(of) {
                    Some(active) => (devices(active, range)),
                    None => (events(of(&self.events))),
                }
                @if let Some(new) = self.new.as_ref().and_then(of) { (new_devices(new, range, aside)) }
                @let failed: Vec<&Answered> = self.failures.iter().filter_map(of).collect();
                (failures(&failed))
                @let rejected = of(&self.rejected).map_or_else(Rejections::default, |answer| {
                    Rejections::of(rows!(answer.rows(), Rejected), view.product)
                });
                @let lost: Vec<&Answered> = self.lost.iter().filter_map(of).collect();
                (dropped(rejected, (!self.lost.is_empty()).then_some(lost.as_slice()), aside))
            }
        }
    }
}

/// The Monday of the last week of a range that is over.
pub(super) fn last_week(range: DayRange) -> Day {
    let to = range.to();
    // Today is not over, and neither is its week.
    let next = if to == range.today() { to } else { to.plus(1) };
    next.week_start().plus(-7)
}

fn devices(active: &Answered, range: DayRange) -> Markup {
    let week = last_week(range);
    let of = |week: Day| {
        let row = rows!(active.rows(), Active).find(|row| row.start == week);
        row.map_or(0, |row| row.devices)
    };
    let (last, before) = (of(week), of(week.plus(-7)));
    tile(
        "Devices last week",
        &html! { (text::number(last)) },
        &html! { (text::short(week)) " – " (text::short(week.plus(6))) ", " (change(last, before)) (from(last, before)) " the week before" },
    )
}

fn events(events: Option<&Answered>) -> Markup {
    let sum = |rows: &[headcount_store::AnswerRows]| rows!(rows, Events).map(|row| row.count).sum();
    let now: u64 = events.map_or(0, |answer| sum(answer.rows()));
    let before: u64 = events.and_then(Answered::before).map_or(0, |span| sum(&span.rows));
    tile(
        "Events in these days",
        &html! { (text::number(now)) },
        &html! { (change(now, before)) (from(now, before)) " the days before" },
    )
}

fn new_devices(new: &Answered, range: DayRange, aside: &str) -> Markup {
    let week = last_week(range);
    let weeks = retention::new_and_returning(new);
    let (new, returning) = weeks
        .iter()
        .find(|sums| sums.week == week)
        .map_or((0, 0), |sums| (sums.new, sums.returning));
    tile(
        "New last week",
        &html! { (text::number(new)) },
        &html! { (text::number(returning)) " came back" (aside) },
    )
}

fn failures(answers: &[&Answered]) -> Markup {
    let now: Share = answers.iter().map(|answer| shares(answer.rows())).sum();
    let before: Share =
        answers.iter().filter_map(|answer| answer.before()).map(|span| shares(&span.rows)).sum();
    let [shown, was] = [now, before].map(|share| text::percentage(share.value() * 100.0));
    let note = match (now.all, before.all) {
        (0, _) => html! { "no event says whether it failed" },
        (_, 0) => html! { "of " (text::counted(now.all, "event")) },
        _ if now.is_above(before) => html! { strong.worse { "more" } " than " (was) " before" },
        _ if before.is_above(now) => html! { span.better { "less" } " than " (was) " before" },
        _ => html! { "no sure difference from " (was) " before" },
    };
    tile(
        "Failed",
        &if now.all == 0 {
            html! { "–" }
        } else {
            html! { (shown) }
        },
        &note,
    )
}

fn dropped(rejected: Rejections, lost: Option<&[&Answered]>, aside: &str) -> Markup {
    let on_the_way: Option<u64> =
        lost.map(|answers| answers.iter().map(|answer| arrivals::sum(answer.rows())).sum());
    tile(
        "Dropped events",
        &html! { (text::number(rejected.events + on_the_way.unwrap_or(0))) },
        &html! {
            @match on_the_way {
                Some(lost) => { (text::number(lost)) " on the way, " }
                None => { "losses are not reported, " }
            }
            (text::number(rejected.events)) " on arrival" (aside)
            @if rejected.properties > 0 {
                "; and " (counted_properties(rejected.properties)) " of stored events"
            }
        },
    )
}

fn tile(name: &str, figure: &Markup, note: &Markup) -> Markup {
    html! { div { dt { (name) } dd { (figure) } dd.aside { (note) } } }
}

/// `+12%`, with an arrow for who cannot tell colours; of few, which a
/// percentage would make look like many, the two numbers.
pub(super) fn change(now: u64, before: u64) -> Markup {
    let percent = (now as f64 - before as f64) * 100.0 / before.max(1) as f64;
    let is_few = before < limits::PERCENT_BASE;
    let told = match (is_few, percent) {
        (true, _) => format!("{} → {}", text::number(before), text::number(now)),
        (false, _) if percent < 0.0 => format!("−{:.0}%", -percent),
        (false, _) => format!("+{percent:.0}%"),
    };
    html! {
        @match (now, before) {
            (0, 0) => span.change { "no change" },
            (_, 0) => span.change { "new" },
            _ if now == before || !is_few && percent.abs() < 0.5 => span.change { "±0%" },
            _ if now > before => span.change.up { "▲ " (told) },
            _ => span.change.down { "▼ " (told) },
        }
    }
}

/// ` from 140`, unless the change has said so.
fn from(now: u64, before: u64) -> String {
    match before {
        0 => " from 0".to_owned(),
        _ if before < limits::PERCENT_BASE && now != before => " from".to_owned(),
        _ => format!(" from {}", text::number(before)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_over_on_its_sunday() {
        let day = |text: &str| Day::parse(text).unwrap();
        let of = |to: &str, today: &str| {
            last_week(DayRange::read(None, Some("2026-11-01"), Some(to), day(today))).to_string()
        };
        // 2026-11-23 is a Monday.
        assert_eq!(of("2026-11-23", "2026-11-23"), "2026-11-16");
        assert_eq!(of("2026-11-29", "2026-11-29"), "2026-11-16");
        assert_eq!(of("2026-11-29", "2026-11-30"), "2026-11-23");
        assert_eq!(of("2026-11-28", "2026-11-30"), "2026-11-16");
    }

    #[test]
    fn a_change_is_told_in_whole_percent_and_a_small_one_in_numbers() {
        for (now, before, told) in [
            (0, 0, "no change"),
            (5, 0, "new"),
            (110, 100, "▲ +10%"),
            (50, 100, "▼ −50%"),
            (8, 4, "▲ 4 → 8"),
            (25, 19, "▲ 19 → 25"),
            (0, 3, "▼ 3 → 0"),
            (30, 20, "▲ +50%"),
            (7, 7, "±0%"),
            (1_001, 1_000, "±0%"),
        ] {
            assert!(change(now, before).into_string().contains(told), "{now} {before}");
        }
    }
}
