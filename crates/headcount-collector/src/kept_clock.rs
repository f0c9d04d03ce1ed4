//! What of the clock is in the data folder: `DATA/clock.json`, the time that
//! was believed last; and for a moment `DATA/clock-is-right`, by which an
//! operator says that the clock is right.

use std::io::{self, Read as _};
use std::path::Path;

use headcount_catalog::{Grain, Time};
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::clock_watch::Doubt;
use crate::operator_log::{LogPart, OperatorLog, Sentence};
use crate::private_file::{self, Links};

/// The time that was believed last.
const FILE: &str = "clock.json";

/// It is removed once it is seen, so that it is about the clock as it is now.
const WORD: &str = "clock-is-right";

/// More than the file ever has.
const MOST_BYTES: u64 = 1_024;

/// Says that the clock is behind, and what to do.
pub(crate) const BEHIND: &str = "it seems to be behind, so events that seem to lie in the future \
                                 are refused: set it; or if it is right, create the empty file \
                                 `clock-is-right` in the data folder";

/// Says that the clock is ahead, and what to do.
pub(crate) const AHEAD: &str = "it seems to be ahead, so no event expires by it, and events that \
                                seem to be too old are refused: set it; or if it is right, create \
                                the empty file `clock-is-right` in the data folder";

/// What is wrong with the clock, in words.
pub(crate) fn problem(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Behind => BEHIND,
        Doubt::Ahead => AHEAD,
    }
}

/// The time that was believed last. Without the file, or with a damaged one,
/// nothing is known: the clock is believed.
pub(crate) fn read(data: &Path, log: &OperatorLog) -> Option<Time> {
    let path = data.join(FILE);
    let anew = "; the collector believes its clock, and keeps the time anew";
    let sentence = match read_file(&path) {
        Ok(content) => match of_json(&content) {
            Some(time) => return Some(time),
            None => Sentence::from("damaged: ").and(&*path),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => Sentence::from("cannot read ").and(&*path).and(&": ").and(&error),
    };
    log.warn(LogPart::Health, sentence.and(&anew));
    None
}

/// Looks at the clock, tells what is wrong with it, and keeps what is believed.
pub(crate) fn look(app: &App) {
    hear_operator(app);
    let now = app.now();
    let believed = app.clock_watch.look(now);
    tell(app);
    // Another folder may be at the place of the one that is gone.
    if app.store.health().is_ok() {
        write(app, believed);
    }
}

/// Tells what is wrong with the clock.
pub(crate) fn tell(app: &App) {
    if let Some(doubt) = app.clock_watch.doubt(app.now()) {
        app.log.warn(LogPart::Health, Sentence::from("the clock: ").and(&problem(doubt)));
    }
}

/// Believes the clock if an operator says that it is right.
pub(crate) fn hear_operator(app: &App) {
    let path = app.data.join(WORD);
    match std::fs::remove_file(&path) {
        Ok(()) => {
            let now = app.now();
            app.clock_watch.believe(now);
            let sentence = "the clock is believed: the file `clock-is-right` says that it is right";
            app.log.info(LogPart::Health, sentence);
            write(app, now);
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => {
            let sentence = Sentence::from("cannot remove ").and(&*path).and(&": ").and(&error);
            app.log.warn(LogPart::Health, sentence);
        }
    }
}

fn write(app: &App, believed: Time) {
    let path = app.data.join(FILE);
    let json = json!({ "format": 1, "believed": believed.format(Grain::Second) });
    if let Err(error) = private_file::write(&path, json.to_string().as_bytes()) {
        let sentence = Sentence::from("cannot write ").and(&*path).and(&": ").and(&error);
        app.log.error(LogPart::Health, sentence);
    }
}

fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    let file = private_file::open(path, Links::Refused)?;
    file.take(MOST_BYTES).read_to_end(&mut content)?;
    Ok(content)
}

fn of_json(content: &[u8]) -> Option<Time> {
    let json: Json = serde_json::from_slice(content).ok()?;
    if json.get("format")?.as_u64()? != 1 {
        return None;
    }
    Time::parse(json.get("believed")?.as_str()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::tests::TestApp;
    use crate::operator_log::tests::Heard;

    #[test]
    fn what_is_written_is_read_and_a_damaged_file_is_told() {
        let mut test = TestApp::start();
        let (data, heard) = (test.app.data.clone(), Heard::default());
        assert_eq!(read(&data, &heard.log()), None);
        look(&test.app);
        assert_eq!(read(&data, &heard.log()), Some(test.app.now()));
        assert!(heard.sentences().is_empty());
        for damaged in ["", "{\"format\":1}", "{\"format\":1,\"believed\":\"today\"}", "[2]"] {
            std::fs::write(data.join(FILE), damaged).unwrap();
            assert_eq!(read(&data, &heard.log()), None);
        }
        assert_eq!(heard.sentences().len(), 4);
        assert!(heard.sentences()[0].starts_with("damaged: "), "{:?}", heard.sentences());
        test.stop();
    }
}
