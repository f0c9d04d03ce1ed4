//! Which lines of a claim go into one request, and which of them may be sent.

use headcount_catalog::{Catalog, Checked, Dialect};
use headcount_queue::{Batch, Claim, LineSet, Progress, QueueError};
use headcount_wire::{Capacity, capacity};

use super::recheck::{Recheck, Verdict};
use crate::disk::tally::Loss;

/// The checked records of a batch.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// The records that may be sent, with their line numbers, and their lines
    /// as they are in the queue.
    pub(crate) records: Vec<Checked>,
    pub(crate) lines: Vec<u64>,
    pub(crate) texts: Vec<String>,
    /// Lines that will never be sent, with the reasons.
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

/// A batch that is being filled: the records of one request.
#[derive(Debug)]
pub(crate) struct Filling {
    room: Capacity,
    route: Option<Route>,
}

/// What the records of one request have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Route {
    /// A request has one path, and some events have their own.
    path: Option<&'static str>,
    /// A request never carries two ids, of two months or of two people.
    device: Option<String>,
}

impl Route {
    fn of(catalog: &Catalog, record: &Checked) -> Self {
        let device = record.device(catalog).map(str::to_owned);
        Self { path: record.event.path, device }
    }
}

/// Whether a record goes into a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// It fits, and its room is taken.
    Taken,
    /// It has another path or another device.
    AnotherRoute,
    /// The batch is full.
    Full,
}

impl Filling {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self { room: capacity(dialect), route: None }
    }

    /// Takes a record whose line has this many bytes, if it fits.
    pub(crate) fn take(&mut self, catalog: &Catalog, record: &Checked, bytes: usize) -> Fit {
        let route = Route::of(catalog, record);
        if *self.route.get_or_insert_with(|| route.clone()) != route {
            return Fit::AnotherRoute;
        }
        match (self.room.events.checked_sub(1), self.room.bytes.checked_sub(bytes)) {
            (Some(events), Some(bytes)) => {
                self.room = Capacity { events, bytes };
                Fit::Taken
            }
            _ => {
                // A later record may be shorter, and must not overtake this
                // one.
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
    records: &mut dyn Iterator<Item = (Checked, usize)>,
) -> Vec<Vec<Checked>> {
    let mut batches: Vec<(Filling, Vec<Checked>)> = Vec::new();
    for (record, bytes) in records {
        let route = Some(Route::of(catalog, &record));
        // The newest batch of a route is the one that is still open.
        let fitting = batches.iter_mut().rev().find(|(filling, _)| filling.route == route);
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

/// The free lines of the next batch, and those that will never be sent. A batch
/// has as many lines as fit, all with the route of the first. Lines of unknown
/// events wait for another version, and lines with another route for another
/// batch.
///
/// # Errors
///
/// Returns an error if the claim cannot be read.
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
            Verdict::Waits { .. } | Verdict::Refused => {}
            Verdict::Lost(reason) => lost.add(line.index, reason),
            Verdict::Goes(record) => {
                match filling.take(recheck.catalog, &record, line.text.len()) {
                    Fit::Taken => fit.insert(line.index),
                    Fit::AnotherRoute => {}
                    Fit::Full => break,
                }
            }
        }
    }
    Ok((fit, lost))
}

/// Checks the records of a sealed batch.
///
/// # Errors
///
/// Returns an error if the claim cannot be read.
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
                judged.texts.push(line.text);
            }
            Verdict::Waits { .. } | Verdict::Refused => {}
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
        batches.iter().map(|batch| batch.iter().map(|record| record.event.name).collect()).collect()
    }

    #[test]
    fn events_of_several_paths_never_share_a_request() {
        let (clacky, startup, task) = samples();
        let mixed = || {
            let records = [&startup, &task, &startup, &task];
            records.into_iter().map(|record| (record.clone(), 100))
        };
        assert_eq!(
            paths(&batches(&clacky, Dialect::Headcount, &mut mixed())),
            [["startup", "startup"], ["task", "task"]]
        );
        // OpenClacky's requests have room for one, in the order of the queue.
        assert_eq!(
            paths(&batches(&clacky, Dialect::Clacky, &mut mixed())),
            [["startup"], ["task"], ["startup"], ["task"]]
        );
        assert_eq!(batches(&clacky, Dialect::Clacky, &mut [].into_iter()).len(), 0);
    }

    #[test]
    fn a_batch_is_full_by_events_or_by_bytes() {
        let (clacky, startup, task) = samples();
        let mut many = std::iter::repeat_n((startup.clone(), 10), limits::BATCH_EVENTS + 1);
        let sizes: Vec<usize> =
            batches(&clacky, Dialect::PostHog, &mut many).iter().map(Vec::len).collect();
        assert_eq!(sizes, [limits::BATCH_EVENTS, 1]);
        // The last would fit into the first, but may not overtake the second.
        let half = limits::BATCH_BYTES / 2;
        let mut long = [half, half + 1, 1].into_iter().map(|bytes| (startup.clone(), bytes));
        let sizes: Vec<usize> =
            batches(&clacky, Dialect::Otlp, &mut long).iter().map(Vec::len).collect();
        assert_eq!(sizes, [1, 2]);
        let mut filling = Filling::new(Dialect::Otlp);
        assert_eq!(filling.take(&clacky, &startup, limits::BATCH_BYTES), Fit::Taken);
        assert_eq!(filling.take(&clacky, &startup, 1), Fit::Full);
        assert_eq!(filling.take(&clacky, &task, 1), Fit::AnotherRoute);
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
        let mixed = [&startup, &other, &startup, &other].into_iter();
        let mut mixed = mixed.map(|record| (record.clone(), 100));
        let batches = batches(&clacky, Dialect::Headcount, &mut mixed);
        let devices: Vec<Vec<_>> = batches
            .iter()
            .map(|batch| batch.iter().map(|record| record.device(&clacky)).collect())
            .collect();
        let (one, two) = (startup.device(&clacky), other.device(&clacky));
        assert_ne!(one, two);
        assert_eq!(devices, [[one, one], [two, two]]);
    }
}
