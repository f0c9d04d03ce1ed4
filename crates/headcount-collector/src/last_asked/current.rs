//! What a running collector knows of what was asked for, and when it is
//! written.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_catalog::Day;

use super::book::{Book, ProductBook, Unasked};
use super::file;
use super::subject::Subject;
use crate::operator_log::{LogPart, OperatorLog, Sentence};
use crate::private_file::{self, OwnFile};
use crate::registry::{LoadedProduct, Registry};

/// What a running collector knows.
pub(crate) struct LastAsked {
    data: PathBuf,
    book: Mutex<Noted>,
    /// Held while the file is written.
    writing: Mutex<()>,
    log: OperatorLog,
}

struct Noted {
    book: Book,
    /// How far the file is known.
    file: FileKnown,
    /// Whether the file has less.
    is_unwritten: bool,
}

/// Whether the file was read. Until then nothing is written over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileKnown {
    NotYet,
    /// The operator was told why.
    Unreadable,
    Read,
}

impl LastAsked {
    /// Reads the file. If it is damaged, everything begins anew: no number
    /// depends on it.
    pub(crate) fn open(data: &Path, log: OperatorLog) -> Self {
        let noted = Noted { book: Book::new(), file: FileKnown::NotYet, is_unwritten: false };
        let (book, writing) = (Mutex::new(noted), Mutex::new(()));
        let own = Self { data: data.to_path_buf(), book, writing, log };
        own.read();
        own
    }

    /// Reads the file if it was not read, and adds what was noted meanwhile.
    /// Returns whether it was read, now or before.
    fn read(&self) -> bool {
        let known = self.noted().file;
        if known == FileKnown::Read {
            return true;
        }
        match self.read_file() {
            Ok(book) => {
                self.noted().add_to(book);
                true
            }
            Err(error) => {
                self.noted().file = FileKnown::Unreadable;
                if known == FileKnown::NotYet {
                    let path = self.data.join(file::FILE);
                    let sentence = Sentence::from("cannot read ")
                        .and(&*path)
                        .and(&": ")
                        .and(&error)
                        .and(&"; it is tried again, and nothing is written before");
                    self.log.warn(LogPart::Store, sentence);
                }
                false
            }
        }
    }

    /// Reads the file. A damaged one is renamed.
    fn read_file(&self) -> io::Result<Book> {
        Ok(match file::read(&self.data)? {
            OwnFile::Whole(book) => book,
            OwnFile::None => Book::new(),
            OwnFile::Damaged => {
                let aside = private_file::set_aside(&self.data.join(file::FILE))?;
                let anew = "; when events and properties were last asked for is kept anew from \
                            today";
                let sentence = Sentence::from("damaged, so it was renamed: ").and(&*aside);
                self.log.warn(LogPart::Store, sentence.and(&anew));
                Book::new()
            }
        })
    }

    /// Takes over which products and names there are now, and writes what is
    /// not written yet.
    pub(crate) fn keep(&self, registry: &Registry, today: Day) {
        self.read();
        {
            let mut noted = self.noted();
            let before = noted.book.len();
            noted.book.retain(|name, _| registry.product(name).is_some());
            noted.is_unwritten |= noted.book.len() != before;
            for product in registry.products() {
                noted.follow(product, today);
            }
        }
        self.write();
    }

    /// Notes that somebody asked for these. It is written soon, on a thread
    /// that may wait for the disk.
    pub(crate) fn note(
        self: &Arc<Self>,
        product: &LoadedProduct,
        subjects: &[Subject],
        today: Day,
    ) {
        if subjects.is_empty() {
            return;
        }
        let has_changed = {
            let mut noted = self.noted();
            let has_changed = noted.follow(product, today).note(subjects, today);
            noted.is_unwritten |= has_changed;
            has_changed
        };
        if has_changed {
            let own = Arc::clone(self);
            tokio::task::spawn_blocking(move || own.write());
        }
    }

    /// What of a product has not been asked for.
    pub(crate) fn unasked(&self, product: &LoadedProduct, today: Day) -> Unasked {
        self.noted().follow(product, today).unasked(today)
    }

    /// Writes the file if it has less. What cannot be written is told, and
    /// tried again the next time.
    pub(crate) fn write(&self) {
        let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.read() {
            return;
        }
        let book = {
            let mut noted = self.noted();
            if !noted.is_unwritten {
                return;
            }
            noted.is_unwritten = false;
            noted.book.clone()
        };
        if let Err(error) = file::write(&self.data, &book) {
            self.noted().is_unwritten = true;
            let path = self.data.join(file::FILE);
            let sentence = Sentence::from("cannot write ").and(&*path).and(&": ").and(&error);
            self.log.error(LogPart::Store, sentence);
        }
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Noted {
    /// Adds what was noted to what the file has.
    fn add_to(&mut self, book: Book) {
        if self.file == FileKnown::Read {
            return;
        }
        self.file = FileKnown::Read;
        let noted = std::mem::replace(&mut self.book, book);
        for (name, newer) in noted {
            self.is_unwritten = true;
            match self.book.get_mut(&name) {
                Some(own) => own.join(newer),
                None => drop(self.book.insert(name, newer)),
            }
        }
    }

    /// The entry of a product, with the names of its newest catalog.
    fn follow(&mut self, product: &LoadedProduct, today: Day) -> &mut ProductBook {
        let name = product.name().to_owned();
        let own = self.book.entry(name).or_insert_with(|| ProductBook::new(today));
        self.is_unwritten |= own.follow(product.newest(), today);
        own
    }
}

#[cfg(all(test, unix))]
mod tests {
    use headcount_testkit::Home;

    use super::*;

    const CATALOG: &str = include_str!("../../tests/collector/asking.toml");

    /// A folder whose name is a link to itself cannot be looked into by
    /// anybody, as where no more files can be opened.
    #[test]
    fn a_file_that_cannot_be_read_is_not_written_over() {
        let home = Home::new();
        let (data, aside) = (home.path().join("data"), home.path().join("aside"));
        std::fs::create_dir(&data).unwrap();
        let catalog = headcount_catalog::parse(CATALOG).unwrap();
        let registry = Registry::of(vec![catalog]).unwrap();
        let product = registry.product("tool").unwrap();
        let first = Day::parse("2026-01-01").unwrap();
        LastAsked::open(&data, OperatorLog::unread()).keep(&registry, first);
        std::fs::rename(&data, &aside).unwrap();
        std::os::unix::fs::symlink("data", &data).unwrap();
        let asked = LastAsked::open(&data, OperatorLog::unread());
        let today = first.plus(180);
        assert!(!asked.unasked(product, today).is_old_enough, "nothing is known");
        asked.noted().follow(product, today).note(&[Subject::event("run")], today);
        std::fs::remove_file(&data).unwrap();
        std::fs::rename(&aside, &data).unwrap();
        asked.keep(&registry, today);
        let reopened = LastAsked::open(&data, OperatorLog::unread());
        let unasked = reopened.unasked(product, today);
        assert_eq!((unasked.since, unasked.is_old_enough), (first, true));
        assert!(!unasked.rows.iter().any(|row| row.subject == Subject::event("run")));
        assert_eq!(unasked.rows.len(), Subject::all(product.newest()).count() - 1);
    }
}
