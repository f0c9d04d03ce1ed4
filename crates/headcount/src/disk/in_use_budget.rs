//! How long a thread may still wait for files that other programs have open.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::limits;

/// How long a thread may wait for one file, and for all.
#[derive(Debug)]
pub(super) struct Budget {
    each: Duration,
    left: Duration,
    /// Files that were waited for in vain: once is enough.
    in_vain: Vec<PathBuf>,
}

impl Budget {
    /// A host records: once in its life it waits in vain.
    pub(super) const fn of_a_host() -> Self {
        Self { each: limits::RECORD_WAIT, left: limits::RECORD_WAIT, in_vain: Vec::new() }
    }

    /// A person waits for their command, or nobody waits for a shipper.
    pub(super) const fn patient() -> Self {
        Self { each: limits::IN_USE_WAIT, left: limits::IN_USE_WAIT_ALL, in_vain: Vec::new() }
    }

    /// Whether it is that of a host.
    #[cfg(windows)]
    pub(super) fn is_of_a_host(&self) -> bool {
        self.each == limits::RECORD_WAIT
    }

    /// How long this file may be waited for.
    pub(super) fn wait_for(&self, path: &Path) -> Duration {
        if self.in_vain.iter().any(|known| known == path) {
            return Duration::ZERO;
        }
        self.each.min(self.left)
    }

    /// Notes that a file was waited for in vain.
    pub(super) fn was_in_vain(&mut self, path: &Path, waited: Duration) {
        self.left = self.left.saturating_sub(waited);
        // Where nothing is left, no name is needed.
        if !self.left.is_zero() && !waited.is_zero() {
            self.in_vain.push(path.to_path_buf());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_waited_for_in_vain_once_and_all_of_them_not_for_ever() {
        let mut budget = Budget::patient();
        let path = |number: u32| PathBuf::from(format!("/file-{number}"));
        let mut waited = Duration::ZERO;
        for number in 0..100 {
            for _ in 0..3 {
                let wait = budget.wait_for(&path(number));
                waited += wait;
                budget.was_in_vain(&path(number), wait);
            }
            assert_eq!(budget.wait_for(&path(number)), Duration::ZERO);
        }
        assert_eq!(waited, limits::IN_USE_WAIT_ALL);
        assert!(budget.in_vain.len() < 5);
    }

    #[test]
    fn a_host_waits_once() {
        let mut budget = Budget::of_a_host();
        let (one, other) = (Path::new("/one"), Path::new("/other"));
        assert_eq!(budget.wait_for(one), limits::RECORD_WAIT);
        budget.was_in_vain(one, limits::RECORD_WAIT);
        assert_eq!((budget.wait_for(one), budget.wait_for(other)), Default::default());
    }
}
