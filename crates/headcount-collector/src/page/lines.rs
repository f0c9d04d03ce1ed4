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
    let points = html! {
        @for (place, line) in all.iter().enumerate() {
            @for alone in alone(&line.points) {
                @let is_unfinished = subject.has_unfinished() && alone + 1 == line.points.len();
                @let (x, y) = (middle(alone, line.points.len()), line.points[alone].unwrap_or(0.0));
                circle class={ "point hue-" (place) @if is_unfinished { " unfinished" } }
                    cx=(percent(x)) cy=(percent(scale.down_from(y))) r="4" {}
            }
        }
    };
    drawn(all, subject, scale, &shapes, &points)
}

/// A band for each, on top of each other: shares of a whole, of 100. Days
/// without a whole are a gap.
pub(super) fn bands(all: &[Line], subject: Subject<'_>) -> Markup {
    let scale = Scale::over(100);
    let known: Vec<Range<usize>> = runs(subject.days.len(), |place| {
        all.iter().any(|line| line.points.get(place).copied().flatten().is_some())
    });
    let mut floor = vec![0.0; subject.days.len()];
    let mut shapes = Vec::new();
    for line in all {
        let top: Vec<f64> = floor
            .iter()
            .zip(&line.points)
            .map(|(floor, point)| floor + point.unwrap_or(0.0))
            .collect();
        shapes.push(band_paths(&floor, &top, &known, subject.has_unfinished(), scale));
        floor = top;
    }
    let shapes = html! {
        @for (place, (line, (over, to_today))) in all.iter().zip(&shapes).enumerate() {
            path class={ "band hue-" (place) } d=(over) { title { (line.label) } }
            @if !to_today.is_empty() {
                path class={ "band unfinished hue-" (place) } d=(to_today) {}
            }
        }
    };
    drawn(all, subject, scale, &shapes, &html! {})
}

/// The chart: `shapes` in a drawing that is stretched to its size, and `points`
/// in one that is not, so that they are round.
fn drawn(
    all: &[Line],
    subject: Subject<'_>,
    scale: Scale,
    shapes: &Markup,
    points: &Markup,
) -> Markup {
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
                (points)
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
                            (text::so_far(*day == subject.today))
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

/// The places with a number between two without one: no line leads to them.
fn alone(points: &[Option<f64>]) -> Vec<usize> {
    let runs = runs(points.len(), |place| points[place].is_some());
    runs.into_iter().filter(|run| run.len() == 1).map(|run| run.start).collect()
}

/// The longest runs of places of which something is known.
fn runs(places: usize, is_known: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for place in (0..places).filter(|place| is_known(*place)) {
        match runs.last_mut().filter(|run| run.end == place) {
            Some(run) => run.end = place + 1,
            None => runs.push(place..place + 1),
        }
    }
    runs
}

/// A line with a gap on each day without a number.
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
        is_down = true;
    }
    path
}

/// A band over each run of days, and what of it leads to a day that is not
/// over.
fn band_paths(
    floor: &[f64],
    top: &[f64],
    runs: &[Range<usize>],
    has_unfinished: bool,
    scale: Scale,
) -> (String, String) {
    let (mut over, mut to_today) = (String::new(), String::new());
    for run in runs {
        let is_unfinished = has_unfinished && run.end == top.len();
        match run.len() {
            1 if is_unfinished => to_today.push_str(&day_path(floor, top, run.start, scale)),
            1 => over.push_str(&day_path(floor, top, run.start, scale)),
            _ if is_unfinished => {
                over.push_str(&band_path(floor, top, run.start..run.end - 1, scale));
                to_today.push_str(&band_path(floor, top, run.end - 2..run.end, scale));
            }
            _ => over.push_str(&band_path(floor, top, run.clone(), scale)),
        }
    }
    (over, to_today)
}

/// A band that is as wide as its one day.
fn day_path(floor: &[f64], top: &[f64], place: usize, scale: Scale) -> String {
    let half = 50.0 / top.len().max(1) as f64;
    let (x, [floor, top]) =
        (middle(place, top.len()), [floor, top].map(|all| scale.down_from(all[place])));
    let (left, right) = (x - half, x + half);
    format!("M{left:.2} {top:.2}L{right:.2} {top:.2}L{right:.2} {floor:.2}L{left:.2} {floor:.2}Z")
}

/// A band from the middle of a day to that of another. Of one day there is
/// nothing between.
fn band_path(floor: &[f64], top: &[f64], places: Range<usize>, scale: Scale) -> String {
    let mut path = String::new();
    if places.len() < 2 {
        return path;
    }
    let there = places.clone().map(|place| (place, top[place]));
    let back = places.rev().map(|place| (place, floor[place]));
    for (place, height) in there.chain(back) {
        let letter = if path.is_empty() { "M" } else { "L" };
        let (x, y) = (middle(place, top.len()), scale.down_from(height));
        let _ = write!(path, "{letter}{x:.2} {y:.2}");
    }
    path.push('Z');
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_gaps_and_bands_lie_on_each_other() {
        let scale = Scale::over(100);
        let points = [Some(0.0), Some(100.0), None, Some(50.0)];
        assert_eq!(line_path(&points, scale), "M12.50 100.00L37.50 0.00M87.50 50.00");
        assert_eq!(alone(&points), [3]);
        assert_eq!(alone(&[Some(1.0)]), [0]);
        assert_eq!(
            band_path(&[0.0, 50.0], &[100.0, 100.0], 0..2, scale),
            "M25.00 0.00L75.00 0.00L75.00 50.00L25.00 100.00Z"
        );
        assert_eq!(band_path(&[], &[], 0..0, scale), "");
    }

    fn subject(days: &[Day], today: Day) -> Subject<'_> {
        let (written, scale) = (text::percentage, text::scale_of_percent);
        Subject { label: "Failed", days, today, marks: &[], written, scale }
    }

    #[test]
    fn bands_have_a_gap_on_days_without_events_and_a_lone_day_has_its_width() {
        let today = Day::parse("2026-11-20").unwrap();
        let days = [-3, -2, -1, 0].map(|day| today.plus(day));
        let of = |points: [Option<f64>; 4], today: Day| {
            let line = Line { label: "1.0.0".to_owned(), points: points.to_vec() };
            bands(&[line], subject(&days, today)).into_string()
        };
        let all = Some(100.0);
        let gap = of([all, None, all, all], today.plus(1));
        let path = "d=\"M0.00 0.00L25.00 0.00L25.00 100.00L0.00 100.00Z\
                    M62.50 0.00L87.50 0.00L87.50 100.00L62.50 100.00Z\"";
        assert!(gap.contains(path), "{gap}");
        let today_alone = of([None, None, None, all], today);
        let path = "class=\"band unfinished hue-0\" d=\"M75.00 0.00L100.00 0.00L100.00 100.00";
        assert!(today_alone.contains(path), "{today_alone}");
        // Between yesterday and today is all there is, drawn once.
        let both = of([None, None, all, all], today);
        assert!(both.contains("class=\"band hue-0\" d=\"\""), "{both}");
        let path = "unfinished hue-0\" d=\"M62.50 0.00L87.50 0.00L87.50 100.00L62.50 100.00Z\"";
        assert!(both.contains(path), "{both}");
        let one = Line { label: "1.0.0".to_owned(), points: vec![all] };
        let one = bands(&[one], subject(&days[..1], today)).into_string();
        assert!(one.contains("d=\"M0.00 0.00L100.00 0.00L100.00 100.00L0.00 100.00Z\""), "{one}");
    }

    #[test]
    fn a_point_to_which_no_line_leads_is_a_circle() {
        let today = Day::parse("2026-11-20").unwrap();
        let days = [-2, -1, 0].map(|day| today.plus(day));
        let of = |points: [Option<f64>; 3]| {
            let line = Line { label: "failed".to_owned(), points: points.to_vec() };
            lines(&[line], subject(&days, today)).into_string()
        };
        let lone = of([Some(2.0), None, Some(4.0)]);
        let circle = "<circle class=\"point hue-0\" cx=\"16.67%\" cy=\"50.00%\" r=\"4\">";
        assert!(lone.contains(circle), "{lone}");
        assert!(lone.contains("<circle class=\"point hue-0 unfinished\" cx=\"83.33%\""), "{lone}");
        assert!(!of([None, Some(2.0), Some(4.0)]).contains("<circle"));
    }

    #[test]
    fn a_day_that_is_not_over_is_drawn_apart() {
        let today = Day::parse("2026-11-20").unwrap();
        let days = [today.plus(-2), today.plus(-1), today];
        let subject = |today| subject(&days, today);
        let line =
            Line { label: "failed".to_owned(), points: vec![Some(2.0), Some(4.0), Some(1.0)] };
        let drawn = lines(std::slice::from_ref(&line), subject(today)).into_string();
        assert!(drawn.contains("aria-label=\"Failed; today is not over\""), "{drawn}");
        assert!(drawn.contains("class=\"line hue-0\" d=\"M16.67 50.00L50.00 0.00\""), "{drawn}");
        let dashed = "class=\"line unfinished hue-0\" d=\"M50.00 0.00L83.33 75.00\"";
        assert!(drawn.contains(dashed), "{drawn}");
        assert!(drawn.contains("Fri 20 Nov 2026, so far: failed 1%"), "{drawn}");
        assert!(
            drawn.contains("Fri 20 Nov 2026<span class=\"aside\">so far</span></th>"),
            "{drawn}"
        );
        let bands = bands(std::slice::from_ref(&line), subject(today)).into_string();
        assert!(bands.contains("class=\"band unfinished hue-0\""), "{bands}");
        let over = lines(&[line], subject(today.plus(1))).into_string();
        assert!(!over.contains("unfinished") && !over.contains("not over"), "{over}");
    }
}
