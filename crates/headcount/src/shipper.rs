//! The process that ships: what the program does, instead of its own work, when
//! it was started for that.
//!
//! A host is started again with its flush command and its marker. Whatever its
//! author wrote, or forgot, the first of our functions that opens telemetry
//! ships, ends that process, and never returns.

use std::{io, process};

use headcount_catalog::Mode;

use crate::built::BUILT;
use crate::disk::{late, unanswered};
use crate::ship::{self, Arrived};
use crate::standing::Standing;
use crate::{Telemetry, thread_mode};

/// Ships and ends the process if it was started for that; otherwise does
/// nothing.
///
/// It ends with 0 in any case: also if telemetry is off by now or not built
/// into a newer version of the program, and if the shipment panics.
pub(crate) fn end_if_child(telemetry: &Telemetry) {
    if !ship::is_child(telemetry) {
        return;
    }
    let end = EndOfProcess;
    ship::let_go(telemetry.surroundings().home.as_deref());
    if BUILT {
        let standing = Standing::of(telemetry);
        if let Some(paths) = standing.paths() {
            unanswered::answered(paths);
            // Before anything of ours writes.
            late::note(paths, standing.is_on());
        }
        ship(&standing);
    }
    drop(end);
}

/// Ends the process when dropped, also while a panic unwinds the stack: a host
/// that catches panics must not go on with its own work.
struct EndOfProcess;

impl Drop for EndOfProcess {
    fn drop(&mut self) {
        process::exit(0);
    }
}

/// Ships what is due, in this process.
pub(crate) fn ship(standing: &Standing) -> Arrived {
    ship::bounded(standing.telemetry(), || {
        let transport = ship::built_in()?;
        if standing.catalog().shipping.mode == Mode::Thread && ship::is_child(standing.telemetry())
        {
            // The host started this process, so the input is the host's and not
            // typed by a person.
            thread_mode::attempt(standing, transport.as_ref(), io::stdin());
        }
        Some(ship::flush(standing, transport.as_ref()).arrived)
    })
    .unwrap_or_default()
}
