//! Raw events as Parquet: the columns of the product's table, each with its
//! type, in groups of rows that fit into memory.
//!
//! A day is a DATE, a time a TIMESTAMP of UTC, a flag a BOOLEAN, a number an
//! INT64, an amount a DOUBLE; words, ids and pseudonyms are STRINGs with a
//! dictionary, and several words a LIST of them. What the catalogs say of a
//! column, with the unit of a duration, is in the file's metadata under its
//! name.

use std::fs::File;
use std::io;
use std::sync::Arc;

use headcount_store::DayRows;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{Type, TypePtr};

use super::event_tables::{EventTable, EventTableColumn};
use super::table_cells::{CellType, TableCell, each_cell};
use crate::limits;

/// Writes a file of Parquet.
pub(super) struct ParquetRows {
    writer: SerializedFileWriter<File>,
    table: EventTable,
    /// The rows of the group that is next.
    waiting: Vec<DayRows>,
}

/// The values of a column, and where they are: 0 for none, 1 for a value or an
/// empty array, 2 for an item; an item that is not the first repeats.
#[derive(Default)]
struct Levels {
    defined: Vec<i16>,
    repeated: Vec<i16>,
}

impl ParquetRows {
    /// Begins a file.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written.
    pub(super) fn begin(file: File, table: EventTable) -> io::Result<Self> {
        let about = table.columns.iter().map(|column| {
            KeyValue::new(format!("headcount.about.{}", column.name), column.about.clone())
        });
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by(concat!("headcount ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_key_value_metadata(Some(about.collect()))
            .build();
        let schema = schema(&table).map_err(failed)?;
        let writer =
            SerializedFileWriter::new(file, schema, Arc::new(properties)).map_err(failed)?;
        Ok(Self { writer, table, waiting: Vec::new() })
    }

    /// Adds rows.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written.
    pub(super) fn add(&mut self, rows: &DayRows) -> io::Result<()> {
        self.waiting.push(rows.clone());
        let waiting: usize = self.waiting.iter().map(DayRows::len).sum();
        if waiting >= limits::EXPORT_GROUP_ROWS { self.write_group() } else { Ok(()) }
    }

    /// Writes what waits and the end of the file, and makes it last.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.write_group()?;
        self.writer.into_inner().map_err(failed)?.sync_all()
    }

    fn write_group(&mut self) -> io::Result<()> {
        if self.waiting.iter().all(DayRows::is_empty) {
            return Ok(());
        }
        let mut group = self.writer.next_row_group().map_err(failed)?;
        for column in &self.table.columns {
            let next = group.next_column().map_err(failed)?;
            let Some(mut writer) = next else { break };
            write_column(writer.untyped(), column, &self.waiting).map_err(failed)?;
            writer.close().map_err(failed)?;
        }
        group.close().map_err(failed)?;
        self.waiting.clear();
        Ok(())
    }
}

/// An error of the file keeps its kind, such as that the disk is full.
fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        error => io::Error::other(error),
    }
}

fn schema(table: &EventTable) -> Result<TypePtr> {
    let fields = table.columns.iter().map(field).collect::<Result<Vec<_>>>()?;
    Type::group_type_builder("events").with_fields(fields).build().map(Arc::new)
}

/// Every column may be without a value, as each is in some version.
fn field(column: &EventTableColumn) -> Result<TypePtr> {
    let of = |name: &str, physical: Physical, logical: Option<LogicalType>, repetition| {
        Type::primitive_type_builder(name, physical)
            .with_repetition(repetition)
            .with_logical_type(logical)
            .build()
            .map(Arc::new)
    };
    let optional = |physical, logical| of(&column.name, physical, logical, Repetition::OPTIONAL);
    match CellType::of(column.source()) {
        CellType::Flag => optional(Physical::BOOLEAN, None),
        CellType::Number => optional(Physical::INT64, None),
        CellType::Decimal => optional(Physical::DOUBLE, None),
        CellType::Day => optional(Physical::INT32, Some(LogicalType::Date)),
        CellType::Seconds => {
            let logical = LogicalType::timestamp(true, TimeUnit::MILLIS);
            optional(Physical::INT64, Some(logical))
        }
        CellType::Text => optional(Physical::BYTE_ARRAY, Some(LogicalType::String)),
        CellType::Texts => {
            let (physical, logical) = (Physical::BYTE_ARRAY, Some(LogicalType::String));
            let item = of("element", physical, logical, Repetition::REQUIRED)?;
            let list = Type::group_type_builder("list")
                .with_repetition(Repetition::REPEATED)
                .with_fields(vec![item])
                .build()?;
            Type::group_type_builder(&column.name)
                .with_repetition(Repetition::OPTIONAL)
                .with_logical_type(Some(LogicalType::List))
                .with_fields(vec![Arc::new(list)])
                .build()
                .map(Arc::new)
        }
    }
}

fn write_column(
    writer: &mut ColumnWriter<'_>,
    column: &EventTableColumn,
    waiting: &[DayRows],
) -> Result<()> {
    match writer {
        ColumnWriter::BoolColumnWriter(writer) => {
            let (values, levels) = plain(column, waiting, |cell| match cell {
                TableCell::Flag(flag) => Some(*flag),
                _ => None,
            });
            writer.write_batch(&values, Some(&levels.defined), None)
        }
        ColumnWriter::Int32ColumnWriter(writer) => {
            let (values, levels) = plain(column, waiting, |cell| match cell {
                TableCell::Day(day) => Some(*day),
                _ => None,
            });
            writer.write_batch(&values, Some(&levels.defined), None)
        }
        ColumnWriter::Int64ColumnWriter(writer) => {
            let (values, levels) = plain(column, waiting, |cell| match cell {
                TableCell::Number(number) => Some(*number),
                TableCell::Seconds(seconds) => Some(seconds.saturating_mul(1_000)),
                _ => None,
            });
            writer.write_batch(&values, Some(&levels.defined), None)
        }
        ColumnWriter::DoubleColumnWriter(writer) => {
            let (values, levels) = plain(column, waiting, |cell| match cell {
                TableCell::Decimal(decimal) => Some(*decimal),
                _ => None,
            });
            writer.write_batch(&values, Some(&levels.defined), None)
        }
        ColumnWriter::ByteArrayColumnWriter(writer)
            if CellType::of(column.source()) == CellType::Texts =>
        {
            let (values, levels) = lists(column, waiting);
            writer.write_batch(&values, Some(&levels.defined), Some(&levels.repeated))
        }
        ColumnWriter::ByteArrayColumnWriter(writer) => {
            let (values, levels) =
                plain(column, waiting, |cell| Some(ByteArray::from(cell.text().into_bytes())));
            writer.write_batch(&values, Some(&levels.defined), None)
        }
        _ => return Err(ParquetError::General("a column of no type of ours".to_owned())),
    }
    .map(drop)
}

fn plain<T>(
    column: &EventTableColumn,
    waiting: &[DayRows],
    value: impl Fn(&TableCell<'_>) -> Option<T>,
) -> (Vec<T>, Levels) {
    let (mut values, mut levels) = (Vec::new(), Levels::default());
    for rows in waiting {
        each_cell(rows, column.source(), |cell| {
            let own = cell.as_ref().and_then(&value);
            levels.defined.push(i16::from(own.is_some()));
            values.extend(own);
        });
    }
    (values, levels)
}

fn lists(column: &EventTableColumn, waiting: &[DayRows]) -> (Vec<ByteArray>, Levels) {
    let (mut values, mut levels) = (Vec::new(), Levels::default());
    for rows in waiting {
        each_cell(rows, column.source(), |cell| {
            let Some(TableCell::Texts(texts)) = cell else {
                levels.defined.push(0);
                levels.repeated.push(0);
                return;
            };
            if texts.is_empty() {
                levels.defined.push(1);
                levels.repeated.push(0);
            }
            for (place, text) in texts.into_iter().enumerate() {
                levels.defined.push(2);
                levels.repeated.push(i16::from(place > 0));
                values.push(ByteArray::from(text.as_bytes().to_vec()));
            }
        });
    }
    (values, levels)
}

#[cfg(test)]
#[path = "parquet_rows_tests.rs"]
mod tests;
