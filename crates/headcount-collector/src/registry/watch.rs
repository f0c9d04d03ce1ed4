//! The folder of catalogs, as it is looked at while a collector runs.

use std::sync::Arc;

use super::current::CurrentCatalogs;
use crate::file_watch::{FileWatch, WatchedFiles};
use crate::operator_log::LogPart;

const FILES: WatchedFiles = WatchedFiles {
    thread: "headcount-catalogs",
    part: "the watch of the catalogs",
    log_part: LogPart::Catalogs,
    panicked: "a look at the folder of catalogs panicked, and another one follows; this is a bug in \
               Headcount: please report it",
};

/// Looks at the folder; `None` if the catalogs are not of a folder that is to
/// be watched.
pub(crate) fn watch(catalogs: &Arc<CurrentCatalogs>) -> Option<FileWatch> {
    let interval = catalogs.interval()?;
    let catalogs = Arc::clone(catalogs);
    Some(FileWatch::new(FILES, interval, move || catalogs.look()))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use headcount_testkit::Home;

    use super::*;
    use crate::operator_log::OperatorLog;
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
        assert!(watch(&catalogs(&home, None, OperatorLog::unread())).is_none());
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
        let watch = watch(&catalogs(&home, interval, log.clone())).unwrap();
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
