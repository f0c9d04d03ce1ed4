//! `--fix`: misspelt words are replaced by those that were probably meant.

use std::path::Path;

use headcount_catalog::{Mistake, parse};

use super::finding::shown;

/// Rounds of replacing: a word that is right can make another mistake visible.
const ROUNDS: usize = 4;

/// Replaces words in a file, and returns how many.
///
/// # Errors
///
/// Returns a sentence if the file cannot be read or written.
pub(super) fn run(path: &Path) -> Result<usize, String> {
    let cannot = |what: &str, error: std::io::Error| {
        format!("{}: cannot {what} the catalog: {error}.\n", shown(path))
    };
    let text = std::fs::read_to_string(path).map_err(|error| cannot("read", error))?;
    let (fixed, words) = fixed(&text);
    if words > 0 {
        replaced(path, &fixed).map_err(|error| cannot("write", error))?;
    }
    Ok(words)
}

/// Writes a file anew beside the old one and takes its place, with its
/// permissions: half a catalog is none.
fn replaced(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;

    let whole = std::fs::canonicalize(path)?;
    let folder = whole.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(std::fs::metadata(&whole)?.permissions())?;
    file.as_file().sync_all()?;
    file.persist(&whole).map_err(|error| error.error)?;
    Ok(())
}

/// The text with words replaced, each only where fewer mistakes are left by it.
fn fixed(text: &str) -> (String, usize) {
    let (mut text, mut words) = (text.to_owned(), 0);
    for _ in 0..ROUNDS {
        let mistakes = mistakes(&text);
        let (mut left, mut end) = (mistakes.len(), text.len());
        let before = words;
        // From the last to the first, so that the places before stay right; of
        // several mistakes in one place, one is mended in each round.
        for mistake in mistakes.iter().rev() {
            let (from, to) = mistake.span;
            let Some(meant) = mistake.meant.as_ref().filter(|_| to <= end) else { continue };
            let (from, to) = without_quotes(&text, from, to);
            let mut tried = text.clone();
            tried.replace_range(from..to, meant);
            let now = self::mistakes(&tried).len();
            if now < left {
                (text, left, end) = (tried, now, from);
                words += 1;
            }
        }
        if words == before {
            break;
        }
    }
    (text, words)
}

fn mistakes(text: &str) -> Vec<Mistake> {
    parse(text).err().into_iter().flatten().collect()
}

fn without_quotes(text: &str, from: usize, to: usize) -> (usize, usize) {
    let marked = &text[from..to];
    let is_quoted =
        marked.len() >= 2 && marked.starts_with(['"', '\'']) && marked.ends_with(['"', '\'']);
    if is_quoted { (from + 1, to - 1) } else { (from, to) }
}
