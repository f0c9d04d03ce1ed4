//! The list of every file of ours on a person's machine that can hold
//! anything: what it can hold, and what becomes of it at `off`, at `clear`, at
//! `clear --all`, when the id changes, and when a record has been kept for as
//! long as the catalog says. `forget` does what `clear` does, after it has put
//! the proof into `erasures.json`.
//!
//! A file that is not on the list fails a test. The files of our own folder are
//! swept by this list, so a new line here is all that a new one needs. Those
//! beside it have rules of their own: the settings file and the id's file
//! belong to the product, and the queue knows its files itself.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::DiskError;
use super::link;
use super::paths::Paths;

/// What a file can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Events as they were recorded. Most products' have the id in them.
    Records,
    /// The device's id.
    Id,
    /// The secret that the id is made of.
    Secret,
    /// The person's answer.
    Decision,
    /// What the person agreed to, or was told.
    Agreement,
    /// What destinations said, and what was counted: no event, no id.
    Shipping,
    /// Nothing: the file is there, or is locked.
    Nothing,
}

/// What becomes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Stays,
    Goes,
    /// What it holds of the id and the secret goes. At `off`, only where the
    /// catalog deletes the id then.
    LosesId,
    /// It gets the new id or secret, and the old one goes.
    Renewed,
    /// The waiting report in it joins the queue.
    LosesReport,
    /// Records that are too old go.
    LosesOld,
    /// Our keys go, and the file if nothing else is in it.
    LosesOurs,
}

/// When files are swept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sweep {
    /// `telemetry off`, and `local`.
    Off,
    /// `telemetry clear`, and `forget`.
    Clear,
    /// `telemetry clear --all`.
    Everything,
    /// The device gets another id: at the beginning of a month, or after the
    /// old one was deleted.
    Rotation,
    /// A shipment: records older than the catalog allows are dropped.
    Retention,
}

/// Which files a line of the list is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Settings,
    Id,
    State,
    Marker,
    /// The open segment of the queue, its side segments, claims and their small
    /// files.
    Queue,
    /// The same of the records for the person only.
    Local,
    /// The file of this name in our own folder.
    Ours(&'static str),
    /// Each destination's file in our own folder, with this ending.
    OursByDestination(&'static str),
    /// A file in our own folder that is locked, and empty but for the number of
    /// a process.
    Lock,
    /// A new file that was to replace another one, of a process that was
    /// killed: `.NAME.` and 32 hexadecimal digits.
    Unfinished,
}

/// A line of the list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept {
    pub(crate) place: Place,
    pub(crate) holds: &'static [Holds],
    off: Fate,
    clear: Fate,
    everything: Fate,
    rotation: Fate,
    retention: Fate,
}

impl Kept {
    /// What becomes of it.
    pub(crate) fn fate(&self, sweep: Sweep) -> Fate {
        match sweep {
            Sweep::Off => self.off,
            Sweep::Clear => self.clear,
            Sweep::Everything => self.everything,
            Sweep::Rotation => self.rotation,
            Sweep::Retention => self.retention,
        }
    }
}

const fn kept(place: Place, holds: &'static [Holds], fates: [Fate; 5]) -> Kept {
    let [off, clear, everything, rotation, retention] = fates;
    Kept { place, holds, off, clear, everything, rotation, retention }
}

/// The list.
pub(crate) const LIST: &[Kept] = {
    use Fate::{Goes, LosesId, LosesOld, LosesOurs, LosesReport, Renewed, Stays};
    use Holds::{Agreement, Decision, Id, Nothing, Records, Secret, Shipping};
    use Place::{Local, Lock, Marker, Ours, OursByDestination, Queue, Settings, State, Unfinished};
    &[
        //                                                    off      clear    --all      rotation     retention
        kept(Settings, &[Decision, Id], [LosesId, LosesId, LosesOurs, Renewed, Stays]),
        kept(Place::Id, &[Id], [LosesId, Goes, Goes, Renewed, Stays]),
        kept(State, &[Secret, Agreement, Decision], [LosesId, LosesId, Goes, Renewed, Stays]),
        kept(Marker, &[Nothing], [Stays, Stays, Goes, Stays, Stays]),
        kept(Queue, &[Records, Id], [Goes, Goes, Goes, Stays, LosesOld]),
        kept(Local, &[Records], [Goes, Goes, Goes, Stays, Stays]),
        kept(Ours("quarantine.jsonl"), &[Records, Id], [Goes, Goes, Goes, Goes, LosesOld]),
        kept(Ours("tally.json"), &[Shipping, Records, Id], [Goes, Goes, Goes, LosesReport, Stays]),
        kept(Ours("unrecorded"), &[Shipping], [Goes, Goes, Goes, Stays, Stays]),
        kept(Ours("agreed.json"), &[Agreement], [Stays, Stays, Goes, Stays, Stays]),
        kept(Ours("erasures.json"), &[Id, Secret], [Stays, Stays, Goes, Stays, Stays]),
        kept(Ours("receipts.jsonl"), &[Shipping], [Stays, Goes, Goes, Stays, Stays]),
        kept(Ours("left.json"), &[Shipping], [Goes, Goes, Goes, Stays, Stays]),
        kept(OursByDestination(".backoff.json"), &[Shipping], [Stays, Goes, Goes, Stays, Stays]),
        kept(OursByDestination(".pace.json"), &[Shipping], [Stays, Goes, Goes, Goes, Stays]),
        kept(Lock, &[Nothing], [Stays, Stays, Goes, Stays, Stays]),
        kept(Unfinished, &[Records, Id, Secret, Decision], [Goes, Goes, Goes, Goes, Stays]),
    ]
};

/// The line of the list for a file; `None` if it is not one of ours.
pub(crate) fn line(paths: &Paths, marker: Option<&Path>, path: &Path) -> Option<&'static Kept> {
    let place = place(paths, marker, path)?;
    LIST.iter().find(|kept| kept.place == place)
}

fn place(paths: &Paths, marker: Option<&Path>, path: &Path) -> Option<Place> {
    let beside = [
        (Some(paths.settings.as_path()), Place::Settings),
        (paths.id.as_deref(), Place::Id),
        (Some(paths.state.as_path()), Place::State),
        (marker, Place::Marker),
    ];
    if let Some((_, place)) = beside.into_iter().find(|(known, _)| *known == Some(path)) {
        return Some(place);
    }
    let name = path.file_name()?.to_str()?;
    if is_of(&paths.queue, path, name) {
        return Some(Place::Queue);
    }
    if is_of(&paths.local(), path, name) {
        return Some(Place::Local);
    }
    if is_unfinished(name) {
        return Some(Place::Unfinished);
    }
    if path.parent() != Some(&paths.state_folder) {
        return None;
    }
    if is_lock(path) {
        return Some(Place::Lock);
    }
    LIST.iter().map(|kept| kept.place).find(|place| match place {
        Place::Ours(own) => name == *own,
        Place::OursByDestination(ending) => name.ends_with(ending),
        _ => false,
    })
}

/// Whether a file is one of the queue with this open segment. Every name of a
/// queue starts with the segment's own.
fn is_of(segment: &Path, path: &Path, name: &str) -> bool {
    let Some(stem) = segment.file_stem().and_then(|stem| stem.to_str()) else { return false };
    let is_ours = || {
        let rest = name.strip_prefix(stem)?.strip_prefix('.')?;
        let ending = rest.rsplit('.').next()?;
        // Of `erasures.json` and `local.pace.json` neither is a segment.
        let extension = segment.extension()?.to_str()?;
        let is_small = ["progress", "floor", "new"].contains(&ending);
        Some(path == segment || is_small || (ending == extension && rest != ending && ending != "json"))
    };
    path.parent() == segment.parent() && (path == segment || is_ours() == Some(true))
}

fn is_unfinished(name: &str) -> bool {
    let random = name.strip_prefix('.').and_then(|rest| rest.rsplit_once('.'));
    random.is_some_and(|(_, random)| {
        random.len() == 32 && random.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// Whether a file is a lock's, by its name.
pub(crate) fn is_lock(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "lock")
}

/// Removes from our own folder what the list says goes, and what writers left
/// that were killed beside the files of the product. Locks stay: who removes
/// them has to hold them.
///
/// # Errors
///
/// Returns the first error. Everything else is removed all the same.
pub(crate) fn sweep(paths: &Paths, sweep: Sweep) -> Result<(), DiskError> {
    let mut done = Ok(());
    for path in files(&paths.state_folder)? {
        let goes = match line(paths, None, &path) {
            Some(kept) if matches!(kept.place, Place::Ours(_) | Place::OursByDestination(_)) => {
                kept.fate(sweep) == Fate::Goes
            }
            Some(Kept { place: Place::Unfinished, .. }) => true,
            // The queue and the product remove them.
            Some(_) => false,
            None => is_swept_unknown(&path, sweep),
        };
        if goes {
            done = done.and(link::remove_ours(&path));
        }
    }
    for path in [Some(&paths.settings), Some(&paths.state), paths.id.as_ref()] {
        path.into_iter().for_each(|path| super::private_file::sweep(path));
    }
    done
}

/// What another version keeps goes with what it may be: records are lines, and
/// nobody deletes an agreement by turning telemetry off.
fn is_swept_unknown(path: &Path, sweep: Sweep) -> bool {
    match sweep {
        Sweep::Clear | Sweep::Everything => true,
        Sweep::Off => path.extension().is_some_and(|extension| extension == "jsonl"),
        Sweep::Rotation | Sweep::Retention => false,
    }
}

/// Lists the files directly in a folder; empty if there is no folder.
///
/// # Errors
///
/// Returns an error if the folder cannot be read.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>, DiskError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(DiskError::new(folder, error)),
    };
    let mut files: Vec<_> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_dir()))
        .map(|entry| entry.path())
        .collect();
    files.sort();
    Ok(files)
}
