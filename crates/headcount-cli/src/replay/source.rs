//! What is replayed: a queue that a host has left, or an export of a collector.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;

use headcount::queue_copy::{CopiedLine, QueueCopy, skipped};
use headcount_catalog::Catalog;
use headcount_wire::{HomeLifetime, Rate};

use super::batch::Outgoing;
use super::exported_row::{self, NoRow};
use super::limits;
use super::tally::Tally;
use crate::catalog_file::is_stdin;

/// Calls `each` with every record of a queue that may be sent.
///
/// # Errors
///
/// Returns the error of `each`, or why the queue cannot be read.
pub(super) fn each_of_queue(
    copy: &QueueCopy<'_>,
    home: HomeLifetime,
    tally: &mut Tally,
    mut each: impl FnMut(Outgoing, &mut Tally) -> Result<(), String>,
) -> Result<(), String> {
    for reader in copy.readers().map_err(|error| error.to_string())? {
        let mut reader = match reader {
            Ok(reader) => reader,
            Err(_) => {
                tally.leave_out("unreadable-file", 1);
                continue;
            }
        };
        for line in reader.by_ref() {
            let Ok(line) = line else {
                tally.leave_out("unreadable-file", 1);
                break;
            };
            match copy.judge(&line.text) {
                CopiedLine::Goes(record, bytes) => {
                    let outgoing = Outgoing { record: *record, bytes, rate: Rate::WHOLE, home };
                    each(outgoing, tally)?;
                }
                CopiedLine::Rejected(reason) => tally.leave_out(reason.name(), 1),
                CopiedLine::Refused => tally.leave_out("refused-by-the-person", 1),
                CopiedLine::OverAge => tally.leave_out("over-age", 1),
            }
        }
        for (reason, lines) in skipped(&reader.skipped()) {
            tally.leave_out(reason, lines);
        }
    }
    Ok(())
}

/// Calls `each` with every event of an export that the catalog allows.
///
/// # Errors
///
/// Returns the error of `each`, or why the export cannot be read.
pub(super) fn each_of_export(
    path: &Path,
    catalog: &'static Catalog,
    tally: &mut Tally,
    mut each: impl FnMut(Outgoing, &mut Tally) -> Result<(), String>,
) -> Result<(), String> {
    let mut lines = Lines::open(path).map_err(|error| format!("it cannot be read: {error}"))?;
    loop {
        let line = lines.next().map_err(|error| format!("it cannot be read: {error}"))?;
        let text = match line {
            LineRead::End => return Ok(()),
            LineRead::Bad(reason) => {
                tally.leave_out(reason, 1);
                continue;
            }
            LineRead::Text(text) => text,
        };
        if text.trim().is_empty() {
            continue;
        }
        let row = match exported_row::read(catalog, text) {
            Ok(row) => row,
            // The last line of a file that is cut off is no object either.
            Err(NoRow::Malformed) if lines.is_torn() => {
                tally.leave_out("torn", 1);
                continue;
            }
            Err(why) => {
                tally.leave_out(why.name(), 1);
                continue;
            }
        };
        match headcount_wire::read(catalog, &row.line) {
            Err(reason) => tally.leave_out(reason.name(), 1),
            Ok(record) => {
                let (rate, home, bytes) = (row.rate, row.home, row.line.len());
                each(Outgoing { record, bytes, rate, home }, tally)?;
            }
        }
    }
}

/// The lines of a file, one in memory at a time.
struct Lines {
    reader: Box<dyn BufRead>,
    bytes: Vec<u8>,
    /// Whether the last line had no newline.
    is_torn: bool,
}

/// A line.
enum LineRead<'l> {
    Text(&'l str),
    Bad(&'static str),
    End,
}

impl Lines {
    fn open(path: &Path) -> io::Result<Self> {
        let reader: Box<dyn BufRead> = if is_stdin(path) {
            Box::new(BufReader::new(io::stdin()))
        } else {
            Box::new(BufReader::new(File::open(path)?))
        };
        Ok(Self { reader, bytes: Vec::new(), is_torn: false })
    }

    fn is_torn(&self) -> bool {
        self.is_torn
    }

    fn next(&mut self) -> io::Result<LineRead<'_>> {
        self.bytes.clear();
        let most = limits::EXPORT_LINE_BYTES + 1;
        if self.reader.by_ref().take(most).read_until(b'\n', &mut self.bytes)? == 0 {
            return Ok(LineRead::End);
        }
        let ended = self.bytes.pop_if(|last| *last == b'\n').is_some();
        self.is_torn = !ended;
        if !ended && self.bytes.len() as u64 > limits::EXPORT_LINE_BYTES {
            self.reader.skip_until(b'\n')?;
            return Ok(LineRead::Bad("too-long"));
        }
        Ok(std::str::from_utf8(&self.bytes).map_or(LineRead::Bad("not-utf8"), LineRead::Text))
    }
}
