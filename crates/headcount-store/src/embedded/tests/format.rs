//! Files of older formats. `fixtures/format_2.db` was written by the last
//! version that had format 2, and the texts beside it are what that version
//! read from it and answered.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use headcount_catalog::{Age, Day, EventId, Period};
use headcount_testkit::Home;

use super::{EmbeddedStore, StoredEvents, outside, refusal};
use crate::VersionScope::All;
use crate::{
    AnswerRows, CellRef, ColumnKind, ColumnRole, Commit, DayRows, NamedCell, Question, RowDevice,
    RowHead, RowMarks, RowStatus, Store,
};

const FORMAT_2: &[u8] = include_bytes!("fixtures/format_2.db");
const RAW: &str = include_str!("fixtures/raw.txt");
const ANSWERS: &str = include_str!("fixtures/answers.txt");

/// What format 2 has and format 1 had not. The blocks are the same.
const BACK_TO_FORMAT_1: &str =
    "CREATE TABLE rollup_active (product TEXT NOT NULL, day INTEGER NOT NULL,
         devices INTEGER NOT NULL, PRIMARY KEY (product, day)) STRICT, WITHOUT ROWID;
     INSERT INTO rollup_active SELECT product, start, devices FROM rollup_devices
         WHERE period = 'day';
     DROP TABLE rollup_devices; DROP TABLE rollup_marks; PRAGMA user_version = 1;";

fn home_of_format_2() -> Home {
    let home = Home::new();
    fs::write(home.path().join("headcount.db"), FORMAT_2).unwrap();
    home
}

/// The raw events as the older version told them, but day by day.
fn raw_by_day() -> String {
    let mut lines: Vec<&str> = RAW.lines().collect();
    lines.sort_by_key(|line| line.splitn(3, ' ').take(2).collect::<Vec<_>>());
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// All raw events.
fn raw(folder: &Path) -> String {
    let events = StoredEvents::open(folder).unwrap();
    let mut all = String::new();
    for product in ["archon", "atomic"] {
        events
            .each_rows(product, Day::from_number(0), FOREVER, |rows| tell(rows, &mut all))
            .unwrap();
    }
    all
}

const FOREVER: Day = Day::from_number(40_000);

fn tell(rows: &DayRows, all: &mut String) {
    for row in rows.named() {
        let mut cells: Vec<_> = row
            .cells()
            .map(|(name, cell)| match cell {
                NamedCell::Flag(flag) => format!("{name} flag {flag}"),
                NamedCell::Number(number) => format!("{name} number {number}"),
                NamedCell::Decimal(decimal) => format!("{name} decimal {decimal}"),
                NamedCell::Text(text) => format!("{name} text {text}"),
                NamedCell::Texts(texts) => format!("{name} texts {}", texts.join(" ")),
                NamedCell::Pseudonym(pseudonym) => {
                    format!("{name} pseudonym {}", pseudonym.bytes()[0])
                }
                NamedCell::Seconds(seconds) => format!("{name} seconds {seconds}"),
            })
            .collect();
        cells.sort();
        let device = row.head().device.pseudonym().map_or(0, |device| device.bytes()[0]);
        let (product, day, id, event) = (row.product(), row.day(), row.id(), row.event());
        *all += &format!("{product} {day} {id} {event} {device} {}\n", cells.join("; "));
    }
}

/// The rows of an answer, as `ANSWERS` has them.
fn told(name: &str, answer: AnswerRows) -> Vec<String> {
    fn lines<T>(rows: Vec<T>, line: impl Fn(T) -> String) -> Vec<String> {
        rows.into_iter().map(line).collect()
    }
    match answer {
        AnswerRows::Events(rows) => lines(rows, |row| {
            format!("events {name} {} {} {}", row.day.number(), row.event, row.count)
        }),
        AnswerRows::Active(rows) => {
            lines(rows, |row| format!("active {name} {} {}", row.start.number(), row.devices))
        }
        AnswerRows::Marks(rows) => lines(rows, |row| {
            let age = row.age.map_or("-", Age::name);
            format!("marks {name} {} {age} {}", row.start.number(), row.devices)
        }),
        AnswerRows::ByProperty(rows) => {
            lines(rows, |row| format!("by {name} {} {} {}", row.day.number(), row.value, row.count))
        }
        AnswerRows::Outcomes(rows) => lines(rows, |row| {
            let reason = if row.reason.is_empty() { "-" } else { &row.reason };
            format!("outcome {} {} {reason} {}", row.product, row.outcome, row.count)
        }),
        AnswerRows::Products(rows) => lines(rows, |row| {
            let (first, last) = (row.first.number(), row.last.number());
            format!("product {} {first} {last} {}", row.product, row.events)
        }),
        other => panic!("not asked for: {other:?}"),
    }
}

/// Every line of `ANSWERS` with this first word, as the store answers now.
fn answers(store: &EmbeddedStore, word: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let (from, to) = (Day::from_number(0), FOREVER);
    let mut ask = |name: &str, question| {
        let answer = store.ask(&question).unwrap();
        lines.extend(told(name, answer));
    };
    for product in ["archon", "atomic"] {
        let name = || product.to_owned();
        ask(product, Question::Events { product: name(), from, to, versions: All });
        for (period, named) in Period::ALL {
            let of = format!("{product} {named}");
            ask(&of, Question::Active { product: name(), period, from, to, versions: All });
            ask(&of, Question::Marks { product: name(), period, from, to });
        }
        for event in ["run", "update"] {
            for property in ["command", "success", "features"] {
                let of = format!("{product} {event} {property}");
                let (event, property) = (event.to_owned(), property.to_owned());
                let product = name();
                ask(
                    &of,
                    Question::ByProperty { product, event, property, from, to, versions: All },
                );
            }
        }
    }
    ask("", Question::Outcomes);
    ask("", Question::Products);
    lines.retain(|line| line.split(' ').next() == Some(word));
    lines
}

fn expected(word: &str) -> Vec<&'static str> {
    ANSWERS.lines().filter(|line| line.split(' ').next() == Some(word)).collect()
}

#[test]
fn a_file_of_format_2_is_migrated() {
    let home = home_of_format_2();
    for start in 0..2 {
        let store = EmbeddedStore::open(home.path()).unwrap();
        for word in ["events", "active", "marks", "by", "outcome", "product"] {
            assert_eq!(answers(&store, word), expected(word), "start {start}");
        }
        drop(store);
        assert_eq!(raw(home.path()), raw_by_day(), "start {start}");
    }
    let version: i64 =
        outside(home.path()).query_row("PRAGMA user_version", (), |row| row.get(0)).unwrap();
    let tables =
        "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'old%' OR name LIKE '%active%'";
    let old: i64 = outside(home.path()).query_row(tables, (), |row| row.get(0)).unwrap();
    let schemas = "SELECT count(*) FROM schema";
    let schemas: i64 = outside(home.path()).query_row(schemas, (), |row| row.get(0)).unwrap();
    assert_eq!((version, old, schemas), (3, 0, 2), "one schema a product");
}

#[test]
fn a_file_of_format_1_is_migrated() {
    let home = home_of_format_2();
    outside(home.path()).execute_batch(BACK_TO_FORMAT_1).unwrap();
    let store = EmbeddedStore::open(home.path()).unwrap();
    for word in ["events", "by", "outcome", "product"] {
        assert_eq!(answers(&store, word), expected(word));
    }
    // Format 1 counted no marks.
    assert!(answers(&store, "marks").is_empty());
    drop(store);
    assert_eq!(raw(home.path()), raw_by_day());
}

/// An older block has no hash of its events' contents: whatever comes again is
/// a duplicate, also if a newer catalog reads more of it.
#[test]
fn an_event_of_an_older_format_that_comes_again_is_a_duplicate() {
    let home = home_of_format_2();
    let store = EmbeddedStore::open(home.path()).unwrap();
    let mut days: BTreeMap<i32, DayRows> = BTreeMap::new();
    let schema = super::schema();
    for line in RAW.lines().filter(|line| line.starts_with("atomic")) {
        let mut words = line.split(' ').skip(1);
        let day = Day::parse(words.next().unwrap()).unwrap();
        let id = EventId::parse(words.next().unwrap()).unwrap();
        let marks = RowMarks::new([Period::Day], None);
        let head = RowHead { event: 0, weight: 2, marks, device: RowDevice::None };
        let rows = days.entry(day.number()).or_insert_with(|| DayRows::new(schema.clone(), day));
        rows.push(id, head, [(1, CellRef::Number(1))]);
    }
    let commit = Commit { rows: days.into_values().collect(), ..Commit::default() };
    let statuses = store.append(&commit).unwrap().concat();
    assert_eq!(statuses, vec![RowStatus::Duplicate; statuses.len()]);
    assert!(statuses.len() > 90);
}

#[test]
fn the_columns_of_an_older_file_are_those_of_its_cells() {
    let home = home_of_format_2();
    drop(EmbeddedStore::open(home.path()).unwrap());
    let events = StoredEvents::open(home.path()).unwrap();
    let mut found = BTreeMap::new();
    let each = |rows: &DayRows| {
        let columns = rows.schema().columns().iter();
        found = columns.map(|column| (column.name.clone(), (column.kind, column.role))).collect();
    };
    events.each_rows("atomic", Day::from_number(0), FOREVER, each).unwrap();
    assert_eq!(found.len(), 9);
    assert_eq!(found["version"], (ColumnKind::Text, ColumnRole::Version));
    assert_eq!(found["features"], (ColumnKind::Words, ColumnRole::Plain));
}

/// Nothing is migrated by halves.
#[test]
fn a_damaged_file_of_an_older_format_stays_as_it_is() {
    let home = home_of_format_2();
    let flip =
        "UPDATE block SET body = CAST(substr(body, 1, 80) || x'ff' || substr(body, 82) AS BLOB)
                WHERE number = 7";
    outside(home.path()).execute_batch(flip).unwrap();
    for _ in 0..2 {
        let error = refusal(home.path());
        assert!(error.is_damaged(), "{error}");
        assert!(error.to_string().contains("block 7"), "{error}");
        let count = |sql: &str| -> i64 {
            outside(home.path()).query_row(sql, (), |row| row.get(0)).unwrap()
        };
        assert_eq!(count("PRAGMA user_version"), 2);
        assert!(count("SELECT count(*) FROM rollup_property") > 0);
    }
    let error = StoredEvents::open(home.path()).err().unwrap().to_string();
    assert!(error.contains("has format 2") && error.contains("start one"), "{error}");
}
