//! Sessions of coding agents, told by the hooks that the agents call.

mod agent;
mod moment;

pub use agent::Agent;
pub use moment::Moment;
