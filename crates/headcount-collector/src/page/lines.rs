//! Numbers by day as lines, or as bands that add up to all, drawn as SVG.

use std::fmt::Write as _;

use headcount_catalog::{Day, Period};
use maud::{Markup, html};

use super::chart::{grid, labels, marks, percent, ticks};
use super::scale::Scale;
use super::text;
use super::view::Mark;

/// A line, with a number for each day that has one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) label: String,
    pub(super) points: Vec<Option<f64>>,
}

/// What lines show.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    /// For screen readers.
    pub(super) label: &'a str,
    pub(super) days: &'a [Day],
    pub(super) marks: &'a [Mark],
    /// Writes a number of the scale and of the table.
    pub(super) written: fn(f64) -> String,
    /// The unit of the scale, for its highest number.
    pub(super) unit: fn(f64) -> u64,
}

/// The unit of a number that has none.
pub(super) fn one(_: f64) -> u64 {
    1
}

/// A line for each.
pub(super) fn lines(all: &[Line], subject: Subject<'_>) -> Markup {
    let most =
        all.iter().flat_map(|line| line.points.iter().flatten()).fold(0.0, |a: f64, b| a.max(*b));
    let scale = Scale::in_units(most.ceil() as u64, (subject.unit)(most));
    let shapes = html! {
        @for (place, line) in all.iter().enumerate() {
            path class={ "line hue-" (place) } d=(line_path(&line.points, scale)) {
                title { (line.label) }
            }
        }
    };
    drawn(all, subject, scale, &shapes)
}

/// A band for each, on top of each other: shares of a whole, of 100.
pub(super) fn bands(all: &[Line], subject: Subject<'_>) -> Markup {
    let scale = Scale::over(100);
    let mut floor = vec![0.0; subject.days.len()];
    let mut shapes = Vec::new();
    for line in all {
        let top: Vec<f64> = floor
            .iter()
            .zip(&line.points)
            .map(|(floor, point)| floor + point.unwrap_or(0.0))
            .collect();
        shapes.push(band_path(&floor, &top, scale));
        floor = top;
    }
    let shapes = html! {
        @for (place, (line, path)) in all.iter().zip(&shapes).enumerate() {
            path class={ "band hue-" (place) } d=(path) { title { (line.label) } }
        }
    };
    drawn(all, subject, scale, &shapes)
}

fn drawn(all: &[Line], subject: Subject<'_>, scale: Scale, shapes: &Markup) -> Markup {
    let counts: Vec<(Day, u64)> = subject.days.iter().map(|day| (*day, 0)).collect();
    let width = 100.0 / counts.len().max(1) as f64;
    html! {
        ul.legend aria-hidden="true" {
            @for (place, line) in all.iter().enumerate() {
                li { span class={ "key hue-" (place) } {} (line.label) }
            }
        }
        div.chart {
            (ticks(scale, |tick| (subject.written)(tick as f64)))
            svg.plot role="img" aria-label=(subject.label) {
                (grid(scale))
                svg.shapes viewBox="0 0 100 100" preserveAspectRatio="none" { (shapes) }
                @for (place, day) in subject.days.iter().enumerate() {
                    g {
                        title { (tooltip(*day, place, all, subject)) }
                        rect.reach x=(percent(place as f64 * width)) y="0" width=(percent(width)) height="100%" {}
                    }
                }
                (marks(&counts, subject.marks, Period::Day))
            }
            (labels(&counts, Period::Day))
        }
        (table(all, subject))
    }
}

fn tooltip(day: Day, place: usize, all: &[Line], subject: Subject<'_>) -> String {
    let mut text = text::named(day, Period::Day);
    let mut separator = ": ";
    for line in all {
        if let Some(point) = line.points.get(place).copied().flatten() {
            let _ = write!(text, "{separator}{} {}", line.label, (subject.written)(point));
            separator = ", ";
        }
    }
    text
}

fn table(all: &[Line], subject: Subject<'_>) -> Markup {
    html! {
        details.numbers {
            summary { "Show the numbers" }
            div.scroll tabindex="0" role="region" aria-label=(subject.label) {
                table {
                    thead { tr {
                        th scope="col" { "Day" }
                        @for line in all { th.number scope="col" { (line.label) } }
                    } }
                    tbody { @for (place, day) in subject.days.iter().enumerate().rev() { tr {
                        th scope="row" { (text::named(*day, Period::Day)) }
                        @for line in all { td.number {
                            @match line.points.get(place).copied().flatten() {
                                Some(point) => { ((subject.written)(point)) }
                                None => { "–" }
                            }
                        } }
                    } } }
                }
            }
        }
    }
}

/// The middle of a day in a drawing that is 100 wide.
fn middle(place: usize, days: usize) -> f64 {
    (place as f64 + 0.5) * 100.0 / days.max(1) as f64
}

/// A line with a gap on each day without a number. A number between two gaps
/// is drawn as a dot.
fn line_path(points: &[Option<f64>], scale: Scale) -> String {
    let mut path = String::new();
    let mut is_down = false;
    for (place, point) in points.iter().enumerate() {
        let Some(point) = point else {
            is_down = false;
            continue;
        };
        let (x, y) = (middle(place, points.len()), scale.down_from(*point));
        let _ = write!(path, "{}{x:.2} {y:.2}", if is_down { "L" } else { "M" });
        let is_alone = !is_down && points.get(place + 1).is_none_or(Option::is_none);
        if is_alone {
            path.push_str("h.01");
        }
        is_down = true;
    }
    path
}

fn band_path(floor: &[f64], top: &[f64], scale: Scale) -> String {
    let mut path = String::new();
    let days = top.len();
    let there = top.iter().enumerate();
    let back = floor.iter().enumerate().rev();
    for (place, height) in there.chain(back) {
        let letter = if path.is_empty() { "M" } else { "L" };
        let (x, y) = (middle(place, days), scale.down_from(*height));
        let _ = write!(path, "{letter}{x:.2} {y:.2}");
    }
    if !path.is_empty() {
        path.push('Z');
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_gaps_and_bands_lie_on_each_other() {
        let scale = Scale::over(100);
        let points = [Some(0.0), Some(100.0), None, Some(50.0)];
        assert_eq!(line_path(&points, scale), "M12.50 100.00L37.50 0.00M87.50 50.00h.01");
        assert_eq!(
            band_path(&[0.0, 50.0], &[100.0, 100.0], scale),
            "M25.00 0.00L75.00 0.00L75.00 50.00L25.00 100.00Z"
        );
        assert_eq!(band_path(&[], &[], scale), "");
    }
}
