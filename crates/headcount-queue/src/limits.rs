//! The limits of the queue, with their units and arithmetic.

use std::time::Duration;

/// Bytes of one line without its newline. A record has 200 to 2,000 bytes; 64
/// KiB is the largest single append that stayed whole in measurements with
/// eight processes at once.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// How long a writer tries to lock the open segment before it uses a side
/// segment. Headcount never keeps writers from the open segment (see the first
/// page of the crate), so this is for other programs that lock it, such as a
/// backup or a virus scanner.
pub(crate) const LOCK_WAIT: Duration = Duration::from_millis(1);

/// The pause between two tries for a lock: at most 20 fit into [`LOCK_WAIT`].
pub(crate) const LOCK_PAUSE: Duration = Duration::from_micros(50);

/// How often a line is appended until it is a line of its own. The second time
/// is enough, since it ends the fragment before it; where a file system does
/// not keep two appends apart, each of them loses against one other writer.
pub(crate) const APPENDS: u32 = 4;

/// Bytes that are searched for a line that was just appended: what others
/// appended in the same microseconds, a hundred of the longest lines.
#[cfg(windows)]
pub(crate) const TAIL_BYTES: u64 = 100 * (MAX_LINE_BYTES as u64 + 1);

/// How long a shipper waits for the writers of a claimed segment. They need
/// about a microsecond each, and no new ones come. A quarter of a second is 2.5
/// % of the ten seconds that a shipper may run.
pub(crate) const CLAIM_WAIT: Duration = Duration::from_millis(250);

/// How long a shipper or a person's command waits for a file that another
/// program has open to itself, as virus scanners hold what is new for up to a
/// second. On Unix nobody can keep a file so.
pub(crate) const IN_USE_WAIT: Duration = Duration::from_millis(1_500);

/// How often the file of the ship lock is opened again, or its folder created
/// again, because it was removed between `open` and lock. Headcount removes it
/// only when it removes everything, which happens once.
pub(crate) const REOPENS: u32 = 16;

/// Side segments. One would be enough if another program locked one file; four
/// are for a program that locks one file after another.
pub(crate) const SIDES: u8 = 4;

/// The parts of [`crate::Bounds::bytes`]: 8 for the open segment, 1 for each of
/// the 4 side segments, 20 for the claims; 8 + 4 × 1 + 20 = 32.
const PARTS: u64 = 32;
const OPEN_PARTS: u64 = 8;
const SIDE_PARTS: u64 = 1;
const CLAIM_PARTS: u64 = PARTS - OPEN_PARTS - SIDE_PARTS * SIDES as u64;

/// Returns the bytes that the open segment may reach: a quarter of the bound. A
/// claim is not larger, so giving up the oldest claim never loses more than a
/// quarter.
pub(crate) const fn open_share_bytes(bound_bytes: u64) -> u64 {
    bound_bytes / PARTS * OPEN_PARTS
}

/// Returns the bytes that a side segment may reach: a thirty-second of the
/// bound.
pub(crate) const fn side_share_bytes(bound_bytes: u64) -> u64 {
    bound_bytes / PARTS * SIDE_PARTS
}

/// Returns the bytes that all claims together may have: twenty thirty-seconds
/// of the bound.
pub(crate) const fn claims_share_bytes(bound_bytes: u64) -> u64 {
    bound_bytes / PARTS * CLAIM_PARTS
}

/// Claims that are kept. While one destination is unreachable and another is
/// not, every shipment leaves a claim, however small, and every later one reads
/// it. A claim then has two files, each a block of 4 KiB on most disks: 2 ×
/// 1,024 × 4 KiB = 8 MiB, as much as the usual bound allows for lines. That is
/// a shipment a minute for 17 hours, or 100 a day for ten days.
pub(crate) const MAX_CLAIMS: usize = 1_024;

/// Returns the bytes of a segment that are read at most, and those of
/// everything that is given up at once: as much as the queue may hold, and at
/// least the usual 8 MiB in case the bound was lowered. Whatever the queue
/// itself wrote is smaller. 8 MiB of newlines take a quarter of a second to
/// read; a gigabyte would take 30 seconds, three times as long as a shipper may
/// run.
pub(crate) const fn readable_bytes(bound_bytes: u64) -> u64 {
    let usual = crate::Bounds::USUAL.bytes;
    if bound_bytes > usual { bound_bytes } else { usual }
}

/// A segment may reach the limit on the size of files (`ulimit -f`) divided by
/// this. A write at the limit would kill the host (SIGXFSZ), and several
/// writers may append after they read the size at the same time.
pub(crate) const FILE_LIMIT_PARTS: u64 = 2;

/// Bytes of a progress file that are read at most. A batch has about 40 bytes,
/// so 4 MiB are 100,000 batches of one claim, five times the lines of
/// [`crate::Bounds::USUAL`].
pub(crate) const MAX_PROGRESS_BYTES: u64 = 4 * 1024 * 1024;

/// Characters of the name of a destination. It is part of the name of a file,
/// which may have 255 bytes on all common file systems.
pub(crate) const MAX_DESTINATION_CHARS: usize = 64;

/// Bytes that are read from a segment at once.
pub(crate) const READ_BUFFER_BYTES: usize = 64 * 1024;

/// Seconds in a day, for [`crate::Bounds::days`].
pub(crate) const DAY_SECONDS: u64 = 24 * 60 * 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_never_exceed_the_bound() {
        for bound in [0, 31, 32, 33, 1_000_000, 8 * 1024 * 1024, u64::MAX] {
            let sides = side_share_bytes(bound) * u64::from(SIDES);
            let open = open_share_bytes(bound);
            let claims = claims_share_bytes(bound);
            assert!(sides.checked_add(open).unwrap().checked_add(claims).unwrap() <= bound);
        }
    }

    #[test]
    fn a_full_open_segment_fits_among_the_claims_twice() {
        assert!(2 * open_share_bytes(1 << 20) <= claims_share_bytes(1 << 20));
    }
}
