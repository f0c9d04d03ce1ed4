//! Blocks there and back, and what becomes of damaged ones.

use std::borrow::Cow;

use headcount_catalog::{Day, EventId};

use super::encode::{BEFORE, sign};
use super::{Columns, decode, encode, keys};
use crate::contract::Chance;
use crate::{Arrival, Cell, Column, Counted, Pseudonym};

const DAY: Day = Day::from_number(20_777);
const WORDS: [&str; 5] = ["init", "update", "", "uninstall", "größer"];
const NAMES: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];

fn block(arrivals: &[Arrival<'_>]) -> Vec<u8> {
    let mut columns = Columns::new();
    arrivals.iter().for_each(|arrival| columns.push(arrival));
    encode(&columns)
}

fn number(chance: &mut Chance) -> i64 {
    let number = chance.next().cast_signed();
    number >> chance.below(64)
}

fn cell(chance: &mut Chance) -> Cell<'static> {
    let text = |chance: &mut Chance| Cow::Owned(format!("model-{}", chance.below(40)));
    let word = |chance: &mut Chance| WORDS[chance.below(5)];
    match chance.below(9) {
        0 => Cell::Flag(chance.below(2) == 1),
        1 => Cell::Number(number(chance)),
        2 => Cell::Decimal(number(chance) as f64 / 8.0),
        3 => Cell::Word(word(chance)),
        4 => Cell::Words((0..chance.below(4)).map(|_| word(chance)).collect()),
        5 => Cell::Text(text(chance)),
        6 => Cell::Texts((0..chance.below(4)).map(|_| text(chance)).collect()),
        7 => Cell::Pseudonym(Pseudonym::from_bytes([chance.below(20) as u8; 16])),
        _ => Cell::Seconds(number(chance)),
    }
}

fn arrivals(chance: &mut Chance, most: usize) -> Vec<Arrival<'static>> {
    let one = |chance: &mut Chance| {
        let names = NAMES.iter().filter(|_| chance.below(3) > 0).collect::<Vec<_>>();
        let columns = names.into_iter().map(|name| Column {
            name,
            cell: cell(chance),
            counted: if chance.below(2) == 0 { Counted::ByValue } else { Counted::No },
        });
        let columns = columns.collect();
        Arrival {
            product: "atomic",
            day: DAY,
            id: EventId::from_bits(u128::from(chance.next()) << 64 | u128::from(chance.next())),
            event: WORDS[chance.below(5)],
            device: (chance.below(4) > 0)
                .then(|| Pseudonym::from_bytes([chance.below(30) as u8; 16])),
            columns,
        }
    };
    (0..chance.below(most)).map(|_| one(chance)).collect()
}

/// Columns of an event in an order of their own: the block has another one.
fn sorted(mut arrivals: Vec<Arrival<'_>>) -> Vec<Arrival<'_>> {
    for arrival in &mut arrivals {
        arrival.columns.sort_by_key(|column| column.name);
    }
    arrivals
}

#[test]
fn every_cell_comes_back() {
    let mut chance = Chance::new(1);
    for _ in 0..400 {
        let given = arrivals(&mut chance, 80);
        let body = block(&given);
        let read = decode("atomic", DAY, &body).expect("a block as it was written");
        assert_eq!(sorted(read), sorted(given));
    }
}

#[test]
fn a_start_reads_the_same_ids_and_devices() {
    let mut chance = Chance::new(2);
    for _ in 0..100 {
        let given = arrivals(&mut chance, 80);
        let body = block(&given);
        let keys = keys(&body).expect("a block as it was written");
        assert!(keys.ids().eq(given.iter().map(|arrival| arrival.id)));
        let mut devices: Vec<_> = given.iter().filter_map(|arrival| arrival.device).collect();
        devices.sort();
        devices.dedup();
        let mut read: Vec<_> = keys.devices().collect();
        read.sort();
        assert_eq!(read, devices, "each once");
    }
}

#[test]
fn any_changed_byte_is_found() {
    let given = arrivals(&mut Chance::new(3), 40);
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

/// Below the checksum nothing may be believed either: here it is right and the bytes are not.
#[test]
fn bytes_that_nobody_wrote_are_refused_or_read_but_never_panic() {
    let mut chance = Chance::new(4);
    let mut refused = 0;
    for _ in 0..300 {
        let body = block(&arrivals(&mut chance, 12));
        for _ in 0..60 {
            let mut damaged = body.clone();
            for _ in 0..=chance.below(3) {
                let place = BEFORE + chance.below(damaged.len() - BEFORE);
                match chance.below(4) {
                    0 => damaged[place] = chance.next() as u8,
                    1 => damaged[place] = 0xff,
                    2 => drop(damaged.remove(place)),
                    _ => damaged.insert(place, 0xff),
                }
                if damaged.len() == BEFORE {
                    break;
                }
            }
            sign(&mut damaged);
            drop(keys(&damaged));
            match decode("atomic", DAY, &damaged) {
                // An id is 16 bytes, so that no claim of rows can exceed the body.
                Ok(read) => assert!(read.len() * 16 <= damaged.len()),
                Err(_) => refused += 1,
            }
        }
    }
    assert!(refused > 5_000, "most of them must be refused, {refused} were");
}

#[test]
fn a_claim_of_many_rows_allocates_nothing() {
    let mut body = block(&[]);
    body.truncate(BEFORE);
    body.extend_from_slice(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
    sign(&mut body);
    assert_eq!(decode("atomic", DAY, &body).unwrap_err().to_string(), "it claims more than it has");
}

#[test]
fn a_block_of_another_format_says_so() {
    let mut body = block(&[]);
    body[3] = 2;
    let sentence = decode("atomic", DAY, &body).unwrap_err().to_string();
    assert_eq!(sentence, "it is not a block of a format that is known here");
}

#[test]
fn a_name_that_comes_twice_is_kept_once() {
    let column = |number| Column { name: "n", cell: Cell::Number(number), counted: Counted::No };
    let with = |id, columns| Arrival {
        product: "atomic",
        day: DAY,
        id: EventId::from_bits(id),
        event: "e",
        device: None,
        columns,
    };
    let given = [with(1, vec![column(1), column(2)]), with(2, vec![column(3)])];
    let body = block(&given);
    let read = decode("atomic", DAY, &body).expect("a block");
    assert_eq!(read, [with(1, vec![column(1)]), with(2, vec![column(3)])]);
}

/// The format is on people's disks: a change of it needs a new number in the head.
#[test]
fn the_bytes_of_a_small_block() {
    let given = [Arrival {
        product: "atomic",
        day: DAY,
        id: EventId::from_bits(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef),
        event: "e",
        device: Some(Pseudonym::from_bytes([9; 16])),
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
    assert_eq!(body[BEFORE..], expected);
}
