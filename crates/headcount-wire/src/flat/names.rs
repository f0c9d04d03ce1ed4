//! Which key of the line the name of a field stands for.

use std::borrow::Cow;

use headcount_catalog::{Catalog, ObservedProgram, Source, Unchecked};

use super::{BodyForm, FlatEvent, FlatField};
use crate::datadog::{is_number, number};
use crate::flat_names::FlatNames;
use crate::{clacky, datadog, posthog};

/// Translates the names of a dialect's fields to the keys of a product's line.
#[derive(Clone, Copy)]
pub struct DialectNames<'a> {
    catalog: &'a Catalog,
    form: BodyForm,
}

impl<'a> DialectNames<'a> {
    /// The names that a product has in a dialect.
    #[must_use]
    pub fn new(form: BodyForm, catalog: &'a Catalog) -> Self {
        Self { catalog, form }
    }

    /// Returns the key of the line that a name stands for: `outer`, or
    /// `outer.inner`. Empty, which no catalog knows, if the dialect has a field
    /// of its own for that entry.
    #[must_use]
    pub fn line_key<'n>(&self, field: &FlatField<'n>) -> Cow<'n, str> {
        let name = match field.inner {
            None => Cow::Borrowed(field.outer),
            Some(inner) => Cow::Owned(format!("{}.{inner}", field.outer)),
        };
        self.key(name)
    }

    /// Returns every name that stands for a key of the line. Of the names that
    /// a body can have, only these stand for it: a name that is none of those
    /// of the keys of a catalog is unknown to it.
    #[must_use]
    pub fn names_of(&self, key: &str) -> Vec<String> {
        let product = self.catalog.product.name;
        let holder = self.catalog.key_of(|source| matches!(source, Source::Properties));
        let own = holder
            .and_then(|holder| key.strip_prefix(holder)?.strip_prefix('.'))
            .unwrap_or_default();
        let all = [key.to_owned(), own.to_owned(), format!("{product}.{key}")];
        let observed = self.observed();
        let attributes = observed.into_iter().flat_map(|program| program.attributes_of(key));
        let mut names: Vec<String> = Vec::new();
        for name in all.into_iter().chain(attributes.map(str::to_owned)) {
            let is_name = !key.is_empty() && self.key(Cow::Borrowed(&name)) == key;
            if is_name && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Returns an event under the keys of the line, as the catalog's check
    /// takes it. The slow and obvious reading: it makes a name and a list of
    /// each field anew.
    #[must_use]
    pub fn unchecked<'b>(&self, event: &FlatEvent<'b>) -> Unchecked<'b> {
        let known = self.name_of(event).and_then(|name| self.catalog.event(name));
        let known = known.filter(|_| self.has_numbers_in_text());
        let fields = event.fields.iter().map(|field| {
            let key = self.line_key(field);
            let value = event.raw(field.value);
            match known {
                Some(known) if is_number(self.catalog, known, &key) => (key, number(value)),
                _ => (key, value),
            }
        });
        Unchecked { fields: fields.collect(), given: event.given }
    }

    /// Whether numbers and flags may be sent as text: by Datadog's official API
    /// client, which can send attributes only as text, and by somebody else's
    /// program, which may do as it likes.
    #[must_use]
    pub fn has_numbers_in_text(&self) -> bool {
        self.form == BodyForm::Datadog || self.observed().is_some()
    }

    /// The program that is not ours, if this dialect tells of it.
    fn observed(&self) -> Option<ObservedProgram> {
        self.catalog.observed.filter(|_| self.form.signal().is_some())
    }

    /// The name of an event, which may be in a field.
    fn name_of<'b>(&self, event: &FlatEvent<'b>) -> Option<&'b str> {
        let key = self.catalog.key_of(|source| matches!(source, Source::Event))?;
        let field = event.fields.iter().find(|field| self.line_key(field) == key);
        field.and_then(|field| field.value.text()).or(event.given.event)
    }

    fn key<'n>(&self, name: Cow<'n, str>) -> Cow<'n, str> {
        match self.form {
            BodyForm::PostHog => {
                FlatNames::new(self.catalog, posthog::is_framed, &[]).line_key(name)
            }
            BodyForm::Datadog => {
                FlatNames::new(self.catalog, datadog::is_framed, &datadog::RESERVED).line_key(name)
            }
            BodyForm::Clacky => {
                let mut entries = self.catalog.envelope.iter();
                let is_foreign =
                    entries.any(|entry| entry.key == name && clacky::is_framed(&entry.source));
                if is_foreign { Cow::Borrowed("") } else { name }
            }
            _ => match self.observed() {
                Some(program) => observed_key(&program, name),
                None => name,
            },
        }
    }
}

/// Returns the key for an attribute of somebody else's program. A property that
/// an attribute becomes has no other name.
fn observed_key<'n>(program: &ObservedProgram, name: Cow<'n, str>) -> Cow<'n, str> {
    match program.property(&name) {
        Some(property) => Cow::Borrowed(property),
        None if program.attributes_of(&name).next().is_some() => Cow::Borrowed(""),
        None => name,
    }
}
