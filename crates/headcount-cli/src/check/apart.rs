//! Two products that would share a file.

use headcount_catalog::KeyPlaces;

use super::finding::{Finding, Level, Report};

/// The code of products that share state.
pub(super) const SHARED: (&str, &str) = ("HC006", "shared-state");

/// Looks at each pair of catalogs. Those that share something are no longer
/// without a mistake.
pub(super) fn look(report: &mut Report) {
    let mut shared = Vec::new();
    for (place, (of, catalog)) in report.catalogs.iter().enumerate() {
        for (before, (other_of, other)) in report.catalogs.iter().enumerate().take(place) {
            let Some(what) = catalog.shared_with(other) else { continue };
            let source = &report.sources[*of];
            let message = format!(
                "`{}` and `{}` ({}) would share {what}: give each product a folder of its own in `[files]`.",
                catalog.product.name, other.product.name, report.sources[*other_of].shown,
            );
            let (code, name) = SHARED;
            let span = KeyPlaces::of(&source.text).find(&["files"]);
            let level = Level::Mistake;
            report.findings.push(Finding { source: *of, level, code, name, span, message });
            shared.extend([place, before]);
        }
    }
    let mut place = 0;
    report.catalogs.retain(|_| {
        place += 1;
        !shared.contains(&(place - 1))
    });
}
