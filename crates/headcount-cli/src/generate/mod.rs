//! `headcount generate`: a thin wrapper over this binary for a program in
//! another language. Its types allow what the catalog allows: an event is a
//! function, a closed set a type, and there is no plain text.
//!
//! What all languages have is in `plan.rs`; how each writes it, in the file of
//! its name. A wrapper starts `headcount record`, detached, and does not wait.
//! Whatever goes wrong, nothing is recorded and nobody notices.

mod go;
mod head;
mod identifier;
mod plan;
mod python;
mod ruby;
mod shell;
mod typescript;

use std::path::{Path, PathBuf};

use crate::host_args::CATALOG;
use crate::made_file::{self, Made};
use crate::{catalog_file, print};
use plan::Plan;

/// `headcount generate`
#[derive(Debug, clap::Args)]
#[command(override_usage = "headcount generate --lang LANGUAGE [--output FILE] [CATALOG]
       headcount generate --check FILE [CATALOG]")]
pub(crate) struct Generate {
    /// The catalog
    #[arg(value_name = "CATALOG", default_value = CATALOG)]
    pub(crate) catalog: PathBuf,
    /// The language; a file's extension says it as well
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub(crate) lang: Option<WrapperLanguage>,
    /// Write the wrapper into this file, and print nothing
    #[arg(long, alias = "out", value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Print and write nothing; return 1 if this file is not the wrapper
    #[arg(long, value_name = "FILE", conflicts_with = "output")]
    pub(crate) check: Option<PathBuf>,
}

/// A language for which there are wrappers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum WrapperLanguage {
    Typescript,
    Python,
    Ruby,
    Go,
    Shell,
}

/// The extension of each language, and its name on the command line.
const EXTENSIONS: [(&str, WrapperLanguage, &str); 5] = [
    ("ts", WrapperLanguage::Typescript, "typescript"),
    ("py", WrapperLanguage::Python, "python"),
    ("rb", WrapperLanguage::Ruby, "ruby"),
    ("go", WrapperLanguage::Go, "go"),
    ("sh", WrapperLanguage::Shell, "shell"),
];

/// Prints the wrapper, writes it, or compares it with a file. Returns 2 for
/// wrong usage and a catalog with mistakes, and 1 if the file is another
/// wrapper or cannot be written.
pub(crate) fn run(generate: &Generate) -> u8 {
    let file = generate.check.as_deref().or(generate.output.as_deref());
    let made = language(generate.lang, file).and_then(|(language, word)| {
        let read = catalog_file::read(&generate.catalog);
        let catalog =
            read.and_then(|catalog| catalog_file::of_a_host(&generate.catalog, catalog))?;
        let plan = Plan::of(&catalog).map_err(|sentence| format!("{sentence}\n"))?;
        Ok((wrapper(&plan, language), word))
    });
    let (text, word) = match made {
        Ok(made) => made,
        Err(sentences) => {
            print::err(sentences);
            return 2;
        }
    };
    let of = made_file::shown(&generate.catalog);
    let again = |file: &str| format!("headcount generate --lang {word} --output {file} {of}");
    let made = Made { what: "wrapper", of: &of, text: &text, again: &again };
    made.settle(generate.check.as_deref(), generate.output.as_deref())
}

fn wrapper(plan: &Plan<'_>, language: WrapperLanguage) -> String {
    match language {
        WrapperLanguage::Typescript => typescript::wrapper(plan),
        WrapperLanguage::Python => python::wrapper(plan),
        WrapperLanguage::Ruby => ruby::wrapper(plan),
        WrapperLanguage::Go => go::wrapper(plan),
        WrapperLanguage::Shell => shell::wrapper(plan),
    }
}

/// The language that is given, or that the extension of the file says.
fn language(
    given: Option<WrapperLanguage>,
    file: Option<&Path>,
) -> Result<(WrapperLanguage, &'static str), String> {
    let extension = file.and_then(Path::extension).and_then(|extension| extension.to_str());
    let found = EXTENSIONS.iter().find(|(known, language, _)| match given {
        Some(given) => *language == given,
        None => extension == Some(known),
    });
    found.map(|(_, language, word)| (*language, *word)).ok_or_else(|| {
        "Which language? Give --lang typescript, python, ruby, go or shell, or a file that ends with .ts, .py, .rb, .go or .sh.\n"
            .to_owned()
    })
}
