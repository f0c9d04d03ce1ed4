//! Every Rust file opens with `//!`, a sentence that says its room: also what must not compile and
//! what a generator is expected to write.

use crate::Finding;
use crate::tree::SourceFile;

pub(super) fn check(file: &SourceFile) -> Option<Finding> {
    let opens = file
        .text
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("//!"))
        .is_some_and(|sentence| !sentence.trim().is_empty());
    (file.is_rust() && !opens).then(|| {
        Finding::new(&file.path, 1, "Line one must be `//!` and a sentence that says its room.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_must_say_its_room_on_line_one() {
        let caught = |path, text| check(&SourceFile::new(path, text)).is_some();
        assert!(!caught("a.rs", "//! The room of a.\nfn main() {}\n"));
        assert!(caught("a.rs", ""));
        assert!(caught("a.rs", "//!\n//! Too late.\n"));
        assert!(caught("a.rs", "\n//! Too late.\n"));
        assert!(caught("tests/fail/a_free_string.rs", "fn main() {}\n"));
        assert!(!caught("a.toml", "[package]\n"));
    }
}
