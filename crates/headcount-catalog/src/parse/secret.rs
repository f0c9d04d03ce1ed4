//! Refuses secrets in a catalog, because it ships with every copy of the
//! program. Keys that can only write, such as `pub…` and `phc_…`, are public.

use super::notes::{Notes, shown};
use super::toml_tree::{Data, Node, Table};

/// How secrets start, and what they are. A secret has at least [`REST`] more
/// characters.
const SECRETS: [(&str, &str); 13] = [
    ("hcr_", "a reader's token of a Headcount collector"),
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

/// Characters after the start of a secret. Fewer can be a word such as
/// `sk-learn`.
const REST: usize = 12;

/// Notes every value of the file that looks like a secret.
pub(super) fn refuse(root: &Table, notes: &mut Notes<'_>) {
    for pair in &root.pairs {
        refuse_node(&pair.key, &pair.value, notes);
    }
}

fn refuse_node(key: &str, node: &Node, notes: &mut Notes<'_>) {
    match &node.data {
        Data::Text(text) => {
            if let Some(what) = secret(text) {
                let message = format!(
                    "`{}` looks like {what}. The catalog ships with every copy of the program: \
                     remove the secret, revoke it, and use a key that can only write.",
                    shown(key)
                );
                notes.secret(node.at, message);
            }
        }
        Data::List(items) => items.iter().for_each(|item| refuse_node(key, item, notes)),
        Data::Table(table) => refuse(table, notes),
        Data::Whole(_) | Data::Flag(_) | Data::Hole | Data::Foreign(_) => {}
    }
}

/// Returns what the secret in a text is, such as "a GitHub token".
pub(super) fn secret(text: &str) -> Option<&'static str> {
    if text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    let ends_word = |byte: &u8| !byte.is_ascii_alphanumeric() && !b"_-".contains(byte);
    let known = |word: &[u8]| SECRETS.iter().find(|(start, _)| is_secret(word, start));
    text.as_bytes().split(ends_word).find_map(known).map(|(_, what)| *what)
}

/// Whether a word starts like a secret and does not continue like a word of a
/// language.
fn is_secret(word: &[u8], start: &str) -> bool {
    word.strip_prefix(start.as_bytes())
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
        assert!(secret(&format!("phx_{made_up}")).is_some());
        assert!(secret(&format!("https://example.org/?key=sk-{made_up}")).is_some());
        assert!(is_datadog_secret(made_up));
        for public in [format!("phc_{made_up}"), format!("pub{made_up}"), "sk-learn".to_owned()] {
            assert_eq!(secret(&public), None, "{public}");
            assert!(!is_datadog_secret(&public), "{public}");
        }
    }
}
