//! The telemetry of AtomCode, on by default: a headless run, a daemon for
//! editors, and the person's commands.
//!
//! AtomCode is one of the five example products. What it may report is in
//! `telemetry.toml`; command and daemon share one id and one queue.

// `println!` panics where nobody reads, and would end the program.
#![warn(clippy::print_stdout, clippy::print_stderr)]

mod arguments;
mod answer;
mod daemon;
mod report;
mod request;
mod print;

use std::process::ExitCode;

use headcount::panics::Watch;
use headcount::person::{self, Audience, Terminal};
use headcount::{Host, Session, Surroundings, Telemetry};

use arguments::{Action, Arguments, USAGE};
use telemetry::Mode;

/// What AtomCode may report, generated from its catalog at compile time.
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
    let mode = if matches!(action, Action::Daemon(_)) { Mode::Ide } else { Mode::Headless };
    let envelope = report::session(mode);
    let telemetry = Telemetry::new(&telemetry::CATALOG, host, surroundings);
    telemetry.watch_panics(Watch::new(&["atomcode"]).with_context(&envelope), report::panic);
    let mut session = telemetry.open();
    session.describe(&envelope);
    match action {
        Action::Help => {
            print::out(USAGE);
            0
        }
        Action::Version => {
            print::out(format_args!("atomcode {}\n", env!("CARGO_PKG_VERSION")));
            0
        }
        Action::Telemetry(words) => person::run(&session, &words).print(),
        Action::Headless(prompt) => {
            started(&session, terminal);
            headless(session, &envelope, &prompt)
        }
        Action::Daemon(port) => {
            started(&session, terminal);
            daemon::serve(&telemetry, port)
        }
    }
}

/// Answers a prompt: one turn in its own session.
fn headless(mut session: Session, envelope: &telemetry::Host, prompt: &str) -> u8 {
    session.describe(&report::turn(envelope));
    let answer = answer::to(prompt);
    print::out(format_args!("{}\n", answer.text));
    session.record(&report::chat(&answer));
    session.finish();
    0
}

/// Runs at every start except meta commands: prints the notice at the first
/// start, and records the event.
fn started(session: &Session, terminal: Terminal) {
    if let Some(notice) = person::notice(session, terminal, Audience::ForPeople) {
        notice.print();
    }
    session.record(&telemetry::OpenAtomcode {});
}
