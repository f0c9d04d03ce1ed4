//! `headcount docs`: the page for the people who are counted, made from a
//! catalog. The text depends on the catalog alone, and its sentences are those
//! of `headcount_catalog::plain_words`.

mod markdown;
mod page;

use std::io;
use std::path::{Path, PathBuf};

use headcount::person::visible;

use crate::host_args::CATALOG;
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
    let done = match (&docs.check, &docs.output) {
        (Some(file), _) => compared(&page, file, &docs.catalog),
        (None, Some(file)) if !catalog_file::is_stdin(file) => written(&page, file),
        _ => print::only_once(page.trim_end_matches('\n'))
            .map_err(|error| format!("Cannot print the page: {error}.")),
    };
    match done {
        Ok(()) => 0,
        Err(sentence) => {
            print::err(format_args!("{sentence}\n"));
            1
        }
    }
}

fn written(page: &str, file: &Path) -> Result<(), String> {
    std::fs::write(file, page)
        .map_err(|error| format!("{}: cannot write the page: {error}.", shown(file)))
}

/// Line endings do not count: Git may have changed them.
fn compared(page: &str, file: &Path, catalog: &Path) -> Result<(), String> {
    let again = || format!("run `headcount docs --output {} {}`", shown(file), shown(catalog));
    match std::fs::read_to_string(file) {
        Ok(text) if text.replace("\r\n", "\n") == page => Ok(()),
        Ok(_) => Err(format!(
            "{}: this page does not say what {} says: {}.",
            shown(file),
            shown(catalog),
            again()
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(format!("{}: there is no page: {}.", shown(file), again()))
        }
        Err(error) => Err(format!("{}: cannot read the page: {error}.", shown(file))),
    }
}

fn shown(path: &Path) -> String {
    visible(&path.display().to_string())
}
