//! `[envelope]`: keys of the line, and where their values come from.

use headcount_catalog::{WordList, limits};
use serde_json::{Value, json};

use super::event;
use super::table::{self, Table};
use super::text;

pub(super) fn envelope() -> Value {
    let mut envelope = table::of_names(&text::entry(), &json!({ "$ref": "#/$defs/entry" }));
    envelope["maxProperties"] = limits::ENVELOPE_ENTRIES.into();
    envelope
}

/// What a value can be: a source by its name, or a table.
pub(super) fn entry() -> Value {
    let mut sources = WordList::Sources.words();
    sources.push("flag");
    let kinds = WordList::HostKinds.words();
    let one: Vec<&str> = ["is", "constant"].into_iter().chain(kinds.iter().copied()).collect();
    let mut table = Table::new()
        .may("is", "The source.", json!({ "enum": sources }))
        .may("constant", "Always this word.", text::word())
        .may("grain", "How finely a time is told.", text::one_of(WordList::Grains))
        .may(
            "words",
            "The vocabulary of a platform or an arch.",
            text::one_of(WordList::Vocabularies),
        )
        .may("optional", "What is written if there is no value.", text::one_of(WordList::Absent))
        .one_of(&one)
        .only_with("grain", &["is"])
        .only_with("words", &["is"]);
    for kind in kinds {
        table = event::with_kind(table, kind);
    }
    table = event::with_keys_of_kinds(table, &["other", "most"]);
    json!({ "anyOf": [{ "enum": sources }, table.described()] })
}
