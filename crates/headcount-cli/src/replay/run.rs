//! One replay: whether anything may be sent, the batches one after another, and
//! the report.

use std::path::Path;
use std::thread;
use std::time::SystemTime;

use headcount::catalog::{Catalog, Destination, Files, PerPlatform};
use headcount::consent::Why;
use headcount::person::visible;
use headcount::queue_copy::{CopyError, QueueCopy};
use headcount::ship::{Request, Target, Transport, built_in};
use headcount::{Host, Session, Surroundings, Telemetry, Time};
use headcount_catalog::Checked;

use super::arguments::Replay;
use super::batch::{Filling, Ids, Outgoing};
use super::delivery::{Delivery, Send};
use super::destination::Paths;
use super::tally::Tally;
use super::{limits, source};
use crate::host_args::Given;
use crate::progress::Progress;
use crate::{person, print};

/// One replay.
pub(super) struct Run<'a> {
    pub(super) replay: &'a Replay,
    pub(super) catalog: &'static Catalog,
    pub(super) destination: Destination,
    pub(super) target: Target,
}

impl Run<'_> {
    /// Replays the queue of a folder.
    ///
    /// # Errors
    ///
    /// Returns why nothing, or nothing more, is sent.
    pub(super) fn queue(&self, tally: &mut Tally) -> Result<(), String> {
        let given = Given { catalog: self.replay.catalog.clone(), program: None };
        let surroundings = person::surroundings(&given);
        let home = surroundings.home_lasts();
        let session = self.session(&surroundings)?;
        let copy = QueueCopy::of(&session).map_err(|why| nothing_is_sent(&why.to_string()))?;
        let transport = built_in().ok_or("this build cannot send anything")?;
        let send = |request: &Request, records: &[Checked]| {
            let by = (&*transport as &dyn Transport, limits::REQUEST);
            copy.send(&self.destination, records, request, by).map_err(|error| match error {
                CopyError::NotCopied(why) => nothing_is_sent(&format!("by now {why}")),
                CopyError::Disk(error) => error.to_string(),
                CopyError::Transport(error) => no_answer(&error),
            })
        };
        let filling = Filling::new(copy.catalog(), self.destination.dialect, Ids::OfOneMachine);
        self.all(tally, filling, &send, |tally, each| {
            source::each_of_queue(&copy, home, tally, each)
        })
    }

    /// Replays an export.
    ///
    /// # Errors
    ///
    /// Returns why nothing, or nothing more, is sent.
    pub(super) fn export(&self, tally: &mut Tally) -> Result<(), String> {
        let transport = built_in().ok_or("this build cannot send anything")?;
        let send = |request: &Request, _: &[Checked]| {
            transport.send(request, limits::REQUEST).map_err(|error| no_answer(&error))
        };
        let filling = Filling::new(self.catalog, self.destination.dialect, Ids::OfMany);
        self.all(tally, filling, &send, |tally, each| {
            source::each_of_export(&self.replay.from, self.catalog, tally, each)
        })?;
        let of_no_row = ["not-exported", "malformed", "torn", "too-long", "not-utf8"];
        let is_row = |reason: &String| !of_no_row.contains(&reason.as_str());
        let has_lines = tally.left_out.contains_key("not-exported");
        if tally.sent() == 0 && has_lines && !tally.left_out.keys().any(is_row) {
            return Err("no line is a row of `headcount export`; a queue is replayed by its folder, so that the person's answer beside it is read".to_owned());
        }
        Ok(())
    }

    /// The session of whoever the folder belongs to.
    fn session(&self, surroundings: &Surroundings) -> Result<Session, String> {
        let host = || Host::new("unknown");
        let here = Telemetry::new(self.catalog, host(), surroundings.clone());
        let own = here.paths();
        if own.is_some_and(|own| is_same(&own.folder, &self.replay.from)) {
            return waiting(here.open(), self.catalog, &self.replay.from);
        }
        let decision = here.decide();
        if !decision.is_on() && decision.winner().why != Why::Default {
            let why = &decision.winner().why;
            return Err(nothing_is_sent(&format!(
                "telemetry of {} is off on this machine ({why})",
                self.catalog.product.name
            )));
        }
        let folder = std::path::absolute(&self.replay.from)
            .ok()
            .and_then(|folder| folder.into_os_string().into_string().ok())
            .ok_or("the path of the folder is not UTF-8: move or link it elsewhere")?;
        let folder: &'static str = Box::leak(folder.into_boxed_str());
        let folder = PerPlatform { linux: folder, macos: folder, windows: folder };
        let files = Files { folder, ..self.catalog.files };
        let catalog = Box::leak(Box::new(Catalog { files, ..*self.catalog }));
        let there = Telemetry::new(catalog, host(), surroundings.clone());
        waiting(there.open(), catalog, &self.replay.from)
    }

    /// Sends, or counts in a dry run, every record of a source.
    fn all(
        &self,
        tally: &mut Tally,
        mut filling: Filling,
        send: &Send<'_>,
        source: impl FnOnce(
            &mut Tally,
            &mut dyn FnMut(Outgoing, &mut Tally) -> Result<(), String>,
        ) -> Result<(), String>,
    ) -> Result<(), String> {
        let paths = Paths::of(self.catalog, self.destination.dialect);
        let delivery = Delivery {
            catalog: self.catalog,
            destination: self.destination,
            target: self.target.clone(),
            send,
            wait: &thread::sleep,
            now: &|| Time::from_system(SystemTime::now()),
        };
        let mut progress = Progress::new();
        let mut settle = |batch: &super::batch::Batch, tally: &mut Tally| {
            if self.replay.dry_run {
                tally.request(&batch.records);
                return Ok(());
            }
            let delivered = delivery.deliver(batch, tally);
            progress.tell(|| format!("{} events sent", tally.sent()));
            delivered
        };
        source(tally, &mut |mut outgoing: Outgoing, tally: &mut Tally| {
            outgoing.record.event = paths.event(outgoing.record.event);
            match filling.add(outgoing) {
                Some(batch) => settle(&batch, tally),
                None => Ok(()),
            }
        })?;
        for batch in filling.finish() {
            settle(&batch, tally)?;
        }
        progress.end();
        Ok(())
    }

    /// Tells what was done. Returns the exit code.
    pub(super) fn report(&self, tally: &Tally, url: &str, problem: Option<&str>) -> u8 {
        let product = self.catalog.product.name;
        let from = visible(&self.replay.from.display().to_string());
        let to = format!("{url} ({})", self.destination.dialect.name());
        if self.replay.json {
            let json = tally.json((product, url), self.replay.dry_run, problem);
            print::out(format_args!("{json}\n"));
        } else if self.replay.dry_run && problem.is_none() {
            print::out(tally.dry_text(product, &from, &to));
        } else if problem.is_none() || tally.requests > 0 {
            print::out(tally.text(product, &from, &to));
        }
        match problem {
            Some(problem) if tally.requests > 0 => say(&format!(
                "{from}: {problem}; what was taken stays taken: run the same command again, no event counts twice"
            )),
            Some(problem) => say(&format!("{from}: {problem}")),
            None => {}
        }
        let is_any_there = tally.sent() > 0 || !tally.left_out.is_empty();
        let is_none_taken = is_any_there && tally.taken == 0 && !self.replay.dry_run;
        u8::from(problem.is_some() || is_none_taken)
    }
}

/// Why nothing is sent of a queue.
fn nothing_is_sent(why: &str) -> String {
    format!("nothing is sent: {why}; a replay sends what the program itself may send, and no more")
}

fn no_answer(error: &headcount::ship::TransportError) -> String {
    format!("no answer came ({}): look at the address and the network", visible(&error.to_string()))
}

/// Whether two paths are one folder.
fn is_same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| std::fs::canonicalize(path).ok();
    whole(one).is_some_and(|one| whole(other) == Some(one))
}

/// The session, if its folder has a queue or had one.
fn waiting(session: Session, catalog: &Catalog, from: &Path) -> Result<Session, String> {
    let is_there = |file: &str| from.join(file).exists();
    if is_there(catalog.files.state) || is_there(catalog.files.settings.file) {
        return Ok(session);
    }
    Err(format!(
        "this is not the folder of {}: neither {} nor {} is in it",
        catalog.product.name, catalog.files.state, catalog.files.settings.file
    ))
}

/// Prints a sentence about what cannot be done.
pub(super) fn say(sentence: &str) {
    print::err(format_args!("headcount replay: {sentence}\n"));
}
