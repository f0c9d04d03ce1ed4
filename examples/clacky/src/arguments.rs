//! Parses the command line. It has no effects.

use std::ffi::OsString;

use headcount::Flag;

use crate::agent::{End, Setup};

/// The port of `clacky server` without `--port`.
const PORT: u16 = 7070;

/// The help text.
pub(crate) const USAGE: &str = "\
Usage: clacky [--no-telemetry] <COMMAND>

Commands:
  agent [-m MESSAGE]    Run the agent on a message, or on each line that it reads
    --model NAME        The model it is said to use
    --provider NAME     The model's provider
    --fail | --interrupt
                        End each run with an error, or as if by Ctrl-C
  server [--port PORT]  Run the agent on what is sent to /task, until stopped;
                        port 7070, or any free one for 0
  telemetry [status|on|off|inspect|receipts|clear|policy]
                        See what is collected, and decide
  --version             Print the version
";

/// A parsed command line.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// Whether `--no-telemetry` was given.
    pub(crate) flag: Flag,
    /// What to do.
    pub(crate) action: Action,
}

/// What to do. Only the last two are starts.
#[derive(Debug)]
pub(crate) enum Action {
    /// Print the help text.
    Help,
    /// Print the version.
    Version,
    /// One of the person's telemetry commands.
    Telemetry(Vec<String>),
    /// Run the agent on a message, or on each line of standard input.
    Agent(Setup, Option<String>),
    /// Serve on this port until stopped.
    Server(u16),
}

/// Parses the command line.
///
/// # Errors
///
/// Returns a sentence that says what is wrong.
pub(crate) fn read(words: impl Iterator<Item = OsString>) -> Result<Arguments, String> {
    // Only a message may be other than UTF-8, and a model reads text.
    let words: Vec<String> = words.map(|word| word.to_string_lossy().into_owned()).collect();
    let mut flag = Flag::Absent;
    let mut rest = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--no-telemetry" => flag = Flag::NoTelemetry,
            // A message may be any text, even `--no-telemetry`.
            "-m" | "--message" => {
                rest.push(word);
                rest.extend(words.next());
            }
            _ => rest.push(word),
        }
    }
    Ok(Arguments { flag, action: action(&rest)? })
}

fn action(words: &[String]) -> Result<Action, String> {
    let all: Vec<&str> = words.iter().map(String::as_str).collect();
    match all[..] {
        [] | ["--help" | "-h" | "help"] | ["agent" | "server", "--help" | "-h"] => Ok(Action::Help),
        ["--version" | "-v" | "version"] => Ok(Action::Version),
        ["telemetry", ..] => Ok(Action::Telemetry(words[1..].to_vec())),
        ["agent", ref rest @ ..] => agent(rest),
        ["server"] => Ok(Action::Server(PORT)),
        ["server", "--port", port] => port
            .parse()
            .map(Action::Server)
            .map_err(|_| format!("`{port}` is not a port: use 0 to 65535")),
        [first, ..] => {
            Err(format!("unknown command or wrong arguments: `{first}`; see `clacky --help`"))
        }
    }
}

fn agent(words: &[&str]) -> Result<Action, String> {
    let (mut setup, mut message) = (Setup::default(), None);
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        let mut value = || {
            let value = words.next().map(str::to_owned);
            value.ok_or_else(|| format!("`{word}` needs a value; see `clacky --help`"))
        };
        match word {
            "-m" | "--message" => message = Some(value()?),
            "--model" => setup.model = value()?,
            "--provider" => setup.provider = value()?,
            "--fail" => setup.end = End::Error,
            "--interrupt" => setup.end = End::Interrupted,
            _ => {
                return Err(format!("unknown option `{word}` for `agent`; see `clacky --help`"));
            }
        }
    }
    Ok(Action::Agent(setup, message))
}
