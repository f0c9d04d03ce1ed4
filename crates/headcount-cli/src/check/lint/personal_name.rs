//! HC104: the name of an open value promises something personal.

use headcount_catalog::{Catalog, Day, Kind};

use super::advice::{Advice, Lint, reported};
use crate::check::finding::Level;

pub(super) const LINT: Lint = Lint {
    code: "HC104",
    name: "personal-name",
    explanation: "A value that is called `user_name`, `path` or `prompt` and whose vocabulary is open will one day hold \
                  one, whatever its author meant. Close the vocabulary (`choice`), count instead (`count`, `bucket`), or \
                  give it the name of what it really is.",
    find,
};

/// Words in names of what people do not share.
const PERSONAL: [&str; 36] = [
    "user",
    "username",
    "login",
    "email",
    "mail",
    "name",
    "host",
    "hostname",
    "machine",
    "ip",
    "address",
    "phone",
    "path",
    "file",
    "filename",
    "dir",
    "directory",
    "folder",
    "cwd",
    "home",
    "url",
    "uri",
    "query",
    "prompt",
    "message",
    "text",
    "content",
    "args",
    "argv",
    "arguments",
    "branch",
    "repo",
    "repository",
    "remote",
    "org",
    "token",
];

fn find(catalog: &Catalog, _today: Day) -> Vec<Advice> {
    let all = reported(catalog).into_iter();
    let open = all.filter(|one| matches!(one.kind, Kind::Token { .. }));
    let personal = open.filter_map(|one| {
        let word = personal(one.name)?;
        let message = format!(
            "{} is open to any {word}: close it with `choice`, count it with `bucket`, or name what it really holds.",
            one.shown
        );
        Some(Advice { level: Level::Advice, keys: one.keys, message })
    });
    personal.collect()
}

/// The personal word in a name: the last one, which says what the value is.
fn personal(name: &str) -> Option<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = '_';
    for letter in name.chars() {
        let is_new = !letter.is_alphanumeric() || (letter.is_uppercase() && before.is_lowercase());
        if is_new || words.is_empty() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    let last = words.pop()?;
    let first = words.pop().unwrap_or_default();
    let is_personal = |word: &String| PERSONAL.contains(&word.as_str());
    // `user_name` is personal, and so is `path_of`; `model_name` is not.
    match last.as_str() {
        "name" => is_personal(&first).then(|| format!("{first} name")),
        _ => is_personal(&last).then_some(last),
    }
}

#[cfg(test)]
mod tests {
    use super::personal;

    #[test]
    fn the_last_word_of_a_name_counts() {
        for (name, word) in [
            ("user_name", Some("user name")),
            ("userName", Some("user name")),
            ("properties.git-branch", Some("branch")),
            ("cwd", Some("cwd")),
            ("PATH", Some("path")),
            ("model", None),
            ("model_name", None),
            ("path_count", None),
            ("", None),
        ] {
            assert_eq!(personal(name).as_deref(), word, "{name}");
        }
    }
}
