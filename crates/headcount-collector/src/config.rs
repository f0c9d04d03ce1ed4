//! What a collector is told at its start. It asks its surroundings for nothing else.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use headcount_catalog::Time;

use crate::Registry;

/// What time it is.
pub type Clock = Arc<dyn Fn() -> Time + Send + Sync>;

/// Where a sentence for the operator goes, such as that a commit failed. It never holds anything of
/// an event or a request.
pub type Trouble = Arc<dyn Fn(&str) + Send + Sync>;

/// Everything a collector is told.
#[derive(Clone)]
pub struct Config {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The folder of its events and its secret. Nothing is written anywhere else.
    pub data: PathBuf,
    /// What may be collected.
    pub registry: Registry,
    /// Who is let in.
    pub access: Access,
    /// What time it is.
    pub clock: Clock,
    /// Where to tell the operator of trouble.
    pub trouble: Trouble,
}

/// Who is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// Everybody on this machine and nobody else: a product's name is a valid key, so is the public
    /// key in its catalog, and pages and questions need no sign-in.
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
