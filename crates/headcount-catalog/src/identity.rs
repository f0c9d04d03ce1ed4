//! What stands for the device.

/// The identity of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Identity {
    /// How the id is made.
    pub scheme: Scheme,
    /// How long one lives.
    pub rotation: Rotation,
    /// Where the product keeps it.
    pub place: IdPlace,
}

/// How an id is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// A hash of 128 secret random bits, in the form of a version-4 UUID.
    Random,
    /// SHA-256 of host name, user and platform, as the Clacky seed has it.
    /// Linkable: whoever knows the three can make it.
    MachineHash,
    /// There is none.
    None,
}

/// How long an id lives.
///
/// Ordered: the later says less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rotation {
    /// Until it is cleared.
    Never,
    /// Until the first of the next month, UTC.
    Monthly,
}

/// Where a random id is kept. Its secret is always in our own state file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdPlace {
    /// In a file of its own, relative to the folder.
    File(&'static str),
    /// In the settings file.
    Settings {
        /// Dotted path of the id.
        id: &'static str,
        /// Dotted path of the first instant of the id's month.
        rotated: Option<&'static str>,
    },
    /// Nowhere: it is computed, or there is none.
    Nowhere,
}
