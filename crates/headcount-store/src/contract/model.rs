//! A store so naive that it is right: it keeps whole events in a map and answers every question by
//! looking at all of them.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use headcount_catalog::{Day, EventId, Reason};

use super::Chance;
use crate::{
    ActiveRow, Answer, Arrival, Cell, Column, Commit, Counted, EventsRow, Kept, OutcomeRow,
    ProductRow, Pseudonym, Question, Refusal, Tally, ValueRow,
};

const PRODUCTS: [&str; 3] = ["atomic", "archon", "größer"];
const EVENTS: [&str; 3] = ["run", "update", "panic"];
const PROPERTIES: [&str; 4] = ["command", "agent", "success", "model"];
const FIRST: i32 = 20_700;
const DAYS: usize = 5;

/// Events by product, day and id, and how arrivals ended.
#[derive(Default)]
pub(super) struct Model {
    events: BTreeMap<(&'static str, Day, EventId), Arrival<'static>>,
    outcomes: BTreeMap<(&'static str, &'static str, &'static str), u64>,
}

impl Model {
    pub(super) fn append(&mut self, commit: &Commit<'static>) -> Vec<Kept> {
        let mut kept = Vec::new();
        for arrival in &commit.arrivals {
            let key = (arrival.product, arrival.day, arrival.id);
            let (answer, outcome) = match self.events.entry(key) {
                Entry::Occupied(_) => (Kept::Duplicate, "duplicate"),
                Entry::Vacant(vacant) => {
                    vacant.insert(arrival.clone());
                    (Kept::Stored, "stored")
                }
            };
            kept.push(answer);
            *self.outcomes.entry((arrival.product, outcome, "")).or_default() += 1;
        }
        for tally in &commit.tallies {
            let key = (tally.product, tally.outcome, tally.reason);
            *self.outcomes.entry(key).or_default() += tally.count;
        }
        kept
    }

    pub(super) fn ask(&self, question: &Question) -> Answer {
        match question {
            Question::Events { product, from, to } => {
                let names = self.within(product, *from, *to).map(|one| (one.day, one.event));
                let rows = tallied(names).map(|((day, event), count)| EventsRow {
                    day,
                    event: event.to_owned(),
                    count,
                });
                Answer::Events(rows.collect())
            }
            Question::Active { product, from, to } => {
                let with_device = self.within(product, *from, *to);
                let pairs = with_device.filter_map(|one| Some((one.day, one.device?)));
                let distinct: BTreeSet<_> = pairs.collect();
                let rows = tallied(distinct.into_iter().map(|(day, _)| day));
                Answer::Active(rows.map(|(day, devices)| ActiveRow { day, devices }).collect())
            }
            Question::ByProperty { product, event, property, from, to } => {
                let named = self.within(product, *from, *to).filter(|one| one.event == event);
                let values = named.flat_map(|one| {
                    let columns = one.columns.iter().filter(|column| column.name == property);
                    columns.flat_map(|column| values(column).map(|value| (one.day, value)))
                });
                let rows = tallied(values);
                let rows = rows.map(|((day, value), count)| ValueRow { day, value, count });
                Answer::ByProperty(rows.collect())
            }
            Question::Outcomes => {
                let rows = self.outcomes.iter().map(|((product, outcome, reason), count)| {
                    let [product, outcome, reason] =
                        [product, outcome, reason].map(|name| (*name).to_owned());
                    OutcomeRow { product, outcome, reason, count: *count }
                });
                Answer::Outcomes(rows.collect())
            }
            Question::Products => {
                let products: BTreeSet<_> = self.events.keys().map(|key| key.0).collect();
                Answer::Products(products.into_iter().map(|name| self.product(name)).collect())
            }
        }
    }

    fn within(&self, product: &str, from: Day, to: Day) -> impl Iterator<Item = &Arrival<'static>> {
        let fits =
            move |one: &&Arrival<'_>| one.product == product && from <= one.day && one.day <= to;
        self.events.values().filter(fits)
    }

    fn product(&self, name: &str) -> ProductRow {
        let days: Vec<_> =
            self.events.keys().filter(|key| key.0 == name).map(|key| key.1).collect();
        let [first, last] =
            [days.iter().min(), days.iter().max()].map(|day| *day.expect("an event"));
        ProductRow { product: name.to_owned(), first, last, events: days.len() as u64 }
    }

    /// Every question that can be asked of what [`anything`] makes.
    pub(super) fn questions() -> Vec<Question> {
        let from = Day::from_number(FIRST + 1);
        let to = from.plus(2);
        let mut all = vec![Question::Outcomes, Question::Products];
        for product in PRODUCTS.map(str::to_owned) {
            all.push(Question::Events { product: product.clone(), from, to });
            all.push(Question::Active { product: product.clone(), from, to });
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

fn tallied<K: Ord>(keys: impl Iterator<Item = K>) -> impl Iterator<Item = (K, u64)> {
    let mut tallied = BTreeMap::new();
    keys.for_each(|key| *tallied.entry(key).or_default() += 1);
    tallied.into_iter()
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

/// A commit of whatever may come: few ids, so that many come again, of several products and days.
pub(super) fn anything(chance: &mut Chance) -> Commit<'static> {
    let arrivals = (0..chance.below(60)).map(|_| Arrival {
        product: chance.pick(&PRODUCTS),
        day: Day::from_number(FIRST).plus(i32::try_from(chance.below(DAYS)).expect("few")),
        id: EventId::from_bits(chance.below(400) as u128),
        event: chance.pick(&EVENTS),
        device: (chance.below(5) > 0)
            .then(|| Pseudonym::from_bytes((chance.below(50) as u128).to_be_bytes())),
        columns: PROPERTIES.iter().filter_map(|name| column(chance, name)).collect(),
    });
    let arrivals = arrivals.collect();
    let tallies = (0..chance.below(4)).map(|_| {
        let (product, count) = (chance.pick(&PRODUCTS), 1 + chance.below(9) as u64);
        match chance.below(2) {
            0 => Tally::rejected(product, chance.pick(&Reason::ALL), count),
            _ => Tally::refused(product, Refusal::Busy, count),
        }
    });
    Commit { arrivals, tallies: tallies.collect() }
}

/// Of any kind under any name: two versions of a catalog may differ in what a name is.
fn column(chance: &mut Chance, name: &'static str) -> Option<Column<'static>> {
    const WORDS: [&str; 4] = ["init", "update", "true", "other"];
    let cell = match chance.below(12) {
        0 => Cell::Flag(chance.below(2) == 0),
        1 => Cell::Number(chance.below(3) as i64),
        2 => Cell::Decimal(0.5),
        3..=5 => Cell::Word(chance.pick(&WORDS)),
        6 => Cell::Words(WORDS[chance.below(4)..].to_vec()),
        7 => Cell::Text(format!("model-{}", chance.below(30)).into()),
        8 => Cell::Texts(vec!["a".into(), format!("b{}", chance.below(3)).into()]),
        9 => Cell::Pseudonym(Pseudonym::from_bytes([7; 16])),
        10 => Cell::Seconds(1_768_989_600),
        _ => return None,
    };
    let counted = if chance.below(8) == 0 { Counted::No } else { Counted::ByValue };
    Some(Column { name, cell, counted })
}
