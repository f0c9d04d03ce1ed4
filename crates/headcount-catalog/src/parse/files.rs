//! `[files]`: the folder, the settings file, the queue, the marker, our state.

use super::At;
use super::fields::{Fields, Text};
use super::names;
use super::notes::Notes;
use super::source::{Data, Pair};
use crate::{Files, PerPlatform, Settings, SettingsFormat};

const FORMATS: [(SettingsFormat, &str); 3] = [
    (SettingsFormat::Json, "json"),
    (SettingsFormat::Toml, "toml"),
    (SettingsFormat::Yaml, "yaml"),
];

/// Our own state file where the catalog names none.
const STATE: &str = "telemetry-state.json";

const UNIX: &str = "a folder such as `~/.tool` or `${XDG_DATA_HOME:-~/.local/share}/tool`";
const WINDOWS: &str = "a folder such as `%LOCALAPPDATA%/tool` or `~/.tool`";
const FILE: &str = "a file below the folder, such as `telemetry/events.jsonl`";
const PATH: &str = "a key, or keys joined by dots such as `telemetry.enabled`";

pub(super) fn read(mut fields: Fields<'_>, notes: &mut Notes<'_>) -> Option<At<Files>> {
    let at = fields.at();
    let folder = fields.need("folder", notes).and_then(|pair| folder(pair, notes));
    let settings = fields.need("settings", notes).and_then(|pair| settings(pair, notes));
    let queue = fields.need_text("queue", notes).and_then(|text| {
        let fits = |text: &str| names::is_file(text) && has_stem_and_extension(text);
        text.checked(
            fits,
            "a file below the folder with an extension, such as `events.jsonl`",
            notes,
        )
    });
    let marker = fields.text("marker", notes).and_then(|text| file(text, notes));
    let state = match fields.text("state", notes) {
        Some(text) => {
            let fits = |text: &str| names::is_file(text) && text.ends_with(".json");
            text.checked(fits, "a `.json` file below the folder", notes)
        }
        None => Some(STATE),
    };
    fields.finish(notes);
    let files =
        Files { folder: folder?, settings: settings?, queue: queue?, marker, state: state? };
    Some(At { at, it: files })
}

/// A file below the folder.
pub(super) fn file(text: Text<'_>, notes: &mut Notes<'_>) -> Option<&'static str> {
    text.checked(names::is_file, FILE, notes)
}

/// The dotted path of a key in the settings file.
pub(super) fn key_path(text: Text<'_>, notes: &mut Notes<'_>) -> Option<&'static str> {
    text.checked(names::is_key_path, PATH, notes)
}

/// A claimed segment is named between the two: `events.<claim>.jsonl`.
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
            let must = "a folder below home such as `~/.tool`, or a table with `linux`, `macos` and `windows`";
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
            "text, or a table with `linux`, `macos` and `windows`",
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

/// The format that the file's extension tells.
fn format(name: Text<'_>, notes: &mut Notes<'_>) -> Option<SettingsFormat> {
    match name.text.rsplit_once('.').map(|(_, extension)| extension) {
        Some("json") => Some(SettingsFormat::Json),
        Some("toml") => Some(SettingsFormat::Toml),
        Some("yaml" | "yml") => Some(SettingsFormat::Yaml),
        _ => {
            let message = "The file's name does not tell how it is written; add `format` with `json`, `toml` or `yaml`.";
            notes.missing(name.at, message);
            None
        }
    }
}
