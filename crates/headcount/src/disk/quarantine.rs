//! Records that a destination rejected for good, kept for the person to look
//! at, as they were in the queue. They are kept no longer than any record, and
//! those of another id than the device has now are not kept at all.

use std::fs;
use std::path::Path;

use headcount_catalog::{Catalog, Checked, Day, Time};

use super::content::{self, Content, Denied};
use super::error::DiskError;
use super::paths::Paths;
use super::{link, lock, private_file};
use crate::limits;

/// Keeps records of the device that the machine is now, if it has an id. If the
/// file is full, the newest are dropped.
///
/// `device` is asked under the lock under which an id changes.
///
/// # Errors
///
/// Returns an error if the file cannot be locked or written.
pub(crate) fn keep(
    paths: &Paths,
    catalog: &Catalog,
    records: &[Checked],
    device: impl FnOnce() -> Option<String>,
) -> Result<(), DiskError> {
    let _held = lock::hold(&paths.lock())?;
    let device = device();
    let mut size = bytes(paths);
    let mut text = String::new();
    let ours = |record: &&Checked| {
        let carried = record.device(catalog);
        carried.is_none() || carried == device.as_deref()
    };
    let lines = records.iter().filter(ours);
    for line in lines.filter_map(|record| headcount_wire::write(catalog, record).ok()) {
        size += line.len() as u64 + 1;
        if size > limits::QUARANTINE_BYTES {
            break;
        }
        text.push_str(&line);
        text.push('\n');
    }
    if text.is_empty() {
        return Ok(());
    }
    let path = paths.quarantine();
    if link::is_shared(&path) {
        // What is there may be somebody's.
        link::remove_ours(&path)?;
    }
    private_file::append(&path, &text)
}

/// Drops what is older than `days` days. A line without a readable time is as
/// old as the file.
///
/// # Errors
///
/// Returns an error if the file cannot be locked, read now, or written.
pub(crate) fn drop_old(
    paths: &Paths,
    today: Day,
    days: u16,
    time: impl Fn(&str) -> Option<Time>,
) -> Result<(), DiskError> {
    let path = paths.quarantine();
    if fs::symlink_metadata(&path).is_err() {
        return Ok(());
    }
    let _held = lock::hold(&paths.lock())?;
    let Some(before) = readable(&path)? else { return Ok(()) };
    let written = written(&path);
    let is_young = |line: &&str| {
        let day = time(line).map(Time::day).or(written);
        day.is_some_and(|day| today <= day.plus(i32::from(days)))
    };
    let lines = before.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    let after: String = lines.filter(is_young).collect();
    if after.is_empty() {
        return link::remove_ours(&path);
    }
    if after == before { Ok(()) } else { private_file::write(&path, &after) }
}

/// The records, if they can be read. A file that is useless is removed: nobody
/// can tell what in it is young, or allowed. So is a link, which leads to what
/// may be somebody's.
fn readable(path: &Path) -> Result<Option<String>, DiskError> {
    if path.is_symlink() {
        return link::remove_ours(path).map(|()| None);
    }
    match content::read(path, Denied::IsUseless)? {
        Content::Text(text) => Ok(Some(text)),
        Content::Missing => Ok(None),
        Content::Useless(_) => link::remove_ours(path).map(|()| None),
    }
}

/// Drops the lines that are refused. What is useless is dropped as a whole.
///
/// # Errors
///
/// Returns an error if the file cannot be locked, read now, or written.
pub(crate) fn drop_lines(
    paths: &Paths,
    is_refused: impl Fn(&str) -> bool,
) -> Result<(), DiskError> {
    let path = paths.quarantine();
    if fs::symlink_metadata(&path).is_err() {
        return Ok(());
    }
    let _held = lock::hold(&paths.lock())?;
    let Some(before) = readable(&path)? else { return Ok(()) };
    let lines = before.split_inclusive('\n');
    let after: String = lines.filter(|line| !is_refused(line.trim_end_matches('\n'))).collect();
    if after == before {
        Ok(())
    } else if after.is_empty() {
        link::remove_ours(&path)
    } else {
        private_file::write(&path, &after)
    }
}

/// The day on which the file was last written.
fn written(path: &Path) -> Option<Day> {
    let modified = fs::metadata(path).ok()?.modified().ok()?;
    Some(Time::from_system(modified).day())
}

/// The size of the file in bytes.
pub(crate) fn bytes(paths: &Paths) -> u64 {
    fs::metadata(paths.quarantine()).map_or(0, |metadata| metadata.len())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use headcount_testkit::Home;

    use super::*;

    /// What it leads to may be somebody's.
    #[test]
    fn a_link_goes_and_what_it_leads_to_is_not_changed() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        fs::create_dir_all(&paths.state_folder).unwrap();
        let lines = "1\n2\n";
        let other = home.write("quarantine.jsonl", lines);
        let one = |line: &str| line == "1";
        let today = Day::from_number(20_000);
        // Of a year ago, or of today.
        let time = |line: &str| Some(today.plus(if one(line) { -365 } else { 0 }).start());
        for is_old in [true, false] {
            symlink(&other, paths.quarantine()).unwrap();
            if is_old {
                drop_old(&paths, today, 30, time).unwrap();
            } else {
                drop_lines(&paths, one).unwrap();
            }
            assert!(!paths.quarantine().is_symlink());
            assert_eq!(home.read("quarantine.jsonl"), lines);
        }
    }
}
