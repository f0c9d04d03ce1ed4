//! What is wrong in a table: an id that is missing or there twice, a row that
//! nothing shows, evidence that is not there.

use std::collections::BTreeSet;

use super::evidence::Finder;
use super::table::{Document, Requirement, State};
use crate::Finding;
use crate::limits::QUOTE_CHARACTERS;

pub(super) fn document(document: &Document, found: &mut Finder<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut say = |line, sentence: String| {
        findings.push(Finding::new(&document.path, line, sentence));
    };
    let mut seen = BTreeSet::new();
    for requirement in &document.requirements {
        let Requirement { id, line, .. } = requirement;
        if !seen.insert(id.as_str()) {
            say(*line, format!("{id} is there twice."));
        }
        for sentence in wrong(requirement, found) {
            say(*line, format!("{id}: {sentence}"));
        }
    }
    let wanted: Vec<String> =
        (1..=document.rows).map(|number| format!("{}{number:03}", document.letter)).collect();
    for id in wanted.iter().filter(|id| !seen.contains(id.as_str())) {
        say(1, format!("{id} is missing: the document has {} requirements.", document.rows));
    }
    for requirement in &document.requirements {
        if !wanted.contains(&requirement.id) {
            say(requirement.line, format!("{} is no id of this document.", requirement.id));
        }
    }
    findings
}

fn wrong(requirement: &Requirement, found: &mut Finder<'_>) -> Vec<String> {
    let Requirement { quote, state, tests, shown_by, note, .. } = requirement;
    let mut sentences = Vec::new();
    let mut demand = |is_so: bool, sentence: &str| {
        if !is_so {
            sentences.push(sentence.to_owned());
        }
    };
    let has_tests = !tests.is_empty();
    match state {
        State::Works => demand(has_tests, "It works, and no test is named that shows it."),
        State::Decided => {
            demand(has_tests, "It was decided, and no test is named that shows what was.");
            demand(note.is_some(), "It was decided: the note must say what.");
        }
        State::Partly => demand(note.is_some(), "The note must say what is missing."),
        State::Elsewhere => {
            demand(!has_tests, "A test shows it, so it is not elsewhere.");
            demand(note.is_some(), "The note must say why no test can show it.");
            demand(shown_by.is_some(), "`shown-by` must name the file that would.");
        }
    }
    if let Some(path) = shown_by {
        demand(*state == State::Elsewhere, "`shown-by` is for what is elsewhere.");
        demand(found.has_page(path), &format!("There is no {path}."));
    }
    let most = QUOTE_CHARACTERS;
    demand(quote.chars().count() <= most, &format!("A quote has at most {most} characters."));
    sentences.extend(tests.iter().filter_map(|test| found.lacks(test)));
    sentences
}
