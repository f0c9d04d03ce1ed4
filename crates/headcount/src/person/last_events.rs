//! The newest events, each as the first destination receives it, for a host
//! that shows them in a form of its own: those that wait, else those that were
//! sent, else samples.

use headcount_catalog::{Catalog, Checked, Destination, Grain, Time};
use headcount_wire::{encode_one, read};

use super::inspect::{REFUSED, SAMPLES, batches, not_sent, samples};
use super::marks::AS_IT_IS;
use super::pretty::pretty;
use super::reply::Reply;
use super::sent;
use crate::Session;
use crate::ship::{Build, Overrides, target};
use crate::standing::Standing;

/// An id in samples: the word on a line has no space, since it is shaped like
/// an id.
const NO_ID: [&str; 2] = ["\"not-created\"", "\"not created\""];

/// Which events are shown.
enum Shown {
    Waiting(Vec<Checked>),
    /// And when the newest of them were.
    Sent(Vec<Checked>, Time),
    Samples(Vec<Checked>),
}

/// The newest `count` events as the first destination receives them, in the
/// form `{"events":[…]}`, indented: those that wait to be sent. If none waits,
/// those that were sent and are kept; if there are none either, one sample for
/// each event. What they are, and why nothing is sent, is for standard error,
/// so that standard output is JSON.
#[must_use]
pub fn last_events(session: &Session, count: usize) -> Reply {
    let standing = session.opened();
    let catalog = standing.in_force().unwrap_or(standing.catalog());
    let Some(destination) = catalog.destinations.first() else { return Reply::said("") };
    let shown = shown(standing, catalog, destination);
    let (records, count, said) = match &shown {
        Shown::Waiting(records) => (records, count, cannot_be_sent(standing, destination)),
        Shown::Sent(records, at) => {
            let at = at.format(Grain::Second);
            (
                records,
                count,
                format!("Nothing waits to be sent. These were sent, the last at {at}.\n"),
            )
        }
        Shown::Samples(records) => {
            let what = if records.is_empty() { REFUSED } else { SAMPLES };
            (records, usize::MAX, format!("{what}{}", cannot_be_sent(standing, destination)))
        }
    };
    let newest = &records[records.len().saturating_sub(count)..];
    let one = |record: &Checked| encode_one(destination.dialect, catalog, record).ok();
    let events: Vec<String> = newest.iter().filter_map(one).collect();
    let mut events = pretty(&format!("{{\"events\":[{}]}}", events.join(",")));
    if matches!(shown, Shown::Samples(_)) {
        events = events.replace(NO_ID[0], NO_ID[1]);
    }
    let events: String = events.lines().map(|line| format!("{AS_IT_IS}{line}\n")).collect();
    Reply::said(events).with_err(&said).for_person(standing)
}

fn shown(standing: &Standing, catalog: &'static Catalog, destination: &Destination) -> Shown {
    let waiting = batches(standing, catalog, destination).unwrap_or_default().concat();
    if !waiting.is_empty() {
        return Shown::Waiting(waiting);
    }
    let mut kept = sent::kept(standing).unwrap_or_default().records;
    kept.retain(|record| {
        record.destination == destination.name && record.status.is_some_and(|code| code / 100 == 2)
    });
    let records: Vec<Checked> =
        kept.iter().filter_map(|record| read(standing.catalog(), &record.line).ok()).collect();
    match kept.last() {
        Some(last) if !records.is_empty() => Shown::Sent(records, last.at),
        _ => Shown::Samples(samples(standing)),
    }
}

/// Why these events are not sent, a line for each reason.
fn cannot_be_sent(standing: &Standing, destination: &Destination) -> String {
    let mut said = not_sent(standing);
    let variable = |name: &str| standing.surroundings().variable(name);
    let overrides = Overrides::read(standing.catalog(), destination, variable);
    if let Err(problem) = target(standing.catalog(), destination, &overrides, Build::this()) {
        said.push_str(&format!("Nothing can be sent to {}: {problem}.\n", destination.name));
    }
    said
}
