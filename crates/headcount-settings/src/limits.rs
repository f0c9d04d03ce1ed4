//! The limits of reading settings, with their units and their arithmetic.
//!
//! The caller limits the bytes of a file; here only depth needs a limit.

/// Levels of nesting that a YAML text may have, block and flow counted apart:
/// deep enough for any settings written by hand, and 128 levels of a walk that
/// takes less than a kilobyte of stack each stay far below the 2 MiB of a
/// thread. JSON (128) and TOML (80) are bounded by their parsers.
#[cfg(feature = "yaml")]
pub(super) const YAML_DEPTH: usize = 64;
