//! Rows sealed and read back, merged, and damaged.

use std::convert::Infallible;
use std::sync::Arc;

use super::encode::{HEAD_BYTES, seal};
use super::random_rows::*;
use super::*;
use crate::contract::SeededRandom;
use crate::{
    CellRef, ColumnKind, ColumnShape, DayRows, Pseudonym, RollupKind, RowDevice, RowHead,
    RowSchema, limits,
};

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
