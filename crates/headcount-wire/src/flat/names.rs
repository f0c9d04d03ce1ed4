//! Which key of the line the name of a field stands for.

use std::borrow::Cow;

use headcount_catalog::{Catalog, Source, Unchecked};

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
        let mut names: Vec<String> = Vec::new();
        for name in all {
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
        let known = event.given.event.and_then(|name| self.catalog.event(name));
        let known = known.filter(|_| self.form == BodyForm::Datadog);
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
            BodyForm::Native | BodyForm::Http | BodyForm::Otlp | BodyForm::OtlpProtobuf => name,
        }
    }
}
