//! Counts the rows that pass the filters.

use std::rc::Rc;
use std::sync::Arc;

use headcount_catalog::{Day, Period};

use super::super::rollups::{self, ByWeight, EventOutcome, NumberMap};
use super::kept_events::KeptEvents;
use super::plan::{SchemaPlan, ValueColumns};
use super::row_places::RowPlaces;
use super::value_rows::ValueRows;
use super::values::{RowValues, ValueReader};
use crate::sealed::{RowPart, SlotDevice};
use crate::step_chains::StepEvent;
use crate::visits::VisitEvent;
use crate::{Cells, RawCount, RawQuestion, RowSchema, TextSet, VersionScope, limits};

/// A day and codes of texts: of the scope and of up to two values.
pub(super) type SumKey = (u32, u32, u32, u32);

/// The first day of a period, and the code of the scope.
pub(super) type PeriodKey = (u32, u32);

/// Counts one question.
pub(super) struct RawCounter<'q> {
    pub(super) question: &'q RawQuestion,
    value_rows: &'q ValueRows,
    /// The plan of each schema, `None` if it has nothing that counts.
    plans: Vec<(Arc<RowSchema>, Option<Rc<SchemaPlan>>)>,
    /// For each filter, the codes of its values.
    filters: Vec<Vec<u32>>,
    /// For each step, the codes of the values of which its event has one.
    pub(super) step_values: Vec<Vec<u32>>,
    pub(super) texts: TextSet,
    /// The code of the empty text.
    pub(super) empty: u32,
    /// By outcome.
    pub(super) sums: NumberMap<SumKey, [u64; 3]>,
    /// By the bits of the number that stands for a bucket.
    pub(super) numbers: NumberMap<(PeriodKey, u64), u64>,
    pub(super) devices: NumberMap<PeriodKey, ByWeight>,
    pub(super) marks: NumberMap<PeriodKey, u64>,
    pub(super) steps: KeptEvents<StepEvent>,
    pub(super) visits: KeptEvents<VisitEvent>,
    /// What an event and its value are told by, if what comes next is asked.
    pub(super) places: RowPlaces,
}

/// What a row is counted by.
enum Key {
    Nothing,
    /// Its name, by the place of the event.
    Event(Vec<u32>),
    Values(RowValues),
}

impl<'q> RawCounter<'q> {
    pub(super) fn new(question: &'q RawQuestion, value_rows: &'q ValueRows) -> Self {
        let mut texts = TextSet::default();
        let mut codes = |values: &[String]| values.iter().map(|value| texts.code(value)).collect();
        let mut filters: Vec<Vec<u32>> =
            question.filters.iter().map(|filter| codes(&filter.values)).collect();
        if let VersionScope::Only(version) = &question.versions {
            filters.push(codes(std::slice::from_ref(version)));
        }
        let steps = match &question.count {
            RawCount::Steps(count) => count.steps.as_slice(),
            RawCount::Next(count) => count.after.as_slice(),
            _ => &[],
        };
        let values = steps.iter().map(|step| step.value.as_ref());
        let step_values =
            values.map(|value| value.map_or(Vec::new(), |own| codes(&own.values))).collect();
        let empty = texts.code("");
        Self {
            question,
            value_rows,
            plans: Vec::new(),
            filters,
            step_values,
            texts,
            empty,
            sums: NumberMap::default(),
            numbers: NumberMap::default(),
            devices: NumberMap::default(),
            marks: NumberMap::default(),
            steps: KeptEvents::new(limits::STEP_EVENTS),
            visits: KeptEvents::new(limits::VISIT_EVENTS),
            places: RowPlaces::default(),
        }
    }

    /// The plan of a schema; `None` if no row of it can count.
    pub(super) fn plan(&mut self, schema: &Arc<RowSchema>) -> Option<Rc<SchemaPlan>> {
        let known = self.plans.iter().find(|(known, _)| Arc::ptr_eq(known, schema));
        if let Some((_, plan)) = known {
            return plan.clone();
        }
        let plan = SchemaPlan::new(schema, self.question).map(Rc::new);
        self.plans.push((Arc::clone(schema), plan.clone()));
        plan
    }

    /// Counts a part of a day.
    pub(super) fn add(&mut self, plan: &SchemaPlan, day: Day, part: &RowPart) {
        let mut rows: Vec<u32> = (0..part.len() as u32).collect();
        if let Some(event) = plan.event {
            rows.retain(|row| part.events[*row as usize] == event);
        }
        for (place, named) in plan.filters.iter().enumerate() {
            let values = self.values(plan, named, part);
            let wanted = &self.filters[place];
            rows.retain(|row| self.has_one_of(&values, *row as usize, wanted));
        }
        if rows.is_empty() {
            return;
        }
        let scope = plan.scope.as_ref().map(|named| self.values(plan, named, part));
        match self.question.count {
            RawCount::Active { period } => {
                self.add_devices(period, day, part, &rows, scope.as_ref());
            }
            RawCount::Quantiles { period, .. } => {
                self.add_numbers(period.start(day), plan, part, &rows, scope.as_ref());
            }
            RawCount::Steps(_) => self.add_steps(plan, day, part, &rows),
            RawCount::Next(_) => self.add_visits(plan, day, part, &rows),
            _ => self.add_sums(plan, day, part, &rows, scope.as_ref()),
        }
    }

    /// Whether a row has one of the wanted values, or none if that is wanted.
    pub(super) fn has_one_of(&self, values: &RowValues, row: usize, wanted: &[u32]) -> bool {
        match values.of(row) {
            [] => wanted.contains(&self.empty),
            own => own.iter().any(|value| wanted.contains(value)),
        }
    }

    pub(super) fn values(
        &mut self,
        plan: &SchemaPlan,
        named: &ValueColumns,
        part: &RowPart,
    ) -> RowValues {
        let rows = self.value_rows.get(named.name.as_str());
        let mut reader = ValueReader { texts: &mut self.texts, rows, is_version: named.is_version };
        reader.read(&plan.schema, named, part)
    }

    fn add_sums(
        &mut self,
        plan: &SchemaPlan,
        day: Day,
        part: &RowPart,
        rows: &[u32],
        scope: Option<&RowValues>,
    ) {
        let mut keys = plan.keys.iter();
        let mut key = |own: &mut Self| match keys.next() {
            Some(named) => Key::Values(own.values(plan, named, part)),
            None => Key::Nothing,
        };
        let (mut one, other) = (key(self), key(self));
        if matches!(self.question.count, RawCount::Events) {
            let names = plan.schema.events().iter();
            one = Key::Event(names.map(|event| self.texts.code(&event.name)).collect());
        }
        let mut outcomes = Vec::new();
        if let Some(rule) = &plan.failure
            && let Some(column) = part.column(rule.column)
        {
            outcomes.resize(part.len(), EventOutcome::Unsaid);
            rule.read(column, |row| part.events[row], &mut outcomes);
        }
        let nothing = [self.empty];
        let of = |key: &Key, row: usize| -> [u32; 1] {
            match key {
                Key::Event(codes) => [codes[usize::from(part.events[row])]],
                _ => nothing,
            }
        };
        let day = day.number().cast_unsigned();
        for row in rows {
            let row = *row as usize;
            let outcome = outcomes.get(row).map_or(0, |outcome| *outcome as usize);
            let (single_one, single_other) = (of(&one, row), of(&other, row));
            let ones = if let Key::Values(values) = &one { values.of(row) } else { &single_one };
            let others =
                if let Key::Values(values) = &other { values.of(row) } else { &single_other };
            for scope in scope_of(scope, row, &nothing) {
                for one in ones {
                    for other in others {
                        let sum = self.sums.entry((day, *scope, *one, *other)).or_default();
                        sum[outcome] += u64::from(part.weights[row]);
                    }
                }
            }
        }
    }

    fn add_numbers(
        &mut self,
        start: Day,
        plan: &SchemaPlan,
        part: &RowPart,
        rows: &[u32],
        scope: Option<&RowValues>,
    ) {
        let (start, nothing) = (start.number().cast_unsigned(), [self.empty]);
        for column in plan.numbers.iter().filter_map(|place| part.column(*place)) {
            // Both lists rise.
            let mut wanted = rows.iter().copied().peekable();
            for (place, row) in column.rows().iter().enumerate() {
                while wanted.next_if(|wanted| wanted < row).is_some() {}
                if wanted.peek() != Some(row) {
                    continue;
                }
                let middle = match column.cells() {
                    Cells::Numbers(all) => rollups::middle_of_whole(all[place]),
                    Cells::Decimals(all) => rollups::middle_of(all[place]),
                    _ => continue,
                };
                let row = *row as usize;
                for scope in scope_of(scope, row, &nothing) {
                    let key = ((start, *scope), middle.to_bits());
                    *self.numbers.entry(key).or_default() += u64::from(part.weights[row]);
                }
            }
        }
    }

    fn add_devices(
        &mut self,
        period: Period,
        day: Day,
        part: &RowPart,
        rows: &[u32],
        scope: Option<&RowValues>,
    ) {
        let (start, nothing) = (period.start(day).number().cast_unsigned(), [self.empty]);
        for row in rows {
            let row = *row as usize;
            let weight = part.weights[row];
            let is_marked = part.marks[row].periods().any(|own| own == period);
            for scope in scope_of(scope, row, &nothing) {
                if let SlotDevice::Counted(slot) = part.devices[row] {
                    let by_weight = self.devices.entry((start, *scope)).or_default();
                    by_weight.entry(weight).or_default().insert(slot);
                }
                if is_marked {
                    *self.marks.entry((start, *scope)).or_default() += u64::from(weight);
                }
            }
        }
    }
}

/// What a row is split by: its values, or the empty text.
fn scope_of<'a>(scope: Option<&'a RowValues>, row: usize, empty: &'a [u32; 1]) -> &'a [u32] {
    match scope.map(|values| values.of(row)) {
        None | Some([]) => empty,
        Some(values) => values,
    }
}
