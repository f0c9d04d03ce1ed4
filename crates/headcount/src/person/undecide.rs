//! Takes the person's answer, and the rest of our keys, out of the settings
//! file, and the answer out of the usual place.

use std::fs;
use std::path::Path;

use headcount_catalog::{IdPlace, NameMap, NameSet, SettingsFormat};

use crate::disk::error::{Cause, DiskError};
use crate::disk::paths::Place;
use crate::disk::private_file::{self, Expected, is_free};
use crate::disk::settings::{self, Found, SettingsError};
use crate::disk::state::{Layout, State};
use crate::disk::{link, lock};
use crate::standing::Standing;

/// Removes our keys from the settings file, and the file if nothing else is in
/// it.
pub(super) fn undecide(standing: &Standing, path: &Path) -> Result<(), DiskError> {
    private_file::retried(|_| without_ours(standing, path))
}

fn without_ours(standing: &Standing, path: &Path) -> Result<(), DiskError> {
    let written = standing.catalog().files.settings;
    let unchanged =
        |error: SettingsError| DiskError::new(path, Cause::Unchanged(error.to_string()));
    if link::leads_nowhere(path) {
        return Ok(());
    }
    let Some(mut text) = private_file::read(path)? else {
        return Ok(());
    };
    let before = text.clone();
    let (id, rotated) = match standing.catalog().identity.place {
        IdPlace::Settings { id, rotated } => (Some(id), rotated),
        IdPlace::File(_) | IdPlace::Nowhere => (None, None),
    };
    let keys = [Some(written.enabled), written.given, written.created, id, rotated];
    let keys: Vec<&str> = keys.into_iter().flatten().collect();
    for key in &keys {
        if settings::get(&written, &text, key).map_err(unchanged)? != Found::Absent {
            text = settings::remove(&written, &text, key).map_err(unchanged)?;
        }
    }
    let expected = Expected::Text(&before);
    if is_bare(&text, &keys) {
        expected.check(path).map_err(|cause| DiskError::new(path, cause))?;
        return link::retire(
            path,
            if text.trim().is_empty() { bare(written.format) } else { &text },
        );
    }
    if text == before {
        return Ok(());
    }
    link::rewrite_over(path, expected, &text)
}

/// Removes the answer from the usual place, if a variable has moved the folder:
/// it would count here too.
pub(super) fn undecide_usual(standing: &Standing, usual: &Place) -> Result<(), DiskError> {
    if is_free(&usual.settings) && is_free(&usual.state) {
        return Ok(());
    }
    let held = lock::hold(&usual.lock())?;
    let done = undecide(standing, &usual.settings)
        .and_then(|()| private_file::retried(|_| without_answer(usual)));
    held.remove();
    if let Some(folder) = usual.settings.parent() {
        let _ = fs::remove_dir(folder);
    }
    done
}

fn without_answer(usual: &Place) -> Result<(), DiskError> {
    let state = State::read(&usual.state).belonging_to(usual.product);
    if matches!(state.layout, Layout::OfOther(_)) {
        return Ok(());
    }
    let (granted, refused_purposes) = (NameSet::new(), NameMap::new());
    let after = State { refused: None, refused_purposes, granted, ..state.clone() };
    let nothing = State {
        layout: after.layout.clone(),
        read: after.read.clone(),
        product: after.product.clone(),
        ..State::default()
    };
    match after {
        after if after == state => Ok(()),
        after if after == nothing => link::retire(&usual.state, &State::default().text()),
        after => after.write(&usual.state),
    }
}

/// What stays in a file that keeps a name: an empty file may have lost a no,
/// and so it would refuse.
fn bare(format: SettingsFormat) -> &'static str {
    match format {
        SettingsFormat::Json => "{}\n",
        SettingsFormat::Toml | SettingsFormat::Yaml => "# no settings\n",
    }
}

/// Whether nothing is left but the headers of our own tables.
fn is_bare(text: &str, keys: &[&str]) -> bool {
    text.trim_start_matches('\u{feff}').lines().map(str::trim).all(|line| {
        let word = line.trim_matches(|letter: char| " \t{}[]:\",".contains(letter));
        word.is_empty()
            || keys
                .iter()
                .filter_map(|key| key.rsplit_once('.'))
                .any(|(table, _)| table == word || table.split('.').any(|part| part == word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_bare_where_only_heads_of_our_tables_are_left() {
        let keys = ["telemetry.enabled", "enabled"];
        for text in [
            "",
            "{}\n",
            "{\n}\n",
            "[telemetry]\n",
            "telemetry:\n",
            "telemetry: {}\n",
            "{\n  \"telemetry\": {}\n}",
        ] {
            assert!(is_bare(text, &keys), "{text:?}");
        }
        for text in ["# mine\n", "{\"a\":1}", "[other]\n", "[telemetry]\nb = 1\n", "telemetry: 1\n"]
        {
            assert!(!is_bare(text, &keys), "{text:?}");
        }
    }
}
