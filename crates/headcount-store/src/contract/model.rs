//! A naive store to compare with: it keeps whole events, and answers every
//! question by looking at all of them.

mod answers;
mod compare;
mod devices;
mod raw;
mod steps;
mod visits;
mod vocabulary;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use headcount_catalog::{Age, Day, EventId, Period, Reason};

use super::random_commits::RandomCommit;
use super::test_event::{ACCOUNT, CODE, FAILURES, QUIET, TestCell, TestEvent, VERSION};
use crate::{ColumnKind, Erasure, HousePolicy, RejectedCount, RowDevice, RowStatus};
use devices::Devices;
use vocabulary::{Teller, Vocabulary};

pub(super) use compare::compare;
pub(super) use raw::values_of;

/// Everything that a store was told.
#[derive(Default)]
pub(super) struct Model {
    /// Raw events that live.
    living: BTreeMap<(&'static str, Day, EventId), TestEvent>,
    products: BTreeMap<&'static str, ProductModel>,
    /// Counts of arrivals by product, outcome and reason.
    outcomes: BTreeMap<(&'static str, &'static str, &'static str), u64>,
    rejected: Vec<RejectedCount>,
}

/// What is counted of one product.
#[derive(Default)]
struct ProductModel {
    /// Every event that was ever counted, also if it was erased or expired,
    /// unless its counts have expired.
    counted: Vec<CountedEvent>,
    /// The weight of all events.
    events: u64,
    marks: Vec<CountedMark>,
    vocabularies: BTreeMap<&'static str, Vocabulary>,
    devices: Devices,
    has_ids_or_marks: bool,
    /// The last day of which a raw event has expired.
    last_expired: Option<Day>,
}

/// A counted event. Values are places in the vocabularies of their columns.
struct CountedEvent {
    event: TestEvent,
    failed: Option<bool>,
    version: Option<usize>,
    values: Vec<CountedValue>,
}

#[derive(Debug, Clone, Copy)]
struct CountedValue {
    column: &'static str,
    kind: ColumnKind,
    place: usize,
}

/// A mark of a device without an id.
struct CountedMark {
    period: Period,
    start: Day,
    age: Option<Age>,
    version: Option<usize>,
    weight: u16,
}

impl Model {
    pub(super) fn append(&mut self, commit: &RandomCommit) -> Vec<RowStatus> {
        let mut statuses = Vec::new();
        for row in &commit.events {
            let key = (row.product, row.day, row.id);
            let (status, outcome, reason) = match self.living.entry(key) {
                Entry::Occupied(first) if first.get().content() == row.content() => {
                    (RowStatus::Duplicate, "duplicate", "")
                }
                Entry::Occupied(_) => {
                    (RowStatus::OtherContent, "rejected", Reason::OtherContent.name())
                }
                Entry::Vacant(vacant) => {
                    vacant.insert(row.clone());
                    self.products.entry(row.product).or_default().count(row);
                    (RowStatus::Stored, "stored", "")
                }
            };
            statuses.push(status);
            *self.outcomes.entry((row.product, outcome, reason)).or_default() += 1;
        }
        for unstored in &commit.unstored {
            let key = (unstored.product, unstored.outcome, unstored.reason);
            *self.outcomes.entry(key).or_default() += unstored.count;
        }
        self.rejected.extend(commit.rejected.iter().cloned());
        statuses
    }

    /// Returns the number of raw events that are gone.
    pub(super) fn erase(&mut self, product: &str, person: Erasure) -> u64 {
        let before = self.living.len();
        self.living.retain(|(of, ..), event| *of != product || !is_of(event, person));
        if let (Erasure::Device(device), Some(known)) = (person, self.products.get_mut(product)) {
            known.devices.erase(device);
            known.vocabularies.values_mut().for_each(|vocabulary| vocabulary.forget(device));
        }
        (before - self.living.len()) as u64
    }

    /// Returns the number of raw events that are gone.
    pub(super) fn keep_house(&mut self, policy: &HousePolicy) -> u64 {
        let before = self.living.len();
        for retention in &policy.retention {
            let product = retention.product.as_str();
            let first = policy.today.plus(-i32::from(retention.raw_days));
            let gone = self.living.keys().filter(|(of, day, _)| *of == product && *day < first);
            let last = gone.map(|(_, day, _)| *day).max();
            self.living.retain(|(of, day, _), _| *of != product || *day >= first);
            let Some(known) = self.products.get_mut(product) else { continue };
            known.last_expired = known.last_expired.max(last);
            let days: BTreeSet<Day> = known.devices.days().collect();
            days.range(..first).for_each(|day| known.devices.expire(*day));
            known.vocabularies.values_mut().for_each(|known| known.begin_window(first));
            if let Some(days) = retention.rollup_days {
                let first = policy.today.plus(-i32::try_from(days).expect("few days"));
                known.expire_counts(first);
                self.rejected.retain(|row| row.product != product || row.day >= first);
            }
        }
        (before - self.living.len()) as u64
    }

    /// One of the living events, to send it again.
    pub(super) fn living(&self) -> impl ExactSizeIterator<Item = &TestEvent> {
        self.living.values()
    }
}

fn is_of(event: &TestEvent, person: Erasure) -> bool {
    match person {
        Erasure::Device(device) => event.device.pseudonym() == Some(device),
        Erasure::Account(account) => event
            .cells
            .iter()
            .any(|(name, cell)| *name == ACCOUNT && *cell == TestCell::Pseudonym(account)),
    }
}

impl ProductModel {
    fn expire_counts(&mut self, first: Day) {
        self.counted.retain(|counted| counted.event.day >= first);
        self.marks.retain(|mark| mark.start >= mark.period.start(first));
        self.vocabularies.values_mut().for_each(|known| known.expire_counts(first));
        self.devices.expire_counts(first);
    }

    fn count(&mut self, event: &TestEvent) {
        self.has_ids_or_marks |= event.marks.periods().next().is_some();
        let marks_day = || event.marks.periods().any(|period| period == Period::Day);
        let teller = match event.device {
            RowDevice::Counted(device) => Teller::Device(device),
            RowDevice::None if marks_day() || !self.has_ids_or_marks => Teller::Unnamed,
            RowDevice::None | RowDevice::Ephemeral(_) => Teller::Nobody,
        };
        self.has_ids_or_marks |= event.device.pseudonym().is_some();
        let mut values = Vec::new();
        for (column, cell) in &event.cells {
            let vocabulary = self.vocabularies.entry(column).or_default();
            let places = tell(vocabulary, (column, cell), event.day, teller);
            let value = |place| CountedValue { column, kind: cell.kind(), place };
            values.extend(places.into_iter().map(value));
        }
        let is_version =
            |value: &&CountedValue| value.column == VERSION && value.kind == ColumnKind::Text;
        let version = values.iter().find(is_version).map(|value| value.place);
        if let RowDevice::Counted(device) = event.device {
            self.devices.see(event.day, (device, version, event.weight));
        }
        self.marks.extend(event.marks.periods().map(|period| CountedMark {
            period,
            start: period.start(event.day),
            age: event.marks.age(),
            version,
            weight: event.weight,
        }));
        self.events += u64::from(event.weight);
        let (event, failed) = (event.clone(), failed(event));
        self.counted.push(CountedEvent { event, failed, version, values });
    }
}

/// The places of the values of a cell that rollups count by value.
fn tell(
    vocabulary: &mut Vocabulary,
    (column, cell): (&str, &TestCell),
    day: Day,
    teller: Teller,
) -> Vec<usize> {
    match cell {
        _ if column == QUIET => Vec::new(),
        TestCell::Flag(flag) => vec![vocabulary.fixed(&flag.to_string())],
        TestCell::Word(word) => vec![vocabulary.fixed(word)],
        TestCell::Words(words) => words.iter().map(|word| vocabulary.fixed(word)).collect(),
        TestCell::Text(text) => vec![vocabulary.open(text, day, teller)],
        TestCell::Texts(texts) => {
            texts.iter().map(|text| vocabulary.open(text, day, teller)).collect()
        }
        TestCell::Number(code) if column == CODE => {
            let text = code.to_string();
            let is_plain = (0..=255).contains(code);
            let place = if is_plain {
                vocabulary.fixed(&text)
            } else {
                vocabulary.open(&text, day, teller)
            };
            vec![place]
        }
        TestCell::Number(_)
        | TestCell::Decimal(_)
        | TestCell::Pseudonym(_)
        | TestCell::Seconds(_) => Vec::new(),
    }
}

/// Whether an event failed, if it says so.
fn failed(event: &TestEvent) -> Option<bool> {
    let (_, (column, kind), values) = FAILURES.iter().find(|(name, ..)| *name == event.event)?;
    let cell = event.cells.iter().find(|(name, cell)| name == column && cell.kind() == *kind);
    Some(match &cell?.1 {
        TestCell::Flag(flag) => values.contains(&flag.to_string().as_str()),
        TestCell::Word(word) => values.contains(word),
        TestCell::Number(code) => *code != 0,
        other => panic!("no event fails by {other:?}"),
    })
}
