//! No words for unfinished work: what is left to do is an issue, where it can
//! be seen and closed.

use crate::Finding;
use crate::tree::SourceFile;

/// Whole words, put together here, so that this file does not hold what it
/// looks for.
const WORDS: [&str; 4] =
    [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX"), concat!("HA", "CK")];

/// Macros that stand for a body that is missing.
const MACROS: [&str; 2] = [concat!("to", "do!("), concat!("unimplement", "ed!(")];

const ENDINGS: [&str; 7] = [".rs", ".toml", ".md", ".sh", ".yml", ".yaml", ".ci/run"];

pub(super) fn check(file: &SourceFile) -> Vec<Finding> {
    if !ENDINGS.iter().any(|ending| file.path.ends_with(ending)) {
        return Vec::new();
    }
    let unfinished = |line: &str| {
        let word = line.split(|c: char| !c.is_alphanumeric() && c != '_');
        let word = word.into_iter().find_map(|word| WORDS.into_iter().find(|each| *each == word));
        word.or_else(|| MACROS.into_iter().find(|each| line.contains(each)))
    };
    file.lines()
        .filter_map(|(number, line)| Some((number, unfinished(line)?)))
        .map(|(number, word)| {
            let sentence = format!("{word:?} is unfinished work: do it, or open an issue for it.");
            Finding::new(&file.path, number, sentence)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_work_is_caught() {
        for word in WORDS.into_iter().chain(MACROS) {
            for path in ["a.rs", "docs/a.md", "Cargo.toml", ".ci/run", ".github/workflows/ci.yml"] {
                let file = SourceFile::new(path, &format!("done\n# {word}: later\n"));
                let caught = check(&file);
                assert_eq!(caught.len(), 1, "{word} in {path}");
                assert_eq!(caught[0].line, 2);
            }
        }
    }

    #[test]
    fn parts_of_words_and_other_files_are_not() {
        let inside = SourceFile::new("a.rs", &format!("let x = MY_{}S;\n", WORDS[0]));
        assert_eq!(check(&inside), []);
        assert_eq!(check(&SourceFile::new("a.json", WORDS[0])), []);
    }
}
