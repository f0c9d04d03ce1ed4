//! Messages that wait to be delivered: a bounded list, each tried again later.

use headcount_catalog::Time;

use super::message::AlertMessage;
use crate::limits;

/// A message that waits.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pending {
    pub(crate) rule: String,
    pub(crate) channel: String,
    pub(crate) message: AlertMessage,
    pub(crate) tries: u32,
    pub(crate) next: Time,
}

/// What becomes of a message that was not delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Waits,
    GivenUp,
}

/// Adds a message. Returns how many of the oldest had to go for it.
pub(crate) fn push(all: &mut Vec<Pending>, new: Pending) -> usize {
    all.push(new);
    let too_many = all.len().saturating_sub(limits::ALERT_MESSAGES);
    all.drain(..too_many);
    too_many
}

/// The place of the first message whose turn it is. A message waits for those
/// before it of the same rule and channel, so that `begun` comes before `over`.
pub(crate) fn due(all: &[Pending], now: Time) -> Option<usize> {
    let is_behind = |at: usize| {
        all[..at].iter().any(|one| one.rule == all[at].rule && one.channel == all[at].channel)
    };
    // A clock that is set back by more than the longest pause holds nothing up.
    let is_due = |one: &Pending| {
        one.next <= now || one.next.seconds() - now.seconds() > limits::ALERT_LONGEST_PAUSE_SECONDS
    };
    (0..all.len()).find(|at| is_due(&all[*at]) && !is_behind(*at))
}

/// Decides when a message is tried again that was not delivered: after one
/// minute, two, four, up to an hour, and then no more.
pub(crate) fn failed(one: &mut Pending, now: Time) -> Fate {
    one.tries += 1;
    if one.tries >= limits::ALERT_TRIES {
        return Fate::GivenUp;
    }
    let pause = 60_i64 << (one.tries - 1).min(10);
    let pause = pause.min(limits::ALERT_LONGEST_PAUSE_SECONDS);
    one.next = Time::from_seconds(now.seconds() + pause);
    Fate::Waits
}
