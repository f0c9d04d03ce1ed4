//! What a resource says of all its records, how a record ends, and where a
//! value is.

use headcount_catalog::Given;

use super::event::{FlatField, FlatValue};
use super::sink::Sink;
use crate::otlp::describe;
use crate::{SentTime, limits};

/// What the attributes of a resource say about the host.
#[derive(Clone, Copy, Default)]
pub(super) struct Resource<'b> {
    service: Option<&'b str>,
    given: Given<'b>,
}

impl<'b> Resource<'b> {
    pub(super) fn attribute(&mut self, key: &str, value: FlatValue<'b>) {
        if let FlatValue::Text(text) = value {
            describe(&mut self.service, &mut self.given, key, text);
        }
    }
}

/// A log record that is being read into the sink.
pub(super) struct RecordFields<'b> {
    /// Attributes with a key.
    count: usize,
    pub(super) name: Option<&'b str>,
    older_name: Option<FlatValue<'b>>,
}

impl<'b> RecordFields<'b> {
    pub(super) fn begin(sink: &mut Sink<'b, '_>, resource: &Resource<'b>) -> Self {
        sink.begin();
        (sink.event.given, sink.event.service) = (resource.given, resource.service);
        Self { count: 0, name: None, older_name: None }
    }

    /// Whether another attribute is read.
    pub(super) fn has_room(&self) -> bool {
        self.count <= limits::FIELDS
    }

    #[inline(always)]
    pub(super) fn attribute(&mut self, sink: &mut Sink<'b, '_>, field: FlatField<'b>) {
        self.count += 1;
        if field.outer == "event.name" {
            self.older_name.get_or_insert(field.value);
        }
        sink.event.fields.push(field);
    }

    /// Before `eventName` existed, senders put the name of an event into an
    /// attribute. Too many attributes become one that every catalog drops.
    pub(super) fn end(self, sink: &mut Sink<'b, '_>, time: SentTime) {
        let event = &mut sink.event;
        let older = self.older_name.and_then(FlatValue::text);
        event.given.event = self.name.filter(|name| !name.is_empty()).or(older);
        if self.count > limits::FIELDS {
            event.fields.clear();
            event.fields.push(FlatField::NAMELESS);
        }
        event.set_time(time);
    }
}

/// Where a value is. No kind accepts a list of lists.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    Attribute,
    List,
}
