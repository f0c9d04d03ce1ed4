//! A small line without a scale.

use std::fmt::Write as _;

use maud::{Markup, html};

use super::text;

/// Counts, the oldest first. The last one is not over.
pub(super) fn line(counts: &[u64], label: &str) -> Markup {
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let step = 100.0 / counts.len().saturating_sub(1).max(1) as f64;
    let mut path = String::new();
    for (place, count) in counts.iter().enumerate() {
        let letter = if place == 0 { "M" } else { "L" };
        let (x, y) = (place as f64 * step, 22.0 - *count as f64 * 20.0 / most as f64);
        let _ = write!(path, "{letter}{x:.1} {y:.1}");
    }
    let said: Vec<String> = counts.iter().map(|count| text::number(*count)).collect();
    html! {
        svg.spark viewBox="0 0 100 24" preserveAspectRatio="none" role="img"
            aria-label={ (label) ": " (said.join(", ")) } {
            title { (said.join(", ")) }
            path d=(path) {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_count_touches_the_top() {
        let drawn = line(&[0, 5, 10], "Atomic").into_string();
        assert!(drawn.contains("M0.0 22.0L50.0 12.0L100.0 2.0"), "{drawn}");
        assert!(line(&[], "x").into_string().contains("d=\"\""));
    }
}
