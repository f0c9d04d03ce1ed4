//! The names of the files of a queue. Files with other names are never touched.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::destination_name::DestinationName;
use crate::error::{Cause, QueueError};
use crate::limits::SIDES;
use crate::platform;

/// The name of a claim: its time, and a random number that distinguishes claims
/// of the same second. Names sort by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimName {
    time_s: u64,
    salt: u64,
}

impl ClaimName {
    pub(crate) const fn new(time_s: u64, salt: u64) -> ClaimName {
        ClaimName { time_s, salt }
    }

    /// Returns the time of the claim in seconds since 1970, as the shipper gave
    /// it.
    #[must_use]
    pub const fn time_s(self) -> u64 {
        self.time_s
    }

    /// Reads what [`fmt::Display`] writes, and nothing else.
    fn parse(text: &str) -> Option<ClaimName> {
        let (time, salt) = text.split_once('-')?;
        Some(ClaimName { time_s: hex(time)?, salt: hex(salt)? })
    }
}

impl fmt::Display for ClaimName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:016x}-{:016x}", self.time_s, self.salt)
    }
}

/// Reads 16 lower-case hexadecimal digits.
fn hex(text: &str) -> Option<u64> {
    let plain = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if plain { u64::from_str_radix(text, 16).ok() } else { None }
}

/// What a file in the folder is.
#[derive(Debug, PartialEq, Eq)]
enum Entry {
    Open,
    Side(u8),
    Claim(ClaimName),
    /// A small file that belongs to a claim and is removed with it.
    Companion(ClaimName),
    /// Such a file that says how far a destination is.
    Progress(ClaimName, DestinationName),
}

/// The files of a queue that exist, in the order in which they are read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Listing {
    pub(crate) claims: Vec<ClaimName>,
    pub(crate) sides: Vec<u8>,
    /// Whether the open segment exists.
    pub(crate) has_open: bool,
    pub(crate) companions: Vec<(ClaimName, PathBuf)>,
    /// The destinations that have a progress file for a claim, also those that
    /// only another version knows.
    pub(crate) begun: Vec<(ClaimName, DestinationName)>,
}

impl Listing {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Listing::default()
    }

    /// The files of a claim that are still being written. Only the holder of
    /// the ship lock writes them.
    pub(crate) fn unfinished(&self) -> impl Iterator<Item = &Path> {
        let paths = self.companions.iter().map(|(_, path)| path.as_path());
        paths.filter(|path| {
            path.to_str().is_some_and(|path| path.ends_with(crate::small_file::UNFINISHED))
        })
    }
}

/// The path of the open segment, divided into folder, stem and extension.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    folder: PathBuf,
    open: PathBuf,
    stem: String,
    /// With its dot; empty if there is none.
    extension: String,
}

impl Names {
    pub(crate) fn of(open: &Path) -> Result<Names, QueueError> {
        let bad = |why| QueueError::new("use", open, Cause::Path(why));
        let name = open.file_name().ok_or_else(|| bad("the path has no file name"))?;
        let name = name.to_str().ok_or_else(|| bad("the file name is not UTF-8"))?;
        let (stem, extension) = match name.rfind('.') {
            Some(dot) if dot > 0 => name.split_at(dot),
            _ => (name, ""),
        };
        let folder = match open.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
            _ => PathBuf::from("."),
        };
        Ok(Names {
            folder,
            open: open.to_path_buf(),
            stem: stem.to_owned(),
            extension: extension.to_owned(),
        })
    }

    pub(crate) fn open(&self) -> &Path {
        &self.open
    }

    pub(crate) fn side(&self, number: u8) -> PathBuf {
        self.folder.join(format!("{}.side-{number}{}", self.stem, self.extension))
    }

    pub(crate) fn claim(&self, claim: ClaimName) -> PathBuf {
        self.folder.join(format!("{}.{claim}{}", self.stem, self.extension))
    }

    pub(crate) fn progress(&self, claim: ClaimName, destination: &DestinationName) -> PathBuf {
        self.folder.join(format!("{}.{claim}.{destination}.progress", self.stem))
    }

    pub(crate) fn floor(&self, claim: ClaimName) -> PathBuf {
        self.folder.join(format!("{}.{claim}.floor", self.stem))
    }

    pub(crate) fn lock(&self, state_folder: &Path) -> PathBuf {
        state_folder.join(format!("{}.lock", self.stem))
    }

    /// Returns the paths of the segments of a listing. The side segments come
    /// first, because their lines are mostly older than those of the open
    /// segment.
    pub(crate) fn segments(&self, listing: &Listing) -> Vec<PathBuf> {
        let sides = listing.sides.iter().map(|number| self.side(*number));
        sides.chain(listing.has_open.then(|| self.open.clone())).collect()
    }

    fn read(&self, name: &str) -> Option<Entry> {
        let rest = name.strip_prefix(self.stem.as_str())?;
        if rest == self.extension {
            return Some(Entry::Open);
        }
        let rest = rest.strip_prefix('.')?;
        if let Some(middle) = rest.strip_suffix(self.extension.as_str()) {
            if let Some(claim) = ClaimName::parse(middle) {
                return Some(Entry::Claim(claim));
            }
            if let Some(number) = middle.strip_prefix("side-") {
                let number = (0..SIDES).find(|side| side.to_string() == number)?;
                return Some(Entry::Side(number));
            }
        }
        // A companion that is still being written (see `small_file`) is a
        // companion, too.
        let whole = rest.strip_suffix(crate::small_file::UNFINISHED);
        let (claim, kind) = whole.unwrap_or(rest).split_once('.')?;
        let claim = ClaimName::parse(claim)?;
        if kind == "floor" {
            return Some(Entry::Companion(claim));
        }
        let destination = DestinationName::new(kind.strip_suffix(".progress")?)?;
        match whole {
            Some(_) => Some(Entry::Companion(claim)),
            None => Some(Entry::Progress(claim, destination)),
        }
    }

    /// Whether a path is that of a file of the queue.
    pub(crate) fn has(&self, path: &Path) -> bool {
        let name = path.file_name().and_then(|name| name.to_str());
        path.parent() == self.open.parent() && name.is_some_and(|name| self.read(name).is_some())
    }

    /// Lists the files that exist. A folder that does not exist has none.
    pub(crate) fn list(&self) -> Result<Listing, QueueError> {
        let failed = |error: io::Error| QueueError::new("list", &self.folder, error);
        let mut listing = Listing::default();
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if platform::is_gone(&error, &self.folder) => return Ok(listing),
            entries => entries.map_err(failed)?,
        };
        for entry in entries {
            let entry = entry.map_err(failed)?;
            // Only a regular file can be a claim, whatever its name is. (A
            // segment that is not one is reported as an error when it is
            // opened.)
            let is_file = may_be_file(entry.file_type().map(|kind| kind.is_file()));
            match entry.file_name().to_str().and_then(|name| self.read(name)) {
                Some(Entry::Open) => listing.has_open = true,
                Some(Entry::Side(number)) => in_order(&mut listing.sides, number),
                Some(Entry::Claim(claim)) if is_file => in_order(&mut listing.claims, claim),
                Some(Entry::Companion(claim)) if is_file => {
                    listing.companions.push((claim, entry.path()));
                }
                Some(Entry::Progress(claim, destination)) if is_file => {
                    listing.companions.push((claim, entry.path()));
                    listing.begun.push((claim, destination));
                }
                _ => {}
            }
        }
        Ok(listing)
    }
}

/// Whether there may be a file. Not every file system lists what its entries
/// are; one that cannot be looked at just now is there all the same.
fn may_be_file(is_file: io::Result<bool>) -> bool {
    is_file.unwrap_or_else(|error| error.kind() != io::ErrorKind::NotFound)
}

/// Adds to a sorted list. There are few: sorting them at the end would be
/// twenty times the code.
fn in_order<T: Ord>(list: &mut Vec<T>, item: T) {
    let place = list.partition_point(|known| *known < item);
    list.insert(place, item);
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLAIM: &str = "000000006b49d200-00000000000000ff";

    fn names(path: &str) -> Names {
        Names::of(Path::new(path)).unwrap()
    }

    #[test]
    fn a_path_is_cut_at_its_last_dot() {
        for (path, stem, extension) in [
            ("/d/telemetry-events.jsonl", "telemetry-events", ".jsonl"),
            ("/d/a.b.c", "a.b", ".c"),
            ("/d/events", "events", ""),
            ("/d/.hidden", ".hidden", ""),
        ] {
            let names = names(path);
            assert_eq!((names.stem.as_str(), names.extension.as_str()), (stem, extension));
        }
        assert_eq!(names("events").folder.as_path(), Path::new("."));
        assert!(Names::of(Path::new("/")).is_err());
    }

    #[test]
    fn every_name_is_recognized() {
        for path in ["/d/telemetry-events.jsonl", "/d/a.b.c", "/d/events", "/d/x.progress"] {
            let names = names(path);
            let claim = ClaimName::new(1_800_000_000, 255);
            let dest = DestinationName::new("otlp-1").unwrap();
            let name = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
            assert_eq!(names.read(&name(names.open.clone())), Some(Entry::Open));
            assert_eq!(names.read(&name(names.side(3))), Some(Entry::Side(3)));
            assert_eq!(names.read(&name(names.claim(claim))), Some(Entry::Claim(claim)));
            let progress = Entry::Progress(claim, dest.clone());
            for (path, entry) in [
                (names.progress(claim, &dest), progress),
                (names.floor(claim), Entry::Companion(claim)),
            ] {
                let companion = name(path);
                assert_eq!(names.read(&companion), Some(entry));
                let unfinished = format!("{companion}{}", crate::small_file::UNFINISHED);
                assert_eq!(names.read(&unfinished), Some(Entry::Companion(claim)));
            }
            assert!(names.has(Path::new(path)) && names.has(&names.claim(claim)));
            assert!(!names.has(&Path::new("/e").join(name(names.side(3)))));
            assert!(!names.has(&names.lock(Path::new("/d"))));
        }
    }

    #[test]
    fn a_file_with_another_name_is_not_of_the_queue() {
        let names = names("/d/telemetry-events.jsonl");
        for other in [
            "telemetry.json".to_owned(),
            "telemetry-events.backup.jsonl".to_owned(),
            "telemetry-events.side-4.jsonl".to_owned(),
            "telemetry-events.side-01.jsonl".to_owned(),
            "telemetry-events.side-.jsonl".to_owned(),
            "telemetry-events.jsonl.bak".to_owned(),
            "my-telemetry-events.jsonl".to_owned(),
            "telemetry-events.lock".to_owned(),
            format!("telemetry-events.{}.jsonl", CLAIM.to_uppercase()),
            format!("telemetry-events.{}.jsonl", &CLAIM[1..]),
            format!("telemetry-events.{CLAIM}.json"),
            format!("telemetry-events.{CLAIM}.a.b.progress"),
            format!("telemetry-events.{CLAIM}.progress"),
            format!("telemetry-events.{CLAIM}.A.progress"),
        ] {
            assert_eq!(names.read(&other), None, "{other}");
        }
    }

    #[test]
    fn an_entry_that_cannot_be_looked_at_may_be_a_file() {
        use io::ErrorKind::{NotFound, PermissionDenied, TimedOut};

        for (looked, may_be) in [
            (Ok(true), true),
            (Ok(false), false),
            (Err(NotFound.into()), false),
            (Err(PermissionDenied.into()), true),
            (Err(TimedOut.into()), true),
        ] {
            assert_eq!(may_be_file(looked), may_be);
        }
    }

    #[test]
    fn claim_names_sort_by_time() {
        let names = [ClaimName::new(1, 9), ClaimName::new(16, 0), ClaimName::new(256, 0)];
        let texts: Vec<_> = names.iter().map(ToString::to_string).collect();
        assert!(names.is_sorted() && texts.is_sorted());
    }
}
