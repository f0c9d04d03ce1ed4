//! Answers questions by looking at all rows.

use std::collections::{BTreeMap, BTreeSet};

use headcount_catalog::{Day, Period};

use super::super::histogram;
use super::rows::{EVENTS, PRODUCT, Row};
use crate::{
    ActiveRow, AnswerRows, CohortRow, EventCountRow, FailureRow, MarkRow, PairRow, ProductRow,
    Pseudonym, QuantileRow, Question, RowDevice, ValueRow, VersionRow, VersionScope, limits,
};

/// All rows that were ever added.
#[derive(Default)]
pub(super) struct Model {
    pub(super) rows: Vec<Row>,
    /// For each open column, the values that have a row of their own.
    named: BTreeMap<&'static str, BTreeSet<String>>,
}

/// The columns with an open vocabulary.
const OPEN: [&str; 3] = ["version", "model", "code"];

/// What rows are added up by: day, version, and up to two values.
type Key = (Day, Option<String>, String, String);

impl Model {
    /// Looks for the values that have a row, once all rows are there.
    pub(super) fn finish(&mut self) {
        self.named = OPEN.into_iter().map(|column| (column, self.find_named(column))).collect();
    }

    fn find_named(&self, column: &str) -> BTreeSet<String> {
        let mut devices: BTreeMap<String, BTreeSet<Pseudonym>> = BTreeMap::new();
        let mut unnamed: BTreeMap<String, usize> = BTreeMap::new();
        for row in &self.rows {
            for value in row.values(column) {
                let is_plain = column == "code" && value.parse::<u8>().is_ok();
                match row.device {
                    _ if is_plain => *unnamed.entry(value).or_default() += limits::TELLERS,
                    RowDevice::Counted(device) => {
                        devices.entry(value).or_default().insert(device);
                    }
                    RowDevice::None if row.marks.periods().any(|it| it == Period::Day) => {
                        *unnamed.entry(value).or_default() += 1;
                    }
                    RowDevice::None | RowDevice::Ephemeral(_) => {}
                }
            }
        }
        let all: BTreeSet<String> = devices.keys().chain(unnamed.keys()).cloned().collect();
        let tellers = |value: &String| {
            devices.get(value).map_or(0, BTreeSet::len) + unnamed.get(value).unwrap_or(&0)
        };
        all.into_iter().filter(|value| tellers(value) >= limits::TELLERS).collect()
    }

    fn values(&self, row: &Row, column: &str) -> Vec<String> {
        let named = self.named.get(column);
        let shown = |value: String| match named {
            Some(named) if !named.contains(&value) => limits::OTHER.to_owned(),
            _ => value,
        };
        row.values(column).into_iter().map(shown).collect()
    }

    /// The rows that a question is about, each with the version to show.
    fn scoped(
        &self,
        (from, to): (Day, Day),
        versions: &VersionScope,
    ) -> Vec<(&Row, Option<String>)> {
        let within = self.rows.iter().filter(|row| (from..=to).contains(&row.day));
        let scoped = within.filter_map(|row| {
            let version = self.values(row, "version").pop().unwrap_or_default();
            match versions {
                VersionScope::All => Some((row, None)),
                VersionScope::Only(only) => (*only == version).then_some((row, None)),
                VersionScope::Each => Some((row, Some(version))),
            }
        });
        scoped.collect()
    }

    fn sums(
        &self,
        days: (Day, Day),
        versions: &VersionScope,
        keys: impl Fn(&Row) -> Vec<(String, String)>,
    ) -> BTreeMap<Key, [u64; 3]> {
        let mut sums: BTreeMap<Key, [u64; 3]> = BTreeMap::new();
        for (row, version) in self.scoped(days, versions) {
            for (one, other) in keys(row) {
                let sum = sums.entry((row.day, version.clone(), one, other)).or_default();
                let outcome = row.failed().map_or(0, |failed| 1 + usize::from(failed));
                sum[outcome] += u64::from(row.weight);
            }
        }
        sums
    }

    pub(super) fn ask(&self, question: &Question) -> AnswerRows {
        let of = |row: &Row, event: &str| EVENTS[usize::from(row.event)] == event;
        match question {
            Question::Events { from, to, versions, .. } => {
                let keys =
                    |row: &Row| vec![(EVENTS[usize::from(row.event)].to_owned(), String::new())];
                let sums = self.sums((*from, *to), versions, keys);
                AnswerRows::Events(sums.into_iter().map(event_row).collect())
            }
            Question::ByProperty { event, property, from, to, versions, .. } => {
                let sums = self.sums((*from, *to), versions, |row| {
                    let values = if of(row, event) { self.values(row, property) } else { vec![] };
                    values.into_iter().map(|value| (value, String::new())).collect()
                });
                AnswerRows::ByProperty(sums.into_iter().map(value_row).collect())
            }
            Question::Across { event, one, other, from, to, versions, .. } => {
                let sums = self.sums((*from, *to), versions, |row| {
                    let ones = if of(row, event) { self.values(row, one) } else { vec![] };
                    let others = self.values(row, other);
                    ones.into_iter().zip(others).collect()
                });
                AnswerRows::Across(sums.into_iter().map(pair_row).collect())
            }
            Question::Failures { event, by, from, to, versions, .. } => {
                let sums = self.sums((*from, *to), versions, |row| {
                    let values = match by {
                        _ if !of(row, event) => vec![],
                        Some(property) => self.values(row, property),
                        None => vec![String::new()],
                    };
                    values.into_iter().map(|value| (value, String::new())).collect()
                });
                let rows = sums.into_iter().map(failure_row);
                AnswerRows::Failures(rows.filter(|row| row.failed + row.worked > 0).collect())
            }
            Question::Quantiles { event, property, period, from, to, versions, .. } => {
                let rows = self.scoped((*from, *to), versions);
                let rows = rows.into_iter().filter(|(row, _)| of(row, event));
                AnswerRows::Quantiles(quantiles(rows.collect(), property, *period))
            }
            Question::Active { period, from, to, versions, .. } => {
                AnswerRows::Active(self.active(*period, (*from, *to), versions))
            }
            Question::Marks { period, from, to, .. } => {
                let mut sums = BTreeMap::new();
                for row in self.in_periods(*period, (*from, *to)) {
                    if row.marks.periods().any(|marked| marked == *period) {
                        let key = (period.start(row.day), row.marks.age());
                        *sums.entry(key).or_default() += u64::from(row.weight);
                    }
                }
                let rows = sums.into_iter();
                let row = |((start, age), devices)| MarkRow { start, age, devices };
                AnswerRows::Marks(rows.map(row).collect())
            }
            Question::Retention { from, to, .. } => {
                AnswerRows::Retention(self.retention((*from, *to)))
            }
            Question::Versions { from, to, .. } => {
                let keys = |_: &Row| vec![(String::new(), String::new())];
                let sums = self.sums((*from, *to), &VersionScope::Each, keys);
                let mut rows: BTreeMap<String, VersionRow> = BTreeMap::new();
                for ((day, version, ..), counts) in sums {
                    let version = version.unwrap_or_default();
                    let new =
                        VersionRow { version: version.clone(), first: day, last: day, count: 0 };
                    let row = rows.entry(version).or_insert(new);
                    row.last = day;
                    row.count += counts.iter().sum::<u64>();
                }
                AnswerRows::Versions(rows.into_values().collect())
            }
            Question::Products => {
                let days = self.rows.iter().map(|row| row.day);
                let (first, last) = (days.clone().min().unwrap(), days.max().unwrap());
                let events = self.rows.iter().map(|row| u64::from(row.weight)).sum();
                let product = PRODUCT.to_owned();
                AnswerRows::Products(vec![ProductRow { product, first, last, events }])
            }
            other => panic!("the model does not know {other:?}"),
        }
    }

    fn in_periods(&self, period: Period, (from, to): (Day, Day)) -> Vec<&Row> {
        let is_in =
            |row: &&Row| (period.start(from)..=period.start(to)).contains(&period.start(row.day));
        self.rows.iter().filter(is_in).collect()
    }

    fn active(
        &self,
        period: Period,
        (from, to): (Day, Day),
        versions: &VersionScope,
    ) -> Vec<ActiveRow> {
        let last = period.start(to).plus(31);
        let scoped = self.scoped((period.start(from), last), versions);
        let mut devices: BTreeMap<(Day, Option<String>), BTreeMap<Pseudonym, u64>> =
            BTreeMap::new();
        let mut marks: BTreeMap<(Day, Option<String>), u64> = BTreeMap::new();
        for (row, version) in scoped {
            let (start, weight) = (period.start(row.day), u64::from(row.weight));
            if start > period.start(to) {
                continue;
            }
            let key = (start, version);
            if row.marks.periods().any(|marked| marked == period) {
                *marks.entry(key.clone()).or_default() += weight;
            }
            if let RowDevice::Counted(device) = row.device {
                let least = devices.entry(key).or_default().entry(device).or_insert(weight);
                *least = weight.min(*least);
            }
        }
        for (key, devices) in devices {
            *marks.entry(key).or_default() += devices.values().sum::<u64>();
        }
        let row =
            |((start, version), devices)| ActiveRow { start, version, devices, is_exact: true };
        marks.into_iter().map(row).collect()
    }

    fn retention(&self, (from, to): (Day, Day)) -> Vec<CohortRow> {
        let mut weeks: BTreeMap<Pseudonym, BTreeMap<Day, u64>> = BTreeMap::new();
        for row in &self.rows {
            if let RowDevice::Counted(device) = row.device {
                let weight = u64::from(row.weight);
                let week = weeks.entry(device).or_default().entry(row.day.week_start());
                let least = week.or_insert(weight);
                *least = weight.min(*least);
            }
        }
        let mut counts: BTreeMap<(Day, Day), u64> = BTreeMap::new();
        for weeks in weeks.values() {
            let cohort = *weeks.keys().next().unwrap();
            for (week, weight) in weeks {
                *counts.entry((cohort, *week)).or_default() += weight;
            }
        }
        let rows =
            counts.into_iter().map(|((cohort, week), devices)| CohortRow { cohort, week, devices });
        rows.filter(|row| (from.week_start()..=to).contains(&row.cohort)).collect()
    }
}

fn event_row((key, counts): (Key, [u64; 3])) -> EventCountRow {
    let (day, version, event, _) = key;
    EventCountRow { day, version, event, count: counts.iter().sum() }
}

fn value_row((key, counts): (Key, [u64; 3])) -> ValueRow {
    let (day, version, value, _) = key;
    ValueRow { day, version, value, count: counts.iter().sum() }
}

fn pair_row((key, counts): (Key, [u64; 3])) -> PairRow {
    let (day, version, one, other) = key;
    PairRow { day, version, one, other, count: counts.iter().sum() }
}

fn failure_row((key, counts): (Key, [u64; 3])) -> FailureRow {
    let (day, version, value, _) = key;
    FailureRow { day, version, value, failed: counts[2], worked: counts[1] }
}

/// What a row of quantiles is of.
type VersionAndStart = (Option<String>, Option<Day>);

/// Values with their weights.
type Weighed = Vec<(f64, u64)>;

fn quantiles(
    rows: Vec<(&Row, Option<String>)>,
    property: &str,
    period: Period,
) -> Vec<QuantileRow> {
    let mut all: BTreeMap<VersionAndStart, Weighed> = BTreeMap::new();
    for (row, version) in rows {
        let value = match property {
            "took" => row.took.map(|took| histogram::whole_middle(histogram::whole_bucket(took))),
            _ => row.cost.map(|cost| histogram::middle(histogram::bucket(cost))),
        };
        let Some(value) = value else { continue };
        for start in [None, Some(period.start(row.day))] {
            let values = all.entry((version.clone(), start)).or_default();
            values.push((value, u64::from(row.weight)));
        }
    }
    let row = |((version, start), mut values): (VersionAndStart, Weighed)| {
        values.sort_by(|one, other| one.0.total_cmp(&other.0));
        let each: Vec<f64> = values
            .iter()
            .flat_map(|(value, weight)| std::iter::repeat_n(*value, *weight as usize))
            .collect();
        let at = |share: f64| each[(each.len() as f64 * share).ceil() as usize - 1];
        let (median, p90, p99) = (at(0.5), at(0.9), at(0.99));
        QuantileRow { version, start, count: each.len() as u64, median, p90, p99 }
    };
    all.into_iter().map(row).collect()
}
