//! What a collector needs before other machines may reach it, and how to get
//! it.

use std::path::Path;

/// What is not there of a write key, a reader, and encryption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Missing {
    pub(crate) key: bool,
    pub(crate) reader: bool,
    pub(crate) encryption: bool,
}

impl Missing {
    /// Whether other machines must not reach the collector.
    pub(crate) fn is_any(self) -> bool {
        self.key || self.reader || self.encryption
    }

    /// Whether nobody can write, or nobody can read.
    pub(crate) fn is_of_credentials(self) -> bool {
        self.key || self.reader
    }

    /// What is not there, as in "no write key and no reader".
    pub(crate) fn what(self) -> String {
        let all = [
            (self.key, "no write key"),
            (self.reader, "no reader"),
            (self.encryption, "no encryption"),
        ];
        let all = chosen(all);
        match all.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => all.concat(),
        }
    }

    /// The commands that make it.
    pub(crate) fn commands(self, data: &Path) -> String {
        let data = data.display();
        let all = [
            (self.key, format!("`headcount keys new PRODUCT --data {data}`")),
            (self.reader, format!("`headcount readers new NAME --data {data}`")),
            (
                self.encryption,
                "`headcount serve` with `--tls-cert FILE --tls-key FILE`, or with `--behind-proxy=ADDRESS`"
                    .to_owned(),
            ),
        ];
        chosen(all).join(", then ")
    }
}

fn chosen<T, const N: usize>(all: [(bool, T); N]) -> Vec<T> {
    all.into_iter().filter_map(|(is_missing, item)| is_missing.then_some(item)).collect()
}
