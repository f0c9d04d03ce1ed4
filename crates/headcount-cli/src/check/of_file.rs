//! What is found in one file: its mistakes, or else what is advised.

use std::path::Path;

use headcount_catalog::{Catalog, Day, KeyPlaces, parse};

use super::finding::{Finding, Level, Source};
use super::{allow, lint};

/// The code of a file that cannot be read.
pub(super) const UNREADABLE: (&str, &str) = ("HC000", "unreadable");

/// Reads and judges a file. `source` is its place among all.
pub(super) fn read(
    path: &Path,
    source: usize,
    today: Day,
) -> (Source, Option<Catalog>, Vec<Finding>) {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            let (code, name) = UNREADABLE;
            let message = format!("Cannot read the catalog: {error}.");
            let finding =
                Finding { source, level: Level::Mistake, code, name, span: (0, 0), message };
            return (Source::of(path, String::new()), None, vec![finding]);
        }
    };
    let (catalog, findings) = judged(&text, source, today);
    (Source::of(path, text), catalog, findings)
}

fn judged(text: &str, source: usize, today: Day) -> (Option<Catalog>, Vec<Finding>) {
    let catalog = match parse(text) {
        Ok(catalog) => catalog,
        Err(mistakes) => {
            let findings = mistakes.into_iter().map(|mistake| Finding {
                source,
                level: Level::Mistake,
                code: mistake.code.code(),
                name: mistake.code.name(),
                span: mistake.span,
                message: mistake.message,
            });
            return (None, findings.collect());
        }
    };
    let places = KeyPlaces::of(text);
    let mut findings = Vec::new();
    for lint in &lint::ALL {
        for advice in (lint.find)(&catalog, today) {
            let keys: Vec<&str> = advice.keys.iter().map(String::as_str).collect();
            let span = places.find(&keys);
            if advice.level != Level::Mistake && allow::is_allowed(text, span.0, lint.code) {
                continue;
            }
            findings.push(Finding {
                source,
                level: advice.level,
                code: lint.code,
                name: lint.name,
                span,
                message: advice.message,
            });
        }
    }
    findings.sort_by_key(|finding| finding.span);
    (Some(catalog), findings)
}
