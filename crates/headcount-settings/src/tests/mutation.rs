//! Texts that chance breaks: nothing panics, an edit that goes through says
//! what it should and changes nothing else, and no flag appears that is not
//! there.

use super::chance::Chance;
use super::reference::leaves;
use super::*;

/// Broken texts a document; a few thousand a format.
const ROUNDS: usize = 800;

/// What breaks texts: pieces of each format's grammar.
const PIECES: [&str; 34] = [
    "\n", "\r\n", "\r", " ", "  ", "\t", ":", ": ", ",", "{", "}", "[", "]", "\"", "'", "#", " #",
    "=", "-", "- ", "---\n", "...\n", "|\n", "&a ", "*a", "!!str ", "<<: ", ".", "\\", "true",
    "\u{feff}", "é", "\0", "enabled",
];

fn broken(document: &str, chance: &mut Chance) -> String {
    let mut text = document.to_owned();
    for _ in 0..=chance.below(2) {
        let places: Vec<usize> =
            text.char_indices().map(|(place, _)| place).chain([text.len()]).collect();
        let start = chance.below(places.len());
        let end = (start + chance.below(12)).min(places.len() - 1);
        let (from, to) = (places[start], places[end]);
        match chance.below(5) {
            0 => text.truncate(from),
            1 => text.replace_range(from..to, ""),
            2 => text.insert_str(from, chance.one::<&str>(&PIECES)),
            3 => {
                let piece = text[from..to].to_owned();
                text.insert_str(*chance.one(&places), &piece);
            }
            _ => {
                let mut bytes = text.into_bytes();
                if let Some(byte) = bytes.get_mut(from) {
                    *byte ^= 1 << chance.below(7);
                }
                text = String::from_utf8_lossy(&bytes).into_owned();
            }
        }
    }
    text
}

fn check(format: Format, documents: &[&str], seed: u64) {
    let mut chance = Chance::new(seed);
    let mut edits = 0;
    for document in documents {
        for _ in 0..ROUNDS {
            let before = broken(document, &mut chance);
            let path = *chance.one(&["telemetry.enabled", "telemetry.new", "theme", "x.y.z"]);
            let value = chance.one(&[ON, OFF, text("it's: \"new\" # \\ é")]).clone();
            edits += usize::from(check_edit(format, &before, path, &value));
        }
    }
    // Many must have gone through, or nothing was tested.
    assert!(edits > documents.len() * ROUNDS / 10, "only {edits} edits went through");
}

/// Whether the edit went through.
fn check_edit(format: Format, before: &str, path: &str, value: &Scalar) -> bool {
    let found = get(format, before, path);
    let known = leaves(format, before);
    let place = format!(".{path}");
    if let Ok(Found::Scalar(Scalar::Flag(flag))) = found {
        let said = known.as_ref().and_then(|known| known.get(&place)).expect(before);
        assert!(said.to_ascii_lowercase().contains(&flag.to_string()), "{before:?}: {said}");
    }
    let Ok(after) = set(format, before, path, value) else { return false };
    let (found, before_known) = (found.expect("set reads first"), known.expect(before));
    assert_eq!(get(format, &after, path), Ok(Found::Scalar(value.clone())), "{before:?}");
    let after_known = leaves(format, &after).expect("an edit leaves a valid text");
    assert_eq!(
        others(&before_known, path, Touched::from(&found)),
        others(&after_known, path, Touched::from(&found)),
        "{path} in {before:?} became {after:?}"
    );
    // A `#` of the old value goes with it; every other one is a comment's or
    // somebody else's.
    let signs = |text: &str| text.matches('#').count();
    let gone = matches!(&found, Found::Scalar(Scalar::Text(old)) if old.contains('#'));
    let added = usize::from(matches!(value, Scalar::Text(_)));
    assert!(gone || signs(&after) == signs(before) + added, "{before:?} became {after:?}");
    if let Ok(without) = remove(format, &after, path) {
        assert_eq!(get(format, &without, path), Ok(Found::Absent), "{after:?}");
        let known = leaves(format, &without).expect("a removal leaves a valid text");
        let removed = Touched::TablesToo;
        assert_eq!(
            others(&after_known, path, removed),
            others(&known, path, removed),
            "{path} out of {after:?} became {without:?}"
        );
    }
    true
}

#[derive(Clone, Copy)]
enum Touched {
    Value,
    /// The tables above the value came or went with it.
    TablesToo,
}

impl From<&Found> for Touched {
    fn from(found: &Found) -> Touched {
        match found {
            Found::Scalar(_) => Touched::Value,
            Found::Absent | Found::Other => Touched::TablesToo,
        }
    }
}

/// All leaves but those that the edit may touch.
fn others(
    leaves: &std::collections::BTreeMap<String, String>,
    path: &str,
    touched: Touched,
) -> Vec<(String, String)> {
    let place = format!(".{path}");
    let is_touched = |leaf: &str| {
        let leaf = leaf.strip_suffix(" as key").unwrap_or(leaf);
        leaf == place
            || (matches!(touched, Touched::TablesToo)
                && (leaf.is_empty() || place.starts_with(&format!("{leaf}."))))
    };
    let kept = leaves.iter().filter(|(leaf, _)| !is_touched(leaf));
    kept.map(|(leaf, value)| (leaf.clone(), value.clone())).collect()
}

#[test]
fn json() {
    check(
        Format::Json,
        &[
            "{\n  \"theme\": \"dark\",\n  \"telemetry\": {\n    \"enabled\": true,\n    \"id\": \"x\"\n  }\n}\n",
            "{\"telemetry\":{\"enabled\":false},\"a\":[1,{\"b\":null}],\"theme\":\"\\u00e9\\\\\"}",
            "{\r\n\t\"a\": {},\r\n\t\"telemetry\": {}\r\n}",
            "\u{feff}{ \"x\" : { \"y\" : { } } , \"telemetry\" : { \"enabled\" : true } }",
        ],
        1,
    );
}

#[cfg(feature = "toml")]
#[test]
fn toml() {
    check(
        Format::Toml,
        &[
            "# mine\ntheme = \"dark\" # really\n\n[telemetry]\nenabled = true # yes\nid = 'x'\n\n[x]\ny.a = 1\n",
            "theme = 'light'\r\ntelemetry = { enabled = false, b.c = [1, 2], }\r\n[[d]]\r\ne = 1\r\n",
            "telemetry.enabled = true\ntelemetry.id = \"\"\"\nx\"\"\"\n# end",
            "[telemetry.deep]\na = 1.5\n\n  [telemetry]\n  # nothing yet\n",
        ],
        2,
    );
}

#[cfg(feature = "yaml")]
#[test]
fn yaml() {
    check(
        Format::Yaml,
        &[
            "# mine\ntheme: dark # really\n\ntelemetry: # here\n  enabled: true # yes\n  id: 'x'\nx:\n  y:\n    - 1\n    - a: b\n",
            "---\r\na: |\r\n  text\r\n\r\ntelemetry:\r\n    enabled: False\r\nlast: >-\r\n  more\r\n  text\r\n",
            "{\"theme\": \"dark\", \"telemetry\": {\"enabled\": true}, \"a\": [1, {\"b\": null}]}\n",
            "a: &a {b: 1}\nc:\n  <<: *a\ntelemetry:\n  # nothing yet\nx: {y: {}}\n",
            "telemetry:\n  deep:\n    list:\n    - 1\n  enabled: yes",
        ],
        3,
    );
}
