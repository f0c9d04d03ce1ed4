//! Where decoders put the event that they read, and from where it is given out.

use headcount_catalog::Reason;

use super::Budget;
use super::event::{BodyEvent, FlatEvent, FlatField};
use super::name::NameSet;
use crate::json::Fault;
use crate::limits;

/// The event that is being read, and whoever gets it.
pub(super) struct Sink<'b, 'f> {
    pub(super) event: FlatEvent<'b>,
    /// Fields that the event may still have.
    fields_left: usize,
    refused: Option<Reason>,
    /// Names of which a review has found that their fields are always kept as
    /// they are.
    pub(super) plain_names: NameSet,
    each: &'f mut dyn FnMut(BodyEvent<'_, 'b>),
}

impl<'b, 'f> Sink<'b, 'f> {
    pub(super) fn new(each: &'f mut dyn FnMut(BodyEvent<'_, 'b>)) -> Self {
        let (event, plain_names) = (FlatEvent::default(), NameSet::default());
        Self { event, fields_left: limits::FIELDS, refused: None, plain_names, each }
    }

    /// Starts an event.
    pub(super) fn begin(&mut self) {
        self.event.clear();
        self.fields_left = limits::FIELDS;
        self.refused = None;
    }

    /// Keeps a field, if the event may have it. Then the dialect reviews it, as
    /// the last one.
    #[inline(always)]
    pub(super) fn keep(&mut self, field: FlatField<'b>, mut review: impl FnMut(&mut Self)) {
        if self.counts() {
            self.event.fields.push(field);
            review(self);
        }
    }

    /// Whether the name of the last field has been reviewed before, and is like
    /// any other.
    #[inline(always)]
    pub(super) fn is_last_plain(&self) -> bool {
        self.event.fields.last().is_some_and(|field| self.plain_names.has(field.number))
    }

    /// Counts a field. Returns whether the event may have it.
    #[inline]
    fn counts(&mut self) -> bool {
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
