//! The schemas that blocks refer to, each stored once.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, Error, Transaction, params};

use crate::block::{Damage, decode_schema, encode_schema};
use crate::{RowSchema, StoreError};

/// All schemas, with their numbers.
#[derive(Default)]
pub(super) struct Schemas {
    all: Vec<StoredSchema>,
}

struct StoredSchema {
    number: i64,
    schema: Arc<RowSchema>,
    /// The caller's own, which is equal: it is known by its address. It is
    /// kept, so that no other schema can have that address.
    known: Option<Arc<RowSchema>>,
}

impl Schemas {
    /// Reads all schemas of the file.
    pub(super) fn read(connection: &Connection, file: &Path) -> Result<Self, StoreError> {
        let reading = |error| StoreError::database("read the schemas in", file, error);
        let mut statement =
            connection.prepare(include_str!("../sql/read_schemas.sql")).map_err(reading)?;
        let mut rows = statement.query(()).map_err(reading)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(reading)? {
            let number: i64 = row.get(0).map_err(reading)?;
            let damaged = |damage| StoreError::schema(file, number, damage);
            let read = || Ok::<_, Error>((row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_blob()?));
            let (product, body) = read().map_err(reading)?;
            let schema = decode_schema(body).map_err(damaged)?;
            if schema.product() != product {
                return Err(damaged(Damage::OtherSchema));
            }
            all.push(StoredSchema { number, schema: Arc::new(schema), known: None });
        }
        Ok(Self { all })
    }

    /// The schema of this number.
    pub(super) fn get(&self, number: i64) -> Option<&Arc<RowSchema>> {
        let place = self.all.binary_search_by_key(&number, |stored| stored.number).ok()?;
        Some(&self.all[place].schema)
    }

    /// The schema of this number, if it is of this product.
    pub(super) fn of(&self, number: i64, product: &str) -> Result<&Arc<RowSchema>, Damage> {
        let found = self.get(number).filter(|schema| schema.product() == product);
        found.ok_or(Damage::OtherSchema)
    }

    /// Returns the number of a schema. Writes it if it is new.
    pub(super) fn number(
        &mut self,
        transaction: &Transaction<'_>,
        schema: &Arc<RowSchema>,
    ) -> Result<i64, Error> {
        // Requests of the same few catalogs come again and again.
        for stored in &self.all {
            let own = [Some(&stored.schema), stored.known.as_ref()];
            if own.into_iter().flatten().any(|known| Arc::ptr_eq(known, schema)) {
                return Ok(stored.number);
            }
        }
        if let Some(stored) = self.all.iter_mut().find(|stored| stored.schema == *schema) {
            stored.known = Some(Arc::clone(schema));
            return Ok(stored.number);
        }
        let number = self.all.last().map_or(1, |last| last.number + 1);
        transaction.prepare_cached(include_str!("../sql/write_schema.sql"))?.execute(params![
            number,
            schema.product(),
            encode_schema(schema)
        ])?;
        self.all.push(StoredSchema { number, schema: Arc::clone(schema), known: None });
        Ok(number)
    }

    /// Every schema, of all products.
    pub(super) fn all(&self) -> impl Iterator<Item = &RowSchema> {
        self.all.iter().map(|stored| stored.schema.as_ref())
    }

    /// How many there are, to return to with
    /// [`forget_after`](Self::forget_after).
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Forgets the schemas of a transaction that failed.
    pub(super) fn forget_after(&mut self, length: usize) {
        self.all.truncate(length);
    }
}
