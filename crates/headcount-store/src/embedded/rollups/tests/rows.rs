//! Rows of the tests, and their schema.

use std::sync::Arc;

use headcount_catalog::{Day, EventId, Period};

use crate::{
    CellRef, ColumnKind, ColumnRole, ColumnShape, DayRows, EventShape, FailureShape, Pseudonym,
    RollupKind, RowDevice, RowHead, RowMarks, RowSchema,
};

pub(super) const PRODUCT: &str = "atomic";
/// 2026-11-02, a Monday.
pub(super) const MONDAY: Day = Day::from_number(20_759);
pub(super) const EVENTS: [&str; 2] = ["run", "quit"];
pub(super) const COMMANDS: [&str; 3] = ["init", "update", "other"];

/// A row, as far as rollups look at it.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) day: Day,
    pub(super) event: u16,
    pub(super) weight: u16,
    pub(super) device: RowDevice,
    pub(super) marks: RowMarks,
    pub(super) version: Option<String>,
    pub(super) command: Option<u16>,
    pub(super) worked: Option<bool>,
    pub(super) model: Option<String>,
    pub(super) took: Option<i64>,
    pub(super) cost: Option<f64>,
    pub(super) code: Option<i64>,
    pub(super) tags: Vec<u16>,
}

/// A pseudonym as an HMAC would make it.
pub(super) fn pseudonym(number: u64) -> Pseudonym {
    let mix = |mut bits: u64| {
        for shift in [30, 27, 31] {
            bits = (bits ^ bits >> shift).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        }
        u128::from(bits)
    };
    let (high, low) = (mix(number + 1), mix(number + 0x9E37_79B9));
    Pseudonym::from_bytes((high << 64 | low).to_be_bytes())
}

pub(super) fn device(number: u64) -> RowDevice {
    RowDevice::Counted(pseudonym(number))
}

/// An event `run` of a device on the first Monday, with the version 1.0.
pub(super) fn run(number: u64) -> Row {
    Row {
        day: MONDAY,
        event: 0,
        weight: 1,
        device: device(number),
        marks: RowMarks::default(),
        version: Some("1.0".to_owned()),
        command: None,
        worked: None,
        model: None,
        took: None,
        cost: None,
        code: None,
        tags: Vec::new(),
    }
}

/// The marks of a device that comes for the first time in all periods.
pub(super) fn first_marks() -> RowMarks {
    RowMarks::new(Period::ALL.map(|(period, _)| period), None)
}

pub(super) fn schema() -> Arc<RowSchema> {
    let column = |name: &str, kind, rollup| ColumnShape {
        rollup,
        words: match kind {
            ColumnKind::Word | ColumnKind::Words => COMMANDS.map(str::to_owned).to_vec(),
            _ => Vec::new(),
        },
        ..ColumnShape::plain(name, kind)
    };
    let version = column("version", ColumnKind::Text, RollupKind::OpenValues);
    let columns = vec![
        ColumnShape { role: ColumnRole::Version, ..version },
        column("command", ColumnKind::Word, RollupKind::Values),
        column("worked", ColumnKind::Flag, RollupKind::Values),
        column("model", ColumnKind::Text, RollupKind::OpenValues),
        column("took", ColumnKind::Number, RollupKind::Histogram),
        column("cost", ColumnKind::Decimal, RollupKind::Histogram),
        column("code", ColumnKind::Number, RollupKind::ExitCodes),
        column("tags", ColumnKind::Words, RollupKind::Values),
    ];
    let run = EventShape {
        name: EVENTS[0].to_owned(),
        across: vec![(1, 3), (1, 0), (3, 0), (1, 2)],
        failure: Some(FailureShape { column: 2, values: vec!["false".to_owned()] }),
    };
    let quit = EventShape {
        name: EVENTS[1].to_owned(),
        across: Vec::new(),
        failure: Some(FailureShape { column: 6, values: Vec::new() }),
    };
    Arc::new(RowSchema::new(PRODUCT.to_owned(), vec![run, quit], columns))
}

/// The rows by day, each day in order.
pub(super) fn by_day(schema: &Arc<RowSchema>, rows: &[Row]) -> Vec<DayRows> {
    let mut sorted: Vec<&Row> = rows.iter().collect();
    sorted.sort_by_key(|row| row.day);
    let days = sorted.chunk_by(|one, other| one.day == other.day);
    days.map(|rows| {
        let mut day = DayRows::new(Arc::clone(schema), rows[0].day);
        rows.iter().for_each(|row| row.push(&mut day));
        day
    })
    .collect()
}

impl Row {
    fn push(&self, rows: &mut DayRows) {
        let Self { event, weight, marks, device, .. } = *self;
        let head = RowHead { event, weight, marks, device };
        let cells = [
            self.version.as_deref().map(|version| (0, CellRef::Text(version))),
            self.command.map(|command| (1, CellRef::Word(command))),
            self.worked.map(|worked| (2, CellRef::Flag(worked))),
            self.model.as_deref().map(|model| (3, CellRef::Text(model))),
            self.took.map(|took| (4, CellRef::Number(took))),
            self.cost.map(|cost| (5, CellRef::Decimal(cost))),
            self.code.map(|code| (6, CellRef::Number(code))),
            (!self.tags.is_empty()).then_some((7, CellRef::Words(&self.tags))),
        ];
        let number = rows.len() as u128;
        rows.push(EventId::from_bits(number), head, cells.into_iter().flatten());
    }
}
