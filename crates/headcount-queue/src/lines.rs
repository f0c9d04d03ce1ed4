//! The room of reading: a segment's lines, and what of it is none.

use crate::drops::{DropReason, Drops};
use crate::error::QueueError;
use crate::limits::{MAX_LINE_BYTES, READ_BUFFER_BYTES};
use crate::platform;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Take};
use std::path::{Path, PathBuf};

/// The cancel character of ASCII. A writer that finds a torn line ends it with this and a newline.
/// No text of JSON has it.
pub(crate) const TORN: u8 = 0x18;

/// A line of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its place in the segment, from 0. What is skipped has a place too, so that a line of a
    /// claim keeps its number whatever stands around it.
    pub index: u64,
    /// What was appended, without the newline.
    pub text: String,
}

/// What bytes without a newline at the end of a segment are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    /// Torn: nobody writes to a claim any more.
    Torn,
    /// Perhaps a line that is being written at this moment.
    InFlight,
}

/// The lines of a segment in their order. Skipped, and counted: torn, overlong and foreign ones.
/// Skipped without a count: empty ones. Memory is bounded by one line, whatever the file is, and
/// time by its first bytes: of a file that is larger than all that a queue may hold, the rest is
/// not read.
#[derive(Debug)]
pub struct Lines {
    /// `None` when the end was reached.
    reader: Option<BufReader<Take<File>>>,
    /// The file's size when it was opened, and how much of it is read.
    size_bytes: u64,
    most_bytes: u64,
    path: PathBuf,
    tail: Tail,
    next: u64,
    floor: u64,
    bytes: Vec<u8>,
    skipped: Drops,
}

/// How many lines a segment has, and what in it was skipped.
#[derive(Debug)]
pub(crate) struct Counted {
    pub(crate) lines: u64,
    pub(crate) skipped: Drops,
}

impl Lines {
    /// The lines from `floor` on, in the first bytes; a file that is not there has none.
    pub(crate) fn open(
        path: &Path,
        tail: Tail,
        floor: u64,
        most_bytes: u64,
    ) -> Result<Lines, QueueError> {
        let failed = |error| QueueError::new("read", path, error);
        let (reader, size_bytes) = match platform::open_to_read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => (None, 0),
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

    /// Before the first line: reads no more than so many bytes, and takes what it will read off
    /// them.
    pub(crate) fn within(mut self, budget_bytes: &mut u64) -> Lines {
        self.most_bytes = self.most_bytes.min(*budget_bytes);
        *budget_bytes -= self.most_bytes.min(self.size_bytes);
        if let Some(reader) = &mut self.reader {
            reader.get_mut().set_limit(self.most_bytes);
        }
        self
    }

    /// What is not read, as one line: how many there are in it nobody knows.
    pub(crate) fn unread(&self) -> u64 {
        u64::from(self.size_bytes > self.most_bytes)
    }

    /// What was skipped so far; the segment's tally once the last line was given out.
    #[must_use]
    pub fn skipped(&self) -> Drops {
        self.skipped
    }

    /// The next line as it stands in the buffer; its bytes are UTF-8.
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
            // Two writers that end the same torn line leave the cancel character on its own.
            let empty = self.bytes.is_empty() || self.bytes == [TORN];
            if index < self.floor || (ended && empty) {
                continue;
            }
            // Cut off by the end of what is read, it is part of what is not.
            let open_end = self.tail == Tail::InFlight || self.unread() > 0;
            match self.fault(ended) {
                None => return Ok(Some(index)),
                Some(DropReason::Torn) if !ended && open_end => {}
                Some(reason) => self.skipped.add(reason, 1),
            }
        }
        self.reader = None;
        Ok(None)
    }

    fn fault(&self, ended: bool) -> Option<DropReason> {
        if self.bytes.len() > MAX_LINE_BYTES {
            Some(DropReason::TooLong)
        } else if !ended || self.bytes.ends_with(&[TORN]) {
            Some(DropReason::Torn)
        } else if std::str::from_utf8(&self.bytes).is_err() {
            Some(DropReason::NotUtf8)
        } else {
            None
        }
    }

    /// The numbers of the lines alone.
    pub(crate) fn next_index(&mut self) -> Result<Option<u64>, QueueError> {
        self.advance().map_err(|error| {
            self.reader = None;
            QueueError::new("read", &self.path, error)
        })
    }

    /// Counts the lines that are left. What is not read counts as one line.
    pub(crate) fn counted(mut self) -> Result<Counted, QueueError> {
        let mut lines = 0;
        while self.next_index()?.is_some() {
            lines += 1;
        }
        Ok(Counted { lines: lines + self.unread(), skipped: self.skipped })
    }
}

/// How many bytes a segment has; none where there is no file.
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
        let mut lines = Lines::open(&path, tail, floor, u64::MAX).unwrap();
        let read = lines.by_ref().map(|line| line.map(|line| (line.index, line.text)).unwrap());
        let read = read.collect();
        (read, lines.skipped())
    }

    #[test]
    fn what_is_no_line_is_skipped_and_counted_and_takes_no_neighbour() {
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
    fn an_overlong_tail_is_too_long_and_a_tail_in_flight_is_nothing() {
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
    fn what_lies_below_the_floor_was_counted_before() {
        let (lines, skipped) = read(b"a\n\xff\nc\nd\n", Tail::Torn, 2);
        assert_eq!(lines, [(2, "c".to_owned()), (3, "d".to_owned())]);
        assert_eq!(skipped.total(), 0);
    }

    #[test]
    fn what_is_beyond_is_not_read_and_is_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("segment");
        fs::write(&path, "one\ntwo\nthree\n").unwrap();
        for (most_bytes, expected) in [(0, 1), (3, 1), (4, 2), (9, 3), (13, 3), (14, 3), (99, 3)] {
            let lines = || Lines::open(&path, Tail::Torn, 0, most_bytes).unwrap();
            let counted = lines().counted().unwrap();
            assert_eq!((counted.lines, counted.skipped.total()), (expected, 0), "{most_bytes}");
            let mut budget = most_bytes;
            let narrow = Lines::open(&path, Tail::Torn, 0, u64::MAX).unwrap().within(&mut budget);
            assert_eq!(budget, most_bytes.saturating_sub(14));
            assert_eq!(narrow.counted().unwrap().lines, expected, "{most_bytes}");
        }
    }

    #[test]
    fn nothing_and_no_file_have_no_lines() {
        assert_eq!(read(b"", Tail::Torn, 0).0.len(), 0);
        let gone = Lines::open(Path::new("/nowhere/at/all"), Tail::Torn, 0, 9).unwrap();
        assert_eq!(gone.count(), 0);
    }
}
