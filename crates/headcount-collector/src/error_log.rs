//! Where messages for the operator go.

use std::sync::Arc;

/// Receives messages for the operator, such as that a commit failed: one line
/// without a full stop. A message holds nothing of an event or a request.
pub type ErrorLog = Arc<dyn Fn(&str) + Send + Sync>;
