//! Logs of limited size: lines are added at the end, and when the file is full
//! the oldest go.

use std::path::Path;

use super::content::{self, Content, Denied};
use super::error::DiskError;
use super::{link, private_file};

/// How large a log may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogBound {
    /// Most bytes of the file.
    pub(crate) most_bytes: usize,
    /// Bytes that are kept of a full file, so that it is not rewritten at each
    /// line.
    pub(crate) kept_bytes: usize,
}

/// Adds lines, each with its newline. A log that is damaged is useless, and one
/// that is a link or has another name may be somebody's: a new log is started
/// then. The caller holds the lock of changes.
///
/// # Errors
///
/// Returns an error if the log cannot be written, or cannot be read now.
pub(crate) fn add(path: &Path, lines: &str, bound: LogBound) -> Result<(), DiskError> {
    if link::is_shared(path) {
        // What it leads to loses its content only if that is our log.
        let _ = link::remove_ours(path);
        private_file::remove(path)?;
    }
    let before = match content::read(path, Denied::MayBeSound)? {
        Content::Text(before) => before,
        Content::Missing => String::new(),
        Content::Useless(_) => {
            private_file::remove(path)?;
            String::new()
        }
    };
    let is_whole = before.is_empty() || before.ends_with('\n');
    if is_whole && before.len() + lines.len() <= bound.most_bytes {
        return private_file::append(path, lines);
    }
    // Of what is new, as much as there is room for.
    let kept_bytes = lines.len().clamp(bound.kept_bytes, bound.most_bytes);
    private_file::write(path, &newest(&before, lines, kept_bytes))
}

/// The last whole lines of both, at most `most_bytes` of them. A torn line is
/// dropped.
fn newest(before: &str, lines: &str, most_bytes: usize) -> String {
    let both = before.split_inclusive('\n').chain(lines.split_inclusive('\n'));
    let whole: Vec<&str> = both.filter(|line| line.ends_with('\n')).collect();
    let mut bytes = 0;
    let mut fits = |line: &&&str| {
        bytes += line.len();
        bytes <= most_bytes
    };
    let kept = whole.iter().rev().take_while(&mut fits).count();
    whole[whole.len() - kept..].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_testkit::Home;

    const BOUND: LogBound = LogBound { most_bytes: 100, kept_bytes: 60 };

    #[test]
    fn what_is_new_stays_and_the_oldest_go() {
        let home = Home::new();
        let path = home.path().join("log.jsonl");
        let line = |number: usize| format!("line {number:04}\n");
        for number in 0..50 {
            add(&path, &line(number), BOUND).unwrap();
            let text = home.read("log.jsonl");
            assert!(text.len() <= BOUND.most_bytes && text.ends_with(&line(number)), "{text}");
        }
        // Ten lines at once fill it, and of twelve the last ten are kept.
        for count in [6, 10, 12] {
            let lines: Vec<String> = (100..100 + count).map(line).collect();
            add(&path, &lines.concat(), BOUND).unwrap();
            let expected = lines[count.saturating_sub(10)..].concat();
            assert!(home.read("log.jsonl").ends_with(&expected), "{count}");
            assert!(home.read("log.jsonl").len() <= BOUND.most_bytes, "{count}");
        }
    }

    #[test]
    fn a_line_that_is_longer_than_the_log_is_left_out() {
        let home = Home::new();
        let path = home.path().join("log.jsonl");
        add(&path, "short\n", BOUND).unwrap();
        add(&path, &format!("{}\n", "x".repeat(200)), BOUND).unwrap();
        assert_eq!(home.read("log.jsonl"), "");
        add(&path, "short\n", BOUND).unwrap();
        assert_eq!(home.read("log.jsonl"), "short\n");
    }

    /// Whatever it leads to is somebody's, readable or not, long or short.
    #[test]
    #[cfg(unix)]
    fn a_link_goes_and_what_it_leads_to_is_neither_read_nor_changed() {
        for content in ["mine\n".to_owned(), "mine\n".repeat(100)] {
            let home = Home::new();
            let other = home.write("other", &content);
            let path = home.path().join("log.jsonl");
            for is_hard in [false, true] {
                let _ = std::fs::remove_file(&path);
                if is_hard {
                    std::fs::hard_link(&other, &path).unwrap();
                } else {
                    std::os::unix::fs::symlink(&other, &path).unwrap();
                }
                add(&path, "line\n", BOUND).unwrap();
                assert!(!path.is_symlink());
                let now = (home.read("other"), home.read("log.jsonl"));
                assert_eq!(now, (content.clone(), "line\n".into()));
            }
        }
    }
}
