//! The model's answers.

use std::collections::BTreeMap;

use headcount_catalog::{Age, Day, Period};

use super::devices::Bounds;
use super::{CountedEvent, Model, ProductModel};
use crate::contract::test_event::{ACROSS, ColumnName, HISTOGRAMS, TestCell, VERSION};
use crate::{
    AnswerRows, EventCountRow, FailureRow, MarkRow, OutcomeRow, PairRow, ProductRow, Question,
    RejectedRow, ValueRow, VersionRow, VersionScope,
};

/// Counts by day, version and up to two values: of events that do not say
/// whether they worked, that worked, and that failed.
type Sums = BTreeMap<(Day, Option<String>, String, String), [u64; 3]>;

/// The period and the version of a row.
pub(super) type PeriodAndVersion = (Day, Option<String>);

/// Numbers with their weights.
pub(super) type Weighed = Vec<(f64, u64)>;

impl Model {
    /// The rows of an answer, or what an answer has to be within.
    pub(super) fn ask(&self, question: &Question) -> AnswerRows {
        let nothing = ProductModel::default();
        let of = |product: &str| self.products.get(product).unwrap_or(&nothing);
        match question {
            Question::Events { product, from, to, versions } => {
                let keys = |_: &CountedEvent| vec![(String::new(), String::new())];
                let mut rows = Vec::new();
                for name in crate::contract::test_event::EVENTS {
                    let sums = of(product).sums(name, (*from, *to), versions, keys);
                    rows.extend(sums.into_iter().map(|((day, version, ..), counts)| {
                        let (event, count) = (name.to_owned(), counts.iter().sum());
                        EventCountRow { day, version, event, count }
                    }));
                }
                rows.sort_unstable();
                AnswerRows::Events(rows)
            }
            Question::ByProperty { product, event, property, from, to, versions } => {
                let sums = of(product).by(event, property, (*from, *to), versions);
                let row = |((day, version, value, _), counts): (_, [u64; 3])| ValueRow {
                    day,
                    version,
                    value,
                    count: counts.iter().sum(),
                };
                AnswerRows::ByProperty(sums.into_iter().map(row).collect())
            }
            Question::Across { product, event, one, other, from, to, versions } => {
                let sums = of(product).across(event, (one, other), (*from, *to), versions);
                let row = |((day, version, one, other), counts): (_, [u64; 3])| PairRow {
                    day,
                    version,
                    one,
                    other,
                    count: counts.iter().sum(),
                };
                AnswerRows::Across(sums.into_iter().map(row).collect())
            }
            Question::Failures { product, event, by, from, to, versions } => {
                let sums = match by {
                    Some(property) => of(product).by(event, property, (*from, *to), versions),
                    None => of(product).sums(event, (*from, *to), versions, |_| {
                        vec![(String::new(), String::new())]
                    }),
                };
                let row = |((day, version, value, _), [_, worked, failed]): (_, [u64; 3])| {
                    FailureRow { day, version, value, failed, worked }
                };
                let said = |row: &FailureRow| row.failed + row.worked > 0;
                AnswerRows::Failures(sums.into_iter().map(row).filter(said).collect())
            }
            Question::Marks { product, period, from, to } => {
                AnswerRows::Marks(of(product).marks(*period, (*from, *to)))
            }
            Question::Retention { product, from, to } => {
                let is_within = |cohort: Day| from.week_start() <= cohort && cohort <= *to;
                AnswerRows::Retention(of(product).devices.retention(is_within))
            }
            Question::Versions { product, from, to } => {
                AnswerRows::Versions(of(product).versions((*from, *to)))
            }
            Question::Rejected { product, from, to } => {
                AnswerRows::Rejected(self.rejected(product, (*from, *to)))
            }
            Question::Outcomes => AnswerRows::Outcomes(self.outcomes()),
            Question::Products => {
                let all = self.products.iter();
                AnswerRows::Products(all.filter_map(|(name, of)| of.product(name)).collect())
            }
            Question::Active { .. } | Question::Quantiles { .. } | Question::Raw(_) => {
                panic!("compared on its own")
            }
        }
    }

    pub(super) fn product(&self, name: &str) -> Option<&ProductModel> {
        self.products.get(name)
    }

    fn outcomes(&self) -> Vec<OutcomeRow> {
        let rows = self.outcomes.iter().map(|((product, outcome, reason), count)| {
            let [product, outcome, reason] =
                [product, outcome, reason].map(|name| (*name).to_owned());
            OutcomeRow { product, outcome, reason, count: *count }
        });
        rows.collect()
    }

    fn rejected(&self, product: &str, (from, to): (Day, Day)) -> Vec<RejectedRow> {
        let mut sums: BTreeMap<RejectedRow, u64> = BTreeMap::new();
        let within = |row: &&crate::RejectedCount| {
            row.count > 0 && row.product == product && from <= row.day && row.day <= to
        };
        for row in self.rejected.iter().filter(within) {
            let key = RejectedRow {
                path: row.path.clone(),
                kind: row.kind.to_owned(),
                reason: row.reason.name().to_owned(),
                catalog: row.catalog,
                program: row.program.clone().unwrap_or_default(),
                count: 0,
            };
            *sums.entry(key).or_default() += row.count;
        }
        sums.into_iter().map(|(row, count)| RejectedRow { count, ..row }).collect()
    }
}

impl ProductModel {
    fn shown(&self, column: &str, place: usize) -> String {
        self.vocabularies[column].shown(place).to_owned()
    }

    fn version(&self, place: Option<usize>) -> String {
        place.map_or_else(String::new, |place| self.shown(VERSION, place))
    }

    /// The version of a row; `None` if the question is not about it.
    fn scoped(&self, place: Option<usize>, scope: &VersionScope) -> Option<Option<String>> {
        let version = || self.version(place);
        match scope {
            VersionScope::All => Some(None),
            VersionScope::Only(only) => (version() == *only).then_some(None),
            VersionScope::Each => Some(Some(version())),
        }
    }

    fn sums(
        &self,
        event: &str,
        (from, to): (Day, Day),
        versions: &VersionScope,
        keys: impl Fn(&CountedEvent) -> Vec<(String, String)>,
    ) -> Sums {
        let mut sums = Sums::new();
        for counted in &self.counted {
            let (day, name) = (counted.event.day, counted.event.event);
            if name != event || day < from || to < day {
                continue;
            }
            let Some(version) = self.scoped(counted.version, versions) else { continue };
            for (one, other) in keys(counted) {
                let sum = sums.entry((day, version.clone(), one, other)).or_default();
                let outcome = counted.failed.map_or(0, |failed| 1 + usize::from(failed));
                sum[outcome] += u64::from(counted.event.weight);
            }
        }
        sums
    }

    fn by(&self, event: &str, property: &str, days: (Day, Day), versions: &VersionScope) -> Sums {
        self.sums(event, days, versions, |counted| {
            let values = counted.values.iter().filter(|value| value.column == property);
            let shown = |value: &super::CountedValue| self.shown(value.column, value.place);
            values.map(|value| (shown(value), String::new())).collect()
        })
    }

    fn across(
        &self,
        event: &str,
        (one, other): (&str, &str),
        days: (Day, Day),
        versions: &VersionScope,
    ) -> Sums {
        let pair = |first: ColumnName, second: ColumnName| {
            self.sums(event, days, versions, |counted| {
                let value = |(name, kind): ColumnName| {
                    let is_it =
                        |value: &&super::CountedValue| (value.column, value.kind) == (name, kind);
                    let value = counted.values.iter().find(is_it)?;
                    Some(self.shown(value.column, value.place))
                };
                value(first).zip(value(second)).into_iter().collect()
            })
        };
        let known = ACROSS.iter().filter(|(of, ..)| *of == event).find_map(|(_, left, right)| {
            if (left.0, right.0) == (one, other) {
                Some((*left, *right))
            } else {
                ((right.0, left.0) == (one, other)).then_some((*right, *left))
            }
        });
        known.map(|(first, second)| pair(first, second)).unwrap_or_default()
    }

    fn marks(&self, period: Period, (from, to): (Day, Day)) -> Vec<MarkRow> {
        let mut sums: BTreeMap<(Day, Option<Age>), u64> = BTreeMap::new();
        for mark in self.marks.iter().filter(|mark| mark.period == period) {
            if period.start(from) <= mark.start && mark.start <= to {
                *sums.entry((mark.start, mark.age)).or_default() += u64::from(mark.weight);
            }
        }
        sums.into_iter().map(|((start, age), devices)| MarkRow { start, age, devices }).collect()
    }

    fn versions(&self, (from, to): (Day, Day)) -> Vec<VersionRow> {
        let mut rows: BTreeMap<String, VersionRow> = BTreeMap::new();
        for counted in &self.counted {
            let day = counted.event.day;
            if day < from || to < day {
                continue;
            }
            let version = self.version(counted.version);
            let new = VersionRow { version: version.clone(), first: day, last: day, count: 0 };
            let row = rows.entry(version).or_insert(new);
            (row.first, row.last) = (day.min(row.first), day.max(row.last));
            row.count += u64::from(counted.event.weight);
        }
        rows.into_values().collect()
    }

    fn product(&self, name: &str) -> Option<ProductRow> {
        let days = || self.counted.iter().map(|counted| counted.event.day);
        let (first, last) = (days().min()?, days().max()?);
        Some(ProductRow { product: name.to_owned(), first, last, events: self.events })
    }

    /// The bounds of devices with an id, and marks, by period and version.
    pub(super) fn active(
        &self,
        period: Period,
        (from, to): (Day, Day),
        scope: &VersionScope,
    ) -> BTreeMap<PeriodAndVersion, Bounds> {
        let is_within = |start: Day| period.start(from) <= start && start <= to;
        let mut versions: Vec<Option<usize>> = vec![None];
        if let Some(vocabulary) = self.vocabularies.get(VERSION) {
            versions.extend((0..vocabulary.len()).map(Some));
        }
        let mut rows: Vec<Option<String>> =
            versions.iter().filter_map(|place| self.scoped(*place, scope)).collect();
        rows.sort_unstable();
        rows.dedup();
        let mut all = BTreeMap::new();
        for version in rows {
            let is_asked = |place| self.scoped(place, scope).as_ref() == Some(&version);
            for (start, bounds) in self.devices.active(period, is_within, is_asked) {
                all.insert((start, version.clone()), bounds);
            }
        }
        for mark in self.marks.iter().filter(|mark| mark.period == period) {
            let Some(version) = self.scoped(mark.version, scope) else { continue };
            if is_within(mark.start) {
                let none = Bounds { least: 0, most: 0, is_kept: false };
                let bounds = all.entry((mark.start, version)).or_insert(none);
                bounds.least += u64::from(mark.weight);
                bounds.most += u64::from(mark.weight);
            }
        }
        all
    }

    /// The numbers of a column by version and period; without a period those of
    /// all days.
    pub(super) fn numbers(
        &self,
        (event, property): (&str, &str),
        period: Period,
        (from, to): (Day, Day),
        scope: &VersionScope,
    ) -> BTreeMap<(Option<String>, Option<Day>), Weighed> {
        let mut all: BTreeMap<_, Weighed> = BTreeMap::new();
        for counted in &self.counted {
            let day = counted.event.day;
            if counted.event.event != event
                || day < from
                || to < day
                || !HISTOGRAMS.contains(&property)
            {
                continue;
            }
            let Some(version) = self.scoped(counted.version, scope) else { continue };
            for (_, cell) in counted.event.cells.iter().filter(|(name, _)| *name == property) {
                let number = match cell {
                    TestCell::Number(number) => *number as f64,
                    TestCell::Decimal(number) => *number,
                    _ => continue,
                };
                for start in [None, Some(period.start(day))] {
                    let numbers = all.entry((version.clone(), start)).or_default();
                    numbers.push((number, u64::from(counted.event.weight)));
                }
            }
        }
        all
    }
}
