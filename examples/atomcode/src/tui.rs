//! The interactive mode: prompts and slash commands, a line each, until the
//! person leaves.

use std::io::{self, BufRead as _};
use std::path::Path;

use headcount::{Session, Telemetry, person};

use crate::model::ChosenModel;
use crate::telemetry::{self, UseCommand, UseCommandType};
use crate::{account, answer, login, print, report};

/// What `/help` prints.
const HELP: &str = "\
Type a prompt, or one of these:
  /help /status /cost /clear /exit
  /model [NAME]  /provider [NAME]
  /login [CODE]  /logout
  /telemetry [status|enable|disable|dump|inspect|clear|policy]
  /compact /config /diff /init /resume /review /undo (they do nothing here)
";

/// Clears the screen, and puts the cursor at its top.
const CLEAR: &str = "\x1b[2J\x1b[H";

/// The interactive mode of one process, which is one session.
pub(crate) struct Tui<'a> {
    pub(crate) telemetry: &'a Telemetry,
    pub(crate) session: Session,
    pub(crate) envelope: telemetry::Host,
    pub(crate) home: Option<&'a Path>,
    pub(crate) model: ChosenModel,
    /// Tokens so far.
    pub(crate) tokens: u64,
}

/// Whether the person stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stays {
    Yes,
    No,
}

impl Tui<'_> {
    /// Runs until the person leaves, and returns the exit code.
    pub(crate) fn run(mut self) -> u8 {
        print::out("AtomCode. /help lists the commands, /exit leaves.\n");
        let mut line = Vec::new();
        loop {
            print::prompt("> ");
            line.clear();
            match io::stdin().lock().read_until(b'\n', &mut line) {
                Ok(1..) => {}
                Ok(0) | Err(_) => break,
            }
            let text = String::from_utf8_lossy(&line).trim().to_owned();
            if text.is_empty() {
                continue;
            }
            if !text.starts_with('/') {
                self.turn(&text);
            } else if self.command(&text) == Stays::No {
                break;
            }
        }
        self.session.finish();
        0
    }

    /// Answers a prompt: one turn.
    fn turn(&mut self, prompt: &str) {
        self.session.describe(&report::turn(&self.envelope, &self.model));
        let answer = answer::to(prompt);
        self.tokens += answer.input_tokens + answer.output_tokens;
        print::out(format_args!("{}\n", answer.text));
        self.session.record(&report::chat(&answer));
        self.session.describe(&self.envelope);
    }

    /// Runs a slash command, and reports its name alone: of one that the
    /// catalog does not list, only that there was one.
    fn command(&mut self, text: &str) -> Stays {
        let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let type_ = UseCommandType::of(name);
        self.session.record(&UseCommand { type_ });
        let rest = Some(rest.trim()).filter(|rest| !rest.is_empty());
        match type_ {
            UseCommandType::Exit => return Stays::No,
            UseCommandType::Help => print::out(HELP),
            UseCommandType::Clear => print::out(CLEAR),
            UseCommandType::Cost => print::out(format_args!("{} tokens so far.\n", self.tokens)),
            UseCommandType::Status => self.status(),
            UseCommandType::Model => choose("model", &mut self.model.name, rest),
            UseCommandType::Provider => choose("provider", &mut self.model.provider, rest),
            UseCommandType::Login => {
                let (home, code) = (self.home, rest.map(str::to_owned));
                login::log_in(&mut self.session, &mut self.envelope, home, code);
            }
            UseCommandType::Logout => {
                login::log_out(&mut self.session, &mut self.envelope, self.home);
            }
            UseCommandType::Telemetry => {
                let words = rest.unwrap_or_default().split_whitespace().map(str::to_owned);
                let words: Vec<String> = words.collect();
                let mut session = self.telemetry.open();
                // For the farewell, which says the mode.
                session.describe(&self.envelope);
                person::run(&session, &words).print();
            }
            UseCommandType::Compact
            | UseCommandType::Config
            | UseCommandType::Diff
            | UseCommandType::Init
            | UseCommandType::Resume
            | UseCommandType::Review
            | UseCommandType::Undo => {
                print::out(format_args!("{name} does nothing in this example.\n"));
            }
            UseCommandType::UserDefined => {
                print::out(format_args!("unknown command `{name}`: /help lists the commands\n"));
            }
        }
        Stays::Yes
    }

    fn status(&self) {
        let ChosenModel { name, provider } = &self.model;
        let login = match account::current(self.home) {
            Some(_) => "you are logged in",
            None => "you are not logged in",
        };
        print::out(format_args!("Model {name} of {provider}; {login}.\n"));
    }
}

/// Sets a name, or says what it is.
fn choose(what: &str, current: &mut String, chosen: Option<&str>) {
    if let Some(chosen) = chosen {
        chosen.clone_into(current);
    }
    print::out(format_args!("The {what} is {current}.\n"));
}
