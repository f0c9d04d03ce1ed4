//! Answers questions about events: counts by day, version and value.

use std::collections::BTreeMap;

use headcount_catalog::{Day, Period};
use rusqlite::{Connection, Error};

use super::asking::Asking;
use super::cells::EventOutcome;
use super::histogram;
use super::series::{Series, SeriesKind};
use crate::{
    AnswerRows, EventCountRow, FailureRow, PairRow, QuantileRow, Question, ValueRow, VersionRow,
    VersionScope,
};

/// Answers a question about events. Any other has no rows here.
pub(super) fn ask(connection: &Connection, question: &Question) -> Result<AnswerRows, Error> {
    let new = |product, days, versions| Asking::new(connection, product, days, versions);
    Ok(match question {
        Question::ByProperty { product, event, property, from, to, versions } => {
            let asking = new(product, (*from, *to), versions)?;
            AnswerRows::ByProperty(by_property(&asking, event, property)?)
        }
        Question::Across { product, event, one, other, from, to, versions } => {
            let asking = new(product, (*from, *to), versions)?;
            AnswerRows::Across(across(&asking, event, one, other)?)
        }
        Question::Failures { product, event, by, from, to, versions } => {
            let asking = new(product, (*from, *to), versions)?;
            AnswerRows::Failures(failures(&asking, event, by.as_deref())?)
        }
        Question::Quantiles { product, event, property, period, from, to, versions } => {
            let asking = new(product, (*from, *to), versions)?;
            AnswerRows::Quantiles(quantiles(&asking, event, property, *period)?)
        }
        Question::Versions { product, from, to } => {
            let asking = new(product, (*from, *to), &VersionScope::Each)?;
            AnswerRows::Versions(versions(&asking)?)
        }
        Question::Events { product, from, to, versions } => {
            AnswerRows::Events(events(&new(product, (*from, *to), versions)?)?)
        }
        _ => AnswerRows::Events(Vec::new()),
    })
}

fn events(asking: &Asking<'_>) -> Result<Vec<EventCountRow>, Error> {
    let sums = asking.sums(&Series::events(), |key| (key.one, 0))?;
    let row = |(key, counts): (super::asking::AnswerKey, [u64; 3])| EventCountRow {
        day: Day::from_number(key.day),
        version: asking.version(key.version),
        event: asking.text(key.one),
        count: counts.iter().sum(),
    };
    Ok(sums.into_iter().map(row).collect())
}

fn by_property(asking: &Asking<'_>, event: &str, property: &str) -> Result<Vec<ValueRow>, Error> {
    let series = Series::new(SeriesKind::Values, event, property, "");
    let sums = asking.sums(&series, |key| (key.one, 0))?;
    let rows = sums.into_iter().map(|(key, counts)| ValueRow {
        day: Day::from_number(key.day),
        version: asking.version(key.version),
        value: asking.text(key.one),
        count: counts.iter().sum(),
    });
    Ok(rows.collect())
}

/// Either order of the pair may be in the catalog, and it may have been the
/// other one before, also earlier on the same day.
fn across(asking: &Asking<'_>, event: &str, one: &str, other: &str) -> Result<Vec<PairRow>, Error> {
    let series = Series::new(SeriesKind::Pairs, event, one, other);
    let mut sums = asking.sums(&series, |key| (key.one, key.other))?;
    if one != other {
        let turned = Series::new(SeriesKind::Pairs, event, other, one);
        sums.extend(asking.sums(&turned, |key| (key.other, key.one))?);
        sums.sort_unstable_by_key(|(key, _)| *key);
        sums.dedup_by(|(key, counts), (kept, sum)| {
            let is_same = key == kept;
            if is_same {
                sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += *count);
            }
            is_same
        });
    }
    let rows = sums.into_iter().map(|(key, counts)| PairRow {
        day: Day::from_number(key.day),
        version: asking.version(key.version),
        one: asking.text(key.one),
        other: asking.text(key.other),
        count: counts.iter().sum(),
    });
    Ok(rows.collect())
}

fn failures(asking: &Asking<'_>, event: &str, by: Option<&str>) -> Result<Vec<FailureRow>, Error> {
    let sums = match by {
        Some(property) => {
            let series = Series::new(SeriesKind::Values, event, property, "");
            asking.sums(&series, |key| (key.one, 0))?
        }
        None => {
            let mut sums = asking.sums(&Series::events(), |key| (key.one, 0))?;
            sums.retain(|(key, _)| asking.names.text(key.one) == event);
            sums.iter_mut().for_each(|(key, _)| key.one = asking.names.place(0));
            sums
        }
    };
    let rows = sums.into_iter().map(|(key, counts)| FailureRow {
        day: Day::from_number(key.day),
        version: asking.version(key.version),
        value: asking.text(key.one),
        failed: counts[EventOutcome::Failed as usize],
        worked: counts[EventOutcome::Worked as usize],
    });
    Ok(rows.filter(|row| row.failed + row.worked > 0).collect())
}

/// Counts by the bits of a value: the order of bits is that of numbers that are
/// not negative.
type Values = BTreeMap<u64, u64>;

/// The number that stands for a bucket.
type Middle = fn(u32) -> f64;

fn quantiles(
    asking: &Asking<'_>,
    event: &str,
    property: &str,
    period: Period,
) -> Result<Vec<QuantileRow>, Error> {
    let kinds: [(SeriesKind, Middle); 2] = [
        (SeriesKind::WholeNumbers, histogram::whole_middle),
        (SeriesKind::Fractions, histogram::middle),
    ];
    // Without a day, the values of all days: they are the first.
    let mut all: BTreeMap<(u32, Option<Day>), Values> = BTreeMap::new();
    for (kind, middle) in kinds {
        let series = Series::new(kind, event, property, "");
        let mut cells: BTreeMap<(u32, Day), BTreeMap<u32, u64>> = BTreeMap::new();
        asking.each(&series, |day, version, key, count| {
            let buckets = cells.entry((version, period.start(day))).or_default();
            *buckets.entry(key.one).or_default() += count;
        })?;
        for ((version, start), buckets) in cells {
            for (bucket, count) in buckets {
                let value = middle(bucket).to_bits();
                for start in [None, Some(start)] {
                    let values = all.entry((version, start)).or_default();
                    *values.entry(value).or_default() += count;
                }
            }
        }
    }
    let rows = all.into_iter().map(|((version, start), values)| {
        let (count, [median, p90, p99]) = histogram::quantiles_of(&values);
        let sum = histogram::sum_of(&values);
        QuantileRow { version: asking.version(version), start, count, median, p90, p99, sum }
    });
    Ok(rows.collect())
}

fn versions(asking: &Asking<'_>) -> Result<Vec<VersionRow>, Error> {
    let mut versions: BTreeMap<u32, VersionRow> = BTreeMap::new();
    asking.each(&Series::events(), |day, place, _, count| {
        let row = versions.entry(place).or_insert_with(|| VersionRow {
            version: asking.text(place),
            first: day,
            last: day,
            count: 0,
        });
        row.first = row.first.min(day);
        row.last = row.last.max(day);
        row.count += count;
    })?;
    Ok(versions.into_values().collect())
}
