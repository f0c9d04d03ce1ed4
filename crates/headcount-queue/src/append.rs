//! Appends a line: open, shared lock, one write, close.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use crate::error::{AppendError, QueueError};
use crate::limits::{
    APPENDS, LOCK_WAIT, MAX_LINE_BYTES, SIDES, open_share_bytes, side_share_bytes,
};
use crate::lines::TORN;
use crate::locked_segment::{LockedSegment, NoSegment};
use crate::platform;
use crate::queue::Queue;

/// Ends a torn line, so that the next line is on its own.
const END_OF_TORN: [u8; 2] = [TORN, b'\n'];

/// Which segment a line was appended to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// The open segment.
    Open,
    /// A side segment, because another process held the lock of the open one
    /// for a millisecond.
    Side,
}

/// A segment to try, with its share of the bound, and how long to wait for its
/// lock.
struct Target<'a> {
    path: &'a Path,
    share_bytes: u64,
    wait: Duration,
    missing: NoSegment,
}

/// The result of trying a segment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Attempt {
    Written,
    /// Other processes held its lock until the wait was over.
    Held,
}

impl Queue {
    /// Appends a line and its newline in a single write. Returns within a
    /// millisecond or two, even if another process holds the lock and is
    /// stopped.
    ///
    /// # Errors
    ///
    /// Returns [`AppendError`] if the line is not in the queue: it cannot be a
    /// line, the queue is full or locked, or the system returned an error. A
    /// host should count the loss and go on.
    pub fn append(&self, line: &str) -> Result<Appended, AppendError> {
        self.append_or(line, NoSegment::Create)
    }

    /// The same, but creates nothing: if there is no segment, the caller may
    /// have to ask for permission before it calls [`Queue::append`].
    ///
    /// # Errors
    ///
    /// Those of [`Queue::append`], and [`AppendError::NoSegment`].
    pub fn append_to_existing(&self, line: &str) -> Result<Appended, AppendError> {
        self.append_or(line, NoSegment::Refuse)
    }

    fn append_or(&self, line: &str, missing: NoSegment) -> Result<Appended, AppendError> {
        let line = Framed::new(line)?;
        let share_bytes = open_share_bytes(self.bounds.bytes).min(self.writable_bytes());
        let open = Target { path: self.names.open(), share_bytes, wait: LOCK_WAIT, missing };
        if line.append_to(&open)? == Attempt::Written {
            return Ok(Appended::Open);
        }
        for number in 0..SIDES {
            let path = self.names.side(number);
            let share_bytes = side_share_bytes(self.bounds.bytes).min(self.writable_bytes());
            let side = Target { path: &path, share_bytes, wait: Duration::ZERO, missing };
            if line.append_to(&side)? == Attempt::Written {
                return Ok(Appended::Side);
            }
        }
        Err(AppendError::Busy)
    }
}

/// A line with its newline. The bytes before it end a torn line and are written
/// only after one, so that a reader can recognize the fragment.
struct Framed {
    bytes: Vec<u8>,
}

impl Framed {
    fn new(line: &str) -> Result<Framed, AppendError> {
        if line.is_empty() {
            return Err(AppendError::Empty);
        }
        if line.len() > MAX_LINE_BYTES {
            return Err(AppendError::TooLong { bytes: line.len() });
        }
        if line.as_bytes().contains(&b'\n') || line.as_bytes().ends_with(&[TORN]) {
            return Err(AppendError::Control);
        }
        let mut bytes = Vec::with_capacity(END_OF_TORN.len() + line.len() + 1);
        bytes.extend_from_slice(&END_OF_TORN);
        bytes.extend_from_slice(line.as_bytes());
        bytes.push(b'\n');
        Ok(Framed { bytes })
    }

    fn line(&self) -> &[u8] {
        &self.bytes[END_OF_TORN.len()..]
    }

    fn append_to(&self, target: &Target<'_>) -> Result<Attempt, AppendError> {
        let Some(LockedSegment { file, bytes }) = lock(target)? else { return Ok(Attempt::Held) };
        let written = self.write(&file, bytes, target);
        platform::unlock(&file);
        written.map(|()| Attempt::Written)
    }

    fn write(&self, file: &File, bytes: u64, target: &Target<'_>) -> Result<(), AppendError> {
        let failed = |error| AppendError::Failed(QueueError::new("append to", target.path, error));
        if bytes.saturating_add(self.line().len() as u64) > target.share_bytes {
            return Err(AppendError::Full { bytes });
        }
        if bytes > 0 && !platform::ends_a_line(file, bytes - 1).map_err(failed)? {
            return write_once(file, &self.bytes, target.path);
        }
        let mut bytes_written = self.line();
        for _ in 0..APPENDS {
            write_once(file, bytes_written, target.path)?;
            // The last line was complete when its last byte was read. Another
            // writer may have appended since then and died half-way. This line
            // then continues that fragment, so it is written once more.
            if platform::stands_alone(file, self.line(), bytes).map_err(failed)? {
                return Ok(());
            }
            bytes_written = &self.bytes;
        }
        Err(AppendError::Busy)
    }
}

fn lock(target: &Target<'_>) -> Result<Option<LockedSegment>, AppendError> {
    match platform::lock_segment(target.path, target.wait, target.missing) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if target.missing == NoSegment::Refuse {
                return Err(AppendError::NoSegment);
            }
            // This is the first record on this machine, or the folder was
            // removed.
            let folder = target.path.parent().unwrap_or(Path::new("."));
            platform::create_folder(folder)
                .map_err(|error| QueueError::new("create the folder", folder, error))?;
            platform::lock_segment(target.path, target.wait, target.missing)
        }
        locked => locked,
    }
    .map_err(|error| QueueError::new("open", target.path, error).into())
}

/// Writes in one call. Other writers could append between two calls.
fn write_once(mut file: &File, bytes: &[u8], path: &Path) -> Result<(), AppendError> {
    loop {
        match file.write(bytes) {
            Ok(taken) if taken == bytes.len() => return Ok(()),
            Ok(taken) => return Err(AppendError::Short { taken, of: bytes.len() }),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(QueueError::new("append to", path, error).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::{Lines, Tail};
    use std::fs;

    fn segment(content: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.jsonl");
        fs::write(&path, content).unwrap();
        (folder, path)
    }

    fn target(path: &Path) -> Target<'_> {
        Target { path, share_bytes: u64::MAX, wait: Duration::ZERO, missing: NoSegment::Create }
    }

    #[test]
    fn a_line_that_continues_a_fragment_is_written_once_more() {
        let (_folder, path) = segment("whole\n");
        let line = Framed::new("mine").unwrap();
        let LockedSegment { file, bytes } = lock(&target(&path)).unwrap().unwrap();
        // Between the check of the last byte and the write, another writer dies
        // half-way.
        fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"frag").unwrap();
        line.write(&file, bytes, &target(&path)).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.ends_with("\nmine\n"), "{text:?}");
        assert!(text.starts_with("whole\nfrag"), "{text:?}");
    }

    #[test]
    fn a_line_after_another_complete_line_is_written_once() {
        let (_folder, path) = segment("whole\n");
        let line = Framed::new("mine").unwrap();
        let LockedSegment { file, bytes } = lock(&target(&path)).unwrap().unwrap();
        fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"other\n").unwrap();
        line.write(&file, bytes, &target(&path)).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole\nother\nmine\n");
    }

    #[test]
    fn a_line_that_was_seen_half_written_costs_one_skipped_line() {
        // The size grows page by page: the other line is complete when ours is
        // written.
        let (_folder, path) = segment("whole\nhal");
        let line = Framed::new("mine").unwrap();
        let LockedSegment { file, bytes } = lock(&target(&path)).unwrap().unwrap();
        fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"f\n").unwrap();
        line.write(&file, bytes, &target(&path)).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole\nhalf\n\u{18}\nmine\n");
        let mut lines = Lines::open(&path, Tail::Torn, 0, u64::MAX, Duration::ZERO).unwrap();
        let texts: Vec<_> = lines.by_ref().map(|line| line.unwrap().text).collect();
        assert_eq!((texts.join(" "), lines.skipped().total()), ("whole half mine".to_owned(), 0));
    }

    #[test]
    fn a_segment_that_is_emptied_meanwhile_is_used() {
        let (_folder, path) = segment("whole\n");
        let line = Framed::new("mine").unwrap();
        let LockedSegment { file, bytes } = lock(&target(&path)).unwrap().unwrap();
        fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(0).unwrap();
        line.write(&file, bytes, &target(&path)).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine\n");
    }
}
