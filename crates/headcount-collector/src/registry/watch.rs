//! Looks at the folder of catalogs, on a thread of its own, while a collector
//! runs.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::current::CurrentCatalogs;
use crate::health::{LifeSign, WatchedPart};
use crate::operator_log::{LogPart, OperatorLog};
use crate::repeated_task::{Pauses, RepeatedTask};

/// A folder of catalogs that is to be watched.
pub(crate) struct CatalogWatch {
    catalogs: Arc<CurrentCatalogs>,
    interval: Duration,
    life_sign: LifeSign,
}

impl CatalogWatch {
    /// `None` if the catalogs are not of a folder that is to be watched.
    pub(crate) fn of(catalogs: &Arc<CurrentCatalogs>) -> Option<Self> {
        let interval = catalogs.interval()?;
        Some(Self { catalogs: Arc::clone(catalogs), interval, life_sign: LifeSign::default() })
    }

    /// The thread, as a part of the collector.
    pub(crate) fn part(&self) -> WatchedPart {
        self.life_sign.part("the watch of the catalogs")
    }

    /// Starts the thread.
    pub(crate) fn start(self, log: OperatorLog) -> io::Result<RepeatedTask> {
        let Self { catalogs, interval, life_sign } = self;
        let pauses = Pauses { first: interval, every: interval };
        let tell = move |looked: std::thread::Result<()>| {
            if looked.is_err() {
                log.error(
                    LogPart::Catalogs,
                    "a look at the folder of catalogs panicked, and another one follows; this is a \
                     bug in Headcount: please report it",
                );
            }
        };
        RepeatedTask::start("headcount-catalogs", pauses, life_sign, move || catalogs.look(), tell)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use headcount_testkit::Home;

    use super::*;
    use crate::registry::{KeptCatalogs, Registry};

    const SMALLEST: &str = include_str!("../../tests/collector/smallest.toml");

    fn catalogs(home: &Home, interval: Option<Duration>, log: OperatorLog) -> Arc<CurrentCatalogs> {
        home.write("given/1.toml", SMALLEST);
        let mut registry = Registry::load(&home.path().join("given")).unwrap();
        if let Some(interval) = interval {
            registry = registry.watched_every(interval);
        }
        let kept = KeptCatalogs::of(home.path());
        Arc::new(CurrentCatalogs::open(registry, kept, log).unwrap())
    }

    #[test]
    fn a_watch_that_is_off_is_no_part() {
        let home = Home::new();
        assert!(CatalogWatch::of(&catalogs(&home, None, OperatorLog::unread())).is_none());
    }

    #[test]
    fn a_look_that_panics_is_told_and_the_next_one_comes() {
        let home = Home::new();
        let (told, messages) = mpsc::channel::<String>();
        let log = OperatorLog::new(move |record| {
            let _ = told.send(record.sentence.to_string());
            assert!(!record.sentence.contains("loaded version 2"), "on purpose");
        });
        let interval = Some(Duration::from_millis(1));
        let watch = CatalogWatch::of(&catalogs(&home, interval, log.clone())).unwrap();
        let part = watch.part();
        let task = watch.start(log).unwrap();
        // Whole at once, so that no look finds half of it.
        let add = |version: u32| {
            let text = SMALLEST.replace("catalog = 1", &format!("catalog = {version}"));
            let written = home.write("written", text);
            let file = home.path().join(format!("given/{version}.toml"));
            std::fs::rename(written, file).unwrap();
        };
        let next = || messages.recv_timeout(Duration::from_secs(60)).unwrap();
        add(2);
        assert!(next().starts_with("loaded version 2"));
        assert!(next().starts_with("a look at the folder of catalogs panicked"));
        add(3);
        assert!(next().starts_with("loaded version 3"));
        assert!((part.is_alive)());
        drop(task);
        assert!(!(part.is_alive)());
    }
}
