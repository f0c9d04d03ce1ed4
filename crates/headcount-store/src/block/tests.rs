//! Blocks encoded and decoded, and damaged ones.

use std::borrow::Cow;

use headcount_catalog::{Age, Day, EventId, Period};

use super::head::{HEAD_BYTES, seal};
use super::{Columns, Damage, decode, encode, keys};
use crate::contract::SeededRandom;
use crate::{Cell, Column, Counted, DeviceMarks, EventRow, Pseudonym};

const DAY: Day = Day::from_number(20_777);
const WORDS: [&str; 5] = ["init", "update", "", "uninstall", "größer"];
const NAMES: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];

fn block(rows: &[EventRow<'_>]) -> Vec<u8> {
    let mut columns = Columns::new();
    rows.iter().for_each(|row| columns.push(row));
    encode(&columns)
}

fn number(random: &mut SeededRandom) -> i64 {
    let number = random.next().cast_signed();
    number >> random.below(64)
}

fn cell(random: &mut SeededRandom) -> Cell<'static> {
    let text = |random: &mut SeededRandom| Cow::Owned(format!("model-{}", random.below(40)));
    let word = |random: &mut SeededRandom| WORDS[random.below(5)];
    match random.below(9) {
        0 => Cell::Flag(random.below(2) == 1),
        1 => Cell::Number(number(random)),
        2 => Cell::Decimal(number(random) as f64 / 8.0),
        3 => Cell::Word(word(random)),
        4 => Cell::Words((0..random.below(4)).map(|_| word(random)).collect()),
        5 => Cell::Text(text(random)),
        6 => Cell::Texts((0..random.below(4)).map(|_| text(random)).collect()),
        7 => Cell::Pseudonym(Pseudonym::from_bytes([random.below(20) as u8; 16])),
        _ => Cell::Seconds(number(random)),
    }
}

fn some_rows(random: &mut SeededRandom, most: usize) -> Vec<EventRow<'static>> {
    let one = |random: &mut SeededRandom| {
        let names = NAMES.iter().filter(|_| random.below(3) > 0).collect::<Vec<_>>();
        let columns = names.into_iter().map(|name| Column {
            name,
            cell: cell(random),
            counted: if random.below(2) == 0 { Counted::ByValue } else { Counted::No },
        });
        let columns = columns.collect();
        EventRow {
            product: "atomic",
            day: DAY,
            id: EventId::from_bits(u128::from(random.next()) << 64 | u128::from(random.next())),
            event: WORDS[random.below(5)],
            device: (random.below(4) > 0)
                .then(|| Pseudonym::from_bytes([random.below(30) as u8; 16])),
            marks: DeviceMarks::default(),
            columns,
        }
    };
    (0..random.below(most)).map(|_| one(random)).collect()
}

/// Sorts the columns of each event: decoding does not keep their order.
fn sorted(mut rows: Vec<EventRow<'_>>) -> Vec<EventRow<'_>> {
    for row in &mut rows {
        row.columns.sort_by_key(|column| column.name);
    }
    rows
}

#[test]
fn every_cell_comes_back() {
    let mut random = SeededRandom::new(1);
    for _ in 0..400 {
        let given = some_rows(&mut random, 80);
        let body = block(&given);
        let read = decode("atomic", DAY, &body).expect("a block as it was written");
        assert_eq!(sorted(read), sorted(given));
    }
}

#[test]
fn a_start_reads_the_same_ids_and_devices() {
    let mut random = SeededRandom::new(2);
    for _ in 0..100 {
        let given = some_rows(&mut random, 80);
        let body = block(&given);
        let keys = keys(&body).expect("a block as it was written");
        assert!(keys.ids().eq(given.iter().map(|row| row.id)));
        let mut devices: Vec<_> = given.iter().filter_map(|row| row.device).collect();
        devices.sort();
        devices.dedup();
        let mut read: Vec<_> = keys.devices().collect();
        read.sort();
        assert_eq!(read, devices, "each once");
    }
}

#[test]
fn any_changed_byte_is_found() {
    let given = some_rows(&mut SeededRandom::new(3), 40);
    let body = block(&given);
    for place in 0..body.len() {
        let mut damaged = body.clone();
        damaged[place] ^= 1 << (place % 8);
        assert!(decode("atomic", DAY, &damaged).is_err(), "byte {place}");
        assert!(keys(&damaged).is_err(), "byte {place}");
    }
    for length in 0..body.len() {
        assert!(decode("atomic", DAY, &body[..length]).is_err(), "cut to {length}");
    }
}

/// The checksum is right here and the bytes are not: they are not trusted
/// either.
#[test]
fn random_bytes_are_damage_or_events_and_never_a_panic() {
    let mut random = SeededRandom::new(4);
    let mut refused = 0;
    for _ in 0..300 {
        let body = block(&some_rows(&mut random, 12));
        for _ in 0..60 {
            let mut damaged = body.clone();
            for _ in 0..=random.below(3) {
                let place = HEAD_BYTES + random.below(damaged.len() - HEAD_BYTES);
                match random.below(4) {
                    0 => damaged[place] = random.next() as u8,
                    1 => damaged[place] = 0xff,
                    2 => drop(damaged.remove(place)),
                    _ => damaged.insert(place, 0xff),
                }
                if damaged.len() == HEAD_BYTES {
                    break;
                }
            }
            seal(&mut damaged);
            drop(keys(&damaged));
            match decode("atomic", DAY, &damaged) {
                // An id is 16 bytes, so the rows cannot exceed the body.
                Ok(read) => assert!(read.len() * 16 <= damaged.len()),
                Err(_) => refused += 1,
            }
        }
    }
    assert!(refused > 5_000, "most of them must be damage, {refused} were");
}

#[test]
fn a_claim_of_many_rows_allocates_nothing() {
    let mut body = block(&[]);
    body.truncate(HEAD_BYTES);
    body.extend_from_slice(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
    seal(&mut body);
    assert_eq!(decode("atomic", DAY, &body), Err(Damage::CountTooLarge));
}

#[test]
fn a_block_of_another_format_says_so() {
    let mut body = block(&[]);
    body[3] = 2;
    let damage = decode("atomic", DAY, &body).unwrap_err();
    assert_eq!(damage.to_string(), "unknown block format 2");
    body[0] = b'h';
    assert_eq!(decode("atomic", DAY, &body), Err(Damage::NotABlock));
}

#[test]
fn a_name_that_comes_twice_is_kept_once() {
    let column = |number| Column { name: "n", cell: Cell::Number(number), counted: Counted::No };
    let with = |id, columns| EventRow {
        product: "atomic",
        day: DAY,
        id: EventId::from_bits(id),
        event: "e",
        device: None,
        marks: DeviceMarks::default(),
        columns,
    };
    let given = [with(1, vec![column(1), column(2)]), with(2, vec![column(3)])];
    let body = block(&given);
    let read = decode("atomic", DAY, &body).expect("a block");
    assert_eq!(read, [with(1, vec![column(1)]), with(2, vec![column(3)])]);
}

/// Operators have files of this format: a change needs a new format number.
#[test]
fn the_bytes_of_a_small_block() {
    let given = [EventRow {
        product: "atomic",
        day: DAY,
        id: EventId::from_bits(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef),
        event: "e",
        device: Some(Pseudonym::from_bytes([9; 16])),
        // Marks are counted when they are committed. A block does not have
        // them.
        marks: DeviceMarks { periods: vec![Period::Day], age: Age::read("0") },
        columns: vec![
            Column { name: "n", cell: Cell::Number(-1), counted: Counted::No },
            Column { name: "w", cell: Cell::Word("x"), counted: Counted::ByValue },
        ],
    }];
    let body = block(&given);
    let mut expected = vec![1];
    expected.extend_from_slice(&0x0123_4567_89ab_cdef_0123_4567_89ab_cdef_u128.to_be_bytes());
    expected.push(1);
    expected.extend_from_slice(&[9; 16]);
    expected.extend_from_slice(&[1, 1, 1, b'e', 0, 2]);
    expected.extend_from_slice(&[1, b'n', 1, 2, 0, 1]);
    expected.extend_from_slice(&[1, b'w', 0x83, 5, 0, 1, 1, b'x', 0]);
    assert_eq!(body[..4], *b"HCB\x01");
    assert_eq!(body[HEAD_BYTES..], expected);
}
