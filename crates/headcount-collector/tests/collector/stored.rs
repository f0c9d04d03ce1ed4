//! What lies in a store: its bytes, and its events as they are exported.

use std::path::{Path, PathBuf};

use headcount_catalog::Day;
use headcount_collector::offline::{self, ExportRange, ExportTarget};
use headcount_store::{Commit, DayRows, EmbeddedStore, HouseReport, Store};
use headcount_testkit::Home;
use serde_json::Value as Json;

use crate::fixture::Fixture;
use crate::store_choice::{all_rows, is_embedded, selected};

/// The bytes of the store: its files, or what waits for ClickHouse and all rows
/// there.
pub(crate) fn stored_bytes(data: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let files = if is_embedded() { data.to_path_buf() } else { data.join("spool") };
    for file in std::fs::read_dir(files).expect("a folder") {
        let path = file.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        // On Windows the lock cannot be read while the collector runs.
        if name.starts_with("headcount.db") {
            bytes.extend(std::fs::read(path).expect("a file"));
        } else if name.ends_with(".batch") || name == "totals" {
            // A batch that is shipped meanwhile is among the rows.
            bytes.extend(std::fs::read(path).unwrap_or_default());
        }
    }
    if !is_embedded() {
        bytes.extend(all_rows(data));
    }
    bytes
}

/// A folder that can be exported: the data folder, or one with all events that
/// are read back from ClickHouse.
pub(crate) enum EventFolder {
    Own(PathBuf),
    ReadBack(Home),
}

impl EventFolder {
    pub(crate) fn of(fixture: &Fixture) -> Self {
        let data = fixture.home.path().join("data");
        if is_embedded() {
            return Self::Own(data);
        }
        // A question ships what waits.
        let page = fixture.get("/");
        assert_eq!(page.status, 200, "{page:?}");
        let home = Home::new();
        read_back(&data, &home);
        Self::ReadBack(home)
    }

    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Own(path) => path,
            Self::ReadBack(home) => home.path(),
        }
    }

    /// The events of a product, as they are exported.
    #[track_caller]
    pub(crate) fn exported(&self, product: &str) -> Vec<Json> {
        let mut lines = Vec::new();
        let target = ExportTarget::Lines(&mut lines);
        offline::export(self.path(), product, ExportRange::default(), target, &mut |_| {})
            .expect("an export");
        let text = String::from_utf8(lines).expect("text");
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}

/// Copies the kept catalogs, and the events of all products.
fn read_back(data: &Path, home: &Home) {
    let kept = std::fs::read_dir(data.join("catalogs")).into_iter().flatten();
    for file in kept {
        let path = file.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        home.write(&format!("catalogs/{name}"), std::fs::read(&path).expect("a file"));
    }
    let spool = home.path().join("spool");
    let reader = open_beside(data, &spool);
    let copy = EmbeddedStore::open(home.path()).expect("a folder that can be written");
    let mut append = |rows: &DayRows| {
        let commit = Commit { rows: vec![rows.clone()], ..Commit::default() };
        copy.append(&commit).expect("a commit");
    };
    let days = (Day::from_number(0), Day::from_number(u16::MAX.into()));
    for product in selected(data, "SELECT DISTINCT product FROM batches") {
        reader.read_events(&product, days, &mut append).expect("events");
    }
}

#[cfg(feature = "clickhouse")]
fn open_beside(data: &Path, spool: &Path) -> impl Store {
    let settings = crate::store_choice::settings(data, spool);
    headcount_store::ClickHouseStore::open(settings).expect("a second collector")
}

/// Without ClickHouse, each folder has its own events.
#[cfg(not(feature = "clickhouse"))]
fn open_beside(_: &Path, own: &Path) -> impl Store {
    EmbeddedStore::open(own).expect("a folder that can be written")
}

/// Checks how many events were sealed, and how many merged. ClickHouse has no
/// sealed events, and merges the weeks that are over when it likes.
#[track_caller]
pub(crate) fn assert_sealed(report: &HouseReport, sealed: u64, merged: Option<u64>) {
    if !is_embedded() {
        assert_eq!(report.sealed, 0, "{report:?}");
        return;
    }
    assert_eq!(report.sealed, sealed, "{report:?}");
    assert!(merged.is_none_or(|merged| report.merged == merged), "{report:?}");
}
