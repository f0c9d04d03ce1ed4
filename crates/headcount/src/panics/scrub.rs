//! Removes everything that could be personal from the start of a message:
//! paths, addresses, names, quotations, numbers. The result always has the
//! shape of the catalog's `scrubbed` kind.

use crate::Surroundings;

/// Most characters kept: two short sentences.
const MOST: usize = 120;

/// Words that must not be in a message.
#[derive(Debug, Clone, Default)]
pub(super) struct Secrets {
    home: Option<String>,
    here: Option<String>,
    names: Vec<String>,
}

impl Secrets {
    /// The secrets of these surroundings.
    pub(super) fn of(surroundings: &Surroundings) -> Self {
        let variables = ["USER", "LOGNAME", "USERNAME", "HOSTNAME", "COMPUTERNAME"];
        Self {
            home: surroundings.home.as_ref().map(|home| home.display().to_string()),
            here: std::env::current_dir().ok().map(|here| here.display().to_string()),
            names: variables
                .into_iter()
                .filter_map(|name| surroundings.variable(name))
                .filter(|name| name.len() > 1)
                .collect(),
        }
    }
}

/// Scrubs a message.
pub(super) fn scrub(message: &str, secrets: &Secrets) -> String {
    let mut text = message.to_owned();
    for (path, mark) in [(&secrets.here, "<CWD>"), (&secrets.home, "<HOME>")] {
        if let Some(path) = path.as_deref().filter(|path| path.len() > 1) {
            text = text.replace(path, mark);
        }
    }
    let mut out = String::new();
    let mut in_path = false;
    for word in unquoted(&text).split_whitespace() {
        // A path may contain spaces: only a punctuation mark shows where it
        // ends.
        let ends = word.ends_with([':', ';', ',', ')']);
        if in_path {
            in_path = !ends;
            continue;
        }
        let word = harmless(word, secrets);
        in_path = matches!(word.as_str(), "<HOME>" | "<CWD>" | "<path>") && !ends;
        if out.len() + word.len() + 1 > MOST {
            break;
        }
        if !out.is_empty() && !word.is_empty() {
            out.push(' ');
        }
        out.push_str(&word);
    }
    out
}

/// Replaces everything from the first quotation mark to the last: quoted text
/// may contain quotation marks, so pairs cannot be trusted. If the last mark
/// opens a quotation, the rest is replaced too.
fn unquoted(text: &str) -> String {
    let mut marks = text.char_indices().filter(|(at, character)| is_mark(text, *at, *character));
    let Some((first, _)) = marks.next() else { return text.to_owned() };
    let (last, mark) = marks.next_back().unwrap_or((first, ' '));
    let (inside, after) = text[first..].split_at(last - first);
    let after = after.strip_prefix(mark).unwrap_or("");
    let closes = !inside.is_empty()
        && !inside.ends_with(char::is_whitespace)
        && !after.starts_with(char::is_alphanumeric);
    format!("{} <text> {}", &text[..first], if closes { after } else { "" })
}

/// Whether a quotation may begin or end there. An apostrophe inside a word does
/// neither.
fn is_mark(text: &str, at: usize, character: char) -> bool {
    match character {
        '"' | '`' | '“' | '”' | '„' | '«' | '»' | '‘' => true,
        '\'' | '’' => {
            let before = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
            let after = text[at + character.len_utf8()..].starts_with(char::is_alphanumeric);
            !(before && after)
        }
        _ => false,
    }
}

/// The word, or a placeholder for its kind.
fn harmless(word: &str, secrets: &Secrets) -> String {
    for mark in ["<HOME>", "<CWD>", "<text>"] {
        if word.contains(mark) {
            return mark.to_owned();
        }
    }
    let bare = word.trim_matches(|character: char| !character.is_alphanumeric());
    if bare.is_empty() {
        return String::new();
    }
    let is_name = |name: &String| bare.eq_ignore_ascii_case(name);
    if word.contains(['/', '\\']) {
        return "<path>".to_owned();
    }
    if word.contains('@') || secrets.names.iter().any(is_name) || bare.contains('.') {
        return "<name>".to_owned();
    }
    if word.chars().any(char::is_numeric) {
        return "<n>".to_owned();
    }
    if word.bytes().any(|byte| !byte.is_ascii()) {
        return "<word>".to_owned();
    }
    let is_plain = |letter: &char| letter.is_ascii_alphabetic() || ".,:;()<>_-!?".contains(*letter);
    let kept: String = word.chars().filter(is_plain).collect();
    // A dot may end a word, but not join two as in a host name.
    match kept.find('.') {
        Some(dot) if dot + 1 < kept.len() => "<name>".to_owned(),
        _ => kept,
    }
}

#[cfg(test)]
mod tests {
    use headcount_catalog::Kind;

    use super::*;

    fn secrets() -> Secrets {
        Secrets {
            home: Some("/home/jane".into()),
            here: Some("/srv/secret-project".into()),
            names: vec!["jane".into(), "buildbox".into()],
        }
    }

    #[test]
    fn what_could_be_somebodys_is_gone() {
        for (message, expected) in [
            (
                "index out of bounds: the len is 3 but the index is 7",
                "index out of bounds: the len is <n> but the index is <n>",
            ),
            ("cannot open /home/jane/x.txt: denied", "cannot open <HOME> denied"),
            ("in /srv/secret-project/src", "in <CWD>"),
            ("cannot open /home/jane/my secret plan/x: denied", "cannot open <HOME> denied"),
            ("cannot open /mnt/my secret plan", "cannot open <path>"),
            ("cannot copy /mnt/my secret to /mnt/b (no space)", "cannot copy <path>"),
            (
                "called `Result::unwrap()` on an `Err` value: Os { code: 2 }",
                "called <text> value: Os code: <n>",
            ),
            ("hello Jane, buildbox is down", "hello <name> <name> is down"),
            ("couldn't reach internal-vpn.acme.example", "couldnt reach <name>"),
            ("mail jane@acme.example", "mail <name>"),
            ("said \"never closed and more", "said <text>"),
            (
                "byte index 9 is not a char boundary; it is inside 'é' (bytes 8..10) of `tell me \"a\" and `b` of our secret`[...]",
                "byte index <n> is not a char boundary; it is inside <text>",
            ),
            ("`a` then \"never closed", "<text>"),
            ("`a` then ` never closed", "<text>"),
            ("unknown key 'it's the plan' here", "unknown key <text> here"),
            ("größe überschritten", "<word> <word>"),
        ] {
            assert_eq!(scrub(message, &secrets()), expected, "{message}");
        }
    }

    #[test]
    fn whatever_comes_in_has_the_shape_that_goes_out() {
        let kind = Kind::Scrubbed { most: 200, because: "" };
        let mut seed = 7u64;
        for _ in 0..5_000 {
            let mut message = String::new();
            for _ in 0..60 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let pick = (seed >> 33) as usize;
                message.push(" ab.c/\\@'\"`<>1é\n:;(x".chars().nth(pick % 20).unwrap());
            }
            let scrubbed = scrub(&message, &secrets());
            assert!(kind.token(&scrubbed).is_ok(), "{message:?} -> {scrubbed:?}");
        }
    }
}
