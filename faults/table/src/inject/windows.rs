//! On Windows: a debugger, which also waits for all that a command starts.

use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use headcount_faults_debugger::{Chosen, Fault, Job, KILLED, Plan, Ran, run};

use crate::cell::{At, Cell};
use crate::stage::{Built, Ended};

/// Runs commands, and lets their calls fail.
#[derive(Debug)]
pub(crate) struct Injector {
    job: Job,
}

impl Injector {
    pub(crate) fn new(_built: &Built, _scratch: &Path) -> io::Result<Self> {
        Ok(Self { job: Job::of_this_process()? })
    }

    /// Runs a command without a failure, and waits for all that it starts.
    pub(crate) fn run(&self, command: &mut Command, limit: Duration) -> io::Result<Ended> {
        self.job.run(command, limit).map(|ran| ended(&ran))
    }

    /// Runs a command whose calls below a folder fail as the cell says, or are
    /// noted. Tells what was met.
    pub(crate) fn run_under(
        &self,
        command: &mut Command,
        below: &Path,
        cell: Option<&Cell>,
        limit: Duration,
    ) -> io::Result<(Ended, String)> {
        let plan = Plan { below: below.to_path_buf(), chosen: cell.map(chosen) };
        let ran = run(command, &plan, limit)?;
        Ok((ended(&ran), ran.met))
    }
}

fn chosen(cell: &Cell) -> Chosen {
    let at = match cell.at {
        At::One(number) => Some(number),
        At::All => None,
    };
    let fault = match (cell.fault.number, cell.fault.name) {
        (Some(status), _) => Fault::Status(status),
        (None, "short") => Fault::Short,
        (None, "full") => Fault::Full,
        (None, _) => Fault::Killed,
    };
    Chosen { call: cell.call.name.to_owned(), at, fault }
}

fn ended(ran: &Ran) -> Ended {
    let is_ours = ran.code == Some(KILLED);
    Ended { code: ran.code.filter(|_| !is_ours), out: ran.out.clone(), err: ran.err.clone() }
}
