//! Which versions of the catalog record into the queue: one small file for
//! each, written before its first record and once a day.
//!
//! Two releases may share a queue, and either may ship what the other recorded.
//! The older one knows neither the destinations nor the words of the newer one.
//! So the newer one says here that it is there: the older one then leaves alone
//! what only the newer one can send.
//!
//! A catalog of version 1 that was the first here writes nothing: nothing is
//! older. Two catalogs with the same version and different contents, which is
//! an author's mistake, are each newer than the other.
//!
//! Each version writes its own file, so no lock is needed. A file holds for as
//! long as its version's last record may wait. One that cannot be read now, or
//! that this version does not understand, is left alone: a newer version may
//! have written it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

use headcount_catalog::{Catalog, Day};
use headcount_queue::DestinationName;
use serde_json::Value as Json;

use super::error::DiskError;
use super::lock::Terms;
use super::paths::Paths;
use super::private_file;
use super::state::State;
use crate::as_json::json;
use crate::limits;

/// The number of the layout.
const FORMAT: u64 = 1;

/// What one version says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Note {
    version: u64,
    /// The names of its destinations.
    destinations: Vec<DestinationName>,
    /// The last day on which it recorded.
    day: Day,
}

/// What newer versions than this one have said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Newer {
    /// Whether what waits may have been recorded by a newer version.
    pub(crate) newest: Newest,
    /// The destinations of those versions.
    pub(crate) destinations: Vec<DestinationName>,
}

/// The newest version that may have recorded what waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Newest {
    /// This one.
    #[default]
    This,
    /// Another one, which may allow what this one does not.
    Another,
}

/// Says that this version records today. To be called before the first record;
/// `state` is what was found before it.
///
/// # Errors
///
/// Returns an error if the file cannot be written, or if it may not be created
/// any more.
pub(crate) fn note(
    (whole, in_force): (&Catalog, &Catalog),
    paths: &Paths,
    state: &State,
    today: Day,
    terms: Terms<'_>,
) -> Result<(), DiskError> {
    let own = whole.fingerprint();
    let is_first = state.within.iter().all(|within| *within == own);
    if whole.version <= 1 && is_first {
        return Ok(());
    }
    let path = path(paths, own);
    let names = in_force.destinations.iter();
    let names = names.filter_map(|destination| DestinationName::new(destination.name));
    let note =
        Note { version: u64::from(whole.version), destinations: names.collect(), day: today };
    if Said::read(&path) == Said::This(note.clone()) {
        return Ok(());
    }
    // The lock is for an `off` that comes at this moment. Where it is held for
    // too long, the note is written all the same: the record comes next.
    let _held = match terms.hold(paths) {
        Err(error) if error.is_busy() && (terms.is_still_on)() => None,
        held => Some(held?),
    };
    note.write(&path)
}

impl Newer {
    /// What newer versions than this one have said that still holds today.
    pub(crate) fn read(whole: &Catalog, paths: &Paths, today: Day) -> Self {
        let own = path(paths, whole.fingerprint());
        let mut newer = Self::default();
        let files = files(paths);
        if files.is_err() {
            newer.newest = Newest::Another;
        }
        for path in files.unwrap_or_default().into_iter().filter(|path| *path != own) {
            let destinations = match Said::read(&path) {
                Said::This(note) => {
                    let holds = today <= note.day.plus(i32::from(whole.retention.on_machine.0));
                    if !holds || note.version < u64::from(whole.version) {
                        continue;
                    }
                    note.destinations
                }
                Said::Unclear { destinations } => destinations,
                Said::Nothing => continue,
            };
            newer.newest = Newest::Another;
            for name in destinations {
                if let Err(place) = newer.destinations.binary_search(&name) {
                    newer.destinations.insert(place, name);
                }
            }
        }
        newer
    }
}

/// Removes what versions said that have not recorded for a long time.
///
/// # Errors
///
/// Returns an error if a file cannot be removed.
pub(crate) fn sweep(paths: &Paths, today: Day) -> Result<(), DiskError> {
    for path in files(paths).unwrap_or_default() {
        let Said::This(note) = Said::read(&path) else { continue };
        if today > note.day.plus(limits::NOTE_DAYS) {
            private_file::remove(&path)?;
        }
    }
    Ok(())
}

/// What a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    This(Note),
    /// It cannot be read now, or is not of this layout.
    Unclear {
        /// The names that can be read all the same.
        destinations: Vec<DestinationName>,
    },
    /// There is no file.
    Nothing,
}

impl Said {
    fn read(path: &Path) -> Self {
        let text = match private_file::read(path) {
            Ok(Some(text)) => text,
            Ok(None) => return Self::Nothing,
            Err(_) => return Self::Unclear { destinations: Vec::new() },
        };
        let json: Json = text.parse().unwrap_or_default();
        Note::of(&json).map_or_else(|| Self::unclear(&json), Self::This)
    }

    fn unclear(json: &Json) -> Self {
        let names = json.get("destinations").and_then(Json::as_array).into_iter().flatten();
        let names = names.filter_map(|name| DestinationName::new(name.as_str()?));
        Self::Unclear { destinations: names.collect() }
    }
}

impl Note {
    fn of(json: &Json) -> Option<Self> {
        if json.get("format")?.as_u64()? != FORMAT {
            return None;
        }
        let names = json.get("destinations")?.as_array()?.iter();
        Some(Self {
            version: json.get("catalog")?.as_u64()?,
            destinations: names
                .map(|name| DestinationName::new(name.as_str()?))
                .collect::<Option<_>>()?,
            day: Day::parse(json.get("day")?.as_str()?)?,
        })
    }

    fn write(&self, path: &Path) -> Result<(), DiskError> {
        let names: Vec<&str> = self.destinations.iter().map(DestinationName::as_str).collect();
        let json = json!({
            "format": FORMAT,
            "catalog": self.version,
            "destinations": names,
            "day": self.day.to_string(),
        });
        private_file::write(path, &format!("{json}\n"))
    }
}

const PREFIX: &str = "catalog-";
const SUFFIX: &str = ".json";

fn path(paths: &Paths, fingerprint: u64) -> PathBuf {
    paths.state_folder.join(format!("{PREFIX}{fingerprint:016x}{SUFFIX}"))
}

/// The files that there are, as many as a product may have had versions.
fn files(paths: &Paths) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = match fs::read_dir(&paths.state_folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(files),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        if name.starts_with(PREFIX) && name.ends_with(SUFFIX) && files.len() < limits::NOTES {
            files.push(path);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_catalog::parse;
    use headcount_testkit::Home;

    use crate::disk::lock::Patience;

    fn catalog(version: u32) -> Catalog {
        let text = include_str!("../../../../examples/atomic/telemetry.toml");
        let mut catalog = parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        catalog.version = version;
        catalog
    }

    /// What this version writes, if it records today.
    fn note(catalog: &Catalog, paths: &Paths, state: &State, today: Day) {
        let terms = Terms { patience: Patience::Host, is_still_on: &|| true };
        super::note((catalog, catalog), paths, state, today, terms).expect("a note");
    }

    fn day(text: &str) -> Day {
        Day::parse(text).expect("a day")
    }

    fn within(within: Option<u64>) -> State {
        State { within: within.into_iter().collect(), ..State::default() }
    }

    #[test]
    fn the_first_version_of_all_says_nothing_and_every_other_one_does() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        let (one, two, today) = (catalog(1), catalog(2), day("2026-11-20"));
        for state in [within(None), within(Some(one.fingerprint()))] {
            note(&one, &paths, &state, today);
        }
        assert_eq!(home.tree(), []);
        note(&two, &paths, &within(None), today);
        let newer = Newer::read(&one, &paths, today);
        assert_eq!(newer.newest, Newest::Another);
        assert_eq!(newer.destinations, [DestinationName::new("otlp").expect("a name")]);
        assert_eq!(Newer::read(&two, &paths, today), Newer::default(), "its own");
        assert_eq!(Newer::read(&catalog(3), &paths, today), Newer::default(), "an older one");
        // Somebody forgot to raise the number.
        let mut other = catalog(1);
        other.product.title = "Another";
        note(&other, &paths, &within(Some(one.fingerprint())), today);
        private_file::remove(&path(&paths, two.fingerprint())).unwrap();
        assert_eq!(Newer::read(&one, &paths, today).newest, Newest::Another);
    }

    #[test]
    fn a_version_is_forgotten_when_nothing_of_it_can_wait_any_more() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        let (one, two) = (catalog(1), catalog(2));
        let newest = |today: &str| Newer::read(&one, &paths, day(today)).newest;
        note(&two, &paths, &within(None), day("2026-11-20"));
        assert_eq!(newest("2026-12-20"), Newest::Another);
        assert_eq!(newest("2026-12-21"), Newest::This);
        note(&two, &paths, &within(None), day("2026-12-21"));
        assert_eq!(newest("2026-12-21"), Newest::Another, "it is back");
        sweep(&paths, day("2027-12-22")).unwrap();
        assert_eq!(files(&paths).unwrap().len(), 1);
        sweep(&paths, day("2027-12-23")).unwrap();
        assert_eq!(files(&paths).unwrap().len(), 0);
    }

    /// A later layout, and a file that a loss of power or another program
    /// broke.
    #[test]
    fn what_cannot_be_understood_may_be_a_newer_versions_and_is_left_alone() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        let (one, today) = (catalog(1), day("2026-12-21"));
        let unclear = path(&paths, 7);
        let later = "{\"format\":2,\"catalog\":9,\"destinations\":[\"b\",7],\"day\":\"x\"}";
        let broken = ["", "{}", "\u{0}", later, &later.replace('2', "1")];
        for text in broken {
            private_file::write(&unclear, text).unwrap();
            let newer = Newer::read(&one, &paths, today);
            assert_eq!(newer.newest, Newest::Another, "{text}");
            let names: Vec<_> = newer.destinations.iter().map(DestinationName::as_str).collect();
            assert_eq!(names, if text.len() > 2 { vec!["b"] } else { vec![] }, "{text}");
            sweep(&paths, today.plus(10_000)).unwrap();
            assert_eq!(private_file::read(&unclear).unwrap().as_deref(), Some(text));
        }
        // It is there and cannot be read.
        private_file::remove(&unclear).unwrap();
        fs::create_dir(&unclear).unwrap();
        sweep(&paths, today.plus(10_000)).unwrap();
        assert_eq!(Newer::read(&one, &paths, today).newest, Newest::Another);
        fs::remove_dir(&unclear).unwrap();
        assert_eq!(Newer::read(&one, &paths, today), Newer::default());
    }

    #[test]
    fn a_no_that_was_said_meanwhile_leaves_nothing() {
        let home = Home::new();
        let (paths, two) = (Paths::in_tests(&home), catalog(2));
        let terms = Terms { patience: Patience::Host, is_still_on: &|| false };
        let today = day("2026-11-20");
        assert!(super::note((&two, &two), &paths, &within(None), today, terms).is_err());
        assert_eq!(files(&paths).unwrap_or_default(), Vec::<PathBuf>::new());
    }
}
