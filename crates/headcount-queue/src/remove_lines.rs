//! Removes some lines of a claim for good, for every destination: a person no
//! longer wants them sent.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use crate::claim::Claim;
use crate::error::QueueError;
use crate::limits::{CLAIM_WAIT, IN_USE_WAIT};
use crate::line_set::LineSet;
use crate::lines::TORN;
use crate::platform;
use crate::shipper::Shipper;
use crate::small_file::{remove, replace_by};

impl Shipper {
    /// Removes the text of these lines from a claim. The other lines keep their
    /// numbers, so that the progress of every destination stays what it is. A
    /// claim without any other line is removed by
    /// [`Shipper::remove_when_settled`].
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if the claim cannot be read or written. It has
    /// every other line then.
    pub fn remove_lines(&self, claim: &Claim, lines: &LineSet) -> Result<(), QueueError> {
        if lines.is_empty() {
            return Ok(());
        }
        let names = &self.queue.names;
        let path = names.claim(claim.name);
        let before = whole(claim).map_err(|error| QueueError::new("read", &path, error))?;
        let mut after = Vec::with_capacity(before.len());
        for (number, line) in (0..).zip(before.split_inclusive(|byte| *byte == b'\n')) {
            // An empty line is skipped, and counted as a number.
            after.extend_from_slice(if lines.contains(number) { b"\n" } else { line });
        }
        if after.iter().all(|byte| *byte == b'\n') {
            // Needs no space on the disk. Its small files are removed as those
            // of every claim that is gone.
            return remove(&path);
        }
        match replace_by(&path, &names.floor(claim.name), &after) {
            Err(error) if error.is_storage_full() => write_over(&path, &before, lines),
            replaced => {
                replaced?;
                let sealed = platform::seal(&path, CLAIM_WAIT);
                sealed.map_err(|error| QueueError::new("seal", &path, error))
            }
        }
    }
}

/// Writes over the text of these lines where it is, which needs no space on the
/// disk. What a crash leaves of such a line is not a record.
fn write_over(path: &Path, before: &[u8], lines: &LineSet) -> Result<(), QueueError> {
    let change = |mut file: &File| {
        let mut start = 0;
        for (number, line) in (0..).zip(before.split_inclusive(|byte| *byte == b'\n')) {
            if lines.contains(number) {
                file.seek(SeekFrom::Start(start))?;
                file.write_all(&vec![TORN; line.len().saturating_sub(1)])?;
            }
            start += line.len() as u64;
        }
        Ok(())
    };
    platform::change_sealed(path, CLAIM_WAIT, change)
        .map_err(|error| QueueError::new("write", path, error))
}

/// The bytes of a claim within the bounds.
fn whole(claim: &Claim) -> io::Result<Vec<u8>> {
    let path = claim.names.claim(claim.name);
    let file = platform::open_to_read(&path, IN_USE_WAIT)?;
    let mut bytes = Vec::new();
    file.take(claim.readable_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > claim.readable_bytes {
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
