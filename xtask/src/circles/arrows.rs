//! Which file uses which, and the circles among them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::module::Crate;
use super::resolve;
use crate::limits::NAMES_OF_AN_ARROW;

/// Every arrow of a package: from a file to a file, both as places in the tree.
#[derive(Default)]
pub(super) struct Arrows {
    arrows: BTreeMap<usize, BTreeMap<usize, Taken>>,
}

/// What one file takes from another: names with the lines of their first uses.
type Taken = BTreeMap<String, usize>;

/// The shortest way from a file back to itself.
pub(super) struct Circle<'a> {
    pub(super) steps: Vec<Step<'a>>,
    /// How many files lead to one another here, those of longer circles
    /// included.
    pub(super) group: usize,
}

/// One arrow of a circle.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) from: usize,
    pub(super) to: usize,
    taken: &'a Taken,
}

impl Step<'_> {
    /// Where the first of the names is used.
    pub(super) fn line(&self) -> usize {
        self.taken.values().copied().min().unwrap_or(1)
    }

    /// The names, as a sentence gives them.
    pub(super) fn names(&self) -> String {
        let names: Vec<&str> =
            self.taken.keys().take(NAMES_OF_AN_ARROW).map(String::as_str).collect();
        let more = if self.taken.len() > NAMES_OF_AN_ARROW { ", …" } else { "" };
        format!("{}{more}", names.join(", "))
    }
}

impl Arrows {
    /// Adds the arrows of one crate of the package.
    pub(super) fn add(&mut self, read: &Crate) {
        for used in &read.uses {
            let from = read.modules[used.scope].file;
            for (to, name) in resolve::items(read, used) {
                if to != from {
                    let taken = self.arrows.entry(from).or_default().entry(to).or_default();
                    let line = taken.entry(name).or_insert(used.line);
                    *line = used.line.min(*line);
                }
            }
        }
    }

    /// One circle for each group of files that lead to one another, in the
    /// order of the files.
    pub(super) fn circles(&self) -> Vec<Circle<'_>> {
        let reached: BTreeMap<usize, BTreeSet<usize>> =
            self.arrows.keys().map(|from| (*from, self.reached(*from))).collect();
        let can = |from: usize, to: usize| reached.get(&from).is_some_and(|all| all.contains(&to));
        let mut seen = BTreeSet::new();
        let mut circles = Vec::new();
        for file in self.arrows.keys().copied() {
            if !can(file, file) || seen.contains(&file) {
                continue;
            }
            let back = reached[&file].iter().copied().filter(|other| can(*other, file));
            let group: BTreeSet<usize> = back.collect();
            let ways = group.iter().filter_map(|file| self.way_back(*file));
            if let Some(steps) = ways.min_by_key(Vec::len) {
                circles.push(Circle { steps, group: group.len() });
            }
            seen.extend(group);
        }
        circles
    }

    fn reached(&self, from: usize) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut waiting = vec![from];
        while let Some(file) = waiting.pop() {
            for to in self.arrows.get(&file).into_iter().flat_map(BTreeMap::keys) {
                if reached.insert(*to) {
                    waiting.push(*to);
                }
            }
        }
        reached
    }

    /// The shortest way from a file back to it.
    fn way_back(&self, start: usize) -> Option<Vec<Step<'_>>> {
        let mut came: BTreeMap<usize, Step<'_>> = BTreeMap::new();
        let mut waiting = VecDeque::from([start]);
        while let Some(from) = waiting.pop_front() {
            for (to, taken) in self.arrows.get(&from).into_iter().flatten() {
                if came.contains_key(to) {
                    continue;
                }
                came.insert(*to, Step { from, to: *to, taken });
                waiting.push_back(*to);
            }
        }
        let mut steps = vec![*came.get(&start)?];
        while steps[steps.len() - 1].from != start {
            steps.push(came[&steps[steps.len() - 1].from]);
        }
        steps.reverse();
        Some(steps)
    }
}
