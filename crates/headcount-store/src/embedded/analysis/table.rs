//! A virtual table: the events of one product, under the names of its columns.

use std::borrow::Cow;
use std::ffi::{CStr, CString};
use std::sync::Arc;

use rusqlite::ffi::sqlite3_vtab;
use rusqlite::vtab::{IndexInfo, Module, VTab, VTabConnection};
use rusqlite::{Connection, Error};

use super::cursor::EventCursor;
use super::days;
use super::shape::AnalysisSource;
use super::table_shape::TableShape;

/// Makes a table known to a connection. It is there without being created.
pub(super) fn add(connection: &Connection, shape: TableShape) -> Result<(), Error> {
    const MODULE: Module<'static, EventTable> = Module::eponymous_only_module();
    connection.create_module(shape.product.clone().as_str(), &MODULE, Some(Arc::new(shape)))
}

/// The table, as SQLite holds it.
#[repr(C)]
pub(super) struct EventTable {
    /// SQLite's own part, which has to be the first.
    base: sqlite3_vtab,
    shape: Arc<TableShape>,
}

// SAFETY: the struct is `repr(C)` and begins with a `sqlite3_vtab`, as the
// trait demands: SQLite's pointer to that field is one to the whole.
#[expect(unsafe_code, reason = "rusqlite leaves the layout of the struct to its author")]
unsafe impl VTab<'_> for EventTable {
    type Aux = Arc<TableShape>;
    type Cursor = EventCursor;

    fn connect(
        _: &mut VTabConnection,
        shape: Option<&Arc<TableShape>>,
        _module: &[u8],
        _database: &[u8],
        _table: &[u8],
        _arguments: &[&[u8]],
    ) -> Result<(Cow<'static, CStr>, Self), Error> {
        let shape =
            shape.ok_or_else(|| Error::ModuleError("a table without a shape".to_owned()))?;
        let declaration = CString::new(shape.declaration.as_str())?;
        let table = Self { base: sqlite3_vtab::default(), shape: Arc::clone(shape) };
        Ok((Cow::Owned(declaration), table))
    }

    fn best_index(&self, info: &mut IndexInfo) -> Result<bool, Error> {
        let day = self.shape.place(&AnalysisSource::Day);
        let event = self.shape.place(&AnalysisSource::Event);
        days::plan(info, (day, event)).map(|()| true)
    }

    fn open(&mut self) -> Result<EventCursor, Error> {
        EventCursor::open(Arc::clone(&self.shape))
    }
}
