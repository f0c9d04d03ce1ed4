//! Selects the transport of this build.

#[cfg(any(feature = "ureq", feature = "curl"))]
use super::Guarded;
use super::Transport;

/// The linked transport, else the system's `curl`. `None` if this build has
/// neither, or the system has no `curl`. A panic inside it is an error of its
/// request.
#[must_use]
pub fn built_in() -> Option<Box<dyn Transport + Send>> {
    #[cfg(feature = "ureq")]
    return Some(Box::new(Guarded(super::Ureq::new())));
    #[cfg(all(feature = "curl", not(feature = "ureq")))]
    return super::Curl::of_the_system()
        .map(|curl| Box::new(Guarded(curl)) as Box<dyn Transport + Send>);
    #[cfg(not(any(feature = "ureq", feature = "curl")))]
    None
}
