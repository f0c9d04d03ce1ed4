//! Sets of line numbers, as a progress file contains them: `0-41,43`.

use std::fmt;
use std::ops::RangeInclusive;

/// A set of line numbers of a claim. A run of numbers takes one entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineSet {
    /// First and last number of each run. Sorted, with at least one number
    /// between two runs.
    runs: Vec<(u64, u64)>,
}

impl LineSet {
    /// Returns an empty set.
    #[must_use]
    pub const fn new() -> LineSet {
        LineSet { runs: Vec::new() }
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Returns the number of lines.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.runs.iter().map(|(first, last)| last - first + 1).sum()
    }

    /// Whether the set contains a line.
    #[must_use]
    pub fn contains(&self, line: u64) -> bool {
        let after = self.runs.partition_point(|(first, _)| *first <= line);
        after > 0 && self.runs[after - 1].1 >= line
    }

    /// Adds a line. Adding lines in order is cheap.
    pub fn insert(&mut self, line: u64) {
        match self.runs.last_mut() {
            Some((_, last)) if *last + 1 == line => *last = line,
            Some((_, last)) if *last >= line => self.merge(&[(line, line)]),
            _ => self.runs.push((line, line)),
        }
    }

    /// Adds all lines of another set.
    pub fn insert_all(&mut self, other: &LineSet) {
        self.merge(&other.runs);
    }

    /// Removes all lines of another set.
    pub fn remove_all(&mut self, other: &LineSet) {
        let mut kept = Vec::with_capacity(self.runs.len());
        let mut others = other.runs.iter().copied().peekable();
        for (mut first, last) in std::mem::take(&mut self.runs) {
            while let Some((cut_first, cut_last)) = others.peek().copied() {
                if cut_first > last {
                    break;
                }
                if cut_first > first {
                    kept.push((first, cut_first - 1));
                }
                first = first.max(cut_last + 1);
                if cut_last > last {
                    break;
                }
                others.next();
            }
            if first <= last {
                kept.push((first, last));
            }
        }
        self.runs = kept;
    }

    /// Removes every line before `floor`.
    pub(crate) fn raise_floor(&mut self, floor: u64) {
        if let Some(last) = floor.checked_sub(1) {
            self.remove_all(&LineSet { runs: vec![(0, last)] });
        }
    }

    /// Returns the lines in order, as runs.
    pub fn runs(&self) -> impl Iterator<Item = RangeInclusive<u64>> + '_ {
        self.runs.iter().map(|(first, last)| *first..=*last)
    }

    /// Returns the lines in order.
    pub fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        self.runs().flatten()
    }

    /// Returns the first half of the lines, which may have one more, and the
    /// second half.
    #[must_use]
    pub fn halves(&self) -> (LineSet, LineSet) {
        let mut left = self.len().div_ceil(2);
        let (mut head, mut tail) = (LineSet::new(), LineSet::new());
        for (first, last) in self.runs.iter().copied() {
            let here = left.min(last - first + 1);
            if here > 0 {
                head.runs.push((first, first + here - 1));
            }
            if first + here <= last {
                tail.runs.push((first + here, last));
            }
            left -= here;
        }
        (head, tail)
    }

    /// Whether no two sets have a line in common.
    pub(crate) fn are_apart<'a>(sets: impl Iterator<Item = &'a LineSet>) -> bool {
        let mut all = LineSet::new();
        let mut are_apart = true;
        for set in sets {
            let before = all.len();
            all.insert_all(set);
            are_apart &= all.len() - before == set.len();
        }
        are_apart
    }

    /// Reads what [`fmt::Display`] writes, and nothing else.
    pub(crate) fn parse(text: &str) -> Option<LineSet> {
        let mut set = LineSet::new();
        if text == "-" {
            return Some(set);
        }
        let mut next = 0;
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (number(first)?, number(last)?);
            // A file cannot have so many lines, so a larger number was not
            // written by the queue.
            if first < next || last < first || last > u64::MAX / 2 {
                return None;
            }
            next = last + 2;
            set.runs.push((first, last));
        }
        Some(set)
    }

    /// Adds sorted runs.
    fn merge(&mut self, more: &[(u64, u64)]) {
        let before = std::mem::take(&mut self.runs);
        let (mut ours, mut others) = (before.as_slice(), more);
        loop {
            let next = match (ours.first(), others.first()) {
                (Some(one), Some(other)) if other < one => &mut others,
                (None, Some(_)) => &mut others,
                (Some(_), _) => &mut ours,
                (None, None) => return,
            };
            let Some(((first, last), rest)) = next.split_first() else { return };
            match self.runs.last_mut() {
                Some((_, end)) if *end + 1 >= *first => *end = (*last).max(*end),
                _ => self.runs.push((*first, *last)),
            }
            *next = rest;
        }
    }
}

/// Reads digits and nothing else. `u64::from_str` would accept a sign.
pub(crate) fn number(text: &str) -> Option<u64> {
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}

impl FromIterator<u64> for LineSet {
    fn from_iter<I: IntoIterator<Item = u64>>(lines: I) -> LineSet {
        let mut set = LineSet::new();
        lines.into_iter().for_each(|line| set.insert(line));
        set
    }
}

impl fmt::Display for LineSet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return out.write_str("-");
        }
        for (place, (first, last)) in self.runs.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            if first == last {
                write!(out, "{comma}{first}")?;
            } else {
                write!(out, "{comma}{first}-{last}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn set(text: &str) -> LineSet {
        LineSet::parse(text).unwrap()
    }

    /// The sets of bits of a small world, where a plain set knows the right
    /// answer.
    fn small(bits: u32) -> (LineSet, BTreeSet<u64>) {
        let lines: BTreeSet<u64> = (0..7).filter(|line| bits >> line & 1 == 1).collect();
        (lines.iter().copied().collect(), lines)
    }

    #[test]
    fn every_operation_agrees_with_a_plain_set() {
        for a in 0..128 {
            let (ours, plain) = small(a);
            assert_eq!(ours.len(), plain.len() as u64);
            assert_eq!(LineSet::parse(&ours.to_string()).as_ref(), Some(&ours));
            let backwards: LineSet = plain.iter().rev().copied().collect();
            assert_eq!(backwards, ours);
            let (head, tail) = ours.halves();
            assert!(head.len() == tail.len() || head.len() == tail.len() + 1);
            assert!(head.iter().chain(tail.iter()).eq(plain.iter().copied()));
            for b in 0..128 {
                let (other, other_plain) = small(b);
                let mut union = ours.clone();
                union.insert_all(&other);
                assert!(union.iter().eq(plain.union(&other_plain).copied()));
                assert_eq!(set(&union.to_string()), union, "runs are kept apart");
                let apart = plain.is_disjoint(&other_plain);
                assert_eq!(LineSet::are_apart([&ours, &other].into_iter()), apart, "{a} {b}");
                let mut rest = ours.clone();
                rest.remove_all(&other);
                assert!(rest.iter().eq(plain.difference(&other_plain).copied()), "{a} {b}");
            }
            for line in 0..8 {
                assert_eq!(ours.contains(line), plain.contains(&line));
                let mut raised = ours.clone();
                raised.raise_floor(line);
                assert!(raised.iter().eq(plain.range(line..).copied()));
            }
        }
    }

    #[test]
    fn only_what_is_written_is_read() {
        for bad in ["", ",", "1,", "2-1", "1,1", "1,2", "3,1", "+1", "1-", "-1", "a", "0x1", " 1"] {
            assert_eq!(LineSet::parse(bad), None, "{bad:?}");
        }
        assert_eq!(LineSet::parse("18446744073709551615"), None);
        assert_eq!(set("-"), LineSet::new());
        assert_eq!(set("0-2,4").to_string(), "0-2,4");
    }
}
