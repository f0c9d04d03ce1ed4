//! The limits of a replay, with their units and arithmetic.

use std::time::Duration;

/// How long one request may take: ten times what a shipper gives it, since
/// nobody waits for the end of a command.
pub(super) const REQUEST: Duration = Duration::from_secs(30);

/// How often a batch is sent that the destination takes later, such as one that
/// answers 429 or 503.
pub(super) const TRIES: u32 = 5;

/// The pause before the second try; each further one is twice as long, so all
/// tries of a batch take 1 + 2 + 4 + 8 = 15 s.
pub(super) const PAUSE_FIRST: Duration = Duration::from_secs(1);

/// The longest pause that a destination may ask for and that is waited for. It
/// is told of a longer one.
pub(super) const PAUSE_LONGEST: Duration = Duration::from_secs(60);

/// Batches that are being filled at once: an export has ten rates and two
/// lifetimes of homes, a queue a few ids. At 512 KiB each they are 16 MiB.
pub(super) const OPEN_BATCHES: usize = 32;

/// Bytes of a line of an export: twice what a record may have, since an export
/// writes other names and more escapes.
pub(super) const EXPORT_LINE_BYTES: u64 = 128 * 1024;

/// Events that `--dry-run` names, by how often they come.
pub(super) const NAMED_EVENTS: usize = 12;
