//! Somebody who has every page, and solves the equations in them: tests of the
//! rule in `mod.rs` with made-up weeks.

use std::collections::BTreeMap;
use std::sync::Arc;

use headcount_catalog::{Day, EventId};
use headcount_store::{
    CellRef, ColumnKind, ColumnRole, ColumnShape, DayRows, EventShape, Pseudonym, RollupKind,
    RowDevice, RowHead, RowMarks, RowSchema,
};

use super::devices_of_events::IdsOfADevice;
use super::suppress::{CountedCell, Vocabulary, may_be_seen, seen};
use super::table_plan::TablePlan;
use super::week::{BY_EVENT, PublicTable, PublicWeek};
use super::week_tally::{ABSENT, WeekTally};
use crate::limits;

/// Numbers that look random and are the same in every run (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    /// Small numbers more often than large ones.
    fn skewed(&mut self, end: u64) -> u64 {
        let most = self.below(end) + 1;
        self.below(most)
    }
}

const EVENTS: [&str; 4] = ["init", "run", "stop", "rare"];
const WORDS: [&str; 4] = ["a", "b", "c", "d"];
const VERSIONS: [&str; 5] = ["1.0.0", "1.1.0", "1.2.0", "2.0.0", "2.1.0"];
const FLAGS: [&str; 2] = ["true", "false"];

/// What one event says: its name, and then by each column.
type Row = (u64, usize, BTreeMap<&'static str, &'static str>);

/// The property of each event, the version of all, and the platform of all.
const COLUMNS: [&str; 6] = ["p-init", "p-run", "p-stop", "p-rare", "version", "platform"];

fn plans() -> Vec<TablePlan> {
    let plan = |event, by, vocabulary, values: &[&'static str], may_be_absent| TablePlan {
        event,
        by,
        vocabulary,
        values: values.to_vec(),
        may_be_absent,
    };
    let mut plans = vec![
        plan(None, BY_EVENT, Vocabulary::Closed, &EVENTS, false),
        plan(None, "version", Vocabulary::Open, &[], false),
        plan(None, "platform", Vocabulary::Closed, &FLAGS, false),
    ];
    for (event, by) in EVENTS.iter().zip(COLUMNS) {
        plans.push(plan(Some(event), by, Vocabulary::Closed, &WORDS, *event == "run"));
    }
    plans
}

/// A week of a few devices, of which some do a lot.
fn week(chance: &mut Chance) -> Vec<Row> {
    let devices = chance.below(260);
    let (words, versions) = (1 + chance.below(4), 1 + chance.below(5));
    let mut rows = Vec::new();
    for device in 0..devices {
        let platform = if chance.below(9) == 0 { "false" } else { "true" };
        let version = VERSIONS[chance.skewed(versions) as usize];
        let events = if chance.below(30) == 0 { 400 } else { 1 + chance.skewed(9) };
        for _ in 0..events {
            let event = chance.skewed(4) as usize;
            let mut cells = BTreeMap::from([("version", version), ("platform", platform)]);
            if EVENTS[event] != "run" || chance.below(8) > 0 {
                cells.insert(COLUMNS[event], WORDS[chance.skewed(words) as usize]);
            }
            rows.push((device, event, cells));
        }
    }
    rows
}

fn schema() -> Arc<RowSchema> {
    let events = EVENTS.map(|name| EventShape { name: name.into(), across: vec![], failure: None });
    let columns = COLUMNS.map(|name| {
        let (kind, words): (_, &[&str]) = match name {
            "version" => (ColumnKind::Text, &[]),
            "platform" => (ColumnKind::Flag, &[]),
            _ => (ColumnKind::Word, &WORDS),
        };
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        let role = ColumnRole::Plain;
        ColumnShape { name: name.into(), kind, words, rollup: RollupKind::None, role }
    });
    Arc::new(RowSchema::new("tool".into(), events.to_vec(), columns.to_vec()))
}

fn published(week: &[Row], monday: Day) -> PublicWeek {
    let mut rows = DayRows::new(schema(), monday);
    for (number, (device, event, cells)) in week.iter().enumerate() {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&device.to_be_bytes());
        let device = RowDevice::Counted(Pseudonym::from_bytes(id));
        let event = u16::try_from(*event).unwrap();
        let head = RowHead { event, weight: 1, marks: RowMarks::default(), device };
        let cells = cells.iter().map(|(column, value)| {
            let place = COLUMNS.iter().position(|known| known == column).unwrap();
            let cell = match *column {
                "version" => CellRef::Text(value),
                "platform" => CellRef::Flag(*value == "true"),
                _ => {
                    let code = WORDS.iter().position(|word| word == value).unwrap();
                    CellRef::Word(u16::try_from(code).unwrap())
                }
            };
            (place, cell)
        });
        rows.push(EventId::new(monday, (number as u128).to_be_bytes()), head, cells);
    }
    let mut tally = WeekTally::new(plans(), monday, IdsOfADevice::One);
    tally.add(&rows);
    let mut devices: Vec<u64> = week.iter().map(|(device, ..)| *device).collect();
    devices.dedup();
    tally.published(Some(devices.len() as u64))
}

/// Events, and of how many devices they are in truth.
fn truth<'r>(rows: impl Iterator<Item = &'r Row>) -> (u64, u64) {
    let mut devices: Vec<u64> = rows.map(|(device, ..)| *device).collect();
    let events = devices.len() as u64;
    devices.sort_unstable();
    devices.dedup();
    (events, devices.len() as u64)
}

fn is_of(row: &Row, table: &PublicTable) -> bool {
    table.event.as_ref().is_none_or(|event| EVENTS[row.1] == event)
}

fn value<'r>(row: &'r Row, table: &PublicTable) -> &'r str {
    match table.by.as_str() {
        BY_EVENT => EVENTS[row.1],
        by => row.2.get(by).copied().unwrap_or(ABSENT),
    }
}

/// Whether a number is what it says, of enough devices.
fn assert_shown(shown: u64, (events, devices): (u64, u64), what: &str) {
    assert!(may_be_seen(devices), "{what} is of {devices} devices");
    assert_eq!(shown, events - events % 10, "{what}");
}

/// What is known of a number: the least and the most that it can be.
type Interval = (i128, i128);

fn known(shown: u64) -> Interval {
    (i128::from(shown), i128::from(shown) + i128::from(limits::PUBLIC_ROUNDING) - 1)
}

/// All that the equation of one table says of one value that is not shown, if
/// there are so many of these.
fn solved(total: Interval, shown: &[Interval], not_shown: usize) -> Interval {
    let least: i128 = shown.iter().map(|interval| interval.0).sum();
    let most: i128 = shown.iter().map(|interval| interval.1).sum();
    let all_others = (total.1 - least).max(0);
    // The others can be all of it, if there is another one.
    let of_others = if not_shown > 1 { all_others } else { 0 };
    ((total.0 - most - of_others).max(0), all_others)
}

/// Checks the names, of which each stands for itself. Returns them.
fn attack_names<'w>(week: &'w PublicWeek, rows: &[Row]) -> Vec<&'w str> {
    let Some(all) = week.events else {
        for name in EVENTS {
            let own = truth(rows.iter().filter(|row| EVENTS[row.1] == name));
            assert!(!may_be_seen(own.1), "{name}");
        }
        assert!(week.tables.is_empty() && week.devices.is_none());
        return Vec::new();
    };
    let names = &week.table(None, BY_EVENT).expect("names").values;
    for (name, events) in names {
        let own = rows.iter().filter(|row| EVENTS[row.1] == name);
        assert_shown(*events, truth(own), name);
    }
    let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    // The sum has nothing in it but what is shown.
    let shown = rows.iter().filter(|row| names.contains(&EVENTS[row.1]));
    assert_shown(all, truth(shown), "all events");
    names
}

/// Checks all that one table says. Returns whether it withholds something.
fn attack_table(week: &PublicWeek, table: &PublicTable, rows: &[&Row]) -> bool {
    let total = match &table.event {
        None => week.events.expect("a total that is shown"),
        Some(event) => {
            let names = &week.table(None, BY_EVENT).unwrap().values;
            names.iter().find(|(name, _)| name == event).expect("a total that is shown").1
        }
    };
    let is_shown = |row: &Row| table.values.iter().any(|(name, _)| name == value(row, table));
    let own = || rows.iter().copied().filter(|row| is_of(row, table));
    for (name, events) in &table.values {
        let of_value = own().filter(|row| value(row, table) == name);
        assert_shown(*events, truth(of_value), &format!("{table:?} {name}"));
    }
    let plan = plans()
        .into_iter()
        .find(|plan| plan.event == table.event.as_deref() && plan.by == table.by);
    let TablePlan { vocabulary, mut values, may_be_absent, .. } = plan.unwrap();
    values.extend(may_be_absent.then_some(ABSENT));
    values.retain(|value| table.values.iter().all(|(name, _)| name != value));
    let not_shown = match vocabulary {
        Vocabulary::Open => usize::MAX,
        Vocabulary::Closed => values.len(),
    };
    assert_eq!(table.has_others, not_shown > 0, "{table:?}");
    let others = truth(own().filter(|row| !is_shown(row)));
    if !table.has_others {
        assert_eq!(others.0, 0, "{table:?}");
        return false;
    }
    assert!(not_shown >= 2, "one value alone is the difference: {table:?}");
    assert!(may_be_seen(others.1), "the others are of {} devices: {table:?}", others.1);
    let intervals: Vec<_> = table.values.iter().map(|(_, events)| known(*events)).collect();
    let (least, most) = solved(known(total), &intervals, not_shown);
    assert!(least == 0, "a value that is withheld is at least {least}: {table:?}");
    assert!(most >= i128::from(limits::PUBLIC_DEVICES), "at most {most}: {table:?}");
    true
}

fn attack(week: &PublicWeek, rows: &[Row]) -> (usize, usize) {
    if let Some(devices) = week.devices {
        let all = truth(rows.iter()).1;
        assert_shown(devices, (all, all), "devices");
    }
    let names = attack_names(week, rows);
    let rows: Vec<&Row> = rows.iter().filter(|row| names.contains(&EVENTS[row.1])).collect();
    let (mut shown, mut withheld) = (0, 0);
    for table in week.tables.iter().filter(|table| table.by != BY_EVENT) {
        shown += table.values.len();
        withheld += usize::from(attack_table(week, table, &rows));
    }
    (shown, withheld)
}

#[test]
fn the_equations_of_random_weeks_tell_nothing_of_few_devices() {
    let monday = Day::parse("2026-11-09").unwrap();
    let (mut shown, mut withheld) = (0, 0);
    for seed in 0..90 {
        let mut chance = Chance(seed);
        // Two weeks that follow each other, of other events.
        for week_after in 0..2 {
            let rows = week(&mut chance);
            let page = published(&rows, monday.plus(7 * week_after));
            let (of_it, not_of_it) = attack(&page, &rows);
            shown += of_it;
            withheld += not_of_it;
        }
    }
    assert!(shown > 300 && withheld > 100, "{shown} shown, {withheld} withheld");
}

/// One table whose exact total is known, without any rounding: every table of
/// three values that could be behind what is shown.
#[test]
fn behind_a_small_table_every_small_number_is_possible() {
    let sizes = [(0, 0), (1, 1), (19, 19), (30, 4), (20, 20), (21, 20), (64, 50)];
    let mut tables = 0;
    for (one, other, third) in triples(&sizes) {
        let all = [("a", one), ("b", other), ("c", third)];
        let cell = |(value, (events, devices)): (&str, (u64, u64))| CountedCell {
            value: value.to_owned(),
            events,
            devices,
        };
        let table = seen(all.map(cell).to_vec(), Vocabulary::Closed);
        let exact = |name: &str| all.iter().find(|(value, _)| *value == name).unwrap().1.0;
        let shown: u64 = table.values.iter().map(|(name, _)| exact(name)).sum();
        let total: u64 = all.iter().map(|(_, (events, _))| events).sum();
        if !table.has_others || total < limits::PUBLIC_DEVICES {
            continue;
        }
        let hidden = all.len() - table.values.len();
        // Everything else is as it is: the first hidden value may be any of it.
        let possible = (0..=total - shown).filter(|own| hidden > 1 || *own == total - shown);
        let possible: Vec<u64> = possible.collect();
        let is_of_many = all.iter().any(|(_, (_, devices))| may_be_seen(*devices));
        if is_of_many {
            tables += 1;
            assert!((0..=19).all(|small| possible.contains(&small)), "{all:?}: {possible:?}");
        }
    }
    assert!(tables > 100, "{tables}");
}

fn triples<T: Copy>(of: &[T]) -> impl Iterator<Item = (T, T, T)> {
    let two = of.iter().flat_map(move |one| of.iter().map(move |other| (*one, *other)));
    two.flat_map(move |(one, other)| of.iter().map(move |third| (one, other, *third)))
}

/// The attacker is not blind: without the covering of `suppress`, it finds the
/// value.
#[test]
fn an_attacker_finds_what_is_withheld_alone() {
    let shown = [(100, 100), (60, 60)];
    assert_eq!(solved((167, 167), &shown, 1), (7, 7));
    assert_eq!(solved((167, 167), &shown, 2), (0, 7));
    assert_eq!(solved((167, 167), &shown[..1], 2), (0, 67));
}
