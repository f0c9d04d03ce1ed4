//! Random JSON: the scanner finds what the parser finds, however the text is
//! written.

use serde_json::{Map, Value};

use super::chance::Chance;
use super::*;

const NAMES: [&str; 8] = ["a", "b", "c", "enabled", "é", "a\"b", "\\", "{}"];

fn value(chance: &mut Chance, depth: usize) -> Value {
    match chance.below(if depth == 0 { 5 } else { 8 }) {
        0 => Value::Null,
        1 => Value::Bool(chance.below(2) == 0),
        2 => Value::from(chance.below(9_999)),
        3 => Value::from(*chance.one(&["", "x", "\"", "\\", "\n", "é", "]}", "{\"a\": true}"])),
        4 => Value::from(-1.5e-7),
        5 => (0..chance.below(4)).map(|_| value(chance, depth - 1)).collect(),
        _ => Value::Object(object(chance, depth - 1)),
    }
}

fn object(chance: &mut Chance, depth: usize) -> Map<String, Value> {
    let members = 0..chance.below(5);
    members.map(|_| ((*chance.one(&NAMES)).to_owned(), value(chance, depth))).collect()
}

/// A value as text, with white space and escapes wherever chance puts them.
fn written(value: &Value, chance: &mut Chance) -> String {
    let mut space = || chance.one(&["", "", " ", "\n", "\r\n\t", "  "]).to_string();
    let (first, second, third) = (space(), space(), space());
    match value {
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| {
                    let (key, value) = (quoted(key, chance), written(value, chance));
                    format!("{first}{key}{second}:{third}{value}{second}")
                })
                .collect();
            format!("{{{}{third}}}", members.join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| written(item, chance)).collect();
            format!("[{first}{}{second}]", items.join(&format!("{third},")))
        }
        Value::String(text) => quoted(text, chance),
        plain => plain.to_string(),
    }
}

fn quoted(text: &str, chance: &mut Chance) -> String {
    let letters = text.chars().map(|letter| match (chance.below(3), letter) {
        (0, letter) => format!("\\u{:04x}", u32::from(letter)),
        (_, '"' | '\\') => format!("\\{letter}"),
        (_, '\n') => "\\n".to_owned(),
        (_, letter) => letter.to_string(),
    });
    format!("\"{}\"", letters.collect::<String>())
}

/// What the parser finds at a path.
fn expected(value: &Value, path: &str) -> Found {
    let mut value = value;
    for key in path.split('.') {
        let Some(members) = value.as_object() else { return Found::Other };
        match members.get(key) {
            Some(below) => value = below,
            None => return Found::Absent,
        }
    }
    match value {
        Value::Bool(flag) => Found::Scalar(Scalar::Flag(*flag)),
        Value::String(word) => Found::Scalar(text(word)),
        _ => Found::Other,
    }
}

#[test]
fn the_scanner_agrees_with_the_parser() {
    let mut chance = Chance::new(4);
    for _ in 0..1_500 {
        let document = Value::Object(object(&mut chance, 4));
        let text = written(&document, &mut chance);
        assert_eq!(serde_json::from_str::<Value>(&text).ok().as_ref(), Some(&document), "{text}");
        for path in ["enabled", "a.enabled", "a.b.c", "é", "a\"b", "\\.{}", "{}.{}.a"] {
            assert_eq!(get(Format::Json, &text, path), Ok(expected(&document, path)), "{text}");
            let Ok(after) = set(Format::Json, &text, path, &ON) else { continue };
            let mut changed = document.clone();
            let mut place = &mut changed;
            for key in path.split('.') {
                place = &mut place[key];
            }
            *place = Value::Bool(true);
            assert_eq!(serde_json::from_str::<Value>(&after).expect(&after), changed, "{text}");
        }
    }
}
