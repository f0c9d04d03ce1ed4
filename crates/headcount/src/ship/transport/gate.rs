//! The last check before a request leaves the machine.

use std::fs::File;

use super::error::TransportError;
use crate::consent::SendPermit;

/// Asks once, just before the body leaves, whether the request may still be
/// sent.
pub struct Gate<'a> {
    is_open: &'a mut dyn FnMut() -> bool,
    /// Whether it was asked: from then on the body may leave.
    was_asked: bool,
    /// The lock that is held while the request is under way. A child process
    /// that sends the request, and may outlive this one, inherits it.
    #[cfg_attr(
        not(feature = "curl"),
        expect(dead_code, reason = "only a child process inherits the lock")
    )]
    held: Option<&'a File>,
}

impl<'a> Gate<'a> {
    /// The gate of a request that may be sent if `is_open` returns true.
    pub(crate) fn permitted(_permit: SendPermit, is_open: &'a mut dyn FnMut() -> bool) -> Self {
        Self::new(is_open)
    }

    /// A gate that is open if `is_open` returns true. A shipment needs a
    /// permission besides.
    pub(super) fn new(is_open: &'a mut dyn FnMut() -> bool) -> Self {
        Self { is_open, was_asked: false, held: None }
    }

    /// The same for a request under this lock.
    pub(crate) fn holding(self, lock: Option<&'a File>) -> Self {
        Self { held: lock, ..self }
    }

    /// Passes the gate.
    ///
    /// # Errors
    ///
    /// Returns
    /// [`TransportErrorKind::Withdrawn`](super::TransportErrorKind::Withdrawn)
    /// if the gate is shut.
    pub fn pass(&mut self) -> Result<(), TransportError> {
        self.was_asked = true;
        if (self.is_open)() { Ok(()) } else { Err(TransportError::withdrawn()) }
    }

    /// Whether a transport has asked to pass.
    pub(super) fn was_asked(&self) -> bool {
        self.was_asked
    }

    /// The lock, for a child process that sends the request.
    #[cfg(feature = "curl")]
    pub(super) fn held(&self) -> Option<&File> {
        self.held
    }
}
