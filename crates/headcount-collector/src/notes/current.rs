//! The notes of a running collector, which follow the file.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use headcount_catalog::Day;

use super::day_note::DayNote;
use super::file;
use crate::file_stamp::FileStamp;
use crate::operator_log::{LogPart, OperatorLog, Sentence};

/// The notes of a running collector.
pub(crate) struct CurrentNotes {
    data: PathBuf,
    now: RwLock<Arc<Vec<DayNote>>>,
    /// Held while the file is read.
    seen: Mutex<Seen>,
    log: OperatorLog,
}

#[derive(Default)]
struct Seen {
    stamp: Option<FileStamp>,
    /// The mistake that the operator was told last.
    told: Option<String>,
}

impl CurrentNotes {
    /// Reads the file. What cannot be read is told, and counts as no note: no
    /// event waits for it.
    pub(crate) fn open(data: &Path, log: OperatorLog) -> Self {
        let current =
            Self { data: data.to_path_buf(), now: RwLock::default(), seen: Mutex::default(), log };
        current.look();
        current
    }

    /// The notes of a product on these days, by day, and those of one day in
    /// the order in which they were written.
    pub(crate) fn of(&self, product: &str, days: &RangeInclusive<Day>) -> Vec<DayNote> {
        let now = Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner));
        let own = now.iter().filter(|note| note.product == product && days.contains(&note.day));
        let mut own: Vec<DayNote> = own.cloned().collect();
        own.sort_by_key(|note| note.day);
        own
    }

    /// Reads the file again if it is another one. What cannot be used changes
    /// nothing.
    pub(crate) fn look(&self) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = FileStamp::of(&self.data.join(file::FILE));
        if stamp == seen.stamp && seen.told.is_none() {
            return;
        }
        seen.stamp = stamp;
        match file::read(&self.data) {
            Ok(notes) => {
                *self.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(notes);
                seen.told = None;
            }
            Err(error) => {
                let mistake = error.to_string();
                if seen.told.as_ref() != Some(&mistake) {
                    let sentence = Sentence::of_files(&mistake)
                        .and(&"; until then the notes stay as they were read last");
                    self.log.error(LogPart::Notes, sentence);
                }
                seen.told = Some(mistake);
            }
        }
    }
}
