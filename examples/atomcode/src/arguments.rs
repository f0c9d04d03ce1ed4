//! Parses the command line. It has no effects.

use std::ffi::OsString;

use headcount::Flag;

use crate::model::ChosenModel;

/// The help text.
pub(crate) const USAGE: &str = "\
Usage: atomcode [--no-telemetry] [COMMAND]

Without a command, at a terminal: prompts and slash commands, until /exit.

Commands:
  -p PROMPT           Answer a prompt and exit
    --model NAME      The model it is said to use
    --provider NAME   The model's provider
  login [--code CODE] Log in, and take up a coding plan
  logout              Log out
  daemon --port PORT  Serve editors until stopped; 0 means any free port
  telemetry [status|enable|disable|dump|inspect|clear|policy]
                      See what is collected, and decide
  --version           Print the version
";

/// A parsed command line.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// Whether `--no-telemetry` was given.
    pub(crate) flag: Flag,
    /// What to do.
    pub(crate) action: Action,
}

/// What to do. The first three are meta commands, which are not reported.
#[derive(Debug)]
pub(crate) enum Action {
    /// Print the help text.
    Help,
    /// Print the version.
    Version,
    /// One of the person's telemetry commands.
    Telemetry(Vec<String>),
    /// Prompts and slash commands at a terminal; without one, the help text.
    Tui,
    /// Answer a prompt with a model and exit.
    Headless(String, ChosenModel),
    /// Log in with this code, or with one that is asked for.
    LogIn(Option<String>),
    /// Log out.
    LogOut,
    /// Serve editors on this port until stopped.
    Daemon(u16),
}

/// Parses the command line.
///
/// # Errors
///
/// Returns a sentence that says what is wrong.
pub(crate) fn read(words: impl Iterator<Item = OsString>) -> Result<Arguments, String> {
    // Only a prompt may be other than UTF-8, and a model reads text.
    let words = words.map(|word| word.to_string_lossy().into_owned());
    let mut words: Vec<String> = words.collect();
    // A prompt may be any text, even `--no-telemetry`: there it is not a flag.
    let prompt = words.iter().position(|word| word == "-p").map(|index| index + 1);
    let is_flag = |index: usize, word: &str| word == "--no-telemetry" && Some(index) != prompt;
    let flag = words.iter().enumerate().any(|(index, word)| is_flag(index, word));
    let mut indexes = 0..;
    words.retain(|word| indexes.next().is_none_or(|index| !is_flag(index, word)));
    let flag = if flag { Flag::NoTelemetry } else { Flag::Absent };
    let all: Vec<&str> = words.iter().map(String::as_str).collect();
    let action = match all[..] {
        [] => Action::Tui,
        ["--help" | "-h" | "help"] | ["daemon" | "login" | "logout", "--help" | "-h"] => {
            Action::Help
        }
        ["--version" | "-V"] => Action::Version,
        ["telemetry", ..] => Action::Telemetry(words[1..].to_vec()),
        ["-p", prompt, ref rest @ ..] => Action::Headless(prompt.to_owned(), model(rest)?),
        // The second is an alias that the help text does not name.
        ["login" | "codingplan"] => Action::LogIn(None),
        ["login" | "codingplan", "--code", code] => Action::LogIn(Some(code.to_owned())),
        ["logout"] => Action::LogOut,
        ["daemon", "--port", port] => Action::Daemon(
            port.parse().map_err(|_| format!("`{port}` is not a port: use 0 to 65535"))?,
        ),
        [first, ..] => {
            let problem = "unknown command or wrong arguments";
            return Err(format!("{problem}: `{first}`; see `atomcode --help`"));
        }
    };
    Ok(Arguments { flag, action })
}

/// The model of a headless run.
fn model(words: &[&str]) -> Result<ChosenModel, String> {
    let mut model = ChosenModel::default();
    for pair in words.chunks(2) {
        match *pair {
            ["--model", name] => name.clone_into(&mut model.name),
            ["--provider", name] => name.clone_into(&mut model.provider),
            [first, ..] => {
                return Err(format!(
                    "unknown option or no value: `{first}`; see `atomcode --help`"
                ));
            }
            [] => {}
        }
    }
    Ok(model)
}
