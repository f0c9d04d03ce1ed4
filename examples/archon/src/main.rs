//! The telemetry of Archon: off until a person turns it on, with a notice at
//! the first run that says so.
//!
//! Archon is one of the five example products. What it may report is in
//! `telemetry.toml`; where it reports that is in this file and in `work.rs`.

// `println!` panics where nobody reads, and would end the program.
#![warn(clippy::print_stdout, clippy::print_stderr)]

mod arguments;
mod work;
mod print;

use std::process::ExitCode;

use headcount::panics::{Panic, Watch, enter};
use headcount::person::{self, Audience, Terminal};
use headcount::{Host, Session, Surroundings, Telemetry, TypedEvent};

use arguments::{Action, Arguments, USAGE, Work};

/// What Archon may report, generated from its catalog at compile time.
mod telemetry {
    headcount::catalog!("telemetry.toml");
}

/// Events that `telemetry inspect` shows.
const INSPECTED: usize = 10;

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
    telemetry.watch_panics(Watch::new(&[]).with_context(&about()), uncaught);
    let _here = enter(telemetry::Where::Main.word());
    let mut session = telemetry.open();
    session.describe(&about());
    if !matches!(&action, Action::Telemetry(words) if words.first().is_some_and(|word| word == "flush"))
    {
        greet(&session, terminal);
    }
    match action {
        Action::Help => {
            print::out(USAGE);
            0
        }
        Action::Version => {
            print::out(format_args!("archon {}\n", env!("CARGO_PKG_VERSION")));
            0
        }
        Action::Telemetry(words) if words == ["inspect"] => {
            person::last_events(&session, INSPECTED).print()
        }
        Action::Telemetry(words) => person::run(&session, &words).print(),
        Action::Work(work) => worked(session, &work),
    }
}

/// Runs a command, and reports that it began and how it ended.
fn worked(session: Session, work: &Work) -> u8 {
    let (command, subcommand) = work.command();
    session.record(&telemetry::BinaryStartup {});
    session.record(&telemetry::CliCommandInvoked { command, subcommand });
    let code = session.track(
        || match work::run_command(&session, work) {
            Ok(sentence) => {
                print::out(format_args!("{sentence}\n"));
                0
            }
            Err(failure) => {
                print::err(format_args!("archon: {}\n", failure.sentence));
                1
            }
        },
        |run| telemetry::CliCommandCompleted {
            command,
            subcommand,
            exit_code: run.exit_code(),
            duration_ms: run.took,
        },
    );
    session.finish();
    code
}

/// The event of a panic: which of our own functions it was in, as they name
/// themselves, and the class of errors that a crash there is. A release has no
/// other names of functions.
fn uncaught(panic: &Panic) -> Option<Box<dyn TypedEvent>> {
    use telemetry::{ErrorClass, ErrorUncaught, Where};
    let mut entered = panic.entered.iter().map(|name| Where::of(name));
    let where_ = entered.find(|name| *name != Where::Unknown).unwrap_or(Where::Unknown);
    let error_class = match where_ {
        Where::LoadConfig | Where::RunSetup => ErrorClass::ConfigError,
        Where::RunNode | Where::RunWorkflow => ErrorClass::WorkflowError,
        Where::Main | Where::RunCommand | Where::Unknown => ErrorClass::Other,
    };
    Some(Box::new(ErrorUncaught { error_class, where_ }))
}

/// The host's part of the envelope.
fn about() -> telemetry::Host {
    let commit = option_env!("ARCHON_GIT_COMMIT").unwrap_or("unknown");
    telemetry::Host {
        archon_git_commit: telemetry::ArchonGitCommit::new(commit).ok(),
        archon_is_binary: Some(cfg!(not(debug_assertions))),
    }
}

/// Prints the notice, once, to standard error, so that it is not in a pipe.
fn greet(session: &Session, terminal: Terminal) {
    if let Some(notice) = person::notice(session, terminal, Audience::ForPeople) {
        notice.print();
    }
}
