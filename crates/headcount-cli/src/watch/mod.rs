//! `headcount watch`: runs a program in a home of its own against a collector
//! on loopback, and says what it reported, and what of it is wrong.
//!
//! In reading order: the environment that the program gets ([`environment`]),
//! the person in that home ([`person`]), the collector ([`collector`]), where
//! else the program connects to ([`elsewhere`]), the program ([`program`]),
//! what is wrong ([`judgement`]), and how it is said ([`report`]).

mod limits;
mod environment;
mod person;
mod collector;
mod elsewhere;
mod program;
mod judgement;
mod report;

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use clap::value_parser;
use headcount::{Catalog, Surroundings};

use crate::{catalog_file, print};
use collector::{Judge, Taken};
use elsewhere::Proxy;
use environment::{Changes, Surface};
use judgement::Sight;
use person::{Consent, Person};
use program::Ended;

/// `headcount watch`
#[derive(Debug, clap::Args)]
pub(crate) struct Watch {
    /// The catalog of the program
    #[arg(long, value_name = "FILE", default_value = crate::host_args::CATALOG)]
    pub(crate) catalog: PathBuf,
    /// What the person has answered before the program starts
    #[arg(long, value_enum, default_value = "yes")]
    pub(crate) consent: Consent,
    /// Use this folder as the home, and leave it, for a program that needs its
    /// settings [default: a temporary one, which is removed]
    #[arg(long, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// Seconds after which the program is killed, which is wrong
    #[arg(long, value_name = "SECONDS", default_value_t = limits::PROGRAM_S, value_parser = value_parser!(u32).range(1..))]
    pub(crate) timeout: u32,
    /// Seconds to wait for what the program has left running and still records
    #[arg(long, value_name = "SECONDS", default_value_t = limits::SETTLING_S)]
    pub(crate) settle: u32,
    /// Write the report to this file too, as a line of JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// The program and its arguments, after `--`
    #[arg(last = true, required = true, value_name = "PROGRAM")]
    pub(crate) program: Vec<OsString>,
}

/// Watches. The program's own code, or 1 where something is wrong or cannot be
/// watched; 2 where the catalog has mistakes.
pub(crate) fn run(watch: &Watch) -> u8 {
    let catalog = match catalog_file::read_for_host(&watch.catalog) {
        Ok(catalog) => catalog,
        Err(sentences) => {
            print::err(sentences);
            return 2;
        }
    };
    match watched(watch, catalog) {
        Ok(code) => code,
        Err(sentence) => {
            print::err(format_args!("headcount watch: {sentence}\n"));
            1
        }
    }
}

/// Says something beside what the program says.
fn say(text: &str) {
    for line in text.lines() {
        print::err(format_args!("watch: {line}\n"));
    }
}

fn watched(watch: &Watch, catalog: &'static Catalog) -> Result<u8, String> {
    let scratch = tempfile::Builder::new().prefix("headcount-watch-").tempdir();
    let scratch = scratch.map_err(|error| format!("there is no temporary folder: {error}"))?;
    let home = home(watch, scratch.path())?;
    let mut judge = Judge::start(*catalog, &scratch.path().join("data"))?;
    let own: HashMap<String, String> = std::env::vars_os()
        .map(|(name, value)| (name.to_string_lossy().into(), value.to_string_lossy().into()))
        .collect();
    let proxy = match environment::has_proxy(&own) {
        true => None,
        false => Some(Proxy::start(catalog).map_err(|error| format!("no port is free: {error}"))?),
    };
    let (url, by_proxy) = (judge.url(), proxy.as_ref().map(Proxy::url));
    let surface = Surface { home: &home, collector: &url, proxy: by_proxy.as_deref() };
    let changes = Changes::new(catalog, &own, surface);
    let person = Person::new(catalog, &home, changes.applied_to(&own));
    person.answer(watch.consent)?;
    say(&report::beginning(&url, &home.to_string_lossy(), watch.consent, &changes));

    let mut taken = Vec::new();
    let time = Duration::from_secs(u64::from(watch.timeout));
    let mut looks = Looks::new();
    let ended = program::run(&watch.program, &changes, time, || {
        looks.now_and_then(|| tell_news(&mut judge, &mut taken).is_ok());
    })?;
    settle(watch, &person, &mut judge, &mut taken)?;

    let (refused, turned_away) = (judge.refused()?, judge.turned_away());
    let elsewhere = proxy.as_ref().map_or_else(BTreeMap::new, Proxy::seen);
    let (waiting, home) = (person.waiting(), person.home());
    judge.stop();
    let sight = Sight {
        catalog,
        consent: watch.consent,
        taken: &taken,
        refused: &refused,
        turned_away: &turned_away,
        waiting: &waiting,
        home: &home,
        elsewhere: &elsewhere,
        ended,
        seconds: watch.timeout,
    };
    say(&report::text(&sight));
    if let Some(path) = &watch.json {
        std::fs::write(path, format!("{}\n", report::json(&sight)))
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(match (ended, sight.wrong().is_empty()) {
        (Ended::With(code), true) => code,
        _ => 1,
    })
}

/// The home of the person.
fn home(watch: &Watch, scratch: &Path) -> Result<PathBuf, String> {
    let home = watch.home.clone().unwrap_or_else(|| scratch.join("home"));
    let made = std::fs::create_dir_all(&home).and_then(|()| std::fs::canonicalize(&home));
    let made =
        made.map_err(|error| format!("the home {} cannot be used: {error}", home.display()))?;
    let own = Surroundings::of_this_process().home.and_then(|own| std::fs::canonicalize(own).ok());
    if own.as_ref() == Some(&made) {
        return Err(format!(
            "{} is your own home, and what you have answered there is yours to decide: copy what the \
             program needs into another folder, and give that",
            made.display()
        ));
    }
    Ok(made)
}

/// Looks that take no more than a part of the time.
struct Looks {
    next: Instant,
}

impl Looks {
    fn new() -> Self {
        Self { next: Instant::now() }
    }

    fn now_and_then(&mut self, look: impl FnOnce() -> bool) {
        let began = Instant::now();
        if began < self.next {
            return;
        }
        look();
        // A store that grows is read again each time.
        self.next = Instant::now() + limits::LOOK.max(began.elapsed() * 4);
    }
}

/// Says what has come since the last time. Returns how much that was.
fn tell_news(judge: &mut Judge, taken: &mut Vec<Taken>) -> Result<usize, String> {
    let news = judge.news()?;
    for event in &news {
        if taken.len() < limits::SHOWN {
            say(&report::line(event));
        }
        taken.push(event.clone());
    }
    Ok(news.len())
}

/// Waits until nothing more comes, and sends what is left.
fn settle(
    watch: &Watch,
    person: &Person,
    judge: &mut Judge,
    taken: &mut Vec<Taken>,
) -> Result<(), String> {
    let (began, quiet) = (Instant::now(), Duration::from_secs(u64::from(watch.settle)));
    let mut last = began;
    loop {
        if watch.consent == Consent::Yes {
            person.send_the_rest();
        }
        if tell_news(judge, taken)? > 0 {
            last = Instant::now();
        }
        if last.elapsed() >= quiet || began.elapsed() >= limits::SETTLING {
            return Ok(());
        }
        thread::sleep(limits::LOOK);
    }
}
