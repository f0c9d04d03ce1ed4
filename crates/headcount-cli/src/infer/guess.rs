//! Which kind fits the values that were seen: decided purely. What could be
//! anything is left out, and said to be.

use std::collections::BTreeSet;

use serde_json::Value as Json;

/// Words of a closed set, at most: more are rather an open vocabulary.
const WORDS: usize = 40;

/// Letters of a word, at most.
const LETTERS: usize = 40;

/// How often each word must have come, on average, to be one of a set.
const TIMES: usize = 2;

/// Parts of names that are about a person or their files, whatever the values
/// look like.
const PERSONAL: [&str; 22] = [
    "account", "address", "argument", "author", "branch", "cwd", "dir", "email", "file", "folder",
    "host", "message", "name", "path", "prompt", "query", "repo", "text", "title", "token", "url",
    "user",
];

/// What a property becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Guess {
    /// The kind, as the grammar writes it.
    Kind(String),
    /// It is left out: why, as the end of a comment.
    Out(String),
}

/// Guesses from the name and the values, of which there is at least one.
pub(crate) fn guess(name: &str, values: &[Json]) -> Guess {
    if let Some(kind) = numbers(name, values) {
        return kind;
    }
    if values.iter().all(Json::is_boolean) {
        return kind("\"flag\"");
    }
    if values.iter().all(Json::is_array) {
        let all: Vec<&str> =
            values.iter().filter_map(Json::as_array).flatten().filter_map(Json::as_str).collect();
        return words(name, &all, "choices");
    }
    let texts: Vec<&str> = values.iter().filter_map(Json::as_str).collect();
    if texts.len() != values.len() {
        return out("its values are of several types");
    }
    if texts.iter().all(|text| is_version(text)) {
        return kind("\"version\"");
    }
    words(name, &texts, "choice")
}

fn kind(text: &str) -> Guess {
    Guess::Kind(text.to_owned())
}

fn out(why: &str) -> Guess {
    Guess::Out(why.to_owned())
}

fn numbers(name: &str, values: &[Json]) -> Option<Guess> {
    if !values.iter().all(Json::is_number) {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    let most = values.iter().filter_map(Json::as_f64).fold(0.0_f64, f64::max);
    if values.iter().any(|value| value.as_f64().is_some_and(|number| number < 0.0))
        && !is_exit_code(&lower)
    {
        return Some(out("some of its numbers are below 0: count something else"));
    }
    if is_exit_code(&lower) && values.iter().all(Json::is_i64) {
        return Some(kind("\"exit-code\""));
    }
    if values.iter().any(|value| !value.is_u64()) {
        return Some(Guess::Out(format!(
            "it has decimals: write {{ amount = \"its unit\", cap = {} }}",
            cap(most)
        )));
    }
    let unit = match () {
        () if ends_in(&lower, &["ms", "millis", "milliseconds"]) => Some("ms"),
        () if ends_in(&lower, &["s", "sec", "secs", "seconds"]) => Some("s"),
        () if ["duration", "elapsed", "took"].contains(&lower.as_str()) => Some("ms"),
        () => None,
    };
    Some(Guess::Kind(match unit {
        Some(unit) => format!("{{ duration = \"{unit}\" }}"),
        None => format!("{{ count = {} }}", cap(most)),
    }))
}

fn is_exit_code(lower: &str) -> bool {
    ["code", "exit_code", "exitcode", "exit-code", "exit_status", "status_code"].contains(&lower)
}

/// Whether a name ends in one of these as a word of its own: `took_ms`.
fn ends_in(lower: &str, words: &[&str]) -> bool {
    words
        .iter()
        .any(|word| lower.strip_suffix(word).is_some_and(|rest| rest.ends_with(['_', '-', '.'])))
}

/// The power of ten above ten times the greatest number seen: room, and a
/// bound.
fn cap(most: f64) -> u64 {
    let mut cap = 10_u64;
    while (cap as f64) < most * 10.0 && cap < 1_000_000_000_000 {
        cap *= 10;
    }
    cap
}

/// Texts as words of a closed set, if they are.
fn words(name: &str, texts: &[&str], key: &str) -> Guess {
    if is_personal(name) {
        return out("its name says that it could be about a person, their files or their words");
    }
    let set: BTreeSet<&str> = texts.iter().copied().collect();
    if set.is_empty() {
        return out("it was always empty");
    }
    if !set.iter().all(|text| is_word(text)) {
        return out("some of its texts are not single words, and a text can say anything");
    }
    if set.len() > WORDS || (set.len() > 1 && texts.len() < set.len() * TIMES) {
        return Guess::Out(format!(
            "{} different words came {} times, so it is not a closed set: choose the words that you \
             need, and let the others be \"other\"",
            set.len(),
            texts.len()
        ));
    }
    let listed: Vec<String> = set.iter().map(|word| Json::from(*word).to_string()).collect();
    let bucket = if set.contains("other") { "\"unlisted\"" } else { "\"other\"" };
    Guess::Kind(format!("{{ {key} = [{}], other = {bucket} }}", listed.join(", ")))
}

fn is_personal(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let parts: Vec<&str> = lower.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
    // `name` alone is mostly that of a command; `user_name` is not.
    PERSONAL.iter().any(|word| parts.contains(word) && (parts.len() > 1 || *word != "name"))
}

/// A word that can be one of a set: nothing of a path, an address or a
/// sentence.
fn is_word(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte);
    (1..=LETTERS).contains(&text.len())
        && text.bytes().all(is_letter)
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !is_secret(text)
}

/// Long, with many digits: an id or a key rather than a word.
fn is_secret(text: &str) -> bool {
    text.len() >= 16 && text.bytes().filter(u8::is_ascii_digit).count() * 4 >= text.len()
}

/// `1.2.3`, with a pre-release if there is one.
fn is_version(text: &str) -> bool {
    let plain = text.split(['-', '+']).next().unwrap_or_default();
    let parts: Vec<&str> = plain.split('.').collect();
    (2..=4).contains(&parts.len())
        && text.len() <= LETTERS
        && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(name: &str, values: &Json) -> Guess {
        guess(name, values.as_array().unwrap())
    }

    #[test]
    fn values_say_their_kind() {
        for (name, values, expected) in [
            ("worked", json!([true, false]), "\"flag\""),
            ("took_ms", json!([12, 900]), "{ duration = \"ms\" }"),
            ("wait_s", json!([1]), "{ duration = \"s\" }"),
            ("exit_code", json!([0, -1]), "\"exit-code\""),
            ("files", json!([0, 7, 431]), "{ count = 10000 }"),
            ("none", json!([0]), "{ count = 10 }"),
            ("compiler", json!(["1.95.0", "1.96.0-beta.1"]), "\"version\""),
            (
                "command",
                json!(["test", "build", "test", "build"]),
                "{ choice = [\"build\", \"test\"], other = \"other\" }",
            ),
            ("name", json!(["a", "a"]), "{ choice = [\"a\"], other = \"other\" }"),
            (
                "flags",
                json!([["-q"], ["-q", "-v"], ["-v"], []]),
                "{ choices = [\"-q\", \"-v\"], other = \"other\" }",
            ),
            ("kind", json!(["other", "other"]), "{ choice = [\"other\"], other = \"unlisted\" }"),
        ] {
            assert_eq!(of(name, &values), Guess::Kind(expected.to_owned()), "{name}");
        }
    }

    #[test]
    fn what_could_be_anything_is_left_out() {
        for (name, values) in [
            ("command", json!(["rm -rf /home/me", "rm -rf /home/me"])),
            ("command", json!(["a", "b", "c"])),
            ("user_name", json!(["mia", "mia", "mia"])),
            ("path", json!(["src", "src"])),
            ("email", json!(["a", "a"])),
            ("kind", json!(["me@mail.example", "me@mail.example"])),
            ("key", json!(["a94f0c1188e7d2b5", "a94f0c1188e7d2b5"])),
            ("mixed", json!(["a", 1])),
            ("tree", json!([{"a": 1}])),
            ("change", json!([-4, 4])),
            ("cost", json!([0.25])),
            ("numbers", json!(["17", "17"])),
        ] {
            assert!(matches!(of(name, &values), Guess::Out(_)), "{name}: {values}");
        }
    }
}
