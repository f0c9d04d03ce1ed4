//! What was read of somebody else's description of events, before it is text.

/// Everything that was read.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Draft {
    pub(super) events: Vec<DraftEvent>,
    /// What cannot be an event: its name, and why.
    pub(super) left_out: Vec<(String, String)>,
}

/// An event.
#[derive(Debug, Default, PartialEq)]
pub(super) struct DraftEvent {
    pub(super) name: String,
    /// What is said of it.
    pub(super) why: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) properties: Vec<DraftProperty>,
}

/// A property.
#[derive(Debug, PartialEq)]
pub(super) struct DraftProperty {
    /// Its name there.
    pub(super) name: String,
    /// What is said of it.
    pub(super) brief: Option<String>,
    pub(super) found: Found,
}

/// What a property becomes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    /// A kind, as the grammar writes it, and whether every event has it.
    Kind { kind: String, is_required: bool },
    /// A whole definition, as the grammar writes it.
    Whole(String),
    /// It is left out: why, as the end of a comment.
    Out(String),
}

impl Found {
    pub(super) fn out(why: impl Into<String>) -> Self {
        Self::Out(why.into())
    }
}

/// The text of a closed set, or why it is none.
pub(super) fn choice(key: &str, words: &[String], other: Option<&str>) -> Result<String, String> {
    let is_word = |word: &str| {
        let fits = |byte: u8| (b' '..=b'~').contains(&byte) && byte != b'"' && byte != b'\\';
        !word.is_empty()
            && word.len() <= headcount_catalog::limits::WORD_BYTES
            && word.bytes().all(fits)
    };
    if words.is_empty() {
        return Err("its set has no words".to_owned());
    }
    if words.len() > headcount_catalog::limits::SET_WORDS {
        return Err(format!("its set has {} words, more than a catalog takes", words.len()));
    }
    if !words.iter().all(|word| is_word(word)) {
        return Err("some of its words are not plain ASCII, or are longer than 80 bytes".to_owned());
    }
    let mut listed: Vec<String> = Vec::new();
    for word in words.iter().filter(|word| Some(word.as_str()) != other) {
        let quoted = serde_json::Value::from(word.as_str()).to_string();
        if !listed.contains(&quoted) {
            listed.push(quoted);
        }
    }
    if listed.is_empty() {
        return Err("its set has no words".to_owned());
    }
    let other = other.map_or_else(String::new, |other| format!(", other = \"{other}\""));
    Ok(format!("{{ {key} = [{}]{other} }}", listed.join(", ")))
}

/// The kind of a whole number: by its name if that has a unit, else a count.
pub(super) fn whole(name: &str, most: Option<u64>) -> String {
    let lower = name.to_ascii_lowercase();
    let ends = |units: &[&str]| {
        let is_unit = |unit: &&str| {
            lower.strip_suffix(*unit).is_some_and(|rest| rest.ends_with(['_', '-', '.']))
        };
        units.iter().any(is_unit)
    };
    let cap = most.map_or_else(String::new, |most| format!(", cap = {most}"));
    if ends(&["ms", "millis", "milliseconds"]) {
        return format!("{{ duration = \"ms\"{cap} }}");
    }
    if ends(&["s", "sec", "secs", "seconds"]) {
        return format!("{{ duration = \"s\"{cap} }}");
    }
    let last = lower.rsplit(['.']).next().unwrap_or_default();
    if ["exit_code", "exitcode", "exit-code"].contains(&last) {
        return "\"exit-code\"".to_owned();
    }
    format!("{{ count = {} }}", most.unwrap_or(super::limits::COUNT_CAP))
}

/// Why a plain string is left out.
pub(super) const TEXT: &str =
    "a text can say anything: list its words as { choice = [\"…\"] } if they are few and known";

/// Why decimals are left out.
pub(super) const DECIMALS: &str = "it has decimals: write { amount = \"its unit\", cap = … }";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_are_a_set() {
        let words =
            |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            choice("choice", &words(&["a", "b", "a", "other"]), Some("other")).as_deref(),
            Ok("{ choice = [\"a\", \"b\"], other = \"other\" }")
        );
        for wrong in [&[][..], &["other"], &["ü"], &["a\"b"], &["a\nb"], &[""]] {
            assert!(choice("choice", &words(wrong), Some("other")).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_number_is_what_its_name_says() {
        for (name, most, kind) in [
            ("http.took_ms", None, "{ duration = \"ms\" }"),
            ("wait.s", Some(60), "{ duration = \"s\", cap = 60 }"),
            ("process.exit_code", None, "\"exit-code\""),
            ("files", Some(7), "{ count = 7 }"),
            ("atoms", None, "{ count = 1000000 }"),
        ] {
            assert_eq!(whole(name, most), kind);
        }
    }
}
