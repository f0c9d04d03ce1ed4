//! SQL over raw events: it sees what an export sees, and can do nothing else.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use headcount_catalog::{Age, Day, EventId, Grain, Period, Time};
use headcount_testkit::Home;

use super::naive_store::policy;
use super::{DAY, EmbeddedStore, StoredEvents, of};
use crate::contract::SeededRandom;
use crate::{
    Analysis, AnalysisColumn, AnalysisError, AnalysisLimits, AnalysisRows, AnalysisSource,
    AnalysisTable, AnalysisValue, CellRef, ColumnKind, ColumnShape, DayRows, EventShape, NamedCell,
    NamedRow, Pseudonym, RowDevice, RowHead, RowMarks, RowSchema, Store,
};

pub(super) const SECONDS: AnalysisLimits = AnalysisLimits { time: Duration::from_secs(60) };

const KINDS: [(&str, ColumnKind); 10] = [
    ("flag", ColumnKind::Flag),
    ("number", ColumnKind::Number),
    ("decimal", ColumnKind::Decimal),
    ("word", ColumnKind::Word),
    ("words", ColumnKind::Words),
    ("text", ColumnKind::Text),
    ("texts", ColumnKind::Texts),
    ("session", ColumnKind::Pseudonym),
    ("at", ColumnKind::Seconds),
    // Another version of the catalog has another kind under the same name.
    ("number", ColumnKind::Text),
];

/// Two schemas with the same columns in two orders.
fn schema(version: usize) -> Arc<RowSchema> {
    let event =
        |name: &str| EventShape { name: name.to_owned(), across: Vec::new(), failure: None };
    let mut columns: Vec<ColumnShape> = KINDS
        .iter()
        .map(|(name, kind)| ColumnShape {
            words: ["init", "a \"b\"", "ü"].map(str::to_owned).to_vec(),
            ..ColumnShape::plain(name, *kind)
        })
        .collect();
    let mut events = vec![event("run"), event("end"), event("crash")];
    if version == 1 {
        columns.reverse();
        events.reverse();
        events.pop();
    }
    Arc::new(RowSchema::new("größer".to_owned(), events, columns))
}

fn random_rows(random: &mut SeededRandom, day: Day) -> DayRows {
    let schema = schema(random.below(2));
    let mut rows = DayRows::new(Arc::clone(&schema), day);
    for _ in 0..random.below(30) {
        let id = EventId::new(day, (random.below(1 << 48) as u128).to_be_bytes());
        let pseudonym = Pseudonym::from_bytes([random.below(5) as u8; 16]);
        let head = RowHead {
            event: random.below(schema.events().len()) as u16,
            weight: 1 + random.below(3) as u16,
            marks: match random.below(3) {
                0 => RowMarks::new([Period::Day, Period::Month], Age::read("2-3")),
                _ => RowMarks::default(),
            },
            device: match random.below(3) {
                0 => RowDevice::None,
                1 => RowDevice::Counted(pseudonym),
                _ => RowDevice::Ephemeral(pseudonym),
            },
        };
        let number = random.below(9) as i64 - 4;
        let mut cells = Vec::new();
        for (place, column) in schema.columns().iter().enumerate() {
            if random.below(3) == 0 {
                continue;
            }
            // An event has one value under one name.
            let is_second = column.name == "number" && column.kind == ColumnKind::Text;
            if column.name == "number" && is_second != (number > 2) {
                continue;
            }
            cells.push((
                place,
                match column.kind {
                    ColumnKind::Flag => CellRef::Flag(number > 0),
                    ColumnKind::Number => CellRef::Number(number),
                    ColumnKind::Decimal => CellRef::Decimal(number as f64 / 4.0),
                    ColumnKind::Word => CellRef::Word(random.below(3) as u16),
                    ColumnKind::Words => CellRef::Words(&[2, 1]),
                    ColumnKind::Text => CellRef::Text("1.2.3 \\ \u{7}"),
                    ColumnKind::Texts => CellRef::Texts(&["s", "\"t\""]),
                    ColumnKind::Pseudonym => CellRef::Pseudonym(pseudonym),
                    ColumnKind::Seconds => CellRef::Seconds(1_795_176_000 + number),
                },
            ));
        }
        rows.push(id, head, cells);
    }
    rows
}

/// A store with sealed days, and days that are sealed in part.
pub(super) fn filled(home: &Home) -> EmbeddedStore {
    let mut store = EmbeddedStore::open(home.path()).unwrap();
    store.seal_after(8);
    let mut random = SeededRandom::new(11);
    for commit in 0..60 {
        let days = (0..3).map(|_| DAY.plus(random.below(6) as i32)).collect::<Vec<_>>();
        let rows = days.into_iter().map(|day| random_rows(&mut random, day)).collect();
        store.append(&of(rows)).unwrap();
        if commit % 20 == 10 {
            store.keep_house(&policy(DAY.plus(5))).unwrap();
        }
    }
    store
}

pub(super) fn table() -> AnalysisTable {
    let named = |name: &str, source| AnalysisColumn { name: name.to_owned(), source };
    let mut columns = vec![
        named("day", AnalysisSource::Day),
        named("id", AnalysisSource::Id),
        named("event", AnalysisSource::Event),
        named("device", AnalysisSource::Device),
        named("ephemeral", AnalysisSource::Ephemeral),
        named("weight", AnalysisSource::Weight),
        named("marks", AnalysisSource::Marks),
        named("age", AnalysisSource::Age),
    ];
    for (name, kind) in &KINDS[..9] {
        let kinds = if *name == "number" { vec![*kind, ColumnKind::Text] } else { vec![*kind] };
        columns.push(named(name, AnalysisSource::Cells((*name).to_owned(), kinds)));
    }
    AnalysisTable { product: "größer".to_owned(), columns }
}

/// Rows as text.
#[derive(Default)]
pub(super) struct Told(pub(super) Vec<String>);

impl AnalysisRows for Told {
    fn columns(&mut self, _: &[&str]) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn row(&mut self, values: &[AnalysisValue<'_>]) -> ControlFlow<()> {
        let told: Vec<String> = values
            .iter()
            .map(|value| match value {
                AnalysisValue::Null => "NULL".to_owned(),
                AnalysisValue::Integer(number) => number.to_string(),
                AnalysisValue::Real(number) => format!("{number:?}"),
                AnalysisValue::Text(text) => (*text).to_owned(),
                AnalysisValue::Blob(bytes) => format!("{bytes:?}"),
            })
            .collect();
        self.0.push(told.join("|"));
        ControlFlow::Continue(())
    }
}

pub(super) fn ask(home: &Home, sql: &str) -> Result<Vec<String>, AnalysisError> {
    let mut rows = Told::default();
    Analysis::open(home.path()).unwrap().query(&[table()], sql, &SECONDS, &mut rows)?;
    Ok(rows.0)
}

/// A row as [`Told`] has it, from the reader that an export uses.
fn told(row: NamedRow<'_>) -> String {
    let hex = |pseudonym: Pseudonym| -> String {
        pseudonym.bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let head = row.head();
    let marks: Vec<_> =
        head.marks.periods().map(|period| format!("\"{}\"", period.name())).collect();
    let or_null = |text: Option<String>| text.unwrap_or_else(|| "NULL".to_owned());
    let mut cells = vec![
        row.day().to_string(),
        row.id().to_string(),
        row.event().to_owned(),
        or_null(head.device.pseudonym().map(hex)),
        u8::from(matches!(head.device, RowDevice::Ephemeral(_))).to_string(),
        head.weight.to_string(),
        or_null((!marks.is_empty()).then(|| format!("[{}]", marks.join(",")))),
        or_null(head.marks.age().map(|age| age.name().to_owned())),
    ];
    let quoted = |text: &&str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    for (name, _) in &KINDS[..9] {
        let own = row.cells().find(|(column, _)| column == name);
        cells.push(or_null(own.map(|(_, cell)| match cell {
            NamedCell::Flag(flag) => u8::from(flag).to_string(),
            NamedCell::Number(number) => number.to_string(),
            NamedCell::Decimal(decimal) => format!("{decimal:?}"),
            NamedCell::Text(text) => text.to_owned(),
            NamedCell::Texts(texts) => {
                format!("[{}]", texts.iter().map(quoted).collect::<Vec<_>>().join(","))
            }
            NamedCell::Pseudonym(pseudonym) => hex(pseudonym),
            NamedCell::Seconds(seconds) => Time::from_seconds(seconds).format(Grain::Second),
        })));
    }
    cells.join("|")
}

#[test]
fn a_table_has_what_an_export_has() {
    let home = Home::new();
    let store = filled(&home);
    let mut rows = Vec::new();
    let ever = (Day::from_number(i32::MIN), Day::from_number(i32::MAX));
    let events = StoredEvents::open(home.path()).unwrap();
    events.each_rows("größer", ever.0, ever.1, |part| rows.extend(part.named().map(told))).unwrap();
    assert!(rows.len() > 1_000, "{}", rows.len());
    assert_eq!(ask(&home, "SELECT * FROM größer").unwrap(), rows);
    drop(store);
    assert!(ask(&home, "SELECT * FROM \"GRÖßER\"").is_err(), "only ASCII has two cases");

    // Whatever days and events are asked for, exactly those come.
    let (mut from, mut to) = (DAY.plus(1).to_string(), DAY.plus(3).to_string());
    for _ in 0..2 {
        for (condition, wanted) in [
            (
                format!("day = '{from}'"),
                Box::new(|day: &str, _: &str| day == from) as Box<dyn Fn(&str, &str) -> bool>,
            ),
            (
                format!("day BETWEEN '{from}' AND '{to}'"),
                Box::new(|day, _| (from.as_str()..=to.as_str()).contains(&day)),
            ),
            (
                format!("day > '{from}' AND '{to}' > day"),
                Box::new(|day, _| day > from.as_str() && day < to.as_str()),
            ),
            (
                format!("day IN ('{from}', '{to}', 'x')"),
                Box::new(|day, _| day == from || day == to),
            ),
            (format!("day >= '{}'", &to[..9]), Box::new(|day, _| day >= &to[..9])),
            ("event = 'run'".to_owned(), Box::new(|_, event| event == "run")),
            (
                format!("event = 'crash' AND day <= '{to}'"),
                Box::new(|day, event| event == "crash" && day <= to.as_str()),
            ),
            ("event = 'RUN' COLLATE NOCASE".to_owned(), Box::new(|_, event| event == "run")),
            ("event = 'nothing'".to_owned(), Box::new(|_, _| false)),
            ("day = NULL OR event = 5 OR day = x'41'".to_owned(), Box::new(|_, _| false)),
            (
                format!("day = '{from}' OR event = 'end'"),
                Box::new(|day, event| day == from || event == "end"),
            ),
        ] {
            let expected = rows.iter().filter(|row| {
                let mut words = row.split('|');
                let (day, event) = (words.next().unwrap(), words.nth(1).unwrap());
                wanted(day, event)
            });
            let mut expected: Vec<_> = expected.cloned().collect();
            let mut asked = ask(&home, &format!("SELECT * FROM größer WHERE {condition}")).unwrap();
            expected.sort();
            asked.sort();
            assert_eq!(asked, expected, "{condition}");
        }
        (from, to) = (DAY.plus(5).to_string(), "2999-12-31".to_owned());
    }
}

#[test]
fn a_query_computes_joins_and_counts() {
    let home = Home::new();
    drop(filled(&home));
    for (sql, wanted) in [
        (
            "SELECT count(*) = count(DISTINCT id), count(DISTINCT rowid) = count(*) FROM größer",
            "1|1",
        ),
        (
            "SELECT (SELECT sum(weight) FROM größer) = sum(n) FROM \
             (SELECT day, sum(weight) AS n FROM größer GROUP BY day)",
            "1",
        ),
        (
            "SELECT count(*) = (SELECT count(*) FROM größer WHERE words IS NOT NULL) * 2 \
             FROM größer, json_each(größer.words)",
            "1",
        ),
        (
            "WITH a AS MATERIALIZED (SELECT DISTINCT device FROM größer WHERE event = 'run'), \
             b AS MATERIALIZED (SELECT DISTINCT device FROM größer) \
             SELECT count(*) > 0 FROM a JOIN b USING (device)",
            "1",
        ),
        (
            "SELECT typeof(flag), typeof(\"number\"), typeof(decimal) FROM größer WHERE flag AND decimal AND number < 2 LIMIT 1",
            "integer|integer|real",
        ),
        ("SELECT max(day) = date(max(at)) OR 1 FROM größer", "1"),
    ] {
        assert_eq!(ask(&home, sql).unwrap(), [wanted], "{sql}");
    }
}

#[test]
fn a_query_sees_one_moment() {
    let home = Home::new();
    let store = filled(&home);
    let analysis = Analysis::open(home.path()).unwrap();
    let count = || {
        let mut rows = Told::default();
        analysis.query(&[table()], "SELECT count(*) FROM größer", &SECONDS, &mut rows).unwrap();
        rows.0
    };
    let before = count();
    let mut random = SeededRandom::new(77);
    let more = (0..5).map(|_| random_rows(&mut random, DAY)).collect();
    store.append(&of(more)).unwrap();
    assert_eq!(count(), before);
    drop(analysis);
    assert_ne!(ask(&home, "SELECT count(*) FROM größer").unwrap(), before);
}
