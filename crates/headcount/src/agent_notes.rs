//! What a hook of a coding agent remembers between two of its calls, under a
//! permit: a session's end says nothing of its beginning.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use headcount_catalog::Time;
use serde_json::Value as Json;

use crate::disk::agent_notes;
use crate::disk::lock::{Held, Patience, Terms};
use crate::standing::Standing;
use crate::{DiskError, Paths, Session};

/// The notes of hooks on this machine, held by this process alone.
///
/// They are in the product's own folder, hold no id of the device, go with
/// `off` and `clear`, and are kept no longer than records.
#[derive(Debug)]
pub struct AgentNotes {
    standing: Arc<Standing>,
    _held: Held,
}

impl Session {
    /// Takes the notes, and waits for another hook that has them: not
    /// half a second. `None` where nothing may be recorded.
    ///
    /// # Errors
    ///
    /// Returns an error if the lock of the notes cannot be had.
    pub fn hold_agent_notes(&self) -> Result<Option<AgentNotes>, DiskError> {
        let standing = self.standing();
        let paths = standing.paths().filter(|_| standing.permit().is_some());
        let Some(paths) = paths else { return Ok(None) };
        let held = agent_notes::hold(paths)?;
        Ok(Some(AgentNotes { standing, _held: held }))
    }
}

impl Session {
    /// Whether an event of this name would be recorded now: the person has
    /// agreed to it, and its purpose is not refused. Of what is not recorded,
    /// nothing is to be noted either.
    #[must_use]
    pub fn may_record(&self, event: &str) -> bool {
        let standing = self.standing();
        standing.permit().is_some()
            && standing.in_force().is_some_and(|catalog| catalog.event(event).is_some())
    }

    /// Since when telemetry has been on at least: the last change of the
    /// settings and of the agreement. What happened before may have happened
    /// while it was off. `None` if there is no such file.
    #[must_use]
    pub fn on_since(&self) -> Option<Time> {
        let standing = self.standing();
        let paths = standing.paths().filter(|_| standing.permit().is_some())?;
        let (here, usual) = (paths.here(), paths.usual());
        let files = [here.agreed(), usual.agreed(), here.settings, usual.settings];
        let changed = |path: &PathBuf| fs::metadata(path).ok()?.modified().ok();
        files.iter().filter_map(changed).max().map(Time::from_system)
    }
}

impl AgentNotes {
    /// The notes with their times, the oldest first.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be read.
    pub fn read(&self) -> Result<Vec<(Time, Json)>, DiskError> {
        self.paths().map_or_else(|| Ok(Vec::new()), agent_notes::read)
    }

    /// Adds notes. The log has a limited size: the oldest go.
    ///
    /// # Errors
    ///
    /// Returns an error if telemetry was turned off meanwhile, or if the notes
    /// cannot be written.
    pub fn add(&self, notes: &[(Time, Json)]) -> Result<(), DiskError> {
        self.under_the_lock_of_changes(|paths, terms| agent_notes::add(paths, terms, notes))
    }

    /// Keeps these notes and no others.
    ///
    /// # Errors
    ///
    /// The same as [`AgentNotes::add`].
    pub fn replace(&self, notes: &[(Time, Json)]) -> Result<(), DiskError> {
        self.under_the_lock_of_changes(|paths, terms| agent_notes::replace(paths, terms, notes))
    }

    fn paths(&self) -> Option<&Paths> {
        self.standing.paths()
    }

    /// Writes, if telemetry is still on once it has that lock.
    fn under_the_lock_of_changes(
        &self,
        write: impl FnOnce(&Paths, Terms<'_>) -> Result<(), DiskError>,
    ) -> Result<(), DiskError> {
        let Some(paths) = self.paths() else { return Ok(()) };
        let is_still_on = || {
            let settled = self.standing.telemetry().decide_at(Some(paths));
            settled.decision.permit().is_some()
        };
        write(paths, Terms { patience: Patience::Hook, is_still_on: &is_still_on })
    }
}
