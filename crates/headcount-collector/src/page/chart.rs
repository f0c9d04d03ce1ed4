//! Counts by day, week or month as bars, drawn as SVG.
//!
//! Positions are percentages and font sizes are pixels, so that a chart is as
//! wide as its column and its labels stay readable on a phone.

use headcount_catalog::{Day, Period};
use maud::{Markup, html};

use super::behind::Behind;
use super::quiet_days::{QuietDay, quiet_days};
use super::scale::{Scale, percent};
use super::view::Mark;
use super::{marks, text};
use crate::limits;

/// The part of a period's width that its bar takes: less if there are few
/// periods, which are wide.
fn bar_width(periods: usize) -> f64 {
    if periods > 10 { 0.74 } else { 0.4 }
}

/// What a chart counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    /// The word for one of them, such as `device`.
    pub(super) one: &'a str,
    /// What the chart shows, for screen readers.
    pub(super) label: &'a str,
    /// The heading of the counts in the table.
    pub(super) column: &'a str,
    /// What a bar stands for.
    pub(super) period: Period,
    /// The period with today in it is not over.
    pub(super) today: Day,
    /// The first day of which anything is known. Before it there is nothing to
    /// draw, which is not the same as nobody.
    pub(super) since: Option<Day>,
}

impl Subject<'_> {
    fn is_unfinished(self, start: Day) -> bool {
        self.period.start(self.today) == start
    }

    fn is_known(self, start: Day) -> bool {
        self.since.is_none_or(|since| start >= self.period.start(since))
    }
}

/// The counts of a chart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bars<'a> {
    /// The first day of each period, with its count, the oldest first.
    pub(super) counts: &'a [(Day, u64)],
    /// As many periods to compare with, drawn behind, if they are shown.
    pub(super) behind: Option<&'a Behind>,
    /// Releases and notes.
    pub(super) marks: &'a [Mark],
}

/// The bars and the numbers.
pub(super) fn bars(bars: Bars<'_>, subject: Subject<'_>) -> Markup {
    // Where nothing was before, there is nothing to compare with.
    let behind = bars.behind.filter(|behind| behind.is_shown());
    let bars = Bars { behind, ..bars };
    let quiet = quiet(bars.counts, subject);
    let has_unfinished = bars.counts.iter().any(|(start, _)| subject.is_unfinished(*start));
    html! {
        @if behind.is_some() || has_unfinished {
            ul.legend {
                @if let Some(behind) = behind {
                    li { span.key.before {} (behind.beside.legend(subject.period)) }
                }
                @if has_unfinished {
                    li { span.key.unfinished {} (text::current(subject.period)) ", not over" }
                }
            }
        }
        (drawn(bars, &quiet, subject))
        (said(&quiet, subject))
        (table(bars, subject))
    }
}

/// The nearly empty days of those that are over.
fn quiet(counts: &[(Day, u64)], subject: Subject<'_>) -> Vec<QuietDay> {
    if subject.period != Period::Day {
        return Vec::new();
    }
    let over = counts.iter().filter(|(day, _)| *day < subject.today && subject.is_known(*day));
    quiet_days(&over.copied().collect::<Vec<_>>())
}

fn said(quiet: &[QuietDay], subject: Subject<'_>) -> Markup {
    let more = quiet.len().saturating_sub(limits::QUIET_DAYS_TOLD);
    html! {
        @if !quiet.is_empty() {
            p.note.low {
                "Unusually few: "
                @for (place, QuietDay { day, count, usual }) in quiet.iter().take(limits::QUIET_DAYS_TOLD).enumerate() {
                    @if place > 0 { ", " }
                    (text::time(*day)) " with " (text::counted(*count, subject.one))
                    " (usually " (text::number(*usual)) ")"
                }
                @if more > 0 { " and " (text::counted(more as u64, "more day")) }
                ". If it was an outage, "
                a href="#notes" { "add a note" } "."
            }
        }
    }
}

/// The name of a mark is a twelfth of a plot high, 16 of 190 pixels.
const LABEL_PART: u64 = 12;

/// One bar for each period, which its first day stands for.
fn drawn(bars: Bars<'_>, quiet: &[QuietDay], subject: Subject<'_>) -> Markup {
    let counts = bars.counts;
    let behind = |place: usize| bars.behind?.counts.get(place)?.1;
    let compared = (0..counts.len()).filter_map(behind);
    let most = counts.iter().map(|(_, count)| *count).chain(compared).max().unwrap_or(0);
    // The names of marks stand above the bars.
    let headroom = if bars.marks.is_empty() { 0 } else { most / LABEL_PART + 1 };
    let scale = Scale::over(most.saturating_add(headroom));
    let width = 100.0 / counts.len().max(1) as f64;
    let filled = bar_width(counts.len());
    let starts: Vec<Day> = counts.iter().map(|(start, _)| *start).collect();
    let is_quiet = |day: &Day| quiet.iter().any(|quiet| quiet.day == *day);
    let bar = |x: f64, filled: f64, count: u64| {
        let (x, y) = (x + width * (1.0 - filled) / 2.0, scale.down(count));
        [x, y, width * filled, 100.0 - y].map(percent)
    };
    html! {
        div.chart {
            (ticks(scale, |tick| text::number(tick as u64)))
            svg.plot role="img" aria-label=(summary(counts, subject)) {
                (grid(scale))
                @for (place, (day, count)) in counts.iter().enumerate() {
                    @let x = place as f64 * width;
                    @let unfinished = subject.is_unfinished(*day);
                    g {
                        title {
                            (tooltip(*day, *count, subject))
                            @if let Some(behind) = bars.behind { (behind.told(place, subject.period)) }
                            (marks::told(bars.marks, *day, subject.period))
                        }
                        rect.reach x=(percent(x)) y="0" width=(percent(width)) height="100%" {}
                        @if let Some(count) = behind(place) {
                            @let [x, y, width, height] = bar(x, (filled + 0.2).min(1.0), count);
                            rect.behind x=(x) y=(y) width=(width) height=(height) {}
                        }
                        @if is_quiet(day) {
                            rect.low x=(percent(x)) y="0" width=(percent(width)) height="100%" {}
                        }
                        @if subject.is_known(*day) {
                            @let [x, y, width, height] = bar(x, filled, *count);
                            rect.bar.unfinished[unfinished] x=(x) y=(y) width=(width) height=(height) {}
                        }
                    }
                }
                (marks::drawn(&starts, bars.marks, subject.period))
            }
            (labels(&starts, subject.period))
        }
    }
}

/// The numbers of the scale.
pub(super) fn ticks(scale: Scale, written: impl Fn(f64) -> String) -> Markup {
    html! {
        svg.scale aria-hidden="true" {
            @for tick in scale.ticks() {
                text x="100%" y=(percent(scale.down_from(tick))) dy=".32em" { (written(tick)) }
            }
        }
    }
}

/// The lines of the scale.
pub(super) fn grid(scale: Scale) -> Markup {
    html! {
        @for tick in scale.ticks() {
            @let y = percent(scale.down_from(tick));
            line.grid.base[tick == 0.0] x1="0" x2="100%" y1=(y) y2=(y) {}
        }
    }
}

/// The periods below a chart.
pub(super) fn labels(starts: &[Day], period: Period) -> Markup {
    let width = 100.0 / starts.len().max(1) as f64;
    html! {
        svg.days aria-hidden="true" {
            @for place in labelled(starts.len(), period) {
                @let x = percent((place as f64 + 0.5) * width);
                text x=(x) y="14" { (text::label(starts[place], period)) }
            }
        }
    }
}

/// The numbers of a chart as a table, the newest first.
fn table(bars: Bars<'_>, subject: Subject<'_>) -> Markup {
    html! {
        details.numbers {
            summary { "Show the numbers" }
            div.scroll tabindex="0" role="region" aria-label=(subject.label) {
                table {
                    thead { tr {
                        th scope="col" { (text::heading(subject.period)) }
                        th.number scope="col" { (subject.column) }
                        @if let Some(behind) = bars.behind { th.number scope="col" { (behind.beside.heading()) } }
                    } }
                    tbody {
                        @for (place, (day, count)) in bars.counts.iter().enumerate().rev() {
                            tr {
                                th scope="row" {
                                    (text::named(*day, subject.period))
                                    (text::so_far(subject.is_unfinished(*day)))
                                    (marks::beside(bars.marks, *day, subject.period))
                                }
                                @if subject.is_known(*day) { td.number { (text::number(*count)) } }
                                @else { td.none { "–" } }
                                @if let Some((_, count)) = bars.behind.and_then(|behind| behind.counts.get(place)) {
                                    @match count {
                                        Some(count) => td.number { (text::number(*count)) },
                                        None => td.none { "–" },
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn tooltip(day: Day, count: u64, subject: Subject<'_>) -> String {
    let name = text::named(day, subject.period);
    if !subject.is_known(day) {
        return format!("{name}: before the first event");
    }
    let so_far = if subject.is_unfinished(day) { " so far" } else { "" };
    let count = text::counted(count, subject.one);
    format!("{name}: {count}{so_far}")
}

fn summary(days: &[(Day, u64)], subject: Subject<'_>) -> String {
    let (Some((from, _)), Some((to, _))) = (days.first(), days.last()) else {
        return subject.label.to_owned();
    };
    let most = days.iter().max_by_key(|(_, count)| *count);
    let most = most.map_or(String::new(), |(day, count)| {
        let (on, count) = (text::inside(*day, subject.period), text::counted(*count, subject.one));
        format!("; most {on}: {count}")
    });
    let open = match subject.is_unfinished(*to) {
        true => format!("; {} is not over", text::current(subject.period)),
        false => String::new(),
    };
    let [from, to] = [from, to].map(|day| text::named(*day, subject.period));
    format!("{}, {from} to {to}{most}{open}", subject.label)
}

/// The places of periods with a label: if there are few every one, else the
/// last and others at an interval, of whole weeks between days, so that few
/// enough fit on a phone.
fn labelled(periods: usize, period: Period) -> impl Iterator<Item = usize> {
    let step = match period {
        _ if periods <= 7 => 1,
        Period::Day => periods.div_ceil(5).next_multiple_of(7),
        Period::Week | Period::Month => periods.div_ceil(6),
    };
    (0..periods).rev().step_by(step)
}

#[cfg(test)]
mod tests {
    use super::super::comparison::Beside;
    use super::*;
    use crate::compared_days::ComparedDays;

    #[test]
    fn the_last_day_is_labelled_and_few_others() {
        for (days, labels) in [(7, 7), (30, 5), (60, 5), (90, 5), (365, 5)] {
            let places: Vec<usize> = labelled(days, Period::Day).collect();
            assert_eq!((places[0], places.len()), (days - 1, labels), "{days}");
        }
        assert_eq!(labelled(13, Period::Week).collect::<Vec<_>>(), [12, 9, 6, 3, 0]);
    }

    fn of(
        counts: &[(Day, u64)],
        behind: Option<&Behind>,
        marks: &[Mark],
        period: Period,
    ) -> String {
        let today = Day::parse("2026-11-20").unwrap();
        let label = "Active devices by day";
        let column = "Devices";
        let subject = Subject { one: "device", label, column, period, today, since: None };
        bars(Bars { counts, behind, marks }, subject).into_string()
    }

    #[test]
    fn every_day_is_drawn_with_its_number() {
        let day = Day::parse("2026-11-19").unwrap();
        let behind = behind(ComparedDays::Before, day.plus(-2), Some(day.plus(-2)));
        let drawn = of(&[(day, 3), (day.plus(1), 1)], Some(&behind), &[], Period::Day);
        assert!(drawn.contains("<title>Thu 19 Nov 2026: 3 devices (before: 5)</title>"), "{drawn}");
        assert!(
            drawn.contains("<title>Fri 20 Nov 2026: 1 device so far (before: 5)</title>"),
            "{drawn}"
        );
        assert!(drawn.contains("most on 19 Nov 2026: 3 devices"), "{drawn}");
        assert_eq!(drawn.matches("class=\"behind\"").count(), 2);
        let row =
            "Fri 20 Nov 2026<span class=\"aside\">so far</span></th><td class=\"number\">1</td>";
        assert!(drawn.contains(row) && drawn.contains("Thu 19 Nov 2026</th>"), "{drawn}");
        let week = [(Day::parse("2026-11-16").unwrap(), 3)];
        let drawn = of(&week, None, &[], Period::Week);
        assert!(drawn.contains("<title>week of 16 Nov 2026: 3 devices so far</title>"), "{drawn}");
        let month = [(Day::parse("2026-11-01").unwrap(), 3)];
        let drawn = of(&month, None, &[], Period::Month);
        assert!(drawn.contains("<title>November 2026: 3 devices so far</title>"), "{drawn}");
        assert!(drawn.contains("most in November 2026: 3 devices"), "{drawn}");
    }

    /// Five each on two days.
    fn behind(days: ComparedDays, from: Day, since: Option<Day>) -> Behind {
        let known = (since, Day::parse("2026-11-20").unwrap());
        let beside = Beside { days, from, to: from.plus(1), known };
        Behind::new([from, from.plus(1)].into_iter(), beside, Period::Day, |_| 5)
    }

    #[test]
    fn days_to_compare_with_are_named_and_unknown_ones_are_not_drawn() {
        let day = Day::parse("2026-11-19").unwrap();
        let counts = [(day, 3), (day.plus(1), 1)];
        let drawn = |days, from: &str, since: &str| {
            let behind = behind(days, Day::parse(from).unwrap(), Day::parse(since));
            of(&counts, Some(&behind), &[], Period::Day)
        };
        let any = ComparedDays::From(day);
        let other = drawn(any, "2026-10-01", "2026-10-02");
        assert!(other.contains("3 devices (Thu 1 Oct 2026: before the first event)"), "{other}");
        assert!(other.contains("1 device so far (Fri 2 Oct 2026: 5)"), "{other}");
        assert_eq!(other.matches("class=\"behind\"").count(), 1);
        assert!(other.contains("</span>1 Oct to 2 Oct 2026</li>"), "{other}");
        assert!(other.contains(">From 1 Oct 2026</th>"), "{other}");
        assert!(other.contains("<td class=\"none\">–</td>"), "{other}");
        let future = drawn(any, "2026-11-20", "2026-10-02");
        assert!(future.contains("(Sat 21 Nov 2026: not yet there)"), "{future}");
        let year = drawn(ComparedDays::Year, "2025-11-20", "2025-01-01");
        assert!(year.contains("3 devices (a year before: 5)"), "{year}");
        assert!(year.contains("</span>the days a year before</li>"), "{year}");
        // Where nothing is known, there is nothing to compare with.
        let nothing = drawn(ComparedDays::Year, "2025-11-20", "2026-10-02");
        assert!(!nothing.contains("a year before"), "{nothing}");
    }

    #[test]
    fn nothing_is_drawn_before_the_first_event() {
        let today = Day::parse("2026-11-20").unwrap();
        let counts = [(today.plus(-2), 0), (today.plus(-1), 0), (today, 4)];
        let (label, period) = ("Events by day", Period::Day);
        let since = Some(today.plus(-1));
        let subject = Subject { one: "event", label, column: "Events", period, today, since };
        let drawn = bars(Bars { counts: &counts, behind: None, marks: &[] }, subject).into_string();
        assert_eq!(drawn.matches("<rect class=\"bar").count(), 2, "{drawn}");
        assert!(drawn.contains("Wed 18 Nov 2026: before the first event"), "{drawn}");
        assert!(drawn.contains("<td class=\"none\">–</td>"), "{drawn}");
        let week = Subject { period: Period::Week, ..subject };
        assert!(week.is_known(today.week_start()) && !week.is_known(today.week_start().plus(-7)));
    }

    #[test]
    fn a_day_that_is_not_over_and_one_that_is_nearly_empty_say_so() {
        let today = Day::parse("2026-11-20").unwrap();
        let mut counts: Vec<(Day, u64)> = (0..15).map(|day| (today.plus(day - 14), 500)).collect();
        (counts[6].1, counts[14].1) = (7, 2);
        let drawn = of(&counts, None, &[], Period::Day);
        assert!(drawn.contains("; today is not over\""), "{drawn}");
        assert!(drawn.contains("</span>today, not over</li>"), "{drawn}");
        assert_eq!(drawn.matches("class=\"bar unfinished\"").count(), 1);
        assert_eq!(drawn.matches("class=\"low\"").count(), 1);
        let told = "12 Nov 2026</time> with 7 devices (usually 500). If it was an outage, <a href=\"#notes\">";
        assert!(drawn.contains(told), "{drawn}");
        let weeks = of(&[(today.week_start(), 3)], None, &[], Period::Week);
        assert!(weeks.contains("; this week is not over") && !weeks.contains("low"), "{weeks}");
        let over = of(&counts[..10], None, &[], Period::Day);
        assert!(!over.contains("not over"), "{over}");
    }
}
