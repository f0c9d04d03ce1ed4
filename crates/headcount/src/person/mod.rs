//! What a person sees: the commands of `telemetry …`, the notice, and the
//! question. Commands return a [`Reply`], and the host prints it. Only the
//! question uses the terminal itself.
//!
//! A host calls [`run`] (or `command` and `run_matches` with clap),
//! [`notice`](notice()), and `ask`. `arguments` parses a command line and `run`
//! dispatches it to one file for each command: `status` (and `doctor`, which
//! judges what it shows), `switch` (on, off,
//! local), `purposes` (on and off for one purpose), `inspect`, `dump`, `view`,
//! `sent`, `receipts`, `clear`, `forget`, `policy`. `answer` writes the
//! settings file, `answer_purposes` the refusal of a purpose, `drop_refused`
//! deletes what waits for it, `texts` has the words of the question and the
//! notice, and `reply`, `pretty`, `screen` and `limits` serve the others.

mod limits;
mod marks;
mod listed;
mod arguments;
mod wrapped;
mod screen;
mod reply;
mod shell;
mod pretty;
mod answer_error;
mod answer;
mod switch;
mod answer_purposes;
mod drop_refused;
mod purpose_facts;
mod purposes;
mod farewell;
mod undecide;
mod clear;
mod forget;
mod dump;
mod inspect;
mod last_events;
mod policy;
mod receipts;
mod sent;
mod status;
mod view;
mod audience;
mod terminal;
mod notice;
pub mod texts;
#[cfg(feature = "prompt")]
mod ask;
#[cfg(feature = "prompt")]
mod key;
#[cfg(feature = "prompt")]
mod prompt;
#[cfg(windows)]
mod console;
#[cfg(all(feature = "prompt", unix))]
#[path = "raw_unix.rs"]
mod raw;
#[cfg(all(feature = "prompt", not(unix)))]
#[path = "raw_windows.rs"]
mod raw;
mod run;
#[cfg(test)]
mod ends_of_ids;
#[cfg(test)]
mod sweeping;
#[cfg(feature = "clap")]
mod command;

pub use crate::limits::{RECEIPTS_BYTES, SENT_BYTES};
pub use crate::visible::visible;
pub use answer_error::AnswerError;
pub use arguments::Reader;
#[cfg(feature = "prompt")]
pub use ask::{Asked, Silence, ask};
pub use audience::Audience;
#[cfg(feature = "clap")]
pub use command::{command, run_matches};
pub use last_events::last_events;
pub use notice::{Notice, notice};
pub use reply::Reply;
pub use run::{flush, grant, refuse, run};
pub use screen::{Colour, Letters, Screen};
pub use terminal::Terminal;
