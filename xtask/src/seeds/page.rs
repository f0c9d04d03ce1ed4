//! The page of requirements, made of the tables.

use std::fmt::Write as _;

use super::evidence::Evidence;
use super::table::{Document, Requirement, State};

const HEAD: &str = "\
# What the five documents demand, and what shows it

<!-- Made by `cargo xtask seeds --write`: change docs/reference/seeds, not this page. -->

The five products under `examples/` follow five documents about the telemetry of real command-line tools. Each
row is one requirement of theirs, or one of the decisions taken where they are silent, contradict themselves or
ask for what is unsafe: its place and a few of its words, what it comes to, where the product stands, and the
tests that show it. `cargo test` fails where a row names a test that does not exist.

- **works**: it is so, and the tests named show it.
- **partly**: it is so in part; the note says what is missing.
- **elsewhere**: it needs a platform or a service that the tests do not have; the note says which, and the file
  named would show it.
- **decided**: [the decisions](../design/products.md) want something else; the note says what, and the tests show that.

`.ci/run NAME` is a step of `.ci/run`, `.ci/peers NAME` a part of the suite with real software.
";

pub(super) fn page(documents: &[Document]) -> String {
    let mut page = HEAD.to_owned();
    counts(&mut page, documents);
    for document in documents {
        // Writing into a `String` cannot fail.
        let _ = write!(
            page,
            "\n## {}\n\n| id | words | demands | state | shown by |\n| --- | --- | --- | --- | --- |\n",
            document.title
        );
        for requirement in &document.requirements {
            row(&mut page, requirement);
        }
    }
    page
}

fn counts(page: &mut String, documents: &[Document]) {
    let words = State::ALL.map(State::word).join(" | ");
    let _ =
        write!(page, "\n| document | rows | {words} |\n| --- | --- | --- | --- | --- | --- |\n");
    let all = documents.iter().flat_map(|document| &document.requirements);
    let mut line = |title: &str, rows: Vec<&Requirement>| {
        let _ = write!(page, "| {title} | {} |", rows.len());
        for state in State::ALL {
            let _ = write!(page, " {} |", rows.iter().filter(|row| row.state == state).count());
        }
        page.push('\n');
    };
    for document in documents {
        line(&document.title, document.requirements.iter().collect());
    }
    line("**all**", all.collect());
}

fn row(page: &mut String, requirement: &Requirement) {
    let Requirement { id, quote, demands, state, tests, shown_by, note, .. } = requirement;
    let mut shown: Vec<String> = tests.iter().map(|test| link(test)).collect();
    shown.extend(shown_by.iter().map(|path| file(path)));
    shown.extend(note.iter().map(|note| cell(note)));
    let _ = writeln!(
        page,
        "| {id} | {} | {} | {} | {} |",
        cell(quote),
        cell(demands),
        state.word(),
        shown.join("<br>")
    );
}

/// Evidence as a person reads it, with a link to its file.
fn link(test: &str) -> String {
    match Evidence::of(test) {
        Evidence::Test { path, name } => format!("[{name}](../../{path})"),
        Evidence::Case(path) => file(path),
        Evidence::Step(step) => format!("`.ci/run {step}`"),
        Evidence::Part(part) => format!("`.ci/peers {part}`"),
    }
}

fn file(path: &str) -> String {
    let target = path.split('#').next().unwrap_or(path);
    format!("[{path}](../../{target})")
}

/// Text that cannot end a cell, begin a tag or make a link.
fn cell(text: &str) -> String {
    let mut cell = String::new();
    for letter in text.chars() {
        match letter {
            '|' | '<' | '[' | '*' => cell.extend(['\\', letter]),
            '\n' => cell.push(' '),
            other => cell.push(other),
        }
    }
    cell
}
