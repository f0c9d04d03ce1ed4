//! The word that was probably meant.

/// The nearest of `words`, at most two edits away and not a different word
/// altogether: a word of two letters may have one of them wrong.
pub(super) fn nearest<'w>(
    written: &str,
    words: impl IntoIterator<Item = &'w str>,
) -> Option<&'w str> {
    words
        .into_iter()
        .map(|word| (edits(written, word), word))
        .filter(|(edits, word)| *edits <= 2 && *edits < word.len().min(written.len()))
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, word)| word)
}

/// Insertions, deletions, replacements and swaps of neighbours between two
/// words; 3 for anything farther than two apart in length.
fn edits(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    if left.len().abs_diff(right.len()) > 2 {
        return 3;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (row, have) in left.iter().enumerate() {
        let mut here = vec![row + 1];
        for (column, want) in right.iter().enumerate() {
            let replaced = above[column] + usize::from(have != want);
            let mut least = replaced.min(above[column + 1] + 1).min(here[column] + 1);
            let swapped =
                row > 0 && column > 0 && *have == right[column - 1] && left[row - 1] == *want;
            if swapped {
                least = least.min(before[column - 1] + 1);
            }
            here.push(least);
        }
        before = std::mem::replace(&mut above, here);
    }
    above[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_another_word_does_not() {
        let words = ["choice", "choices", "count", "count-of", "is"];
        assert_eq!(nearest("chioce", words), Some("choice"));
        assert_eq!(nearest("coutn", words), Some("count"));
        assert_eq!(nearest("count_of", words), Some("count-of"));
        assert_eq!(nearest("string", words), None);
        assert_eq!(nearest("as", words), Some("is"));
        assert_eq!(nearest("id", ["at"]), None);
        assert_eq!(nearest("", words), None);
    }
}
