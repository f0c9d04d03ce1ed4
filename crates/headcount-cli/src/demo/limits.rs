//! Every limit of the demo, with its unit and its arithmetic.

use std::time::Duration;

use headcount_catalog::{Day, Days};

use super::story::Waits;

/// How much is played.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// Days, the last of which is today.
    pub(super) days: u16,
    /// Percent of each story's people.
    pub(super) people_percent: u32,
    /// Times the collector is stopped in the middle of a day and started again.
    pub(super) restarts: u16,
}

impl Scale {
    /// Two months of about 520 people, 60,000 events: what the charts need to
    /// look like a product's, in well under a minute.
    pub(super) const WHOLE: Self = Self { days: 60, people_percent: 100, restarts: 2 };

    /// The first day of a play that ends on this one.
    pub(super) fn first_day(self, last: Day) -> Day {
        last.plus(1 - i32::from(self.days))
    }
}

/// People of a product whatever the scale: with twelve, each answer to the
/// question of consent is given at least once.
pub(super) const PEOPLE_LEAST: u32 = 12;

/// Threads that play people. They wait for the collector's disk most of the
/// time, and what waits together is written in one commit; more than eight made
/// nothing faster on two cores.
pub(super) const THREADS: usize = 8;

/// Days that unsent events stay on a machine, usually.
const ON_MACHINE: Days = Days(30);

/// The same where a story wants some to wait too long, in percent of the play:
/// 7 days of 60. What a shipment leaves is tried again the next day, so that
/// the least would do for everybody who has a network.
const ON_MACHINE_PERCENT: u16 = 12;
const ON_MACHINE_LEAST: u16 = 3;

/// Days that unsent events stay on a machine.
pub(super) fn on_machine(waits: Waits, days: u16) -> Days {
    match waits {
        Waits::AsUsual => ON_MACHINE,
        Waits::NotForLong => Days((days * ON_MACHINE_PERCENT / 100).max(ON_MACHINE_LEAST)),
    }
}

/// The part of the play during which one machine in [`OFFLINE_ONE_IN`] of a
/// product of [`Waits::NotForLong`] has no network, in percent of its days: 18
/// days of 60, so that what was recorded first waits too long.
pub(super) const OFFLINE_PERCENT: (u32, u32) = (35, 65);
pub(super) const OFFLINE_ONE_IN: u32 = 12;

/// Hours that an outage lasts, from noon on.
pub(super) const OUTAGE_HOURS: i64 = 36;

/// The part of what people usually do that they still do in an outage.
pub(super) const OUTAGE_LEFT: f64 = 0.07;

/// Of a hundred shipments, how many arrive while their answer does not: the
/// machine was put to sleep, the process killed. They come again, and are the
/// duplicates.
pub(super) const ANSWERS_LOST: f64 = 0.03;

/// Of a hundred active days, on how many something is shipped in the middle of
/// the day too.
pub(super) const NOON_SHIPMENTS: f64 = 0.4;

/// Days a wrong clock is ahead. A collector takes one day; three is no
/// borderline.
pub(super) const CLOCK_AHEAD_DAYS: i32 = 3;

/// The part of the play during which a wrong clock is wrong, in percent of its
/// days.
pub(super) const CLOCK_AHEAD_PERCENT: (u32, u32) = (30, 55);

/// Rounds at the end in which what is left is shipped, each [`ROUND_SECONDS`]
/// later than the one before. Two would do where a destination failed once.
pub(super) const ROUNDS: u8 = 12;

/// Seconds between two such rounds: twice the longest pause that failures lead
/// to, an hour.
pub(super) const ROUND_SECONDS: i64 = 7_200;

/// How often a line of progress is written where it cannot be overwritten.
pub(super) const PROGRESS_LINES: Duration = Duration::from_secs(3);

/// How often it is overwritten where it can: ten times a second looks steady.
pub(super) const PROGRESS_UPDATES: Duration = Duration::from_millis(100);
