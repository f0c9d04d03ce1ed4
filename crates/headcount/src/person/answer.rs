//! Writes the person's answer into the product's settings file. Only that value
//! changes. If writing fails, the old file stays as it was.

use headcount_catalog::{Grain, IdPlace, Settings};

use crate::Paths;
use crate::disk::error::{Cause, DiskError};
use crate::disk::lock::{self, Held};
use crate::disk::private_file;
use crate::disk::settings::{self, Scalar, SettingsError};
use crate::standing::Standing;

/// The person's answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
}

/// An answer that was written, and the text that was in the file before.
pub(super) struct Saved<'a> {
    paths: &'a Paths,
    before: Option<String>,
}

/// Writes the answer and changes nothing else.
///
/// # Errors
///
/// Returns an error that names the file. The file is then unchanged.
pub(super) fn save<'a>(
    standing: &Standing,
    paths: &'a Paths,
    answer: Answer,
) -> Result<Saved<'a>, DiskError> {
    let lock = paths.lock();
    let held = lock::hold(&lock)?;
    let written = write(standing, paths, answer);
    leave(paths, held);
    Ok(Saved { paths, before: written? })
}

impl Saved<'_> {
    /// Restores the file. Errors are dropped: the caller already reports why it
    /// undoes the answer.
    pub(super) fn undo(self) {
        let Ok(held) = lock::hold(&self.paths.lock()) else { return };
        let _ = match &self.before {
            Some(before) => private_file::write(&self.paths.settings, before),
            None => private_file::remove(&self.paths.settings),
        };
        leave(self.paths, held);
    }
}

/// Releases the lock, and removes its file where we keep no other state: then
/// the answer is the only thing on disk.
fn leave(paths: &Paths, held: Held) {
    if !paths.state.exists() {
        held.remove();
    }
}

fn write(standing: &Standing, paths: &Paths, answer: Answer) -> Result<Option<String>, DiskError> {
    let written = standing.catalog().files.settings;
    let path = &paths.settings;
    let before = private_file::read(path)?;
    let text = edited(standing, &written, before.as_deref(), answer)
        .map_err(|error| DiskError::new(path, Cause::Unchanged(error.to_string())))?;
    if before.as_deref() != Some(text.as_str()) {
        private_file::write(path, &text)?;
    }
    Ok(before)
}

/// Returns the settings text with the answer in it.
fn edited(
    standing: &Standing,
    written: &Settings,
    before: Option<&str>,
    answer: Answer,
) -> Result<String, SettingsError> {
    let set = |text: &str, key, value| settings::set(written, text, key, &value);
    let flag = Scalar::Flag(answer == Answer::Yes);
    let mut text = set(before.unwrap_or_default(), written.enabled, flag.clone())?;
    // A no changes the switch only: the key that says that the person was asked
    // stays.
    if let Some(given) = written.given
        && (answer == Answer::Yes || before.is_none())
    {
        text = set(&text, given, flag)?;
    }
    // A new file that belongs to telemetry alone has every key of the catalog's
    // document, in its order.
    if let Some(created) = written.created
        && before.is_none()
    {
        if let IdPlace::Settings { id, .. } = standing.catalog().identity.place {
            text = set(&text, id, Scalar::Text(String::new()))?;
        }
        let now = standing.surroundings().now().format(Grain::Second);
        text = set(&text, created, Scalar::Text(now))?;
    }
    Ok(text)
}
