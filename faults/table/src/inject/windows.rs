//! On Windows: a debugger, which also waits for all that a command starts.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use headcount_faults_debugger::{Chosen, Fault, KILLED, Plan, Ran, What, run};

use crate::cell::{At, Cell};
use crate::stage::{Built, Ended};

/// Runs commands, and lets their calls fail.
#[derive(Debug)]
pub(crate) struct Injector;

impl Injector {
    /// Never an error: on Linux it may be one.
    pub(crate) fn new(_built: &Built, _scratch: &Path) -> io::Result<Self> {
        Ok(Self)
    }

    /// Runs a command without a failure, and waits for all that it starts.
    pub(crate) fn run(&self, command: &mut Command, limit: Duration) -> io::Result<Ended> {
        let plan = Plan { below: PathBuf::new(), what: What::Passes };
        run(command, &plan, limit).map(|ran| ended(&ran))
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
        let what = cell.map_or(What::IsNoted, |cell| What::Fails(chosen(cell)));
        let plan = Plan { below: below.to_path_buf(), what };
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
