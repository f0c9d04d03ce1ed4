//! What the author wants, and the flags that say it.

use std::path::{Path, PathBuf};

use super::language::Language;
use crate::host_args::CATALOG;

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
pub(crate) const NO_COLLECTOR: &str = "https://telemetry.example.org/api/v1/events";

/// What the author wants.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) product: String,
    pub(crate) default: NewDefault,
    pub(crate) endpoint: String,
}

impl Wanted {
    /// The prefix of the program's environment variables.
    pub(super) fn prefix(&self) -> String {
        self.product.to_uppercase().replace('-', "_")
    }

    /// The name with a capital.
    pub(super) fn title(&self) -> String {
        let mut letters = self.product.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
    }
}

/// A name as a product's: of a folder called `My Tool`, `my-tool`.
fn as_name(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_ascii_alphanumeric());
    let joined = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    joined.trim_start_matches(|letter: char| !letter.is_ascii_lowercase()).to_owned()
}

/// What is wanted where nobody was asked.
pub(super) fn given(new: &New, here: &Path) -> Wanted {
    let folder = here.file_name().map(|name| as_name(&name.to_string_lossy()));
    Wanted {
        product: new.product.clone().or(folder).unwrap_or_default(),
        default: new.default.unwrap_or(NewDefault::Ask),
        endpoint: new.endpoint.clone().unwrap_or_else(|| NO_COLLECTOR.to_owned()),
    }
}
