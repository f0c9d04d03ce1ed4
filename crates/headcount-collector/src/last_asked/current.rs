//! What a running collector knows of what was asked for, and when it is
//! written.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_catalog::Day;

use super::book::{Book, ProductBook, Unasked};
use super::file;
use super::subject::Subject;
use crate::operator_log::{LogPart, OperatorLog, Sentence};
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
    /// Whether the file has less.
    is_unwritten: bool,
}

impl LastAsked {
    /// Reads the file. If it is damaged, everything begins anew: no number
    /// depends on it.
    pub(crate) fn open(data: &Path, log: OperatorLog) -> Self {
        let path = data.join(file::FILE);
        let anew = "; when events and properties were last asked for is kept anew from today";
        let book = match file::read(data) {
            Ok(Some(book)) => book,
            Ok(None) => {
                log.warn(LogPart::Store, Sentence::from("damaged: ").and(&*path).and(&anew));
                Book::new()
            }
            Err(error) => {
                let sentence = Sentence::from("cannot read ").and(&*path).and(&": ").and(&error);
                log.warn(LogPart::Store, sentence.and(&anew));
                Book::new()
            }
        };
        let book = Mutex::new(Noted { book, is_unwritten: false });
        Self { data: data.to_path_buf(), book, writing: Mutex::new(()), log }
    }

    /// Takes over which products and names there are now, and writes what is
    /// not written yet.
    pub(crate) fn keep(&self, registry: &Registry, today: Day) {
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
    /// The entry of a product, with the names of its newest catalog.
    fn follow(&mut self, product: &LoadedProduct, today: Day) -> &mut ProductBook {
        let name = product.name().to_owned();
        let own = self.book.entry(name).or_insert_with(|| ProductBook::new(today));
        self.is_unwritten |= own.follow(product.newest(), today);
        own
    }
}
