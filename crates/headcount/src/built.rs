//! Whether this build has telemetry at all.
//!
//! Without the feature `enabled`, every entry point of this crate returns at
//! once on a constant, so the compiler drops the code behind it. A distribution
//! can build a host without telemetry and without changing its code.

/// Whether this build has telemetry.
pub(crate) const BUILT: bool = cfg!(feature = "enabled");
