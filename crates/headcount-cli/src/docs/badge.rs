//! A badge for a README: whether telemetry is on by default, and how many
//! events there are.

use headcount_catalog::{Catalog, ConsentDefault};

use super::html::escaped;

/// Units of two letters, on average, at a size of 11 in the fonts that systems
/// have for it; the text is set to the width that follows.
const TWO_LETTERS: usize = 13;

/// Units on either side of a text.
const PADDING: usize = 6;

/// SVG that loads nothing, with one newline at its end.
pub(super) fn written(catalog: &Catalog) -> String {
    let events = catalog.events.iter().filter(|event| !event.is_report()).count();
    let default = match catalog.consent.default {
        ConsentDefault::Off => "off",
        ConsentDefault::Ask => "asks first",
        ConsentDefault::On => "on, can be turned off",
    };
    let plural = if events == 1 { "event" } else { "events" };
    let (left, right) = ("telemetry", format!("{default}, {events} {plural}"));
    let (left_width, right_width) = (width(left), width(&right));
    let whole = left_width + right_width;
    let label = escaped(&format!("{}: telemetry {right}", catalog.product.title));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole}\" height=\"20\" role=\"img\" aria-label=\"{label}\">\
         <title>{label}</title>\
         <rect width=\"{whole}\" height=\"20\" rx=\"3\" fill=\"#17617a\"/>\
         <path d=\"M3 0h{}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z\" fill=\"#444\"/>\
         <g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\">\
         {}{}</g></svg>\n",
        left_width - 3,
        text(PADDING, left),
        text(left_width + PADDING, &right),
    )
}

fn width(text: &str) -> usize {
    text.chars().count() * TWO_LETTERS / 2 + 2 * PADDING
}

fn text(x: usize, text: &str) -> String {
    let length = width(text) - 2 * PADDING;
    format!("<text x=\"{x}\" y=\"14\" textLength=\"{length}\">{}</text>", escaped(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_the_catalog_says() {
        let catalog = include_str!("../../catalogs/atomic.toml");
        let catalog = headcount_catalog::parse(catalog).unwrap();
        let badge = written(&catalog);
        assert!(badge.contains(">asks first, 3 events</text>"), "{badge}");
        assert!(badge.contains("aria-label=\"Atomic"), "{badge}");
        assert!(!badge.contains("href") && !badge.contains("url("), "{badge}");
    }
}
