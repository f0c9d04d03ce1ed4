//! What only a process itself can see: the price of one record and of one
//! start; and the writers that other measurements need.
//!
//! ```text
//! inside record TURNS        nanoseconds of a record and of its parts, a line a turn and variant
//! inside open TURNS          nanoseconds of a start and of its parts, likewise
//! inside threads N COUNT MOMENT   records COUNT events in each of N threads, from that moment on
//! inside write FIRST COUNT   records COUNT events and reports each on standard output
//! inside fill COUNT          records COUNT events and says how many were taken
//! ```
//!
//! A line is `NAME NANOSECONDS`. Every variant has its turn before any has its
//! next one, so that a busy machine disturbs all alike.

mod bare;
mod open;
mod record;
mod threads;
mod write;

use std::path::PathBuf;

use headcount::{Host, Session, Surroundings, Telemetry};

/// The events and folders of the host with Headcount.
mod telemetry {
    headcount::catalog!("../hosts/headcount/telemetry.toml");
}

fn main() -> std::io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| words.get(at).and_then(|word| word.parse().ok()).unwrap_or(1);
    match words.first().map(String::as_str) {
        Some("record") => record::measure(number(1)),
        Some("open") => open::measure(number(1)),
        Some("threads") => {
            let moment_ms = words.get(3).and_then(|word| word.parse().ok()).unwrap_or(0);
            threads::at_once(number(1), number(2), moment_ms)
        }
        Some("write") => write::report(number(1), number(2)),
        Some("fill") => write::fill(number(1)),
        _ => Err(std::io::Error::other(
            "use: inside record|open TURNS, threads N COUNT MOMENT, write FIRST COUNT, fill COUNT",
        )),
    }
}

/// Telemetry as a host opens it.
fn session() -> Session {
    let host = Host::new(env!("CARGO_PKG_VERSION"));
    Telemetry::new(&telemetry::CATALOG, host, Surroundings::of_this_process()).open()
}

/// The event of a number.
fn event(number: u32) -> telemetry::Run {
    telemetry::Run {
        command: telemetry::Command::Write,
        agent: Some(telemetry::Agent::Claude),
        success: true,
        number: number.into(),
    }
}

/// The product's folder.
fn folder() -> std::io::Result<PathBuf> {
    let home = std::env::var_os("HOME").ok_or_else(|| std::io::Error::other("there is no HOME"))?;
    Ok(PathBuf::from(home).join(".hello"))
}
