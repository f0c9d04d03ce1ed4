//! Tests of raw events as lines of JSON.

use std::sync::Arc;

use headcount_catalog::{Age, Day, EventId, Period};
use headcount_store::{
    CellRef, ColumnKind, ColumnShape, EventShape, Pseudonym, RowMarks, RowSchema,
};

use super::*;

fn column(name: &str, kind: ColumnKind, words: &[&str]) -> ColumnShape {
    let words = words.iter().map(|&word| word.to_owned()).collect();
    ColumnShape { words, ..ColumnShape::plain(name, kind) }
}

fn event(name: &str) -> EventShape {
    EventShape { name: name.to_owned(), across: Vec::new(), failure: None }
}

fn head(event: u16) -> RowHead {
    RowHead { event, weight: 1, marks: RowMarks::default(), device: RowDevice::None }
}

fn day() -> Day {
    Day::parse("2026-11-20").unwrap()
}

fn id(byte: u8) -> EventId {
    EventId::from_bits(u128::from_be_bytes([byte; 16]))
}

fn lines(rows: &DayRows, versions: Vec<Catalog>) -> Vec<serde_json::Value> {
    let mut out = Vec::new();
    RowNames::new(versions).write(rows, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.is_empty() || text.ends_with("}\n"), "{text}");
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

#[test]
fn every_kind_of_cell_is_written() {
    let columns = vec![
        column("flag", ColumnKind::Flag, &[]),
        column("number", ColumnKind::Number, &[]),
        column("decimal", ColumnKind::Decimal, &[]),
        column("word", ColumnKind::Word, &["a", "b\"c"]),
        column("words", ColumnKind::Words, &["x", "y"]),
        column("text", ColumnKind::Text, &[]),
        column("texts", ColumnKind::Texts, &[]),
        column("session.id", ColumnKind::Pseudonym, &[]),
        column("at", ColumnKind::Seconds, &[]),
    ];
    let schema = RowSchema::new("p".to_owned(), vec![event("run"), event("end")], columns);
    let mut rows = DayRows::new(Arc::new(schema), day());
    rows.push(id(1), head(1), [(1, CellRef::Number(-3))]);
    let full = RowHead {
        event: 0,
        weight: 20,
        marks: RowMarks::new([Period::Week, Period::Day], Age::read("2-3")),
        device: RowDevice::Ephemeral(Pseudonym::from_bytes([0xab; 16])),
    };
    let cells = [
        (0, CellRef::Flag(true)),
        (1, CellRef::Number(i64::MAX)),
        (2, CellRef::Decimal(0.5)),
        (3, CellRef::Word(1)),
        (4, CellRef::Words(&[1, 0])),
        (5, CellRef::Text("1.2.3 \\ \u{7} \"ü\"")),
        (6, CellRef::Texts(&["s", "t"])),
        (7, CellRef::Pseudonym(Pseudonym::from_bytes([1; 16]))),
        (8, CellRef::Seconds(1_795_176_000)),
    ];
    rows.push(id(2), full, cells);
    rows.push(id(3), head(0), [(2, CellRef::Decimal(f64::INFINITY)), (4, CellRef::Words(&[]))]);
    let written = lines(&rows, Vec::new());
    let expected = serde_json::json!([
        {"day": "2026-11-20", "id": id(1).to_string(), "event": "end", "number": -3},
        {
            "day": "2026-11-20", "id": id(2).to_string(), "event": "run",
            "device": "ab".repeat(16), "ephemeral": true, "weight": 20,
            "marks": ["day", "week"], "age": "2-3",
            "flag": true, "number": i64::MAX, "decimal": 0.5, "word": "b\"c", "words": ["y", "x"],
            "text": "1.2.3 \\ \u{7} \"ü\"", "texts": ["s", "t"], "session.id": "01".repeat(16),
            "at": "2026-11-20T12:00:00Z",
        },
        {"day": "2026-11-20", "id": id(3).to_string(), "event": "run", "decimal": null, "words": []},
    ]);
    assert_eq!(serde_json::Value::from(written), expected);
}

#[test]
fn the_catalog_names_id_event_and_device_and_no_key_comes_twice() {
    let text = include_str!("../../tests/collector/smallest.toml");
    let catalog = headcount_catalog::parse(text).unwrap();
    let named = |source| catalog.envelope.iter().find(|entry| entry.source == source).unwrap().key;
    let name = catalog.events[0].name;
    let columns =
        vec![column("day", ColumnKind::Number, &[]), column("weight", ColumnKind::Flag, &[])];
    let schema = RowSchema::new("smallest".to_owned(), vec![event(name), event("gone")], columns);
    let mut rows = DayRows::new(Arc::new(schema), day());
    let weighed = RowHead { weight: 5, ..head(0) };
    rows.push(id(1), weighed, [(0, CellRef::Number(7)), (1, CellRef::Flag(false))]);
    rows.push(id(2), head(1), []);
    let written = lines(&rows, vec![catalog]);
    assert_eq!(
        written[0],
        serde_json::json!({
            "headcount.day": "2026-11-20", named(Source::EventId): id(1).to_string(),
            named(Source::Event): name, "headcount.weight": 5, "day": 7, "weight": false,
        })
    );
    assert_eq!(
        written[1],
        serde_json::json!({"headcount.day": "2026-11-20", "id": id(2).to_string(), "event": "gone"})
    );
    assert!(lines(&DayRows::new(Arc::clone(rows.schema()), day()), Vec::new()).is_empty());
}
