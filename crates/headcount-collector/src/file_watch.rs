//! Looks at files of the operator's while a collector runs, on a thread of its
//! own.

use std::io;
use std::time::Duration;

use crate::health::{LifeSign, WatchedPart};
use crate::operator_log::{LogPart, OperatorLog};
use crate::repeated_task::{Pauses, RepeatedTask};

/// What is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WatchedFiles {
    /// The name of the thread.
    pub(crate) thread: &'static str,
    /// The thread, as a part of the collector.
    pub(crate) part: &'static str,
    /// Who tells of it in the log.
    pub(crate) log_part: LogPart,
    /// What is told if a look panics.
    pub(crate) panicked: &'static str,
}

/// A watch that has not started yet.
pub(crate) struct FileWatch {
    files: WatchedFiles,
    interval: Duration,
    look: Box<dyn Fn() + Send>,
    life_sign: LifeSign,
}

impl FileWatch {
    pub(crate) fn new(
        files: WatchedFiles,
        interval: Duration,
        look: impl Fn() + Send + 'static,
    ) -> Self {
        Self { files, interval, look: Box::new(look), life_sign: LifeSign::default() }
    }

    /// The thread, as a part of the collector.
    pub(crate) fn part(&self) -> WatchedPart {
        self.life_sign.part(self.files.part)
    }

    /// Starts the thread. After a look that panics the next one comes.
    pub(crate) fn start(self, log: OperatorLog) -> io::Result<RepeatedTask> {
        let Self { files, interval, look, life_sign } = self;
        let tell = move |looked: std::thread::Result<()>| {
            if looked.is_err() {
                log.error(files.log_part, files.panicked);
            }
        };
        let pauses = Pauses { first: interval, every: interval };
        RepeatedTask::start(files.thread, pauses, life_sign, look, tell)
    }
}
