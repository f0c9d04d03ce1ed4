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

use headcount_queue::{Bounds, Queue};

use super::content::{self, Content, Denied};
use super::error::DiskError;
use super::paths::Paths;
use super::{before, link, private_file};

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
    /// The days, weeks and months in which the device was counted without an
    /// id, and the week since when.
    Periods,
    /// What hooks know of agents' sessions that are not told yet: the start,
    /// and the commands of the catalog. No id but a hash of the agent's own.
    Sessions,
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
    /// The same goes, and since when the device was counted.
    LosesIdAndAge,
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
pub(crate) enum KeptPlace {
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
    /// Each other catalog's file in our own folder: `catalog-`, its
    /// fingerprint, `.json`.
    OursByCatalog,
    /// A file in our own folder that is locked, and empty but for the number of
    /// a process.
    Lock,
    /// What a settings file or our state was before a yes, of a process that
    /// was killed before the yes was complete.
    Before,
    /// A new file that was to replace another one, of a process that was
    /// killed: `.NAME.` and 32 hexadecimal digits.
    Unfinished,
}

impl KeptPlace {
    /// Whether the file is removed by this list. The queue and the product
    /// remove theirs, but for what is left in our own folder at the very end;
    /// who removes a lock has to hold it.
    fn is_swept(self, sweep: Sweep) -> bool {
        match self {
            Self::Ours(_)
            | Self::OursByDestination(_)
            | Self::OursByCatalog
            | Self::Before
            | Self::Unfinished => true,
            Self::Queue | Self::Local => sweep == Sweep::Everything,
            Self::Settings | Self::Id | Self::State | Self::Marker | Self::Lock => false,
        }
    }

    /// Whether it can be a second name, which we gave, of a file that is in
    /// use: of a settings file, or of a secret that others take at this moment.
    fn may_share(self) -> bool {
        matches!(self, Self::Before | Self::Unfinished)
    }

    /// Whether a file is surely ours although its folder may be somebody's: a
    /// link leads there, and a name alone may be by chance.
    fn is_sure(self, path: &Path) -> Result<bool, DiskError> {
        Ok(match self {
            // Nobody else has such names.
            Self::Unfinished | Self::Queue | Self::Local | Self::Ours("quarantine.jsonl") => true,
            Self::Before => before::is_sure(path),
            Self::Ours(_) | Self::OursByDestination(_) | Self::OursByCatalog | Self::Lock => {
                let read = content::read(path, Denied::IsUseless)?;
                matches!(read, Content::Text(text) if link::reads_as_ours(path, &text))
            }
            Self::Settings | Self::Id | Self::State | Self::Marker => false,
        })
    }
}

/// A line of the list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept {
    pub(crate) place: KeptPlace,
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

const fn kept(place: KeptPlace, holds: &'static [Holds], fates: [Fate; 5]) -> Kept {
    let [off, clear, everything, rotation, retention] = fates;
    Kept { place, holds, off, clear, everything, rotation, retention }
}

/// The list.
pub(crate) const LIST: &[Kept] = {
    use Fate::{Goes, LosesId, LosesIdAndAge, LosesOld, LosesOurs, LosesReport, Renewed, Stays};
    use Holds::{Agreement, Decision, Id, Nothing, Periods, Records, Secret, Sessions, Shipping};
    use KeptPlace::{
        Before, Local, Lock, Marker, Ours, OursByCatalog, OursByDestination, Queue, Settings,
        State, Unfinished,
    };
    &[
        // Each in this order: off, clear, clear --all, rotation, retention.
        kept(Settings, &[Decision, Id], [LosesId, LosesId, LosesOurs, Renewed, Stays]),
        kept(KeptPlace::Id, &[Id], [LosesId, Goes, Goes, Renewed, Stays]),
        kept(
            State,
            &[Secret, Agreement, Decision, Periods],
            [LosesId, LosesIdAndAge, Goes, Renewed, Stays],
        ),
        kept(Marker, &[Nothing], [Stays, Stays, Goes, Stays, Stays]),
        kept(Queue, &[Records, Id], [Goes, Goes, Goes, Stays, LosesOld]),
        kept(Local, &[Records], [Goes, Goes, Goes, Stays, Stays]),
        kept(Ours("new-id.json"), &[Secret], [Goes, Goes, Goes, Renewed, Stays]),
        kept(Ours("quarantine.jsonl"), &[Records, Id], [Goes, Goes, Goes, Goes, LosesOld]),
        kept(Ours("tally.json"), &[Shipping, Records, Id], [Goes, Goes, Goes, LosesReport, Stays]),
        kept(Ours("unrecorded"), &[Shipping], [Goes, Goes, Goes, Stays, Stays]),
        kept(Ours("id-changed"), &[Nothing], [Goes, Goes, Goes, Stays, Stays]),
        kept(Ours("agreed.json"), &[Agreement], [Stays, Stays, Goes, Stays, Stays]),
        kept(Ours("erasures.json"), &[Id, Secret], [Stays, Stays, Goes, Stays, Stays]),
        kept(Ours("receipts.jsonl"), &[Shipping], [Stays, Goes, Goes, Stays, Stays]),
        kept(Ours("sent.jsonl"), &[Records, Id], [Goes, Goes, Goes, Goes, LosesOld]),
        kept(Ours("agent-notes.jsonl"), &[Sessions], [Goes, Goes, Goes, Stays, LosesOld]),
        kept(Ours("left.json"), &[Shipping], [Goes, Goes, Goes, Stays, Stays]),
        kept(Ours("starts"), &[Shipping], [Goes, Goes, Goes, Stays, Stays]),
        kept(Ours("opened-late"), &[Shipping], [Goes, Goes, Goes, Stays, Stays]),
        kept(OursByDestination(".backoff.json"), &[Shipping], [Goes, Goes, Goes, Goes, Stays]),
        kept(OursByDestination(".pace.json"), &[Shipping], [Goes, Goes, Goes, Goes, Stays]),
        kept(OursByCatalog, &[Shipping], [Stays, Goes, Goes, Stays, Stays]),
        kept(Lock, &[Nothing], [Stays, Stays, Goes, Stays, Stays]),
        kept(Before, &[Id, Secret, Decision], [Goes, Goes, Goes, Goes, Stays]),
        kept(Unfinished, &[Records, Id, Secret, Decision], [Goes, Goes, Goes, Goes, Stays]),
    ]
};

/// The line of the list for a file; `None` if it is not one of ours.
pub(crate) fn line(paths: &Paths, marker: Option<&Path>, path: &Path) -> Option<&'static Kept> {
    let place = place(paths, marker, path)?;
    LIST.iter().find(|kept| kept.place == place)
}

fn place(paths: &Paths, marker: Option<&Path>, path: &Path) -> Option<KeptPlace> {
    let beside = [
        (Some(paths.settings.as_path()), KeptPlace::Settings),
        (paths.id.as_deref(), KeptPlace::Id),
        (Some(paths.state.as_path()), KeptPlace::State),
        (marker, KeptPlace::Marker),
    ];
    if let Some((_, place)) = beside.into_iter().find(|(known, _)| *known == Some(path)) {
        return Some(place);
    }
    let name = path.file_name()?.to_str()?;
    if is_of_queue(&paths.queue, path) {
        return Some(KeptPlace::Queue);
    }
    if is_of_queue(&paths.local(), path) {
        return Some(KeptPlace::Local);
    }
    if is_unfinished(name) {
        return Some(KeptPlace::Unfinished);
    }
    if path.parent() != Some(&paths.state_folder) {
        return None;
    }
    if is_lock(path) {
        return Some(KeptPlace::Lock);
    }
    if before::is_kept(name) {
        return Some(KeptPlace::Before);
    }
    LIST.iter().map(|kept| kept.place).find(|place| match place {
        KeptPlace::Ours(own) => name == *own,
        KeptPlace::OursByDestination(ending) => name.ends_with(ending),
        KeptPlace::OursByCatalog => name.starts_with("catalog-") && name.ends_with(".json"),
        _ => false,
    })
}

fn is_of_queue(segment: &Path, path: &Path) -> bool {
    Queue::new(segment, Bounds::USUAL).is_ok_and(|queue| queue.has_file(path))
}

fn is_unfinished(name: &str) -> bool {
    let random = name.strip_prefix('.').and_then(|rest| rest.rsplit_once('.'));
    random.is_some_and(|(_, random)| {
        random.len() == 32 && random.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// Whether a file is a lock's, by its name.
fn is_lock(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "lock")
}

/// Whether our own folder is reached over a link: a dotfile manager's, or one
/// with which a project shows a folder of somebody as ours.
fn is_behind_a_link(paths: &Paths) -> bool {
    let folders = paths.state_folder.ancestors();
    folders.take_while(|folder| folder.starts_with(&paths.folder)).any(Path::is_symlink)
}

/// The locks in our own folder. A link is none.
///
/// # Errors
///
/// Returns an error if the folder, or one that may be a lock, cannot be read.
pub(crate) fn locks(paths: &Paths) -> Result<Vec<PathBuf>, DiskError> {
    let is_linked = is_behind_a_link(paths);
    let mut locks = Vec::new();
    for path in files(&paths.state_folder)? {
        let is_lock = is_lock(&path) && !path.is_symlink();
        if is_lock && (!is_linked || KeptPlace::Lock.is_sure(&path)?) {
            locks.push(path);
        }
    }
    Ok(locks)
}

/// Removes from our own folder what the list says goes, and what writers left
/// that were killed beside the files of the product. Locks stay: who removes
/// them has to hold them.
///
/// Of what is not on the list, only files with a single name go, and none where
/// the folder may be somebody's.
///
/// # Errors
///
/// Returns the first error. Everything else is removed all the same.
pub(crate) fn sweep(paths: &Paths, sweep: Sweep) -> Result<(), DiskError> {
    let mut done = Ok(());
    let is_linked = is_behind_a_link(paths);
    for path in files(&paths.state_folder)? {
        let kept = line(paths, None, &path);
        let goes = match kept {
            Some(_) if before::is_in_use(&path) => false,
            Some(kept) => kept.place.is_swept(sweep) && kept.fate(sweep) == Fate::Goes,
            None => is_swept_unknown(&path, sweep),
        };
        if goes {
            let removed = match may_go(kept, &path, is_linked) {
                Ok(true) => remove(kept, &path),
                may_go => may_go.map(drop),
            };
            done = done.and(removed);
        }
    }
    if sweep != Sweep::Retention {
        for path in [Some(&paths.settings), Some(&paths.state), paths.id.as_ref()] {
            path.into_iter().for_each(|path| private_file::sweep(path));
        }
    }
    done
}

/// Removes from our own folder every other file with this id in it: another
/// version may keep more than this one knows of. The unsent queue and the
/// erasures that the person asked for stay.
///
/// # Errors
///
/// Those of [`sweep`], and an error if a file cannot be read now.
pub(crate) fn sweep_id(paths: &Paths, id: &str) -> Result<(), DiskError> {
    let is_linked = is_behind_a_link(paths);
    for path in files(&paths.state_folder)? {
        let kept = line(paths, None, &path);
        let stays = kept.is_some_and(|kept| {
            kept.fate(Sweep::Rotation) == Fate::Stays || !kept.holds.contains(&Holds::Id)
        });
        if !stays && may_go(kept, &path, is_linked)? && contains(&path, id)? {
            remove(kept, &path)?;
        }
    }
    Ok(())
}

/// Whether a file of our own folder may be removed. A file that is not on the
/// list may be somebody's if it has another name, or if a link leads here.
fn may_go(kept: Option<&Kept>, path: &Path, is_linked: bool) -> Result<bool, DiskError> {
    match kept {
        Some(kept) if is_linked => kept.place.is_sure(path),
        Some(_) => Ok(true),
        None => Ok(!is_linked && link::is_sole(path)),
    }
}

/// Removes a file of our own folder. Of a file with two names it takes the name
/// only where the other may be in use: emptying one empties both.
fn remove(kept: Option<&Kept>, path: &Path) -> Result<(), DiskError> {
    if kept.is_some_and(|kept| kept.place.may_share()) {
        private_file::remove(path)
    } else {
        link::remove_ours(path)
    }
}

/// Whether an id is in a file. What cannot be read as text is none of the files
/// that hold one; what cannot be read now may be.
fn contains(path: &Path, id: &str) -> Result<bool, DiskError> {
    let read = content::read(path, Denied::IsUseless)?;
    Ok(matches!(read, Content::Text(text) if text.contains(id)))
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
        Err(error) if error.kind() == io::ErrorKind::NotFound && private_file::is_free(folder) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(DiskError::new(folder, error)),
    };
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in entries.flatten() {
        if entry.file_type().is_ok_and(|kind| !kind.is_dir()) {
            let path = entry.path();
            let place = files.partition_point(|known| known.as_os_str() < path.as_os_str());
            files.insert(place, path);
        }
    }
    Ok(files)
}
