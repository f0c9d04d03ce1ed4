//! Anonymous usage telemetry for a command-line program: one file says what it
//! may ever report, and nothing else can leave the machine.
//!
//! A host writes `telemetry.toml`, names it once, and gets a typed API:
//!
//! ```text
//! mod telemetry { headcount::catalog!("telemetry.toml"); }
//!
//! let session = headcount::open(&telemetry::CATALOG, &headcount::Host::new(env!("CARGO_PKG_VERSION")),
//!                               headcount::Surroundings::of_this_process());
//! session.record(&telemetry::AtomicCommand { command: Command::Update, agent_type: None, success: true });
//! session.finish();
//! ```
//!
//! # The five rooms
//!
//! **Consent** decides, purely, from the catalog's rules, the environment, the
//! flag and the settings file: off, or on with a [`Permit`]. **Identity** makes
//! the id that stands for the device, and only at consent. **Record** turns a
//! typed event into one line of JSON and appends it to the **queue**: no
//! network, no thread, no output, no effect on the exit code. **Ship** runs in
//! a process of its own, which the host starts of itself when it ends and
//! something is due.
//!
//! While the answer is off nothing is created: no folder, no id, no queue, no
//! process, no connection. Without a [`Permit`] nothing can be recorded, and
//! only a decision makes one.
//!
//! # What this crate does not do
//!
//! It prints nothing but the question ([`person`], feature `prompt`), never
//! panics on what it finds on disk, reads no catalog at run time, pulls in no
//! async runtime, and sends nothing that its catalog does not allow: every record is checked when it is made and again before it goes.
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `enabled` | telemetry at all; without it the same API compiles to nothing |
//! | `ureq` (default) | shipping over HTTPS from inside the program, with rustls |
//! | `gzip` | request bodies over a kilobyte go compressed, where the destination's dialect allows it: five crates |
//! | `toml`, `yaml` | settings files in those formats; JSON is always there |
//! | `prompt` | the question, asked in a terminal |
//! | `signals` | waiting for SIGINT and SIGTERM, or Ctrl-C, without a runtime: three crates |
//! | `clap` | the person's commands as one subcommand of a host that has clap |

mod built;
mod limits;
mod no_wait;
mod random;
mod surroundings;
mod disk;
pub mod consent;
mod identity;
mod event;
mod error;
mod telemetry;
mod standing;
mod record;
pub mod ship;
mod thread_mode;
mod session;
pub mod track;
pub mod panics;
pub mod daemon;
#[cfg(feature = "signals")]
pub mod signals;
pub mod person;

pub use consent::{Decision, Flag, Permit};
pub use disk::error::DiskError;
pub use disk::paths::Paths;
pub use error::RecordError;
pub use event::{Context, TypedEvent};
pub use headcount_catalog as catalog;
pub use headcount_catalog::{Catalog, Time};
pub use headcount_macros::catalog;
pub use session::Session;
pub use surroundings::{Clock, Machine, Owner, Program, Surroundings, Variables};
pub use telemetry::{Host, Telemetry};
