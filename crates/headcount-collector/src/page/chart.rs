//! Counts by day, week or month as bars, drawn as SVG.
//!
//! Positions are percentages and font sizes are pixels, so that a chart is as
//! wide as its column and its labels stay readable on a phone.

use headcount_catalog::{Day, Period};
use maud::{Markup, html};

use super::text;

/// The part of a period's width that its bar takes: less if there are few
/// periods, which are wide.
fn bar_width(periods: usize) -> f64 {
    if periods > 10 { 0.74 } else { 0.4 }
}

/// What a chart counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject {
    /// The word for one of them, such as `device`.
    pub(super) one: &'static str,
    /// What the chart shows, for screen readers.
    pub(super) label: &'static str,
    /// What a bar stands for.
    pub(super) period: Period,
}

/// A panel with the bars and the numbers.
pub(super) fn panel(title: &str, counts: &[(Day, u64)], column: &str, subject: Subject) -> Markup {
    html! {
        section.panel {
            h2 { (title) span.aside { "by " (subject.period.name()) } }
            (bars(counts, subject))
            (table(counts, column, subject.period))
        }
    }
}

/// One bar for each period, which its first day stands for. The last period has
/// today in it, and is not over.
fn bars(days: &[(Day, u64)], subject: Subject) -> Markup {
    let scale = Scale::over(days.iter().map(|(_, count)| *count).max().unwrap_or(0));
    let width = 100.0 / days.len().max(1) as f64;
    let places = days.iter().enumerate().map(|(place, day)| (place as f64 * width, day));
    let last = days.len().saturating_sub(1);
    let filled = bar_width(days.len());
    html! {
        div.chart {
            svg.scale aria-hidden="true" {
                @for tick in scale.ticks() {
                    text x="100%" y=(percent(scale.down(tick))) dy=".32em" { (text::number(tick)) }
                }
            }
            svg.plot role="img" aria-label=(summary(days, subject)) {
                @for tick in scale.ticks() {
                    @let y = percent(scale.down(tick));
                    line.grid.base[tick == 0] x1="0" x2="100%" y1=(y) y2=(y) {}
                }
                @for (place, (x, (day, count))) in places.enumerate() {
                    g {
                        title { (tooltip(*day, *count, subject, place == last)) }
                        rect.reach x=(percent(x)) y="0" width=(percent(width)) height="100%" {}
                        rect.bar.unfinished[place == last]
                            x=(percent(x + width * (1.0 - filled) / 2.0))
                            y=(percent(scale.down(*count)))
                            width=(percent(width * filled))
                            height=(percent(100.0 - scale.down(*count))) {}
                    }
                }
            }
            svg.days aria-hidden="true" {
                @for place in labelled(days.len(), subject.period) {
                    @let x = percent((place as f64 + 0.5) * width);
                    text x=(x) y="14" { (text::label(days[place].0, subject.period)) }
                }
            }
        }
    }
}

/// The numbers of a chart as a table, the newest first.
fn table(days: &[(Day, u64)], column: &str, period: Period) -> Markup {
    html! {
        details {
            summary { "Show the numbers" }
            div.scroll tabindex="0" role="region" aria-label=(column) {
                table {
                    thead { tr { th scope="col" { (text::heading(period)) } th.number scope="col" { (column) } } }
                    tbody {
                        @for (day, count) in days.iter().rev() {
                            tr {
                                th scope="row" { (text::named(*day, period)) }
                                td.number { (text::number(*count)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn tooltip(day: Day, count: u64, subject: Subject, unfinished: bool) -> String {
    let so_far = if unfinished { " so far" } else { "" };
    format!("{}: {}{so_far}", text::named(day, subject.period), text::counted(count, subject.one))
}

fn summary(days: &[(Day, u64)], subject: Subject) -> String {
    let (Some((from, _)), Some((to, _))) = (days.first(), days.last()) else {
        return subject.label.to_owned();
    };
    let most = days.iter().max_by_key(|(_, count)| *count);
    let most = most.map_or(String::new(), |(day, count)| {
        let (on, count) = (text::inside(*day, subject.period), text::counted(*count, subject.one));
        format!("; most {on}: {count}")
    });
    let [from, to] = [from, to].map(|day| text::named(*day, subject.period));
    format!("{}, {from} to {to}{most}", subject.label)
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

fn percent(share: f64) -> String {
    format!("{share:.2}%")
}

/// A vertical scale from 0 to a round number.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Scale {
    step: u64,
    steps: u64,
}

impl Scale {
    /// The finest scale with at most four steps, each 1, 2 or 5 times a power
    /// of ten.
    fn over(most: u64) -> Self {
        let mut power = 1;
        loop {
            for step in [1, 2, 5].map(|digit| digit * power) {
                let steps = most.div_ceil(step).max(1);
                if steps <= 4 {
                    return Self { step, steps };
                }
            }
            // This ends: four steps of 5 x 10^18 are more than a u64 can be.
            power *= 10;
        }
    }

    fn ticks(self) -> impl Iterator<Item = u64> {
        (0..=self.steps).map(move |step| self.step.saturating_mul(step))
    }

    /// The distance of a count from the top, in percent.
    fn down(self, count: u64) -> f64 {
        100.0 - count as f64 * 100.0 / (self.steps as f64 * self.step as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_on_round_numbers() {
        let ticks = |most| Scale::over(most).ticks().collect::<Vec<_>>();
        assert_eq!(ticks(0), [0, 1]);
        assert_eq!(ticks(3), [0, 1, 2, 3]);
        assert_eq!(ticks(9), [0, 5, 10]);
        assert_eq!(ticks(37), [0, 10, 20, 30, 40]);
        assert_eq!(ticks(400), [0, 100, 200, 300, 400]);
        assert_eq!(Scale::over(400).down(100), 75.0);
        assert!(Scale::over(u64::MAX / 4).steps <= 4);
    }

    #[test]
    fn the_last_day_is_labelled_and_few_others() {
        for (days, labels) in [(7, 7), (30, 5), (60, 5), (90, 5)] {
            let places: Vec<usize> = labelled(days, Period::Day).collect();
            assert_eq!((places[0], places.len()), (days - 1, labels), "{days}");
        }
        assert_eq!(labelled(13, Period::Week).collect::<Vec<_>>(), [12, 9, 6, 3, 0]);
    }

    #[test]
    fn every_day_is_drawn_with_its_number() {
        let day = Day::parse("2026-11-19").unwrap();
        let label = "Active devices by day";
        let subject = Subject { one: "device", label, period: Period::Day };
        let drawn = bars(&[(day, 3), (day.plus(1), 1)], subject).into_string();
        assert!(drawn.contains("<title>Thu 19 Nov 2026: 3 devices</title>"), "{drawn}");
        assert!(drawn.contains("<title>Fri 20 Nov 2026: 1 device so far</title>"), "{drawn}");
        assert!(drawn.contains("most on 19 Nov 2026: 3 devices"), "{drawn}");
        let of = |period, start: &str| {
            let days = [(Day::parse(start).unwrap(), 3)];
            bars(&days, Subject { period, ..subject }).into_string()
        };
        let drawn = of(Period::Week, "2026-11-16");
        assert!(drawn.contains("<title>week of 16 Nov 2026: 3 devices so far</title>"), "{drawn}");
        let drawn = of(Period::Month, "2026-11-01");
        assert!(drawn.contains("<title>November 2026: 3 devices so far</title>"), "{drawn}");
        assert!(drawn.contains("most in November 2026: 3 devices"), "{drawn}");
    }
}
