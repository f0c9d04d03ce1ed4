//! Sessions of coding agents, told by the hooks that the agents call.

mod agent;
mod moment;

// How hooks are installed and removed.
mod install;

// One folder for each agent.
mod claude;
mod codex;
mod copilot;
mod cursor;
mod gemini;
mod goose;
mod opencode;
mod qwen;

pub use agent::Agent;
pub use install::{
    FileChange, HookCommand, HookCommandError, HookPlan, HookScope, HookState, HookStatus, Hooks,
    InstallError, Places, project_of,
};
pub use moment::Moment;
