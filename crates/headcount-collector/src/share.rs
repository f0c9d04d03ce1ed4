//! Shares of events that failed, and how sure they are. Pure.

use std::iter::Sum;
use std::ops::AddAssign;

/// The 97.5 % quantile of the normal distribution: an interval of 95 %.
const Z: f64 = 1.959_964;

/// How many of all failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) failed: u64,
    pub(crate) all: u64,
}

impl AddAssign for Share {
    fn add_assign(&mut self, other: Self) {
        self.failed += other.failed;
        self.all += other.all;
    }
}

impl Sum for Share {
    fn sum<I: Iterator<Item = Self>>(shares: I) -> Self {
        let mut sum = Self::default();
        shares.for_each(|share| sum += share);
        sum
    }
}

impl Share {
    pub(crate) fn of(failed: u64, worked: u64) -> Self {
        Self { failed, all: failed + worked }
    }

    /// The share; 0 if there is nothing.
    pub(crate) fn value(self) -> f64 {
        if self.all == 0 { 0.0 } else { self.failed as f64 / self.all as f64 }
    }

    /// Wilson's interval (1927) of 95 %: in it is the share that would be seen
    /// of endlessly many such events. It is right for few events, too.
    pub(crate) fn interval(self) -> (f64, f64) {
        if self.all == 0 {
            return (0.0, 1.0);
        }
        let (share, all) = (self.value(), self.all as f64);
        let spread = 1.0 + Z * Z / all;
        let middle = (share + Z * Z / (2.0 * all)) / spread;
        let half = Z / spread * (share * (1.0 - share) / all + Z * Z / (4.0 * all * all)).sqrt();
        // At the ends it is exact, and rounding must not say otherwise.
        let low = if self.failed == 0 { 0.0 } else { (middle - half).max(0.0) };
        let high = if self.failed == self.all { 1.0 } else { (middle + half).min(1.0) };
        (low, high)
    }

    /// Whether it is greater than another one beyond doubt: the intervals do
    /// not touch.
    pub(crate) fn is_above(self, other: Self) -> bool {
        self.interval().0 > other.interval().1
    }
}

/// A change from one version to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step<'a> {
    pub(crate) version: &'a str,
    pub(crate) is_worse: bool,
    pub(crate) before: Share,
    pub(crate) after: Share,
}

/// The versions from which on more failed, or fewer again, the oldest first.
/// Each is compared with all events since the last such version; versions with
/// fewer than `least` events are left out.
pub(crate) fn steps<'a>(versions: &[(&'a str, Share)], least: u64) -> Vec<Step<'a>> {
    let mut steps: Vec<Step<'a>> = Vec::new();
    let mut so_far = Share::default();
    for (version, share) in versions.iter().filter(|(_, share)| share.all >= least) {
        let (after, before) = (*share, so_far);
        let is_worse = after.is_above(before);
        if before.all > 0 && (is_worse || before.is_above(after)) {
            steps.push(Step { version, is_worse, before, after });
            so_far = Share::default();
        }
        so_far += after;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(failed: u64, all: u64) -> Share {
        Share { failed, all }
    }

    #[test]
    fn an_interval_is_wilsons() {
        // Newcombe (1998), table I, method 3, without continuity correction.
        for (failed, all, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let (own_low, own_high) = share(failed, all).interval();
            assert!(
                (own_low - low).abs() < 5e-5 && (own_high - high).abs() < 5e-5,
                "{failed}/{all}"
            );
        }
        assert_eq!(share(0, 0).interval(), (0.0, 1.0));
        assert!(!share(1, 1).is_above(share(0, 1)));
        assert!(share(3, 3).interval().0 < 0.5, "three of three are not enough to be sure");
    }

    #[test]
    fn a_bad_release_and_its_mending_are_found() {
        let versions = [
            ("1.0.0", share(20, 1_000)),
            ("1.1.0", share(25, 1_000)),
            ("1.2.0-rc.1", share(3, 4)),
            ("1.2.0", share(90, 1_000)),
            ("1.2.1", share(100, 1_000)),
            ("1.2.2", share(19, 1_000)),
        ];
        let found = steps(&versions, 30);
        let told: Vec<_> = found.iter().map(|step| (step.version, step.is_worse)).collect();
        assert_eq!(told, [("1.2.0", true), ("1.2.2", false)]);
        assert_eq!((found[0].before, found[0].after), (share(45, 2_000), share(90, 1_000)));
        assert_eq!(steps(&versions[..2], 30), []);
        assert_eq!(steps(&[], 30), []);
    }
}
