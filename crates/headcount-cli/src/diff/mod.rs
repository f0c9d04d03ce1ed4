//! `headcount diff`: what a person would share by one catalog and not by an
//! earlier one. The sentences are those of `headcount_catalog::difference`.

mod revision;
mod told;

use std::path::{Path, PathBuf};

use headcount_catalog::{Catalog, Judgement, difference};

use crate::host_args::CATALOG;
use crate::{catalog_file, print};
use told::Told;

/// `headcount diff`
#[derive(Debug, clap::Args)]
#[command(override_usage = "headcount diff [OPTIONS] OLD NEW
       headcount diff [OPTIONS] --since REVISION [CATALOG]")]
pub(crate) struct Diff {
    /// The earlier catalog and the later one; with --since, the later one alone
    /// [default: telemetry.toml]
    #[arg(value_name = "CATALOG", num_args = 0..=2)]
    pub(crate) catalogs: Vec<PathBuf>,
    /// Compare with the same file in this revision of its Git repository
    #[arg(long, value_name = "REVISION")]
    pub(crate) since: Option<String>,
    /// How the differences are written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: DiffFormat,
}

/// How differences are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum DiffFormat {
    /// For a terminal.
    Text,
    /// For a comment on a pull request.
    Markdown,
    /// One line for a program.
    Json,
}

/// Two catalogs that are compared. Without an earlier one all is new.
struct Pair {
    old: Option<Catalog>,
    new: Catalog,
}

/// Says what is different. Returns 1 if the later catalog widens, 0 if not, and
/// 2 where they cannot be compared.
pub(crate) fn run(diff: &Diff) -> u8 {
    let pair = match pair(diff) {
        Ok(pair) => pair,
        Err(sentences) => {
            print::err(sentences);
            return 2;
        }
    };
    let all = pair.old.as_ref().map(|old| difference(old, &pair.new));
    let told = Told { old: pair.old.as_ref(), new: &pair.new, all: all.as_deref() };
    let text = match diff.format {
        DiffFormat::Text => told.text(),
        DiffFormat::Markdown => told.markdown(),
        DiffFormat::Json => told.json(),
    };
    print::out(text);
    u8::from(told.judgement() == Judgement::Widens)
}

fn pair(diff: &Diff) -> Result<Pair, String> {
    match (&diff.since, diff.catalogs.as_slice()) {
        (None, [old, new]) => Ok(Pair { old: Some(catalog_file::read(old)?), new: catalog_file::read(new)? }),
        (None, _) => Err(
            "Give two catalogs, the earlier one first: headcount diff OLD NEW. Or compare with Git: headcount diff --since REVISION.\n"
                .to_owned(),
        ),
        (Some(revision), []) => since(revision, Path::new(CATALOG)),
        (Some(revision), [new]) => since(revision, new),
        (Some(_), _) => Err(
            "With --since, give one catalog: the earlier one is in the repository.\n".to_owned(),
        ),
    }
}

fn since(revision: &str, path: &Path) -> Result<Pair, String> {
    let new = catalog_file::read(path)?;
    let old = revision::text(revision, path)?
        .map(|text| catalog_file::parsed(&revision::shown(revision, path), &text))
        .transpose()?;
    Ok(Pair { old, new })
}
