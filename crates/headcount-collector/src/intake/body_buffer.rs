//! Buffers for bodies, each within its own limit and the memory that all bodies
//! share.

use std::io::{self, Write};
use std::sync::Arc;

use axum::body::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::rejection::Rejection;
use crate::limits;

/// Makes the memory that all bodies share: one permit for each
/// [`limits::MEMORY_UNIT_BYTES`].
pub(crate) fn body_memory() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(limits::BODY_MEMORY_BYTES / limits::MEMORY_UNIT_BYTES))
}

/// A whole body. Dropping it returns its memory.
#[derive(Debug)]
pub(super) struct WholeBody {
    bytes: Bytes,
    _memory: Option<OwnedSemaphorePermit>,
}

impl WholeBody {
    /// A body that came in one piece, which is kept as it is. A small one is in
    /// the memory of its connection.
    pub(super) fn of_one_piece(bytes: Bytes, memory: &Arc<Semaphore>) -> Result<Self, Rejection> {
        let mut buffer = BodyBuffer::new(memory);
        if bytes.len() > limits::JUDGED_AT_ONCE_BYTES {
            buffer.acquire(bytes.len())?;
        }
        Ok(Self { bytes, _memory: buffer.own_memory })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// The part of a body that has arrived.
pub(super) struct BodyBuffer {
    bytes: Vec<u8>,
    shared_memory: Arc<Semaphore>,
    own_memory: Option<OwnedSemaphorePermit>,
    /// Why a write through [`Write`] failed.
    failure: Option<Rejection>,
}

impl BodyBuffer {
    pub(super) fn new(shared_memory: &Arc<Semaphore>) -> Self {
        let shared_memory = Arc::clone(shared_memory);
        Self { bytes: Vec::new(), shared_memory, own_memory: None, failure: None }
    }

    /// Moves the contents out of a decoder that owns this buffer, and leaves an
    /// empty one.
    pub(super) fn take(&mut self) -> Self {
        let empty = Self::new(&self.shared_memory);
        std::mem::replace(self, empty)
    }

    pub(super) fn whole(self) -> WholeBody {
        WholeBody { bytes: self.bytes.into(), _memory: self.own_memory }
    }

    /// The limit at which a write failed, if it was one.
    pub(super) fn failure(&mut self) -> Option<Rejection> {
        self.failure.take()
    }

    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), Rejection> {
        let length = self.bytes.len() + bytes.len();
        if length > limits::DECOMPRESSED_BYTES {
            return Err(Rejection::DecompressedTooLarge);
        }
        if length > self.bytes.capacity() {
            let doubled = (self.bytes.capacity() * 2).max(limits::MEMORY_UNIT_BYTES);
            let capacity = length.max(doubled).min(limits::DECOMPRESSED_BYTES);
            self.acquire(capacity)?;
            self.bytes.reserve_exact(capacity - self.bytes.len());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Takes shared memory for a capacity in bytes.
    fn acquire(&mut self, capacity: usize) -> Result<(), Rejection> {
        let own = self.own_memory.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = capacity.div_ceil(limits::MEMORY_UNIT_BYTES).saturating_sub(own);
        let more = u32::try_from(more).map_err(|_| Rejection::DecompressedTooLarge)?;
        let acquired = Arc::clone(&self.shared_memory)
            .try_acquire_many_owned(more)
            .map_err(|_| Rejection::Busy)?;
        match &mut self.own_memory {
            Some(own) => own.merge(acquired),
            None => self.own_memory = Some(acquired),
        }
        Ok(())
    }
}

/// For decoders that write. Their error is any I/O error;
/// [`BodyBuffer::failure`] says why.
impl Write for BodyBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.push(bytes) {
            Ok(()) => Ok(bytes.len()),
            Err(rejection) => {
                self.failure = Some(rejection);
                Err(io::ErrorKind::Other.into())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
