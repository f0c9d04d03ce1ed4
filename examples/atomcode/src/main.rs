//! The telemetry of AtomCode, on by default: prompts and slash commands at a
//! terminal, a headless run, a daemon for editors, a login, and the person's
//! commands.
//!
//! AtomCode is one of the five example products. What it may report is in
//! `telemetry.toml`; command and daemon share one id and one queue.

// `println!` panics where nobody reads, and would end the program.
#![warn(clippy::print_stdout, clippy::print_stderr)]

mod arguments;
mod account;
mod answer;
mod daemon;
mod login;
mod model;
mod report;
mod repository;
mod request;
mod tui;
mod print;

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use headcount::panics::Watch;
use headcount::person::{self, Audience, Terminal};
use headcount::{Host, Session, Surroundings, Telemetry};

use arguments::{Action, Arguments, USAGE};
use model::ChosenModel;
use telemetry::Mode;
use tui::Tui;

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
    let action = match action {
        Action::Tui if !is_at_a_terminal() => Action::Help,
        action => action,
    };
    let host = Host::new(env!("CARGO_PKG_VERSION")).with_flag(flag);
    let surroundings = Surroundings::of_this_process();
    let terminal = Terminal::of_this_process(&surroundings);
    let home = surroundings.home.clone();
    let mut envelope = report::session(mode(&action), account::current(home.as_deref()));
    let telemetry = Telemetry::new(&telemetry::CATALOG, host, surroundings);
    telemetry.watch_panics(Watch::new(&["atomcode"]).with_context(&envelope), report::panic);
    let mut session = telemetry.open();
    session.describe(&envelope);
    let home = home.as_deref();
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
        Action::Tui => {
            started(&session, terminal);
            let (telemetry, model) = (&telemetry, ChosenModel::default());
            Tui { telemetry, session, envelope, home, model, tokens: 0 }.run()
        }
        Action::Headless(prompt, model) => {
            started(&session, terminal);
            headless(session, &envelope, &prompt, &model)
        }
        Action::Daemon(port) => {
            started(&session, terminal);
            daemon::serve(&telemetry, port)
        }
        Action::LogIn(code) => {
            started(&session, terminal);
            let code = login::log_in(&mut session, &mut envelope, home, code);
            session.finish();
            code
        }
        Action::LogOut => {
            started(&session, terminal);
            let code = login::log_out(&mut session, &mut envelope, home);
            session.finish();
            code
        }
    }
}

fn is_at_a_terminal() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Where the events come from.
fn mode(action: &Action) -> Mode {
    match action {
        Action::Tui => Mode::Tui,
        Action::Daemon(_) => Mode::Ide,
        _ => Mode::Headless,
    }
}

/// Answers a prompt: one turn in its own session.
fn headless(
    mut session: Session,
    envelope: &telemetry::Host,
    prompt: &str,
    model: &ChosenModel,
) -> u8 {
    session.describe(&report::turn(envelope, model));
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
