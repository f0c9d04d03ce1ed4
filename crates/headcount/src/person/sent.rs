//! `sent`: the records that were sent, as they were, when, where, and what came
//! back.

use std::collections::HashSet;
use std::fmt::Write as _;

use headcount_catalog::Grain;

use super::arguments::{Reader, SentRange};
use super::marks::AS_IT_IS;
use super::reply::{Reply, call, escaped};
use super::switch::{is_ours, paths_of_person};
use crate::disk::error::DiskError;
use crate::disk::line;
use crate::disk::sent::{self, SentAge, SentRecord, Unreadable};
use crate::standing::Standing;
use crate::visible::visible;

/// Prints the records of a range, oldest request first.
pub(super) fn sent(standing: &Standing, range: SentRange, reader: Reader) -> Reply {
    let mut kept = match kept(standing) {
        Ok(kept) => kept.records,
        Err(error) => {
            return Reply::failed(&format!("What was sent cannot be read: {error}."));
        }
    };
    let before = kept.len();
    if let Some(since) = range.since {
        kept.retain(|record| record.at.day() >= since);
    }
    let skipped = kept.len().saturating_sub(range.last.unwrap_or(usize::MAX));
    let (in_days, kept) = (kept.len(), &kept[skipped..]);
    match reader {
        Reader::Program => {
            let lines = kept.iter().map(|record| format!("{}\n", escaped(&record.json())));
            Reply::verbatim(lines.collect())
        }
        Reader::Person if kept.is_empty() => Reply::said(match (before, in_days, range.since) {
            (1.., 0, Some(since)) => format!("No record sent since {since} is kept.\n"),
            (1.., ..) => {
                format!("Records kept: {in_days}. You asked for none of them.\n")
            }
            (0, ..) => nothing(standing),
        }),
        Reader::Person => Reply::said(text(kept)),
    }
}

/// What is kept of what was sent.
#[derive(Debug, Default)]
pub(super) struct KeptRecords {
    /// Each record of each request, oldest request first.
    pub(super) records: Vec<SentRecord>,
    /// The size of the log.
    pub(super) bytes: u64,
}

impl KeptRecords {
    /// How many events that are: one may have been sent to several
    /// destinations, or several times.
    pub(super) fn events(&self) -> u64 {
        let mut lines = HashSet::new();
        self.records.iter().for_each(|record| _ = lines.insert(record.line.clone()));
        lines.len() as u64
    }
}

/// Reads what is kept. What is too old goes before, where the files are this
/// person's and this product's.
///
/// # Errors
///
/// Returns an error if the log cannot be read.
pub(super) fn kept(standing: &Standing) -> Result<KeptRecords, DiskError> {
    let Some(paths) = standing.paths().filter(|paths| is_ours(paths).is_ok()) else {
        return Ok(KeptRecords::default());
    };
    let catalog = standing.in_force().unwrap_or(standing.catalog());
    let age = SentAge {
        today: standing.surroundings().now().day(),
        days: catalog.retention.on_machine.0,
        time: &|line| line::time(catalog, line),
    };
    if paths_of_person(standing).is_ok() {
        // What cannot be dropped now is not shown either.
        let _ = sent::drop_old(paths, &age, Unreadable::Stays);
    }
    let (records, bytes) = sent::read(paths, &age)?;
    Ok(KeptRecords { records, bytes })
}

/// Why there is nothing.
fn nothing(standing: &Standing) -> String {
    if standing.keeps_none() {
        return format!(
            "{} keeps no event on this machine, and nothing of what was sent. The requests: {} receipts.\n",
            standing.catalog().product.title,
            call(standing)
        );
    }
    "Nothing is kept of what was sent: nothing was sent yet, or it was deleted.\n".to_owned()
}

/// A heading for each request, and its records below. Requests of one second to
/// one destination with one answer share it.
fn text(records: &[SentRecord]) -> String {
    let mut text = String::new();
    let head = |record: &SentRecord| (record.at, record.destination.clone(), record.status);
    let mut last = None;
    for record in records {
        if last.as_ref() != Some(&head(record)) {
            let (at, destination) = (record.at.format(Grain::Second), visible(&record.destination));
            let answer = record.status.map_or("no answer".to_owned(), |status| status.to_string());
            // Writing into a `String` cannot fail.
            let _ = writeln!(text, "{at} {destination}: {answer}");
            last = Some(head(record));
        }
        let _ = writeln!(text, "{AS_IT_IS}  {}", visible(&record.line));
    }
    text
}
