//! Releases and notes on a chart: a line for each, and its name where there is
//! room, or else how many there are.

use headcount_catalog::{Day, Period};
use maud::{Markup, html};

use super::scale::percent;
use super::view::Mark;

/// The marks of one period in words, such as `; 2.0.0 first seen`.
pub(super) fn told(marks: &[Mark], start: Day, period: Period) -> String {
    let own = marks.iter().filter(|mark| period.start(mark.day) == start);
    own.map(|mark| format!("; {}", mark.said())).collect()
}

/// The same beside the name of the period in a table.
pub(super) fn beside(marks: &[Mark], start: Day, period: Period) -> Markup {
    let own: Vec<String> =
        marks.iter().filter(|mark| period.start(mark.day) == start).map(Mark::said).collect();
    html! { @if !own.is_empty() { span.aside { (own.join("; ")) } } }
}

/// A line for each, and the labels.
pub(super) fn drawn(starts: &[Day], marks: &[Mark], period: Period) -> Markup {
    let width = 100.0 / starts.len().max(1) as f64;
    let at = |mark: &Mark| {
        let start = period.start(mark.day);
        let place = starts.iter().position(|own| *own == start)?;
        Some((place as f64 + 0.5) * width)
    };
    let placed: Vec<(&Mark, f64)> =
        marks.iter().filter_map(|mark| Some((mark, at(mark)?))).collect();
    html! {
        @for (mark, x) in &placed {
            g.mark.note[mark.is_note] {
                title { (mark.title()) }
                line x1=(percent(*x)) x2=(percent(*x)) y1="0" y2="100%" {}
            }
        }
        @for label in labels(&placed) {
            g.mark {
                title { (label.names()) }
                text.before[label.is_before] x=(percent(label.x)) y="0" dx=(label.shift()) dy=".7em" {
                    (label.text())
                }
            }
        }
    }
}

/// The name of a mark, or the number of several that are close to each other.
struct Label<'a> {
    /// Where the first one is, of a chart that is 100 wide.
    x: f64,
    marks: Vec<&'a Mark>,
    /// Whether it is before its line, because there is no room behind.
    is_before: bool,
}

impl Label<'_> {
    fn text(&self) -> String {
        let count = self.marks.len();
        match self.marks.as_slice() {
            [mark] => short(&mark.label),
            marks if marks.iter().all(|mark| !mark.is_note) => format!("{count} releases"),
            marks if marks.iter().all(|mark| mark.is_note) => format!("{count} notes"),
            _ => format!("{count} marks"),
        }
    }

    fn names(&self) -> String {
        self.marks.iter().map(|mark| mark.title()).collect::<Vec<_>>().join("; ")
    }

    /// Pixels between the line and the label.
    fn shift(&self) -> i8 {
        if self.is_before { -3 } else { 3 }
    }

    /// A letter is about as wide as a fiftieth of a small chart.
    fn width(&self) -> f64 {
        2.0 * self.text().chars().count() as f64
    }

    fn end(&self) -> f64 {
        if self.is_before { self.x } else { self.x + self.width() + 2.0 }
    }
}

/// A label for each mark, and one for several where they would overlap.
fn labels<'a>(placed: &[(&'a Mark, f64)]) -> Vec<Label<'a>> {
    let mut labels: Vec<Label<'_>> = Vec::new();
    for (mark, x) in placed {
        let mut own = Label { x: *x, marks: vec![mark], is_before: false };
        let free = labels.last().map_or(0.0, Label::end);
        own.is_before = x + own.width() > 100.0;
        let start = if own.is_before { x - own.width() } else { *x };
        match labels.last_mut() {
            Some(last) if start < free => last.marks.push(mark),
            _ => labels.push(own),
        }
    }
    labels
}

/// At most ten characters of a label.
fn short(label: &str) -> String {
    if label.chars().count() <= 10 {
        return label.to_owned();
    }
    label.chars().take(9).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(day: i32, label: &str) -> Mark {
        let start = Day::parse("2026-11-01").unwrap();
        Mark { day: start.plus(day), label: label.to_owned(), is_note: label.starts_with('N') }
    }

    fn told_of(marks: &[Mark]) -> (String, Vec<String>) {
        let start = Day::parse("2026-11-01").unwrap();
        let starts: Vec<Day> = (0..20).map(|day| start.plus(day)).collect();
        let placed: Vec<(&Mark, f64)> =
            marks.iter().map(|mark| (mark, f64::from(mark.day.days_since(start)) * 5.0)).collect();
        let labels = labels(&placed).iter().map(Label::text).collect();
        (drawn(&starts, marks, Period::Day).into_string(), labels)
    }

    #[test]
    fn marks_that_are_close_have_one_label_with_their_number_and_each_its_line() {
        let marks = [
            mark(1, "2.0.0"),
            mark(2, "2.0.1-a-very-long-one"),
            mark(3, "2.0.2"),
            mark(12, "<b>"),
            mark(99, "later"),
        ];
        let (drawn, labels) = told_of(&marks[..4]);
        assert_eq!(labels, ["3 releases", "<b>"]);
        assert_eq!(drawn.matches("<line").count(), 4);
        assert!(
            drawn.contains("2.0.1-a-very-long-one was first seen on 3 Nov 2026; 2.0.2"),
            "{drawn}"
        );
        assert!(drawn.contains("&lt;b&gt;") && !drawn.contains("<b>"), "{drawn}");
        let (drawn, _) = told_of(&marks[4..]);
        assert!(!drawn.contains("later"), "it is on none of the days: {drawn}");
        let (_, labels) = told_of(&[mark(1, "2.0.0"), mark(1, "Note")]);
        assert_eq!(labels, ["2 marks"]);
    }

    #[test]
    fn the_last_mark_has_its_label_before_its_line() {
        let (drawn, labels) = told_of(&[mark(2, "1.0.0"), mark(19, "2.0.0-rc.1")]);
        assert_eq!(labels, ["1.0.0", "2.0.0-rc.1"]);
        assert!(drawn.contains("<text class=\"before\""), "{drawn}");
    }

    #[test]
    fn a_period_says_what_is_marked_in_it() {
        let marks = [mark(8, "2.0.0"), mark(10, "Note")];
        let week = mark(8, "").day.week_start();
        assert_eq!(told(&marks, week, Period::Week), "; 2.0.0 first seen; note: Note");
        assert_eq!(told(&marks, week.plus(1), Period::Day), "");
    }
}
