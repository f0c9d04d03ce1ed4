//! `headcount new`: a first catalog that passes `check`, and the lines that use
//! it.

mod wanted;
mod asked;
mod catalog_text;
mod first_catalog;
mod language;
mod lines;

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use headcount::person::visible;
use headcount_catalog::{is_product_name, parse};

use crate::print;
use catalog_text::head;
use wanted::{NO_COLLECTOR, Wanted};

pub(crate) use first_catalog::FirstCatalog;
pub(crate) use wanted::{New, NewDefault};

/// Writes a catalog, and says what to do next. Returns 1 where it cannot be
/// written, and 2 where something was given that no catalog can have.
pub(crate) fn run(new: &New) -> u8 {
    let here = std::env::current_dir().unwrap_or_default();
    let Some(wanted) = asked::all(new, &here) else { return 1 };
    if let Err(sentence) = check_product(&wanted.product) {
        print::err(format_args!("{}.\n", visible(&sentence)));
        return 2;
    }
    let text = catalog_text::text(&wanted);
    // What was given is judged by the grammar itself.
    if let Err(mistakes) = parse(&text) {
        for mistake in mistakes.all() {
            print::err(format_args!("{}\n", visible(&mistake.message)));
        }
        return 2;
    }
    if crate::catalog_file::is_stdin(&new.output) {
        print::out(&text);
        return 0;
    }
    if let Err(error) = written(&new.output, &text) {
        print::err(format_args!("{}\n", sentence(&new.output, &error)));
        return 1;
    }
    let language = new.lang.unwrap_or_else(|| language::of_folder(&here));
    print::out(lines::next(&wanted, language, &new.output));
    0
}

/// Whether a product can have this name; the sentence has no full stop.
fn check_product(name: &str) -> Result<(), String> {
    if is_product_name(name) {
        return Ok(());
    }
    Err(format!(
        "`{name}` cannot be the name of a product: use lower-case letters, digits and hyphens, and begin with a letter (--product NAME)"
    ))
}

/// Writes a file that is not there yet.
fn written(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())
}

fn sentence(path: &Path, error: &io::Error) -> String {
    let shown = visible(&path.display().to_string());
    if error.kind() == io::ErrorKind::AlreadyExists {
        return format!(
            "{shown} is there already, and stays as it is: give another file with --output, or check it with `headcount check {shown}`."
        );
    }
    format!("{shown}: cannot write the catalog: {error}.")
}
