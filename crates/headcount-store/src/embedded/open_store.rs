//! What is open of a store: its file, its connections and its memory.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Instant;

use headcount_catalog::Day;
use rusqlite::Connection;

use super::connection::{self, OpenMode};
use super::raw_counts;
use super::rollups;
use super::sealing::{self, House, Sealable};
use super::stored_events::StoredEvents;
use super::stored_events::let_the_log_be_emptied;
use super::writer::DatabaseWriter;
use super::writer_slices::WriterSlices;
use crate::file_identity::FileIdentity;
use crate::{
    AnswerRows, Commit, DataFolder, DayRows, Erasure, HousePolicy, HouseReport, Question,
    RawAnswer, RawQuestion, RowStatus, Store, StoreError, limits,
};

/// The file that is locked while the store is open.
const LOCK: &str = "headcount.lock";

/// An open file, shared by those who commit, ask and seal.
pub(super) struct OpenStore {
    // Fields are dropped in this order: SQLite cleans up when its last
    // connection closes, which is the writer, and only then may another process
    // open the folder.
    reader: Mutex<Connection>,
    /// Held by the question that reads raw events: what it has in memory is
    /// there once.
    raw_turn: Mutex<()>,
    /// Who holds it is the next to lock the writer. A thread that locks it
    /// again and again would otherwise keep the others out.
    turn: Mutex<()>,
    pub(super) writer: Mutex<Option<DatabaseWriter>>,
    house: House,
    _folder: DataFolder,
    file: PathBuf,
    identity: FileIdentity,
}

impl OpenStore {
    pub(super) fn open(folder: &Path) -> Result<Self, StoreError> {
        let folder = DataFolder::lock(folder, LOCK)?;
        let file = connection::create_file(&folder)?;
        let house = House::default();
        let mut writer = DatabaseWriter::open(&file, house.seal_rows())?;
        let reader = connection::open(&file, OpenMode::Questions)?;
        let identity = FileIdentity::of(file.clone())?;
        house.count(&mut writer.ids);
        let (reader, writer) = (Mutex::new(reader), Mutex::new(Some(writer)));
        Ok(Self {
            reader,
            raw_turn: Mutex::default(),
            turn: Mutex::default(),
            writer,
            house,
            _folder: folder,
            file,
            identity,
        })
    }

    /// Counts raw events, on a connection of its own, so that neither commits
    /// nor other questions wait for it.
    fn ask_raw(&self, question: &RawQuestion) -> Result<RawAnswer, StoreError> {
        let _turn = self.raw_turn.lock().unwrap_or_else(PoisonError::into_inner);
        let value_rows = self.with_writer(|writer| {
            writer.flush()?;
            Ok(raw_counts::value_rows(&writer.rollups, question))
        })?;
        let started = Instant::now();
        let connection = connection::open(&self.file, OpenMode::Questions)?;
        let snapshot = connection
            .unchecked_transaction()
            .map_err(|error| StoreError::database("read the events in", &self.file, error))?;
        let most = limits::RAW_QUESTION_EVENTS;
        let answer = raw_counts::answer((&snapshot, &self.file), question, &value_rows, most);
        drop(snapshot);
        let_the_log_be_emptied(started);
        answer
    }

    fn lock_writer(&self) -> MutexGuard<'_, Option<DatabaseWriter>> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sealable for OpenStore {
    fn house(&self) -> &House {
        &self.house
    }

    fn file(&self) -> &Path {
        &self.file
    }
}

impl WriterSlices for OpenStore {
    fn with_writer<T>(
        &self,
        slice: impl FnOnce(&mut DatabaseWriter) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.identity.check()?;
        // There is no writer after a panic in a slice, or after an error that
        // left the writer's memory in doubt: the file is read again.
        let mut writer = self.lock_writer();
        let mut open = match writer.take() {
            Some(open) => open,
            None => DatabaseWriter::open(&self.file, self.house.seal_rows())?,
        };
        let done = slice(&mut open)?;
        *writer = Some(open);
        Ok(done)
    }
}

impl Store for OpenStore {
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        self.identity.check()?;
        self.house.backlog.slow_down()?;
        let mut writer = self.lock_writer();
        let mut open = match writer.take() {
            Some(open) => open,
            None => DatabaseWriter::open(&self.file, self.house.seal_rows())?,
        };
        let appended = open.append(commit);
        let rows = commit.rows.iter().map(DayRows::len).sum();
        self.house.note(rows, &mut open.ids);
        // What is on disk is acknowledged, also if the rollups cannot be
        // written now: the next writer counts it again.
        let is_usable = match &appended {
            Ok(_) => !open.is_flush_due() || open.flush().is_ok(),
            Err(_) => open.matches_file(),
        };
        if is_usable {
            *writer = Some(open);
        }
        appended
    }

    fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError> {
        if let Question::Raw(question) = question {
            return self.ask_raw(question).map(AnswerRows::Raw);
        }
        // How arrivals ended is in the file with each commit. It is answered
        // also where the counts cannot be written, as on a full disk.
        let is_counted = !matches!(question, Question::Outcomes | Question::Rejected { .. });
        let live = self.with_writer(|writer| {
            if is_counted {
                writer.flush()?;
            }
            Ok(writer.rollups.live_devices(question))
        })?;
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        rollups::ask(&reader, question, &live)
            .map_err(|error| StoreError::database("answer a question from", &self.file, error))
    }

    fn erase(&self, product: &str, person: Erasure) -> Result<u64, StoreError> {
        sealing::erase(self, &self.house, &self.file, product, &[person])
    }

    fn keep_house(&self, policy: &HousePolicy) -> Result<HouseReport, StoreError> {
        sealing::keep_house(self, &self.house, &self.file, policy)
    }

    fn read_events(
        &self,
        product: &str,
        days: (Day, Day),
        each: &mut dyn FnMut(&DayRows),
    ) -> Result<(), StoreError> {
        StoredEvents::of(&self.file)?.each_rows(product, days.0, days.1, each)
    }

    fn health(&self) -> Result<(), StoreError> {
        self.identity.check()?;
        self.house.backlog.check()?;
        let writer = match self.writer.try_lock() {
            Ok(writer) => writer,
            Err(TryLockError::Poisoned(writer)) => writer.into_inner(),
            // A commit is running.
            Err(TryLockError::WouldBlock) => return Ok(()),
        };
        let checked = writer.as_ref().map(DatabaseWriter::check_log);
        drop(writer);
        // A writer that was lost is opened again, if that is possible.
        checked.unwrap_or_else(|| self.with_writer(|_| Ok(())))
    }
}

impl Drop for OpenStore {
    /// Writes the rollups, so that the next start has nothing to count again.
    /// After an error it counts them again.
    fn drop(&mut self) {
        let writer = self.writer.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(writer) = writer
            && self.identity.check().is_ok()
        {
            let _ = writer.flush();
        }
    }
}
