//! A key in the settings that is not ours but was probably meant to be: it
//! differs in case, separators, its table, or by one slip, or is `telemetry`
//! alone. Unless it says yes, that is a no, as it is under the right key: a
//! mistake must not turn telemetry on.

use crate::disk::settings::Entry;

/// Returns the first entry that refuses and was meant to be `key`, which is a
/// dotted path.
pub(super) fn refusal<'e>(key: &str, entries: &'e [Entry]) -> Option<&'e Entry> {
    entries.iter().find(|entry| is_refusal(key, entry))
}

fn is_refusal(key: &str, entry: &Entry) -> bool {
    let path: Vec<&str> = entry.path.iter().map(String::as_str).collect();
    if path.iter().copied().eq(key.split('.')) {
        // Ours: it is read where keys are read.
        return false;
    }
    let said = Word::of(&entry.value);
    let opposite = key.strip_suffix("enabled").map(|start| format!("{start}disabled"));
    let refuses = |key: &str, no: Word, yes: Word| match meant(key, &path) {
        Meant::Probably => said != yes,
        Meant::Perhaps => said == no,
        Meant::Not => false,
    };
    refuses(key, Word::No, Word::Yes)
        || opposite.is_some_and(|key| refuses(&key, Word::Yes, Word::No))
        || (path.len() == 1 && plain(path[0]) == "telemetry" && said != Word::Yes)
}

/// What a value says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Yes,
    No,
    Other,
}

impl Word {
    fn of(value: &str) -> Self {
        match value.trim().to_ascii_lowercase().as_str() {
            "true" | "on" | "yes" | "1" | "y" => Self::Yes,
            "false" | "off" | "no" | "0" | "n" => Self::No,
            _ => Self::Other,
        }
    }
}

/// Whether a path was meant to be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meant {
    Probably,
    /// It has its last name alone, as keys about something else have too.
    Perhaps,
    Not,
}

fn meant(key: &str, path: &[&str]) -> Meant {
    let wanted = plain(key);
    // In any table, under any spelling: `[Telemetry]`, `telemetry_enabled`.
    let is_spelled = (0..path.len()).any(|from| plain(&path[from..].concat()) == wanted);
    // In a deeper table: `[telemetry.settings]`.
    let mut parts = path.iter();
    let is_deeper = key.contains('.')
        && path
            .last()
            .is_some_and(|name| plain(name) == plain(key.rsplit('.').next().unwrap_or(key)))
        && key.split('.').all(|part| parts.any(|found| plain(found) == plain(part)));
    // Without its table.
    let (_, name) = key.rsplit_once('.').unwrap_or(("", key));
    let is_bare = path.len() == 1 && plain(path[0]) == plain(name);
    if is_spelled || is_deeper || is_one_slip(&wanted, &plain(&path.concat())) {
        Meant::Probably
    } else if is_bare {
        Meant::Perhaps
    } else {
        Meant::Not
    }
}

/// Letters and digits, lower-case.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether the words differ by one letter: missing, added, another, or two
/// neighbours swapped. Short words are too much alike to tell.
fn is_one_slip(wanted: &str, found: &str) -> bool {
    const LEAST: usize = 8;
    let (wanted, found) = (wanted.as_bytes(), found.as_bytes());
    if wanted.len() < LEAST || wanted.len().abs_diff(found.len()) > 1 {
        return false;
    }
    let start = wanted.iter().zip(found).take_while(|(one, other)| one == other).count();
    let (wanted, found) = (&wanted[start..], &found[start..]);
    let rest = |text: &[u8], skipped: usize| text.get(skipped..).unwrap_or_default().to_vec();
    rest(wanted, 1) == rest(found, 1)
        || wanted == rest(found, 1)
        || rest(wanted, 1) == found
        || (wanted.len() >= 2
            && found.len() >= 2
            && [wanted[1], wanted[0]] == found[..2]
            && wanted[2..] == found[2..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, value: &str) -> Entry {
        let path = path.split('/').map(str::to_owned).collect();
        Entry { path, value: value.to_owned() }
    }

    #[test]
    fn case_separators_and_tables_do_not_matter_to_a_no() {
        for (key, path, value, refuses) in [
            ("telemetry.enabled", "Telemetry/enabled", "false", true),
            ("telemetry.enabled", "TELEMETRY/Enabled", "False", true),
            ("telemetry.enabled", "telemetry_enabled", "false", true),
            ("telemetry.enabled", "telemetry-enabled", "no", true),
            ("telemetry.enabled", "telemetryEnabled", "0", true),
            ("telemetry.enabled", "telemetry.enabled", "false", true),
            ("telemetry.enabled", "model/telemetry/enabled", "false", true),
            ("telemetry.enabled", "model/telemetry.enabled", "false", true),
            ("telemetry.enabled", "enabled", "false", true),
            ("telemetry.enabled", "telemetry/settings/enabled", "false", true),
            ("telemetry.enabled", "tool/telemetry/v2/enabled", "no", true),
            ("telemetry.enabled", "enabled/telemetry", "false", false),
            ("telemetry.enabled", "telemetry/disabled", "true", true),
            ("telemetry.enabled", "telemtery/enabled", "false", true),
            ("telemetry.enabled", "telexetry/enabled", "off", true),
            ("telemetry.enabled", "telemetry/enable", "false", true),
            ("telemetry.enabled", "telemetry/enabled", "false", false),
            ("telemetry.enabled", "sandbox/enabled", "false", false),
            ("telemetry.enabled", "telemetry/verbose", "false", false),
            ("telemetry.enabled", "Telemetry/enabled", "true", false),
            ("telemetry.enabled", "telemetry/disabled", "false", false),
            ("telemetry_enabled", "telemetry/enabled", "false", true),
            ("telemetry_enabled", "profile/telemetry_enabled", "false", true),
            ("enabled", "Enabled", "false", true),
            ("enabled", "telemetry/enabled", "false", true),
            ("enabled", "enable", "false", false),
            ("consentGiven", "consent_given", "false", true),
            ("telemetry.enabled", "Telemetry/Enabled", "disabled", true),
            ("telemetry.enabled", "Telemetry/Enabled", "", true),
            ("telemetry.enabled", "telemetry/disabled", "please", true),
            ("telemetry.enabled", "telemetry/endpoint", "https://a.example", false),
            ("telemetry.enabled", "enabled", "disabled", false),
            ("enabled", "ENABLED", "null", true),
            ("enabled", "telemetry", "off", true),
            ("telemetry.enabled", "Telemetry", "minimal", true),
            ("telemetry_enabled", "telemetry", "false", true),
            ("telemetry_enabled", "telemetry", "on", false),
            ("telemetry_enabled", "model/telemetry", "off", false),
        ] {
            let found = refusal(key, &[entry("theme", "dark"), entry(path, value)]).is_some();
            assert_eq!(found, refuses, "{path} = {value} for {key}");
        }
    }
}
