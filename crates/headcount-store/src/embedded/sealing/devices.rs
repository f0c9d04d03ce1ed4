//! The devices of each product, in a table.

use std::collections::HashMap;

use rusqlite::{Connection, Error, Transaction, params};

use crate::Pseudonym;
use crate::sealed::DeviceSlots;

/// The slots of every product.
#[derive(Default)]
pub(in crate::embedded) struct SlotTables {
    products: HashMap<String, SlotTable>,
}

#[derive(Default)]
pub(in crate::embedded) struct SlotTable {
    slots: HashMap<Pseudonym, u32>,
    devices: Vec<Option<Pseudonym>>,
    unwritten: Vec<u32>,
}

impl SlotTables {
    pub(super) fn read(connection: &Connection) -> Result<Self, Error> {
        let mut tables = Self::default();
        let mut statement =
            connection.prepare("SELECT product, slot, pseudonym FROM device_slot ORDER BY slot")?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            let table = tables.of(row.get_ref(0)?.as_str()?);
            let (slot, device): (u32, [u8; 16]) = (row.get(1)?, row.get(2)?);
            let device = Pseudonym::from_bytes(device);
            table.devices.resize(slot as usize + 1, None);
            table.devices[slot as usize] = Some(device);
            table.slots.insert(device, slot);
        }
        Ok(tables)
    }

    pub(in crate::embedded) fn of(&mut self, product: &str) -> &mut SlotTable {
        self.products.entry(product.to_owned()).or_default()
    }

    pub(super) fn write(&mut self, transaction: &Transaction<'_>) -> Result<(), Error> {
        let mut write =
            transaction.prepare_cached("INSERT OR IGNORE INTO device_slot VALUES (?1, ?2, ?3)")?;
        for (product, table) in &mut self.products {
            for slot in std::mem::take(&mut table.unwritten) {
                if let Some(device) = table.devices[slot as usize] {
                    write.execute(params![product, slot, device.bytes()])?;
                }
            }
        }
        Ok(())
    }
}

impl SlotTable {
    pub(super) fn find(&self, device: Pseudonym) -> Option<u32> {
        self.slots.get(&device).copied()
    }
}

impl DeviceSlots for SlotTable {
    fn slot(&mut self, device: Pseudonym) -> u32 {
        *self.slots.entry(device).or_insert_with(|| {
            let slot = self.devices.len() as u32;
            self.devices.push(Some(device));
            self.unwritten.push(slot);
            slot
        })
    }

    fn pseudonym(&self, slot: u32) -> Option<Pseudonym> {
        self.devices.get(slot as usize).copied().flatten()
    }
}
