//! Seals, and reads ids, between two calls of `keep_house`: on a thread of the
//! store.

use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use super::super::connection::{self, OpenMode};
use super::super::writer_slices::WriterSlices;
use super::clean::clean;
use super::house::House;
use super::read_ids::{put_off, read_ids};
use super::seal::seal_due;
use crate::StoreError;

/// Receives sentences for the operator: one line without a full stop, that
/// holds nothing of an event.
pub(in crate::embedded) type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// What the thread works on.
pub(in crate::embedded) trait Sealable:
    WriterSlices + Send + Sync + 'static
{
    fn house(&self) -> &House;
    fn file(&self) -> &Path;
}

/// The thread that seals. Dropping it stops it, after the step that it is at.
pub(in crate::embedded) struct Sealer<S: Sealable> {
    store: Arc<S>,
    thread: Option<JoinHandle<()>>,
}

impl<S: Sealable> Sealer<S> {
    pub(in crate::embedded) fn start(store: &Arc<S>, log: Log) -> std::io::Result<Self> {
        let own = Arc::clone(store);
        let thread =
            thread::Builder::new().name("headcount-sealer".to_owned()).spawn(move || {
                while own.house().backlog.await_due() {
                    seal_and_tell(own.as_ref(), &log);
                }
            })?;
        Ok(Self { store: Arc::clone(store), thread: Some(thread) })
    }
}

impl<S: Sealable> Drop for Sealer<S> {
    fn drop(&mut self) {
        self.store.house().close();
        if let Some(thread) = self.thread.take() {
            // Its panics were told.
            let _ = thread.join();
        }
    }
}

/// Does what is due. The next time may be better, so neither an error nor a
/// panic is the end; the same failure is told once.
fn seal_and_tell<S: Sealable>(store: &S, log: &Log) {
    let failure = match panic::catch_unwind(AssertUnwindSafe(|| do_due(store, log))) {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(error.to_string()),
        Err(_) => Some("a bug in Headcount: sealing panicked; please report it".to_owned()),
    };
    let backlog = &store.house().backlog;
    let has_failed = failure.is_some();
    let message = failure.clone().unwrap_or_default();
    if backlog.ended(failure) {
        log(&format!("events are not sealed, which is tried again soon: {message}"));
    }
    if has_failed {
        backlog.pause();
    }
}

fn do_due<S: Sealable>(store: &S, log: &Log) -> Result<(), StoreError> {
    let (house, file) = (store.house(), store.file());
    let mut entered = house.give_way(house.enter());
    let connection = connection::open(file, OpenMode::Questions)?;
    // What an earlier try or process began.
    clean(store)?;
    seal_due(store, house, (&connection, file))?;
    while let Some(day) = house.backlog.wanted().filter(|_| !house.backlog.is_stopping()) {
        entered = house.give_way(entered);
        match read_ids(store, (&connection, file), &day) {
            Ok(true) => seal_due(store, house, (&connection, file)).map(drop)?,
            Ok(false) => house.backlog.read(&day),
            Err(error) => {
                log(&format!(
                    "ids are looked up in the file, because they cannot be read: {error}"
                ));
                put_off(store, &day)?;
                house.backlog.read(&day);
            }
        }
    }
    drop(entered);
    Ok(())
}
