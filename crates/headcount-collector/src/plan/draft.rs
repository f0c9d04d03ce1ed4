//! An event that is being judged: what of it would be stored.

use headcount_catalog::{Age, Day, EventId, Period, Reason, Time};

use crate::pseudonym::IdKind;

/// What of an event would be stored. It is emptied and filled again for each
/// event.
#[derive(Debug, Default)]
pub(crate) struct Draft<'b> {
    pub(crate) id: Option<EventId>,
    /// The event's time, as exact as it was sent.
    pub(crate) sent: Option<Time>,
    /// The same, cut as the catalog says.
    pub(crate) time: Option<Time>,
    /// Whether the event has a time that cannot be read.
    pub(crate) is_time_unreadable: bool,
    /// The version of the program, if its catalog asks for it.
    pub(crate) program: Option<&'b str>,
    /// The id of the device.
    pub(crate) device: Option<&'b str>,
    /// The periods of which it is the device's first event.
    pub(crate) periods: Vec<Period>,
    pub(crate) age: Option<Age>,
    /// Columns with their cells.
    pub(crate) cells: Vec<(usize, DraftCell<'b>)>,
    /// The codes of all [`DraftCell::Words`].
    pub(crate) words: Vec<u16>,
    /// The texts of all [`DraftCell::Texts`].
    pub(crate) texts: Vec<&'b str>,
    /// Fields that are not stored.
    pub(crate) dropped: Vec<DroppedDraft>,
}

/// The value of one column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum DraftCell<'b> {
    Flag(bool),
    Number(i64),
    Decimal(f64),
    Word(u16),
    /// First and last place in [`Draft::words`].
    Words(usize, usize),
    Text(&'b str),
    /// First and last place in [`Draft::texts`].
    Texts(usize, usize),
    /// An id, which becomes a pseudonym.
    Id(IdKind, &'b str),
    Seconds(i64),
}

/// A field that is not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DroppedDraft {
    /// The name and the name of the kind, if the catalog knows the field.
    pub(crate) property: Option<(&'static str, &'static str)>,
    pub(crate) reason: Reason,
}

/// Why an event is rejected, in names of the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RejectedEvent {
    pub(crate) reason: Reason,
    /// The version of the catalog that rejected it.
    pub(crate) catalog: u32,
    /// The event, if the catalog has one of that name.
    pub(crate) event: Option<&'static str>,
    /// The property that was missing or wrong, and the name of its kind.
    pub(crate) property: Option<(&'static str, &'static str)>,
}

impl<'b> Draft<'b> {
    pub(super) fn clear(&mut self) {
        (self.id, self.sent, self.time, self.device, self.age) = (None, None, None, None, None);
        (self.is_time_unreadable, self.program) = (false, None);
        self.periods.clear();
        self.cells.clear();
        self.words.clear();
        self.texts.clear();
        self.dropped.clear();
    }

    /// The day that the event itself names.
    pub(super) fn day(&self) -> Option<Day> {
        self.time.map(Time::day)
    }

    pub(super) fn drop_field(
        &mut self,
        property: Option<(&'static str, &'static str)>,
        reason: Reason,
    ) {
        self.dropped.push(DroppedDraft { property, reason });
    }

    /// Adds a cell. It is inlined, so that a cell is written where it stays:
    /// one that is first moved as a whole is read before its parts have been
    /// written, which takes as long as checking it.
    #[inline(always)]
    pub(super) fn put(&mut self, column: Option<usize>, cell: DraftCell<'b>) {
        if let Some(column) = column {
            self.cells.push((column, cell));
        }
    }

    pub(super) fn cell(&self, column: Option<usize>) -> Option<DraftCell<'b>> {
        self.cells.iter().find(|(place, _)| Some(*place) == column).map(|(_, cell)| *cell)
    }

    /// Takes the cell of a column out again. Returns whether there was one.
    pub(super) fn take(&mut self, column: Option<usize>) -> bool {
        let place = self.cells.iter().position(|(place, _)| Some(*place) == column);
        place.map(|place| self.cells.swap_remove(place)).is_some()
    }

    /// The text of a column, as an event's id.
    pub(super) fn id_in(&self, column: usize) -> Option<EventId> {
        match self.cell(Some(column))? {
            DraftCell::Text(text) | DraftCell::Id(_, text) => EventId::parse(text),
            _ => None,
        }
    }
}
