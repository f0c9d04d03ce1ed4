//! Installs and removes the hooks that agents call.
//!
//! Everything is planned first (`hooks`): a plan reads files, says as a diff
//! what it would change, and changes nothing. A file is changed in place, as
//! text: what others wrote stays byte for byte, and what was added can be taken
//! out so that every byte is as it was (`splice`).
//!
//! | to change | open |
//! | --- | --- |
//! | where an agent takes hooks, its events, its time-outs | `install.rs` in the agent's folder |
//! | how entries look | `entries.rs` |
//! | which entries are ours | `command.rs` |
//! | how a file is read and replaced | `file.rs` |

// What is said and what is written.
pub(crate) mod limits;
pub(crate) mod places;
mod command;
mod error;

// Text.
mod strict;
mod jsonc;
pub(crate) mod json_text;
mod splice;
pub(crate) mod entries;
mod diff;

// Agents and their files.
pub(crate) mod table;
mod tables;
mod file;
mod plan;
mod hooks;
mod own_text;
mod status;
mod doctor;

#[cfg(test)]
mod tests;

pub use command::{HookCommand, HookCommandError};
pub use doctor::HookFinding;
pub use error::InstallError;
pub use hooks::Hooks;
pub use places::{HookScope, Places, project_of};
pub use plan::{FileChange, HookPlan};
pub use status::{HookState, HookStatus};
