//! The order of versions. Hosts name them as they like, so that this reads more
//! than semantic versions: numbers are compared as numbers, wherever they are.

use std::cmp::Ordering;

/// Compares two versions: `1.9.0` is before `1.10.0`, and `2.0.0-rc.1` is
/// before `2.0.0` (Semantic Versioning 2.0.0, item 11). What follows a `+` is
/// no part of the order there; here it comes last.
pub(crate) fn compare(one: &str, other: &str) -> Ordering {
    compare_parts(one, other).then_with(|| one.cmp(other))
}

/// The same without what follows a `+`: builds of one version are equal.
pub(crate) fn precedence(one: &str, other: &str) -> Ordering {
    let [one, other] = [one, other].map(|text| text.split_once('+').map_or(text, |(text, _)| text));
    compare_parts(one, other)
}

fn compare_parts(one: &str, other: &str) -> Ordering {
    let [one, other] = [one, other].map(parts);
    let (mut ones, mut others) = (one.iter(), other.iter());
    loop {
        let order = match (ones.next(), others.next()) {
            (None, None) => return Ordering::Equal,
            (Some(part), None) => part.beside_nothing(),
            (None, Some(part)) => part.beside_nothing().reverse(),
            (Some(one), Some(other)) => one.cmp(other),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// A part of a version, in ascending order.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    /// Begins what comes before the version itself.
    PreRelease,
    /// A number of a pre-release, which is before a word there (item 11.4.3).
    PreNumber(usize, &'a str),
    Word(&'a str),
    /// A number without leading zeros, by its length and its digits.
    Number(usize, &'a str),
}

impl Part<'_> {
    fn beside_nothing(&self) -> Ordering {
        if *self == Part::PreRelease { Ordering::Less } else { Ordering::Greater }
    }
}

fn parts(version: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = version.strip_prefix('v').unwrap_or(version);
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let is_same = |letter: char| letter.is_ascii_digit() == is_digit && is_part(letter);
        let end = if is_part(first) {
            rest.find(|letter| !is_same(letter)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (part, more) = rest.split_at(end);
        match first {
            '-' => parts.push(Part::PreRelease),
            _ if !is_part(first) => {}
            _ if is_digit => {
                let digits = part.trim_start_matches('0');
                let is_before = parts.contains(&Part::PreRelease);
                let number = if is_before { Part::PreNumber } else { Part::Number };
                parts.push(number(digits.len(), digits));
            }
            _ => parts.push(Part::Word(part)),
        }
        rest = more;
    }
    parts
}

fn is_part(letter: char) -> bool {
    !matches!(letter, '.' | '-' | '+' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_in_the_order_in_which_they_were_released() {
        let mut ordered = [
            "0.9.0",
            "0.10.0",
            "0.10.1-alpha",
            "0.10.1-alpha.1",
            "0.10.1-beta.2",
            "0.10.1-beta.11",
            "0.10.1",
            "v1.0.0",
            "1.0.0+build.2",
            "2",
            "2.0",
            "2.0.1",
            "2026.11.3",
            "2026.11.20",
            "18446744073709551617.0",
        ];
        let expected = ordered;
        ordered.reverse();
        ordered.sort_by(|one, other| compare(one, other));
        assert_eq!(ordered, expected);
    }

    #[test]
    fn a_release_is_newer_than_its_candidates_and_builds_are_equal() {
        let rising = [
            "0.9",
            "1.0.0-1",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-rc.2",
            "1.0.0-rc.11",
            "1.0.0",
            "v1.2.0",
            "1.10.0",
            "2.0.0",
        ];
        for (at, one) in rising.iter().enumerate() {
            for (place, other) in rising.iter().enumerate() {
                assert_eq!(precedence(one, other), at.cmp(&place), "{one} {other}");
            }
        }
        assert_eq!(precedence("1.0.0+a", "1.0.0+b"), Ordering::Equal);
    }

    #[test]
    fn any_text_has_a_place() {
        for text in ["", "-", "--", "é1", "1é", "+", "nightly"] {
            assert_eq!(compare(text, text), Ordering::Equal);
            for other in ["", "1", "x", "é"] {
                assert_eq!(compare(text, other), compare(other, text).reverse(), "{text} {other}");
            }
        }
    }
}
