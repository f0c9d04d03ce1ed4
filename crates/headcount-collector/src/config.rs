//! What a collector is given at its start. It asks its surroundings for nothing
//! else.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use headcount_catalog::Time;

use crate::registry::Registry;

pub use crate::error_log::ErrorLog;

/// Returns the current time.
pub type TimeSource = Arc<dyn Fn() -> Time + Send + Sync>;

/// Everything a collector is given.
#[derive(Clone)]
pub struct Config {
    /// The address to listen on. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The folder of events and secret. Nothing is written anywhere else.
    pub data: PathBuf,
    /// What may be collected.
    pub registry: Registry,
    /// Who may write and read.
    pub access: Access,
    /// The current time.
    pub clock: TimeSource,
    /// Where messages for the operator go.
    pub error_log: ErrorLog,
}

/// Who may write and read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// Everyone on this machine, and no other machine. A product's name is a
    /// valid key, and so is the public key in its catalog; pages and questions
    /// need no sign-in.
    Development,
}

impl fmt::Debug for Config {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Config")
            .field("listen", &self.listen)
            .field("data", &self.data)
            .field("access", &self.access)
            .finish_non_exhaustive()
    }
}
