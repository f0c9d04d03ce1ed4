//! `headcount check`: is this a catalog?

use crate::args::Check;
use crate::catalog_file;

/// Says every mistake of every file on standard error; 2 if there is one.
pub(crate) fn run(check: &Check) -> u8 {
    let mut code = 0;
    for path in &check.files {
        match catalog_file::read(path) {
            Ok(catalog) => {
                let properties: usize =
                    catalog.events.iter().map(|event| event.properties.len()).sum();
                println!(
                    "{}: {} {}: {} events, {properties} properties, no mistakes",
                    path.display(),
                    catalog.product.name,
                    catalog.version,
                    catalog.events.len()
                );
            }
            Err(sentences) => {
                eprint!("{sentences}");
                code = 2;
            }
        }
    }
    code
}
