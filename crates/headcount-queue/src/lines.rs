//! Reads the lines of a segment, and skips what is not a line.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Take};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::drops::{DropReason, Drops};
use crate::error::QueueError;
use crate::limits::{MAX_LINE_BYTES, READ_BUFFER_BYTES};
use crate::platform;

/// The cancel character of ASCII. A writer that finds a torn line ends it with
/// this and a newline. JSON never contains it unescaped.
pub(crate) const TORN: u8 = 0x18;

/// A line of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The place in the segment, from 0. Skipped lines are counted, too, so
    /// that a line of a claim always has the same number.
    pub index: u64,
    /// The text that was appended, without the newline.
    pub text: String,
}

/// What bytes without a newline at the end of a segment mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    /// A torn line: the segment is a claim, to which nobody appends any more.
    Torn,
    /// Perhaps a line that is being appended at this moment.
    InFlight,
}

/// The lines of a segment, in order. Lines that are torn, too long or not UTF-8
/// are skipped and counted; empty lines are skipped. Only one line is in memory
/// at a time. Of a file that is larger than the whole queue may be, only the
/// first part is read.
#[derive(Debug)]
pub struct Lines {
    /// `None` after the end.
    reader: Option<BufReader<Take<File>>>,
    /// The size of the file when it was opened, and how much of it is read at
    /// most.
    size_bytes: u64,
    most_bytes: u64,
    path: PathBuf,
    tail: Tail,
    next: u64,
    floor: u64,
    bytes: Vec<u8>,
    skipped: Drops,
}

/// How many lines a segment has, and which were skipped.
#[derive(Debug)]
pub(crate) struct Counted {
    pub(crate) lines: u64,
    pub(crate) skipped: Drops,
}

impl Lines {
    /// Opens a segment for its lines from `floor` on, within the first
    /// `most_bytes`. A file that does not exist has no lines; one that another
    /// program keeps from being read is waited for.
    pub(crate) fn open(
        path: &Path,
        tail: Tail,
        floor: u64,
        most_bytes: u64,
        wait: Duration,
    ) -> Result<Lines, QueueError> {
        let failed = |error| QueueError::new("read", path, error);
        let (reader, size_bytes) = match platform::open_to_read(path, wait) {
            Err(error) if platform::is_gone(&error, path) => (None, 0),
            file => {
                let file = file.map_err(failed)?;
                let size_bytes = file.metadata().map_err(failed)?.len();
                let first = file.take(most_bytes);
                (Some(BufReader::with_capacity(READ_BUFFER_BYTES, first)), size_bytes)
            }
        };
        let (path, bytes, skipped) = (path.to_path_buf(), Vec::new(), Drops::default());
        Ok(Lines { reader, size_bytes, most_bytes, path, tail, next: 0, floor, bytes, skipped })
    }

    /// Limits the bytes that are read to the budget, and takes them off it. To
    /// be called before the first line is read.
    pub(crate) fn within(mut self, budget_bytes: &mut u64) -> Lines {
        self.most_bytes = self.most_bytes.min(*budget_bytes);
        *budget_bytes -= self.most_bytes.min(self.size_bytes);
        if let Some(reader) = &mut self.reader {
            reader.get_mut().set_limit(self.most_bytes);
        }
        self
    }

    /// Returns 1 if a part of the file is not read, since its lines cannot be
    /// counted.
    pub(crate) fn unread(&self) -> u64 {
        u64::from(self.size_bytes > self.most_bytes)
    }

    /// Returns what was skipped so far. After the last line it is complete.
    #[must_use]
    pub fn skipped(&self) -> Drops {
        self.skipped
    }

    /// Reads the next line into the buffer, and returns its number. Its bytes
    /// are UTF-8.
    fn advance(&mut self) -> io::Result<Option<u64>> {
        while let Some(reader) = &mut self.reader {
            self.bytes.clear();
            let most = MAX_LINE_BYTES as u64 + 1;
            if reader.by_ref().take(most).read_until(b'\n', &mut self.bytes)? == 0 {
                break;
            }
            let index = self.next;
            self.next += 1;
            let ended = self.bytes.pop_if(|last| *last == b'\n').is_some();
            if !ended && self.bytes.len() > MAX_LINE_BYTES {
                reader.skip_until(b'\n')?;
            }
            if index < self.floor || is_removed(&self.bytes, ended) {
                continue;
            }
            // A line that is cut by the end of what is read belongs to what is
            // not read.
            let open_end = self.tail == Tail::InFlight || self.unread() > 0;
            match fault(&self.bytes, ended) {
                None => return Ok(Some(index)),
                Some(DropReason::Torn) if !ended && open_end => {}
                Some(reason) => self.skipped.add(reason, 1),
            }
        }
        self.reader = None;
        Ok(None)
    }

    /// Returns the number of the next line, without its text.
    pub(crate) fn next_index(&mut self) -> Result<Option<u64>, QueueError> {
        self.advance().map_err(|error| {
            self.reader = None;
            QueueError::new("read", &self.path, error)
        })
    }

    /// Counts the remaining lines. What is not read counts as one line.
    pub(crate) fn counted(mut self) -> Result<Counted, QueueError> {
        let mut lines = 0;
        while self.next_index()?.is_some() {
            lines += 1;
        }
        Ok(Counted { lines: lines + self.unread(), skipped: self.skipped })
    }
}

/// Why a line is skipped and counted, by its bytes without the newline: the
/// first [`MAX_LINE_BYTES`] and one more are enough.
pub(crate) fn fault(bytes: &[u8], is_ended: bool) -> Option<DropReason> {
    if bytes.len() > MAX_LINE_BYTES {
        Some(DropReason::TooLong)
    } else if !is_ended || bytes.ends_with(&[TORN]) {
        Some(DropReason::Torn)
    } else if std::str::from_utf8(bytes).is_err() {
        Some(DropReason::NotUtf8)
    } else {
        None
    }
}

/// Whether a line is skipped without being counted. If two writers end the same
/// torn line, one cancel character is on a line of its own. A line of nothing
/// else was removed.
pub(crate) fn is_removed(bytes: &[u8], is_ended: bool) -> bool {
    let is_whole = is_ended || bytes.len() > MAX_LINE_BYTES;
    is_whole && bytes.iter().all(|byte| *byte == TORN)
}

/// Returns the size of a segment in bytes; 0 if the file does not exist.
pub(crate) fn bytes_of(path: &Path) -> Result<u64, QueueError> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        metadata => metadata
            .map(|metadata| metadata.len())
            .map_err(|error| QueueError::new("read the size of", path, error)),
    }
}

impl Iterator for Lines {
    type Item = Result<Line, QueueError>;

    fn next(&mut self) -> Option<Result<Line, QueueError>> {
        let line = self.next_index().transpose()?;
        Some(line.map(|index| {
            let text = String::from_utf8(std::mem::take(&mut self.bytes)).unwrap_or_default();
            Line { index, text }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &[u8], tail: Tail, floor: u64) -> (Vec<(u64, String)>, Drops) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("segment");
        fs::write(&path, content).unwrap();
        let mut lines = Lines::open(&path, tail, floor, u64::MAX, Duration::ZERO).unwrap();
        let read = lines.by_ref().map(|line| line.map(|line| (line.index, line.text)).unwrap());
        let read = read.collect();
        (read, lines.skipped())
    }

    #[test]
    fn what_is_not_a_line_is_skipped_and_counted_alone() {
        let long = "x".repeat(MAX_LINE_BYTES);
        let mut content = Vec::new();
        content.extend_from_slice(b"one\n\ntw\xff\n");
        content.extend_from_slice(format!("{long}\n").as_bytes());
        content.extend_from_slice(format!("{long}y\n").as_bytes());
        content.extend_from_slice(format!("{long}{long}{long}\n").as_bytes());
        content.extend_from_slice(b"\xc3\xa9\nto");
        let (lines, skipped) = read(&content, Tail::Torn, 0);
        let expected = [(0, "one".to_owned()), (3, long), (6, "é".to_owned())];
        assert_eq!(lines, expected);
        let counts =
            [DropReason::Torn, DropReason::TooLong, DropReason::NotUtf8].map(|why| skipped.of(why));
        assert_eq!((counts, skipped.total()), ([1, 2, 1], 4));
    }

    #[test]
    fn a_long_tail_is_too_long_and_a_tail_in_flight_is_ignored() {
        let long = "x".repeat(3 * MAX_LINE_BYTES);
        assert_eq!(read(long.as_bytes(), Tail::Torn, 0).1.of(DropReason::TooLong), 1);
        let (lines, skipped) = read(b"one\ntw", Tail::InFlight, 0);
        assert_eq!((lines.len(), skipped.total()), (1, 0));
        let (lines, skipped) = read(b"one\ntw\xc3\x18\nthree\n\x18\n", Tail::InFlight, 0);
        assert_eq!(
            (lines.len(), skipped.of(DropReason::Torn)),
            (2, 1),
            "a torn line that was ended"
        );
        let exactly = "x".repeat(MAX_LINE_BYTES);
        assert_eq!(read(exactly.as_bytes(), Tail::Torn, 0).1.of(DropReason::Torn), 1);
        let beyond = "x".repeat(MAX_LINE_BYTES + 1);
        assert_eq!(read(beyond.as_bytes(), Tail::Torn, 0).1.of(DropReason::TooLong), 1);
    }

    #[test]
    fn what_is_below_the_floor_is_not_counted() {
        let (lines, skipped) = read(b"a\n\xff\nc\nd\n", Tail::Torn, 2);
        assert_eq!(lines, [(2, "c".to_owned()), (3, "d".to_owned())]);
        assert_eq!(skipped.total(), 0);
    }

    #[test]
    fn what_is_not_read_counts_as_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("segment");
        fs::write(&path, "one\ntwo\nthree\n").unwrap();
        for (most_bytes, expected) in [(0, 1), (3, 1), (4, 2), (9, 3), (13, 3), (14, 3), (99, 3)] {
            let lines = || Lines::open(&path, Tail::Torn, 0, most_bytes, Duration::ZERO).unwrap();
            let counted = lines().counted().unwrap();
            assert_eq!((counted.lines, counted.skipped.total()), (expected, 0), "{most_bytes}");
            let mut budget = most_bytes;
            let narrow = Lines::open(&path, Tail::Torn, 0, u64::MAX, Duration::ZERO)
                .unwrap()
                .within(&mut budget);
            assert_eq!(budget, most_bytes.saturating_sub(14));
            assert_eq!(narrow.counted().unwrap().lines, expected, "{most_bytes}");
        }
    }

    #[test]
    fn an_empty_file_and_a_missing_file_have_no_lines() {
        assert_eq!(read(b"", Tail::Torn, 0).0.len(), 0);
        let gone =
            Lines::open(Path::new("/nowhere/at/all"), Tail::Torn, 0, 9, Duration::ZERO).unwrap();
        assert_eq!(gone.count(), 0);
    }
}
