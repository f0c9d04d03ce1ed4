//! What the writer keeps in memory: the ids and devices of every product and
//! day, and the values that the rollups count. All of it is read from the file
//! when the store opens.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use headcount_catalog::{Day, EventId};
use rusqlite::{Connection, Error};

use crate::block::{self, Damage};
use crate::{Pseudonym, StoreError};

/// What has been committed, as far as the next plan needs to know it. Its
/// hashes are keyed, because senders choose their ids.
#[derive(Default)]
pub(super) struct Memory {
    products: ByName<HashMap<Day, OpenDay>>,
    values: ByName<ByName<ByName<Values>>>,
    last_value: i64,
}

/// The ids and devices of one product and day. An entry takes 17 bytes in a
/// table that is 44 to 87 percent full: 20 to 39 bytes each.
#[derive(Default)]
pub(super) struct OpenDay {
    pub(super) ids: HashSet<EventId>,
    pub(super) devices: HashSet<Pseudonym>,
}

type ByName<V> = HashMap<Box<str>, V>;

/// The values of one product, event and property, with their numbers.
pub(super) type Values = ByName<i64>;

/// A value that a rollup counts for the first time.
#[derive(Clone, Copy)]
pub(super) struct NewValue<'a> {
    pub(super) number: i64,
    pub(super) product: &'a str,
    pub(super) event: &'a str,
    pub(super) property: &'a str,
    pub(super) value: &'a str,
}

impl Memory {
    /// Reads every id, every device and every value from the file.
    pub(super) fn read(connection: &Connection, file: &Path) -> Result<Self, StoreError> {
        let mut memory = Self::default();
        memory
            .read_values(connection)
            .map_err(|error| StoreError::database("read", file, error))?;
        memory.read_blocks(connection, file)?;
        Ok(memory)
    }

    fn read_values(&mut self, connection: &Connection) -> Result<(), Error> {
        let mut statement = connection.prepare(include_str!("../sql/read_values.sql"))?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            let text = |column| Ok::<_, Error>(row.get_ref(column)?.as_str()?);
            self.remember_value(&NewValue {
                number: row.get(0)?,
                product: text(1)?,
                event: text(2)?,
                property: text(3)?,
                value: text(4)?,
            });
        }
        Ok(())
    }

    fn read_blocks(&mut self, connection: &Connection, file: &Path) -> Result<(), StoreError> {
        let reading = |error| StoreError::database("read", file, error);
        let mut statement =
            connection.prepare(include_str!("../sql/read_blocks.sql")).map_err(reading)?;
        let mut rows = statement.query(()).map_err(reading)?;
        while let Some(row) = rows.next().map_err(reading)? {
            let read = || {
                let body = row.get_ref(4)?.as_blob()?;
                Ok((row.get(0)?, row.get_ref(1)?.as_str()?, row.get(2)?, row.get(3)?, body))
            };
            let (number, product, day, count, body): (i64, &str, i32, u32, &[u8]) =
                read().map_err(reading)?;
            let keys =
                block::keys(body).map_err(|damage| StoreError::block(file, number, damage))?;
            if keys.ids().len() != count as usize {
                return Err(StoreError::block(file, number, Damage::RowCount));
            }
            self.remember_day(product, Day::from_number(day), keys.ids(), keys.devices());
        }
        Ok(())
    }

    /// The ids and devices of a product and day, if it has events.
    pub(super) fn day(&self, product: &str, day: Day) -> Option<&OpenDay> {
        self.products.get(product)?.get(&day)
    }

    /// The days of a product that have events.
    pub(super) fn days(&self, product: &str) -> Option<&HashMap<Day, OpenDay>> {
        self.products.get(product)
    }

    /// Every product with its days.
    pub(super) fn products(&self) -> impl Iterator<Item = (&str, &HashMap<Day, OpenDay>)> {
        self.products.iter().map(|(name, days)| (&**name, days))
    }

    /// The values of a product, event and property, if there are any.
    pub(super) fn values(&self, product: &str, event: &str, property: &str) -> Option<&Values> {
        self.values.get(product)?.get(event)?.get(property)
    }

    /// The highest number of a value.
    pub(super) fn last_value(&self) -> i64 {
        self.last_value
    }

    pub(super) fn remember_day(
        &mut self,
        product: &str,
        day: Day,
        ids: impl Iterator<Item = EventId>,
        devices: impl Iterator<Item = Pseudonym>,
    ) {
        let open = entry(&mut self.products, product).entry(day).or_default();
        open.ids.extend(ids);
        open.devices.extend(devices);
    }

    pub(super) fn remember_value(&mut self, new: &NewValue<'_>) {
        let of_event = entry(entry(&mut self.values, new.product), new.event);
        entry(of_event, new.property).insert(new.value.into(), new.number);
        self.last_value = self.last_value.max(new.number);
    }
}

/// Returns the entry of a name. Copies the name only if it is new.
fn entry<'m, V: Default>(map: &'m mut ByName<V>, name: &str) -> &'m mut V {
    if !map.contains_key(name) {
        map.insert(name.into(), V::default());
    }
    map.get_mut(name).expect("the entry was inserted above")
}
