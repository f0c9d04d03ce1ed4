//! The transport this program was built with.

use super::Transport;

/// The one that is linked in, else the system's `curl`; `None` where the
/// program was built with neither, or the system has none.
#[must_use]
pub fn built_in() -> Option<Box<dyn Transport + Send>> {
    #[cfg(feature = "ureq")]
    return Some(Box::new(super::Ureq::new()));
    #[cfg(all(feature = "curl", not(feature = "ureq")))]
    return super::Curl::of_the_system().map(|curl| Box::new(curl) as Box<dyn Transport + Send>);
    #[cfg(not(any(feature = "ureq", feature = "curl")))]
    None
}
