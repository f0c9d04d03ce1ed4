//! Where decoders put the event that they read, and from where it is given out.

use headcount_catalog::Reason;

use super::Budget;
use super::event::{BodyEvent, FlatEvent};
use crate::json::Fault;
use crate::limits;

/// The event that is being read, and whoever gets it.
pub(super) struct Sink<'b, 'f> {
    pub(super) event: FlatEvent<'b>,
    /// Fields that the event may still have.
    fields_left: usize,
    refused: Option<Reason>,
    each: &'f mut dyn FnMut(BodyEvent<'_, 'b>),
}

impl<'b, 'f> Sink<'b, 'f> {
    pub(super) fn new(each: &'f mut dyn FnMut(BodyEvent<'_, 'b>)) -> Self {
        Self { event: FlatEvent::default(), fields_left: limits::FIELDS, refused: None, each }
    }

    /// Starts an event.
    pub(super) fn begin(&mut self) {
        self.event.clear();
        self.fields_left = limits::FIELDS;
        self.refused = None;
    }

    /// Counts a field. Returns whether the event may have it.
    #[inline]
    pub(super) fn counts(&mut self) -> bool {
        match self.fields_left.checked_sub(1) {
            Some(left) => self.fields_left = left,
            None => self.refuse(Reason::TooLong),
        }
        self.refused.is_none()
    }

    /// Rejects the event for a reason. The last reason counts.
    pub(super) fn refuse(&mut self, reason: Reason) {
        self.refused = Some(reason);
    }

    /// Rejects what could not be read as an event. Nothing of it is kept.
    pub(super) fn refuse_unread(&mut self, reason: Reason) {
        self.begin();
        self.refuse(reason);
    }

    /// Why the event is rejected, if it is.
    pub(super) fn refused(&self) -> Option<Reason> {
        self.refused
    }

    /// Gives out the event, or its rejection.
    pub(super) fn end(&mut self, budget: &mut Budget) -> Result<(), Fault> {
        budget.events = budget.events.checked_sub(1).ok_or(Fault::TooManyEvents)?;
        (self.each)(match self.refused {
            None => BodyEvent::Event(&self.event),
            Some(reason) => BodyEvent::Rejected(reason, &self.event),
        });
        Ok(())
    }
}
