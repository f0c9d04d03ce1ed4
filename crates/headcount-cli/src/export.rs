//! `headcount export`: the raw events of a product, one line of JSON each.

use std::io::{self, BufWriter, IsTerminal as _};
use std::time::{Duration, Instant};

use headcount_collector::offline::{self, ExportRange};

use crate::args::Export;
use crate::print;

/// How often the number of events so far is told, from the first time on.
const PROGRESS: Duration = Duration::from_secs(1);

/// Back to the beginning of the line, and empty it.
const AGAIN: &str = "\r\x1b[2K";

/// Writes the events to standard output. 1 where they cannot be read or
/// written, 2 where the days are in the wrong order. A reader that has seen
/// enough is not an error.
pub(crate) fn run(export: &Export) -> u8 {
    if let (Some(from), Some(to)) = (export.from, export.to)
        && from > to
    {
        print::err(format_args!(
            "headcount export: --from ({from}) is after --to ({to}): swap them\n"
        ));
        return 2;
    }
    let range = ExportRange { from: export.from, to: export.to };
    let mut out = BufWriter::with_capacity(256 * 1024, io::stdout().lock());
    let mut progress = Progress::new();
    let exported =
        offline::export(&export.folder.data, &export.product, range, &mut out, &mut |events| {
            progress.tell(events);
        });
    progress.end();
    match exported {
        Ok(_) => 0,
        Err(error) if error.is_broken_pipe() => {
            // Nothing more is written at the end.
            let _ = out.into_parts();
            0
        }
        Err(error) => {
            let _ = out.into_parts();
            print::err(format_args!("headcount export: {error}\n"));
            1
        }
    }
}

/// How many events are written, for whoever waits.
struct Progress {
    told: Instant,
    is_terminal: bool,
    is_shown: bool,
}

impl Progress {
    fn new() -> Self {
        Self { told: Instant::now(), is_terminal: io::stderr().is_terminal(), is_shown: false }
    }

    fn tell(&mut self, events: u64) {
        if self.told.elapsed() < PROGRESS {
            return;
        }
        self.told = Instant::now();
        self.is_shown = true;
        let (before, after) = if self.is_terminal { (AGAIN, "") } else { ("", "\n") };
        print::err(format_args!("{before}{events} events written{after}"));
    }

    fn end(&self) {
        if self.is_shown && self.is_terminal {
            print::err(AGAIN);
        }
    }
}
