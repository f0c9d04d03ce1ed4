//! No key of anybody's: what looks like a real one is refused, whatever file it
//! is in. One public token is let through, by its very value: Datadog's shape,
//! and all zeros.

use crate::Finding;
use crate::tree::SourceFile;

/// The client token of the AssemblyAI example: nobody's.
const PUBLIC: &str = "pub00000000000000000000000000000000";

/// How a key begins, how many letters and digits follow at the least, and whose
/// it is. Made-up keys in tests are shorter than real ones.
const KEYS: [(&str, usize, &str); 9] = [
    ("pub", 32, "a Datadog client token"),
    ("phc_", 32, "a PostHog project key"),
    ("phx_", 32, "a personal PostHog key"),
    ("phs_", 32, "a secret PostHog key"),
    ("AKIA", 16, "an AWS access key"),
    ("ghp_", 36, "a GitHub token"),
    ("gho_", 36, "a GitHub token"),
    ("github_pat_", 22, "a GitHub token"),
    ("sk_live_", 24, "a secret API key"),
];

/// Words on a line that make 32 or 40 hexadecimal digits on it a Datadog key.
const DATADOG: [&str; 6] = ["datadog", "dd-api", "dd_api", "dd-app", "dd_app", "ddapi"];

/// How the first line of a private key ends. Put together here, so that this
/// file does not hold what it looks for.
const PRIVATE: &str = concat!("PRIVATE ", "KEY-----");

pub(super) fn check(file: &SourceFile) -> Vec<Finding> {
    file.lines()
        .filter_map(|(number, line)| Some((number, secret(line)?)))
        .map(|(number, whose)| {
            let sentence = format!(
                "This looks like {whose}: take it out, revoke it, and make up a shorter one or put \
                 it together from pieces where a test needs its shape."
            );
            Finding::new(&file.path, number, sentence)
        })
        .collect()
}

/// Whose key the line holds.
fn secret(line: &str) -> Option<&'static str> {
    if line.contains(PRIVATE) && line.contains("-----BEGIN ") {
        return Some("a private key");
    }
    let lower = line.to_ascii_lowercase();
    let is_datadogs = DATADOG.iter().any(|word| lower.contains(word));
    let words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| *word != PUBLIC).find_map(|word| {
        let bare = matches!(word.len(), 32 | 40) && word.bytes().all(|it| it.is_ascii_hexdigit());
        if is_datadogs && bare {
            return Some("a Datadog key");
        }
        KEYS.iter()
            .find(|(begins, least, _)| is_key(word, begins, *least))
            .map(|(_, _, whose)| *whose)
    })
}

fn is_key(word: &str, begins: &str, least: usize) -> bool {
    let Some(rest) = word.strip_prefix(begins) else { return false };
    // A token of Datadog's is hexadecimal and of one length; `publicly…` is not
    // one.
    let hexadecimal =
        |rest: &str| rest.len() == least && rest.bytes().all(|it| it.is_ascii_hexdigit());
    match begins {
        "pub" => hexadecimal(rest),
        // A word in capitals has no digits in it.
        _ => rest.len() >= least && rest.bytes().any(|it| it.is_ascii_digit()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Put together here, so that this file does not hold what it looks for.
    fn made_up(begins: &str, length: usize) -> String {
        let digits = "0123456789abcdef".chars().cycle();
        begins.chars().chain(digits.take(length)).collect()
    }

    #[test]
    fn keys_are_caught_in_any_file() {
        for (begins, least, whose) in KEYS {
            let line = format!("key = \"{}\"", made_up(begins, least));
            for path in ["a.rs", "examples/a/telemetry.toml", "docs/a.md", "notes", "a.json.golden"]
            {
                let caught = check(&SourceFile::new(path, &format!("//! A.\n{line}\n")));
                assert_eq!(caught.len(), 1, "{whose} in {path}");
                assert_eq!(caught[0].line, 2);
                assert!(caught[0].sentence.contains(whose));
            }
        }
        let url = format!("https://intake.example/api/v2/logs?x=1&{}", made_up("pub", 32));
        assert!(secret(&url).is_some());
        for (before, length) in
            [("DD_API_KEY=", 32), ("dd-application-key: ", 40), ("# Datadog's\t", 32)]
        {
            assert_eq!(secret(&format!("{before}{}", made_up("", length))), Some("a Datadog key"));
        }
        let head = format!("-----BEGIN EC {PRIVATE}");
        assert_eq!(secret(&head), Some("a private key"));
    }

    #[test]
    fn the_one_public_token_is_let_through_by_its_value() {
        assert_eq!(secret(&format!("key = {{ value = \"{PUBLIC}\" }}  # Datadog")), None);
        let nearly = format!("{}1", &PUBLIC[..PUBLIC.len() - 1]);
        assert_eq!(secret(&nearly), Some("a Datadog client token"));
    }

    #[test]
    fn what_only_begins_like_a_key_is_none() {
        for line in [
            "pub fn publicly_available_in_every_single_release() {}",
            "phc_test and phc_x",
            "const AKIAKIAKIAKIAKIAKIAKIA: u8 = 1;",
            "checksum = \"d41d8cd98f00b204e9800998ecf8427e\"",
            "datadog: 01a1f640-bc00-7000-8000-000000000000",
        ] {
            assert_eq!(secret(line), None, "{line}");
        }
    }
}
