//! Blocks encoded and decoded, and damaged ones.

use std::sync::Arc;

use headcount_catalog::{Age, Day, EventId, Period};

use super::head::{HEAD_BYTES, seal};
use super::{Damage, decode, decode_schema, encode, encode_schema, keys};
use crate::contract::SeededRandom;
use crate::{
    CellRef, ColumnKind, ColumnRole, ColumnShape, DayRows, EventShape, FailureShape, Pseudonym,
    RollupKind, RowDevice, RowHead, RowMarks, RowSchema,
};

const DAY: Day = Day::from_number(20_777);
/// Two columns of each kind, with words of every number of bits.
fn schema() -> Arc<RowSchema> {
    let event = |name: &str| EventShape { name: name.to_owned(), across: vec![], failure: None };
    let mut failing = event("update");
    failing.across = vec![(0, 3)];
    failing.failure = Some(FailureShape { column: 0, values: vec!["true".to_owned()] });
    let column = |nth: usize, kind| ColumnShape {
        words: (0..[3, 300][nth]).map(|word| format!("größer-{word}")).collect(),
        rollup: RollupKind::Values,
        role: [ColumnRole::Version, ColumnRole::Account][nth],
        ..ColumnShape::plain("name", kind)
    };
    let columns = (0..2).flat_map(|nth| ColumnKind::ALL.map(|kind| column(nth, kind))).collect();
    let events = vec![event("run"), failing, event("")];
    Arc::new(RowSchema::new("atomic".to_owned(), events, columns))
}

fn number(random: &mut SeededRandom) -> i64 {
    let number = random.next().cast_signed();
    number >> random.below(64)
}

fn id(random: &mut SeededRandom, same_time: usize) -> EventId {
    let bits = u128::from(random.next()) << 64 | u128::from(random.next());
    match same_time {
        0 => EventId::from_bits(bits),
        _ => EventId::new(DAY, bits.to_be_bytes()),
    }
}

fn head(random: &mut SeededRandom) -> RowHead {
    let device = Pseudonym::from_bytes([random.below(30) as u8; 16]);
    RowHead {
        event: random.below(3) as u16,
        weight: [1, 1, 1 + random.below(1_000) as u16][random.below(3)],
        marks: match random.below(3) {
            0 => RowMarks::new([random.pick(&Period::ALL).0], Some(random.pick(&Age::ALL))),
            _ => RowMarks::default(),
        },
        device: match random.below(4) {
            0 => RowDevice::None,
            1 => RowDevice::Ephemeral(device),
            _ => RowDevice::Counted(device),
        },
    }
}

/// Pushes a row with a cell in about one column of `rarity`.
fn push(rows: &mut DayRows, random: &mut SeededRandom, same_time: usize, rarity: usize) {
    let schema = Arc::clone(rows.schema());
    let present = |_: &usize| random.below(rarity) == 0;
    let places: Vec<usize> = (0..schema.columns().len()).filter(present).collect();
    let codes: Vec<Vec<u16>> = places
        .iter()
        .map(|place| {
            let words = schema.columns()[*place].words.len();
            (0..random.below(4)).map(|_| random.below(words) as u16).collect()
        })
        .collect();
    let texts: Vec<String> = (0..3).map(|_| format!("model-{}", random.below(40))).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut cells = Vec::new();
    for (place, codes) in places.iter().zip(&codes) {
        let column = &schema.columns()[*place];
        let cell = match column.kind {
            ColumnKind::Flag => CellRef::Flag(random.below(2) == 1),
            ColumnKind::Number => CellRef::Number(number(random)),
            ColumnKind::Decimal => CellRef::Decimal(number(random) as f64 / 8.0),
            ColumnKind::Word => CellRef::Word(random.below(column.words.len()) as u16),
            ColumnKind::Words => CellRef::Words(codes),
            ColumnKind::Text => CellRef::Text(texts[0]),
            ColumnKind::Texts => CellRef::Texts(&texts[..random.below(4)]),
            ColumnKind::Pseudonym => {
                CellRef::Pseudonym(Pseudonym::from_bytes([random.below(20) as u8; 16]))
            }
            ColumnKind::Seconds => CellRef::Seconds(number(random)),
        };
        cells.push((*place, cell));
    }
    let head = head(random);
    rows.push(id(random, same_time), head, cells);
}

fn some_rows(random: &mut SeededRandom, most: usize) -> DayRows {
    let mut rows = DayRows::new(schema(), DAY);
    let (same_time, rarity) = (random.below(2), 1 + random.below(60));
    for _ in 0..random.below(most) {
        push(&mut rows, random, same_time, rarity);
    }
    rows
}

/// Everything that a row has, by name.
fn told(rows: &DayRows) -> Vec<String> {
    let rows = rows.named().zip(rows.contents());
    rows.map(|(row, content)| {
        let cells: Vec<_> = row.cells().map(|cell| format!("{cell:?}")).collect();
        let device = row.head().device.pseudonym().map(Pseudonym::bytes);
        format!("{} {} {:?} {device:?} {content} {cells:?}", row.id(), row.event(), row.head())
    })
    .collect()
}

#[test]
fn every_cell_comes_back() {
    let mut random = SeededRandom::new(1);
    for most in (1..400).chain([3_000]) {
        let given = some_rows(&mut random, most);
        let body = encode(&given);
        let read = decode(given.schema(), DAY, &body).expect("a block as it was written");
        assert_eq!(told(&read), told(&given));
        assert_eq!(encode(&read), body, "and makes the same block again");
    }
}

#[test]
fn a_start_reads_the_same_ids_and_hashes() {
    let mut random = SeededRandom::new(2);
    for _ in 0..100 {
        let given = some_rows(&mut random, 80);
        let body = encode(&given);
        let keys = keys(&body).expect("a block as it was written");
        assert_eq!(keys.len(), given.len());
        assert_eq!(keys.ids(), given.ids());
        assert_eq!(keys.contents(), given.contents());
    }
}

#[test]
fn any_changed_byte_is_found() {
    let mut random = SeededRandom::new(3);
    let given = some_rows(&mut random, 40);
    let body = encode(&given);
    for place in 0..body.len() {
        let mut damaged = body.clone();
        damaged[place] ^= 1 << (place % 8);
        assert!(decode(given.schema(), DAY, &damaged).is_err(), "byte {place}");
        assert!(keys(&damaged).is_err(), "byte {place}");
    }
    for length in 0..body.len() {
        assert!(decode(given.schema(), DAY, &body[..length]).is_err(), "cut to {length}");
    }
}

/// Changes a few bytes, and makes the checksum right again.
fn damage(body: &[u8], random: &mut SeededRandom) -> Vec<u8> {
    let mut damaged = body.to_vec();
    for _ in 0..=random.below(3) {
        if damaged.len() == HEAD_BYTES {
            break;
        }
        let place = HEAD_BYTES + random.below(damaged.len() - HEAD_BYTES);
        match random.below(4) {
            0 => damaged[place] = random.next() as u8,
            1 => damaged[place] = 0xff,
            2 => drop(damaged.remove(place)),
            _ => damaged.insert(place, 0xff),
        }
    }
    seal(&mut damaged);
    damaged
}

/// The checksum is right here and the bytes are not: they are not trusted
/// either.
#[test]
fn random_bytes_are_damage_or_rows_and_never_a_panic() {
    let mut random = SeededRandom::new(4);
    let mut refused = 0;
    for _ in 0..300 {
        let given = some_rows(&mut random, 12);
        let body = encode(&given);
        for _ in 0..60 {
            let damaged = damage(&body, &mut random);
            drop(keys(&damaged).map(|keys| (keys.ids(), keys.contents())));
            match decode(given.schema(), DAY, &damaged) {
                // Ten bytes of an id and four of a hash.
                Ok(read) => {
                    assert!(read.len() * 14 <= damaged.len());
                    assert_eq!(told(&read).len(), read.len());
                    drop(encode(&read));
                }
                Err(_) => refused += 1,
            }
        }
    }
    assert!(refused > 5_000, "most of them must be damage, {refused} were");
}

#[test]
fn a_schema_comes_back_and_a_damaged_one_does_not_panic() {
    let given = schema();
    let body = encode_schema(&given);
    assert_eq!(decode_schema(&body).as_ref(), Ok(&*given));
    for place in 0..body.len() {
        let mut damaged = body.clone();
        damaged[place] ^= 1 << (place % 8);
        assert!(decode_schema(&damaged).is_err(), "byte {place}");
        assert!(decode_schema(&body[..place]).is_err(), "cut to {place}");
    }
    let mut random = SeededRandom::new(5);
    for _ in 0..5_000 {
        let read = decode_schema(&damage(&body, &mut random));
        drop(read.map(|schema| encode_schema(&schema)));
    }
}

/// A code that the schema beside it does not have.
#[test]
fn a_block_of_another_schema_is_damage() {
    let given = some_rows(&mut SeededRandom::new(6), 40);
    let other = Arc::new(RowSchema::new("atomic".to_owned(), Vec::new(), Vec::new()));
    let damage = decode(&other, DAY, &encode(&given)).unwrap_err();
    assert_eq!(damage, Damage::UnknownCode);
}

#[test]
fn a_claim_of_many_rows_allocates_nothing() {
    let mut body = encode(&DayRows::new(schema(), DAY));
    body.truncate(HEAD_BYTES);
    body.extend_from_slice(&[0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0]);
    seal(&mut body);
    assert_eq!(decode(&schema(), DAY, &body).unwrap_err(), Damage::CutShort);
    assert!(matches!(keys(&body), Err(Damage::CutShort)));
}

#[test]
fn a_block_of_another_format_says_so() {
    let mut body = encode(&DayRows::new(schema(), DAY));
    body[3] = 4;
    let damage = decode(&schema(), DAY, &body).unwrap_err();
    assert_eq!(damage.to_string(), "unknown block format 4");
    body[0] = b'h';
    assert_eq!(decode(&schema(), DAY, &body).unwrap_err(), Damage::NotABlock);
}

/// Operators have files of this format: a change needs a new format number.
#[test]
fn the_bytes_of_a_small_block() {
    let event = |name: &str| EventShape { name: name.to_owned(), across: vec![], failure: None };
    let mut word = ColumnShape::plain("w", ColumnKind::Word);
    word.words = vec!["x".to_owned(), "y".to_owned()];
    let columns = vec![
        ColumnShape::plain("n", ColumnKind::Number),
        ColumnShape::plain("unused", ColumnKind::Text),
        ColumnShape::plain("t", ColumnKind::Text),
        word,
    ];
    let events = vec![event("d"), event("e")];
    let schema = Arc::new(RowSchema::new("atomic".to_owned(), events, columns));
    let mut rows = DayRows::new(schema, DAY);
    let first = EventId::from_bits(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
    let second = EventId::from_bits(0x0123_4567_89ab_cdef_0123_4567_89ab_0000);
    let device = RowDevice::Counted(Pseudonym::from_bytes([9; 16]));
    let marks = RowMarks::new([Period::Day], Age::read("0"));
    let head = RowHead { event: 1, weight: 1, marks, device };
    rows.push(first, head, [(0, CellRef::Number(-1)), (3, CellRef::Word(1))]);
    let head = RowHead { event: 1, weight: 3, marks, device: RowDevice::None };
    rows.push(second, head, [(0, CellRef::Number(299)), (2, CellRef::Text("z"))]);
    let body = encode(&rows);
    let mut expected = vec![2, 0, 0, 0];
    expected.extend_from_slice(&[1, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab]);
    expected.extend_from_slice(&[0xcd, 0xef, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef]);
    expected.extend_from_slice(&[0xcd, 0xef, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0, 0]);
    for content in rows.contents() {
        expected.extend_from_slice(&content.to_le_bytes());
    }
    // Events, weights, marks, and whether there is a device.
    expected.extend_from_slice(&[0, 2, 2, 2, 0b1000, 0, marks.byte() * 2, 1, 0, 0b01]);
    expected.extend_from_slice(&[0; 1]);
    expected.extend_from_slice(&[9; 16]);
    // Three columns: n, t and w.
    expected.extend_from_slice(&[3, 0, 0, 16, 1, 0, 0, 44, 1]);
    expected.extend_from_slice(&[2, 1, 0b10, 1, 1, b'z', 0, 0]);
    expected.extend_from_slice(&[1, 1, 0b01, 0, 2]);
    assert_eq!(body[..4], *b"HCB\x03");
    assert_eq!(body[HEAD_BYTES..], expected);
}
