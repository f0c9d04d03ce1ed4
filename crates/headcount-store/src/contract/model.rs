//! A naive store to compare with: it keeps whole events in a map, and answers
//! every question by looking at all of them.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use headcount_catalog::{Age, Day, EventId, Period, Reason};

use super::seeded_random::SeededRandom;
use crate::{
    ActiveRow, AnswerRows, Cell, Column, Commit, Counted, DeviceMarks, EventCountRow, EventRow,
    MarkRow, OutcomeRow, ProductRow, Pseudonym, Question, Refusal, RowStatus, UnstoredCount,
    ValueRow,
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
    events: BTreeMap<(&'static str, Day, EventId), EventRow<'static>>,
    outcomes: BTreeMap<(&'static str, &'static str, &'static str), u64>,
}

impl Model {
    pub(super) fn append(&mut self, commit: &Commit<'static>) -> Vec<RowStatus> {
        let mut statuses = Vec::new();
        for row in &commit.rows {
            let key = (row.product, row.day, row.id);
            let (status, outcome) = match self.events.entry(key) {
                Entry::Occupied(_) => (RowStatus::Duplicate, "duplicate"),
                Entry::Vacant(vacant) => {
                    vacant.insert(row.clone());
                    (RowStatus::Stored, "stored")
                }
            };
            statuses.push(status);
            *self.outcomes.entry((row.product, outcome, "")).or_default() += 1;
        }
        for unstored in &commit.unstored {
            let key = (unstored.product, unstored.outcome, unstored.reason);
            *self.outcomes.entry(key).or_default() += unstored.count;
        }
        statuses
    }

    pub(super) fn ask(&self, question: &Question) -> AnswerRows {
        match question {
            Question::Events { product, from, to } => {
                let names = self.within(product, *from, *to).map(|event| (event.day, event.event));
                let rows = counted(names).map(|((day, event), count)| EventCountRow {
                    day,
                    event: event.to_owned(),
                    count,
                });
                AnswerRows::Events(rows.collect())
            }
            Question::Active { product, period, from, to } => {
                let pairs = self.within_periods(product, *period, *from, *to);
                let pairs = pairs.filter_map(|(start, event)| Some((start, event.device?)));
                let distinct: BTreeSet<_> = pairs.collect();
                let with_id = distinct.into_iter().map(|(start, _)| start);
                let without = self.marked(product, *period, *from, *to).map(|(start, _)| start);
                let rows = counted(with_id.chain(without));
                let rows = rows.map(|(start, devices)| ActiveRow { start, devices });
                AnswerRows::Active(rows.collect())
            }
            Question::Marks { product, period, from, to } => {
                let rows = counted(self.marked(product, *period, *from, *to));
                let rows = rows.map(|((start, age), devices)| MarkRow { start, age, devices });
                AnswerRows::Marks(rows.collect())
            }
            Question::ByProperty { product, event, property, from, to } => {
                let named = self.within(product, *from, *to).filter(|row| row.event == event);
                let values = named.flat_map(|row| {
                    let columns = row.columns.iter().filter(|column| column.name == property);
                    columns.flat_map(|column| values(column).map(|value| (row.day, value)))
                });
                let rows = counted(values);
                let rows = rows.map(|((day, value), count)| ValueRow { day, value, count });
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
        }
    }

    fn within(
        &self,
        product: &str,
        from: Day,
        to: Day,
    ) -> impl Iterator<Item = &EventRow<'static>> {
        let fits =
            move |row: &&EventRow<'_>| row.product == product && from <= row.day && row.day <= to;
        self.events.values().filter(fits)
    }

    /// The events of all periods that have one of the days.
    fn within_periods(
        &self,
        product: &str,
        period: Period,
        from: Day,
        to: Day,
    ) -> impl Iterator<Item = (Day, &EventRow<'static>)> {
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
        let marked = events.filter(move |(_, event)| event.marks.periods.contains(&period));
        marked.map(|(start, event)| (start, event.marks.age))
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
            all.push(Question::Events { product: product.clone(), from, to });
            for (period, _) in Period::ALL {
                all.push(Question::Active { product: product.clone(), period, from, to });
                all.push(Question::Marks { product: product.clone(), period, from, to });
            }
            for (event, property) in
                EVENTS.iter().flat_map(|event| PROPERTIES.map(|property| (*event, property)))
            {
                let [event, property] = [event, property].map(str::to_owned);
                let product = product.clone();
                all.push(Question::ByProperty { product, event, property, from, to });
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

fn values(column: &Column<'_>) -> impl Iterator<Item = String> {
    let values = match &column.cell {
        _ if column.counted == Counted::No => Vec::new(),
        Cell::Flag(flag) => vec![flag.to_string()],
        Cell::Word(word) => vec![(*word).to_owned()],
        Cell::Words(words) => words.iter().map(|word| (*word).to_owned()).collect(),
        Cell::Text(text) => vec![text.to_string()],
        Cell::Texts(texts) => texts.iter().map(ToString::to_string).collect(),
        Cell::Number(_) | Cell::Decimal(_) | Cell::Pseudonym(_) | Cell::Seconds(_) => Vec::new(),
    };
    values.into_iter()
}

/// A random commit: few ids, so that many are duplicates, and several products
/// and days.
pub(super) fn random_commit(random: &mut SeededRandom) -> Commit<'static> {
    let rows = (0..random.below(60)).map(|_| EventRow {
        product: random.pick(&PRODUCTS),
        day: Day::from_number(FIRST).plus(i32::try_from(random.below(DAYS)).expect("few")),
        id: EventId::from_bits(random.below(400) as u128),
        event: random.pick(&EVENTS),
        device: (random.below(5) > 0)
            .then(|| Pseudonym::from_bytes((random.below(50) as u128).to_be_bytes())),
        marks: marks(random),
        columns: PROPERTIES.iter().filter_map(|name| column(random, name)).collect(),
    });
    let rows = rows.collect();
    let unstored = (0..random.below(4)).map(|_| {
        let (product, count) = (random.pick(&PRODUCTS), 1 + random.below(9) as u64);
        match random.below(2) {
            0 => UnstoredCount::rejected(product, random.pick(&Reason::ALL), count),
            _ => UnstoredCount::refused(product, Refusal::Busy, count),
        }
    });
    Commit { rows, unstored: unstored.collect() }
}

/// The marks of one event of three.
fn marks(random: &mut SeededRandom) -> DeviceMarks {
    if random.below(3) > 0 {
        return DeviceMarks::default();
    }
    let some = |random: &mut SeededRandom| random.pick(&Period::ALL).0;
    let periods = (0..random.below(4)).map(|_| some(random)).collect();
    let age = (random.below(6) > 0).then(|| random.pick(&Age::ALL));
    DeviceMarks { periods, age }
}

/// A column of a random kind: two versions of a catalog may give one name two
/// kinds.
fn column(random: &mut SeededRandom, name: &'static str) -> Option<Column<'static>> {
    const WORDS: [&str; 4] = ["init", "update", "true", "other"];
    let cell = match random.below(12) {
        0 => Cell::Flag(random.below(2) == 0),
        1 => Cell::Number(random.below(3) as i64),
        2 => Cell::Decimal(0.5),
        3..=5 => Cell::Word(random.pick(&WORDS)),
        6 => Cell::Words(WORDS[random.below(4)..].to_vec()),
        7 => Cell::Text(format!("model-{}", random.below(30)).into()),
        8 => Cell::Texts(vec!["a".into(), format!("b{}", random.below(3)).into()]),
        9 => Cell::Pseudonym(Pseudonym::from_bytes([7; 16])),
        10 => Cell::Seconds(1_768_989_600),
        _ => return None,
    };
    let counted = if random.below(8) == 0 { Counted::No } else { Counted::ByValue };
    Some(Column { name, cell, counted })
}
