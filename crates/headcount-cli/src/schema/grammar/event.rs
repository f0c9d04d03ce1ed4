//! `[event.<name>]` with its properties, `[purpose.<name>]` and `[report]`.

use headcount_catalog::{WordList, limits};
use serde_json::{Value, json};

use super::table::{self, Table};
use super::text;

pub(super) fn events() -> Value {
    let mut properties = table::of_names(&text::key(), &json!({ "$ref": "#/$defs/property" }));
    properties["maxProperties"] = limits::PROPERTIES.into();
    let pair = json!({
        "type": "array", "items": { "type": "string" }, "minItems": 2, "maxItems": 2,
    });
    let event = Table::new()
        .needs("why", "The question that it answers, for everybody to read.", text::line())
        .needs("owner", "Who is responsible for it.", text::line())
        .may("purpose", "What it is for: the name of a purpose.", json!({ "type": "string" }))
        .may("id", "The property that is its id.", json!({ "type": "string" }))
        .may("path", "A path of its own at the destination.", text::url_path())
        .may(
            "constants",
            "Constants of the envelope that have another word here.",
            json!({ "type": "object", "additionalProperties": text::word() }),
        )
        .may("expires", "The last day on which it is recorded, by UTC.", text::day())
        .may("across", "Pairs that a collector counts together.", text::list(&pair, limits::PAIRS))
        .may("hook", "What hooks of coding agents record it for.", text::one_of(WordList::Hooks))
        .may("properties", "Its properties, in the order of the line.", properties)
        .described();
    let mut events = table::of_names(text::EVENT, &event);
    events["minProperties"] = 1.into();
    events["maxProperties"] = limits::EVENTS.into();
    events
}

/// What a property can be: a kind by its name, or a table.
pub(super) fn property() -> Value {
    let plain = WordList::PlainKinds.words();
    let shaped = WordList::ShapedKinds.words();
    let one: Vec<&str> = ["is"].into_iter().chain(shaped.iter().copied()).collect();
    let failure =
        json!({ "anyOf": [{ "type": "boolean" }, text::list(&text::word(), limits::SET_WORDS)] });
    let mut table = Table::new()
        .may("is", "The kind, if it needs only its name.", json!({ "enum": plain }))
        .may("optional", "What is written if there is no value.", text::one_of(WordList::Absent))
        .may("why", "What it is for, if the name does not say it.", text::line())
        .may("expires", "The last day on which it is recorded, by UTC.", text::day())
        .may("failure", "The values that stand for a failure.", failure)
        .one_of(&one)
        .only_with("failure", &["is", "choice", "class"]);
    for kind in shaped {
        table = with_kind(table, kind);
    }
    table = with_keys_of_kinds(table, &["other", "cap", "decimals", "most", "because"]);
    json!({ "anyOf": [{ "enum": plain }, table.described()] })
}

/// A key that names a kind.
pub(super) fn with_kind(table: Table, kind: &'static str) -> Table {
    let set = || text::list(&text::word(), limits::SET_WORDS);
    let rung = text::whole(1, limits::CAP);
    let (says, value) = match kind {
        "choice" => ("One word of a closed set.", set()),
        "choices" => ("Several words of a closed set.", set()),
        "function" => ("The name of one of your own functions.", set()),
        "class" => ("A class of errors.", set()),
        "count" => ("A whole number, up to this one.", text::whole(1, limits::CAP)),
        "amount" => ("An amount, with its unit.", text::name()),
        "bucket" => ("A number, rounded down to one of these.", text::list(&rung, limits::RUNGS)),
        "duration" => ("A duration, with its unit.", text::one_of(WordList::Units)),
        "token" => {
            ("The characters of a word of an open but harmless vocabulary.", text::alphabet())
        }
        "frames" => {
            ("So many names of your own functions.", text::whole(1, u64::from(limits::FRAMES)))
        }
        "scrubbed" => (
            "Short text without anything personal, of so many characters.",
            text::whole(1, u64::from(limits::SCRUBBED_CHARACTERS)),
        ),
        "reference" => ("What it refers to.", text::one_of(WordList::References)),
        "count-of" => ("The number of words of a property before it.", json!({ "type": "string" })),
        "time" => ("Another time, with its grain.", text::one_of(WordList::Grains)),
        "constant" => ("Always this word.", text::word()),
        // A kind of the parser that is new here: a test says so.
        _ => return table,
    };
    let table = table.may(kind, says, value);
    match kind {
        "amount" => table.with(kind, "cap"),
        "token" => table.with(kind, "most"),
        "scrubbed" => table.with(kind, "because"),
        _ => table,
    }
}

/// Keys that stand beside a kind.
pub(super) fn with_keys_of_kinds(mut table: Table, keys: &[&'static str]) -> Table {
    for key in keys {
        let (says, value, kinds): (_, _, &[&str]) = match *key {
            "other" => {
                let sets = &["choice", "choices", "function", "class"];
                ("The word for everything outside the set.", text::word(), sets)
            }
            "cap" => {
                let capped = &["amount", "duration"];
                ("The largest number that is reported.", text::whole(1, limits::CAP), capped)
            }
            "decimals" => {
                let most = u64::from(limits::DECIMALS);
                ("Decimals that are kept.", text::whole(0, most), &["amount"])
            }
            "most" => {
                let most = u64::from(limits::TOKEN_CHARACTERS);
                ("The greatest length.", text::whole(1, most), &["token"])
            }
            _ => ("Why a closed set is not enough.", text::line(), &["scrubbed"]),
        };
        table = table.may(key, says, value).only_with(key, kinds);
    }
    table
}

pub(super) fn purposes() -> Value {
    let was = json!({ "anyOf": [text::name(), text::list(&text::name(), limits::LIST_ITEMS)] });
    let purpose = Table::new()
        .needs("title", "The name for people.", text::line())
        .needs("why", "What its events are for, in one sentence.", text::line())
        .may("was", "A name that it had in an earlier release, or several.", was)
        .described();
    let mut purposes = table::of_names(text::NAME, &purpose);
    purposes["maxProperties"] = limits::PURPOSES.into();
    purposes
}

pub(super) fn report() -> Value {
    Table::new()
        .needs("owner", "Who is responsible for it.", text::line())
        .may("why", "The question that it answers.", text::line())
        .described()
}
