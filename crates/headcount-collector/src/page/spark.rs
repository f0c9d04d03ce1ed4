//! A small line without a scale.

use std::fmt::Write as _;
use std::ops::Range;

use maud::{Markup, html};

use super::text;

/// Counts, the oldest first, with nothing where nothing is known. The last one
/// is not over. One count alone is a point.
pub(super) fn line(counts: &[Option<u64>], label: &str) -> Markup {
    let last = counts.len().saturating_sub(1);
    let told = |(place, count): (usize, &Option<u64>)| {
        let count = count.map(text::number)?;
        Some(if place == last { format!("{count} so far") } else { count })
    };
    let told: Vec<String> = counts.iter().enumerate().filter_map(told).collect();
    html! {
        svg.spark viewBox="0 0 100 24" preserveAspectRatio="none" role="img"
            aria-label={ (label) ": " (told.join(", ")) } {
            title { (told.join(", ")) }
            path d=(path(counts, 0..last)) {}
            path.unfinished d=(path(counts, last.saturating_sub(1)..last + 1)) {}
            @if let Some((x, y)) = lone_point(counts) {
                path.point d=(format!("M{x:.1} {y:.1}h0")) {}
            }
        }
    }
}

/// Where the only count is, if there is one alone.
fn lone_point(counts: &[Option<u64>]) -> Option<(f64, f64)> {
    let mut known = (0..counts.len()).filter_map(|place| point(counts, place));
    known.next().filter(|_| known.next().is_none())
}

/// Where a count is, if it is known.
fn point(counts: &[Option<u64>], place: usize) -> Option<(f64, f64)> {
    let most = counts.iter().flatten().copied().max().unwrap_or(0).max(1);
    let step = 100.0 / counts.len().saturating_sub(1).max(1) as f64;
    let count = counts.get(place).copied().flatten()?;
    Some((place as f64 * step, 22.0 - count as f64 * 20.0 / most as f64))
}

fn path(counts: &[Option<u64>], places: Range<usize>) -> String {
    let mut path = String::new();
    for (x, y) in places.filter_map(|place| point(counts, place)) {
        let letter = if path.is_empty() { "M" } else { "L" };
        let _ = write!(path, "{letter}{x:.1} {y:.1}");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_count_touches_the_top_and_the_last_one_is_not_over() {
        let drawn = line(&[Some(0), Some(10), Some(5)], "Atomic").into_string();
        assert!(drawn.contains("<path d=\"M0.0 22.0L50.0 2.0\">"), "{drawn}");
        assert!(drawn.contains("class=\"unfinished\" d=\"M50.0 2.0L100.0 12.0\""), "{drawn}");
        assert!(drawn.contains("aria-label=\"Atomic: 0, 10, 5 so far\""), "{drawn}");
        assert!(line(&[], "x").into_string().contains("d=\"\""));
    }

    #[test]
    fn nothing_is_drawn_of_weeks_of_which_nothing_is_known() {
        let drawn = line(&[None, None, Some(4), Some(2)], "Atomic").into_string();
        assert!(drawn.contains("aria-label=\"Atomic: 4, 2 so far\""), "{drawn}");
        assert!(drawn.contains("d=\"M66.7 2.0\"") && !drawn.contains("M0.0"), "{drawn}");
    }

    #[test]
    fn a_count_alone_is_a_point() {
        let drawn = line(&[None, None, Some(4)], "Atomic").into_string();
        assert!(drawn.contains("class=\"point\" d=\"M100.0 2.0h0\""), "{drawn}");
        let two = line(&[None, Some(2), Some(4)], "Atomic").into_string();
        assert!(!two.contains("point"), "{two}");
        assert!(!line(&[None, None], "Atomic").into_string().contains("point"));
    }
}
