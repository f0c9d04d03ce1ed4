//! Counts by day, week or month as bars, drawn as SVG.
//!
//! Positions are percentages and font sizes are pixels, so that a chart is as
//! wide as its column and its labels stay readable on a phone.

use headcount_catalog::{Day, Period};
use maud::{Markup, html};

use super::scale::Scale;
use super::text;
use super::view::Mark;

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
}

/// The counts of a chart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bars<'a> {
    /// The first day of each period, with its count, the oldest first.
    pub(super) counts: &'a [(Day, u64)],
    /// The counts of as many periods before, drawn behind, if they are shown.
    pub(super) before: Option<&'a [u64]>,
    /// Releases and notes.
    pub(super) marks: &'a [Mark],
}

/// The bars and the numbers.
pub(super) fn bars(bars: Bars<'_>, subject: Subject<'_>) -> Markup {
    // Where nothing was before, there is nothing to compare with.
    let before = bars.before.filter(|before| before.iter().any(|count| *count > 0));
    let bars = Bars { before, ..bars };
    html! {
        @if before.is_some() {
            ul.legend { li { span.key.before {} "the " (subject.period.name()) "s before" } }
        }
        (drawn(bars, subject))
        (table(bars, subject))
    }
}

/// One bar for each period, which its first day stands for.
fn drawn(bars: Bars<'_>, subject: Subject<'_>) -> Markup {
    let counts = bars.counts;
    let behind = bars.before.unwrap_or_default();
    let all = counts.iter().map(|(_, count)| count).chain(behind);
    let scale = Scale::over(all.copied().max().unwrap_or(0));
    let width = 100.0 / counts.len().max(1) as f64;
    let filled = bar_width(counts.len());
    let bar = |x: f64, filled: f64, count: u64| {
        let (x, y) = (x + width * (1.0 - filled) / 2.0, scale.down(count));
        [x, y, width * filled, 100.0 - y].map(percent)
    };
    html! {
        div.chart {
            (ticks(scale, text::number))
            svg.plot role="img" aria-label=(summary(counts, subject)) {
                (grid(scale))
                @for (place, (day, count)) in counts.iter().enumerate() {
                    @let x = place as f64 * width;
                    @let unfinished = is_unfinished(*day, subject);
                    g {
                        title { (tooltip(*day, *count, behind.get(place).copied(), subject)) }
                        rect.reach x=(percent(x)) y="0" width=(percent(width)) height="100%" {}
                        @if let Some(count) = behind.get(place) {
                            @let [x, y, width, height] = bar(x, (filled + 0.2).min(1.0), *count);
                            rect.behind x=(x) y=(y) width=(width) height=(height) {}
                        }
                        @let [x, y, width, height] = bar(x, filled, *count);
                        rect.bar.unfinished[unfinished] x=(x) y=(y) width=(width) height=(height) {}
                    }
                }
                (marks(counts, bars.marks, subject.period))
            }
            (labels(counts, subject.period))
        }
    }
}

fn is_unfinished(start: Day, subject: Subject<'_>) -> bool {
    subject.period.start(subject.today) == start
}

/// The numbers of the scale.
pub(super) fn ticks(scale: Scale, written: impl Fn(u64) -> String) -> Markup {
    html! {
        svg.scale aria-hidden="true" {
            @for tick in scale.ticks() {
                text x="100%" y=(percent(scale.down(tick))) dy=".32em" { (written(tick)) }
            }
        }
    }
}

/// The lines of the scale.
pub(super) fn grid(scale: Scale) -> Markup {
    html! {
        @for tick in scale.ticks() {
            @let y = percent(scale.down(tick));
            line.grid.base[tick == 0] x1="0" x2="100%" y1=(y) y2=(y) {}
        }
    }
}

/// The periods below a chart.
pub(super) fn labels(counts: &[(Day, u64)], period: Period) -> Markup {
    let width = 100.0 / counts.len().max(1) as f64;
    html! {
        svg.days aria-hidden="true" {
            @for place in labelled(counts.len(), period) {
                @let x = percent((place as f64 + 0.5) * width);
                text x=(x) y="14" { (text::label(counts[place].0, period)) }
            }
        }
    }
}

/// A line for each release and note, each with its name where there is room.
pub(super) fn marks(counts: &[(Day, u64)], marks: &[Mark], period: Period) -> Markup {
    let width = 100.0 / counts.len().max(1) as f64;
    let at = |mark: &Mark| {
        let start = period.start(mark.day);
        let place = counts.iter().position(|(own, _)| *own == start)?;
        Some((place as f64 + 0.5) * width)
    };
    let mut free = 0.0;
    let mut placed = Vec::new();
    for mark in marks {
        let Some(x) = at(mark) else { continue };
        // A letter is about as wide as a fiftieth of a small chart.
        let letters = mark.label.chars().count().min(10) as f64;
        let has_room = x >= free && x + 2.0 * letters < 100.0;
        if has_room {
            free = x + 2.0 + 2.0 * letters;
        }
        placed.push((mark, percent(x), has_room));
    }
    html! {
        @for (mark, x, has_room) in placed {
            g.mark.note[mark.is_note] {
                title { (mark.title()) }
                line x1=(x) x2=(x) y1="0" y2="100%" {}
                @if has_room { text x=(x) y="0" dx="3" dy=".7em" { (short(&mark.label)) } }
            }
        }
    }
}

/// At most ten characters of a label.
fn short(label: &str) -> String {
    if label.chars().count() <= 10 {
        return label.to_owned();
    }
    label.chars().take(9).chain(['…']).collect()
}

/// The numbers of a chart as a table, the newest first.
fn table(bars: Bars<'_>, subject: Subject<'_>) -> Markup {
    let before = |place: usize| bars.before.and_then(|before| before.get(place));
    html! {
        details.numbers {
            summary { "Show the numbers" }
            div.scroll tabindex="0" role="region" aria-label=(subject.label) {
                table {
                    thead { tr {
                        th scope="col" { (text::heading(subject.period)) }
                        th.number scope="col" { (subject.column) }
                        @if bars.before.is_some() { th.number scope="col" { "Before" } }
                    } }
                    tbody {
                        @for (place, (day, count)) in bars.counts.iter().enumerate().rev() {
                            tr {
                                th scope="row" { (text::named(*day, subject.period)) }
                                td.number { (text::number(*count)) }
                                @if let Some(count) = before(place) {
                                    td.number { (text::number(*count)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn tooltip(day: Day, count: u64, before: Option<u64>, subject: Subject<'_>) -> String {
    let so_far = if is_unfinished(day, subject) { " so far" } else { "" };
    let before =
        before.map_or(String::new(), |count| format!(" (before: {})", text::number(count)));
    let count = text::counted(count, subject.one);
    format!("{}: {count}{so_far}{before}", text::named(day, subject.period))
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

pub(super) fn percent(share: f64) -> String {
    format!("{share:.2}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_is_labelled_and_few_others() {
        for (days, labels) in [(7, 7), (30, 5), (60, 5), (90, 5), (365, 5)] {
            let places: Vec<usize> = labelled(days, Period::Day).collect();
            assert_eq!((places[0], places.len()), (days - 1, labels), "{days}");
        }
        assert_eq!(labelled(13, Period::Week).collect::<Vec<_>>(), [12, 9, 6, 3, 0]);
    }

    fn of(counts: &[(Day, u64)], before: Option<&[u64]>, marks: &[Mark], period: Period) -> String {
        let today = Day::parse("2026-11-20").unwrap();
        let label = "Active devices by day";
        let subject = Subject { one: "device", label, column: "Devices", period, today };
        bars(Bars { counts, before, marks }, subject).into_string()
    }

    #[test]
    fn every_day_is_drawn_with_its_number() {
        let day = Day::parse("2026-11-19").unwrap();
        let drawn = of(&[(day, 3), (day.plus(1), 1)], Some(&[5]), &[], Period::Day);
        assert!(drawn.contains("<title>Thu 19 Nov 2026: 3 devices (before: 5)</title>"), "{drawn}");
        assert!(drawn.contains("<title>Fri 20 Nov 2026: 1 device so far</title>"), "{drawn}");
        assert!(drawn.contains("most on 19 Nov 2026: 3 devices"), "{drawn}");
        assert_eq!(drawn.matches("class=\"behind\"").count(), 1);
        let week = [(Day::parse("2026-11-16").unwrap(), 3)];
        let drawn = of(&week, None, &[], Period::Week);
        assert!(drawn.contains("<title>week of 16 Nov 2026: 3 devices so far</title>"), "{drawn}");
        let month = [(Day::parse("2026-11-01").unwrap(), 3)];
        let drawn = of(&month, None, &[], Period::Month);
        assert!(drawn.contains("<title>November 2026: 3 devices so far</title>"), "{drawn}");
        assert!(drawn.contains("most in November 2026: 3 devices"), "{drawn}");
    }

    #[test]
    fn marks_that_are_close_have_one_label_and_both_lines() {
        let start = Day::parse("2026-11-01").unwrap();
        let counts: Vec<(Day, u64)> = (0..20).map(|day| (start.plus(day), 1)).collect();
        let mark = |day, label: &str| Mark { day, label: label.to_owned(), is_note: false };
        let marks = [
            mark(start.plus(3), "2.0.0"),
            mark(start.plus(4), "2.0.1-a-very-long-one"),
            mark(start.plus(12), "<b>"),
            mark(start.plus(99), "later"),
        ];
        let drawn = of(&counts, None, &marks, Period::Day);
        assert_eq!(drawn.matches("<g class=\"mark\">").count(), 3);
        assert!(drawn.contains(">2.0.0</text>") && !drawn.contains("2.0.1-a-v…"), "{drawn}");
        assert!(drawn.contains("&lt;b&gt;") && !drawn.contains("<b>"), "{drawn}");
    }
}
