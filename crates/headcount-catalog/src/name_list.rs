//! Lists that are sorted by name: what a catalog's scope and a person's
//! refusals are kept in.
//!
//! They hold tens of names. A `BTreeMap` finds one no sooner among so few, and
//! its code is 10 KB in every host for each type of value.

/// A value for each of a few names, in the order of the names.
///
/// ```
/// use headcount_catalog::NameMap;
///
/// let mut days = NameMap::new();
/// days.insert("run".to_owned(), 3);
/// days.insert("fail".to_owned(), 1);
/// assert_eq!(days.get("run"), Some(&3));
/// assert_eq!(days.keys().collect::<Vec<_>>(), ["fail", "run"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameMap<V>(Vec<(String, V)>);

impl<V> NameMap<V> {
    /// Returns a map without names.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Whether there is no name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Where a name is, or where it would be.
    fn place(&self, name: &str) -> Result<usize, usize> {
        // What comes sorted is added at the end.
        if self.0.last().is_some_and(|(last, _)| last.as_str() < name) {
            return Err(self.0.len());
        }
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(name))
    }

    /// Whether there is this name.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    /// Returns the value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&V> {
        self.place(name).ok().map(|place| &self.0[place].1)
    }

    /// Returns the value of a name, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        self.place(name).ok().map(|place| &mut self.0[place].1)
    }

    /// Sets the value of a name.
    pub fn insert(&mut self, name: String, value: V) {
        match self.place(&name) {
            Ok(place) => self.0[place].1 = value,
            Err(place) => self.0.insert(place, (name, value)),
        }
    }

    /// Returns the value of a name, which it has from now on.
    pub fn or_default(&mut self, name: &str) -> &mut V
    where
        V: Default,
    {
        let place = self.place(name).unwrap_or_else(|place| {
            self.0.insert(place, (name.to_owned(), V::default()));
            place
        });
        &mut self.0[place].1
    }

    /// Removes a name.
    pub fn remove(&mut self, name: &str) {
        if let Ok(place) = self.place(name) {
            self.0.remove(place);
        }
    }

    /// Keeps the names for which `is_kept` says so.
    pub fn retain(&mut self, mut is_kept: impl FnMut(&str) -> bool) {
        self.0.retain(|(name, _)| is_kept(name));
    }

    /// Returns the names.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Returns the values.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    /// Returns the values, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// Returns the names with their values.
    pub fn iter(&self) -> std::slice::Iter<'_, (String, V)> {
        self.0.iter()
    }
}

impl<V> Default for NameMap<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V> IntoIterator for NameMap<V> {
    type Item = (String, V);
    type IntoIter = std::vec::IntoIter<(String, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, V> IntoIterator for &'a NameMap<V> {
    type Item = &'a (String, V);
    type IntoIter = std::slice::Iter<'a, (String, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A few names, each once, in their order.
///
/// ```
/// use headcount_catalog::NameSet;
///
/// let names: NameSet = ["b", "a", "b"].into();
/// assert!(names.contains("a") && names.len() == 2);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameSet(Vec<String>);

impl NameSet {
    /// Returns a set without names.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Whether there is no name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|known| known.as_str().cmp(name))
    }

    /// Whether there is this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    /// Adds a name.
    pub fn insert(&mut self, name: String) {
        if let Err(place) = self.place(&name) {
            self.0.insert(place, name);
        }
    }

    /// Adds all names of another set.
    pub fn insert_all(&mut self, other: Self) {
        other.0.into_iter().for_each(|name| self.insert(name));
    }

    /// Removes a name.
    pub fn remove(&mut self, name: &str) {
        if let Ok(place) = self.place(name) {
            self.0.remove(place);
        }
    }

    /// Whether `other` has all of these names.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.iter().all(|name| other.contains(name))
    }

    /// Returns the names that `other` does not have.
    pub fn difference<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a str> {
        self.iter().filter(|name| !other.contains(name))
    }

    /// Returns the names.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl From<Vec<String>> for NameSet {
    fn from(mut names: Vec<String>) -> Self {
        names.sort_unstable();
        names.dedup();
        Self(names)
    }
}

impl<const N: usize> From<[&str; N]> for NameSet {
    fn from(names: [&str; N]) -> Self {
        let mut set = Self::new();
        names.into_iter().for_each(|name| set.insert(name.to_owned()));
        set
    }
}

impl IntoIterator for NameSet {
    type Item = String;
    type IntoIter = std::vec::IntoIter<String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_each_is_there_once() {
        let mut map = NameMap::new();
        for (value, name) in ["c", "a", "b", "a"].into_iter().enumerate() {
            map.insert(name.to_owned(), value);
        }
        assert_eq!(map.keys().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(map.values().copied().collect::<Vec<_>>(), [3, 2, 0]);
        *map.or_default("d") += 4;
        *map.or_default("a") += 4;
        assert_eq!((map.get("a"), map.get("d"), map.get("e")), (Some(&7), Some(&4), None));
        map.remove("b");
        map.remove("e");
        map.retain(|name| name != "c");
        assert_eq!(map.keys().collect::<Vec<_>>(), ["a", "d"]);
        let mut set = NameSet::from(vec!["c".to_owned(), "a".to_owned(), "c".to_owned()]);
        set.insert_all(["b", "c"].into());
        assert_eq!(set, ["a", "b", "c"].into());
        set.remove("b");
        assert!(set.is_subset(&["a", "c", "d"].into()) && !set.is_subset(&["a"].into()));
        assert_eq!(set.difference(&["c"].into()).collect::<Vec<_>>(), ["a"]);
    }
}
