//! The one handle a host owns, from its start to its end.

use std::io;
use std::sync::{Arc, Mutex, OnceLock};

use headcount_catalog::Change;

use crate::built::BUILT;
use crate::consent::Decision;
use crate::error::{Cause, RecordError};
use crate::no_wait;
use crate::random::Pool;
use crate::record::{self, Recorder};
use crate::ship::{self, Flushed, Started, Transport};
use crate::standing::Standing;
use crate::thread_mode::Memory;
use crate::{Context, Telemetry, TypedEvent};

/// Telemetry for one run of a host.
///
/// Opening it decides and creates nothing. Threads may share it, and none waits for another while
/// one of them writes.
#[must_use = "without `finish` nothing that was recorded is shipped until the next run"]
#[derive(Debug)]
pub struct Session {
    /// What held when it was opened.
    opened: Arc<Standing>,
    /// What holds since then, where that is too old.
    renewed: Mutex<Option<Arc<Standing>>>,
    random: Pool,
    /// Where a product that keeps no event on disk has them until they are sent.
    memory: OnceLock<Memory>,
}

impl Telemetry {
    /// Opens telemetry: decides, and no more.
    pub fn open(&self) -> Session {
        Session {
            opened: Arc::new(Standing::of(self)),
            renewed: Mutex::default(),
            random: Pool::default(),
            memory: OnceLock::new(),
        }
    }
}

impl Session {
    /// What was decided when it was opened, and whose word that was.
    #[must_use]
    pub fn decision(&self) -> &Decision {
        self.opened.decision()
    }

    /// Whether events are recorded, to be sent or for the person's own eyes. Does not ask whose word
    /// that is, which [`Session::decision`] may have to look for.
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
        self.renewed = Mutex::default();
    }

    /// Records an event, if that is permitted. What goes wrong concerns only the caller of
    /// [`Session::try_record`].
    pub fn record(&self, event: &dyn TypedEvent) {
        let _ = self.try_record(event);
    }

    /// Records an event.
    ///
    /// # Errors
    ///
    /// Why it was not recorded.
    pub fn try_record(&self, event: &dyn TypedEvent) -> Result<(), RecordError> {
        if !BUILT {
            return Err(Cause::Off.into());
        }
        self.write(&self.standing(), event)
    }

    /// Records an event under what holds at a moment.
    pub(crate) fn write(
        &self,
        standing: &Standing,
        event: &dyn TypedEvent,
    ) -> Result<(), RecordError> {
        let (Some(permit), Some(paths)) = (standing.permit(), standing.paths()) else {
            return Err(Cause::Off.into());
        };
        let recorder = Recorder { standing, random: &self.random };
        let line = recorder.line(permit, event)?;
        if standing.keeps_none() {
            let memory = self.memory.get_or_init(|| Memory::new(standing.telemetry()));
            memory.put(paths, &line);
            return Ok(());
        }
        let known = standing.known(permit)?;
        let queue = known.queue.as_ref().ok_or(Cause::Off)?;
        record::append(permit, queue, paths, &line)
    }

    /// The line an event would be recorded as.
    ///
    /// # Errors
    ///
    /// Why it would not be recorded.
    pub fn line(&self, event: &dyn TypedEvent) -> Result<String, RecordError> {
        if !BUILT {
            return Err(Cause::Off.into());
        }
        let standing = self.standing();
        let permit = standing.permit().ok_or(Cause::Off)?;
        Recorder { standing: &standing, random: &self.random }.line(permit, event)
    }

    /// What of this release is withheld, until the person has seen it.
    #[must_use]
    pub fn withheld(&self) -> &[Change] {
        self.opened.withheld()
    }

    /// Ships what is queued to every destination that may be asked now, in this process, and waits
    /// until that is done: ten seconds at most.
    ///
    /// Consent is read again before each request, and every record checked against the catalog
    /// again.
    pub fn flush(&self, transport: &dyn Transport) -> Flushed {
        ship::flush(&self.opened, transport)
    }

    /// Ends the run: starts the shipper, detached, if something is due.
    pub fn finish(self) {
        let _ = self.start_shipper();
    }

    /// Ends the run as [`Session::finish`] does, and says what came of it. A product that keeps no
    /// event on disk hands over what has not gone; what it records after that is lost.
    ///
    /// # Errors
    ///
    /// What kept the shipper from starting.
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

    /// Hands over what a product that keeps no event on disk has not sent.
    pub(crate) fn hand_over(&self) {
        if let Some(memory) = self.memory.get() {
            let _ = memory.hand_over();
        }
    }

    /// What held when this was opened: what a person looks at.
    pub(crate) fn opened(&self) -> &Standing {
        &self.opened
    }

    /// What holds now: an `off` that was said meanwhile holds here too, and an id that was deleted
    /// is not used again. A no that was found when this was opened holds to its end.
    fn standing(&self) -> Arc<Standing> {
        if self.opened.permit().is_none() || self.opened.holds() {
            return Arc::clone(&self.opened);
        }
        let current = no_wait::try_lock(&self.renewed).and_then(|renewed| renewed.clone());
        if let Some(current) = current.filter(|standing| standing.holds()) {
            return current;
        }
        // Without the lock: threads that find the old one too old each read for themselves.
        let fresh = Arc::new(self.opened.anew());
        if let Some(mut renewed) = no_wait::try_lock(&self.renewed) {
            *renewed = Some(Arc::clone(&fresh));
        }
        fresh
    }
}
