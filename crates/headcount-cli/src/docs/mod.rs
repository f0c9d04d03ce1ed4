//! `headcount docs`: the page for the people who are counted, made from a
//! catalog. The text depends on the catalog alone, and its sentences are those
//! of `headcount_catalog::plain_words`.

mod markdown;
mod page;

use std::path::PathBuf;

use crate::host_args::CATALOG;
use crate::made_file::{self, Made};
use crate::{catalog_file, print};

/// `headcount docs`
#[derive(Debug, clap::Args)]
pub(crate) struct Docs {
    /// The catalog
    #[arg(value_name = "CATALOG", default_value = CATALOG)]
    pub(crate) catalog: PathBuf,
    /// Write the page into this file, such as TELEMETRY.md, and print nothing
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Print and write nothing; return 1 if this file is not the page
    #[arg(long, value_name = "PAGE", conflicts_with = "output")]
    pub(crate) check: Option<PathBuf>,
}

/// Prints the page, writes it, or compares it with a file. Returns 2 for a
/// catalog with mistakes, and 1 if the file is another page or cannot be
/// written.
pub(crate) fn run(docs: &Docs) -> u8 {
    let read = catalog_file::read(&docs.catalog);
    let page = match read.and_then(|catalog| catalog_file::of_a_host(&docs.catalog, catalog)) {
        Ok(catalog) => page::page(&catalog),
        Err(sentences) => {
            print::err(sentences);
            return 2;
        }
    };
    let of = made_file::shown(&docs.catalog);
    let again = |file: &str| format!("headcount docs --output {file} {of}");
    let made = Made { what: "page", of: &of, text: &page, again: &again };
    made.settle(docs.check.as_deref(), docs.output.as_deref())
}
