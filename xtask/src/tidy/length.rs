//! No Rust file is longer than one sitting: so many lines of code, and so many
//! in all.

use crate::Finding;
use crate::limits::{CODE_LINES, RAW_LINES};
use crate::tree::SourceFile;

pub(super) fn check(file: &SourceFile) -> Vec<Finding> {
    if !file.is_rust() {
        return Vec::new();
    }
    let too_long = |count: usize, limit: usize, of: &str| {
        (count > limit).then(|| {
            let sentence = format!("{count} lines{of}, {limit} at most: split it into two rooms.");
            Finding::new(&file.path, limit + 1, sentence)
        })
    };
    let code = too_long(code_lines(&file.text), CODE_LINES, " of code");
    let raw = too_long(file.text.lines().count(), RAW_LINES, "");
    code.into_iter().chain(raw).collect()
}

/// Lines that are neither blank nor comment nor part of the tests at the file's
/// end.
fn code_lines(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let lines = &lines[..tests_at_the_end(&lines).unwrap_or(lines.len())];
    let mut in_comment = false;
    let mut count = 0;
    for line in lines.iter().map(|line| line.trim()) {
        if in_comment || line.starts_with("/*") {
            in_comment = !line.contains("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            count += 1;
        }
    }
    count
}

/// Where `#[cfg(test)] mod … {` begins, if nothing follows it but its end.
fn tests_at_the_end(lines: &[&str]) -> Option<usize> {
    let start = lines.iter().position(|line| *line == "#[cfg(test)]")?;
    let module = lines.get(start + 1)?;
    let end = start + lines[start..].iter().position(|line| *line == "}")?;
    let inline = module.starts_with("mod ") && module.ends_with('{');
    let last = lines[end + 1..].iter().all(|line| line.trim().is_empty());
    (inline && last).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TESTS: &str = "#[cfg(test)]\nmod tests {\n    fn one() {\n    }\n}\n";

    #[test]
    fn blank_lines_and_comments_are_no_code() {
        assert_eq!(code_lines("//! Room.\n\n/// Doc.\nfn a() {\n    // why\n}\n"), 2);
        assert_eq!(code_lines("/* one\n two\n*/\nfn a() {}\n/* three */\nfn b() {}\n"), 2);
    }

    #[test]
    fn tests_at_the_end_are_no_code_and_elsewhere_they_are() {
        assert_eq!(code_lines(&format!("fn a() {{}}\n\n{TESTS}")), 1);
        assert_eq!(code_lines(&format!("{TESTS}\nfn a() {{}}\n")), 6);
        assert_eq!(code_lines("#[cfg(test)]\nmod tests;\nfn a() {\n}\n"), 4);
    }

    #[test]
    fn a_long_file_is_caught() {
        let file = |lines: usize| SourceFile::new("a.rs", &"let a = 1;\n".repeat(lines));
        assert_eq!(check(&file(CODE_LINES)), []);
        let caught = check(&file(CODE_LINES + 1));
        assert_eq!(caught.len(), 1);
        assert_eq!(
            caught[0].to_string(),
            "a.rs:401: 401 lines of code, 400 at most: split it into two rooms."
        );
        let comments = SourceFile::new("a.rs", &"// why\n".repeat(RAW_LINES + 1));
        assert_eq!(check(&comments)[0].line, RAW_LINES + 1);
        assert_eq!(check(&SourceFile::new("a.json", &"1\n".repeat(9_999))), []);
    }
}
