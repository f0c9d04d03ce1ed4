//! Rows with some of their columns, for whoever only counts them.

use super::sealed_rows::SlotDevice;
use super::slots::DeviceSlots;
use crate::{CellColumn, DayRows, RowMarks};

/// What of rows is read.
#[derive(Debug, Clone, Default)]
pub(crate) struct WantedPart {
    /// Places of columns.
    pub(crate) columns: Vec<usize>,
    /// Whether devices and marks are wanted.
    pub(crate) has_devices: bool,
}

/// Rows of one schema and day, without ids. Lists have one entry a row.
#[derive(Debug, Default)]
pub(crate) struct RowPart {
    pub(crate) events: Vec<u16>,
    pub(crate) weights: Vec<u16>,
    /// Empty unless devices are wanted.
    pub(crate) marks: Vec<RowMarks>,
    /// Empty unless they are wanted.
    pub(crate) devices: Vec<SlotDevice>,
    /// The wanted columns, each with its place.
    pub(crate) columns: Vec<(usize, CellColumn)>,
}

impl RowPart {
    /// The part of rows that are in memory.
    pub(crate) fn of_rows(
        rows: &DayRows,
        wanted: &WantedPart,
        slots: &mut (impl DeviceSlots + ?Sized),
    ) -> Self {
        let heads = rows.heads();
        let mut part = Self {
            events: heads.iter().map(|head| head.event).collect(),
            weights: heads.iter().map(|head| head.weight).collect(),
            ..Self::default()
        };
        if wanted.has_devices {
            part.marks = heads.iter().map(|head| head.marks).collect();
            part.devices = heads.iter().map(|head| SlotDevice::of(head.device, slots)).collect();
        }
        let column = |place: &usize| (*place, rows.columns()[*place].clone());
        part.columns = wanted.columns.iter().map(column).collect();
        part
    }

    /// The number of rows.
    pub(crate) fn len(&self) -> usize {
        self.events.len()
    }

    /// The column of a place that was wanted.
    pub(crate) fn column(&self, place: usize) -> Option<&CellColumn> {
        self.columns.iter().find(|(own, _)| *own == place).map(|(_, column)| column)
    }
}
