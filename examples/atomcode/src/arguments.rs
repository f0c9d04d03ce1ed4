//! The command line, read without effects.

use headcount::Flag;

/// What the program can be told.
pub(crate) const USAGE: &str = "\
Usage: atomcode [--no-telemetry] <COMMAND>

Commands:
  -p PROMPT           Answer once and end
  daemon --port PORT  Serve editors until told to stop; with 0 any free port
  telemetry [status|enable|disable|dump|inspect|clear|policy]
                      See what is collected, and decide
  --version           Say which version this is
";

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// Whether `--no-telemetry` was given.
    pub(crate) flag: Flag,
    /// What to do.
    pub(crate) action: Action,
}

/// What to do. All but the last two are meta commands: nothing of them is
/// reported.
#[derive(Debug)]
pub(crate) enum Action {
    /// Say how it is used.
    Help,
    /// Say which version this is.
    Version,
    /// One of the person's telemetry commands.
    Telemetry(Vec<String>),
    /// Answer a prompt and end.
    Headless(String),
    /// Serve editors on that port until told to stop.
    Daemon(u16),
}

/// Reads the command line.
///
/// # Errors
///
/// A sentence on what cannot be understood.
pub(crate) fn read(words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut words: Vec<String> = words.collect();
    // A prompt may say anything, also `--no-telemetry`: it is no flag there.
    let prompt = words.iter().position(|word| word == "-p").map(|at| at + 1);
    let is_flag = |at: usize, word: &str| word == "--no-telemetry" && Some(at) != prompt;
    let flag = words.iter().enumerate().any(|(at, word)| is_flag(at, word));
    let mut at = 0..;
    words.retain(|word| at.next().is_none_or(|at| !is_flag(at, word)));
    let flag = if flag { Flag::NoTelemetry } else { Flag::Absent };
    let all: Vec<&str> = words.iter().map(String::as_str).collect();
    let action = match all[..] {
        [] | ["--help" | "-h" | "help"] | ["daemon", "--help" | "-h"] => Action::Help,
        ["--version" | "-V"] => Action::Version,
        ["telemetry", ..] => Action::Telemetry(words[1..].to_vec()),
        ["-p", prompt] => Action::Headless(prompt.to_owned()),
        ["daemon", "--port", port] => Action::Daemon(
            port.parse().map_err(|_| format!("`{port}` is no port: use 0 to 65535"))?,
        ),
        [first, ..] => {
            return Err(format!("`{first}` is nothing AtomCode knows, or not like this"));
        }
    };
    Ok(Arguments { flag, action })
}
