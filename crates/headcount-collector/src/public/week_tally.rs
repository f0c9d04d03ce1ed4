//! Counts the raw events of one week: events, and of how many devices they are
//! at least. What cannot be shown of it goes no further.

use std::collections::BTreeMap;

use headcount_catalog::Day;
use headcount_store::{Cells, ColumnShape, DayRows, RowHead};

use super::devices_of_events::{DevicesOfEvents, IdsOfADevice};
use super::suppress::{self, CountedCell, SeenTable, Vocabulary};
use super::table_plan::TablePlan;
use super::week::{BY_EVENT, PublicTable, PublicWeek};
use crate::limits;

/// The value of an event that lacks it.
pub(super) const ABSENT: &str = "";

/// The counts of one week.
pub(super) struct WeekTally {
    monday: Day,
    ids: IdsOfADevice,
    tables: Vec<TableTally>,
    /// Cells of all tables.
    cells: usize,
}

#[derive(Default)]
struct CellTally {
    events: u64,
    devices: DevicesOfEvents,
}

struct TableTally {
    plan: TablePlan,
    /// By the name of the event, and by the value.
    cells: BTreeMap<String, BTreeMap<String, CellTally>>,
    /// Events whose value has no cell, because there are too many, by name.
    without_cell: BTreeMap<String, u64>,
}

impl CellTally {
    fn add(&mut self, head: RowHead, day: Day) {
        self.events += u64::from(head.weight);
        self.devices.add(head, day);
    }
}

impl WeekTally {
    pub(super) fn new(plans: Vec<TablePlan>, monday: Day, ids: IdsOfADevice) -> Self {
        let table =
            |plan| TableTally { plan, cells: BTreeMap::new(), without_cell: BTreeMap::new() };
        let tables = plans.into_iter().map(table).collect();
        Self { monday, ids, tables, cells: 0 }
    }

    /// Adds the events of a part of a day.
    pub(super) fn add(&mut self, rows: &DayRows) {
        for place in 0..self.tables.len() {
            self.add_to_table(place, rows);
        }
    }

    fn add_to_table(&mut self, place: usize, rows: &DayRows) {
        let plan = &self.tables[place].plan;
        let names: Vec<&str> =
            rows.schema().events().iter().map(|event| event.name.as_str()).collect();
        if plan.by == BY_EVENT {
            for head in rows.heads() {
                let name = names[usize::from(head.event)];
                self.count(place, (name, name), *head, rows.day());
            }
            return;
        }
        let is_counted: Vec<bool> =
            names.iter().map(|name| plan.event.is_none_or(|event| event == *name)).collect();
        let by = plan.by;
        let mut lacks_it: Vec<bool> =
            rows.heads().iter().map(|head| is_counted[usize::from(head.event)]).collect();
        // Versions of the catalog may have a column each.
        let columns = rows.schema().columns().iter().zip(rows.columns());
        for (shape, column) in columns.filter(|(shape, _)| shape.name == by) {
            for (at, row) in column.rows().iter().enumerate() {
                let row = *row as usize;
                let head = rows.heads()[row];
                let event = usize::from(head.event);
                if is_counted[event] {
                    lacks_it[row] = false;
                    for value in values(shape, column.cells(), at) {
                        self.count(place, (names[event], value), head, rows.day());
                    }
                }
            }
        }
        for (head, _) in rows.heads().iter().zip(&lacks_it).filter(|(_, lacks_it)| **lacks_it) {
            self.count(place, (names[usize::from(head.event)], ABSENT), *head, rows.day());
        }
    }

    fn count(&mut self, table: usize, (event, value): (&str, &str), head: RowHead, day: Day) {
        let table = &mut self.tables[table];
        if let Some(cell) = table.cells.get_mut(event).and_then(|cells| cells.get_mut(value)) {
            cell.add(head, day);
        } else if self.cells < limits::PUBLIC_CELLS {
            self.cells += 1;
            let cells = table.cells.entry(event.to_owned()).or_default();
            cells.entry(value.to_owned()).or_default().add(head, day);
        } else {
            *table.without_cell.entry(event.to_owned()).or_default() += u64::from(head.weight);
        }
    }

    /// What may be seen of the week. `active` is the number of its devices, if
    /// they are counted.
    pub(super) fn published(self, active: Option<u64>) -> PublicWeek {
        let Self { monday, ids, tables, .. } = self;
        // The names come first: what has none that is shown is left out of
        // every other table.
        let names = tables.iter().find(|table| table.plan.by == BY_EVENT);
        let Some((shown, all)) = names.and_then(|names| names.of_many(ids)) else {
            return PublicWeek::unseen(monday);
        };
        let is_shown = |event: &str| shown.iter().any(|(name, _)| name == event);
        let enough = match ids {
            IdsOfADevice::One => active,
            IdsOfADevice::Two => active.filter(|active| suppress::may_be_seen(active / 2)),
        };
        let devices = enough.filter(|active| suppress::may_be_seen(*active));
        let mut seen = PublicWeek {
            monday,
            devices: devices.map(suppress::rounded),
            events: Some(suppress::rounded(all)),
            tables: Vec::new(),
        };
        for table in tables {
            let TablePlan { event, by, values: names, .. } = &table.plan;
            let (event, by) = (*event, *by);
            let SeenTable { values, has_others } = match (by, event) {
                (BY_EVENT, _) => SeenTable {
                    has_others: names.iter().any(|name| !is_shown(name)),
                    values: shown.clone(),
                },
                (_, Some(event)) if !is_shown(event) => continue,
                _ => table.seen(ids, is_shown),
            };
            if !values.is_empty() && seen.tables.len() < limits::PUBLIC_TABLES {
                let (event, by) = (event.map(str::to_owned), by.to_owned());
                seen.tables.push(PublicTable { event, by, values, has_others });
            }
        }
        seen
    }
}

/// Names of events with their events, rounded down, and the exact sum.
type Named = (Vec<(String, u64)>, u64);

impl TableTally {
    /// The cells that are of enough devices, and nothing of the others; the
    /// highest first. `None` if there are none.
    fn of_many(&self, ids: IdsOfADevice) -> Option<Named> {
        let cells = self.cells.values().flatten();
        let mut many: Vec<(&String, u64)> = cells
            .filter(|(_, cell)| suppress::may_be_seen(cell.devices.fewest(ids)))
            .map(|(name, cell)| (name, cell.events))
            .collect();
        many.sort_by_key(|(_, events)| std::cmp::Reverse(*events));
        many.truncate(limits::PUBLIC_VALUES);
        let all = many.iter().map(|(_, events)| events).sum();
        let named = |(name, events): (&String, u64)| (name.clone(), suppress::rounded(events));
        (!many.is_empty()).then(|| (many.into_iter().map(named).collect(), all))
    }

    /// What may be seen of the events that are shown.
    fn seen(self, ids: IdsOfADevice, is_shown: impl Fn(&str) -> bool) -> SeenTable {
        let mut cells: BTreeMap<String, CellTally> = BTreeMap::new();
        for (_, of_event) in self.cells.into_iter().filter(|(event, _)| is_shown(event)) {
            for (value, cell) in of_event {
                let sum = cells.entry(value).or_default();
                sum.events += cell.events;
                sum.devices.unite(&cell.devices);
            }
        }
        if self.plan.vocabulary == Vocabulary::Closed {
            let absent = self.plan.may_be_absent.then_some(ABSENT);
            for value in self.plan.values.iter().copied().chain(absent) {
                cells.entry(value.to_owned()).or_default();
            }
        }
        let cells = cells.into_iter().map(|(value, cell)| CountedCell {
            value,
            events: cell.events,
            devices: cell.devices.fewest(ids),
        });
        let without = self.without_cell.iter().filter(|(event, _)| is_shown(event));
        let rest = without.map(|(event, events)| CountedCell {
            value: event.clone(),
            events: *events,
            devices: 0,
        });
        suppress::seen(cells.chain(rest).collect(), self.plan.vocabulary)
    }
}

/// The values of one cell of a column: several for a list, none of what is not
/// a word.
fn values<'a>(shape: &'a ColumnShape, cells: &'a Cells, at: usize) -> Vec<&'a str> {
    let word = |code: &u16| shape.words.get(usize::from(*code)).map(String::as_str);
    match cells {
        Cells::Flags(all) => vec![if all[at] { "true" } else { "false" }],
        Cells::Words(codes) => word(&codes[at]).into_iter().collect(),
        Cells::WordLists(ends, codes) => {
            let from = if at == 0 { 0 } else { ends[at - 1] as usize };
            let codes = codes.get(from..ends[at] as usize).unwrap_or_default();
            // An empty list is a value of its own.
            if codes.is_empty() { vec![ABSENT] } else { codes.iter().filter_map(word).collect() }
        }
        Cells::Text(texts, codes) => texts.get(codes[at]).into_iter().collect(),
        Cells::Numbers(_)
        | Cells::Decimals(_)
        | Cells::TextLists(..)
        | Cells::Pseudonyms(_)
        | Cells::Seconds(_) => Vec::new(),
    }
}
