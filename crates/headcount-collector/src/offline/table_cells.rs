//! The cells of a table's columns, part of a day by part of a day: for formats
//! whose rows all have the same columns.

use headcount_catalog::{Day, Grain, Period, Time};
use headcount_store::{AnalysisSource, Cells, ColumnKind, DayRows, RowDevice};

use super::event_tables::{EventTable, EventTableColumn};
use super::json_rows::{Cursor, item_range};
use crate::erasure_proof::hex;

/// A value in its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TableCell<'a> {
    Flag(bool),
    Number(i64),
    Decimal(f64),
    Text(&'a str),
    Texts(Vec<&'a str>),
    /// An id or a pseudonym.
    Id(String),
    /// Days since 1970-01-01.
    Day(i32),
    /// Seconds since 1970-01-01 UTC.
    Seconds(i64),
}

/// What all values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellType {
    Flag,
    Number,
    Decimal,
    Text,
    Texts,
    Day,
    Seconds,
}

impl CellType {
    /// The type of a column; text if versions of the catalog disagree.
    pub(super) fn of(source: &AnalysisSource) -> Self {
        let of_kind = |kind: ColumnKind| match kind {
            ColumnKind::Flag => Self::Flag,
            ColumnKind::Number => Self::Number,
            ColumnKind::Decimal => Self::Decimal,
            ColumnKind::Word | ColumnKind::Text | ColumnKind::Pseudonym => Self::Text,
            ColumnKind::Words | ColumnKind::Texts => Self::Texts,
            ColumnKind::Seconds => Self::Seconds,
        };
        match source {
            AnalysisSource::Day => Self::Day,
            AnalysisSource::Ephemeral => Self::Flag,
            AnalysisSource::Weight => Self::Number,
            AnalysisSource::Marks => Self::Texts,
            AnalysisSource::Id
            | AnalysisSource::Event
            | AnalysisSource::Device
            | AnalysisSource::Age => Self::Text,
            AnalysisSource::Cells(_, kinds) => {
                let mut types = kinds.iter().map(|kind| of_kind(*kind));
                let first = types.next().unwrap_or(Self::Text);
                if types.all(|own| own == first) { first } else { Self::Text }
            }
        }
    }
}

/// Calls `each` with the value that each row has in a column of a table, in
/// order.
pub(super) fn each_cell(
    rows: &DayRows,
    source: &AnalysisSource,
    mut each: impl FnMut(Option<TableCell<'_>>),
) {
    let schema = rows.schema();
    let heads = rows.heads().iter();
    match source {
        AnalysisSource::Day => {
            heads.for_each(|_| each(Some(TableCell::Day(rows.day().number()))));
        }
        AnalysisSource::Id => {
            rows.ids().iter().for_each(|id| each(Some(TableCell::Id(id.to_string()))));
        }
        AnalysisSource::Event => heads.for_each(|head| {
            let event = schema.events().get(usize::from(head.event));
            each(event.map(|event| TableCell::Text(&event.name)));
        }),
        AnalysisSource::Device => heads.for_each(|head| {
            let device = head.device.pseudonym();
            each(device.map(|device| TableCell::Id(hex(device.bytes()))));
        }),
        AnalysisSource::Ephemeral => heads.for_each(|head| {
            each(Some(TableCell::Flag(matches!(head.device, RowDevice::Ephemeral(_)))));
        }),
        AnalysisSource::Weight => {
            heads.for_each(|head| each(Some(TableCell::Number(i64::from(head.weight)))));
        }
        AnalysisSource::Marks => heads.for_each(|head| {
            let marks: Vec<&str> = head.marks.periods().map(Period::name).collect();
            each((!marks.is_empty()).then_some(TableCell::Texts(marks)));
        }),
        AnalysisSource::Age => heads.for_each(|head| {
            each(head.marks.age().map(|age| TableCell::Text(age.name())));
        }),
        AnalysisSource::Cells(name, _) => {
            let places = schema.columns().iter().enumerate();
            let places = places.filter(|(_, column)| column.name == *name);
            let mut own: Vec<_> = places
                .map(|(place, shape)| (shape.words.as_slice(), Cursor::new(&rows.columns()[place])))
                .collect();
            for row in 0..rows.len() as u32 {
                let cell = own.iter_mut().find_map(|(words, cursor)| {
                    let place = cursor.at(row)?;
                    Some(cell(cursor.cells(), place, words))
                });
                each(cell);
            }
        }
    }
}

fn cell<'a>(cells: &'a Cells, place: usize, words: &'a [String]) -> TableCell<'a> {
    let word = |code: &u16| words.get(usize::from(*code)).map_or("", String::as_str);
    match cells {
        Cells::Flags(all) => TableCell::Flag(all[place]),
        Cells::Numbers(all) => TableCell::Number(all[place]),
        Cells::Decimals(all) => TableCell::Decimal(all[place]),
        Cells::Words(all) => TableCell::Text(word(&all[place])),
        Cells::WordLists(ends, all) => {
            TableCell::Texts(all[item_range(ends, place)].iter().map(word).collect())
        }
        Cells::Text(texts, all) => TableCell::Text(texts.get(all[place]).unwrap_or("")),
        Cells::TextLists(texts, ends, all) => {
            let text = |code: &u32| texts.get(*code).unwrap_or("");
            TableCell::Texts(all[item_range(ends, place)].iter().map(text).collect())
        }
        Cells::Pseudonyms(all) => TableCell::Id(hex(all[place].bytes())),
        Cells::Seconds(all) => TableCell::Seconds(all[place]),
    }
}

impl TableCell<'_> {
    /// The value as text; arrays are JSON.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Flag(flag) => flag.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Decimal(decimal) => decimal.to_string(),
            Self::Text(text) => (*text).to_owned(),
            Self::Texts(texts) => serde_json::Value::from(texts.clone()).to_string(),
            Self::Id(id) => id.clone(),
            Self::Day(day) => Day::from_number(*day).to_string(),
            Self::Seconds(seconds) => Time::from_seconds(*seconds).format(Grain::Second),
        }
    }
}

/// The sources of a table's columns.
pub(super) fn sources(table: &EventTable) -> impl Iterator<Item = &AnalysisSource> {
    table.columns.iter().map(EventTableColumn::source)
}
