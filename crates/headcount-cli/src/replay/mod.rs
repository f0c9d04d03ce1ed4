//! `headcount replay`: sends what waits in a host's queue, or what a collector
//! has exported, to another destination.
//!
//! In reading order: its arguments ([`arguments`]), where it goes
//! ([`destination`]), what is sent ([`source`], [`exported_row`]), whether it
//! may be ([`mod@run`]), in which requests ([`batch`]), what is answered
//! ([`delivery`]), and what is told ([`tally`]).
//!
//! A replay copies. Events keep their ids, so that a collector counts each
//! once, however often it is sent and by whom; so there is no progress to keep,
//! and a replay that was cut off is simply run again.
//!
//! A queue is somebody's. It is sent only while the decision that lies beside
//! it permits that, as the program itself would decide now, and not against a
//! no on this machine: otherwise a script that is run over many homes would
//! send what people have refused. Whoever runs it chooses the address, which
//! the person's catalog does not name; so each request leaves a receipt that
//! `telemetry receipts` shows. An export was received under a consent before,
//! and nobody's decision lies beside it.

mod arguments;
mod batch;
mod delivery;
mod destination;
mod exported_row;
mod limits;
mod run;
mod source;
mod tally;

use std::path::Path;

use crate::{catalog_file, print};
use destination::Given;
use run::Run;
use tally::Tally;

pub(crate) use arguments::Replay;

/// Replays. 0 if the destination answered for every event and has one at least,
/// or nothing was there to send; 1 if not; 2 for wrong usage or a catalog with
/// mistakes.
pub(crate) fn run(replay: &Replay) -> u8 {
    let catalog = match catalog_file::read(&replay.catalog)
        .and_then(|catalog| catalog_file::of_a_host(&replay.catalog, catalog))
    {
        Ok(catalog) => &*Box::leak(Box::new(catalog)),
        Err(sentences) => {
            print::err(sentences);
            return 2;
        }
    };
    let given = Given {
        url: &replay.to,
        dialect: replay.dialect,
        encoding: replay.encoding,
        key: replay.key.as_deref(),
    };
    let (destination, target) = match destination::of(catalog, given) {
        Ok(found) => found,
        Err(sentence) => {
            run::say(&sentence);
            return 2;
        }
    };
    let url = target.url(None);
    let mut tally = Tally::default();
    let run = Run { replay, catalog, destination, target };
    let ended =
        if is_folder(&replay.from) { run.queue(&mut tally) } else { run.export(&mut tally) };
    run.report(&tally, &url, ended.err().as_deref())
}

fn is_folder(path: &Path) -> bool {
    !catalog_file::is_stdin(path) && path.is_dir()
}
