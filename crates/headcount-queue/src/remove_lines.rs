//! Removes some lines of a claim for good, for every destination: a person no
//! longer wants them sent.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use crate::claim::Claim;
use crate::drops::Drops;
use crate::error::QueueError;
use crate::limits::{CLAIM_WAIT, IN_USE_WAIT};
use crate::line_set::LineSet;
use crate::lines::{TORN, fault, is_removed};
use crate::platform;
use crate::queue::Queue;
use crate::shipper::Shipper;
use crate::small_file::{remove, remove_replaced, remove_unfinished, replace_claim};

impl Shipper {
    /// Removes the text of these lines from a claim, and every text in it that
    /// [`Claim::lines`] does not return: what was given up before, and what is
    /// torn, too long or not UTF-8. Returns what of the latter was not counted
    /// yet. The other lines keep their numbers, so that the progress of every
    /// destination stays what it is. A claim without any other line goes with
    /// its small files.
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if the claim cannot be read or written. It has
    /// every other line then.
    pub fn remove_lines(&self, claim: &Claim, lines: &LineSet) -> Result<Drops, QueueError> {
        let names = &self.queue.names;
        let (path, floor_path) = (names.claim(claim.name), names.floor(claim.name));
        let read = |error| QueueError::new("read", &path, error);
        let before = whole(&path, claim.readable_bytes).map_err(read)?;
        let (removed, skipped) = to_remove(&before, claim.floor()?, lines);
        let mut after = Vec::with_capacity(before.len());
        for (number, line) in numbered(&before) {
            // An empty line is skipped, and counted as a number.
            after.extend_from_slice(if removed.contains(number) { b"\n" } else { line });
        }
        if after.iter().all(|byte| *byte == b'\n') {
            // Needs no space on the disk.
            remove(&path)?;
            remove_replaced(&floor_path)?;
            for destination in &claim.begun {
                remove_replaced(&names.progress(claim.name, destination))?;
            }
            return Ok(skipped);
        }
        if removed.is_empty() {
            return remove_unfinished(&floor_path).map(|()| skipped);
        }
        match replace_claim(&path, &floor_path, &after) {
            Err(error) if error.is_storage_full() => write_over(&path, &before, &removed)?,
            replaced => {
                replaced?;
                let sealed = platform::seal(&path, CLAIM_WAIT);
                sealed.map_err(|error| QueueError::new("seal", &path, error))?;
            }
        }
        Ok(skipped)
    }
}

impl Queue {
    /// Whether the disk has text that [`Queue::lines`] does not return, and
    /// [`Shipper::remove_lines`] removes. What cannot be read may be such text.
    #[must_use]
    pub fn has_remains(&self) -> bool {
        let Ok(listing) = self.names.list() else { return true };
        if listing.unfinished().next().is_some() {
            return true;
        }
        let none = LineSet::default();
        let has_some = |path: &Path, floor: u64| match whole(path, self.readable_bytes()) {
            Ok(bytes) => !to_remove(&bytes, floor, &none).0.is_empty(),
            Err(error) => !platform::is_gone(&error, path),
        };
        let segments = self.names.segments(&listing);
        segments.iter().any(|path| has_some(path, 0))
            || self.claims_of(listing).iter().any(|claim| {
                let path = self.names.claim(claim.name);
                claim.floor().map_or(true, |floor| has_some(&path, floor))
            })
    }
}

/// The lines with their numbers, and with their newlines.
fn numbered(bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    (0..).zip(bytes.split_inclusive(|byte| *byte == b'\n'))
}

/// The lines to remove: these, and every other one that has a text and is not
/// returned to a reader. Of those that were not given up before, counts what is
/// skipped.
fn to_remove(bytes: &[u8], floor: u64, lines: &LineSet) -> (LineSet, Drops) {
    let (mut removed, mut skipped) = (lines.clone(), Drops::default());
    for (number, line) in numbered(bytes) {
        let text = line.strip_suffix(b"\n");
        let (text, is_ended) = (text.unwrap_or(line), text.is_some());
        if is_removed(text, is_ended) {
            continue;
        }
        let fault = fault(text, is_ended);
        if number < floor || fault.is_some() {
            removed.insert(number);
        }
        if let Some(reason) = fault.filter(|_| number >= floor && !lines.contains(number)) {
            skipped.add(reason, 1);
        }
    }
    (removed, skipped)
}

/// Writes over the text of these lines where it is, which needs no space on the
/// disk. What a crash leaves of such a line is not a record.
fn write_over(path: &Path, before: &[u8], lines: &LineSet) -> Result<(), QueueError> {
    let change = |mut file: &File| {
        let mut start = 0;
        for (number, line) in numbered(before) {
            if lines.contains(number) {
                file.seek(SeekFrom::Start(start))?;
                let mut over = vec![TORN; line.len().saturating_sub(1)];
                over.push(b'\n');
                file.write_all(&over)?;
            }
            start += line.len() as u64;
        }
        platform::sync(file)
    };
    platform::change_sealed(path, CLAIM_WAIT, change)
        .map_err(|error| QueueError::new("write", path, error))
}

/// The bytes of a segment within the bounds.
fn whole(path: &Path, most_bytes: u64) -> io::Result<Vec<u8>> {
    let file = platform::open_to_read(path, IN_USE_WAIT)?;
    let mut bytes = Vec::new();
    file.take(most_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most_bytes {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::{Bounds, Claim, DestinationName, LineOutcome, LineSet, Queue, Removal};

    const NOW_S: u64 = 1_800_000_000;

    fn texts(claim: &Claim) -> Vec<(u64, String)> {
        claim
            .lines()
            .unwrap()
            .map(|line| line.map(|line| (line.index, line.text)).unwrap())
            .collect()
    }

    #[test]
    fn the_others_keep_their_numbers_and_their_progress() {
        let folder = tempfile::tempdir().unwrap();
        let queue = Queue::new(&folder.path().join("events.jsonl"), Bounds::USUAL).unwrap();
        ["a", "b", "c", "d"].iter().for_each(|line| _ = queue.append(line).unwrap());
        let shipper = queue.shipper(folder.path(), Duration::ZERO).unwrap();
        let name = DestinationName::new("it").unwrap();
        let all = std::slice::from_ref(&name);
        let claim = shipper.claim(NOW_S, all).unwrap().claims.remove(0);
        let mut progress = shipper.progress(&claim, &name).unwrap();
        progress.seal([0, 1, 2].into_iter().collect(), NOW_S).unwrap();
        progress.settle(&[0].into_iter().collect(), LineOutcome::Done).unwrap();
        let sealed = progress.batches().to_vec();

        shipper.remove_lines(&claim, &LineSet::default()).unwrap();
        assert_eq!(texts(&claim).len(), 4);
        shipper.remove_lines(&claim, &[1, 3].into_iter().collect()).unwrap();
        assert_eq!(texts(&claim), [(0, "a".to_owned()), (2, "c".to_owned())]);
        let again = shipper.progress(&claim, &name).unwrap();
        assert_eq!(again.batches(), sealed);
        assert_eq!(queue.waiting().unwrap().lines, 2);
        // Nothing else is left of it, and nobody appends to it.
        let names: Vec<String> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        assert!(names.iter().all(|name| !name.ends_with(".new")), "{names:?}");
        drop(again);
        progress = shipper.progress(&claim, &name).unwrap();
        progress.settle(&[2].into_iter().collect(), LineOutcome::Done).unwrap();
        let removal = shipper.remove_when_settled(&claim, all).unwrap();
        assert!(matches!(removal, Removal::Removed(skipped) if skipped.total() == 0));
    }

    /// As on a full disk.
    #[test]
    fn what_is_written_over_is_skipped_and_keeps_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let queue = Queue::new(&folder.path().join("events.jsonl"), Bounds::USUAL).unwrap();
        ["a", "long enough", "c", "d"].iter().for_each(|line| _ = queue.append(line).unwrap());
        let shipper = queue.shipper(folder.path(), Duration::ZERO).unwrap();
        let name = DestinationName::new("it").unwrap();
        let all = std::slice::from_ref(&name);
        let claim = shipper.claim(NOW_S, all).unwrap().claims.remove(0);
        let path = claim.names.claim(claim.name);
        let before = std::fs::read(&path).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions();
        super::write_over(&path, &before, &[1, 3].into_iter().collect()).unwrap();
        assert_eq!(texts(&claim), [(0, "a".to_owned()), (2, "c".to_owned())]);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions(), mode, "sealed as before");
        let after = std::fs::read(&path).unwrap();
        assert_eq!(after.len(), before.len());
        assert!(!after.windows(4).any(|part| part == b"long"));
        let mut progress = shipper.progress(&claim, &name).unwrap();
        progress.settle(&[0, 2].into_iter().collect(), LineOutcome::Done).unwrap();
        let removal = shipper.remove_when_settled(&claim, all).unwrap();
        assert!(matches!(removal, Removal::Removed(skipped) if skipped.total() == 0));
    }

    #[test]
    fn a_claim_without_other_lines_goes_and_so_do_its_small_files() {
        let folder = tempfile::tempdir().unwrap();
        let queue = Queue::new(&folder.path().join("events.jsonl"), Bounds::USUAL).unwrap();
        queue.append("a").unwrap();
        let shipper = queue.shipper(folder.path(), Duration::ZERO).unwrap();
        let name = DestinationName::new("it").unwrap();
        let all = std::slice::from_ref(&name);
        let claim = shipper.claim(NOW_S, all).unwrap().claims.remove(0);
        shipper.progress(&claim, &name).unwrap().seal([0].into_iter().collect(), NOW_S).unwrap();
        shipper.remove_lines(&claim, &[0].into_iter().collect()).unwrap();
        assert_eq!(queue.waiting().unwrap().lines, 0);
        assert_eq!(shipper.claim(NOW_S, all).unwrap().claims.len(), 0);
        let left = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 1, "the lock");
    }
}
