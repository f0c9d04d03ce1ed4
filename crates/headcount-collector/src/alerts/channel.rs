//! Where messages about alerts go.

use std::fmt;
use std::sync::Arc;

use super::message::AlertMessage;

/// Whether a message was delivered, or else why not: a fragment of a sentence.
pub type Delivered = Result<(), String>;

/// Where messages go. It may wait for the network.
#[derive(Clone)]
pub struct AlertChannel {
    /// Its kind, such as `webhook`: a rule has one of each at most.
    pub kind: &'static str,
    /// Delivers a message.
    pub deliver: Arc<dyn Fn(&AlertMessage) -> Delivered + Send + Sync>,
}

impl fmt::Debug for AlertChannel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AlertChannel").field("kind", &self.kind).finish_non_exhaustive()
    }
}
