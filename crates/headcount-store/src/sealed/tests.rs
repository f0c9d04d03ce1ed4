//! Rows sealed and read back, merged, and damaged.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;

use headcount_catalog::{Age, Day, EventId, Period};

use super::encode::{HEAD_BYTES, seal};
use super::*;
use crate::contract::SeededRandom;
use crate::{
    CellRef, Cells, ColumnKind, ColumnShape, DayRows, EventShape, Pseudonym, RollupKind, RowDevice,
    RowHead, RowMarks, RowSchema, limits,
};

const DAY: Day = Day::from_number(20_777);

/// Slots in the order in which devices come.
#[derive(Default)]
struct Slots {
    slots: HashMap<Pseudonym, u32>,
    devices: Vec<Pseudonym>,
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

fn schema(words: &[&str], columns: &[(&str, ColumnKind)], events: &[&str]) -> Arc<RowSchema> {
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

const COLUMNS: [(&str, ColumnKind); 9] = [
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

const WORDS: [&str; 4] = ["init", "update", "", "größer"];

fn full_schema() -> Arc<RowSchema> {
    schema(&WORDS, &COLUMNS, &["run", "error", "session"])
}

fn random_head(random: &mut SeededRandom) -> RowHead {
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
fn push_random(rows: &mut DayRows, id: EventId, random: &mut SeededRandom) {
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

fn random_id(random: &mut SeededRandom) -> EventId {
    let bits = u128::from(random.next()) << 64 | u128::from(random.next());
    match random.below(3) {
        0 => EventId::from_bits(bits),
        _ => EventId::new(DAY, bits.to_be_bytes()),
    }
}

fn random_rows(random: &mut SeededRandom, count: usize) -> DayRows {
    let mut rows = DayRows::new(full_schema(), DAY);
    for _ in 0..count {
        let id = random_id(random);
        push_random(&mut rows, id, random);
    }
    rows
}

/// Everything that rows say, by names and words, a line a row.
fn told(rows: &DayRows) -> Vec<String> {
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

fn sorted(rows: &[DayRows]) -> Vec<String> {
    let mut all: Vec<_> =
        rows.iter().flat_map(|rows| rows.ids().iter().copied().zip(told(rows))).collect();
    all.sort();
    all.into_iter().map(|(_, line)| line).collect()
}

/// Seals rows of any order and schema, and returns the chunks.
fn sealed(rows: &[DayRows], slots: &mut Slots) -> (Arc<RowSchema>, Vec<SealedChunk>) {
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

fn opened(schema: &Arc<RowSchema>, chunk: &SealedChunk) -> Result<SealedRows, SealedDamage> {
    let pages: Vec<_> = chunk.pages.iter().map(|page| page.body.clone()).collect();
    decode(schema, DAY, &pages, &chunk.body)
}

fn read(schema: &Arc<RowSchema>, chunks: &[SealedChunk], slots: &Slots) -> Vec<String> {
    let rows = chunks.iter().map(|chunk| opened(schema, chunk).expect("as it was written"));
    rows.flat_map(|rows| told(&rows.into_rows(slots))).collect()
}

#[test]
fn rows_come_back_sorted_by_id() {
    let mut random = SeededRandom::new(1);
    for round in 0..60 {
        let blocks: Vec<_> =
            (0..1 + round % 4).map(|_| random_rows(&mut random, 1 + round * 3)).collect();
        let mut slots = Slots::default();
        let (schema, chunks) = sealed(&blocks, &mut slots);
        assert!(read(&schema, &chunks, &slots) == sorted(&blocks), "round {round}");
        let (first, last) = (chunks[0].first, chunks[chunks.len() - 1].last);
        let ids = blocks.iter().flat_map(DayRows::ids);
        assert_eq!((ids.clone().min(), ids.max()), (Some(&first), Some(&last)));
    }
}

#[test]
fn a_segment_of_many_chunks_is_sorted_as_a_whole() {
    let mut random = SeededRandom::new(2);
    let blocks: Vec<_> = (0..5).map(|_| random_rows(&mut random, 14_000)).collect();
    let mut slots = Slots::default();
    let (schema, chunks) = sealed(&blocks, &mut slots);
    let rows: Vec<_> = chunks.iter().map(|chunk| chunk.rows).collect();
    assert_eq!(rows, [32_768, 32_768, 70_000 - 2 * 32_768]);
    assert!(chunks.is_sorted_by(|one, next| one.last < next.first));
    assert!(read(&schema, &chunks, &slots) == sorted(&blocks));
}

/// A chunk has few texts, however long they are.
#[test]
fn long_texts_end_a_chunk_early() {
    let schema = schema(&[], &[("text", ColumnKind::Text)], &["run"]);
    let mut rows = DayRows::new(schema, DAY);
    let mut random = SeededRandom::new(3);
    for number in 0..14_000 {
        let text = format!("{number:01000}");
        let head = RowHead { device: RowDevice::None, event: 0, ..random_head(&mut random) };
        rows.push(random_id(&mut random), head, [(0, CellRef::Text(&text))]);
    }
    let (schema, chunks) = sealed(std::slice::from_ref(&rows), &mut Slots::default());
    assert!(chunks.len() == 2 && chunks[0].rows < limits::CHUNK_ROWS, "{}", chunks[0].rows);
    assert!(read(&schema, &chunks, &Slots::default()) == sorted(&[rows]));
}

#[test]
fn rows_of_several_schemas_are_brought_to_the_newest_by_name() {
    let old = schema(
        &["update", "gone", "init"],
        &[("text", ColumnKind::Text), ("word", ColumnKind::Word), ("old", ColumnKind::Flag)],
        &["error", "dropped"],
    );
    let mut rows = DayRows::new(old, DAY);
    let mut random = SeededRandom::new(5);
    for row in 0..30u16 {
        let head = RowHead { event: row % 2, ..random_head(&mut random) };
        let mut cells = vec![(1, CellRef::Word(row % 3)), (0, CellRef::Text("t"))];
        cells.truncate(usize::from(row % 3));
        cells.extend((row % 5 == 0).then_some((2, CellRef::Flag(true))));
        rows.push(random_id(&mut random), head, cells);
    }
    let blocks = [rows, random_rows(&mut random, 50)];
    let mut slots = Slots::default();
    let (united, chunks) = sealed(&blocks, &mut slots);
    assert!(read(&united, &chunks, &slots) == sorted(&blocks));
    let words = &united.columns()[3].words;
    assert_eq!(words, &["init", "update", "", "größer", "gone"]);
    assert_eq!(united.columns().len(), COLUMNS.len() + 1);
    // Nothing is added if the newest schema has everything.
    let newest = full_schema();
    let fewer = schema(&WORDS[1..], &COLUMNS[2..5], &["session"]);
    let same = one_schema(&[fewer, Arc::clone(&newest)]).unwrap();
    assert!(Arc::ptr_eq(&same, &newest));
}

/// A property may be a constant in one event and a choice in another.
#[test]
fn columns_of_one_name_stay_apart() {
    let counted = |words: &[&str], rollup| ColumnShape {
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        rollup,
        ..ColumnShape::plain("type", ColumnKind::Word)
    };
    let shapes = [
        counted(&["/"], RollupKind::None),
        counted(&["success", "fail"], RollupKind::Values),
        counted(&["other", "success"], RollupKind::OpenValues),
    ];
    let events = full_schema().events()[..1].to_vec();
    let with = |shapes: &[ColumnShape]| {
        Arc::new(RowSchema::new("product".to_owned(), events.clone(), shapes.to_vec()))
    };
    let mut random = SeededRandom::new(4);
    let mut rows = |shapes: &[ColumnShape]| {
        let mut rows = DayRows::new(with(shapes), DAY);
        for row in 0..12 {
            let head = RowHead { event: 0, ..random_head(&mut random) };
            let column = row % shapes.len();
            let code = u16::try_from(row / 3 % shapes[column].words.len()).unwrap();
            rows.push(random_id(&mut random), head, [(column, CellRef::Word(code))]);
        }
        rows
    };
    let turned = [shapes[2].clone(), shapes[1].clone(), shapes[0].clone()];
    for blocks in [
        vec![rows(&shapes)],
        vec![rows(&turned), rows(&shapes)],
        vec![rows(&shapes[..2]), rows(&turned)],
    ] {
        let mut slots = Slots::default();
        let (united, chunks) = sealed(&blocks, &mut slots);
        assert_eq!(united.columns().len(), 3);
        assert!(read(&united, &chunks, &slots) == sorted(&blocks));
    }
}

struct Source<'a> {
    schema: &'a Arc<RowSchema>,
    chunks: std::slice::Iter<'a, SealedChunk>,
}

impl ChunkSource<Infallible> for Source<'_> {
    fn next_chunk(&mut self) -> Result<Option<SealedRows>, Infallible> {
        Ok(self.chunks.next().map(|chunk| opened(self.schema, chunk).unwrap()))
    }
}

#[test]
fn a_merge_has_the_rows_of_all_sources_in_order() {
    let mut random = SeededRandom::new(6);
    for sizes in [&[1usize, 1][..], &[0, 300, 2], &[33_000, 5, 20_000], &[10; 8]] {
        let blocks: Vec<_> = sizes.iter().map(|size| random_rows(&mut random, *size)).collect();
        let mut slots = Slots::default();
        let segments: Vec<_> =
            blocks.iter().map(|rows| sealed(std::slice::from_ref(rows), &mut slots)).collect();
        let sources = segments
            .iter()
            .map(|(schema, chunks)| Source { schema, chunks: chunks.iter() })
            .collect();
        let Ok(mut merge) = Merge::new(sources, full_schema(), DAY);
        let mut lines = Vec::new();
        while let Ok(Some(chunk)) = merge.next_chunk() {
            assert!(chunk.len() <= limits::CHUNK_ROWS);
            lines.extend(told(&chunk.into_rows(&slots)));
        }
        assert!(lines == sorted(&blocks), "{sizes:?}");
    }
}

#[test]
fn a_body_says_which_devices_and_accounts_it_has() {
    let mut random = SeededRandom::new(7);
    let rows = random_rows(&mut random, 200);
    let mut slots = Slots::default();
    let (_, chunks) = sealed(std::slice::from_ref(&rows), &mut slots);
    let body = || ChunkBody::new(&chunks[0].body).unwrap();
    let mut found = body().slots().unwrap();
    found.sort_unstable();
    let devices = rows.heads().iter().filter_map(|head| head.device.pseudonym());
    let mut expected: Vec<_> = devices.map(|device| slots.slots[&device]).collect();
    expected.sort_unstable();
    assert_eq!(found, expected);
    let has = |byte| {
        let wanted = Pseudonym::from_bytes([byte; 16]);
        body().has_pseudonym(&[7], &|one| one == wanted).unwrap()
    };
    assert!((100..109).all(has) && !has(99) && !has(109));
}

#[test]
fn rows_that_are_left_out_are_gone() {
    let rows = random_rows(&mut SeededRandom::new(8), 500);
    let mut slots = Slots::default();
    let (schema, chunks) = sealed(std::slice::from_ref(&rows), &mut slots);
    let open = opened(&schema, &chunks[0]).unwrap();
    let keep: Vec<bool> = (0..500).map(|row| row % 3 > 0).collect();
    let kept = told(&open.filtered(&keep).into_rows(&slots));
    let mut expected = sorted(&[rows]);
    let mut keep = keep.iter();
    expected.retain(|_| *keep.next().unwrap());
    assert!(kept == expected);
}

#[test]
fn a_part_has_what_the_whole_has() {
    for seed in 0..40 {
        // Few rows have few texts, so that both sets of texts read alike.
        let rows = random_rows(&mut SeededRandom::new(seed), 7);
        let (schema, chunks) = sealed(&[rows], &mut Slots::default());
        let whole = opened(&schema, &chunks[0]).unwrap();
        let has_devices = seed.is_multiple_of(2);
        let columns: Vec<usize> = (0..schema.columns().len()).step_by(2).collect();
        let wanted = WantedPart { columns: columns.clone(), has_devices };
        let body = ChunkBody::new(&chunks[0].body).unwrap();
        assert_eq!(body.len(), 7);
        let part = body.part(&schema, &wanted).unwrap();
        let heads = || whole.heads.iter();
        let events: Vec<u16> = heads().map(|head| head.event).collect();
        let weights: Vec<u16> = heads().map(|head| head.weight).collect();
        assert_eq!((&part.events, &part.weights), (&events, &weights));
        let heads = || heads().filter(|_| has_devices);
        let devices: Vec<SlotDevice> = heads().map(|head| head.device).collect();
        let marks: Vec<_> = heads().map(|head| head.marks).collect();
        assert_eq!((&part.devices, &part.marks), (&devices, &marks));
        for place in 0..schema.columns().len() {
            let of_whole = whole.columns[place].clone().into_cells();
            let cells = |column: &crate::CellColumn| format!("{column:?}");
            let expected = columns.contains(&place).then(|| cells(&of_whole));
            assert_eq!(part.column(place).map(cells), expected, "column {place}");
        }
    }
}

#[test]
fn any_changed_byte_of_a_body_is_found() {
    let rows = random_rows(&mut SeededRandom::new(9), 40);
    let (schema, chunks) = sealed(&[rows], &mut Slots::default());
    for place in 0..chunks[0].body.len() {
        let mut damaged = chunks[0].clone();
        damaged.body[place] ^= 1 << (place % 8);
        assert!(opened(&schema, &damaged).is_err(), "byte {place}");
        damaged.body.truncate(place);
        assert!(opened(&schema, &damaged).is_err(), "cut to {place}");
    }
    let mut newer = chunks[0].clone();
    newer.body[3] = 2;
    let damage = opened(&schema, &newer).unwrap_err();
    assert_eq!(damage.to_string(), "unknown format 2 of sealed chunks");
}

/// The checksum is right here and the bytes are not.
#[test]
fn random_bytes_are_damage_or_rows_and_never_a_panic() {
    let mut random = SeededRandom::new(10);
    let mut refused = 0;
    for _ in 0..40 {
        let count = 1 + random.below(30);
        let rows = random_rows(&mut random, count);
        let mut slots = Slots::default();
        let (schema, chunks) = sealed(&[rows], &mut slots);
        for _ in 0..200 {
            let mut damaged = chunks[0].clone();
            let body = &mut damaged.body;
            for _ in 0..=random.below(3) {
                let place = HEAD_BYTES + random.below(body.len() - HEAD_BYTES);
                match random.below(4) {
                    0 => body[place] = random.next() as u8,
                    1 => body[place] = 0xff,
                    2 => drop(body.remove(place)),
                    _ => body.insert(place, 0xff),
                }
            }
            seal(body);
            let _ = ChunkBody::new(body).and_then(ChunkBody::slots);
            let wanted =
                WantedPart { columns: vec![0, 3, 5], has_devices: count.is_multiple_of(2) };
            if let Ok(part) = ChunkBody::new(body).and_then(|body| body.part(&schema, &wanted)) {
                assert!(part.len() <= limits::CHUNK_ROWS);
            }
            match opened(&schema, &damaged) {
                Ok(rows) => assert!(told(&rows.into_rows(&slots)).len() <= limits::CHUNK_ROWS),
                Err(_) => refused += 1,
            }
        }
    }
    assert!(refused > 4_000, "most of them must be damage, {refused} were");
}
