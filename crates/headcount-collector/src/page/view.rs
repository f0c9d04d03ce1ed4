//! What every panel of a product's page knows before anything is asked.

use headcount_catalog::{Day, Event};
use headcount_store::VersionRow;

use super::address::PageAddress;
use super::call::{Answered, Call};
use super::comparison::Beside;
use super::text;
use crate::ask::{HttpQuestion, QuestionParameter};
use crate::compared_days::ComparedDays;
use crate::notes::DayNote;
use crate::registry::LoadedProduct;
use crate::{limits, version_order};

/// A product, and what was chosen in the address.
pub(super) struct View<'a> {
    pub(super) product: &'a LoadedProduct,
    pub(super) address: &'a PageAddress,
    /// Every version of the program that ever sent an event, in their order.
    pub(super) versions: Vec<VersionRow>,
    /// The first day with an event, if it is known.
    pub(super) since: Option<Day>,
    /// All events that were ever counted.
    pub(super) all_events: u64,
    /// The notes on its days, and on those of longer charts.
    pub(super) notes: Vec<DayNote>,
}

/// A day that is marked on every chart: the first one of a version, or one with
/// a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) day: Day,
    pub(super) label: String,
    pub(super) is_note: bool,
}

impl Mark {
    /// All of it, in words.
    pub(super) fn title(&self) -> String {
        let day = text::long(self.day);
        match self.is_note {
            true => format!("{day}: {}", self.label),
            false => format!("{} was first seen on {day}", self.label),
        }
    }

    /// The same without the day.
    pub(super) fn said(&self) -> String {
        match self.is_note {
            true => format!("note: {}", self.label),
            false => format!("{} first seen", self.label),
        }
    }
}

impl<'a> View<'a> {
    pub(super) fn new(
        product: &'a LoadedProduct,
        address: &'a PageAddress,
        mut versions: Vec<VersionRow>,
    ) -> Self {
        let all_events = versions.iter().map(|row| row.count).sum();
        versions.retain(|row| !row.version.is_empty());
        versions.sort_by(|one, other| version_order::compare(&one.version, &other.version));
        Self { product, address, versions, all_events, since: None, notes: Vec::new() }
    }

    pub(super) fn since(mut self, first: Option<Day>) -> Self {
        self.since = first;
        self
    }

    pub(super) fn with_notes(mut self, notes: Vec<DayNote>) -> Self {
        self.notes = notes;
        self
    }

    /// A question about the product, for the days and under the filters of the
    /// page, as far as the question takes them.
    pub(super) fn call(&self, question: HttpQuestion) -> Call {
        let call = of_product(question, self.product.name())
            .with(QuestionParameter::From, self.address.range.from().to_string())
            .with(QuestionParameter::To, self.address.range.to().to_string());
        let call = match &self.address.version {
            Some(version) if call.takes(QuestionParameter::Version) => {
                call.with(QuestionParameter::Version, version.clone())
            }
            _ => call,
        };
        if !call.takes(QuestionParameter::Where) {
            return call;
        }
        let filters = self.address.filters.iter();
        filters.fold(call, |call, (name, value)| {
            call.and(QuestionParameter::Where, format!("{name}:{value}"))
        })
    }

    /// The same for events of a name.
    pub(super) fn call_of(&self, question: HttpQuestion, event: &str) -> Call {
        self.call(question).with(QuestionParameter::Event, event)
    }

    /// Adds the days to compare with, if the page compares.
    pub(super) fn compared(&self, call: Call) -> Call {
        match self.address.comparison.days() {
            Some(days) => call.with(QuestionParameter::Before, asked(days)),
            None => call,
        }
    }

    /// Adds the days to compare with: a tile always does.
    pub(super) fn beside_days(&self, call: Call) -> Call {
        call.with(QuestionParameter::Before, asked(self.compared_days()))
    }

    /// The days to compare with, even if the page does not draw any.
    pub(super) fn compared_days(&self) -> ComparedDays {
        self.address.comparison.days().unwrap_or(ComparedDays::Before)
    }

    /// What is known of the days that an answer was compared with.
    pub(super) fn beside(&self, answer: &Answered) -> Option<Beside> {
        let span = answer.before()?;
        let first = self.since.max(span.counted_from);
        let known = (first, self.address.range.today());
        Some(Beside { days: self.compared_days(), from: span.from, to: span.to, known })
    }

    /// Whether the product has so few events that what is counted from raw ones
    /// is counted before anybody asks.
    pub(super) fn is_counted_unasked(&self) -> bool {
        self.all_events <= limits::PAGE_SPLIT_EVENTS
    }

    /// Whether a week was over before the first event of the product.
    pub(super) fn is_before_first_event(&self, week: Day) -> bool {
        self.since.is_some_and(|since| week.plus(6) < since)
    }

    /// Splits the answer by version, if the page is not of one alone.
    pub(super) fn by_version(&self, call: Call) -> Call {
        match self.address.version {
            Some(_) => call,
            None => call.with(QuestionParameter::By, "version"),
        }
    }

    /// What is marked on the charts: versions whose first event came on one of
    /// the days from `from` on, and notes, the oldest first.
    pub(super) fn marks(&self, from: Day) -> Vec<Mark> {
        let range = from..=self.address.range.to();
        let version =
            |row: &VersionRow| Mark { day: row.first, label: row.version.clone(), is_note: false };
        let note = |note: &DayNote| Mark { day: note.day, label: note.text.clone(), is_note: true };
        // Versions of too few devices are one row, and that is no release.
        let named =
            self.versions.iter().filter(|row| row.version != headcount_store::limits::OTHER);
        let mut marks: Vec<Mark> = named.map(version).collect();
        marks.extend(self.notes.iter().map(note));
        marks.retain(|mark| range.contains(&mark.day));
        marks.sort_by_key(|mark| mark.day);
        marks
    }

    /// The events that say whether what they report failed.
    pub(super) fn failing(&self) -> Vec<&'static Event> {
        self.events().filter(|event| self.product.tells_failures(event.name)).collect()
    }

    /// The events that hosts record, all but the shipper's own report, and that
    /// have what the filters name.
    pub(super) fn events(&self) -> impl Iterator<Item = &'static Event> {
        let own = self.product.events().filter(|event| !event.is_report());
        own.filter(|event| {
            let counted = self.product.counted_names(event.name);
            self.address.filters.iter().all(|(name, _)| counted.contains(&name.as_str()))
        })
    }
}

/// As a parameter of a question.
fn asked(days: ComparedDays) -> String {
    match days {
        ComparedDays::Before => "yes".to_owned(),
        ComparedDays::Year => "year".to_owned(),
        ComparedDays::From(day) => day.to_string(),
    }
}

/// A question about a product.
pub(super) fn of_product(question: HttpQuestion, product: &str) -> Call {
    Call::new(question).with(QuestionParameter::Product, product)
}
