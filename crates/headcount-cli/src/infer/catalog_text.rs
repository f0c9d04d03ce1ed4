//! The events of a catalog, as text: each with what has to be decided by its
//! author.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use headcount_catalog::{is_event_name, is_property_name, report, squashed_name};

use super::captured::{Captured, Seen};
use super::guess::{Guess, guess};

/// What the author has to replace.
const WHY: &str = "Which question does it answer?";

/// Keys that the envelope of a first catalog has.
const OF_ENVELOPE: [&str; 7] = ["id", "event", "time", "version", "platform", "first", "age"];

/// Returns the text of all events, and how many properties were left out.
pub(super) fn events(captured: &Captured) -> (String, usize) {
    let (mut text, mut left_out) = (String::new(), 0);
    // The report's own name is not free either.
    let mut names = BTreeSet::from([squashed_name(report::NAME)]);
    for (name, seen) in &captured.events {
        let times =
            if seen.events == 1 { "once".to_owned() } else { format!("{} times", seen.events) };
        if !is_event_name(name) || !names.insert(squashed_name(name)) {
            let shown = headcount::person::visible(name);
            let _ = writeln!(
                text,
                "\n# Left out: `{shown}`, seen {times}. A name has letters, digits, `.`, `_`, `:` and `-`, and is\n\
                 # not that of another event but for case and separators."
            );
            left_out += seen.values.len();
            continue;
        }
        let _ = writeln!(
            text,
            "\n# Seen {times}.\n[event.{}]\nwhy = \"{WHY}\"\nowner = \"cli team\"",
            key(name)
        );
        left_out += properties(&mut text, name, seen);
    }
    (text, left_out)
}

fn properties(text: &mut String, event: &str, seen: &Seen) -> usize {
    let (mut lines, mut left_out) = (String::new(), 0);
    let mut names = BTreeSet::new();
    for (name, values) in &seen.values {
        let guessed = if OF_ENVELOPE.contains(&squashed_name(name).as_str()) {
            Guess::Out("every event says it already, in the envelope".to_owned())
        } else if is_property_name(name) && names.insert(squashed_name(name)) {
            guess(name, values)
        } else {
            Guess::Out("its name is not one that a property can have".to_owned())
        };
        match guessed {
            Guess::Kind(kind) => {
                let is_always = values.len() as u64 == seen.events;
                let kind = if is_always { kind } else { optional(&kind) };
                let _ = writeln!(lines, "{} = {kind}", key(name));
            }
            Guess::Out(why) => {
                left_out += 1;
                let shown = headcount::person::visible(name);
                let _ = writeln!(lines, "# {shown} is left out: {why}.");
            }
        }
    }
    if !lines.is_empty() {
        let _ = write!(text, "\n[event.{}.properties]\n{lines}", key(event));
    }
    left_out
}

/// The same kind, for a property that not every event has.
fn optional(kind: &str) -> String {
    match kind.strip_suffix(" }") {
        Some(table) => format!("{table}, optional = \"omit\" }}"),
        None => format!("{{ is = {kind}, optional = \"omit\" }}"),
    }
}

/// A key of TOML, in quotation marks where it needs them.
fn key(name: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    if name.bytes().all(is_bare) { name.to_owned() } else { format!("\"{name}\"") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_that_is_not_always_there_is_optional() {
        assert_eq!(optional("\"flag\""), "{ is = \"flag\", optional = \"omit\" }");
        assert_eq!(optional("{ count = 10 }"), "{ count = 10, optional = \"omit\" }");
    }
}
