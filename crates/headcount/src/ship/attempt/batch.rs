//! Which lines of a claim go together, and which of them may go at all.

use headcount_catalog::{Catalog, Checked, Dialect};
use headcount_queue::{Batch, Claim, LineSet, Progress, QueueError};
use headcount_wire::{Capacity, capacity};

use super::recheck::{Recheck, Verdict};
use crate::disk::tally::Loss;

/// A batch's records, judged once more.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// The records that may go, with the lines they stand on.
    pub(crate) records: Vec<Checked>,
    pub(crate) lines: Vec<u64>,
    /// Lines that will not be sent, each with why.
    pub(crate) lost: Lost,
}

/// Lines that will never be sent to a destination.
#[derive(Debug, Default)]
pub(crate) struct Lost {
    pub(crate) lines: LineSet,
    pub(crate) reasons: Vec<Loss>,
}

impl Lost {
    fn add(&mut self, line: u64, reason: Loss) {
        self.lines.insert(line);
        self.reasons.push(reason);
    }
}

/// A batch being filled: what goes together into one request.
#[derive(Debug)]
pub(crate) struct Filling {
    room: Capacity,
    way: Option<Way>,
}

/// What the records of one request have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Way {
    /// A request has one path, so events that have their own keep to theirs.
    path: Option<&'static str>,
    /// A request never carries two ids, of two months or of two hands.
    device: Option<String>,
}

impl Way {
    fn of(catalog: &Catalog, record: &Checked) -> Self {
        let device = record.device(catalog).map(str::to_owned);
        Self { path: record.event.path, device }
    }
}

/// Whether a record goes into a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// It does, and takes its room.
    Taken,
    /// It goes elsewhere, or for another device.
    AnotherWay,
    /// The batch is full.
    Full,
}

impl Filling {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self { room: capacity(dialect), way: None }
    }

    /// Takes a record of a line of so many bytes, if it fits.
    pub(crate) fn take(&mut self, catalog: &Catalog, record: &Checked, bytes: usize) -> Fit {
        let way = Way::of(catalog, record);
        if *self.way.get_or_insert_with(|| way.clone()) != way {
            return Fit::AnotherWay;
        }
        match (self.room.events.checked_sub(1), self.room.bytes.checked_sub(bytes)) {
            (Some(events), Some(bytes)) => {
                self.room = Capacity { events, bytes };
                Fit::Taken
            }
            _ => {
                // What comes later may be shorter, and must not overtake it.
                self.room.events = 0;
                Fit::Full
            }
        }
    }
}

/// Records, each with the bytes of its line, in the batches that
/// [`next_batch`] would make of them one after another.
pub(crate) fn batches(
    catalog: &Catalog,
    dialect: Dialect,
    records: impl IntoIterator<Item = (Checked, usize)>,
) -> Vec<Vec<Checked>> {
    let mut batches: Vec<(Filling, Vec<Checked>)> = Vec::new();
    for (record, bytes) in records {
        let way = Some(Way::of(catalog, &record));
        // The newest of its way is the one still open.
        let fitting = batches.iter_mut().rev().find(|(filling, _)| filling.way == way);
        if let Some((filling, records)) = fitting
            && filling.take(catalog, &record, bytes) == Fit::Taken
        {
            records.push(record);
            continue;
        }
        let mut filling = Filling::new(dialect);
        filling.take(catalog, &record, bytes);
        batches.push((filling, vec![record]));
    }
    batches.into_iter().map(|(_, records)| records).collect()
}

/// The free lines that make up the next batch: as many as fit, of those that
/// may go and that go where the first of them goes; and those that will never
/// go. Lines of unknown events wait for another version, those of another way
/// for another batch.
///
/// # Errors
///
/// The claim cannot be read.
pub(crate) fn next_batch(
    recheck: &Recheck<'_>,
    dialect: Dialect,
    claim: &Claim,
    progress: &Progress,
) -> Result<(LineSet, Lost), QueueError> {
    let (mut fit, mut lost) = (LineSet::default(), Lost::default());
    let mut filling = Filling::new(dialect);
    for line in claim.lines()? {
        let line = line?;
        if !progress.is_free(line.index) {
            continue;
        }
        match recheck.verdict(&line.text) {
            Verdict::Waits { .. } => {}
            Verdict::Lost(reason) => lost.add(line.index, reason),
            Verdict::Goes(record) => {
                match filling.take(recheck.catalog, &record, line.text.len()) {
                    Fit::Taken => fit.insert(line.index),
                    Fit::AnotherWay => {}
                    Fit::Full => break,
                }
            }
        }
    }
    Ok((fit, lost))
}

/// The records of a sealed batch.
///
/// # Errors
///
/// The claim cannot be read.
pub(crate) fn judge(
    recheck: &Recheck<'_>,
    claim: &Claim,
    batch: &Batch,
) -> Result<Judged, QueueError> {
    let mut judged = Judged::default();
    for line in claim.lines()? {
        let line = line?;
        if !batch.lines().contains(line.index) {
            continue;
        }
        match recheck.verdict(&line.text) {
            Verdict::Goes(record) => {
                judged.records.push(*record);
                judged.lines.push(line.index);
            }
            Verdict::Waits { .. } => {}
            Verdict::Lost(reason) => judged.lost.add(line.index, reason),
        }
    }
    Ok(judged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_catalog::{Time, parse};
    use headcount_wire::limits;

    fn samples() -> (Catalog, Checked, Checked) {
        let text = include_str!("../../../../../examples/clacky/telemetry.toml");
        let clacky = parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let sample = |place: usize| clacky.sample(&clacky.events[place], Time::from_seconds(0));
        let (startup, task) = (sample(0), sample(1));
        (clacky, startup, task)
    }

    fn paths(batches: &[Vec<Checked>]) -> Vec<Vec<&str>> {
        batches.iter().map(|it| it.iter().map(|record| record.event.name).collect()).collect()
    }

    #[test]
    fn events_of_several_paths_never_share_a_request() {
        let (clacky, startup, task) = samples();
        let mixed = || [&startup, &task, &startup, &task].map(|record| (record.clone(), 100));
        assert_eq!(
            paths(&batches(&clacky, Dialect::Headcount, mixed())),
            [["startup", "startup"], ["task", "task"]]
        );
        // OpenClacky's requests have room for one, in the order of the queue.
        assert_eq!(
            paths(&batches(&clacky, Dialect::Clacky, mixed())),
            [["startup"], ["task"], ["startup"], ["task"]]
        );
        assert_eq!(batches(&clacky, Dialect::Clacky, []).len(), 0);
    }

    #[test]
    fn a_batch_is_full_by_events_or_by_bytes() {
        let (clacky, startup, task) = samples();
        let many = std::iter::repeat_n((startup.clone(), 10), limits::BATCH_EVENTS + 1);
        let sizes: Vec<usize> =
            batches(&clacky, Dialect::PostHog, many).iter().map(Vec::len).collect();
        assert_eq!(sizes, [limits::BATCH_EVENTS, 1]);
        // The last would fit into the first, but may not overtake the second.
        let half = limits::BATCH_BYTES / 2;
        let long = [half, half + 1, 1].map(|bytes| (startup.clone(), bytes));
        let sizes: Vec<usize> =
            batches(&clacky, Dialect::Otlp, long).iter().map(Vec::len).collect();
        assert_eq!(sizes, [1, 2]);
        let mut filling = Filling::new(Dialect::Otlp);
        assert_eq!(filling.take(&clacky, &startup, limits::BATCH_BYTES), Fit::Taken);
        assert_eq!(filling.take(&clacky, &startup, 1), Fit::Full);
        assert_eq!(filling.take(&clacky, &task, 1), Fit::AnotherWay);
    }

    #[test]
    fn no_request_carries_two_ids() {
        let (clacky, startup, _) = samples();
        let place = clacky
            .envelope
            .iter()
            .position(|entry| matches!(entry.source, headcount_catalog::Source::Device))
            .expect("an entry");
        let mut other = startup.clone();
        other.envelope[place] =
            headcount_catalog::Kind::Reference(headcount_catalog::Reference::Session)
                .token("another-device")
                .ok()
                .map(headcount_catalog::Value::Token);
        let mixed = [&startup, &other, &startup, &other].map(|record| (record.clone(), 100));
        let batches = batches(&clacky, Dialect::Headcount, mixed);
        let devices: Vec<Vec<_>> =
            batches.iter().map(|it| it.iter().map(|it| it.device(&clacky)).collect()).collect();
        let (one, two) = (startup.device(&clacky), other.device(&clacky));
        assert_ne!(one, two);
        assert_eq!(devices, [[one, one], [two, two]]);
    }
}
