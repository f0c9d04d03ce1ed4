//! The `headcount` binary: tools for authors, operators and scripts.
//!
//! Exit codes: 0 for success; 1 for a failure, with the reason on standard
//! error; 2 for wrong usage or a catalog with mistakes. `record` and `flush`
//! always exit with 0, because telemetry must not change the result of a
//! script; `record --strict` does not.
//!
//! | to change | open |
//! | --- | --- |
//! | a command, an option or its help | `args.rs` |
//! | `check` | `check.rs`; `catalog_file.rs` for reading catalogs |
//! | `record` | `record.rs` |
//! | `telemetry`, `flush` | `person.rs` |
//! | `serve` | `serve.rs` |
//! | `demo` | `demo/` |

mod args;
mod catalog_file;
mod check;
mod record;
mod person;
mod serve;
mod demo;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};

fn main() -> ExitCode {
    let code = match Args::parse().command {
        Command::Demo(demo) => demo::run(&demo),
        Command::Serve(serve) => serve::run(&serve),
        Command::Check(check) => check::run(&check),
        Command::Record(record) => record::run(&record),
        Command::Telemetry(telemetry) => person::telemetry(&telemetry),
        Command::Flush(flush) => person::flush(&flush),
    };
    ExitCode::from(code)
}
