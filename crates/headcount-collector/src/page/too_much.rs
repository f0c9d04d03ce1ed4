//! How much the address of a page may ask for: every link of the page repeats
//! it, so that a long address makes a far longer page.

use headcount_catalog::limits::{NAME_BYTES, VERSION_BYTES};

use crate::limits;
use crate::url_query::with_query;

/// Why no page is drawn for an address: a sentence, with nothing of the
/// address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TooMuchAsked(pub(super) String);

/// Whether a page can be drawn for an address with these choices, which has
/// these pairs.
pub(super) fn check(
    filters: &[(String, String)],
    steps: usize,
    version: Option<&str>,
    pairs: &[(&str, String)],
) -> Result<(), TooMuchAsked> {
    check_filters(filters)?;
    if steps > limits::MOST_STEPS {
        let most = limits::MOST_STEPS;
        return Err(TooMuchAsked(format!("The address has more than {most} steps.")));
    }
    if version.is_some_and(|version| version.len() > VERSION_BYTES) {
        let most = VERSION_BYTES;
        return Err(TooMuchAsked(format!("No version has more than {most} bytes.")));
    }
    check_length(pairs, limits::PAGE_QUERY_BYTES)
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
