//! What a request passes at the last moment before it leaves.

use std::fs::File;

use super::error::TransportError;

/// The last question before a body leaves the machine, asked once.
pub struct Gate<'a> {
    is_open: &'a mut dyn FnMut() -> bool,
    /// The lock that says that the request is under way. A process that carries the request, and
    /// may outlive this one, inherits it.
    #[cfg(feature = "curl")]
    held: Option<&'a File>,
}

impl<'a> Gate<'a> {
    /// A gate that asks this, and is open or shut as it says.
    pub fn new(is_open: &'a mut dyn FnMut() -> bool) -> Self {
        Self {
            is_open,
            #[cfg(feature = "curl")]
            held: None,
        }
    }

    /// The same for a request under this lock.
    #[cfg(feature = "curl")]
    pub(crate) fn holding(self, lock: Option<&'a File>) -> Self {
        Self { held: lock, ..self }
    }

    /// The same: no transport of this build has a process of its own.
    #[cfg(not(feature = "curl"))]
    pub(crate) fn holding(self, _lock: Option<&'a File>) -> Self {
        self
    }

    /// Passes it.
    ///
    /// # Errors
    ///
    /// [`TransportErrorKind::Withdrawn`](super::TransportErrorKind::Withdrawn) where it is shut.
    pub fn pass(&mut self) -> Result<(), TransportError> {
        if (self.is_open)() { Ok(()) } else { Err(TransportError::withdrawn()) }
    }

    /// The lock, for a process that carries the request.
    #[cfg(feature = "curl")]
    pub(super) fn held(&self) -> Option<&File> {
        self.held
    }
}
