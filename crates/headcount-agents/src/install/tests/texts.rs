//! Texts of all shapes: what is added can be taken out byte for byte, and what
//! others wrote stays.

use crate::install::entries::{Entry, Shape, found, installed, new_file, removed};
use crate::install::table::NESTED;

const FLAT: Shape = Shape {
    is_nested: false,
    has_type: false,
    command: "command",
    timeout: "timeout",
    version: Some(1),
};

fn is_ours(line: &str) -> bool {
    line.starts_with("ours ") || line.starts_with("old ")
}

fn entries(program: &str) -> Vec<Entry> {
    ["SessionStart", "Stop", "SessionEnd"]
        .map(|event| Entry { event, command: format!("{program} {event}"), timeout: 5 })
        .to_vec()
}

/// Containers of every kind around nothing, or around something of others.
fn texts() -> Vec<String> {
    let foreign = r#"{"hooks":[{"type":"command","command":"theirs"}]}"#;
    let pieces = [
        "{}",
        "{ }",
        "{\n}",
        "{\n  // a word\n}",
        "{ /* a */ } // b",
        r#"{"a":1}"#,
        r#"{ "a": 1, }"#,
        "{\n  \"a\": 1\n}",
        "{\n\t\"a\": 1, // why\n\t\"b\": [1, 2] // and why\n}",
        "{\n    \"a\": 1, // why\n    \"b\": [1, 2], // and why\n\n}",
        "{\n  \"a\": 1 /* x */ , /* y */\n}",
        "{\"a\":1 // end\n}",
        "{\n  \"hooks\": {}\n}",
        "{\n  \"hooks\": { },\n  \"version\": 1\n}",
        "{\"version\":1}",
        "{\n  \"version\": 1\n}",
        "{\n  \"version\": 1,\n  \"hooks\": {}\n}",
        r#"{"hooks":{}}"#,
        "{\n  \"hooks\": {\n    // none yet\n  }\n}",
        "{\n  \"hooks\": {\n    \"SessionStart\": []\n  }\n}",
        "{\n  \"hooks\": {\"Stop\": [ ], \"SessionEnd\": [\n]}\n}",
        "{\n  \"hooks\": {\n    \"Stop\": [F],\n    \"Other\": [F,]\n  }, \"a\": null\n}",
        "{\n  \"hooks\": {\n    \"Stop\": [\n      F, // theirs\n    ],\n  },\n}",
        "{\n  \"hooks\": {\n    \"SessionEnd\": [\n      F // theirs\n      // below\n    ]\n  }\n}",
        "{\"hooks\":{\"SessionStart\":[F],\"SessionEnd\":[F,F]},\"z\":\"\\u00e9{[,//\"}",
        "{ \"hooks\": {\n\"Stop\": [F, F]} }",
    ];
    let mut texts = Vec::new();
    for piece in pieces {
        let text = piece.replace('F', foreign);
        for end in ["", "\n", "  "] {
            for start in ["", "\u{feff}", "// first\n"] {
                texts.push(format!("{start}{text}{end}"));
                texts.push(format!("{start}{text}{end}").replace('\n', "\r\n"));
            }
        }
    }
    texts
}

#[test]
fn what_is_added_is_taken_out_byte_for_byte() {
    for shape in [NESTED, FLAT] {
        for before in texts() {
            let with = installed(&before, shape, &entries("ours"), &is_ours);
            let with = with.unwrap_or_else(|error| panic!("{error}: {before:?}"));
            assert_eq!(found(&with, shape, &is_ours).unwrap().len(), 3, "{with}");
            let again = installed(&with, shape, &entries("ours"), &is_ours).unwrap();
            assert_eq!(again, with, "a second time changes nothing");
            let after = removed(&with, shape, &is_ours).unwrap();
            assert_eq!(after.as_deref(), Some(before.as_str()), "with hooks it was: {with}");
        }
    }
}

#[test]
fn a_file_that_was_made_for_hooks_goes_with_them() {
    for shape in [NESTED, FLAT] {
        let text = new_file(shape, &entries("ours"));
        assert_eq!(installed(&text, shape, &entries("ours"), &is_ours).unwrap(), text);
        assert_eq!(removed(&text, shape, &is_ours).unwrap(), None);
    }
}

#[test]
fn a_program_that_moved_is_changed_in_place() {
    for shape in [NESTED, FLAT] {
        for before in texts() {
            let old = installed(&before, shape, &entries("old"), &is_ours).unwrap();
            let new = installed(&old, shape, &entries("ours"), &is_ours).unwrap();
            assert_eq!(new, old.replace("\"old ", "\"ours "));
        }
    }
}

#[test]
fn two_products_do_not_know_of_each_other() {
    let other = |line: &str| line.starts_with("theirs_too ");
    for shape in [NESTED, FLAT] {
        for before in texts() {
            let one = installed(&before, shape, &entries("ours"), &is_ours).unwrap();
            let both = installed(&one, shape, &entries("theirs_too"), &other).unwrap();
            let rest = removed(&both, shape, &other).unwrap().unwrap();
            assert_eq!(rest, one, "the last in is the first out");
            let rest = removed(&both, shape, &is_ours).unwrap().unwrap();
            assert_eq!(found(&rest, shape, &other).unwrap().len(), 3);
            let rest = removed(&rest, shape, &other).unwrap();
            let empty = "{}".to_owned();
            let meaning = |text: &str| {
                let text = text.trim_start_matches('\u{feff}');
                jsonc_parser::parse_to_ast(text, &Default::default(), &Default::default())
                    .map(|value| format!("{:?}", value.value.is_some()))
            };
            assert!(meaning(rest.as_ref().unwrap_or(&empty)).is_ok());
        }
    }
}
