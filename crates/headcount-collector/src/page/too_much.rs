//! How much the address of a page may ask for: every link of the page repeats
//! it, so that a long address makes a far longer page.

use headcount_catalog::limits::{NAME_BYTES, VERSION_BYTES};

use super::address::{PageAddress, with_query};
use crate::limits;

/// Why no page is drawn for an address: a sentence, with nothing of the
/// address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TooMuchAsked(pub(super) String);

/// Whether a page can be drawn for an address.
pub(super) fn check(address: &PageAddress) -> Result<(), TooMuchAsked> {
    check_filters(&address.filters)?;
    if address.steps.len() > limits::MOST_STEPS {
        let most = limits::MOST_STEPS;
        return Err(TooMuchAsked(format!("The address has more than {most} steps.")));
    }
    if address.version.as_ref().is_some_and(|version| version.len() > VERSION_BYTES) {
        let most = VERSION_BYTES;
        return Err(TooMuchAsked(format!("No version has more than {most} bytes.")));
    }
    check_length(&address.pairs(), limits::PAGE_QUERY_BYTES)
}

/// Whether the links of a page can repeat these pairs.
pub(super) fn check_length<N: AsRef<str>>(
    pairs: &[(N, String)],
    most: usize,
) -> Result<(), TooMuchAsked> {
    if with_query("", pairs).len() > most {
        let most = most / 1024;
        return Err(TooMuchAsked(format!("The address asks for more than {most} KiB can say.")));
    }
    Ok(())
}

/// As many names and values as a question takes, each as long as they can be.
fn check_filters(filters: &[(String, String)]) -> Result<(), TooMuchAsked> {
    let mut names: Vec<(&str, usize)> = Vec::new();
    for (name, value) in filters {
        if name.len() > NAME_BYTES || value.len() > limits::PAGE_VALUE_BYTES {
            return Err(TooMuchAsked(format!(
                "No name to filter by has more than {NAME_BYTES} bytes, and no value more than {}.",
                limits::PAGE_VALUE_BYTES
            )));
        }
        match names.iter_mut().find(|(own, _)| own == name) {
            Some((_, values)) => *values += 1,
            None => names.push((name, 1)),
        }
        // Here, so that a long address is not read to its end.
        if names.len() > limits::FILTER_NAMES
            || names.iter().any(|(_, values)| *values > limits::FILTER_VALUES)
        {
            return Err(TooMuchAsked(format!(
                "The address has more filters than can be asked for: at most {} names with {} values \
                 each.",
                limits::FILTER_NAMES,
                limits::FILTER_VALUES
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use headcount_catalog::Day;

    use super::*;

    fn read(pairs: &[(&str, String)]) -> Result<PageAddress, TooMuchAsked> {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let pairs: Vec<(String, String)> = pairs.collect();
        PageAddress::read("atomic", &pairs, Day::parse("2026-11-20").unwrap())
    }

    #[test]
    fn an_address_asks_for_as_much_as_its_questions_take() {
        let values =
            |count| (0..count).map(|at| ("where", format!("agent:{at}"))).collect::<Vec<_>>();
        let names = |count| (0..count).map(|at| ("where", format!("n{at}:x"))).collect::<Vec<_>>();
        let steps = |count| vec![("step", "run".to_owned()); count];
        for fits in [values(20), names(5), steps(8), vec![("version", "1".repeat(64))]] {
            assert!(read(&fits).is_ok(), "{fits:?}");
        }
        for (too_much, sentence) in [
            (values(21), "more filters than can be asked for"),
            (names(6), "more filters than can be asked for"),
            (values(3_000), "at most 5 names with 20 values each"),
            (steps(9), "more than 8 steps"),
            (vec![("version", "1".repeat(65))], "No version has more than 64 bytes"),
            (vec![("where", format!("{}:x", "a".repeat(65)))], "No name to filter by"),
            (vec![("where", format!("a:{}", "x".repeat(161)))], "no value more than 160"),
            (vec![("step", "x".repeat(5_000))], "more than 2 KiB can say"),
            (vec![("within", "1".repeat(5_000))], "more than 2 KiB can say"),
            (vec![("per", "\u{1}".repeat(1_500))], "more than 2 KiB can say"),
        ] {
            let TooMuchAsked(told) = read(&too_much).unwrap_err();
            assert!(told.contains(sentence), "{told}");
        }
        // What no page has is in none of its links.
        assert!(read(&[("foreign", "x".repeat(30_000))]).is_ok());
    }
}
