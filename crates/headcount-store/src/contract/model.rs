//! A naive store to compare with: it keeps whole events in a map, and answers
//! every question by looking at all of them.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use headcount_catalog::{Age, Day, EventId, Period, Reason};

use super::seeded_random::SeededRandom;
use super::test_event::{SchemaOrder, TestCell, TestEvent, commit_of};
use crate::VersionScope::All;
use crate::{
    ActiveRow, AnswerRows, Commit, EventCountRow, MarkRow, OutcomeRow, ProductRow, Pseudonym,
    Question, Refusal, RowDevice, RowMarks, RowStatus, UnstoredCount, ValueRow,
};

const PRODUCTS: [&str; 3] = ["atomic", "archon", "größer"];
const EVENTS: [&str; 3] = ["run", "update", "panic"];
const PROPERTIES: [&str; 4] = ["command", "agent", "success", "model"];
/// 2026-10-29: a Thursday, so that a week and a month end within the next days.
const FIRST: i32 = 20_755;
const DAYS: usize = 5;

/// Events by product, day and id, and counts of arrivals by product, outcome
/// and reason.
#[derive(Default)]
pub(super) struct Model {
    events: BTreeMap<(&'static str, Day, EventId), TestEvent>,
    outcomes: BTreeMap<(&'static str, &'static str, &'static str), u64>,
}

impl Model {
    pub(super) fn append(&mut self, commit: &RandomCommit) -> Vec<RowStatus> {
        let mut statuses = Vec::new();
        for row in &commit.events {
            let key = (row.product, row.day, row.id);
            let (status, outcome, reason) = match self.events.entry(key) {
                Entry::Occupied(first) if first.get().content() == row.content() => {
                    (RowStatus::Duplicate, "duplicate", "")
                }
                Entry::Occupied(_) => {
                    (RowStatus::OtherContent, "rejected", Reason::OtherContent.name())
                }
                Entry::Vacant(vacant) => {
                    vacant.insert(row.clone());
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
        statuses
    }

    pub(super) fn ask(&self, question: &Question) -> AnswerRows {
        match question {
            Question::Events { product, from, to, .. } => {
                let names = self.within(product, *from, *to).map(|event| (event.day, event.event));
                let rows = counted(names).map(|((day, event), count)| EventCountRow {
                    day,
                    version: None,
                    event: event.to_owned(),
                    count,
                });
                AnswerRows::Events(rows.collect())
            }
            Question::Active { product, period, from, to, .. } => {
                let pairs = self.within_periods(product, *period, *from, *to);
                let pairs =
                    pairs.filter_map(|(start, event)| Some((start, event.device.pseudonym()?)));
                let distinct: BTreeSet<_> = pairs.collect();
                let with_id = distinct.into_iter().map(|(start, _)| start);
                let without = self.marked(product, *period, *from, *to).map(|(start, _)| start);
                let rows = counted(with_id.chain(without));
                let rows = rows.map(|(start, devices)| ActiveRow {
                    start,
                    version: None,
                    devices,
                    is_exact: true,
                });
                AnswerRows::Active(rows.collect())
            }
            Question::Marks { product, period, from, to } => {
                let rows = counted(self.marked(product, *period, *from, *to));
                let rows = rows.map(|((start, age), devices)| MarkRow { start, age, devices });
                AnswerRows::Marks(rows.collect())
            }
            Question::ByProperty { product, event, property, from, to, .. } => {
                let named = self.within(product, *from, *to).filter(|row| row.event == event);
                let values = named.flat_map(|row| {
                    let cells = row.cells.iter().filter(|(name, _)| name == property);
                    let values = cells.flat_map(|(name, cell)| cell.counted(name));
                    values.map(|value| (row.day, value))
                });
                let rows = counted(values);
                let rows =
                    rows.map(|((day, value), count)| ValueRow { day, version: None, value, count });
                AnswerRows::ByProperty(rows.collect())
            }
            Question::Outcomes => {
                let rows = self.outcomes.iter().map(|((product, outcome, reason), count)| {
                    let [product, outcome, reason] =
                        [product, outcome, reason].map(|name| (*name).to_owned());
                    OutcomeRow { product, outcome, reason, count: *count }
                });
                AnswerRows::Outcomes(rows.collect())
            }
            Question::Products => {
                let products: BTreeSet<_> = self.events.keys().map(|key| key.0).collect();
                AnswerRows::Products(products.into_iter().map(|name| self.product(name)).collect())
            }
            other => unreachable!("the suite does not ask {other:?}"),
        }
    }

    fn within(&self, product: &str, from: Day, to: Day) -> impl Iterator<Item = &TestEvent> {
        let fits =
            move |row: &&TestEvent| row.product == product && from <= row.day && row.day <= to;
        self.events.values().filter(fits)
    }

    /// The events of all periods that have one of the days.
    fn within_periods(
        &self,
        product: &str,
        period: Period,
        from: Day,
        to: Day,
    ) -> impl Iterator<Item = (Day, &TestEvent)> {
        let all = self.within(product, Day::from_number(i32::MIN), Day::from_number(i32::MAX));
        let starts = all.map(move |event| (period.start(event.day), event));
        starts.filter(move |(start, _)| period.start(from) <= *start && *start <= period.start(to))
    }

    fn marked(
        &self,
        product: &str,
        period: Period,
        from: Day,
        to: Day,
    ) -> impl Iterator<Item = (Day, Option<Age>)> {
        let events = self.within_periods(product, period, from, to);
        let marked =
            events.filter(move |(_, event)| event.marks.periods().any(|marked| marked == period));
        marked.map(|(start, event)| (start, event.marks.age()))
    }

    fn product(&self, name: &str) -> ProductRow {
        let days: Vec<_> =
            self.events.keys().filter(|key| key.0 == name).map(|key| key.1).collect();
        let [first, last] =
            [days.iter().min(), days.iter().max()].map(|day| *day.expect("an event"));
        ProductRow { product: name.to_owned(), first, last, events: days.len() as u64 }
    }

    /// Every question about the events that [`random_commit`] makes.
    pub(super) fn questions() -> Vec<Question> {
        let from = Day::from_number(FIRST + 1);
        let to = from.plus(2);
        let mut all = vec![Question::Outcomes, Question::Products];
        for product in PRODUCTS.map(str::to_owned) {
            all.push(Question::Events { product: product.clone(), from, to, versions: All });
            for (period, _) in Period::ALL {
                all.push(Question::Active {
                    product: product.clone(),
                    period,
                    from,
                    to,
                    versions: All,
                });
                all.push(Question::Marks { product: product.clone(), period, from, to });
            }
            for (event, property) in
                EVENTS.iter().flat_map(|event| PROPERTIES.map(|property| (*event, property)))
            {
                let [event, property] = [event, property].map(str::to_owned);
                let product = product.clone();
                all.push(Question::ByProperty {
                    product,
                    event,
                    property,
                    from,
                    to,
                    versions: All,
                });
            }
        }
        all
    }
}

fn counted<K: Ord>(keys: impl Iterator<Item = K>) -> impl Iterator<Item = (K, u64)> {
    let mut counts = BTreeMap::new();
    keys.for_each(|key| *counts.entry(key).or_default() += 1);
    counts.into_iter()
}

/// A commit that the model can read.
pub(super) struct RandomCommit {
    pub(super) events: Vec<TestEvent>,
    pub(super) unstored: Vec<UnstoredCount>,
    order: SchemaOrder,
}

impl RandomCommit {
    pub(super) fn commit(&self) -> Commit {
        commit_of(&self.events, self.unstored.clone(), self.order)
    }
}

/// A random commit: few ids and contents, so that many are duplicates, and
/// several products and days.
pub(super) fn random_commit(random: &mut SeededRandom) -> RandomCommit {
    let events = (0..random.below(60)).map(|_| {
        let mut event = random_event(random);
        // An event that comes again is mostly the same.
        if random.below(3) > 0 {
            event = random_event(&mut SeededRandom::new(event.id.bits() as u64));
        }
        event
    });
    let events = events.collect();
    let unstored = (0..random.below(4)).map(|_| {
        let (product, count) = (random.pick(&PRODUCTS), 1 + random.below(9) as u64);
        match random.below(2) {
            0 => UnstoredCount::rejected(product, random.pick(&Reason::ALL), count),
            _ => UnstoredCount::refused(product, Refusal::Busy, count),
        }
    });
    let unstored = unstored.collect();
    let order = random.pick(&[SchemaOrder::Forwards, SchemaOrder::Backwards]);
    RandomCommit { events, unstored, order }
}

fn random_event(random: &mut SeededRandom) -> TestEvent {
    let last = texts(random);
    TestEvent {
        id: EventId::from_bits(random.below(400) as u128),
        product: random.pick(&PRODUCTS),
        day: Day::from_number(FIRST).plus(i32::try_from(random.below(DAYS)).expect("few")),
        event: random.pick(&EVENTS),
        weight: 1,
        device: match random.below(5) {
            0 => RowDevice::None,
            _ => {
                RowDevice::Counted(Pseudonym::from_bytes((random.below(50) as u128).to_be_bytes()))
            }
        },
        marks: marks(random),
        cells: PROPERTIES
            .into_iter()
            .filter_map(|name| Some((name, cell(random)?)))
            .chain(last)
            .collect(),
    }
}

/// The marks of one event of three.
fn marks(random: &mut SeededRandom) -> RowMarks {
    if random.below(3) > 0 {
        return RowMarks::default();
    }
    let periods: Vec<_> = (0..random.below(4)).map(|_| random.pick(&Period::ALL).0).collect();
    RowMarks::new(periods, (random.below(6) > 0).then(|| random.pick(&Age::ALL)))
}

/// A cell of a random kind: two versions of a catalog may give one name two
/// kinds.
fn cell(random: &mut SeededRandom) -> Option<TestCell> {
    const WORDS: [&str; 4] = ["init", "update", "true", "other"];
    Some(match random.below(10) {
        0 => TestCell::Flag(random.below(2) == 0),
        1 => TestCell::Number(random.below(3) as i64),
        2 => TestCell::Decimal(0.5),
        3..=5 => TestCell::Word(random.pick(&WORDS)),
        6 => TestCell::Words(WORDS[random.below(4)..].to_vec()),
        7 => TestCell::Pseudonym(Pseudonym::from_bytes([7; 16])),
        8 => TestCell::Seconds(1_768_989_600),
        _ => return None,
    })
}

/// Texts of open vocabularies. The model does not count them: how many devices
/// a value needs has a promise of its own.
fn texts(random: &mut SeededRandom) -> Option<(&'static str, TestCell)> {
    Some(match random.below(4) {
        0 => ("text", TestCell::Text(format!("model-{}", random.below(30)))),
        1 => ("texts", TestCell::Texts(vec!["a".to_owned(), format!("b{}", random.below(3))])),
        _ => return None,
    })
}
