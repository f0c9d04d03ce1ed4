//! `headcount new`: a first catalog that passes `check`, and the lines that use
//! it.

mod asked;
mod catalog_text;
mod language;
mod lines;

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use headcount::person::visible;
use headcount_catalog::{is_product_name, parse};

use crate::host_args::CATALOG;
use crate::print;
use catalog_text::Wanted;
use language::Language;

/// `headcount new`
#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// The program, as people type it: lower-case letters, digits and hyphens
    /// [default: the name of this folder, or what you answer]
    #[arg(long, value_name = "NAME")]
    pub(crate) product: Option<String>,
    /// Whether telemetry is on: off until a person turns it on, ask once, or on
    /// until a person turns it off [default: ask]
    #[arg(long, value_enum, value_name = "DEFAULT")]
    pub(crate) default: Option<NewDefault>,
    /// The collector's address, which ends in /api/v1/events
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint: Option<String>,
    /// The language of the lines to paste [default: that of this folder]
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub(crate) lang: Option<Language>,
    /// Where to write the catalog; - prints it and nothing else
    #[arg(long, value_name = "FILE", default_value = CATALOG)]
    pub(crate) output: PathBuf,
    /// Ask nothing, also in a terminal
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Whether telemetry is on before a person has decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum NewDefault {
    Off,
    Ask,
    On,
}

/// Where events go until the author has a collector. The name is reserved, so
/// nothing is ever sent there.
const NO_COLLECTOR: &str = "https://telemetry.example.org/api/v1/events";

/// Writes a catalog, and says what to do next. Returns 1 where it cannot be
/// written, and 2 where something was given that no catalog can have.
pub(crate) fn run(new: &New) -> u8 {
    let here = std::env::current_dir().unwrap_or_default();
    let Some(wanted) = asked::all(new, &here) else { return 1 };
    if !is_product_name(&wanted.product) {
        print::err(format_args!(
            "`{}` cannot be the name of a product: use lower-case letters, digits and hyphens, and begin with a letter (--product NAME).\n",
            visible(&wanted.product)
        ));
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

/// A name as a product's: of a folder called `My Tool`, `my-tool`.
fn as_name(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_ascii_alphanumeric());
    let joined = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    joined.trim_start_matches(|letter: char| !letter.is_ascii_lowercase()).to_owned()
}

/// What `wanted` is where nobody was asked.
fn given(new: &New, here: &Path) -> Wanted {
    let folder = here.file_name().map(|name| as_name(&name.to_string_lossy()));
    Wanted {
        product: new.product.clone().or(folder).unwrap_or_default(),
        default: new.default.unwrap_or(NewDefault::Ask),
        endpoint: new.endpoint.clone().unwrap_or_else(|| NO_COLLECTOR.to_owned()),
    }
}
