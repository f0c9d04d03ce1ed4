//! Chance that can be had again: the same seed, the same instants.

use std::time::Duration;

/// SplitMix64, which is a paragraph and passes the usual tests of randomness.
#[derive(Debug, Clone)]
pub(crate) struct Chance {
    state: u64,
}

impl Chance {
    /// That of one round.
    pub(crate) fn of(seed: u64, round: u32) -> Self {
        let mut chance = Self { state: seed };
        chance.state = chance.next() ^ u64::from(round);
        chance
    }

    /// Any number.
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One in `of`.
    pub(crate) fn one_in(&mut self, of: u64) -> Option<()> {
        self.next().is_multiple_of(of).then_some(())
    }

    /// Any instant up to `limit`, to the microsecond.
    pub(crate) fn instant(&mut self, limit: Duration) -> Duration {
        let micros = u64::try_from(limit.as_micros()).unwrap_or(u64::MAX).max(1);
        Duration::from_micros(self.next() % micros)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_is_had_again_and_no_two_are_alike() {
        let numbers = |round| {
            let mut chance = Chance::of(7, round);
            [chance.next(), chance.next()]
        };
        assert_eq!(numbers(1), numbers(1));
        assert_ne!(numbers(1), numbers(2));
        let limit = Duration::from_millis(8);
        let mut chance = Chance::of(7, 3);
        assert!((0..1_000).all(|_| chance.instant(limit) < limit));
        let hits = (0..1_000).filter(|round| Chance::of(7, *round).one_in(4).is_some()).count();
        assert!((200..300).contains(&hits), "{hits}");
    }
}
