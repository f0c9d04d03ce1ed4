//! What is written about the person's answer, in every place where it can be:
//! reads the files, and decides nothing across them.

use std::path::{Path, PathBuf};

use headcount_catalog::Settings;

use super::{Opinion, Says, Why, near_miss};
use crate::Paths;
use crate::disk::ownership::Writers;
use crate::disk::paths::Place;
use crate::disk::private_file;
use crate::disk::settings::{self, Entry, Found, Reading, Scalar};
use crate::disk::state::State;

/// What is written in one place.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// The place by name, as the person's own yes has noted it.
    pub(super) name: String,
    /// The settings file.
    pub(super) settings: PathBuf,
    /// What it says by itself.
    pub(super) says: Option<Opinion>,
    /// Our own state.
    pub(super) note: PathBuf,
    /// What it holds.
    pub(super) state: State,
}

/// What is written in all places.
#[derive(Debug, Clone)]
pub(crate) struct Answers {
    /// In the place that counts without any variable.
    pub(super) usual: Written,
    /// In the place that a variable names.
    pub(super) named: Option<Written>,
}

impl Answers {
    /// Reads every place. Creates nothing.
    pub(crate) fn read(written: &Settings, paths: &Paths) -> Self {
        let here = Written::read(written, paths.here());
        match &paths.usual {
            None => Self { usual: here, named: None },
            Some(usual) => Self { usual: Written::read(written, usual.clone()), named: Some(here) },
        }
    }

    /// Whether the person had been told what the product reports: in the usual
    /// place, as with a yes.
    pub(crate) fn was_told(&self) -> bool {
        self.usual.state.was_told()
    }

    /// Our own state in the usual place.
    pub(crate) fn usual_state(&self) -> &State {
        &self.usual.state
    }

    /// Our own state in every place.
    pub(super) fn states(&self) -> impl Iterator<Item = &State> {
        [Some(&self.usual), self.named.as_ref()].into_iter().flatten().map(|written| &written.state)
    }

    /// Our own state under this environment: that of the id and the agreement.
    pub(crate) fn state(&self) -> &State {
        &self.named.as_ref().unwrap_or(&self.usual).state
    }
}

impl Written {
    fn read(written: &Settings, place: Place) -> Self {
        Self {
            name: place.name(),
            says: says(written, &place.settings),
            state: State::read(&place.state).belonging_to(place.product),
            settings: place.settings,
            note: place.state,
        }
    }
}

/// The opinion of one settings file. It grants if the switch is on and, if the
/// product has one, the consent key beside it too. A missing file or a missing
/// switch is no opinion. A file that cannot be read refuses.
fn says(written: &Settings, path: &Path) -> Option<Opinion> {
    let (text, writers) = match private_file::read_with_writers(path) {
        Ok(read) => read?,
        Err(error) => return Some(unusable(path, error.problem())),
    };
    // An interrupted write leaves an empty file. It may have held a no.
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Some(unusable(path, "the file is empty".to_owned()));
    }
    let reading = match settings::reading(written, &text) {
        Ok(reading) => reading,
        Err(error) => return Some(unusable(path, error.to_string())),
    };
    let opinion = switch(written, path, &reading);
    if opinion.as_ref().is_some_and(|opinion| opinion.says == Says::Refuse) {
        return opinion;
    }
    if let Some(refusal) = mistaken(written, path, &reading) {
        return Some(refusal);
    }
    if opinion.is_some() && writers == Writers::Group {
        let problem = "it says yes, but the members of its group can write to it".to_owned();
        return Some(unusable(path, problem));
    }
    opinion
}

/// The opinion of the keys that the catalog names.
fn switch(written: &Settings, path: &Path, reading: &Reading<'_>) -> Option<Opinion> {
    let chosen = |says, key: &str, value: &str| setting(path, says, key, value, None);
    let mut last = None;
    for key in [Some(written.enabled), written.given].into_iter().flatten() {
        match reading.get(key) {
            Err(error) => return Some(unusable(path, error.to_string())),
            Ok(Found::Scalar(Scalar::Flag(true))) => last = Some(chosen(Says::Grant, key, "true")),
            Ok(Found::Scalar(Scalar::Flag(false))) => {
                return Some(chosen(Says::Refuse, key, "false"));
            }
            Ok(Found::Absent) if key == written.enabled => return None,
            Ok(Found::Absent) => return Some(chosen(Says::Refuse, key, "missing")),
            Ok(Found::Scalar(Scalar::Text(_)) | Found::Other) => {
                return Some(unusable(path, format!("`{key}` is neither true nor false")));
            }
        }
    }
    last
}

/// A no under a key that was probably meant to be ours.
fn mistaken(written: &Settings, path: &Path, reading: &Reading<'_>) -> Option<Opinion> {
    let entries = reading.entries().ok()?;
    let keys = [Some(written.enabled), written.given].into_iter().flatten();
    let refusal = |key: &'static str| Some((near_miss::refusal(key, &entries)?, key));
    let (Entry { path: found, value }, key) = keys.filter_map(refusal).next()?;
    Some(setting(path, Says::Refuse, &found.join("."), value, Some(key)))
}

fn setting(
    file: &Path,
    says: Says,
    key: &str,
    value: &str,
    meant: Option<&'static str>,
) -> Opinion {
    let (key, value) = (key.to_owned(), value.to_owned());
    Opinion { says, why: Why::Setting { key, value, file: file.to_path_buf(), meant } }
}

pub(super) fn unusable(path: &Path, problem: String) -> Opinion {
    Opinion { says: Says::Refuse, why: Why::File { path: path.to_path_buf(), problem } }
}
