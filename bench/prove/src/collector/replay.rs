//! Requests sent once more, one after the other, and what is answered for each.

use std::net::SocketAddr;

use super::connection::Connection;
use super::limits::ANSWER;
use crate::Fault;

/// What the answers said.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Replayed {
    /// Events that are new.
    pub(crate) accepted: u64,
    /// Events that were there.
    pub(crate) duplicate: u64,
    /// Requests that were put off or not understood.
    pub(crate) failed: u64,
}

/// Sends native requests.
///
/// # Errors
///
/// Nobody listens, or an answer does not come.
pub(crate) fn replay<'r>(
    address: SocketAddr,
    requests: impl IntoIterator<Item = &'r [u8]>,
) -> Result<Replayed, Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut connection = Connection::open(address).await?;
        let mut replayed = Replayed::default();
        for request in requests {
            let answer = connection.ask(request, ANSWER).await?;
            let json: Option<serde_json::Value> = serde_json::from_slice(&answer.body).ok();
            let count = |name: &str| json.as_ref()?.get(name)?.as_u64();
            match (count("accepted"), count("duplicate")) {
                (Some(accepted), Some(duplicate)) if answer.is_taken() => {
                    replayed.accepted += accepted;
                    replayed.duplicate += duplicate;
                }
                _ => replayed.failed += 1,
            }
        }
        Ok(replayed)
    })
}
