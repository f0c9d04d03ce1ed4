//! `[files]`: the folder, the settings file, the queue, the marker, the state
//! file.

use super::fields::{Fields, Text};
use super::names;
use super::notes::Notes;
use super::spanned::Spanned;
use super::toml_tree::{Data, Pair};
use crate::{Files, PerPlatform, Settings, SettingsFormat};

pub(super) const FORMATS: [(SettingsFormat, &str); 3] = [
    (SettingsFormat::Json, "json"),
    (SettingsFormat::Toml, "toml"),
    (SettingsFormat::Yaml, "yaml"),
];

/// The state file, if the catalog does not name one.
const STATE: &str = "telemetry-state.json";

const UNIX: &str = "a folder such as `~/.tool` or `${XDG_DATA_HOME:-~/.local/share}/tool`";
const WINDOWS: &str = "a folder such as `%LOCALAPPDATA%/tool` or `~/.tool`";
const FILE: &str = "a path inside the folder, such as `telemetry/events.jsonl`";
const PATH: &str = "a key, or keys joined by dots, such as `telemetry.enabled`";

pub(super) fn read(mut fields: Fields<'_>, notes: &mut Notes<'_>) -> Option<Spanned<Files>> {
    let at = fields.at();
    let folder = fields.need("folder", notes).and_then(|pair| folder(pair, notes));
    let settings = fields.need("settings", notes).and_then(|pair| settings(pair, notes));
    let queue = fields.need_text("queue", notes).and_then(|text| {
        let fits = |text: &str| names::is_file(text) && has_stem_and_extension(text);
        text.checked(
            fits,
            "a path inside the folder with an extension, such as `events.jsonl`",
            notes,
        )
    });
    let marker = fields.text("marker", notes).and_then(|text| file(text, notes));
    let state = match fields.text("state", notes) {
        Some(text) => {
            let fits = |text: &str| names::is_file(text) && text.ends_with(".json");
            text.checked(fits, "a path inside the folder that ends with `.json`", notes)
        }
        None => Some(STATE),
    };
    fields.finish(notes);
    let files =
        Files { folder: folder?, settings: settings?, queue: queue?, marker, state: state? };
    Some(Spanned { at, value: files })
}

/// Reads a path inside the folder.
pub(super) fn file(text: Text<'_>, notes: &mut Notes<'_>) -> Option<&'static str> {
    text.checked(names::is_file, FILE, notes)
}

/// Reads the dotted path of a key in the settings file.
pub(super) fn key_path(text: Text<'_>, notes: &mut Notes<'_>) -> Option<&'static str> {
    text.checked(names::is_key_path, PATH, notes)
}

/// A claimed segment gets its name between the two: `events.<claim>.jsonl`.
fn has_stem_and_extension(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(stem, extension)| !stem.is_empty() && !extension.is_empty())
}

fn folder(pair: &Pair, notes: &mut Notes<'_>) -> Option<PerPlatform> {
    match &pair.value.data {
        Data::Text(_) => {
            let text = pair.text(notes)?;
            let everywhere =
                |text: &str| names::is_unix_folder(text) && names::is_windows_folder(text);
            let must = "a folder in the home folder such as `~/.tool`, or a table with `linux`, `macos` and `windows`";
            let path = text.checked(everywhere, must, notes)?;
            Some(PerPlatform { linux: path, macos: path, windows: path })
        }
        Data::Table(table) => {
            let mut fields = Fields::new(table, "`folder`");
            let linux = fields
                .need_text("linux", notes)
                .and_then(|text| text.checked(names::is_unix_folder, UNIX, notes));
            let macos = fields
                .need_text("macos", notes)
                .and_then(|text| text.checked(names::is_unix_folder, UNIX, notes));
            let windows = fields
                .need_text("windows", notes)
                .and_then(|text| text.checked(names::is_windows_folder, WINDOWS, notes));
            fields.finish(notes);
            Some(PerPlatform { linux: linux?, macos: macos?, windows: windows? })
        }
        _ => pair.value.wrong_type(
            "folder",
            "a string, or a table with `linux`, `macos` and `windows`",
            notes,
        ),
    }
}

fn settings(pair: &Pair, notes: &mut Notes<'_>) -> Option<Settings> {
    let mut fields = Fields::new(pair.table(notes)?, "`settings`");
    let name = fields.need_text("file", notes);
    let file = name.and_then(|text| file(text, notes));
    let format = match fields.text("format", notes) {
        Some(text) => text.one_of(&FORMATS, notes),
        None => name.and_then(|name| format(name, notes)),
    };
    let enabled = fields.need_text("enabled", notes).and_then(|text| key_path(text, notes));
    let given = fields.text("given", notes).and_then(|text| key_path(text, notes));
    let created = fields.text("created", notes).and_then(|text| key_path(text, notes));
    fields.finish(notes);
    Some(Settings { file: file?, format: format?, enabled: enabled?, given, created })
}

/// Returns the format for the extension of the file.
fn format(name: Text<'_>, notes: &mut Notes<'_>) -> Option<SettingsFormat> {
    match name.text.rsplit_once('.').map(|(_, extension)| extension) {
        Some("json") => Some(SettingsFormat::Json),
        Some("toml") => Some(SettingsFormat::Toml),
        Some("yaml" | "yml") => Some(SettingsFormat::Yaml),
        _ => {
            let message = "The extension of `file` does not say its format: set `format` to `json`, `toml` or `yaml`.";
            notes.missing(name.at, message);
            None
        }
    }
}
