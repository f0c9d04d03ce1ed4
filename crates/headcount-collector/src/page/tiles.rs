//! Four tiles that answer first: how many, growing or not, do people come back,
//! does it work, and does everything arrive.

use headcount_catalog::{Day, Period};
use headcount_store::AnswerRows;
use maud::{Markup, html};

use super::call::{Answered, Call, rows};
use super::comparison::Beside;
use super::day_range::DayRange;
use super::failures::shares;
use super::id_changes::{self, IdChanges};
use super::panel::source;
use super::rejections::{Rejections, counted_properties};
use super::view::View;
use super::{arrivals, retention, text};
use crate::ask::{HttpQuestion, QuestionParameter};
use crate::compared_days::ComparedDays;
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
        let active = weeks(HttpQuestion::Active).map(|call| {
            let (week, other) = weeks_of(view);
            call.with(QuestionParameter::From, week.to_string())
                .with(QuestionParameter::To, week.plus(6).to_string())
                .with(QuestionParameter::Period, "week")
                .with(QuestionParameter::Before, other.to_string())
        });
        let failures = view.failing().into_iter();
        let failures = failures
            .map(|event| view.beside_days(view.call_of(HttpQuestion::Failures, event.name)));
        let lost = arrivals::losses(view.product).into_iter();
        Self {
            active,
            new: weeks(HttpQuestion::NewAndReturning),
            failures: failures.collect(),
            rejected: view.call(HttpQuestion::Rejected),
            lost: lost.map(|property| arrivals::report_call(view, property)).collect(),
            events: view.beside_days(view.call(HttpQuestion::Events)),
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
        html! {
            dl.figures {
                @match self.active.as_ref().and_then(of) {
                    Some(active) => (devices(view, active)),
                    None => (events(view, of(&self.events))),
                }
                @match self.new.as_ref() {
                    Some(new) if new.leaves_out(view.address) => (not_counted(&new_name(view))),
                    Some(new) => @if let Some(new) = of(new) { (new_devices(view, new)) },
                    None => {}
                }
                @let failed: Vec<&Answered> = self.failures.iter().filter_map(of).collect();
                (failures(view, &failed))
                @if self.rejected.leaves_out(view.address) {
                    (not_counted(DROPPED))
                } @else {
                    @let rejected = of(&self.rejected).map_or_else(Rejections::default, |answer| {
                        Rejections::of(rows!(answer.rows(), Rejected), view.product)
                    });
                    @let lost: Vec<&Answered> = self.lost.iter().filter_map(of).collect();
                    (dropped(rejected, (!self.lost.is_empty()).then_some(lost.as_slice())))
                }
            }
            (source(&self.calls(), view.address))
        }
    }
}

const DROPPED: &str = "Dropped events in these days";

/// A number that no version and no filter narrows would stand beside others as
/// if it were of the same events.
fn not_counted(name: &str) -> Markup {
    tile(name, &html! { "–" }, &html! { "not available while a filter is on" })
}

/// The Monday of the last week of a range that is over.
pub(super) fn last_week(range: DayRange) -> Day {
    let to = range.to();
    // Today is not over, and neither is its week.
    let next = if to == range.today() { to } else { to.plus(1) };
    next.week_start().plus(-7)
}

/// The last week that is over, and the one that it is compared with.
fn weeks_of(view: &View<'_>) -> (Day, Day) {
    let week = last_week(view.address.range);
    let from = view.address.range.from();
    (week, view.compared_days().of_period(Period::Week, week, from, 1))
}

/// `Devices last week`, or which week it is if it is not the last one.
fn of_week(what: &str, week: Day, range: DayRange) -> String {
    let is_last = week == range.today().week_start().plus(-7);
    if is_last {
        format!("{what} last week")
    } else {
        format!("{what}, week of {}", text::short(week))
    }
}

fn devices(view: &View<'_>, active: &Answered) -> Markup {
    let (week, other) = weeks_of(view);
    let of = |rows: &[AnswerRows], week: Day| {
        rows!(rows, Active).find(|row| row.start == week).map_or(0, |row| row.devices)
    };
    let last = of(active.rows(), week);
    if view.is_before_first_event(week) {
        return nothing_known(&of_week("Devices", week, view.address.range), week);
    }
    let when = match view.compared_days() {
        ComparedDays::Before => "the week before".to_owned(),
        ComparedDays::Year => "the week a year before".to_owned(),
        ComparedDays::From(_) => format!("the {}", text::named(other, Period::Week)),
    };
    let before = active.before().map_or(0, |span| of(&span.rows, other));
    let missing =
        view.beside(active).and_then(|beside| beside.missing_of(week, other, Period::Week, &when));
    let weeks = [week, other].map(id_changes::days_of_week);
    let are_alike = IdChanges::of_weeks(view.product, view.since).are_alike(weeks[0], weeks[1]);
    tile(
        &of_week("Devices", week, view.address.range),
        &html! { (text::number(last)) },
        &html! {
            (text::short(week)) " – " (text::short(week.plus(6))) ", "
            @match missing {
                Some(missing) => (missing),
                None if are_alike => { (change(last, before)) (from(last, before)) " " (when) }
                None => { "not compared with " (when) ": ids were replaced within one of the two" }
            }
        },
    )
}

fn events(view: &View<'_>, events: Option<&Answered>) -> Markup {
    let sum = |rows: &[AnswerRows]| rows!(rows, Events).map(|row| row.count).sum();
    let now: u64 = events.map_or(0, |answer| sum(answer.rows()));
    let before: u64 = events.and_then(Answered::before).map_or(0, |span| sum(&span.rows));
    let beside = events.and_then(|answer| view.beside(answer));
    tile(
        "Events in these days",
        &html! { (text::number(now)) },
        &html! { @if let Some(beside) = beside {
            @match beside.missing(range_of(view)) {
                Some(missing) => (missing),
                None => { (change(now, before)) (from(now, before)) " " (beside.when()) }
            }
        } },
    )
}

fn range_of(view: &View<'_>) -> (Day, Day) {
    (view.address.range.from(), view.address.range.to())
}

fn new_name(view: &View<'_>) -> String {
    of_week("New", last_week(view.address.range), view.address.range)
}

fn new_devices(view: &View<'_>, new: &Answered) -> Markup {
    let range = view.address.range;
    let week = last_week(range);
    if view.is_before_first_event(week) {
        return nothing_known(&new_name(view), week);
    }
    let weeks = retention::new_and_returning(new);
    let (new, returning) = weeks
        .iter()
        .find(|sums| sums.week == week)
        .map_or((0, 0), |sums| (sums.new, sums.returning));
    let changed = IdChanges::of_weeks(view.product, view.since).near(week, range.today());
    tile(
        &new_name(view),
        &html! { (text::number(new)) },
        &html! {
            (text::number(returning)) " came back"
            @if let Some(day) = changed { "; ids were replaced on " (text::short(day)) }
        },
    )
}

fn failures(view: &View<'_>, answers: &[&Answered]) -> Markup {
    let now: Share = answers.iter().map(|answer| shares(answer.rows())).sum();
    let before: Share =
        answers.iter().filter_map(|answer| answer.before()).map(|span| shares(&span.rows)).sum();
    let besides: Vec<Beside> = answers.iter().filter_map(|answer| view.beside(answer)).collect();
    let when = match besides.first() {
        Some(Beside { days: ComparedDays::Before, .. }) | None => "before".to_owned(),
        Some(beside @ Beside { days: ComparedDays::From(_), .. }) => {
            format!("in {}", beside.when())
        }
        Some(beside) => beside.when(),
    };
    let missing = besides.iter().find_map(|beside| beside.missing(range_of(view)));
    let [shown, was] = [now, before].map(|share| text::percentage(share.value() * 100.0));
    let note = match (now.all, before.all) {
        (0, _) => html! { "no event says whether it failed" },
        (all, _) if missing.is_some() => {
            html! { "of " (text::counted(all, "event")) "; " (missing.unwrap_or_default()) }
        }
        (_, 0) => html! { "of " (text::counted(now.all, "event")) },
        _ if now.is_above(before) => html! { strong.worse { "more" } " than " (was) " " (when) },
        _ if before.is_above(now) => html! { span.better { "less" } " than " (was) " " (when) },
        _ => html! { "no clear change from " (was) " " (when) },
    };
    tile(
        "Failed in these days",
        &if now.all == 0 {
            html! { "–" }
        } else {
            html! { (shown) }
        },
        &note,
    )
}

fn dropped(rejected: Rejections, lost: Option<&[&Answered]>) -> Markup {
    let on_the_way: Option<u64> =
        lost.map(|answers| answers.iter().map(|answer| arrivals::sum(answer.rows())).sum());
    tile(
        DROPPED,
        &html! { (text::number(rejected.events + on_the_way.unwrap_or(0))) },
        &html! {
            (text::number(rejected.events)) " on arrival; "
            @match on_the_way {
                Some(lost) => { (text::number(lost)) " on the way" }
                None => { "losses on the way are not reported" }
            }
            @if rejected.properties > 0 {
                "; " (counted_properties(rejected.properties)) " dropped from stored events"
            }
        },
    )
}

/// The tile of a week that was over before the first event.
fn nothing_known(name: &str, week: Day) -> Markup {
    tile(
        name,
        &html! { "–" },
        &html! {
            (text::short(week)) " – " (text::short(week.plus(6))) ": there was no event yet in that week"
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
            let from = Some("2026-11-01");
            last_week(DayRange::read(None, from, Some(to), day(today)).0).to_string()
        };
        // 2026-11-23 is a Monday.
        assert_eq!(of("2026-11-23", "2026-11-23"), "2026-11-16");
        assert_eq!(of("2026-11-29", "2026-11-29"), "2026-11-16");
        assert_eq!(of("2026-11-29", "2026-11-30"), "2026-11-23");
        assert_eq!(of("2026-11-28", "2026-11-30"), "2026-11-16");
    }

    #[test]
    fn a_week_that_is_not_the_last_one_is_named() {
        let today = Day::parse("2026-11-30").unwrap();
        let range = |to: &str| DayRange::read(None, Some("2026-01-05"), Some(to), today).0;
        let of = |to: &str| of_week("Devices", last_week(range(to)), range(to));
        assert_eq!(of("2026-11-30"), "Devices last week");
        assert_eq!(of("2026-11-29"), "Devices last week");
        assert_eq!(of("2026-11-28"), "Devices, week of 16 Nov");
        assert_eq!(of("2026-01-25"), "Devices, week of 19 Jan");
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
