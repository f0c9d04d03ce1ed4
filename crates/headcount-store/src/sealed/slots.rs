//! Devices as small numbers.

use crate::Pseudonym;

/// The devices of one product, each with a number that is never given to
/// another one.
pub(crate) trait DeviceSlots {
    /// Returns the slot of a device. A new device gets the next one.
    fn slot(&mut self, device: Pseudonym) -> u32;

    /// Returns the device of a slot, unless it has been erased.
    fn pseudonym(&self, slot: u32) -> Option<Pseudonym>;
}
