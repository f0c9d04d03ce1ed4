//! The `headcount` binary: an author's, an operator's and a script's tools over
//! `telemetry.toml`.
//!
//! Exit codes: 0 done; 1 it failed, and standard error says why; 2 wrong usage
//! or a catalog with errors. `record` and `flush` are always 0, since telemetry
//! never touches a script's outcome; `record --strict` is not.

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
        Command::Demo(it) => demo::run(&it),
        Command::Serve(it) => serve::run(&it),
        Command::Check(it) => check::run(&it),
        Command::Record(it) => record::run(&it),
        Command::Telemetry(it) => person::telemetry(&it),
        Command::Flush(it) => person::flush(&it),
    };
    ExitCode::from(code)
}
