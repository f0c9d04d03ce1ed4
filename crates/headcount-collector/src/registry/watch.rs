//! Looks at the folder of catalogs, on a thread of its own, while a collector
//! runs.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};

use super::current::CurrentCatalogs;

/// The thread, if there is something to look at. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct CatalogWatch {
    /// `None` once it is to end. Nothing is ever sent.
    running: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl CatalogWatch {
    /// Starts the thread, if the catalogs are of a folder that is to be
    /// watched.
    pub(crate) fn start(catalogs: Arc<CurrentCatalogs>) -> io::Result<Self> {
        let Some(interval) = catalogs.interval() else {
            return Ok(Self { running: None, thread: None });
        };
        let (running, is_running) = mpsc::channel();
        let thread =
            thread::Builder::new().name("headcount-catalogs".to_owned()).spawn(move || {
                while is_running.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
                    catalogs.look();
                }
            })?;
        Ok(Self { running: Some(running), thread: Some(thread) })
    }
}

impl Drop for CatalogWatch {
    fn drop(&mut self) {
        drop(self.running.take());
        if let Some(thread) = self.thread.take() {
            // It fails only if the thread panicked, which was printed.
            let _ = thread.join();
        }
    }
}
