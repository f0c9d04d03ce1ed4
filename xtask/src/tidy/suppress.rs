//! A lint is never switched off silently: `expect` with a reason says why, and
//! goes stale loudly.

use crate::Finding;
use crate::tree::SourceFile;

/// Put together here, so that this file does not hold what it looks for.
const NEEDLES: [&str; 2] = [concat!("#[", "allow("), concat!("#![", "allow(")];

pub(super) fn check(file: &SourceFile) -> Vec<Finding> {
    if !file.is_rust() {
        return Vec::new();
    }
    let sentence = "Use `#[expect(lint, reason = \"…\")]`: it says why and goes stale loudly.";
    file.lines()
        .filter(|(_, line)| NEEDLES.iter().any(|needle| line.contains(needle)))
        .map(|(number, _)| Finding::new(&file.path, number, sentence))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silenced_lint_is_caught() {
        for needle in NEEDLES {
            let file = SourceFile::new("a.rs", &format!("//! A.\n    {needle}dead_code)]\n"));
            assert_eq!(check(&file)[0].line, 2, "{needle}");
        }
        let expected = SourceFile::new("a.rs", "#[expect(dead_code, reason = \"…\")]\n");
        assert_eq!(check(&expected), []);
    }
}
