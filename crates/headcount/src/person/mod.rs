//! The person's own commands: what `telemetry …` says and does on every
//! product, the notice, and the question. They return text, and the host prints
//! it; only the question talks to the terminal itself.

mod limits;
mod words;
mod trouble;
mod answer;
mod switch;
mod farewell;
mod clear;
mod forget;
mod dump;
mod inspect;
mod policy;
mod receipts;
mod screen;
mod status;
mod view;
mod terminal;
mod notice;
pub mod texts;
#[cfg(feature = "prompt")]
mod ask;
#[cfg(all(feature = "prompt", unix))]
#[path = "raw_unix.rs"]
mod raw;
#[cfg(all(feature = "prompt", not(unix)))]
#[path = "raw_windows.rs"]
mod raw;
#[cfg(feature = "clap")]
mod command;

#[cfg(feature = "prompt")]
pub use ask::{Asked, Audience, Silence, ask};
#[cfg(feature = "clap")]
pub use command::{command, run_matches};
pub use inspect::last_events;
pub use notice::notice;
pub use terminal::Terminal;

use headcount_catalog::Mode;
use serde_json::Value as Json;

use crate::Session;
use crate::built::BUILT;
use crate::{from_memory, ship};
use screen::Screen;
use words::{Command, Order};

/// What a command has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// For standard output, with its newline; empty for none.
    pub out: String,
    /// For standard error, with its newline; empty for none.
    pub err: String,
    /// The exit code.
    pub code: u8,
}

/// For whom a reply is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A person.
    Person,
    /// A program: one line of JSON.
    Program,
}

impl Reply {
    fn said(out: impl Into<String>) -> Self {
        Self { out: out.into(), err: String::new(), code: 0 }
    }

    fn json(json: &Json) -> Self {
        Self::said(format!("{json}\n"))
    }

    /// One sentence, whatever a parser makes of its own part of it.
    fn failed(sentence: &str) -> Self {
        let words: Vec<&str> = sentence.split_whitespace().collect();
        Self { out: String::new(), err: format!("{}\n", words.join(" ")), code: 1 }
    }

    fn misused(sentence: &str) -> Self {
        Self { out: String::new(), err: format!("{sentence}\n"), code: 2 }
    }
}

/// Runs `telemetry ARGS`, such as `status --json` or `off`.
#[must_use]
pub fn run(session: &Session, args: &[String]) -> Reply {
    if !BUILT {
        return without(session);
    }
    match words::read(args) {
        Ok(order) => carry_out(session, order),
        Err(sentence) => Reply::misused(&sentence),
    }
}

/// What there is to say where telemetry is not in the build.
const NOT_BUILT: &str = "this build has no telemetry in it, so there is nothing to decide";

fn without(session: &Session) -> Reply {
    let reason = &session.decision().winner.why;
    Reply::said(format!("Telemetry: disabled (reason: {reason})\n{NOT_BUILT}\n"))
}

fn carry_out(session: &Session, Order { command, reader }: Order) -> Reply {
    match command {
        Command::Status => status::status(session, reader),
        Command::On => switch::on(session, reader),
        Command::Off => switch::off(session, reader),
        Command::Local => switch::local(session, reader),
        Command::Inspect => inspect::inspect(session, reader),
        Command::Dump(which) => dump::dump(session, which, reader),
        Command::Receipts(last) => receipts::receipts(session, last, reader),
        Command::View => {
            view::view(session, Screen::of_this_process(&session.surroundings), reader)
        }
        Command::Clear(extent) => clear::clear(session, extent, reader),
        Command::Forget => forget::forget(session, reader),
        Command::Policy => policy::policy(session, reader),
        Command::Flush => flushed(session, reader),
        Command::Help => Reply::said(words::help(session.catalog.product.name)),
    }
}

/// How the person calls these commands: `atomic telemetry`.
fn call(session: &Session) -> String {
    format!("{} telemetry", session.catalog.product.name)
}

fn flushed(session: &Session, reader: Reader) -> Reply {
    let arrived = ship::bounded(session, || {
        let transport = ship::built_in()?;
        if session.catalog.shipping.mode == Mode::Thread && ship::is_marked(session) {
            // What the host left, and nothing that a person could type.
            from_memory::attempt(session, transport.as_ref(), std::io::stdin());
        }
        Some(ship::flush(session, transport.as_ref()).arrived)
    })
    .unwrap_or_default();
    match reader {
        Reader::Person => Reply::said(""),
        Reader::Program => Reply::json(&serde_json::json!({
            "taken": arrived.taken, "rejected": arrived.rejected,
        })),
    }
}

/// Ships what is due, in this process; the hidden command a host starts itself
/// with. It says nothing and always succeeds.
pub fn flush(session: &Session) {
    if BUILT {
        let Reply { .. } = flushed(session, Reader::Person);
    }
}

/// Writes the person's yes into the settings file and mints the id.
///
/// # Errors
///
/// What keeps it from being written, as a sentence; nothing has changed then.
pub fn grant(session: &Session) -> std::io::Result<()> {
    if BUILT { switch::grant(session) } else { Err(std::io::Error::other(NOT_BUILT)) }
}

/// Writes the person's no, ends what is queued, and keeps or deletes the id as
/// the catalog says. Nothing leaves after it returns.
///
/// # Errors
///
/// What keeps it from being written, as a sentence.
pub fn refuse(session: &Session) -> std::io::Result<()> {
    if BUILT {
        switch::end(session, switch::Records::None).map(drop)
    } else {
        Err(std::io::Error::other(NOT_BUILT))
    }
}
