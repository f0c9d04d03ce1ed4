//! Secrets that have no business in a file that ships with every copy of a
//! program. Keys that can only write, such as `pub…` and `phc_…`, are public.

use super::notes::Notes;
use super::source::{Data, Node, Table};

/// Beginnings of secrets, with whose they are. A secret is longer than its
/// beginning by at least [`REST`] characters.
const SECRETS: [(&str, &str); 12] = [
    ("phx_", "a personal PostHog key"),
    ("phs_", "a secret PostHog key"),
    ("ddapp_", "a Datadog application key"),
    ("sk-", "a secret API key"),
    ("sk_live_", "a secret API key"),
    ("rk_live_", "a secret API key"),
    ("ghp_", "a GitHub token"),
    ("gho_", "a GitHub token"),
    ("github_pat_", "a GitHub token"),
    ("glpat-", "a GitLab token"),
    ("AKIA", "an AWS access key"),
    ("xoxb-", "a Slack token"),
];

/// Characters after the beginning: fewer make a word, such as `sk-learn`.
const REST: usize = 12;

/// Notes every value of the file that is shaped like a secret.
pub(super) fn refuse(root: &Table, notes: &mut Notes<'_>) {
    for pair in &root.pairs {
        refuse_node(&pair.value, notes);
    }
}

fn refuse_node(node: &Node, notes: &mut Notes<'_>) {
    match &node.data {
        Data::Text(text) => {
            if let Some(whose) = whose(text) {
                let message = format!(
                    "This looks like {whose}. A catalog ships with every copy of the program: \
                     take it out, revoke it, and use a key that can only write."
                );
                notes.wrong(node.at, message);
            }
        }
        Data::List(items) => items.iter().for_each(|item| refuse_node(item, notes)),
        Data::Table(table) => refuse(table, notes),
        Data::Whole(_) | Data::Hole | Data::Foreign(_) => {}
    }
}

/// Whose secret the text looks like.
pub(super) fn whose(text: &str) -> Option<&'static str> {
    if text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    let ends_word = |byte: &u8| !byte.is_ascii_alphanumeric() && !b"_-".contains(byte);
    let secret = |word: &[u8]| SECRETS.iter().find(|(beginning, _)| goes_on(word, beginning));
    text.as_bytes().split(ends_word).find_map(secret).map(|(_, whose)| *whose)
}

/// Whether a word begins like that and goes on like no word of a language.
fn goes_on(word: &[u8], beginning: &str) -> bool {
    word.strip_prefix(beginning.as_bytes())
        .is_some_and(|rest| rest.len() >= REST && rest.iter().any(u8::is_ascii_digit))
}

/// A Datadog API key (32 hexadecimal digits) or application key (40).
pub(super) fn is_datadog_secret(text: &str) -> bool {
    matches!(text.len(), 32 | 40) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_from_public_keys_and_words() {
        let made_up = "0123456789abcdef0123456789abcdef";
        assert!(whose(&format!("phx_{made_up}")).is_some());
        assert!(whose(&format!("https://example.org/?key=sk-{made_up}")).is_some());
        assert!(is_datadog_secret(made_up));
        for public in [format!("phc_{made_up}"), format!("pub{made_up}"), "sk-learn".to_owned()] {
            assert_eq!(whose(&public), None, "{public}");
            assert!(!is_datadog_secret(&public), "{public}");
        }
    }
}
