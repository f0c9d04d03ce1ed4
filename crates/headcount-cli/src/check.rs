//! `headcount check`: whether files are valid catalogs, and keep apart.

use std::path::Path;

use headcount::person::visible;
use headcount_catalog::{Catalog, Day, Scheme};

use crate::args::Check;
use crate::expiry::{self, ExpiryNote};
use crate::{catalog_file, print};

/// Reports every mistake of every file, and what is only advised, on standard
/// error. Returns 2 if there is a mistake; 1 if advice is to be heeded, and
/// there is some. A hint, on standard output, is neither.
pub(crate) fn run(check: &Check, today: Day) -> u8 {
    let (mut code, mut advised) = (0, false);
    let mut catalogs: Vec<(&Path, Catalog)> = Vec::new();
    for path in &check.files {
        match catalog_file::read(path) {
            Ok(catalog) => {
                let found = expiries(path, &catalog, today);
                advised |= found == Expiries::Advised;
                if found == Expiries::Mistaken {
                    code = 2;
                } else {
                    catalogs.push((path, catalog));
                }
            }
            Err(sentences) => {
                print::err(sentences);
                code = 2;
            }
        }
    }
    let mut is_apart = vec![true; catalogs.len()];
    for (place, (path, catalog)) in catalogs.iter().enumerate() {
        for (before, (other_path, other)) in catalogs.iter().enumerate().take(place) {
            let Some(shared) = catalog.shared_with(other) else { continue };
            print::err(format_args!(
                "{}: `{}` and `{}` ({}) would share {shared}: give each product a folder of its own in `[files]`.\n",
                shown(path),
                catalog.product.name,
                other.product.name,
                shown(other_path),
            ));
            (is_apart[place], is_apart[before]) = (false, false);
            code = 2;
        }
    }
    for ((path, catalog), _) in catalogs.iter().zip(is_apart).filter(|(_, is_apart)| *is_apart) {
        let summary = summary(catalog);
        print::out(format_args!("{}: {summary}, no mistakes\n", shown(path)));
        if catalog.identity.count.is_empty() && !catalog.is_observed() {
            print::out(format_args!("{}: {}\n", shown(path), hint(catalog)));
        }
    }
    if code == 0 && advised && check.deny_lints { 1 } else { code }
}

/// What the last days of a catalog's events are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Expiries {
    Well,
    Advised,
    Mistaken,
}

/// Says what is to be said of the last days of events and properties.
fn expiries(path: &Path, catalog: &Catalog, today: Day) -> Expiries {
    let mut found = Expiries::Well;
    for note in expiry::notes(catalog, today) {
        let one = match note {
            ExpiryNote::Warning(text) => {
                print::err(format_args!("{}: advice: {text}\n", shown(path)));
                Expiries::Advised
            }
            ExpiryNote::Mistake(text) => {
                print::err(format_args!("{}: {text}\n", shown(path)));
                Expiries::Mistaken
            }
        };
        found = found.max(one);
    }
    found
}

fn shown(path: &Path) -> String {
    visible(&path.display().to_string())
}

/// Recommends to count devices by their marks.
fn hint(catalog: &Catalog) -> &'static str {
    match catalog.identity.scheme {
        Scheme::None => {
            "hint: add `count = [\"day\", \"week\", \"month\"]` to `[identity]` to learn how many devices are active, without an id."
        }
        Scheme::Random | Scheme::MachineHash => {
            "hint: active devices can be counted without an id: `scheme = \"none\"` and `count = [\"day\", \"week\", \"month\"]` in `[identity]`."
        }
    }
}

fn summary(catalog: &Catalog) -> String {
    let properties = catalog.events.iter().map(|event| event.properties.len()).sum();
    format!(
        "{}, catalog {}: {}, {}",
        catalog.product.name,
        catalog.version,
        counted(catalog.events.len(), "event", "events"),
        counted(properties, "property", "properties")
    )
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
