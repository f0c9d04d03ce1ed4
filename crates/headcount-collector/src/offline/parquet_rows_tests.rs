//! Tests of raw events as Parquet, read back.

use std::sync::Arc;

use headcount_catalog::{Age, Day, EventId, Period};
use headcount_store::{
    CellRef, ColumnKind, ColumnShape, EventShape, Pseudonym, RowDevice, RowHead, RowMarks,
    RowSchema,
};
use headcount_testkit::Home;
use parquet::basic::Type as Physical;
use parquet::file::reader::{FileReader as _, SerializedFileReader};

use super::*;

const KINDS: [(&str, ColumnKind); 10] = [
    ("flag", ColumnKind::Flag),
    ("took_ms", ColumnKind::Number),
    ("cost", ColumnKind::Decimal),
    ("word", ColumnKind::Word),
    ("words", ColumnKind::Words),
    ("model", ColumnKind::Text),
    ("frames", ColumnKind::Texts),
    ("session", ColumnKind::Pseudonym),
    ("at", ColumnKind::Seconds),
    // Versions disagree: the column is text.
    ("word", ColumnKind::Number),
];

fn table() -> EventTable {
    let stored = KINDS.map(|(name, kind)| (name.to_owned(), kind));
    EventTable::new("p".to_owned(), &[], &stored)
}

fn rows(number: u8) -> DayRows {
    let columns = KINDS.map(|(name, kind)| ColumnShape {
        words: vec!["a".to_owned(), "ü\"".to_owned()],
        ..ColumnShape::plain(name, kind)
    });
    let event = EventShape { name: "run".to_owned(), across: Vec::new(), failure: None };
    let schema = RowSchema::new("p".to_owned(), vec![event], columns.to_vec());
    let mut rows = DayRows::new(Arc::new(schema), Day::parse("2026-11-20").unwrap());
    let id = |byte| EventId::from_bits(u128::from_be_bytes([byte; 16]));
    let bare = RowHead { event: 0, weight: 1, marks: RowMarks::default(), device: RowDevice::None };
    rows.push(id(number), bare, [(9, CellRef::Number(-7)), (4, CellRef::Words(&[]))]);
    let full = RowHead {
        weight: 20,
        marks: RowMarks::new([Period::Day, Period::Week], Age::read("2-3")),
        device: RowDevice::Ephemeral(Pseudonym::from_bytes([0xab; 16])),
        ..bare
    };
    let cells = [
        (0, CellRef::Flag(true)),
        (1, CellRef::Number(i64::MAX)),
        (2, CellRef::Decimal(0.5)),
        (3, CellRef::Word(1)),
        (4, CellRef::Words(&[1, 0])),
        (5, CellRef::Text("1.2.3")),
        (6, CellRef::Texts(&["s", "t"])),
        (7, CellRef::Pseudonym(Pseudonym::from_bytes([1; 16]))),
        (8, CellRef::Seconds(1_795_176_000)),
    ];
    rows.push(id(number + 1), full, cells);
    rows
}

#[test]
fn every_type_is_read_back() {
    let home = Home::new();
    let path = home.path().join("a.parquet");
    let mut file = ParquetRows::begin(File::create(&path).unwrap(), table()).unwrap();
    for number in 0..3 {
        file.add(&rows(number * 2)).unwrap();
    }
    file.finish().unwrap();
    let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
    let metadata = reader.metadata().file_metadata();
    assert_eq!((metadata.num_rows(), reader.num_row_groups()), (6, 1));
    let about = metadata.key_value_metadata().unwrap();
    assert!(about.iter().any(|own| own.key == "headcount.about.took_ms"), "{about:?}");
    let told: Vec<String> =
        reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
    let bare = "device: null, flag: null, took_ms: null, cost: null, word: \"-7\", words: [], \
                model: null, frames: null, session: null, at: null, weight: 1, marks: null, \
                age: null, ephemeral: false}";
    assert!(told[0].ends_with(bare), "{}", told[0]);
    for part in [
        "{day: 2026-11-20",
        "id: \"01010101-0101-0101-0101-010101010101\", event: \"run\"",
        &format!("device: \"{}\"", "ab".repeat(16)),
        "flag: true, took_ms: 9223372036854775807, cost: 0.5, word: \"ü\"\"",
        "words: [\"ü\"\", \"a\"], model: \"1.2.3\", frames: [\"s\", \"t\"]",
        "at: 2026-11-20 12:00:00",
        "weight: 20, marks: [\"day\", \"week\"], age: \"2-3\", ephemeral: true}",
    ] {
        assert!(told[1].contains(part), "{part} in {}", told[1]);
    }
    let types: Vec<_> =
        metadata.schema_descr().columns().iter().map(|own| own.physical_type()).collect();
    assert_eq!(
        (types[0], types[4], types[5]),
        (Physical::INT32, Physical::BOOLEAN, Physical::INT64)
    );
}

#[test]
fn rows_are_written_in_groups_and_none_are_a_whole_file() {
    let home = Home::new();
    let path = home.path().join("a.parquet");
    let mut file = ParquetRows::begin(File::create(&path).unwrap(), table()).unwrap();
    let part = rows(1);
    let mut many = part.clone();
    let everything = DayRows::clone(&part);
    while many.len() < limits::EXPORT_GROUP_ROWS / 2 {
        let own = DayRows::clone(&many);
        many.append(&own);
    }
    for _ in 0..5 {
        file.add(&many).unwrap();
    }
    file.add(&everything).unwrap();
    file.finish().unwrap();
    let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
    let groups: Vec<i64> = (0..reader.num_row_groups())
        .map(|place| reader.metadata().row_group(place).num_rows())
        .collect();
    let most = limits::EXPORT_GROUP_ROWS as i64;
    assert_eq!(groups, [most, most, most / 2 + 2]);

    ParquetRows::begin(File::create(&path).unwrap(), table()).unwrap().finish().unwrap();
    let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
    assert_eq!(reader.metadata().file_metadata().num_rows(), 0);
}
