//! The person's own commands: what `telemetry …` says and does on every
//! product, the notice, and the question. They return text, and the host prints
//! it; only the question talks to the terminal itself.

mod limits;
mod reply;
mod pretty;
mod arguments;
mod answer_error;
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
mod run;
#[cfg(feature = "clap")]
mod command;

pub use answer_error::AnswerError;
#[cfg(feature = "prompt")]
pub use ask::{Asked, Audience, Silence, ask};
#[cfg(feature = "clap")]
pub use command::{command, run_matches};
pub use inspect::last_events;
pub use notice::notice;
pub use reply::{Reader, Reply};
pub use run::{flush, grant, refuse, run};
pub use terminal::Terminal;
