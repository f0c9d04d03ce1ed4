//! The room of every limit of the queue, with its unit and its arithmetic.

use std::time::Duration;

/// Bytes of one line, its newline not counted. A record is 200 to 2,000 bytes; 64 KiB is the
/// largest single append that was measured untorn with eight processes at once.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// How long a writer tries for the open segment before it turns to a side segment. No process of
/// ours ever keeps the open segment's lock from its writers (see the crate's own page), so this is
/// for foreign holders: a backup, a virus scanner.
pub(crate) const LOCK_WAIT: Duration = Duration::from_millis(1);

/// The pause between two tries for a lock: twenty at most fit into [`LOCK_WAIT`].
pub(crate) const LOCK_PAUSE: Duration = Duration::from_micros(50);

/// How long a shipper waits for the writers of one claimed segment to end. They need about a
/// microsecond each, and no new ones come; a quarter of a second is 2.5 % of its ten seconds. On
/// Windows it is also the wait for whoever has a progress file open.
pub(crate) const CLAIM_WAIT: Duration = Duration::from_millis(250);

/// How often the ship lock's file is opened again, or its folder made again, because somebody
/// removed it between `open` and lock. Nothing of ours does but the removal of everything, which
/// happens once.
pub(crate) const REOPENS: u32 = 16;

/// Side segments beside an open segment. One would do beside a single foreign holder; four also
/// survive one that walks through the folder.
pub(crate) const SIDES: u8 = 4;

/// The parts into which [`crate::Bounds::bytes`] is cut: 8 for the open segment, 1 for each of the
/// 4 side segments, 20 for the claims; 8 + 4 × 1 + 20 = 32.
const PARTS: u64 = 32;
const OPEN_PARTS: u64 = 8;
const SIDE_PARTS: u64 = 1;
const CLAIM_PARTS: u64 = PARTS - OPEN_PARTS - SIDE_PARTS * SIDES as u64;

/// Bytes the open segment may reach on the write path: a quarter of the bound. It is also the
/// largest claim, so that giving up the oldest claim never costs more than a quarter.
pub(crate) const fn open_share_bytes(bound_bytes: u64) -> u64 {
    bound_bytes / PARTS * OPEN_PARTS
}

/// Bytes one side segment may reach on the write path: a thirty-second of the bound.
pub(crate) const fn side_share_bytes(bound_bytes: u64) -> u64 {
    bound_bytes / PARTS * SIDE_PARTS
}

/// Bytes all claims together may have after each claim: twenty thirty-seconds of the bound.
pub(crate) const fn claims_share_bytes(bound_bytes: u64) -> u64 {
    bound_bytes / PARTS * CLAIM_PARTS
}

/// Claims that are kept. A destination that is dead while another is alive leaves one at every
/// command, however little is in it, and each is looked at in every round. It has two files then,
/// each a block of 4 KiB on most disks: 2 × 1,024 × 4 KiB = 8 MiB, as much as the usual bound allows
/// to lines. That is a command a minute for 17 hours, or 100 a day for ten days.
pub(crate) const MAX_CLAIMS: usize = 1_024;

/// Bytes of one segment that are read at all, and of everything that is given up at one claim: as
/// much as the queue may hold, and no less than the usual 8 MiB in case its bound was lowered. All
/// of a queue's own writing is less than that. 8 MiB of newlines take a quarter of a second; a
/// gigabyte of them would take thirty, three times a shipper's life.
pub(crate) const fn readable_bytes(bound_bytes: u64) -> u64 {
    let usual = crate::Bounds::USUAL.bytes;
    if bound_bytes > usual { bound_bytes } else { usual }
}

/// The part of the process' own limit on the size of a file (`ulimit -f`) that a segment may reach:
/// a half. A write at the limit would end the host (SIGXFSZ), and writers that look at the size at
/// the same moment may exceed what each of them saw.
pub(crate) const FILE_LIMIT_PARTS: u64 = 2;

/// Bytes of one progress file that are read at all. A batch takes about 40 bytes, so 4 MiB is
/// 100,000 batches of one claim, five times the lines of [`crate::Bounds::USUAL`].
pub(crate) const MAX_PROGRESS_BYTES: u64 = 4 * 1024 * 1024;

/// Characters of a destination's name, which becomes part of a file name (255 bytes at most on
/// every file system that matters).
pub(crate) const MAX_DESTINATION_CHARS: usize = 64;

/// Bytes read at once from a segment.
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
