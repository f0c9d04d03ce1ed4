//! The bytes of a body that are kept, within their bound and the room that all bodies share.

use std::io::{self, Write};
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::turned_away::TurnedAway;
use crate::limits;

/// The memory that all bodies share, in pieces of [`limits::ROOM_BYTES`].
pub(crate) fn all_room() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(limits::BODIES_BYTES / limits::ROOM_BYTES))
}

/// A body as it was before compression, and the room it takes.
pub(super) struct Taken {
    bytes: Vec<u8>,
    _room: Option<OwnedSemaphorePermit>,
}

impl Taken {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Bytes on their way in.
pub(super) struct Kept {
    bytes: Vec<u8>,
    all: Arc<Semaphore>,
    room: Option<OwnedSemaphorePermit>,
    /// Why no more is kept.
    stopped: Option<TurnedAway>,
}

impl Kept {
    pub(super) fn new(room: &Arc<Semaphore>) -> Self {
        Self { bytes: Vec::new(), all: Arc::clone(room), room: None, stopped: None }
    }

    /// Another one beside this, in the same room.
    pub(super) fn beside(&self) -> Self {
        Self::new(&self.all)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What it has kept, out of the hands of a decoder that holds it.
    pub(super) fn take(&mut self) -> Self {
        let empty = self.beside();
        std::mem::replace(self, empty)
    }

    pub(super) fn taken(self) -> Taken {
        Taken { bytes: self.bytes, _room: self.room }
    }

    /// The limit at which writing failed, if it was one.
    pub(super) fn stopped(&mut self) -> Option<TurnedAway> {
        self.stopped.take()
    }

    pub(super) fn keep(&mut self, bytes: &[u8]) -> Result<(), TurnedAway> {
        let length = self.bytes.len() + bytes.len();
        if length > limits::DECOMPRESSED_BYTES {
            return Err(TurnedAway::TooLargeInside);
        }
        if length > self.bytes.capacity() {
            let doubled = (self.bytes.capacity() * 2).max(limits::ROOM_BYTES);
            let capacity = length.max(doubled).min(limits::DECOMPRESSED_BYTES);
            self.make_room(capacity)?;
            self.bytes.reserve_exact(capacity - self.bytes.len());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn make_room(&mut self, capacity: usize) -> Result<(), TurnedAway> {
        let has = self.room.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = capacity.div_ceil(limits::ROOM_BYTES).saturating_sub(has);
        let more = u32::try_from(more).map_err(|_| TurnedAway::TooLargeInside)?;
        let room =
            Arc::clone(&self.all).try_acquire_many_owned(more).map_err(|_| TurnedAway::Busy)?;
        match &mut self.room {
            Some(own) => own.merge(room),
            None => self.room = Some(room),
        }
        Ok(())
    }
}

/// For decoders that write; what was the matter is in [`Kept::stopped`].
impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.keep(bytes) {
            Ok(()) => Ok(bytes.len()),
            Err(why) => {
                self.stopped = Some(why);
                Err(io::ErrorKind::Other.into())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
