//! The configuration file: which settings it has, and where in it.

use std::fs;
use std::path::Path;

use headcount_catalog::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::alert_tables::{self, AlertSetting};
use super::file_place::FilePlace;
use super::report_tables::{self, ReportSetting};
use super::setting::{SettingKey, SettingShape};

/// Bytes of a configuration file: two hundred host names have six thousand.
const MOST_BYTES: u64 = 64 * 1024;

/// What a file says of one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileSetting {
    pub(super) key: SettingKey,
    /// One text, or those of an array. A boolean is `true` or `false`.
    pub(super) texts: Vec<String>,
    pub(super) place: FilePlace,
}

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct FileContent {
    pub(super) settings: Vec<FileSetting>,
    pub(super) alerts: Vec<AlertSetting>,
    pub(super) reports: Vec<ReportSetting>,
}

/// Reads a file.
///
/// # Errors
///
/// Every mistake, or why the file cannot be read.
pub(super) fn read(path: &Path) -> Result<FileContent, String> {
    let shown = path.display();
    let cannot = |error: std::io::Error| {
        format!("cannot read the configuration {shown}: {error}; name another one with --config")
    };
    let metadata = fs::metadata(path).map_err(cannot)?;
    if !metadata.is_file() {
        return Err(format!("the configuration {shown} is not a regular file"));
    }
    if is_writable_for_all(&metadata) {
        return Err(format!(
            "the configuration {shown} can be written by every user of this machine, who could let \
             anybody in: run `chmod o-w` on it, and look at what it says"
        ));
    }
    if metadata.len() > MOST_BYTES {
        return Err(format!("the configuration {shown} is longer than {} KiB", MOST_BYTES / 1024));
    }
    content(path, &fs::read_to_string(path).map_err(cannot)?)
}

#[cfg(unix)]
fn is_writable_for_all(metadata: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(metadata) & 0o002 != 0
}

#[cfg(not(unix))]
fn is_writable_for_all(_metadata: &fs::Metadata) -> bool {
    false
}

fn content(path: &Path, text: &str) -> Result<FileContent, String> {
    let place = |span| FilePlace::of(path, text, span);
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut mistakes: Vec<(usize, String)> = errors
        .iter()
        .map(|error| {
            let span = error.span().unwrap_or(text.len()..text.len());
            (span.start, place(span).mistake(error.message()))
        })
        .collect();
    // What follows a mistake of the grammar is a guess.
    let mut found = FileContent::default();
    if mistakes.is_empty() {
        for (name, value) in root.get_ref() {
            let key = name.get_ref();
            if key == alert_tables::KEY || key == report_tables::KEY {
                let folder = path.parent().unwrap_or(Path::new(""));
                let wrong = if key == alert_tables::KEY {
                    let (alerts, wrong) = alert_tables::read(value, &place, folder);
                    found.alerts = alerts;
                    wrong
                } else {
                    let (reports, wrong) = report_tables::read(value, &place, folder);
                    found.reports = reports;
                    wrong
                };
                let shown = |(span, sentence): (std::ops::Range<usize>, String)| {
                    (span.start, place(span).mistake(&sentence))
                };
                mistakes.extend(wrong.into_iter().map(shown));
                continue;
            }
            let key = match SettingKey::from_name(name.get_ref()) {
                Some(key) => key,
                None => {
                    let sentence = unknown(name.get_ref());
                    mistakes.push((name.span().start, place(name.span()).mistake(&sentence)));
                    continue;
                }
            };
            match texts(key.shape(), value) {
                Some(texts) => {
                    found.settings.push(FileSetting { key, texts, place: place(value.span()) });
                }
                None => {
                    let (name, expected) = (key.name(), key.shape().expected());
                    let sentence = format!("`{name}` is not {expected}");
                    mistakes.push((value.span().start, place(value.span()).mistake(&sentence)));
                }
            }
        }
    }
    if mistakes.is_empty() {
        return Ok(found);
    }
    mistakes.sort();
    Err(mistakes.into_iter().map(|(_, mistake)| mistake).collect::<Vec<_>>().join("\n"))
}

fn unknown(name: &str) -> String {
    let mut names = SettingKey::ALL.map(SettingKey::name).to_vec();
    names.extend([alert_tables::KEY, report_tables::KEY]);
    let hint = match nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use {}", names.join(", ")),
    };
    let shown: String = name.chars().filter(|letter| !letter.is_control()).take(60).collect();
    format!("unknown key `{shown}`; {hint}")
}

/// The texts of a value; `None` if it is of another type.
fn texts(shape: SettingShape, value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
    use SettingShape::{Flag, FlagOrTexts, Path, Text, Texts};

    match (shape, value.get_ref()) {
        (Flag | FlagOrTexts, DeValue::Boolean(flag)) => Some(vec![flag.to_string()]),
        (Text | Path | Texts | FlagOrTexts, DeValue::String(text)) => Some(vec![text.to_string()]),
        (Texts | FlagOrTexts, DeValue::Array(items)) => {
            let text = |item: &Spanned<DeValue<'_>>| match item.get_ref() {
                DeValue::String(text) => Some(text.to_string()),
                _ => None,
            };
            items.iter().map(text).collect()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use headcount_testkit::Home;

    use super::*;

    fn of(text: &str) -> Result<Vec<FileSetting>, String> {
        content(Path::new("h.toml"), text).map(|content| content.settings)
    }

    #[test]
    fn every_shape_is_read() {
        let found = of("listen = \"0.0.0.0:443\"\nhost = [\"a.example\", \"b.example\"]\n\
                        behind-proxy = true\ndevelopment = false\n")
        .unwrap();
        let texts: Vec<_> =
            found.iter().map(|setting| (setting.key.name(), setting.texts.join(" "))).collect();
        for expected in [
            ("listen", "0.0.0.0:443"),
            ("host", "a.example b.example"),
            ("behind-proxy", "true"),
            ("development", "false"),
        ] {
            assert!(texts.iter().any(|(key, text)| (*key, text.as_str()) == expected), "{texts:?}");
        }
        assert_eq!(
            found.iter().find(|one| one.key.name() == "host").unwrap().place.line(),
            "h.toml:2"
        );
    }

    #[test]
    fn a_mistake_says_where_and_what_was_meant() {
        assert_eq!(
            of("# a comment\n\nlisen = \"127.0.0.1:1\"\n").unwrap_err(),
            "h.toml:3:1: unknown key `lisen`; did you mean `listen`?\n    lisen = \"127.0.0.1:1\"\n    ^^^^^"
        );
        assert_eq!(
            of("tls-key = 7\n").unwrap_err(),
            "h.toml:1:11: `tls-key` is not a string\n    tls-key = 7\n              ^"
        );
    }

    #[test]
    fn every_mistake_is_told_and_none_is_taken_for_a_value() {
        for (text, told) in [
            (
                "xyz = 1\nhost = [1]\n",
                &["unknown key `xyz`; use listen", "`host` is not a string or"][..],
            ),
            ("development = \"yes\"", &["`development` is not `true` or `false`"]),
            ("listen = [\"a\"]", &["`listen` is not a string"]),
            ("[server]\nlisten = \"a\"", &["h.toml:1:2: unknown key `server`"]),
            ("data.dir = \"a\"", &["`data` is not a string"]),
            ("data = \"a\"\ndata = \"b\"", &["h.toml:2:1:", "duplicate key"]),
            ("data = ", &["h.toml:1:"]),
            ("data = \"a", &["h.toml:1:"]),
            ("Data = \"a\"", &["did you mean `data`?"]),
            ("tls_cert = \"a\"", &["did you mean `tls-cert`?"]),
        ] {
            let mistake = of(text).unwrap_err();
            for told in told {
                assert!(mistake.contains(told), "{text}: {mistake}");
            }
        }
    }

    #[test]
    fn letters_of_two_bytes_do_not_move_the_caret() {
        let mistake = of("\"é\" = 1").unwrap_err();
        assert!(mistake.ends_with("\n    \"é\" = 1\n    ^^^"), "{mistake}");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_everybody_can_write_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;

        let home = Home::new();
        let path = home.write("h.toml", "data = \"a\"\n");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o646)).unwrap();
        assert!(read(&path).unwrap_err().contains("can be written by every user"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).unwrap();
        assert_eq!(read(&path).unwrap().settings.len(), 1);
    }

    #[test]
    fn what_is_not_a_file_is_a_sentence() {
        let home = Home::new();
        assert!(read(home.path()).unwrap_err().contains("is not a regular file"));
        let nowhere = read(&home.path().join("nowhere.toml")).unwrap_err();
        assert!(nowhere.contains("cannot read the configuration"), "{nowhere}");
    }
}
