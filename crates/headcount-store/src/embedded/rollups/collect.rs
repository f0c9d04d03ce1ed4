//! Gathers what was counted by code, as counts by number.

use std::collections::BTreeMap;

use headcount_catalog::Day;

use super::cells::{CellKey, Cells, Others};
use super::columns::Coding;
use super::counting::{DayCounts, SchemaCounts};
use super::series::{Series, SeriesKind};
use super::vocabularies::Vocabularies;

/// Counts by series and day.
pub(super) type Changes = BTreeMap<(Series, Day), Changed>;

/// The counts of one series and day, and what stands for values without a row.
#[derive(Debug, Default)]
pub(super) struct Changed {
    pub(super) cells: Cells,
    pub(super) others: Others,
}

/// Moves all counts of a schema.
pub(super) fn collect(
    counts: &mut SchemaCounts,
    vocabularies: &mut Vocabularies,
    changes: &mut Changes,
) {
    let version = Some(vocabularies.get(counts.version_vocabulary).other());
    for mut day in std::mem::take(&mut counts.days) {
        let mut found = Collected { day: day.day, version, changes };
        collect_events(counts, &day, vocabularies, &mut found);
        for place in 0..counts.columns.len() {
            collect_column(counts, place, &mut day, vocabularies, &mut found);
        }
        for place in 0..counts.pairs.len() {
            collect_pair(counts, place, &mut day, vocabularies, &mut found);
        }
    }
}

/// Where the counts of one day go.
struct Collected<'c> {
    day: Day,
    /// The number of `other` among the versions.
    version: Option<u32>,
    changes: &'c mut Changes,
}

impl Collected<'_> {
    fn add(&mut self, series: Series, cells: Cells, one: Option<u32>, other: Option<u32>) {
        let entry = self.changes.entry((series, self.day)).or_default();
        entry.others = Others { version: self.version, one, other };
        for (key, count) in cells {
            *entry.cells.entry(key).or_default() += count;
        }
    }
}

fn collect_events(
    counts: &SchemaCounts,
    day: &DayCounts,
    vocabularies: &mut Vocabularies,
    found: &mut Collected<'_>,
) {
    let names = vocabularies.place("");
    let mut cells = Cells::new();
    for (context, count) in day.contexts.counts() {
        let version = version(counts, context.version, vocabularies);
        let event = &counts.schema.events()[usize::from(context.event)].name;
        let (vocabulary, numbers) = vocabularies.with_numbers(names);
        let place = vocabulary.fixed(event, numbers);
        let one = vocabulary.number(place);
        let key = CellKey { version, one, other: 0, outcome: context.outcome };
        *cells.entry(key).or_default() += count;
    }
    found.add(Series::events(), cells, None, None);
}

fn version(counts: &SchemaCounts, code: u32, vocabularies: &Vocabularies) -> u32 {
    let vocabulary = vocabularies.get(counts.version_vocabulary);
    code.checked_sub(1).map_or(0, |place| vocabulary.number(place))
}

/// The number of a value, by its code.
fn number(
    counts: &mut SchemaCounts,
    place: usize,
    code: u32,
    vocabularies: &mut Vocabularies,
) -> u32 {
    let column = &mut counts.columns[place];
    let (vocabulary, numbers) = vocabularies.with_numbers(column.vocabulary);
    column.number(code, &counts.schema.columns()[column.place], vocabulary, numbers)
}

fn name(counts: &SchemaCounts, place: usize) -> &str {
    &counts.schema.columns()[counts.columns[place].place].name
}

fn collect_column(
    counts: &mut SchemaCounts,
    place: usize,
    day: &mut DayCounts,
    vocabularies: &mut Vocabularies,
    found: &mut Collected<'_>,
) {
    let mut by_event: BTreeMap<u16, Cells> = BTreeMap::new();
    let mut all = Vec::new();
    day.grids[place].drain(|context, code, count| all.push((context, code, count)));
    for (context, code, count) in all {
        let context = day.contexts.all()[context as usize];
        let one = number(counts, place, code as u32, vocabularies);
        let version = version(counts, context.version, vocabularies);
        let key = CellKey { version, one, other: 0, outcome: context.outcome };
        *by_event.entry(context.event).or_default().entry(key).or_default() += count;
    }
    let column = &counts.columns[place];
    let kind = match column.coding {
        Coding::WholeNumbers => SeriesKind::WholeNumbers,
        Coding::Fractions => SeriesKind::Fractions,
        Coding::Words | Coding::Texts | Coding::ExitCodes => SeriesKind::Values,
    };
    let is_value = kind == SeriesKind::Values;
    let none = is_value.then(|| vocabularies.get(column.vocabulary).other());
    for (event, cells) in by_event {
        collect_version_pairs(counts, place, event, &cells, none, found);
        let event = &counts.schema.events()[usize::from(event)].name;
        found.add(Series::new(kind, event, name(counts, place), ""), cells, none, None);
    }
}

/// The pairs of a column with the version: its counts are by version anyway.
fn collect_version_pairs(
    counts: &SchemaCounts,
    place: usize,
    event: u16,
    cells: &Cells,
    none: Option<u32>,
    found: &mut Collected<'_>,
) {
    let is_of_it = |pair: &&super::counting::CountedPair| {
        pair.event == event && pair.version.is_some_and(|version| pair.beside(version) == place)
    };
    let event = &counts.schema.events()[usize::from(event)].name;
    for pair in counts.pairs.iter().filter(is_of_it) {
        let is_first = pair.one == place;
        let with_version = cells.iter().filter(|(key, _)| key.version > 0).map(|(key, count)| {
            let (one, other) =
                if is_first { (key.one, key.version) } else { (key.version, key.one) };
            (CellKey { one, other, ..*key }, *count)
        });
        let [one, other] = [pair.one, pair.other].map(|column| name(counts, column));
        let series = Series::new(SeriesKind::Pairs, event, one, other);
        let (left, right) = if is_first { (none, found.version) } else { (found.version, none) };
        found.add(series, with_version.collect(), left, right);
    }
}

fn collect_pair(
    counts: &mut SchemaCounts,
    place: usize,
    day: &mut DayCounts,
    vocabularies: &mut Vocabularies,
    found: &mut Collected<'_>,
) {
    let pair = counts.pairs[place];
    let mut all = Vec::new();
    day.pairs[place].drain(|context, code, count| all.push((context, code, count)));
    if all.is_empty() {
        return;
    }
    let mut cells = Cells::new();
    for (context, code, count) in all {
        let context = day.contexts.all()[context as usize];
        let [one, other] = [code / pair.stride, code % pair.stride].map(|code| code as u32);
        let one = number(counts, pair.one, one, vocabularies);
        let other = number(counts, pair.other, other, vocabularies);
        let version = version(counts, context.version, vocabularies);
        let key = CellKey { version, one, other, outcome: context.outcome };
        *cells.entry(key).or_default() += count;
    }
    let [one, other] = [pair.one, pair.other]
        .map(|column| Some(vocabularies.get(counts.columns[column].vocabulary).other()));
    let event = &counts.schema.events()[usize::from(pair.event)].name;
    let [first, second] = [pair.one, pair.other].map(|column| name(counts, column));
    let series = Series::new(SeriesKind::Pairs, event, first, second);
    found.add(series, cells, one, other);
}
