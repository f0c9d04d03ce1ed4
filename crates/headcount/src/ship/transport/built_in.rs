//! Selects the transport of this build.

use super::Transport;

/// The linked transport, else the system's `curl`. `None` if this build has
/// neither, or the system has no `curl`.
#[must_use]
pub fn built_in() -> Option<Box<dyn Transport + Send>> {
    #[cfg(feature = "ureq")]
    return Some(Box::new(super::Ureq::new()));
    #[cfg(all(feature = "curl", not(feature = "ureq")))]
    return super::Curl::of_the_system().map(|curl| Box::new(curl) as Box<dyn Transport + Send>);
    #[cfg(not(any(feature = "ureq", feature = "curl")))]
    None
}
