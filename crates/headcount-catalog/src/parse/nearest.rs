//! Finds the word that was probably meant.

/// Returns the nearest of `words` that is at most two edits away. The edits
/// must be fewer than the letters of either word, so that a word of two letters
/// may have one wrong.
pub fn nearest<'w>(written: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    words
        .into_iter()
        .map(|word| (edits(written, word), word))
        .filter(|(edits, word)| *edits <= 2 && *edits < word.len().min(written.len()))
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, word)| word)
}

/// Returns the number of insertions, deletions, replacements and swaps of
/// neighbours between two words; 3 if their lengths differ by more than 2.
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
