//! Random rows for the tests, sealed and read back as text.

use std::collections::HashMap;
use std::sync::Arc;

use headcount_catalog::{Age, Day, EventId, Period};

use super::*;
use crate::contract::SeededRandom;
use crate::{
    CellRef, Cells, ColumnKind, ColumnShape, DayRows, EventShape, Pseudonym, RowDevice, RowHead,
    RowMarks, RowSchema,
};

pub(super) const DAY: Day = Day::from_number(20_777);

/// Slots in the order in which devices come.
#[derive(Default)]
pub(super) struct Slots {
    pub(super) slots: HashMap<Pseudonym, u32>,
    pub(super) devices: Vec<Pseudonym>,
}

impl DeviceSlots for Slots {
    fn slot(&mut self, device: Pseudonym) -> u32 {
        let slots = &mut self.slots;
        *slots.entry(device).or_insert_with(|| {
            self.devices.push(device);
            self.devices.len() as u32 - 1
        })
    }

    fn pseudonym(&self, slot: u32) -> Option<Pseudonym> {
        self.devices.get(slot as usize).copied()
    }
}

pub(super) fn schema(
    words: &[&str],
    columns: &[(&str, ColumnKind)],
    events: &[&str],
) -> Arc<RowSchema> {
    let event =
        |name: &&str| EventShape { name: (*name).to_owned(), across: Vec::new(), failure: None };
    let column = |(name, kind): &(&str, ColumnKind)| ColumnShape {
        words: match kind {
            ColumnKind::Word | ColumnKind::Words => {
                words.iter().map(|word| (*word).to_owned()).collect()
            }
            _ => Vec::new(),
        },
        ..ColumnShape::plain(name, *kind)
    };
    let columns = columns.iter().map(column).collect();
    Arc::new(RowSchema::new("atomic".to_owned(), events.iter().map(event).collect(), columns))
}

pub(super) const COLUMNS: [(&str, ColumnKind); 9] = [
    ("flag", ColumnKind::Flag),
    ("number", ColumnKind::Number),
    ("decimal", ColumnKind::Decimal),
    ("word", ColumnKind::Word),
    ("words", ColumnKind::Words),
    ("text", ColumnKind::Text),
    ("texts", ColumnKind::Texts),
    ("session", ColumnKind::Pseudonym),
    ("seconds", ColumnKind::Seconds),
];

pub(super) const WORDS: [&str; 4] = ["init", "update", "", "größer"];

pub(super) fn full_schema() -> Arc<RowSchema> {
    schema(&WORDS, &COLUMNS, &["run", "error", "session"])
}

pub(super) fn random_head(random: &mut SeededRandom) -> RowHead {
    let device = Pseudonym::from_bytes([random.below(50) as u8; 16]);
    RowHead {
        event: random.below(3) as u16,
        weight: random.pick(&[1, 1, 1, 10, 1_000]),
        marks: match random.below(4) {
            0 => RowMarks::new([Period::Day, Period::Month], Some(Age::ALL[2])),
            _ => RowMarks::default(),
        },
        device: match random.below(5) {
            0 => RowDevice::None,
            1 => RowDevice::Ephemeral(device),
            _ => RowDevice::Counted(device),
        },
    }
}

/// Adds a random row, with each column half of the time.
pub(super) fn push_random(rows: &mut DayRows, id: EventId, random: &mut SeededRandom) {
    let head = random_head(random);
    let texts = ["a".to_owned(), format!("model-{}", random.below(30)), String::new()];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let words: Vec<u16> = (0..random.below(4) as u16).collect();
    let number = random.next().cast_signed() >> random.below(64);
    let all = [
        CellRef::Flag(random.below(2) == 1),
        CellRef::Number(number),
        CellRef::Decimal(number as f64 / 8.0),
        CellRef::Word(random.below(4) as u16),
        CellRef::Words(&words),
        CellRef::Text(texts[1]),
        CellRef::Texts(&texts[..random.below(4)]),
        CellRef::Pseudonym(Pseudonym::from_bytes([random.below(9) as u8 + 100; 16])),
        CellRef::Seconds(1_768_989_600 + random.below(86_400) as i64),
    ];
    let columns: Vec<_> = all.into_iter().enumerate().filter(|_| random.below(2) == 0).collect();
    rows.push(id, head, columns);
}

pub(super) fn random_id(random: &mut SeededRandom) -> EventId {
    let bits = u128::from(random.next()) << 64 | u128::from(random.next());
    match random.below(3) {
        0 => EventId::from_bits(bits),
        _ => EventId::new(DAY, bits.to_be_bytes()),
    }
}

pub(super) fn random_rows(random: &mut SeededRandom, count: usize) -> DayRows {
    let mut rows = DayRows::new(full_schema(), DAY);
    for _ in 0..count {
        let id = random_id(random);
        push_random(&mut rows, id, random);
    }
    rows
}

/// Everything that rows say, by names and words, a line a row.
pub(super) fn told(rows: &DayRows) -> Vec<String> {
    let schema = rows.schema();
    let mut lines: Vec<String> = (0..rows.len())
        .map(|row| {
            let head = rows.heads()[row];
            let event = &schema.events()[usize::from(head.event)].name;
            let device = head.device.pseudonym().map(|device| device.bytes()[0]);
            let kind = match head.device {
                RowDevice::None => "",
                RowDevice::Counted(_) => "counted",
                RowDevice::Ephemeral(_) => "ephemeral",
            };
            let (id, hash) = (rows.ids()[row], rows.contents()[row]);
            format!("{id} {hash} {event} {} {:?} {kind} {device:?}", head.weight, head.marks)
        })
        .collect();
    let mut columns: Vec<_> = rows.columns().iter().zip(schema.columns()).collect();
    columns.sort_by_key(|(_, shape)| &shape.name);
    for (column, shape) in columns {
        let word = |code: &u16| &shape.words[usize::from(*code)];
        for (place, row) in column.rows().iter().enumerate() {
            let items = |ends: &[u32]| crate::day_rows::item_range(ends, place);
            let cell = match column.cells() {
                Cells::Flags(all) => format!("{}", all[place]),
                Cells::Numbers(all) | Cells::Seconds(all) => format!("{}", all[place]),
                Cells::Decimals(all) => format!("{}", all[place]),
                Cells::Words(all) => word(&all[place]).clone(),
                Cells::WordLists(ends, all) => {
                    format!("{:?}", all[items(ends)].iter().map(word).collect::<Vec<_>>())
                }
                Cells::Text(texts, all) => format!("{:?}", texts.get(all[place])),
                Cells::TextLists(texts, ends, all) => {
                    let codes = all[items(ends)].iter();
                    format!("{:?}", codes.map(|code| texts.get(*code)).collect::<Vec<_>>())
                }
                Cells::Pseudonyms(all) => format!("{:?}", all[place].bytes()),
            };
            lines[*row as usize] += &format!(" {}={cell}", shape.name);
        }
    }
    lines
}

pub(super) fn sorted(rows: &[DayRows]) -> Vec<String> {
    let mut all: Vec<_> =
        rows.iter().flat_map(|rows| rows.ids().iter().copied().zip(told(rows))).collect();
    all.sort();
    all.into_iter().map(|(_, line)| line).collect()
}

/// Seals rows of any order and schema, and returns the chunks.
pub(super) fn sealed(rows: &[DayRows], slots: &mut Slots) -> (Arc<RowSchema>, Vec<SealedChunk>) {
    let schemas: Vec<_> = rows.iter().map(|rows| Arc::clone(rows.schema())).collect();
    let schema = one_schema(&schemas).expect("there are rows");
    let in_one = |rows: &DayRows| {
        let places = SchemaPlaces::new(rows.schema(), &schema).expect("the schema has everything");
        let devices = rows.heads().iter().map(|head| SlotDevice::of(head.device, slots));
        let devices: Vec<_> = devices.collect();
        SealedRows::of(rows.clone(), &places, &devices)
    };
    let rows: Vec<_> = rows.iter().map(in_one).collect();
    let mut encoder = ChunkEncoder::new().expect("there is memory");
    let mut chunks = Vec::new();
    SealedRows::sorted_chunks(&rows, |chunk| {
        chunks.extend(encoder.encode(&chunk).expect("there is memory"));
    });
    (schema, chunks)
}

pub(super) fn opened(
    schema: &Arc<RowSchema>,
    chunk: &SealedChunk,
) -> Result<SealedRows, SealedDamage> {
    let pages: Vec<_> = chunk.pages.iter().map(|page| page.body.clone()).collect();
    decode(schema, DAY, &pages, &chunk.body)
}

pub(super) fn read(schema: &Arc<RowSchema>, chunks: &[SealedChunk], slots: &Slots) -> Vec<String> {
    let rows = chunks.iter().map(|chunk| opened(schema, chunk).expect("as it was written"));
    rows.flat_map(|rows| told(&rows.into_rows(slots))).collect()
}
