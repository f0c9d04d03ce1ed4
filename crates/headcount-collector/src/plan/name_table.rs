//! From the names of a dialect's fields to the keys of a catalog.

use std::sync::atomic::{AtomicU16, Ordering};

use headcount_wire::flat::FlatField;

/// The names that one version of a catalog knows in one dialect.
#[derive(Debug)]
pub(super) struct NameTable {
    /// Sorted by outer and inner name.
    names: Vec<KnownName>,
    /// For each name, and last for the start of an event, which name came next
    /// the last time: events of one program have their fields in one order. A
    /// race loses nothing: the name is compared.
    next: Vec<AtomicU16>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct KnownName {
    outer: Box<str>,
    inner: Option<Box<str>>,
    /// The number of the key that it stands for.
    key: u16,
}

/// A place in the table while the fields of an event are looked up one after
/// another.
#[derive(Debug, Clone, Copy)]
pub(super) struct NamePlace(usize);

impl NameTable {
    /// A table of whole names, each with the number of its key. A name with
    /// dots may come in two parts.
    pub(super) fn new(whole: impl IntoIterator<Item = (String, u16)>) -> Self {
        let mut names = Vec::new();
        for (name, key) in whole {
            for (dot, _) in name.match_indices('.') {
                let (outer, inner) = (name[..dot].into(), Some(name[dot + 1..].into()));
                names.push(KnownName { outer, inner, key });
            }
            names.push(KnownName { outer: name.into(), inner: None, key });
        }
        names.sort_unstable();
        names.dedup();
        let next = (0..=names.len()).map(|_| AtomicU16::new(0)).collect();
        Self { names, next }
    }

    /// Where an event starts.
    pub(super) fn start(&self) -> NamePlace {
        NamePlace(self.names.len())
    }

    /// Returns the number of the key that a field stands for, and moves `place`
    /// to it; `None` if no key has this name.
    pub(super) fn key(&self, field: &FlatField<'_>, place: &mut NamePlace) -> Option<u16> {
        let expected = usize::from(self.next[place.0].load(Ordering::Relaxed));
        if let Some(name) = self.names.get(expected)
            && name.is(field)
        {
            *place = NamePlace(expected);
            return Some(name.key);
        }
        let found = self.names.binary_search_by(|name| {
            let inner = name.inner.as_deref();
            (*name.outer).cmp(field.outer).then_with(|| inner.cmp(&field.inner))
        });
        let found = found.ok()?;
        self.next[place.0].store(found as u16, Ordering::Relaxed);
        *place = NamePlace(found);
        Some(self.names[found].key)
    }
}

impl KnownName {
    fn is(&self, field: &FlatField<'_>) -> bool {
        *self.outer == *field.outer && self.inner.as_deref() == field.inner
    }
}

#[cfg(test)]
mod tests {
    use headcount_wire::flat::FlatValue;

    use super::*;

    #[test]
    fn a_name_is_found_in_any_order_and_in_any_parts() {
        let names = ["a", "a.b", "a.b.c", "d"];
        let table =
            NameTable::new(names.iter().zip(0..).map(|(name, key)| (name.to_string(), key)));
        let fields = [
            ("a", None, Some(0)),
            ("a.b", None, Some(1)),
            ("a", Some("b"), Some(1)),
            ("a", Some("b.c"), Some(2)),
            ("a.b", Some("c"), Some(2)),
            ("a.b.c", None, Some(2)),
            ("a", Some("c"), None),
            ("d", None, Some(3)),
            ("d", Some(""), None),
            ("", None, None),
        ];
        for shift in 0..fields.len() {
            for _ in 0..2 {
                let mut place = table.start();
                for at in 0..fields.len() {
                    let (outer, inner, key) = fields[(at + shift) % fields.len()];
                    let field = FlatField::new(outer, inner, FlatValue::Null);
                    assert_eq!(table.key(&field, &mut place), key, "{field:?}");
                }
            }
        }
    }
}
