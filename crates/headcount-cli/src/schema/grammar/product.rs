//! `[product]` and `[consent]`.

use headcount_catalog::{WordList, limits};
use serde_json::{Value, json};

use super::table::Table;
use super::text;

pub(super) fn product() -> Value {
    Table::new()
        .needs("name", "The name for machines.", text::name())
        .may("prefix", "The prefix of its environment variables, such as TOOL.", text::prefix())
        .needs("title", "The name for people.", text::line())
        .may("policy", "The URL of a page where people can read more.", text::page())
        .may(
            "contact",
            "Where people can report an event that says more than it should: a URL, or a mail address.",
            text::contact(),
        )
        .may(
            "public",
            "Whether a collector shows a page about the product to everybody.",
            json!({ "type": "boolean", "default": false }),
        )
        .described()
}

pub(super) fn consent() -> Value {
    Table::new()
        .needs(
            "default",
            "What applies until the person decides.",
            text::one_of(WordList::ConsentDefaults),
        )
        .needs(
            "order",
            "The rules; the first one that decides wins. All but `ci` are required.",
            order(),
        )
        .may(
            "variables",
            "Variables that refuse telemetry. By default <PREFIX>_TELEMETRY.",
            text::list(&variable(), limits::LIST_ITEMS),
        )
        .may("off", "What turning telemetry off does to the id.", text::one_of(WordList::Off))
        .may(
            "farewell",
            "The event that is sent when a person turns telemetry off.",
            json!({ "type": "string" }),
        )
        .may("texts", "The texts of the question and the notice.", texts())
        .described()
}

fn order() -> Value {
    let words = WordList::Rules.words();
    let mut order = text::list(&json!({ "enum": words }), words.len());
    let needed = words.iter().filter(|word| **word != "ci");
    order["allOf"] = needed.map(|word| json!({ "contains": { "const": word } })).collect();
    order
}

fn variable() -> Value {
    Table::new()
        .needs("name", "The whole name of the variable.", text::variable())
        .needs("refuses", "Which values refuse.", text::one_of(WordList::Refuses))
        .described()
}

fn texts() -> Value {
    let lines = || text::list(&text::line(), limits::TEXT_LINES);
    Table::new()
        .may("question", "The question, if the default is `ask`.", text::sentence())
        .may("introduction", "The text above the question.", text::sentence())
        .may("collected", "What is collected, one line each.", lines())
        .may("never", "What never is, one line each.", lines())
        .may("notice", "The notice, which is printed once.", text::sentence())
        .described()
}
