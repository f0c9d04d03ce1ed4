//! What the examples that measure a store make their events of.

use std::sync::Arc;

use headcount_catalog::{Day, EventId};
use headcount_store::{
    CellRef, ColumnKind, ColumnShape, Commit, DayRows, EventShape, Pseudonym, RowDevice, RowHead,
    RowMarks, RowSchema,
};

/// The number of devices.
const DEVICES: u64 = 100_000;

/// Versions of a host.
pub(crate) const VERSIONS: [&str; 5] = ["0.4.0", "0.4.1", "0.4.2", "0.5.0", "0.5.1"];

/// A column of a closed set of so many words.
pub(crate) fn word(name: &str, count: usize) -> ColumnShape {
    ColumnShape {
        words: (0..count).map(|word| format!("word-{word}")).collect(),
        ..ColumnShape::plain(name, ColumnKind::Word)
    }
}

/// A schema of Atomic with its one event, `atomic_command`.
pub(crate) fn schema(columns: Vec<ColumnShape>) -> Arc<RowSchema> {
    let name = "atomic_command".to_owned();
    let event = EventShape { name, across: Vec::new(), failure: None };
    Arc::new(RowSchema::new("atomic".to_owned(), vec![event], columns))
}

/// A commit of events with random ids of 100,000 devices. `cells` makes the
/// cells of each, of one random number.
pub(crate) fn commit<'a, const CELLS: usize>(
    schema: &Arc<RowSchema>,
    random: &mut u64,
    day: Day,
    events: usize,
    cells: impl Fn(u64) -> [CellRef<'a>; CELLS],
) -> Commit {
    let mut rows = DayRows::new(Arc::clone(schema), day);
    for _ in 0..events {
        let id = u128::from(next(random)) << 64 | u128::from(next(random));
        let number = next(random);
        let device = (number % DEVICES).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let device = u128::from(device) << 64 | u128::from(device.rotate_left(17));
        let head = RowHead {
            event: 0,
            weight: 1,
            marks: RowMarks::default(),
            device: RowDevice::Counted(Pseudonym::from_bytes(device.to_be_bytes())),
        };
        let cells = cells(number).into_iter().enumerate();
        rows.push(EventId::new(day, id.to_be_bytes()), head, cells);
    }
    Commit { rows: vec![rows], ..Commit::default() }
}

/// SplitMix64. Source: `splitmix64.c` by Sebastiano Vigna (public domain).
fn next(random: &mut u64) -> u64 {
    *random = random.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (*random ^ *random >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ mixed >> 31
}
