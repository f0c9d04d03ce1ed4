//! The operator's log: what the collector tells whoever runs it.
//!
//! A record is a level, the part that tells, a sentence and a few fields. It
//! cannot hold anything of an event, an address or a secret: a [`Sentence`] is
//! made of text in this program and of errors of this machine, and a
//! [`LogField`] is a number or a word of a closed list. Nothing turns a
//! request's text into either.
//!
//! The library decides what is told. How it is printed, and which levels are,
//! is the receiver's business.

mod field;
mod refusals;
mod sentence;

use std::fmt;
use std::sync::Arc;

pub use field::{LogField, LogValue};
pub(crate) use refusals::{RefusalKind, Refusals};
pub use sentence::{MachineFact, Sentence};

/// Receives what the collector tells. A clone tells the same receiver.
#[derive(Clone)]
pub struct OperatorLog(Arc<dyn Fn(&LogRecord) + Send + Sync>);

/// One thing that is told.
#[derive(Debug, Clone, PartialEq)]
pub struct LogRecord {
    /// How important it is.
    pub level: LogLevel,
    /// The part of the collector that tells.
    pub part: LogPart,
    /// One line without a full stop: what, where, and what to do.
    pub sentence: Sentence,
    /// Each name at most once, in the order in which they are printed.
    pub fields: Vec<LogField>,
}

/// How important a record is, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// As it should be: a start, a stop, a catalog that was loaded.
    Info,
    /// Something was refused, or will fail if nobody does anything.
    Warn,
    /// Something failed.
    Error,
}

/// The part of a collector that tells something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LogPart {
    /// The process: its start and its stop.
    Process,
    /// The thread that accepts connections, and what it listens on.
    Server,
    /// What clients ask and send.
    Requests,
    /// The thread that commits.
    Writer,
    /// The store and its files.
    Store,
    /// The thread that keeps the store in order.
    Housekeeper,
    /// The catalogs, their folder and the kept ones.
    Catalogs,
    /// The secret in the data folder.
    Secret,
    /// Write keys, readers and their tokens.
    Credentials,
    /// Certificates.
    Encryption,
    /// Notes on days.
    Notes,
    /// Alerts, and their delivery.
    Alerts,
    /// The look at all parts.
    Health,
}

impl OperatorLog {
    /// A log with this receiver. It is called from several threads.
    pub fn new(receive: impl Fn(&LogRecord) + Send + Sync + 'static) -> Self {
        Self(Arc::new(receive))
    }

    /// A log that nobody reads.
    #[must_use]
    pub fn unread() -> Self {
        Self::new(|_| {})
    }

    /// Tells something.
    pub fn tell(&self, record: &LogRecord) {
        (self.0)(record);
    }

    /// Tells that something is as it should be.
    pub fn info(&self, part: LogPart, sentence: impl Into<Sentence>) {
        self.tell(&LogRecord::new(LogLevel::Info, part, sentence));
    }

    /// Tells that something will fail if nobody does anything.
    pub fn warn(&self, part: LogPart, sentence: impl Into<Sentence>) {
        self.tell(&LogRecord::new(LogLevel::Warn, part, sentence));
    }

    /// Tells that something failed.
    pub fn error(&self, part: LogPart, sentence: impl Into<Sentence>) {
        self.tell(&LogRecord::new(LogLevel::Error, part, sentence));
    }

    /// What a store is given, which tells sentences of its own only.
    pub(crate) fn of_store(&self) -> Arc<dyn Fn(&str) + Send + Sync> {
        let log = self.clone();
        Arc::new(move |sentence| log.error(LogPart::Store, Sentence::of_store(sentence)))
    }
}

impl LogRecord {
    /// A record without fields.
    pub fn new(level: LogLevel, part: LogPart, sentence: impl Into<Sentence>) -> Self {
        Self { level, part, sentence: sentence.into(), fields: Vec::new() }
    }

    /// With one more field.
    #[must_use]
    pub fn with(mut self, field: LogField) -> Self {
        self.fields.push(field);
        self
    }
}

impl LogLevel {
    /// All levels, the least important first.
    pub const ALL: [Self; 3] = [Self::Info, Self::Warn, Self::Error];

    /// The name as people write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

impl LogPart {
    /// The name in a line of the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Server => "server",
            Self::Requests => "requests",
            Self::Writer => "writer",
            Self::Store => "store",
            Self::Housekeeper => "housekeeper",
            Self::Catalogs => "catalogs",
            Self::Secret => "secret",
            Self::Credentials => "credentials",
            Self::Encryption => "encryption",
            Self::Notes => "notes",
            Self::Alerts => "alerts",
            Self::Health => "health",
        }
    }
}

impl fmt::Debug for OperatorLog {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("OperatorLog").finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::Mutex;

    use super::*;

    /// What was told, for a test that reads it.
    #[derive(Debug, Clone, Default)]
    pub(crate) struct Heard(Arc<Mutex<Vec<LogRecord>>>);

    impl Heard {
        pub(crate) fn log(&self) -> OperatorLog {
            let heard = Arc::clone(&self.0);
            OperatorLog::new(move |record| heard.lock().unwrap().push(record.clone()))
        }

        pub(crate) fn records(&self) -> Vec<LogRecord> {
            self.0.lock().unwrap().clone()
        }

        pub(crate) fn sentences(&self) -> Vec<String> {
            self.records().iter().map(|record| record.sentence.to_string()).collect()
        }
    }

    #[test]
    fn levels_are_in_their_order() {
        assert!(LogLevel::ALL.is_sorted());
    }

    #[test]
    fn what_a_store_tells_is_an_error_of_the_store() {
        let heard = Heard::default();
        heard.log().of_store()("cannot seal");
        let records = heard.records();
        assert_eq!((records[0].level, records[0].part), (LogLevel::Error, LogPart::Store));
        assert_eq!(heard.sentences(), ["cannot seal"]);
    }
}
