//! Words: one word, one meaning, one crate that owns it. The names of public
//! types are words, and ARCHITECTURE.md has a table of those that the house
//! speaks in.

mod declared;
mod table;

use std::collections::BTreeMap;

use crate::architecture;
use crate::{Finding, Tree};
use declared::Declared;
use table::WordRow;

/// The vocabulary of CONTRIBUTING.md: what is told of in code, files,
/// documentation and pages. Each has a row in the table.
const VOCABULARY: [&str; 27] = [
    "catalog",
    "event",
    "property",
    "value set",
    "purpose",
    "consent",
    "decision",
    "rule",
    "permit",
    "identity",
    "device",
    "session",
    "record",
    "queue",
    "segment",
    "claim",
    "batch",
    "ship",
    "destination",
    "receipt",
    "intake",
    "arrival",
    "outcome",
    "store",
    "rollup",
    "question",
    "panel",
];

/// Every word with two meanings, and every row of the table that is not so.
#[must_use]
pub fn words(tree: &Tree) -> Vec<Finding> {
    let declared = declared::types(tree);
    let mut findings = homonyms(&declared);
    let Some(rows) = table::rows(tree.text(architecture::PATH)) else {
        let sentence = format!(
            "There is no block {}: add one that says each word, its crate and its meaning.",
            table::OPENS
        );
        findings.push(Finding::new(architecture::PATH, 1, sentence));
        return findings;
    };
    findings.extend(said_twice(&rows));
    findings.extend(rows.iter().filter_map(|row| row_finding(row, tree, &declared)));
    findings.extend(missing(&rows));
    findings
}

/// A name that several files declare: each place but the first.
fn homonyms(declared: &[Declared<'_>]) -> Vec<Finding> {
    let mut first: BTreeMap<&str, &Declared<'_>> = BTreeMap::new();
    let mut findings = Vec::new();
    for each in declared {
        let before = *first.entry(each.name).or_insert(each);
        // One file may declare a name twice: for one platform and for the
        // others.
        if before.path != each.path {
            let sentence = format!(
                "`{}` is also declared in {}:{}: rename one, so that the word has one meaning.",
                each.name, before.path, before.line
            );
            findings.push(Finding::new(each.path, each.line, sentence));
        }
    }
    findings
}

fn said_twice(rows: &[WordRow<'_>]) -> Vec<Finding> {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let mut findings = Vec::new();
    for row in rows {
        let before = *first.entry(row.in_plain_letters()).or_insert(row.line);
        if before != row.line {
            let sentence =
                format!("`{}` is already in line {before}: make one row of the two.", row.word);
            findings.push(Finding::new(architecture::PATH, row.line, sentence));
        }
    }
    findings
}

/// What is wrong with one row.
fn row_finding(row: &WordRow<'_>, tree: &Tree, declared: &[Declared<'_>]) -> Option<Finding> {
    let WordRow { word, owner, meaning, line } = *row;
    let finding = |sentence: String| Some(Finding::new(architecture::PATH, line, sentence));
    if owner.is_empty() || meaning.is_empty() {
        return finding(format!(
            "The row of `{word}` must say its crate and its meaning, with two spaces between."
        ));
    }
    if tree.packages().all(|folder| architecture::room(folder) != owner) {
        return finding(format!("`{word}` has the owner {owner}, which is not a package."));
    }
    if !row.is_type() || declared.iter().any(|each| each.name == word && each.owner == owner) {
        return None;
    }
    match declared.iter().find(|each| each.name == word) {
        Some(other) => finding(format!(
            "`{word}` is declared in {}:{}, not in {owner}: change its owner, or move it.",
            other.path, other.line
        )),
        None => finding(format!(
            "{owner} declares no public type `{word}`: say its name, or write a concept in lower case."
        )),
    }
}

fn missing(rows: &[WordRow<'_>]) -> Vec<Finding> {
    let said: Vec<String> = rows.iter().map(WordRow::in_plain_letters).collect();
    let line = rows.first().map_or(1, |row| row.line);
    VOCABULARY
        .iter()
        .filter(|word| said.iter().all(|other| other != *word))
        .map(|word| {
            let sentence = format!("The table lacks the word `{word}`: say its crate and meaning.");
            Finding::new(architecture::PATH, line, sentence)
        })
        .collect()
}

#[cfg(test)]
mod tests;
