//! Counts rows of one schema, by code.

use std::sync::Arc;

use headcount_catalog::Day;

use super::cells::EventOutcome;
use super::columns::{self, Coding, CountedColumn, OpenCodes};
use super::contexts::{Context, Contexts};
use super::grid::Grid;
use super::outcomes::{self, FailureRule};
use super::vocabularies::Vocabularies;
use super::vocabulary::Teller;
use crate::{Cells, ColumnKind, ColumnRole, DayRows, RowSchema};

/// What was counted of the rows of one schema since it was last written.
#[derive(Debug)]
pub(super) struct SchemaCounts {
    pub(super) schema: Arc<RowSchema>,
    /// Columns that name the version, and the vocabulary for all of them.
    versions: Vec<usize>,
    pub(super) version_vocabulary: usize,
    rules: Vec<FailureRule>,
    pub(super) columns: Vec<CountedColumn>,
    pub(super) pairs: Vec<CountedPair>,
    pub(super) days: Vec<DayCounts>,
}

/// Two columns of an event that are counted together, by their places among the
/// counted columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CountedPair {
    pub(super) event: u16,
    pub(super) one: usize,
    pub(super) other: usize,
    /// How codes of both are one: `one * stride + other`.
    pub(super) stride: u64,
    /// Which of the two is the version. Such a pair needs no counts of its own:
    /// every count of the other column is by version.
    pub(super) version: Option<usize>,
}

impl CountedPair {
    /// Whether both columns are the same, in either order.
    fn is_of(&self, event: u16, (one, other): (usize, usize)) -> bool {
        let known = (self.one, self.other);
        self.event == event && (known == (one, other) || known == (other, one))
    }

    /// The other one of the two.
    pub(super) fn beside(&self, column: usize) -> usize {
        if self.one == column { self.other } else { self.one }
    }
}

/// The counts of one day.
#[derive(Debug)]
pub(super) struct DayCounts {
    pub(super) day: Day,
    pub(super) contexts: Contexts,
    /// One a counted column, by context and code.
    pub(super) grids: Vec<Grid>,
    /// One a pair, by context and both codes.
    pub(super) pairs: Vec<Grid>,
}

/// What is known of each row of the commit, by its place. Kept from commit to
/// commit, so that nothing is allocated.
#[derive(Debug, Default)]
pub(super) struct RowNotes {
    pub(super) tellers: Vec<Teller>,
    outcomes: Vec<EventOutcome>,
    /// The code of the version, and its number.
    versions: Vec<u32>,
    contexts: Vec<u32>,
    /// Codes of texts of the column at hand.
    codes: Vec<u32>,
    /// The code of each row in the columns of pairs; 0 for none.
    pair_codes: Vec<Vec<u32>>,
}

impl RowNotes {
    /// The number of each row's version; 0 for none.
    pub(super) fn versions(&self) -> &[u32] {
        &self.versions
    }
}

/// Codes of two columns that are counted side by side.
const PAIR_CODES: u64 = 4_096;

impl SchemaCounts {
    pub(super) fn new(schema: &Arc<RowSchema>, vocabularies: &mut Vocabularies) -> Self {
        let shapes = schema.columns();
        let is_version = |place: &usize| shapes[*place].role == ColumnRole::Version;
        let versions: Vec<usize> = (0..shapes.len()).filter(is_version).collect();
        let name = versions.first().map_or("", |place| shapes[*place].name.as_str());
        let version_vocabulary = vocabularies.place(name);
        let counted = shapes.iter().enumerate().filter_map(|(place, shape)| {
            let coding = Coding::of(shape)?;
            let vocabulary = vocabularies.place(&shape.name);
            Some(CountedColumn::new(place, coding, vocabulary))
        });
        let columns: Vec<_> = counted.collect();
        let pairs = pairs(schema, &columns);
        let rules = outcomes::rules(schema);
        let schema = Arc::clone(schema);
        Self { schema, versions, version_vocabulary, rules, columns, pairs, days: Vec::new() }
    }

    /// Counts rows. `notes.tellers` says who tells them; the other notes are
    /// made here.
    pub(super) fn add(
        &mut self,
        rows: &DayRows,
        vocabularies: &mut Vocabularies,
        notes: &mut RowNotes,
    ) {
        let place = self.day_place(rows.day());
        self.read_versions(rows, vocabularies, notes);
        notes.outcomes.clear();
        notes.outcomes.resize(rows.len(), EventOutcome::Unsaid);
        for rule in &self.rules {
            let column = &rows.columns()[rule.column];
            rule.read(column, |row| rows.heads()[row].event, &mut notes.outcomes);
        }
        let day = &mut self.days[place];
        notes.contexts.clear();
        let of_rows = notes.outcomes.iter().zip(&notes.versions);
        notes.contexts.extend(rows.heads().iter().zip(of_rows).map(
            |(head, (outcome, version))| {
                let context = Context { event: head.event, version: *version, outcome: *outcome };
                day.contexts.count(context, u64::from(head.weight))
            },
        ));
        notes.pair_codes.resize_with(self.columns.len(), Vec::new);
        for (column, place) in self.columns.iter().zip(0..) {
            let is_paired = |pair: &CountedPair| {
                pair.version.is_none() && (pair.one == place || pair.other == place)
            };
            let paired = self.pairs.iter().any(is_paired).then_some(place);
            count_column(column, rows, &mut day.grids[place], vocabularies, notes, paired);
        }
        for (pair, grid) in self.pairs.iter().zip(&mut day.pairs) {
            if pair.version.is_none() {
                count_pair(*pair, rows, grid, notes);
            }
        }
        self.number_versions(vocabularies, notes);
    }

    fn day_place(&mut self, day: Day) -> usize {
        if let Some(place) = self.days.iter().position(|counts| counts.day == day) {
            return place;
        }
        let shapes = self.schema.columns();
        let widths = self.columns.iter().map(|column| column.width(&shapes[column.place]));
        let grids: Vec<Grid> = widths.map(Grid::new).collect();
        let pairs = self.pairs.iter().map(|pair| Grid::new(self.pair_width(*pair))).collect();
        self.days.push(DayCounts { day, contexts: Contexts::default(), grids, pairs });
        self.days.len() - 1
    }

    fn pair_width(&self, pair: CountedPair) -> usize {
        let one = &self.columns[pair.one];
        let codes = one.width(&self.schema.columns()[one.place]) as u64;
        let side_by_side = codes.checked_mul(pair.stride).filter(|codes| *codes <= PAIR_CODES);
        side_by_side.unwrap_or(0) as usize
    }

    fn read_versions(&self, rows: &DayRows, vocabularies: &mut Vocabularies, notes: &mut RowNotes) {
        notes.versions.clear();
        notes.versions.resize(rows.len(), 0);
        let mut open = vocabularies.open(self.version_vocabulary, rows.day());
        for place in &self.versions {
            let column = &rows.columns()[*place];
            let words = &self.schema.columns()[*place].words;
            match column.cells() {
                Cells::Text(texts, _) if open.texts(texts.iter(), &mut notes.codes) => {
                    columns::open_codes(column, &notes.codes, |row, code| {
                        notes.versions[row] = code;
                        open.told(code, notes.tellers[row]);
                    });
                }
                Cells::Text(..) => columns::open_codes(column, &notes.codes, |row, code| {
                    notes.versions[row] = code;
                }),
                Cells::Words(_) => {
                    open.texts(words.iter().map(String::as_str), &mut notes.codes);
                    columns::closed_codes(column, |row, code| {
                        notes.versions[row] = notes.codes[code as usize - 1];
                        open.told(notes.versions[row], notes.tellers[row]);
                    });
                }
                _ => {}
            }
        }
    }

    /// Puts numbers in the place of codes, for the sets of devices.
    fn number_versions(&self, vocabularies: &Vocabularies, notes: &mut RowNotes) {
        let vocabulary = vocabularies.get(self.version_vocabulary);
        for version in &mut notes.versions {
            *version = version.checked_sub(1).map_or(0, |place| vocabulary.number(place));
        }
    }
}

fn pairs(schema: &RowSchema, columns: &[CountedColumn]) -> Vec<CountedPair> {
    let shapes = schema.columns();
    let counted = |place: usize| columns.iter().position(|column| column.place == place);
    let mut pairs = Vec::new();
    for (event, shape) in schema.events().iter().enumerate() {
        for (one, other) in &shape.across {
            let (Some(one), Some(other)) = (counted(*one), counted(*other)) else { continue };
            let [left, right] = [&columns[one], &columns[other]];
            let is_single = |column: &&CountedColumn| {
                let kind = shapes[column.place].kind;
                !column.coding.is_histogram()
                    && !matches!(kind, ColumnKind::Words | ColumnKind::Texts)
            };
            if ![left, right].iter().all(is_single) {
                continue;
            }
            if pairs.iter().any(|pair: &CountedPair| pair.is_of(event as u16, (one, other))) {
                continue;
            }
            let is_version =
                |place: &usize| shapes[columns[*place].place].role == ColumnRole::Version;
            let version = [one, other].into_iter().find(is_version);
            let stride = match right.coding {
                Coding::Words => right.width(&shapes[right.place]) as u64,
                _ => 1 << 32,
            };
            pairs.push(CountedPair { event: event as u16, one, other, stride, version });
        }
    }
    pairs
}

/// Counts the cells of one column. Notes the code of each row if it is of a
/// pair.
fn count_column(
    column: &CountedColumn,
    rows: &DayRows,
    grid: &mut Grid,
    vocabularies: &mut Vocabularies,
    notes: &mut RowNotes,
    paired: Option<usize>,
) {
    let RowNotes { tellers, contexts, codes, pair_codes, .. } = notes;
    let mut nothing = Vec::new();
    let of_rows = match paired {
        Some(place) => &mut pair_codes[place],
        None => &mut nothing,
    };
    of_rows.clear();
    of_rows.resize(if paired.is_some() { rows.len() } else { 0 }, 0);
    let (heads, cells) = (rows.heads(), &rows.columns()[column.place]);
    let mut count = |row: usize, code: u32| {
        grid.add(contexts[row], u64::from(code), u64::from(heads[row].weight));
        if let Some(noted) = of_rows.get_mut(row) {
            *noted = code;
        }
    };
    if column.coding == Coding::Words || column.coding.is_histogram() {
        columns::closed_codes(cells, count);
        return;
    }
    let mut open: OpenCodes<'_> = vocabularies.open(column.vocabulary, rows.day());
    let has_candidates = match cells.cells() {
        Cells::Text(texts, _) | Cells::TextLists(texts, ..) => open.texts(texts.iter(), codes),
        Cells::Numbers(numbers) => open.exit_codes(numbers, codes),
        _ => return,
    };
    // Who told a version is known already.
    let is_version = rows.schema().columns()[column.place].role == ColumnRole::Version;
    if has_candidates && !is_version {
        columns::open_codes(cells, codes, |row, code| open.told(code, tellers[row]));
    }
    columns::open_codes(cells, codes, &mut count);
}

fn count_pair(pair: CountedPair, rows: &DayRows, grid: &mut Grid, notes: &RowNotes) {
    let [ones, others] = [pair.one, pair.other].map(|place| &notes.pair_codes[place]);
    let heads = rows.heads().iter().zip(&notes.contexts);
    for ((head, context), (one, other)) in heads.zip(ones.iter().zip(others)) {
        if head.event == pair.event && *one > 0 && *other > 0 {
            let code = u64::from(*one) * pair.stride + u64::from(*other);
            grid.add(*context, code, u64::from(head.weight));
        }
    }
}
