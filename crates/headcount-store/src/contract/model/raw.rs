//! The model's answers to questions about raw events: it looks at every event
//! that lives.

use std::collections::{BTreeMap, BTreeSet};

use headcount_catalog::{Day, Period};

use super::answers::Weighed;
use super::{Model, ProductModel, failed};
use crate::contract::test_event::{CODE, HISTOGRAMS, QUIET, TestCell, TestEvent, VERSION};
use crate::{
    ActiveRow, AnswerRows, ColumnKind, EventCountRow, FailureRow, PairRow, Pseudonym, RawCount,
    RawQuestion, RowDevice, ValueFilter, ValueRow, VersionScope, limits,
};

/// Counts by day, version and up to two values, by outcome.
type Sums = BTreeMap<(Day, Option<String>, String, String), [u64; 3]>;

/// The version and the period of a row.
type VersionAndPeriod = (Option<String>, Option<Day>);

impl Model {
    /// The first day that is counted, and the events that are.
    pub(super) fn raw<'m>(
        &'m self,
        question: &'m RawQuestion,
    ) -> (Day, impl Iterator<Item = (&'m TestEvent, Option<String>)>) {
        let (from, to) = question.days();
        let product = self.product(&question.product);
        let first = product.and_then(|product| product.last_expired);
        let from = first.map_or(from, |last| last.plus(1).max(from));
        let events = self.living().filter(move |event| {
            let is_within = from <= event.day && event.day <= to;
            event.product == question.product && is_within && product.is_some()
        });
        let events =
            events.filter(move |event| product.is_some_and(|it| it.passes(event, question)));
        let scoped = events.flat_map(move |event| {
            let versions = product.map(|product| product.scopes(event, question));
            versions.unwrap_or_default().into_iter().map(move |version| (event, version))
        });
        (from, scoped)
    }

    /// The first day that is counted, and the rows; those of quantiles are
    /// compared by their numbers.
    pub(super) fn ask_raw(&self, question: &RawQuestion) -> (Day, AnswerRows) {
        let values = |event: &TestEvent, column: &str| {
            let product = self.product(&question.product);
            product.map(|product| product.raw_values(event, column)).unwrap_or_default()
        };
        let single = |event: &TestEvent, column: &str| -> Vec<(String, String)> {
            values(event, column).into_iter().map(|value| (value, String::new())).collect()
        };
        let rows = match &question.count {
            RawCount::Events => self.raw_events(question),
            RawCount::Active { period } => self.raw_active(question, *period),
            RawCount::ByProperty { event, property } => {
                let sums = self.raw_sums(question, event, &|event| single(event, property));
                let row = |((day, version, value, _), counts): (_, [u64; 3])| ValueRow {
                    day,
                    version,
                    value,
                    count: counts.iter().sum(),
                };
                AnswerRows::ByProperty(sums.into_iter().map(row).collect())
            }
            RawCount::Across { event, one, other } => {
                let sums = self.raw_sums(question, event, &|event| {
                    let others = values(event, other);
                    let pairs = values(event, one).into_iter().flat_map(|one| {
                        others.iter().map(move |other| (one.clone(), other.clone()))
                    });
                    pairs.collect()
                });
                let row = |((day, version, one, other), counts): (_, [u64; 3])| PairRow {
                    day,
                    version,
                    one,
                    other,
                    count: counts.iter().sum(),
                };
                AnswerRows::Across(sums.into_iter().map(row).collect())
            }
            RawCount::Failures { event, by } => {
                let sums = self.raw_sums(question, event, &|event| match by {
                    Some(column) => single(event, column),
                    None => vec![(String::new(), String::new())],
                });
                let row = |((day, version, value, _), [_, worked, failed]): (_, [u64; 3])| {
                    FailureRow { day, version, value, failed, worked }
                };
                let said = |row: &FailureRow| row.failed + row.worked > 0;
                AnswerRows::Failures(sums.into_iter().map(row).filter(said).collect())
            }
            RawCount::Quantiles { .. } => AnswerRows::Quantiles(Vec::new()),
            RawCount::Steps(count) => AnswerRows::Steps(self.raw_steps(question, count)),
            RawCount::Next(count) => AnswerRows::Next(self.raw_next(question, count)),
        };
        (self.raw(question).0, rows)
    }

    fn raw_sums(
        &self,
        question: &RawQuestion,
        name: &str,
        keys: &dyn Fn(&TestEvent) -> Vec<(String, String)>,
    ) -> Sums {
        let mut sums = Sums::new();
        for (event, version) in self.raw(question).1.filter(|(event, _)| event.event == name) {
            for (one, other) in keys(event) {
                let sum = sums.entry((event.day, version.clone(), one, other)).or_default();
                let outcome = failed(event).map_or(0, |failed| 1 + usize::from(failed));
                sum[outcome] += u64::from(event.weight);
            }
        }
        sums
    }

    fn raw_events(&self, question: &RawQuestion) -> AnswerRows {
        let mut rows: BTreeMap<(Day, Option<String>, String), u64> = BTreeMap::new();
        for (event, version) in self.raw(question).1 {
            let key = (event.day, version, event.event.to_owned());
            *rows.entry(key).or_default() += u64::from(event.weight);
        }
        let row = |((day, version, event), count)| EventCountRow { day, version, event, count };
        AnswerRows::Events(rows.into_iter().map(row).collect())
    }

    fn raw_active(&self, question: &RawQuestion, period: Period) -> AnswerRows {
        let mut devices: BTreeMap<(Day, Option<String>), BTreeMap<Pseudonym, u16>> =
            BTreeMap::new();
        let mut sums: BTreeMap<(Day, Option<String>), u64> = BTreeMap::new();
        for (event, version) in self.raw(question).1 {
            let key = (period.start(event.day), version);
            if event.marks.periods().any(|marked| marked == period) {
                *sums.entry(key.clone()).or_default() += u64::from(event.weight);
            }
            if let RowDevice::Counted(device) = event.device {
                let weights = devices.entry(key).or_default();
                let least = weights.entry(device).or_insert(event.weight);
                *least = event.weight.min(*least);
            }
        }
        for (key, weights) in devices {
            let devices: u64 = weights.values().map(|weight| u64::from(*weight)).sum();
            *sums.entry(key).or_default() += devices;
        }
        let row =
            |((start, version), devices)| ActiveRow { start, version, devices, is_exact: true };
        AnswerRows::Active(sums.into_iter().map(row).collect())
    }

    /// The numbers that quantiles are of.
    pub(super) fn raw_numbers(
        &self,
        question: &RawQuestion,
    ) -> BTreeMap<VersionAndPeriod, Weighed> {
        let mut all: BTreeMap<VersionAndPeriod, Weighed> = BTreeMap::new();
        let RawCount::Quantiles { event: name, property, period } = &question.count else {
            return all;
        };
        if !HISTOGRAMS.contains(&property.as_str()) {
            return all;
        }
        for (event, version) in self.raw(question).1.filter(|(event, _)| event.event == name) {
            for (_, cell) in event.cells.iter().filter(|(own, _)| own == property) {
                let number = match cell {
                    TestCell::Number(number) => *number as f64,
                    TestCell::Decimal(number) => *number,
                    _ => continue,
                };
                for start in [None, Some(period.start(event.day))] {
                    let numbers = all.entry((version.clone(), start)).or_default();
                    numbers.push((number, u64::from(event.weight)));
                }
            }
        }
        all
    }
}

impl ProductModel {
    fn passes(&self, event: &TestEvent, question: &RawQuestion) -> bool {
        let version = match &question.versions {
            VersionScope::Only(version) => self.raw_version(event) == *version,
            VersionScope::All | VersionScope::Each => true,
        };
        version && question.filters.iter().all(|filter| self.has_one_of(event, filter))
    }

    pub(super) fn has_one_of(&self, event: &TestEvent, filter: &ValueFilter) -> bool {
        let own = self.raw_values(event, &filter.column);
        let is_empty = own.is_empty() && filter.values.iter().any(String::is_empty);
        is_empty || own.iter().any(|value| filter.values.contains(value))
    }

    /// What an event is counted under in the place of the version, once each.
    fn scopes(&self, event: &TestEvent, question: &RawQuestion) -> Vec<Option<String>> {
        match (&question.split, &question.versions) {
            (Some(column), _) => {
                let own = self.raw_values(event, column);
                match own.is_empty() {
                    true => vec![Some(String::new())],
                    false => own.into_iter().map(Some).collect(),
                }
            }
            (None, VersionScope::Each) => vec![Some(self.raw_version(event))],
            (None, _) => vec![None],
        }
    }

    fn raw_version(&self, event: &TestEvent) -> String {
        let is_it =
            |(name, cell): &&(&str, TestCell)| *name == VERSION && cell.kind() == ColumnKind::Text;
        let version = event.cells.iter().find(is_it);
        let own = version.map(|(name, cell)| self.shown_values(name, cell)).unwrap_or_default();
        own.into_iter().next().unwrap_or_default()
    }

    pub(super) fn raw_values(&self, event: &TestEvent, column: &str) -> Vec<String> {
        let own = event.cells.iter().filter(|(name, _)| *name == column);
        own.flat_map(|(name, cell)| self.shown_values(name, cell)).collect()
    }

    /// The values of a cell as a row shows them now.
    fn shown_values(&self, column: &str, cell: &TestCell) -> Vec<String> {
        let open = |text: &str| {
            let has_row = self.vocabularies.get(column).is_some_and(|known| known.has_row(text));
            if has_row { text.to_owned() } else { limits::OTHER.to_owned() }
        };
        match cell {
            _ if column == QUIET => Vec::new(),
            TestCell::Flag(flag) => vec![flag.to_string()],
            TestCell::Word(word) => vec![(*word).to_owned()],
            TestCell::Words(words) => words.iter().map(|word| (*word).to_owned()).collect(),
            TestCell::Text(text) => vec![open(text)],
            TestCell::Texts(texts) => texts.iter().map(|text| open(text)).collect(),
            TestCell::Number(code) if column == CODE => {
                let text = code.to_string();
                vec![if (0..=255).contains(code) { text } else { open(&text) }]
            }
            TestCell::Number(_)
            | TestCell::Decimal(_)
            | TestCell::Pseudonym(_)
            | TestCell::Seconds(_) => Vec::new(),
        }
    }
}

/// Every value that an event of the suite has under a name, for filters.
pub(in crate::contract) fn values_of(model: &Model, product: &str, column: &str) -> Vec<String> {
    let Some(known) = model.product(product) else { return Vec::new() };
    let own = model.living().filter(|event| event.product == product);
    let values: BTreeSet<String> = own.flat_map(|event| known.raw_values(event, column)).collect();
    values.into_iter().collect()
}
