//! The telemetry of Atomic CLI: `init`, `update`, `uninstall`,
//! `config set telemetry`, and the hidden `--upload-telemetry`.
//!
//! Atomic is the first of the five example products. Its file names and keys
//! are those of its design document, and all of them are in `telemetry.toml`.

// `println!` panics where nobody reads, and would end the program.
#![warn(clippy::print_stdout, clippy::print_stderr)]

mod arguments;
mod work;
mod print;

use std::process::ExitCode;

use headcount::person::{Asked, Audience, Terminal};
use headcount::{Host, Session, Surroundings, Telemetry, person};

use arguments::{Action, Arguments, USAGE, Work};

/// What Atomic may report, generated from its catalog at compile time.
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
    let session = telemetry.open();
    match action {
        Action::Help => {
            print::out(USAGE);
            0
        }
        Action::Upload => {
            person::flush(&session);
            0
        }
        Action::Telemetry(words) => person::run(&session, &words).print(),
        Action::Work(work) => match asked(session, &telemetry, terminal, work) {
            Some(session) => worked(session, work),
            None => INTERRUPTED,
        },
    }
}

/// The exit code of a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// `init` asks at its first run (§5.6). The answer counts from this run on, so
/// the session is opened again. `None` if Ctrl-C ended the command.
fn asked(
    session: Session,
    telemetry: &Telemetry,
    terminal: Terminal,
    work: Work,
) -> Option<Session> {
    let Work::Init(_) = work else { return Some(session) };
    match person::ask(&session, terminal, Audience::ForPeople) {
        Asked::NotAsked(_) => Some(session),
        Asked::Yes | Asked::No => Some(telemetry.open()),
        Asked::Interrupted => None,
        Asked::Failed(error) => {
            print::err(format_args!("atomic: {error}\n"));
            Some(session)
        }
    }
}

/// Runs a command and reports its outcome.
fn worked(session: Session, work: Work) -> u8 {
    let done = work::run(work);
    session.record(&telemetry::AtomicCommand {
        command: work.command(),
        agent_type: work.agent(),
        success: done.is_ok(),
    });
    session.finish();
    match done {
        Ok(sentence) => {
            print::out(format_args!("{sentence}\n"));
            0
        }
        Err(sentence) => {
            print::err(format_args!("atomic: {sentence}\n"));
            1
        }
    }
}
