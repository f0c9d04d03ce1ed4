//! Telemetry of one run of a host, from its start to its end.

use std::io;
use std::sync::{Arc, OnceLock, RwLock};

use headcount_catalog::Change;

use crate::built::BUILT;
use crate::consent::Decision;
use crate::error::{Cause, RecordError};
use crate::no_wait;
use crate::occasion::Past;
use crate::record;
use crate::ship::{self, Flushed, Started, Transport};
use crate::standing::Standing;
use crate::thread_mode::Memory;
use crate::{Context, Telemetry, TypedEvent, complaint, shipper};

/// Telemetry for one run of a host.
///
/// Opening it decides, and creates nothing on disk. Threads may share it, and
/// none waits while another writes.
#[must_use = "without `finish` nothing that was recorded is shipped until the next run"]
#[derive(Debug)]
pub struct Session {
    /// The standing when it was opened.
    opened: Arc<Standing>,
    /// A newer standing, once that one is too old.
    renewed: RwLock<Option<Arc<Standing>>>,
    /// The events that wait in memory, for a product that keeps none on disk.
    memory: OnceLock<Memory>,
}

impl Telemetry {
    /// Opens telemetry: decides, and nothing more.
    ///
    /// Call it first in `main`, on the main thread, before the program reads
    /// its arguments, prints or opens anything. The process that ships is this
    /// very program, started once more with the catalog's flush command: there
    /// this ships, ends the process and **does not return**. What comes before
    /// it happens there a second time. [`Telemetry::watch_panics`] and
    /// [`Telemetry::daemon`] do the same. A debug build says on standard error
    /// if its shipper has written something before.
    pub fn open(&self) -> Session {
        shipper::end_if_child(self);
        complaint::tell(self);
        self.session()
    }

    /// The same in a process that may be a shipper, such as one that panics.
    pub(crate) fn session(&self) -> Session {
        Session {
            opened: Arc::new(Standing::of(self)),
            renewed: RwLock::default(),
            memory: OnceLock::new(),
        }
    }
}

impl Session {
    /// The decision when it was opened.
    #[must_use]
    pub fn decision(&self) -> &Decision {
        self.opened.decision()
    }

    /// Whether events are recorded, to be sent or for the person only. This is
    /// cheaper than [`Session::decision`], which may have to find out which
    /// rule won.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.opened.permit().is_some()
    }

    /// Sets the host's part of the envelope for the events that follow.
    pub fn describe(&mut self, context: &dyn Context) {
        let context = context.entries();
        match Arc::get_mut(&mut self.opened) {
            Some(opened) => opened.describe(context),
            None => self.opened = Arc::new(self.opened.anew().with_context(context)),
        }
        self.renewed = RwLock::default();
    }

    /// Records an event, if that is permitted. Errors are dropped;
    /// [`Session::try_record`] returns them.
    pub fn record(&self, event: &dyn TypedEvent) {
        let _ = self.try_record(event);
    }

    /// Records an event.
    ///
    /// # Errors
    ///
    /// Returns why it was not recorded.
    pub fn try_record(&self, event: &dyn TypedEvent) -> Result<(), RecordError> {
        if !BUILT {
            return Err(Cause::Off.into());
        }
        self.write(&self.standing(), event, None)
    }

    /// Records an event that happened before, or that may have been recorded
    /// already: see [`Past`].
    ///
    /// # Errors
    ///
    /// Returns why it was not recorded.
    pub fn try_record_past(&self, event: &dyn TypedEvent, past: Past) -> Result<(), RecordError> {
        if !BUILT {
            return Err(Cause::Off.into());
        }
        self.write(&self.standing(), event, Some(past))
    }

    /// Records an event under this standing.
    pub(crate) fn write(
        &self,
        standing: &Standing,
        event: &dyn TypedEvent,
        past: Option<Past>,
    ) -> Result<(), RecordError> {
        let (Some(permit), Some(paths)) = (standing.permit(), standing.paths()) else {
            return Err(Cause::Off.into());
        };
        let is_kept_in_memory = standing.keeps_none();
        if is_kept_in_memory && standing.send_permit().is_none() {
            return Err(Cause::Untold.into());
        }
        let line = record::marked_line(standing, permit, event, past)?;
        if is_kept_in_memory {
            let memory = self.memory.get_or_init(|| Memory::new(standing.telemetry()));
            memory.put(paths, &line);
            return Ok(());
        }
        record::append(standing, permit, event, past, &line)
    }

    /// Returns the line as which an event would be recorded. Where devices are
    /// counted without an id, it has no marks: only an event that is recorded
    /// can be a device's first one.
    ///
    /// # Errors
    ///
    /// Returns why it would not be recorded.
    pub fn line(&self, event: &dyn TypedEvent) -> Result<String, RecordError> {
        if !BUILT {
            return Err(Cause::Off.into());
        }
        let standing = self.standing();
        let permit = standing.permit().ok_or(Cause::Off)?;
        record::line(&standing, permit, event, None)
    }

    /// What is new in this release and withheld until the person agrees,
    /// without what they have refused.
    #[must_use]
    pub fn withheld(&self) -> &[Change] {
        self.opened.withheld()
    }

    /// Ships the queue to every destination that is ready, in this process, and
    /// waits until that is done: ten seconds at most.
    ///
    /// Consent is read again before each request, and every record is checked
    /// against the catalog again.
    pub fn flush(&self, transport: &dyn Transport) -> Flushed {
        ship::flush(&self.opened, transport)
    }

    /// Ends the run: starts the shipper, detached, if something is due.
    pub fn finish(self) {
        let _ = self.start_shipper();
    }

    /// Ends the run as [`Session::finish`] does, and says what happened. A
    /// product that keeps no event on disk hands over what is not sent yet;
    /// what it records after that is lost.
    ///
    /// # Errors
    ///
    /// Returns an error if the shipper cannot be started.
    pub fn start_shipper(&self) -> io::Result<Started> {
        if !BUILT {
            return Ok(Started::NotPermitted);
        }
        let standing = self.standing();
        match standing.paths() {
            Some(paths) if standing.is_on() => match self.memory.get() {
                Some(memory) => memory.hand_over(),
                None if standing.keeps_none() => Ok(Started::NothingDue),
                None => ship::start(&standing, paths),
            },
            _ => Ok(Started::NotPermitted),
        }
    }

    /// Hands over the events in memory that are not sent yet, for a product
    /// that keeps none on disk.
    pub(crate) fn hand_over(&self) {
        if let Some(memory) = self.memory.get() {
            let _ = memory.hand_over();
        }
    }

    /// The standing when this was opened, which a person is shown.
    pub(crate) fn opened(&self) -> &Standing {
        &self.opened
    }

    /// The standing now: an `off` in the meantime counts here too, and a
    /// deleted id is not used again. A no when this was opened holds to the
    /// end.
    pub(crate) fn standing(&self) -> Arc<Standing> {
        if self.opened.permit().is_none() || self.opened.holds() {
            return Arc::clone(&self.opened);
        }
        let current = no_wait::try_read(&self.renewed).and_then(|renewed| renewed.clone());
        if let Some(current) = current.filter(|standing| standing.holds()) {
            return current;
        }
        // Without the lock: threads that find it too old each read for
        // themselves.
        let fresh = Arc::new(self.opened.anew());
        if let Some(mut renewed) = no_wait::try_write(&self.renewed) {
            *renewed = Some(Arc::clone(&fresh));
        }
        fresh
    }
}
