//! An event as it arrives: flat, under the dialect's own names.

use headcount_catalog::{Given, Raw, Reason};

use super::name::{Name, NameNumber};
use crate::SentTime;
use crate::datadog::number;

/// An event of a body.
#[derive(Debug, Clone, Default)]
pub struct FlatEvent<'b> {
    /// The fields in their order. Of a name that is there twice, the first
    /// counts.
    pub fields: Vec<FlatField<'b>>,
    /// The items of all lists; [`FlatValue::List`] says which are whose.
    pub items: Vec<FlatValue<'b>>,
    /// What the dialect has in fields of its own.
    pub given: Given<'b>,
    /// The time that the dialect has in a field of its own, as far as it can be
    /// read. `given.time` is the same time.
    pub time: SentTime,
    /// The name of the service that the event is from, of OTLP and Datadog.
    pub service: Option<&'b str>,
    /// The id of the span that OTLP's event is of; 0 if it says none. It is
    /// part of what tells events apart, and is not kept.
    pub span: u64,
    /// PostHog's key: that of the body, of the event or in its properties.
    pub key: Option<&'b str>,
    /// PostHog's id as it was sent. The newer answer refers to events by it.
    pub uuid: Option<&'b str>,
}

/// One field. Its name is `outer`, or `outer.inner` for a field of an object.
/// A name that contains a dot may also be sent as one name, and means the same.
///
/// The name is empty if the dialect has no such field, or if its value cannot
/// be read: no catalog knows it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlatField<'b> {
    /// The name, or that of the object that the field is in.
    pub outer: &'b str,
    /// The name within the object.
    pub inner: Option<&'b str>,
    /// The value.
    pub value: FlatValue<'b>,
    /// The number of the name.
    pub number: NameNumber,
}

/// A value that has not been checked. It is what [`Raw`] is, but lists are
/// places in [`FlatEvent::items`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FlatValue<'b> {
    /// `null`.
    Null,
    /// True or false.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number. It may be whole as well: `1e3` is read as 1000.0.
    Decimal(f64),
    /// A string.
    Text(&'b str),
    /// An array: the first item's place in [`FlatEvent::items`], and how many
    /// there are.
    List(u32, u32),
    /// Something that no kind allows, such as an object.
    Other,
}

/// What is read of a body, one after another.
#[derive(Debug)]
pub enum BodyEvent<'e, 'b> {
    /// An event.
    Event(&'e FlatEvent<'b>),
    /// Something that is rejected on its own. Of the event, only service, key
    /// and `uuid` say anything.
    Rejected(Reason, &'e FlatEvent<'b>),
}

impl<'b> FlatEvent<'b> {
    /// Returns the items of a list; none for any other value.
    #[must_use]
    pub fn items_of(&self, value: FlatValue<'b>) -> &[FlatValue<'b>] {
        match value {
            FlatValue::List(first, count) => {
                let first = first as usize;
                self.items.get(first..first + count as usize).unwrap_or_default()
            }
            _ => &[],
        }
    }

    /// Returns a value as the catalog's check takes it. A list is copied.
    #[must_use]
    pub fn raw(&self, value: FlatValue<'b>) -> Raw<'b> {
        match value {
            FlatValue::List(..) => {
                Raw::List(self.items_of(value).iter().map(|item| item.single()).collect())
            }
            value => value.single(),
        }
    }

    /// Sets the time of the dialect's own field.
    pub(super) fn set_time(&mut self, time: SentTime) {
        (self.time, self.given.time) = (time, time.time());
        if time == SentTime::Unreadable {
            self.fields.push(FlatField::NAMELESS);
        }
    }

    /// Empties the event, and keeps its vectors.
    pub(super) fn clear(&mut self) {
        let (mut fields, mut items) =
            (std::mem::take(&mut self.fields), std::mem::take(&mut self.items));
        fields.clear();
        items.clear();
        *self = Self { fields, items, ..Self::default() };
    }
}

impl<'b> FlatField<'b> {
    /// A field of one name, or of a name in an object, without a number.
    #[must_use]
    pub fn new(outer: &'b str, inner: Option<&'b str>, value: FlatValue<'b>) -> Self {
        Self { outer, inner, value, number: NameNumber::NONE }
    }

    /// A field of one name that was read.
    #[inline(always)]
    pub(super) fn named(name: Name<'b>, value: FlatValue<'b>) -> Self {
        Self { outer: name.text, inner: None, value, number: name.number }
    }

    /// A field of an object that was read. Without the number of the object's
    /// name, that of its own says nothing.
    #[inline(always)]
    pub(super) fn within(outer: Name<'b>, inner: Name<'b>, value: FlatValue<'b>) -> Self {
        let is_numbered = outer.number != NameNumber::NONE;
        let number = if is_numbered { inner.number } else { NameNumber::NONE };
        Self { outer: outer.text, inner: Some(inner.text), value, number }
    }

    /// A field without a name, which every catalog drops.
    pub(super) const NAMELESS: Self =
        Self { outer: "", inner: None, value: FlatValue::Other, number: NameNumber::NONE };

    /// Whether this is its name.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        match self.inner {
            None => self.outer == name,
            Some(inner) => {
                name.len() == self.outer.len() + 1 + inner.len()
                    && name.as_bytes()[self.outer.len()] == b'.'
                    && name.starts_with(self.outer)
                    && name.ends_with(inner)
            }
        }
    }
}

impl<'b> FlatValue<'b> {
    /// A list whose items are at these places.
    pub(super) fn list(first: usize, count: usize) -> Self {
        // A body has at most `limits::VALUES` items.
        match (u32::try_from(first), u32::try_from(count)) {
            (Ok(first), Ok(count)) => Self::List(first, count),
            _ => Self::Other,
        }
    }

    /// Returns the text of a string.
    #[must_use]
    pub fn text(self) -> Option<&'b str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the number if it is whole, as [`Raw::whole`] does.
    #[must_use]
    pub fn whole(self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(number),
            Self::Decimal(number) => Raw::Decimal(number).whole(),
            _ => None,
        }
    }

    /// Returns the number or flag that a text contains; any other value as it
    /// is. Datadog's official API client can send attributes only as text, so
    /// this is what a number or flag of Datadog's may be.
    #[must_use]
    pub fn number_in_text(self) -> Self {
        match number(self.single()) {
            Raw::Flag(flag) => Self::Flag(flag),
            Raw::Integer(number) => Self::Integer(number),
            Raw::Decimal(number) => Self::Decimal(number),
            _ => self,
        }
    }

    /// A value that is not a list, as the catalog's check takes it.
    pub(super) fn single(self) -> Raw<'b> {
        match self {
            Self::Null => Raw::Null,
            Self::Flag(flag) => Raw::Flag(flag),
            Self::Integer(number) => Raw::Integer(number),
            Self::Decimal(number) => Raw::Decimal(number),
            Self::Text(text) => Raw::Text(text),
            Self::List(..) | Self::Other => Raw::Other,
        }
    }
}
