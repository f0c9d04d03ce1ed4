//! Every path on the person's machine, in one place.

use std::path::{Path, PathBuf};

use headcount_catalog::{Catalog, IdPlace, NameSet, expand, usual_place};

use super::same_place;
use crate::{Owner, Surroundings};

/// Where a product's files are for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The product's name, which our own state has in it.
    pub(crate) product: &'static str,
    /// The product's folder.
    pub folder: PathBuf,
    /// The settings file, with the person's decision.
    pub settings: PathBuf,
    /// The open segment of the queue.
    pub queue: PathBuf,
    /// Our own state: the secret of the id, and the agreement.
    pub state: PathBuf,
    /// Our own folder: locks, backoff, quarantine.
    pub state_folder: PathBuf,
    /// The file of the id, if it has one of its own.
    pub id: Option<PathBuf>,
    /// Where the answer is as well, if a variable moved the folder: a no counts
    /// in both places.
    pub(crate) usual: Option<Place>,
}

/// Where an answer can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The product's name.
    pub(crate) product: &'static str,
    /// The settings file.
    pub(crate) settings: PathBuf,
    /// Our own state.
    pub(crate) state: PathBuf,
}

impl Place {
    fn of(catalog: &Catalog, folder: &Path) -> Self {
        Self {
            product: catalog.product.name,
            settings: below(folder, catalog.files.settings.file),
            state: below(folder, catalog.files.state),
        }
    }

    /// The lock that is held while this state changes.
    pub(crate) fn lock(&self) -> PathBuf {
        self.state.with_extension("").join(LOCK)
    }

    /// The lock that is held while the person is told.
    pub(crate) fn telling(&self) -> PathBuf {
        self.state.with_extension("").join("telling.lock")
    }

    /// What the person agreed to there, event by event and property by
    /// property.
    pub(crate) fn agreed(&self) -> PathBuf {
        self.state.with_extension("").join(AGREED)
    }

    /// The settings file as text in which no two paths are alike, whatever
    /// their bytes.
    pub(crate) fn name(&self) -> String {
        match self.settings.to_str() {
            Some(path) => path.to_owned(),
            None => format!("{:?}", self.settings),
        }
    }
}

const LOCK: &str = "change.lock";
const AGREED: &str = "agreed.json";

impl Paths {
    /// The paths of a catalog in these surroundings; `None` if there is no home
    /// folder.
    #[must_use]
    pub fn of(catalog: &Catalog, surroundings: &Surroundings) -> Option<Self> {
        let lookup = |name: &str| surroundings.variables.unchanged(name);
        let (written, home) = (catalog.files.folder.here(), surroundings.home.as_deref());
        let known = |name: &str| surroundings.known_folders.folder(name, home);
        let folder = expand(written, home, lookup, known)?;
        let usual =
            usual_place(written, home, known).filter(|usual| !same_place::is(usual, &folder));
        let usual = usual.map(|usual| Place::of(catalog, &usual));
        Some(Self { usual, ..Self::in_folder(catalog, folder) })
    }

    /// The paths in a folder, as if no variable had moved it.
    fn in_folder(catalog: &Catalog, folder: PathBuf) -> Self {
        let Place { product, settings, state } = Place::of(catalog, &folder);
        Self {
            product,
            usual: None,
            settings,
            queue: below(&folder, catalog.files.queue),
            state_folder: state.with_extension(""),
            state,
            id: match catalog.identity.place {
                IdPlace::File(file) => Some(below(&folder, file)),
                IdPlace::Settings { .. } | IdPlace::Nowhere => None,
            },
            folder,
        }
    }

    /// Every other place where events of this person may wait: the usual one,
    /// and those in which the person's own yes is noted.
    pub(crate) fn others(&self, catalog: &Catalog, granted: &NameSet) -> Vec<Self> {
        let usual = self.usual.iter().map(|usual| usual.settings.clone());
        let mut others: Vec<Self> = Vec::new();
        for settings in usual.chain(granted.iter().map(PathBuf::from)) {
            let parts = Path::new(catalog.files.settings.file).components().count();
            let Some(folder) = settings.ancestors().nth(parts) else { continue };
            let other = Self::in_folder(catalog, folder.to_path_buf());
            let is_known = other.folder == self.folder || others.contains(&other);
            if other.settings == settings && !is_known {
                others.push(other);
            }
        }
        others
    }

    /// The lock that is held while an id is created or the settings change.
    pub(crate) fn lock(&self) -> PathBuf {
        self.state_folder.join(LOCK)
    }

    /// Where an answer is when no variable is set.
    pub(crate) fn usual(&self) -> Place {
        self.usual.clone().unwrap_or_else(|| self.here())
    }

    /// Where an answer is under this environment.
    pub(crate) fn here(&self) -> Place {
        let (settings, state) = (self.settings.clone(), self.state.clone());
        Place { product: self.product, settings, state }
    }

    /// The owner of the home and of every folder that is written to.
    pub(crate) fn owner(&self, surroundings: &Surroundings) -> Owner {
        let files = [Some(&self.settings), Some(&self.queue), Some(&self.state), self.id.as_ref()];
        let files = files.into_iter().flatten();
        let usual = self.usual.iter().flat_map(|usual| [&usual.settings, &usual.state]);
        let folders = files.chain(usual).filter_map(|file| file.parent());
        let mut asked: Vec<&Path> = vec![&self.folder, &self.state_folder];
        for folder in folders {
            if !asked.contains(&folder) {
                asked.push(folder);
            }
        }
        surroundings.owner_of(asked)
    }

    /// What the person agreed to, event by event and property by property.
    pub(crate) fn agreed(&self) -> PathBuf {
        self.state_folder.join(AGREED)
    }

    /// The secret of an id that is not saved yet.
    pub(crate) fn new_id(&self) -> PathBuf {
        self.state_folder.join("new-id.json")
    }

    /// The segment of records for the person only.
    pub(crate) fn local(&self) -> PathBuf {
        self.state_folder.join("local.jsonl")
    }

    /// When a destination may be tried again.
    pub(crate) fn backoff(&self, destination: &str) -> PathBuf {
        self.state_folder.join(format!("{destination}.backoff.json"))
    }

    /// What a destination asked for instead of all devices.
    pub(crate) fn pace(&self, destination: &str) -> PathBuf {
        self.state_folder.join(format!("{destination}.pace.json"))
    }

    /// Requests: when, where, how much, and what came back.
    pub(crate) fn receipts(&self) -> PathBuf {
        self.state_folder.join("receipts.jsonl")
    }

    /// The records that were sent, as they were.
    pub(crate) fn sent(&self) -> PathBuf {
        self.state_folder.join("sent.jsonl")
    }

    /// What hooks remember of agents' sessions.
    pub(crate) fn agent_notes(&self) -> PathBuf {
        self.state_folder.join("agent-notes.jsonl")
    }

    /// Locked while a hook reads and writes its notes.
    pub(crate) fn agent_notes_lock(&self) -> PathBuf {
        self.state_folder.join("agent-notes.lock")
    }

    /// What the last shipper left.
    pub(crate) fn left(&self) -> PathBuf {
        self.state_folder.join("left.json")
    }

    /// Uploads tried and failed, and events lost.
    pub(crate) fn tally(&self) -> PathBuf {
        self.state_folder.join("tally.json")
    }

    /// Locked while a request is sent outside the queue's lock.
    pub(crate) fn sending(&self) -> PathBuf {
        self.state_folder.join("sending.lock")
    }

    /// A letter for each event that could not be recorded, until it is tallied.
    pub(crate) fn unrecorded(&self) -> PathBuf {
        self.state_folder.join("unrecorded")
    }

    /// What proves that destinations have to erase what was sent.
    pub(crate) fn erasures(&self) -> PathBuf {
        self.state_folder.join("erasures.json")
    }

    /// There from a change of the id until the next shipment.
    pub(crate) fn id_changed(&self) -> PathBuf {
        self.state_folder.join("id-changed")
    }

    /// A letter for each start of a shipper that was not answered yet.
    pub(crate) fn unanswered(&self) -> PathBuf {
        self.state_folder.join("starts")
    }

    /// What a shipper of a debug build did before it opened telemetry.
    pub(crate) fn late(&self) -> PathBuf {
        self.state_folder.join("opened-late")
    }

    /// Records that a destination rejected for good.
    pub(crate) fn quarantine(&self) -> PathBuf {
        self.state_folder.join("quarantine.jsonl")
    }
}

#[cfg(test)]
impl Paths {
    /// Those of a product in `~/tool` that has every file at its usual place.
    pub(crate) fn in_tests(home: &headcount_testkit::Home) -> Self {
        let folder = home.path().join("tool");
        Self {
            product: "tool",
            settings: folder.join("telemetry.json"),
            queue: folder.join("events.jsonl"),
            state: folder.join("telemetry-state.json"),
            state_folder: folder.join("telemetry-state"),
            id: None,
            usual: None,
            folder,
        }
    }
}

fn below(folder: &Path, relative: &str) -> PathBuf {
    relative.split('/').fold(folder.to_path_buf(), |path, part| path.join(part))
}
