//! Which processor cores the load has, and which a server.

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;

use crate::Fault;

/// The cores of this machine, as the proof deals them out.
#[derive(Debug, Clone)]
pub(crate) struct Cores {
    all: Vec<usize>,
}

impl Cores {
    /// The cores that this process may use.
    ///
    /// # Errors
    ///
    /// The system does not say.
    pub(crate) fn of_this_process() -> Result<Self, Fault> {
        let set = sched_getaffinity(Pid::from_raw(0))?;
        let all = (0..CpuSet::count()).filter(|core| set.is_set(*core).unwrap_or(false));
        Ok(Self { all: all.collect() })
    }

    /// The first `count`, for a server.
    pub(crate) fn for_server(&self, count: usize) -> &[usize] {
        &self.all[..count.min(self.all.len())]
    }

    /// The last one, for the load.
    pub(crate) fn for_load(&self) -> &[usize] {
        &self.all[self.all.len().saturating_sub(1)..]
    }

    /// Where the load runs, in words.
    pub(crate) fn told(&self) -> &'static str {
        match self.all.len() {
            0 | 1 => "There is one core, which the load and the server share: read no rate.",
            2 => {
                "A server on one core has it alone, the load has the other. A server on two cores \
                 shares the second with the load."
            }
            _ => "The load has the last core alone.",
        }
    }
}

/// From here on this thread, and what it starts, stay on these cores.
///
/// # Errors
///
/// The system refuses.
pub(crate) fn stay_on(cores: &[usize]) -> Result<(), Fault> {
    let mut set = CpuSet::new();
    for core in cores {
        set.set(*core)?;
    }
    sched_setaffinity(Pid::from_raw(0), &set)?;
    Ok(())
}
