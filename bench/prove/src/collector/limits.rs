//! Every size of the collector's proof, with its unit.

use std::time::Duration;

use crate::limits::Effort;

/// Connections of the closed loop, each with one request at a time: as many as
/// the measurement had that decided the store's layout.
pub(crate) const CONNECTIONS: usize = 16;

/// Events a request.
pub(crate) const BATCHES: [usize; 3] = [1, 20, 500];

/// Devices that the events come from, unless each event has its own.
pub(crate) const DEVICES: usize = 100_000;

/// Sample events that the requests of one load take turns in: enough that no
/// predictor learns them by heart.
pub(crate) const SAMPLES: usize = 2_000;

/// Different requests of one load, at least.
pub(crate) const REQUESTS: usize = 8;

/// How long a server may take to start.
pub(crate) const START: Duration = Duration::from_secs(120);

/// How long a load waits for one answer.
pub(crate) const ANSWER: Duration = Duration::from_secs(60);

/// Open connections at twice what the server can take, and while its writer
/// stands still: more than the requests that the collector lets wait (512).
pub(crate) const CROWD: usize = 768;

/// Memory that a crowd may cost: a body of 500 events (150 KB) for each of the
/// requests that wait, as it came and as columns.
pub(crate) const CROWD_MIB: f64 = 160.0;

/// Bytes of memory an id of an open day.
pub(crate) const ID_BYTES: f64 = 32.0;

/// Events a request in the rounds of killing, and on broken disks.
pub(crate) const BATCH: usize = 20;

/// Events a request while the store grows.
pub(crate) const GROWTH_BATCH: usize = 500;

/// Bytes of disk an event that the growing store may need for a while: fresh,
/// in the log, and sealed.
pub(crate) const GROWTH_BYTES: u64 = 46 + 46 + 24;

/// Days over which the growing store's events are spread.
pub(crate) const GROWTH_DAYS: u32 = 30;

/// Events in a million.
pub(crate) const MILLION: u64 = 1_000_000;

/// Times that each question is asked.
pub(crate) const ASKED: usize = 200;

/// How long the engine may take for one statement: a week of copies.
pub(crate) const ENGINE_ANSWER: Duration = Duration::from_secs(1_800);

/// An engine that is hardly on a processor for so long is at rest.
pub(crate) const ENGINE_RESTS: Duration = Duration::from_secs(5);

/// How long it may take to come to rest: merging 100 million events.
pub(crate) const ENGINE_RESTS_AT_MOST: Duration = Duration::from_secs(900);

/// Bytes of the engine's disk that an event may need for a while: its row, that
/// of its device, and both once more while they are merged.
pub(crate) const ENGINE_BYTES: u64 = 2 * (45 + 15);

/// How often it is looked whether a spool is empty.
pub(crate) const LOOK_AT_SPOOL: Duration = Duration::from_millis(20);

/// How long that may take: five million events at ten thousand a second.
pub(crate) const SHIPPED_AT_MOST: Duration = Duration::from_secs(500);

/// The collector's number that copies are of.
pub(crate) const COPIES_NODE: u32 = 4_000_000_007;

/// How often it is looked whether all days are counted.
pub(crate) const LOOK_AT_COUNTS: Duration = Duration::from_millis(500);

/// When a collector that starts must count for the first time: it promises a
/// minute.
pub(crate) const COUNTS_WITHIN: Duration = Duration::from_secs(180);

/// How long that may take: 100 million events at half of what was measured.
pub(crate) const COUNTED_AT_MOST: Duration = Duration::from_secs(3_600);

/// When housekeeping must have begun after a start: it promises a minute.
pub(crate) const HOUSEKEEPING: Duration = Duration::from_secs(75);

/// A folder whose size has not changed for so long is at rest.
pub(crate) const REST: Duration = Duration::from_secs(10);

/// How long a folder may take to come to rest: sealing 100 million events at a
/// million a second, thrice over.
pub(crate) const REST_AT_MOST: Duration = Duration::from_secs(600);

/// A `kill -9` comes at most so long after the load begins.
pub(crate) const KILL_INSTANT_MS: u64 = 300;

/// Requests that were acknowledged before a kill and are sent once more after.
pub(crate) const REPEATED: usize = 8;

/// Bytes of the small disk that is filled.
pub(crate) const DISK_BYTES: u64 = 24 * 1024 * 1024;

/// Bytes on the small disk that are given back when it is full.
pub(crate) const BALLAST_BYTES: usize = 8 * 1024 * 1024;

/// Connections of the load that does not reach the limit: so many that one is
/// free whenever a request is due.
pub(crate) const LATENCY_CONNECTIONS: usize = 64;

impl Effort {
    /// What is not counted, and what is, of one cell.
    pub(crate) fn window(self) -> (Duration, Duration) {
        match self {
            Self::Full => (Duration::from_secs(1), Duration::from_secs(5)),
            Self::Quick => (Duration::from_millis(50), Duration::from_millis(250)),
        }
    }

    /// Turns of each cell, on a new folder each time.
    pub(crate) fn turns(self) -> u32 {
        match self {
            Self::Full => 3,
            Self::Quick => 1,
        }
    }

    /// How long a server is offered twice what it can take.
    pub(crate) fn overload(self) -> Duration {
        match self {
            Self::Full => Duration::from_secs(20),
            Self::Quick => Duration::from_secs(2),
        }
    }

    /// Rounds of `kill -9`.
    pub(crate) fn kills(self) -> u32 {
        match self {
            Self::Full => 200,
            Self::Quick => 10,
        }
    }

    /// How long a full disk is loaded.
    pub(crate) fn full_disk(self) -> Duration {
        match self {
            Self::Full => Duration::from_secs(10),
            Self::Quick => Duration::from_secs(5),
        }
    }

    /// How long a writer is held, and a collector without a folder is loaded.
    pub(crate) fn broken(self) -> Duration {
        match self {
            Self::Full => Duration::from_secs(5),
            Self::Quick => Duration::from_secs(2),
        }
    }

    /// How soon a collector must notice that its disk is well again, or gone.
    pub(crate) fn noticed(self) -> Duration {
        match self {
            Self::Full => Duration::from_secs(60),
            Self::Quick => Duration::from_secs(5),
        }
    }

    /// Millions of events at which the growing store is looked at, unless
    /// another end is named.
    pub(crate) fn growth(self) -> u64 {
        match self {
            Self::Full => 10,
            Self::Quick => 1,
        }
    }

    /// How long a question is asked again and again, and how often at least: a
    /// page of 100 million events may take a while.
    pub(crate) fn asked_within(self) -> (Duration, usize) {
        match self {
            Self::Full => (Duration::from_secs(10), 3),
            Self::Quick => (Duration::from_secs(1), 2),
        }
    }

    /// Events that the engine makes of each one that was moved.
    pub(crate) fn copies(self) -> u64 {
        match self {
            Self::Full => 10,
            Self::Quick => 2,
        }
    }

    /// The long load, and how often it is looked at.
    pub(crate) fn steady(self) -> (Duration, Duration) {
        match self {
            Self::Full => (Duration::from_secs(20 * 60), Duration::from_secs(5)),
            Self::Quick => (Duration::from_secs(4), Duration::from_millis(200)),
        }
    }
}
