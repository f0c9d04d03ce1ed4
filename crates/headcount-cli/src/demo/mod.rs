//! `headcount demo`: a collector, and two months of five products' simulated
//! people.
//!
//! Their clocks are simulated and what they do is made up; everything else is
//! real. Each person has a home folder in a temporary one, answers the question
//! of consent in the product's own settings file, records through the SDK into
//! a queue on disk, and ships over HTTP to the native intake of a collector
//! that stores on disk. At the end the books are compared: what the SDK
//! recorded with what the collector's own counter says became of it.
//!
//! The two months tell a story, so that every panel has something to show. Its
//! numbers are in [`stories`], [`editions`], [`crowd`] and [`limits`], and
//! [`plot`] says it with its days:
//!
//! | what happens | to which product | where it shows |
//! | --- | --- | --- |
//! | 1.5.0 makes `assembly transcribe` fail four times as often and take twice as long; 1.5.1 mends it | AssemblyAI CLI | failures and durations by version |
//! | from noon on, a day and a half in which hardly anybody works; the rest arrives late | AtomCode | active devices, events |
//! | `opencode` appears and grows to lead | AssemblyAI CLI, Atomic CLI | agents |
//! | more people come every week | AssemblyAI CLI | active devices, tiles |
//! | as many come as leave | OpenClacky | active devices, tiles |
//! | of the newcomers a quarter stays less than a week, a fifth less than a month | all | retention |
//! | 1.3.9 has a catalog that was retired: an event of it is rejected, a property dropped | AssemblyAI CLI | rejected and dropped |
//! | a wrong clock is three days ahead for two weeks | AssemblyAI CLI, Atomic CLI | rejected |
//! | machines without a network for 18 days lose what waits longer than 7 | Atomic CLI | `telemetry_report` |
//! | answers get lost, the collector is restarted twice | all | duplicates, `telemetry_report` |
//! | 4.22.0 reports by catalog 2, older ones by catalog 1 | AtomCode | catalogs |
//! | one or two machines have FreeBSD | those with a hundred people | platforms |
//! | 15 people: a public page withholds nearly everything | Archon | public page |
//!
//! In reading order: who the people are ([`people`], [`crowd`]), what their
//! products' stories are ([`story`], [`stories`], [`plot`]), what they do on a
//! day ([`day`], [`values`]), doing it ([`player`], [`play`]), and what came of
//! it ([`books`], [`report`]).

mod limits;
mod chance;
mod vocabulary;
mod story;
mod stories;
mod crowd;
mod people;
mod values;
mod day;
mod editions;
mod catalogs;
mod plot;
mod site;
mod line;
mod player;
mod play;
mod questions;
mod books;
mod progress;
mod report;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::SystemTime;

use headcount::signals;
use headcount_catalog::{Day, Time};
use headcount_collector::{LogLevel, LogPart, OperatorLog, Registry, TimeSource};

use crate::{args, print};
use books::Books;
use limits::Scale;
use play::{Play, Stopped};
use player::Player;
use progress::{Progress, Screen};
use questions::Questions;
use report::Next;
use site::Site;

/// Plays, checks, shows. 0 where the books balance, 1 where they do not or
/// where something stands in the way.
pub(crate) fn run(demo: &args::Demo) -> u8 {
    let ended = Ending::listen().and_then(|ending| {
        let folder = Folder::make(demo.keep.as_deref())?;
        let path = std::path::absolute(folder.path()).unwrap_or_else(|_| folder.path().into());
        let clock: TimeSource = Arc::new(|| Time::from_system(SystemTime::now()));
        let screen = if io::stderr().is_terminal() { Screen::Terminal } else { Screen::Lines };
        let mut stage = Stage {
            folder: path,
            scale: Scale::WHOLE,
            clock,
            interrupted: Arc::clone(&ending.interrupted),
            screen,
            err: &mut io::stderr(),
        };
        show(demo, &mut stage, &mut io::stdout(), &ending)
    });
    match ended {
        Ok(()) => 0,
        Err(sentence) => {
            print::err(format_args!("headcount demo: {}\n", sentence.trim_end()));
            1
        }
    }
}

/// The folder of a demo.
enum Folder {
    /// It is removed with this.
    Temporary(tempfile::TempDir),
    Kept(PathBuf),
}

impl Folder {
    fn make(keep: Option<&Path>) -> Result<Self, String> {
        let Some(keep) = keep else {
            let folder = tempfile::Builder::new().prefix("headcount-demo-").tempdir();
            let folder =
                folder.map_err(|error| format!("there is no temporary folder: {error}"))?;
            return Ok(Self::Temporary(folder));
        };
        fs::create_dir(keep)
            .map_err(|error| format!("cannot make the folder {}: {error}", keep.display()))?;
        Ok(Self::Kept(keep.to_owned()))
    }

    fn path(&self) -> &Path {
        match self {
            Self::Temporary(folder) => folder.path(),
            Self::Kept(folder) => folder,
        }
    }
}

/// Where the play takes place.
struct Stage<'a> {
    folder: PathBuf,
    scale: Scale,
    clock: TimeSource,
    interrupted: Arc<AtomicBool>,
    screen: Screen,
    err: &'a mut dyn Write,
}

/// Plays, says what came of it, and serves until somebody has seen enough.
fn show(
    demo: &args::Demo,
    stage: &mut Stage<'_>,
    out: &mut dyn Write,
    ending: &Ending,
) -> Result<(), String> {
    let Played { site, books, play_days: (from, to) } = stage.play()?;
    let url = site.url();
    let came_of_it = if demo.json { report::json } else { report::summary };
    // Whoever does not read it all shall not change the outcome.
    let _ = write!(out, "{}", came_of_it(&books, &url)).and_then(|()| out.flush());
    let problems = books.problems();
    if !problems.is_empty() {
        return Err(format!("the books do not balance:\n{problems}"));
    }
    if demo.once {
        site.stop();
        return Ok(());
    }
    let program = std::env::args_os().next();
    let program = program
        .map_or_else(|| "headcount".to_owned(), |program| program.to_string_lossy().into_owned());
    let next = Next {
        url: &url,
        program: &program,
        folder: &stage.folder,
        from,
        to,
        keeps: demo.keep.is_some(),
    };
    let text = next.text();
    let _ = if demo.json { write!(stage.err, "{text}") } else { write!(out, "\n{text}") };
    let _ = out.flush();
    ending.wait();
    site.stop();
    Ok(())
}

/// A play that is over, with the collector still running.
struct Played {
    site: Site,
    books: Books,
    play_days: (Day, Day),
}

impl Stage<'_> {
    /// Plays, and asks the collector for its side of the books.
    fn play(&mut self) -> Result<Played, String> {
        let catalogs = catalogs::all()?;
        let products = catalogs::products(self.scale)?;
        let files = |error: io::Error| {
            format!("the temporary folder {} cannot be used: {error}", self.folder.display())
        };
        catalogs::write(&self.folder.join("catalogs")).map_err(files)?;
        fs::create_dir(self.folder.join("you")).map_err(files)?;
        let homes = self.folder.join("homes");
        let people = people::all(&products, self.scale, &homes);
        people.iter().try_for_each(|person| fs::create_dir_all(&person.home)).map_err(files)?;

        let registry = Registry::of(catalogs).map_err(|error| error.to_string())?;
        let log = OperatorLog::new(|record| {
            // Some people's clocks are wrong: the last page tells how many
            // events were rejected for it.
            if record.level > LogLevel::Info && record.part != LogPart::Requests {
                print::err(format_args!("headcount demo: {}\n", record.sentence));
            }
        });
        let data = self.folder.join("data");
        let first = self.scale.first_day((self.clock)().day());
        let site = Site::open(data, registry, (first, Arc::clone(&self.clock)), log)?;

        let mut progress = Progress::new(self.err, self.screen);
        let days = self.scale.days;
        progress.say(&format!(
            "playing {days} days of {} people of {} products, shipping to {}",
            people.len(),
            products.len(),
            site.url()
        ));
        for sentence in plot::sentences(&products, first, days) {
            progress.say(&sentence);
        }
        let mut books = Books::of(&products);
        let end = (self.clock)();
        let play = Play { scale: self.scale, end, site: &site, interrupted: &self.interrupted };
        let (from, to) = (play.first(), end.day());
        let mut groups = play::groups(people.into_iter().map(Player::new));
        play.run(&mut groups, &mut books, &mut progress).map_err(|stopped| match stopped {
            Stopped::Interrupted => "interrupted".to_owned(),
            Stopped::Failed(sentence) => sentence,
        })?;
        // A day more: tomorrow begins while this runs.
        let url = site.url();
        books.ask(&Questions::to(&url), &from.to_string(), &to.plus(1).to_string())?;
        Ok(Played { site, books, play_days: (from, to) })
    }
}

/// Ctrl-C, told to the play while it runs and waited for when it is over.
struct Ending {
    interrupted: Arc<AtomicBool>,
    told: mpsc::Receiver<()>,
}

impl Ending {
    /// From here on a signal ends the demo in order, its temporary folder
    /// included.
    fn listen() -> Result<Self, String> {
        let waiting = signals::listen()
            .map_err(|error| format!("the system's signals cannot be listened for: {error}"))?;
        let interrupted = Arc::new(AtomicBool::new(false));
        let (tell, told) = mpsc::channel();
        let seen = Arc::clone(&interrupted);
        // It ends with the process.
        thread::spawn(move || {
            waiting.wait();
            seen.store(true, Ordering::Relaxed);
            let _ = tell.send(());
        });
        Ok(Self { interrupted, told })
    }

    /// Returns when somebody has seen enough.
    fn wait(&self) {
        // An error says that nobody can tell us any more, which ends it too.
        let _ = self.told.recv();
    }
}
