//! Sessions of coding agents, told by the hooks that the agents call: when a
//! session began and ended, with which agent, and which commands of a closed
//! set were invoked in it. Never what anybody typed or an agent answered.
//!
//! ```text
//!  agent ─ calls ─▶ hook ─▶ payload ─▶ told ─▶ notes ─▶ event ─▶ queue
//!                           allowed    start,   what is   once a
//!                           keys       command, known of  session,
//!                           alone      turn,    a session when it
//!                                      end                is over
//! ```
//!
//! - A payload is read by a list of allowed keys (`fields`); each agent has its
//!   own in `<agent>/payload.rs`, and `<agent>/session.rs` says what a call
//!   tells. `caller` knows which agent calls: one that runs another's hooks is
//!   known by its marks.
//! - One session is one event. Its beginning is noted, for no agent tells it at
//!   the end (`sitting`); an end that comes twice is told once; a session whose
//!   end never came is told at the next start of any.
//! - Commands come from hooks that name them. Where no hook does, a transcript
//!   is read (`transcript`): as a stream, with bounds, in the agent's own
//!   folder alone, and only what a person typed counts.
//! - What is recorded is the catalog's (`hook_record`): the events with a
//!   `hook`, under the same rules as any other.
//!
//! A product that is its own hook calls [`answer`] with its own
//! [`Telemetry`](headcount::Telemetry); for others `headcount hook` does.
//!
//! # Where to change what
//!
//! | to change | open |
//! | --- | --- |
//! | which keys of an agent's payload are read, what a call tells | `<agent>/payload.rs`, `<agent>/session.rs` |
//! | which agents there are | `agent.rs`; then the compiler leads |
//! | how a reused hook is told apart | `caller.rs` |
//! | when a session without an end is over | `sitting.rs`, `process.rs` |
//! | which lines of a transcript count | `claude/transcript.rs`, `copilot/transcript.rs` |
//! | where an agent takes hooks, with which time-outs | `<agent>/install.rs` |
//! | how its files are edited, and left as they were | `install/` |
//! | what is in an event | `hook_role.rs` of `headcount-catalog`, `hook_record.rs` |
//! | a limit | `limits.rs` |
//!
//! # What this crate does not do
//!
//! It prints nothing and fails nothing: whatever a payload is, the hook ends
//! with 0. It keeps no id of an agent, no path and no text. It approves no
//! trust prompt for anybody.

// Which agents, and when they call.
mod agent;
mod moment;
mod limits;

// From bytes to what they tell.
mod input;
mod fields;
mod event_name;
mod command_name;
mod told;
mod prompted;
mod usual_form;
mod caller;
mod reading;

mod transcript;

// One folder an agent.
mod claude;
mod codex;
mod copilot;
mod opencode;
mod cursor;
mod qwen;
mod goose;
mod gemini;

// What is known of sessions, and what becomes of it.
mod agent_transcript;
mod process;
mod sitting;
mod hook_record;
mod hook;
#[cfg(feature = "model")]
pub mod model;

// How hooks are installed and removed.
mod install;

pub use agent::Agent;
pub use hook::{HookCall, answer};
pub use input::Input;
pub use install::{
    FileChange, HookCommand, HookCommandError, HookFinding, HookPlan, HookScope, HookState,
    HookStatus, Hooks, InstallError, Places, project_of,
};
pub use moment::Moment;
