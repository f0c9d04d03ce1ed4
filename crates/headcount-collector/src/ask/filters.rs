//! The filters of a question, `where=NAME:VALUE`, and the names that it may
//! filter and split by.

use headcount_catalog::Scheme;
use headcount_store::ValueFilter;

use super::http_question::HttpQuestion;
use super::parameters::BadQuestion;
use crate::limits;
use crate::registry::LoadedProduct;

/// Values that a sentence lists at most.
const LISTED: usize = 12;

/// The names that a question may filter and split by.
pub(super) struct FilterNames<'a> {
    product: &'a LoadedProduct,
    names: Vec<&'static str>,
    /// Whether devices are counted that only marks tell apart: those are on one
    /// event of each period, whatever its properties say.
    is_by_marks: bool,
}

impl<'a> FilterNames<'a> {
    /// `event` is the event that the question is about; `None` for all.
    pub(super) fn new(
        asked: HttpQuestion,
        product: &'a LoadedProduct,
        event: Option<&str>,
    ) -> Self {
        let is_by_marks =
            asked == HttpQuestion::Active && product.newest().identity.scheme == Scheme::None;
        let names = match event {
            Some(event) => product.counted_names(event),
            None if is_by_marks => product.entry_names(),
            None => product.all_counted_names(),
        };
        Self { product, names, is_by_marks }
    }

    /// The names that all of these events have: a filter is of every step.
    pub(super) fn of_all(product: &'a LoadedProduct, events: &[&str]) -> Self {
        let mut names = product.all_counted_names();
        for event in events {
            let own = product.counted_names(event);
            names.retain(|name| own.contains(name));
        }
        Self { product, names, is_by_marks: false }
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    /// A sentence about a name that is none of them.
    pub(super) fn unknown(&self, parameter: &str) -> BadQuestion {
        let names = self.names.join(", ");
        BadQuestion::new(match (self.names.is_empty(), self.is_by_marks) {
            (true, _) => format!("`{parameter}`: these events have no property to choose by"),
            (false, true) => format!(
                "unknown name in `{parameter}`: devices without an id are told apart by what every \
                 event says: use {names}"
            ),
            (false, false) => format!("unknown name in `{parameter}`: use {names}"),
        })
    }

    /// Reads what is said after `where=`, each one value of a name.
    pub(super) fn read(&self, given: &[&str]) -> Result<Vec<ValueFilter>, BadQuestion> {
        let mut filters: Vec<ValueFilter> = Vec::new();
        for text in given {
            let (name, value) = self.named_value("where", text)?;
            let names = filters.len();
            match filters.iter_mut().find(|filter| filter.column == name) {
                Some(filter) if filter.values.iter().any(|own| own == value) => {}
                Some(filter) if filter.values.len() == limits::FILTER_VALUES => {
                    return Err(BadQuestion::new(format!(
                        "`where` has more than {} values of one name: leave some out",
                        limits::FILTER_VALUES
                    )));
                }
                Some(filter) => filter.values.push(value.to_owned()),
                None if names == limits::FILTER_NAMES => {
                    return Err(BadQuestion::new(format!(
                        "`where` has more than {} names: leave some out",
                        limits::FILTER_NAMES
                    )));
                }
                None => filters
                    .push(ValueFilter { column: name.to_owned(), values: vec![value.to_owned()] }),
            }
        }
        Ok(filters)
    }

    /// Reads a name and a value that a parameter has.
    pub(super) fn named_value<'t>(
        &self,
        parameter: &str,
        text: &'t str,
    ) -> Result<(&'t str, &'t str), BadQuestion> {
        let (name, value) = text.split_once(':').ok_or_else(|| {
            let before = if parameter == "where" { "" } else { "EVENT:" };
            BadQuestion::new(format!(
                "`{parameter}` is not a name and a value: write it as \
                 {parameter}={before}platform:linux"
            ))
        })?;
        if !self.contains(name) {
            return Err(self.unknown(parameter));
        }
        self.check_value(parameter, name, value)?;
        Ok((name, value))
    }

    /// Of a closed set, every value is known.
    fn check_value(&self, parameter: &str, name: &str, value: &str) -> Result<(), BadQuestion> {
        let Some(known) = self.product.closed_values(name) else { return Ok(()) };
        if value.is_empty() || known.iter().any(|own| own == value) {
            return Ok(());
        }
        let listed = known.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
        let more = known.len().saturating_sub(LISTED);
        let more = if more > 0 { format!(" or one of {more} more") } else { String::new() };
        Err(BadQuestion::new(format!(
            "unknown value of `{name}` in `{parameter}`: use {listed}{more}"
        )))
    }
}
