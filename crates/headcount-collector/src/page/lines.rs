//! Numbers by day as lines, or as bands that add up to all, drawn as SVG.

use std::fmt::Write as _;
use std::ops::Range;

use headcount_catalog::{Day, Period};
use maud::{Markup, html};

use super::chart::{grid, labels, ticks};
use super::scale::{Scale, percent};
use super::view::Mark;
use super::{marks, text};

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
    /// It is not over, and what leads to it is drawn otherwise.
    pub(super) today: Day,
    pub(super) marks: &'a [Mark],
    /// Writes a number of the scale and of the table.
    pub(super) written: fn(f64) -> String,
    /// The scale up to the highest number.
    pub(super) scale: fn(f64) -> Scale,
}

impl Subject<'_> {
    fn has_unfinished(self) -> bool {
        self.days.last() == Some(&self.today)
    }
}

/// A line for each.
pub(super) fn lines(all: &[Line], subject: Subject<'_>) -> Markup {
    let most =
        all.iter().flat_map(|line| line.points.iter().flatten()).fold(0.0, |a: f64, b| a.max(*b));
    let scale = (subject.scale)(most);
    let shapes = html! {
        @for (place, line) in all.iter().enumerate() {
            @let (over, unfinished) = parts(&line.points, subject.has_unfinished());
            path class={ "line hue-" (place) } d=(line_path(&over, scale)) {
                title { (line.label) }
            }
            @if subject.has_unfinished() {
                path class={ "line unfinished hue-" (place) } d=(line_path(&unfinished, scale)) {}
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
        let unfinished = usize::from(subject.has_unfinished());
        let last = top.len().saturating_sub(unfinished);
        let over = band_path(&floor, &top, 0..last, scale);
        let to_today = last.saturating_sub(1)..top.len();
        let to_today = (unfinished > 0).then(|| band_path(&floor, &top, to_today, scale));
        shapes.push((over, to_today));
        floor = top;
    }
    let shapes = html! {
        @for (place, (line, (over, to_today))) in all.iter().zip(&shapes).enumerate() {
            path class={ "band hue-" (place) } d=(over) { title { (line.label) } }
            @if let Some(path) = to_today {
                path class={ "band unfinished hue-" (place) } d=(path) {}
            }
        }
    };
    drawn(all, subject, scale, &shapes)
}

fn drawn(all: &[Line], subject: Subject<'_>, scale: Scale, shapes: &Markup) -> Markup {
    let width = 100.0 / subject.days.len().max(1) as f64;
    let open = if subject.has_unfinished() { "; today is not over" } else { "" };
    html! {
        ul.legend aria-hidden="true" {
            @for (place, line) in all.iter().enumerate() {
                li { span class={ "key hue-" (place) } {} (line.label) }
            }
            @if subject.has_unfinished() { li { span.key.dashed {} "today, not over" } }
        }
        div.chart {
            (ticks(scale, subject.written))
            svg.plot role="img" aria-label={ (subject.label) (open) } {
                (grid(scale))
                svg.shapes viewBox="0 0 100 100" preserveAspectRatio="none" { (shapes) }
                @for (place, day) in subject.days.iter().enumerate() {
                    g {
                        title {
                            (tooltip(*day, place, all, subject))
                            (marks::told(subject.marks, *day, Period::Day))
                        }
                        rect.reach x=(percent(place as f64 * width)) y="0" width=(percent(width)) height="100%" {}
                    }
                }
                (marks::drawn(subject.days, subject.marks, Period::Day))
            }
            (labels(subject.days, Period::Day))
        }
        (table(all, subject))
    }
}

fn tooltip(day: Day, place: usize, all: &[Line], subject: Subject<'_>) -> String {
    let mut text = text::named(day, Period::Day);
    if day == subject.today {
        text.push_str(", so far");
    }
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
                        th scope="row" {
                            (text::named(*day, Period::Day))
                            (marks::beside(subject.marks, *day, Period::Day))
                        }
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

/// What leads to the last day, if that is not over, apart from what is before.
/// The day before it is in both.
fn parts(points: &[Option<f64>], has_unfinished: bool) -> (Vec<Option<f64>>, Vec<Option<f64>>) {
    let last = points.len().saturating_sub(usize::from(has_unfinished));
    let kept = |is_kept: &dyn Fn(usize) -> bool| {
        let all = points.iter().enumerate();
        all.map(|(place, point)| point.filter(|_| is_kept(place))).collect()
    };
    (kept(&|place| place < last), kept(&|place| place + 1 >= last))
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

fn band_path(floor: &[f64], top: &[f64], places: Range<usize>, scale: Scale) -> String {
    let mut path = String::new();
    let there = places.clone().filter_map(|place| Some((place, *top.get(place)?)));
    let back = places.rev().filter_map(|place| Some((place, *floor.get(place)?)));
    for (place, height) in there.chain(back) {
        let letter = if path.is_empty() { "M" } else { "L" };
        let (x, y) = (middle(place, top.len()), scale.down_from(height));
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
            band_path(&[0.0, 50.0], &[100.0, 100.0], 0..2, scale),
            "M25.00 0.00L75.00 0.00L75.00 50.00L25.00 100.00Z"
        );
        assert_eq!(band_path(&[], &[], 0..0, scale), "");
    }

    #[test]
    fn a_day_that_is_not_over_is_drawn_apart() {
        let today = Day::parse("2026-11-20").unwrap();
        let days = [today.plus(-2), today.plus(-1), today];
        let subject = |today| Subject {
            label: "Failed",
            days: &days,
            today,
            marks: &[],
            written: text::percentage,
            scale: text::scale_of_percent,
        };
        let line =
            Line { label: "failed".to_owned(), points: vec![Some(2.0), Some(4.0), Some(1.0)] };
        let drawn = lines(std::slice::from_ref(&line), subject(today)).into_string();
        assert!(drawn.contains("aria-label=\"Failed; today is not over\""), "{drawn}");
        assert!(drawn.contains("class=\"line hue-0\" d=\"M16.67 50.00L50.00 0.00\""), "{drawn}");
        let dashed = "class=\"line unfinished hue-0\" d=\"M50.00 0.00L83.33 75.00\"";
        assert!(drawn.contains(dashed), "{drawn}");
        assert!(drawn.contains("Fri 20 Nov 2026, so far: failed 1%"), "{drawn}");
        let bands = bands(std::slice::from_ref(&line), subject(today)).into_string();
        assert!(bands.contains("class=\"band unfinished hue-0\""), "{bands}");
        let over = lines(&[line], subject(today.plus(1))).into_string();
        assert!(!over.contains("unfinished") && !over.contains("not over"), "{over}");
    }
}
