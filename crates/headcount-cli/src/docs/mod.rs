//! `headcount docs`: the page for the people who are counted, made from a
//! catalog, as Markdown or HTML; and a badge. Each depends on the catalog
//! alone, and the sentences are those of `headcount_catalog::plain_words`.

mod markdown;
mod html;
mod badge;
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
    /// What to make: the page for a repository, the page for a web site, which
    /// loads nothing, or a badge for a README, as SVG
    #[arg(long, value_enum, default_value = "markdown")]
    pub(crate) format: DocsFormat,
    /// Write the page into this file, such as TELEMETRY.md, and print nothing
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Print and write nothing; return 1 if this file is not the page
    #[arg(long, value_name = "PAGE", conflicts_with = "output")]
    pub(crate) check: Option<PathBuf>,
}

/// What is made of a catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum DocsFormat {
    Markdown,
    Html,
    Badge,
}

impl DocsFormat {
    fn what(self) -> &'static str {
        match self {
            Self::Markdown | Self::Html => "page",
            Self::Badge => "badge",
        }
    }

    /// The flag that asks for it, with a space after it.
    fn flag(self) -> &'static str {
        match self {
            Self::Markdown => "",
            Self::Html => "--format html ",
            Self::Badge => "--format badge ",
        }
    }
}

/// Prints the page, writes it, or compares it with a file. Returns 2 for a
/// catalog with mistakes, and 1 if the file is another page or cannot be
/// written.
pub(crate) fn run(docs: &Docs) -> u8 {
    let read = catalog_file::read(&docs.catalog);
    let page = match read.and_then(|catalog| catalog_file::of_a_host(&docs.catalog, catalog)) {
        Ok(catalog) => match docs.format {
            DocsFormat::Markdown => markdown::written(&page::blocks(&catalog)),
            DocsFormat::Html => html::written(&catalog, &page::blocks(&catalog)),
            DocsFormat::Badge => badge::written(&catalog),
        },
        Err(sentences) => {
            print::err(sentences);
            return 2;
        }
    };
    let of = made_file::shown(&docs.catalog);
    let (what, flag) = (docs.format.what(), docs.format.flag());
    let again = |file: &str| format!("headcount docs {flag}--output {file} {of}");
    let made = Made { what, of: &of, text: &page, again: &again };
    made.settle(docs.check.as_deref(), docs.output.as_deref())
}
