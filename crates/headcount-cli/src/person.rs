//! `headcount telemetry` and `headcount flush`: the person's commands and the
//! shipper, for programs that are not written in Rust.

use headcount::{Host, Session, Surroundings};

use crate::args::{Flush, Telemetry};
use crate::{catalog_file, print};

/// Runs one of the person's commands.
pub(crate) fn telemetry(telemetry: &Telemetry) -> u8 {
    let catalog = match catalog_file::read_for_host(&telemetry.catalog) {
        Ok(catalog) => catalog,
        Err(sentences) => {
            print::err(sentences);
            return 2;
        }
    };
    headcount::person::run_matches(&session(catalog, "unknown"), &telemetry.matches).print()
}

/// Ships what is due, without any output. Always returns 0.
pub(crate) fn flush(flush: &Flush) -> u8 {
    let given = flush.catalog_bytes.as_deref();
    let path = given.map_or(Some(flush.catalog.clone()), catalog_file::path_of_bytes);
    if let Some(Ok(catalog)) = path.map(|path| catalog_file::read_for_host(&path)) {
        headcount::person::flush(&session(catalog, "unknown"));
    }
    0
}

fn session(catalog: &'static headcount::Catalog, version: &str) -> Session {
    headcount::Telemetry::new(catalog, Host::new(version), Surroundings::of_this_process()).open()
}
