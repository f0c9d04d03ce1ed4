//! Whether telemetry is in this build at all.
//!
//! Without the feature `enabled` every entry of this crate returns at once on a
//! constant, so that the compiler drops what stands behind it: a distribution
//! can build a host without any of it and change none of its code.

/// Whether this build has telemetry.
pub(crate) const BUILT: bool = cfg!(feature = "enabled");
