//! How a device is identified.

use crate::Period;

/// How a product identifies a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// How the id is made.
    pub scheme: Scheme,
    /// How long an id is used.
    pub rotation: Rotation,
    /// Where the id is stored.
    pub place: IdPlace,
    /// The periods of which a device marks its first event, instead of an id.
    pub count: &'static [Period],
}

/// How an id is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// A hash of 128 secret random bits, in the form of a version-4 UUID.
    Random,
    /// SHA-256 of host name, user and platform, as in the Clacky seed. It is
    /// linkable: anyone who knows the three can compute it.
    MachineHash,
    /// There is no id.
    None,
}

/// How long an id is used. The order is from more linkable to less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rotation {
    /// Until it is deleted.
    Never,
    /// Until the first day of the next month, UTC.
    Monthly,
}

/// Where a random id is stored. Its secret is always in Headcount's own state
/// file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdPlace {
    /// In a file of its own, relative to the folder.
    File(&'static str),
    /// In the settings file.
    Settings {
        /// The dotted path of the id.
        id: &'static str,
        /// The dotted path of the start of the id's month.
        rotated: Option<&'static str>,
    },
    /// Nowhere: the id is computed, or there is none.
    Nowhere,
}
