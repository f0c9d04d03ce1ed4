//! `headcount check`: whether files are valid catalogs.

use headcount_catalog::Catalog;

use crate::args::Check;
use crate::catalog_file;

/// Reports every mistake of every file on standard error. Returns 2 if there is
/// one.
pub(crate) fn run(check: &Check) -> u8 {
    let mut code = 0;
    for path in &check.files {
        match catalog_file::read(path) {
            Ok(catalog) => println!("{}: {}, no mistakes", path.display(), summary(&catalog)),
            Err(sentences) => {
                eprint!("{sentences}");
                code = 2;
            }
        }
    }
    code
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
