//! The telemetry of OpenClacky, on by default: one event per start and one per
//! run of the agent. No event is ever written to disk.
//!
//! OpenClacky is one of the five example products. What it may report is in
//! `telemetry.toml`; command and server report alike.

// `println!` panics where nobody reads, and would end the program.
#![warn(clippy::print_stdout, clippy::print_stderr)]

mod arguments;
mod agent;
mod brand;
mod clacky;
mod report;
mod request;
mod server;
mod print;

use std::io::{self, BufRead as _, IsTerminal as _};
use std::process::ExitCode;

use headcount::person::{self, Terminal};
use headcount::{Host, Surroundings, Telemetry};

use agent::Setup;
use arguments::{Action, Arguments, USAGE};
use clacky::Clacky;

/// What OpenClacky may report, generated from its catalog at compile time.
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
            print::out(format_args!("clacky {}\n", env!("CARGO_PKG_VERSION")));
            0
        }
        Action::Telemetry(words) => person::run(&telemetry.open(), &words).print(),
        Action::Agent(setup, message) => {
            let clacky = Clacky::start(&telemetry, terminal);
            let code = match message {
                Some(message) => told(&clacky, &setup, &message),
                None => each_line(&clacky, &setup),
            };
            clacky.finish();
            code
        }
        Action::Server(port) => server::serve(Clacky::start(&telemetry, terminal), port),
    }
}

/// Runs the agent on each line of standard input. Returns the greatest exit
/// code of all runs.
fn each_line(clacky: &Clacky, setup: &Setup) -> u8 {
    let input = io::stdin();
    let is_person = input.is_terminal();
    let mut code = 0;
    let mut line = Vec::new();
    loop {
        if is_person {
            print::prompt("> ");
        }
        line.clear();
        match input.lock().read_until(b'\n', &mut line) {
            Ok(1..) => code = code.max(told(clacky, setup, &String::from_utf8_lossy(&line))),
            Ok(0) | Err(_) => return code,
        }
    }
}

/// Runs the agent on a message, prints what came of it, and returns the exit
/// code.
fn told(clacky: &Clacky, setup: &Setup, message: &str) -> u8 {
    let Some(result) = clacky.run(setup, message) else {
        print::out("There is nothing to do.\n");
        return 0;
    };
    if !result.text.is_empty() {
        print::out(format_args!("{}\n", result.text));
    }
    match result.end {
        agent::End::Success => {}
        agent::End::Error => print::err("clacky: the model did not answer\n"),
        agent::End::Interrupted => print::err("clacky: interrupted\n"),
    }
    result.end.exit_code()
}
