//! The telemetry of the AssemblyAI CLI: one event per command, with its
//! outcome, on by default.
//!
//! The AssemblyAI CLI is one of the five example products. What it may report
//! is in `telemetry.toml`; `Session::track` does the rest.

// `println!` panics where nobody reads, and would end the program.
#![warn(clippy::print_stdout, clippy::print_stderr)]

mod arguments;
mod work;
mod print;

use std::process::ExitCode;

use headcount::person::{self, Audience, Terminal};
use headcount::track::{Failure as _, follow};
use headcount::{Host, Session, Surroundings, Telemetry};

use arguments::{Action, Arguments, USAGE, Work};
use telemetry::{Command, CommandRun, Outcome};
use work::CliError;

/// What the program may report, generated from its catalog at compile time.
mod telemetry {
    headcount::catalog!("telemetry.toml");
}

fn main() -> ExitCode {
    let arguments = match arguments::read(std::env::args_os().skip(1)) {
        Ok(arguments) => arguments,
        Err(sentence) => {
            print::err(format_args!("{sentence}\n\n{USAGE}\n"));
            return ExitCode::from(2);
        }
    };
    ExitCode::from(run(arguments))
}

fn run(Arguments { flag, action }: Arguments) -> u8 {
    let host = Host::new(env!("CARGO_PKG_VERSION")).with_flag(flag);
    let surroundings = Surroundings::of_this_process();
    let terminal = Terminal::of_this_process(&surroundings);
    let telemetry = Telemetry::new(&telemetry::CATALOG, host, surroundings);
    match action {
        Action::Help => {
            print::out(USAGE);
            0
        }
        Action::Version => {
            print::out(format_args!("assembly {}\n", env!("CARGO_PKG_VERSION")));
            0
        }
        Action::Telemetry(words, command) => answered(&telemetry, &words, command),
        Action::Work(work) => {
            let session = telemetry.open();
            greet(&session, terminal);
            worked(session, &work)
        }
    }
}

/// Runs a command and reports its outcome, even if it panics.
fn worked(session: Session, work: &Work) -> u8 {
    let done = session.track(
        || work::run(work),
        |run| CommandRun {
            command: work.command(),
            outcome: run.class(Outcome::Success, CliError::outcome, Outcome::InternalError),
            exit_code: run.exit_code(),
            duration_ms: run.took,
        },
    );
    session.finish();
    match done {
        Ok(sentence) => {
            print::out(format_args!("{sentence}\n"));
            0
        }
        Err(error) => {
            print::err(format_args!("assembly: {}\n", error.sentence()));
            error.exit_code()
        }
    }
}

/// Runs one of the person's telemetry commands. It may change the decision, so
/// it is reported under the decision that holds afterwards.
fn answered(telemetry: &Telemetry, words: &[String], command: Option<Command>) -> u8 {
    let followed = follow(|| person::run(&telemetry.open(), words));
    if let Some(command) = command {
        let (session, run) = (telemetry.open(), followed.run());
        session.record(&CommandRun {
            command,
            outcome: run.class(Outcome::Success, |_| Outcome::UsageError, Outcome::InternalError),
            exit_code: run.exit_code(),
            duration_ms: run.took,
        });
        session.finish();
    }
    followed.end().print()
}

/// Prints the notice, at the first run, to standard error, so that it is not in
/// a pipe. Nothing is sent before a later run.
fn greet(session: &Session, terminal: Terminal) {
    if let Some(notice) = person::notice(session, terminal, Audience::ForPeople) {
        notice.print();
    }
}
