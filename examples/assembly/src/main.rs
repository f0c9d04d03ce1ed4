//! The AssemblyAI CLI, as far as its telemetry goes: one event a command, with
//! how it went, on by default.
//!
//! One of the five products of the proof. What it may report is in
//! `telemetry.toml`; `Session::track` does the rest.

mod arguments;
mod work;

use std::process::ExitCode;

use arguments::{Action, Arguments, USAGE, Work};
use headcount::person::{self, Terminal};
use headcount::track::{Failure as _, follow};
use headcount::{Host, Session, Surroundings, Telemetry};
use telemetry::{Command, CommandRun, Outcome};
use work::CliError;

/// What the program may report, made of its catalog while it compiles.
mod telemetry {
    headcount::catalog!("telemetry.toml");
}

fn main() -> ExitCode {
    let arguments = match arguments::read(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(sentence) => {
            eprintln!("{sentence}\n\n{USAGE}");
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
            print!("{USAGE}");
            0
        }
        Action::Version => {
            println!("assembly {}", env!("CARGO_PKG_VERSION"));
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

/// Does what was asked for; how it went is reported, also where it panics.
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
            println!("{sentence}");
            0
        }
        Err(error) => {
            eprintln!("assembly: {}", error.sentence());
            error.exit_code()
        }
    }
}

/// One of the person's telemetry commands. It may change the answer, so it is
/// reported under the one that holds when it is done.
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

/// The notice, at the first run in a terminal, to standard error, so that it is
/// in nobody's pipe.
fn greet(session: &Session, terminal: Terminal) {
    if let Some(notice) = person::notice(session, terminal) {
        eprint!("{notice}");
    }
}
