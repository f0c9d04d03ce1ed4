//! The name that somebody may have meant.

/// The nearest of some names, if it is near.
pub(super) fn nearest<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    let word = word.to_ascii_lowercase();
    let near = names.iter().map(|name| (strsim::levenshtein(&word, name), *name));
    let near = near.filter(|(distance, name)| *distance <= 2.max(name.len() / 3));
    // What begins alike is nearer than what is merely short.
    let begins = names.iter().find(|name| word.len() > 1 && name.starts_with(&word));
    begins.copied().or(near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_found() {
        let names = ["events", "active", "retention", "by-property", "versions", "rejected"];
        for (word, name) in [
            ("event", Some("events")),
            ("Evnets", Some("events")),
            ("activ", Some("active")),
            ("version", Some("versions")),
            ("ret", Some("retention")),
            ("by_property", Some("by-property")),
            ("reject", Some("rejected")),
            ("x", None),
            ("", None),
            ("telemetry", None),
        ] {
            assert_eq!(nearest(word, &names), name, "{word}");
        }
    }
}
