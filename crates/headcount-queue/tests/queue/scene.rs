//! What a test of the queue starts from: a folder of its own, and a time.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use headcount_queue::{
    Bounds, Claim, DestinationName, LineOutcome, ProgressWriter, Queue, Shipper,
};

/// The time of the shippers, in 2027.
pub(crate) const NOW_S: u64 = 1_800_000_000;

pub(crate) const DAY_S: u64 = 86_400;

pub(crate) struct Scene {
    /// Removed with everything in it when the test is over.
    _home: tempfile::TempDir,
    pub(crate) folder: PathBuf,
    pub(crate) state: PathBuf,
    pub(crate) queue: Queue,
}

impl Scene {
    pub(crate) fn new() -> Scene {
        Scene::with(Bounds::USUAL)
    }

    pub(crate) fn with(bounds: Bounds) -> Scene {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("share").join("tool");
        let state = folder.join("telemetry-state");
        let queue = Queue::new(&folder.join("events.jsonl"), bounds).unwrap();
        Scene { _home: home, folder, state, queue }
    }

    pub(crate) fn shipper(&self) -> Shipper {
        self.queue.shipper(&self.state, Duration::from_secs(60)).unwrap()
    }

    pub(crate) fn append_all(&self, lines: &[&str]) {
        for line in lines {
            self.queue.append(line).unwrap();
        }
    }

    pub(crate) fn segment(&self) -> &Path {
        self.queue.path()
    }

    /// Writes the open segment as another program would.
    pub(crate) fn write_segment(&self, content: &[u8]) {
        fs::create_dir_all(&self.folder).unwrap();
        fs::write(self.segment(), content).unwrap();
    }

    /// The names in the folder, without the state folder.
    pub(crate) fn names(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
        let mut names: Vec<_> = entries.map(|entry| name(entry.unwrap())).collect();
        names.retain(|name| name != "telemetry-state");
        names.sort();
        names
    }

    /// Everything that waits, as `dump` shows it.
    pub(crate) fn waiting(&self) -> Vec<String> {
        self.queue.lines().unwrap().map(|line| line.unwrap().text).collect()
    }
}

pub(crate) fn destination(name: &str) -> DestinationName {
    DestinationName::new(name).unwrap()
}

pub(crate) fn texts(claim: &Claim) -> Vec<String> {
    claim.lines().unwrap().map(|line| line.unwrap().text).collect()
}

/// Settles every line of a claim with one destination.
pub(crate) fn settle_all(shipper: &Shipper, claim: &Claim, destination: &DestinationName) {
    let mut progress: ProgressWriter<'_> = shipper.progress(claim, destination).unwrap();
    let all = claim.lines().unwrap().map(|line| line.unwrap().index).collect();
    progress.settle(&all, LineOutcome::Done).unwrap();
}
