//! Anonymous usage telemetry for a command-line program. One file, the catalog,
//! says what the program may ever report, and nothing else can leave the
//! machine.
//!
//! ```no_run
//! mod telemetry {
//!     // In your program: `headcount::catalog!("telemetry.toml")`.
//!     headcount::catalog!("../../examples/atomic/telemetry.toml");
//! }
//! use headcount::person::{self, Audience, Terminal};
//! use headcount::{Host, Surroundings, Telemetry};
//! use telemetry::{AtomicCommand, CATALOG, Command};
//!
//! fn main() {
//!     // First of all: the process that ships is this program, started once
//!     // more, and it ends here.
//!     let host = Host::new(env!("CARGO_PKG_VERSION"));
//!     let surroundings = Surroundings::of_this_process();
//!     let terminal = Terminal::of_this_process(&surroundings);
//!     let session = Telemetry::new(&CATALOG, host, surroundings).open();
//!     // Once: what is on by default is sent only after the person was told.
//!     if let Some(notice) = person::notice(&session, terminal, Audience::ForPeople) {
//!         notice.print();
//!     }
//!     // … the program's work …
//!     session.record(&AtomicCommand { command: Command::Update, agent_type: None, success: true });
//!     session.finish();
//! }
//! ```
//!
//! A program with the person's commands is in the README of the repository's
//! `examples/wren`, from which it is compiled and run by tests. What an author
//! must do first is said at [`Telemetry::open`].
//!
//! # How it works
//!
//! ```text
//!                 Telemetry            catalog, host, surroundings
//!                     │ open
//!                 Standing             what holds now: decision, paths, catalog in force
//!                     │
//!   consent ─permit─▶ record ─line─▶ queue ─▶ ship ─▶ destinations
//!                     ▲              (disk)    │      in a detached process,
//!                  identity                 consent   a daemon's thread, or
//!                                           again     the host's (thread mode)
//! ```
//!
//! - [`Telemetry`] is one product on one machine. Everything starts with it.
//! - `standing` is what was read and decided at one moment. It never changes:
//!   when it is a second old, the next record reads again. Threads share it.
//! - [`consent`] decides from the catalog's rules, the environment, the flag
//!   and the settings file: off, on this machine only, or on. A yes is a
//!   [`Permit`], and only a decision makes one.
//! - `identity` creates the device's id, at consent and never before.
//! - `record` turns a typed event into one line of JSON under a permit and
//!   appends it to the queue.
//! - `disk` has every file that the SDK keeps on the person's machine, one
//!   module each. The queue itself is the crate `headcount-queue`.
//! - [`ship`] sends what is queued. `target` knows where to, `transport` how
//!   (`ureq`, `curl`, or your own), `attempt` what one shipment does from the
//!   claim to the receipt, and `process` starts the host again, detached.
//! - `thread_mode` is for products that keep no event on disk: a thread sends
//!   each record at once.
//! - [`Session`] is the API of a program that runs and ends. [`daemon`] is the
//!   API of one that stays. [`panics`] records crashes, and [`track`] records
//!   how a command ended.
//! - [`person`] is what people see: `telemetry status`, `on`, `off`, `inspect`
//!   and the other commands, the notice, and the question.
//!
//! Recording opens no connection, starts no thread (but in thread mode), prints
//! nothing, and does not change the exit code. While telemetry is off, nothing
//! is created: no folder, no id, no queue, no process, no connection.
//!
//! # Where to change what
//!
//! | to change | open |
//! | --- | --- |
//! | the order of the rules, or which opinion wins | `consent/decide.rs`, `consent/mod.rs` |
//! | what one rule says: a variable, the person's answer, an administrator | `consent/variable.rs`, `chosen.rs`, `admin.rs` |
//! | where an answer is read, and which misspelt keys refuse | `consent/written.rs`, `near_miss.rs` |
//! | which variables mean continuous integration, or a coding agent | `surroundings/ci.rs`, `agents.rs` |
//! | when the person counts as told, and what may be sent before | `consent/told.rs`, `person/notice.rs` |
//! | what is withheld after a release that reports more | `consent/agreement.rs`, `cut.rs` |
//! | what is withheld because its purpose is refused, and what of it is deleted | `consent/refusals.rs`, `consent/joined.rs`; `person/drop_refused.rs` |
//! | what is read once and shared, and when it is read again | `standing.rs`; `Session::standing` in `session.rs` |
//! | the device's id | `identity/` |
//! | which event is a device's first one of a day, week or month | `marked_periods.rs`, kept by `disk/counted.rs` |
//! | the line of an event | `record.rs`; when it happened and its id, `occasion.rs` |
//! | a file on the person's machine | its path in `disk/paths.rs`, its content in `disk/`, one file each: `state.rs` is `telemetry-state.json` |
//! | what an answer of a destination means, and what is tried again | `ship/attempt/next.rs` |
//! | what is kept of what was sent | `disk/sent.rs`, `ship/attempt/sent_records.rs`; `person/sent.rs` prints it |
//! | one shipment, step by step | `ship/attempt/flush.rs`, `delivery.rs` |
//! | what `off`, `clear`, a new month and age do with a file | the list in `disk/kept.rs` |
//! | which address and key are used | `ship/target/` |
//! | how a request is sent | `ship/transport/`, one adapter each |
//! | how the shipper is started, and how long it lives | `ship/process/` |
//! | what a process that was started to ship does | `shipper.rs` |
//! | a person's command | `person/`, one file each: `telemetry status` is `person/status/text.rs` |
//! | the question and the notice | `person/texts.rs`, `ask.rs`, `prompt.rs`, `notice.rs` |
//! | how text for people is wrapped; what of text from outside is shown | `person/wrapped.rs`; `visible.rs` |
//! | what a copy of the queue to another destination has, and when it is sent | `queue_copy.rs`, `ship/attempt/copying.rs` |
//! | a time limit or a size limit | `limits.rs` |
//!
//! A destination's answer is decoded by its dialect in `headcount-wire`; what
//! follows from a status code is decided here. A *claim* is a file of the queue
//! that a shipper has taken, and a *receipt* is what is kept of one request.
//!
//! # What this crate does not do
//!
//! - It does not send free text. Values are flags, numbers, times, words of a
//!   closed set and tokens of a known shape. Each record is checked when it is
//!   made and again before it is sent.
//! - It does not read a catalog at run time. The catalog is a constant.
//! - It does not print, except for the question ([`person`], feature `prompt`)
//!   and what a host prints with [`person::Reply::print`] and
//!   [`person::Notice::print`]. A debug build tells the program's author if its
//!   shipper cannot work as it should.
//! - It does not send what is on by default before the person was told, in a
//!   run before this one began: a request needs a proof of that, and of nothing
//!   less.
//! - It does not panic on anything it finds on disk.
//! - It does not need an async runtime.
//! - It does not read the clock, the environment or the home folder on its own.
//!   [`Surroundings`] has them, and a test passes its own.
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `enabled` | telemetry at all; without it the same API compiles to nothing |
//! | `ureq` (default) | shipping over HTTPS from inside the program, with rustls; includes `enabled` |
//! | `curl` | shipping through the system's `curl`, for programs that want to stay small; includes `enabled` |
//! | `gzip` | compression of request bodies over 1 KiB, where the destination accepts it |
//! | `settings-toml`, `settings-yaml` | settings files in these formats; JSON is always there |
//! | `prompt` | the question, asked in a terminal |
//! | `signals` | waiting for SIGINT and SIGTERM, or the console's events on Windows, without a runtime |
//! | `clap` | the person's commands as one subcommand of a host that uses clap |

// `println!` panics where nobody reads, and would end the program.
#![warn(clippy::print_stdout, clippy::print_stderr)]

// Needed everywhere, and they use nothing but each other: the switch of the
// feature `enabled`, the limits, locks nobody waits for, text from outside,
// JSON of ours, random numbers, and the world outside the process.
mod as_json;
mod built;
mod limits;
mod no_wait;
mod random;
mod surroundings;
mod visible;

// The root, and what holds at one moment.
mod telemetry;
mod standing;

// From a typed event to a line on disk: may it be recorded, by which device, as
// which line, in which file.
pub mod consent;
mod identity;
mod marked_periods;
mod event;
mod occasion;
mod record;
mod error;
mod disk;

// From the queue, or from memory, to the destinations.
pub mod ship;
mod thread_mode;

// What a host calls. The first is what its shipper does instead.
mod shipper;
mod complaint;
mod session;
mod agent_notes;
#[doc(hidden)]
pub mod queue_copy;
pub mod daemon;
#[cfg(feature = "signals")]
pub mod signals;
pub mod panics;
pub mod track;

// What a person sees.
pub mod person;

pub use agent_notes::AgentNotes;
pub use consent::{Decision, Flag, Permit};
pub use disk::error::DiskError;
pub use disk::paths::Paths;
pub use error::RecordError;
pub use event::{Context, TypedEvent};
pub use headcount_catalog as catalog;
pub use headcount_catalog::{Catalog, Time};
pub use headcount_macros::catalog;
#[doc(hidden)]
pub use marked_periods::MarkedPeriods;
pub use occasion::Past;
pub use session::Session;
pub use surroundings::{
    Clock, CommandLine, KnownFolders, Machine, Owner, Program, ProxySettings, Surroundings,
    SystemProxy, Variables,
};
pub use telemetry::{Host, Telemetry};
