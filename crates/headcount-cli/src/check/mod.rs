//! `headcount check`: whether files are valid catalogs, whether they keep
//! apart, and what would be better.
//!
//! | to change | open |
//! | --- | --- |
//! | what a finding is | `finding.rs` |
//! | what is advised | a file in `lint/`, and its line in `lint/mod.rs` |
//! | how a comment in the catalog silences advice | `allow.rs` |
//! | what `--fix` writes | `fix.rs` |
//! | how findings look | `write_human.rs`, `write_json.rs`, `write_sarif.rs`, `write_github.rs` |
//! | what `--explain` says | the code's own file; `explain.rs` prints it |

mod finding;
mod allow;
mod lint;
mod of_file;
mod apart;
mod fix;
mod explain;
mod write_human;
mod write_json;
mod write_sarif;
mod write_github;

use std::path::{Path, PathBuf};

use headcount_catalog::{Catalog, Day};

use crate::host_args::CATALOG;
use crate::print;
use finding::{Level, Report};

/// `headcount check`
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// The catalogs to check
    #[arg(value_name = "FILE", default_value = CATALOG)]
    pub(crate) files: Vec<PathBuf>,
    /// Return 1 where something is only advised
    #[arg(long)]
    pub(crate) deny_lints: bool,
    /// How findings are written; all but the first go to standard output
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: FindingFormat,
    /// Write what was probably meant in the place of misspelt words, where that
    /// leaves fewer mistakes
    #[arg(long)]
    pub(crate) fix: bool,
    /// Say what a code such as HC003 means, and check nothing
    #[arg(long, value_name = "CODE", conflicts_with_all = ["fix", "deny_lints"])]
    pub(crate) explain: Option<String>,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FindingFormat {
    /// For a terminal, with the line that each is about.
    Human,
    /// A finding a line, for a program.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of a pull request, by a job of GitHub.
    Github,
}

/// Reports every mistake of every file, and what is only advised. Returns 2 if
/// there is a mistake; 1 if advice is to be heeded, and there is some. A hint
/// is neither.
pub(crate) fn run(check: &Check, today: Day) -> u8 {
    if let Some(code) = &check.explain {
        return explain::run(code);
    }
    let mut fixed = Vec::new();
    if check.fix {
        for path in &check.files {
            match fix::run(path) {
                Ok(0) => {}
                Ok(words) => fixed.push((path, words)),
                Err(sentence) => {
                    print::err(sentence);
                    return 2;
                }
            }
        }
    }
    let report = report(&check.files, today);
    match check.format {
        FindingFormat::Human => {
            for (path, words) in fixed {
                let what = counted(words, "word was", "words were");
                print::err(format_args!("{}: {what} replaced.\n", finding::shown(path)));
            }
            for finding in report.findings.iter().filter(|one| one.level != Level::Hint) {
                print::err(write_human::text(&report.sources[finding.source], finding));
            }
            summaries(&report);
        }
        FindingFormat::Json => print::out(write_json::text(&report.sources, &report.findings)),
        FindingFormat::Sarif => print::out(write_sarif::text(&report.sources, &report.findings)),
        FindingFormat::Github => print::out(write_github::text(&report.sources, &report.findings)),
    }
    let worst = report.findings.iter().map(|finding| finding.level).max();
    match worst {
        Some(Level::Mistake) => 2,
        Some(Level::Advice) if check.deny_lints => 1,
        _ => 0,
    }
}

/// What a check of one catalog comes to.
pub(crate) struct Verdict {
    pub(crate) mistakes: usize,
    pub(crate) advice: usize,
}

/// Checks one catalog, and says nothing.
pub(crate) fn verdict(file: &Path, today: Day) -> Verdict {
    let report = report(&[file.to_path_buf()], today);
    let count =
        |level: Level| report.findings.iter().filter(|finding| finding.level == level).count();
    Verdict { mistakes: count(Level::Mistake), advice: count(Level::Advice) }
}

fn report(files: &[PathBuf], today: Day) -> Report {
    let mut report = Report { sources: Vec::new(), findings: Vec::new(), catalogs: Vec::new() };
    for path in files {
        let place = report.sources.len();
        let (source, catalog, findings) = of_file::read(path, place, today);
        let is_well = findings.iter().all(|finding| finding.level != Level::Mistake);
        report.sources.push(source);
        report.findings.extend(findings);
        report.catalogs.extend(catalog.filter(|_| is_well).map(|catalog| (place, catalog)));
    }
    apart::look(&mut report);
    report
}

/// What is said of each catalog without a mistake, on standard output.
fn summaries(report: &Report) {
    for (place, catalog) in &report.catalogs {
        let (shown, summary) = (&report.sources[*place].shown, summary(catalog));
        print::out(format_args!("{shown}: {summary}, no mistakes\n"));
        for hint in report.findings.iter().filter(|one| one.source == *place) {
            if hint.level == Level::Hint {
                print::out(format_args!("{shown}: hint[{}]: {}\n", hint.code, hint.message));
            }
        }
    }
}

fn summary(catalog: &Catalog) -> String {
    let properties = catalog.events.iter().map(|event| event.properties.len()).sum();
    format!(
        "{}, catalog {}: {}, {}",
        catalog.product.name,
        catalog.version,
        counted(catalog.events.len(), "event", "events"),
        counted(properties, "property", "properties")
    )
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
