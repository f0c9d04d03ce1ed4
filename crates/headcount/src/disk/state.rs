//! Our own state beside the product's files, in `telemetry-state.json`.

use std::fmt;
use std::path::Path;

use headcount_catalog::Day;
use serde_json::{Map, Value as Json};

use super::error::DiskError;
use super::paths::Paths;
use super::{lock, private_file, small_json};

/// The number of this file's layout.
const FORMAT: u64 = 1;

/// The content of the file.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// The secret whose hash is the id. It can prove the right to erase.
    pub(crate) secret: Option<String>,
    /// The first day of the month the id belongs to, where it rotates and the
    /// product keeps no time of its own.
    pub(crate) month: Option<Day>,
    /// The day the id was created.
    pub(crate) minted: Option<Day>,
    /// The fingerprint of the catalog that was last found to be within the
    /// agreement.
    pub(crate) within: Option<u64>,
    /// The fingerprint of the catalog whose news the person was shown.
    pub(crate) told: Option<u64>,
    /// Whether records are kept for the person only.
    pub(crate) local: bool,
}

/// Leaves the secret out.
impl fmt::Debug for State {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("State").finish_non_exhaustive()
    }
}

impl State {
    /// Reads the file. A missing or unreadable file is an empty state: that can
    /// only lose a secret, never turn anything on.
    pub(crate) fn read(path: &Path) -> Self {
        let Some(json) = small_json::read_layout(path, FORMAT) else { return Self::default() };
        let text = |key: &str| json.get(key).and_then(Json::as_str);
        Self {
            secret: text("secret").map(str::to_owned),
            month: text("month").and_then(Day::parse),
            minted: text("minted").and_then(Day::parse),
            within: text("within").and_then(fingerprint),
            told: text("told").and_then(fingerprint),
            local: json.get("local").and_then(Json::as_bool) == Some(true),
        }
    }

    /// Changes the file under the lock, so that no change of another process is
    /// lost.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be locked or written.
    pub(crate) fn change(
        paths: &Paths,
        change: impl FnOnce(Self) -> Self,
    ) -> Result<(), DiskError> {
        let _held = lock::hold(&paths.lock())?;
        change(Self::read(&paths.state)).write(&paths.state)
    }

    /// Writes the whole file. A caller that read it before, to keep other
    /// fields, must have held the lock since.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be locked or written.
    pub(crate) fn write(&self, path: &Path) -> Result<(), DiskError> {
        let mut object = Map::new();
        object.insert("format".to_owned(), Json::from(FORMAT));
        if let Some(secret) = &self.secret {
            object.insert("secret".to_owned(), Json::from(secret.as_str()));
        }
        for (key, day) in [("month", self.month), ("minted", self.minted)] {
            if let Some(day) = day {
                object.insert(key.to_owned(), Json::from(day.to_string()));
            }
        }
        for (key, number) in [("within", self.within), ("told", self.told)] {
            if let Some(number) = number {
                object.insert(key.to_owned(), Json::from(format!("{number:016x}")));
            }
        }
        if self.local {
            object.insert("local".to_owned(), Json::from(true));
        }
        private_file::write(path, &format!("{:#}\n", Json::Object(object)))
    }
}

fn fingerprint(text: &str) -> Option<u64> {
    u64::from_str_radix(text, 16).ok()
}
