//! Every size of the proof, with its unit: the full run's and the quick one's;
//! and the budgets.

use std::time::Duration;

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// Everything: under ten minutes on two quiet cores.
    Full,
    /// Just enough to see that it works: under a minute once it is built.
    Quick,
}

impl Effort {
    fn of<T>(self, full: T, quick: T) -> T {
        match self {
            Self::Full => full,
            Self::Quick => quick,
        }
    }

    /// Processes that look at themselves, and turns of each.
    pub(crate) fn inside(self) -> (u32, u32) {
        self.of((7, 60), (3, 10))
    }

    /// Rounds of threads and of as many hosts, each more than a second long.
    pub(crate) fn thread_rounds(self) -> u32 {
        self.of(8, 2)
    }

    /// Rounds in which every host runs once, the endpoint healthy.
    pub(crate) fn rounds(self) -> u32 {
        self.of(200, 20)
    }

    /// Every how many of those rounds a host of a millisecond and more takes
    /// part.
    pub(crate) fn slow_every(self) -> u32 {
        self.of(5, 10)
    }

    /// The same for hosts of a tenth of a second.
    pub(crate) fn node_every(self) -> u32 {
        self.of(20, 10)
    }

    /// Rounds against each endpoint that is not healthy.
    pub(crate) fn dead_rounds(self) -> u32 {
        self.of(100, 5)
    }

    /// Runs of each host that waits for its endpoint.
    pub(crate) fn patient_runs(self) -> u32 {
        self.of(3, 1)
    }

    /// When a host that still waits is stopped.
    pub(crate) fn patience(self) -> Duration {
        self.of(Duration::from_secs(35), Duration::from_secs(3))
    }

    /// Rounds of each cell of the table of growth.
    pub(crate) fn growth_rounds(self) -> u32 {
        self.of(15, 2)
    }

    /// Lives of a shipper, against each endpoint.
    pub(crate) fn shipper_lives(self) -> u32 {
        self.of(3, 1)
    }

    /// Rounds in which a transcript is read.
    pub(crate) fn transcript_rounds(self) -> u32 {
        self.of(20, 3)
    }

    /// Rounds of killing.
    pub(crate) fn loss_rounds(self) -> u32 {
        self.of(1_000, 30)
    }
}

/// How late the slow endpoint answers.
pub(crate) const SLOW: Duration = Duration::from_millis(200);

/// When a process that should have ended long ago is stopped: thrice a
/// shipper's ten seconds.
pub(crate) const STUCK: Duration = Duration::from_secs(30);

/// Runs of a host that is alone, for one of a crowd.
pub(crate) const ALONE: u32 = 10;

/// Processes at once, in the table of growth.
pub(crate) const CROWDS: [u32; 3] = [1, 8, 64];

/// Events recorded beforehand, in the table of growth. The last is more than a
/// queue takes.
pub(crate) const QUEUED: [u32; 3] = [0, 1_000, 100_000];

/// Threads, or hosts, that record at once.
pub(crate) const THREADS: [u32; 3] = [1, 4, 8];

/// Events of each of them: eight times as many of 230 bytes are 1.8 MB, and the
/// open segment takes 2 MiB.
pub(crate) const THREAD_EVENTS: u32 = 1_000;

/// Events of one writer in a round of killing: at about 5 µs each with its
/// reports, a millisecond.
pub(crate) const LOSS_EVENTS: u32 = 200;

/// A random instant of killing lies at most this long after the round's start.
pub(crate) const LOSS_INSTANT: Duration = Duration::from_millis(8);

/// Recording costs at most twice the bare locked append.
pub(crate) const RECORD_RATIO: f64 = 2.0;

/// Threads of one host are at least as fast as as many hosts; a run of
/// milliseconds on a machine with fewer cores than threads varies by a tenth.
pub(crate) const THREADS_RATIO: f64 = 1.1;

/// A start costs at most this many microseconds,
pub(crate) const START_US: f64 = 30.0;

/// and this many where a variable says off.
pub(crate) const START_OFF_US: f64 = 5.0;

/// A host with nothing due is at most this much slower, in microseconds, or
pub(crate) const NOTHING_DUE_US: f64 = 100.0;

/// this part of the bare host.
pub(crate) const NOTHING_DUE_PART: f64 = 0.01;

/// A host that starts a shipper pays at most this many detached spawns.
pub(crate) const SHIPPING_RATIO: f64 = 1.3;

/// Resident memory of a shipper, in MiB.
pub(crate) const SHIPPER_MIB: f64 = 16.0;

/// A shipper's life, in seconds.
pub(crate) const SHIPPER_LIFE_S: f64 = 10.0;

/// What the SDK with its own TLS may add to a host.
pub(crate) const WEIGHT: Weight = Weight { kilobytes: 3_250.0, crates: 40, build_s: 75.0 };

/// The same at `opt-level = "z"`, in kilobytes.
pub(crate) const SMALL_KILOBYTES: f64 = 1_800.0;

/// What the SDK that ships through the system's `curl` may add to a host: 14
/// crates that are linked, and 6 while it is built.
pub(crate) const CURL_WEIGHT: Weight = Weight { kilobytes: 1_000.0, crates: 20, build_s: 30.0 };

/// What something may add to a host.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weight {
    /// 1,000 bytes each, of the stripped binary.
    pub(crate) kilobytes: f64,
    /// Distinct crates.
    pub(crate) crates: usize,
    /// Processor seconds of a cold build, one job.
    pub(crate) build_s: f64,
}

/// A call of the hook takes at most this many times `/bin/true`,
pub(crate) const HOOK_RATIO: f64 = 3.0;

/// and this much memory, in MiB.
pub(crate) const HOOK_MIB: f64 = 8.0;

/// The length of a long transcript.
pub(crate) const TRANSCRIPT_BYTES: usize = 100_000_000;

/// How fast it is read at least, in 1,000,000,000 bytes a second.
pub(crate) const TRANSCRIPT_GB_S: f64 = 1.0;
