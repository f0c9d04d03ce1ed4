//! One round: writers and shippers start, and some of them, or the collector,
//! are killed.

use std::io::Read as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::chance::Chance;
use super::collector::Collector;
use crate::Fault;
use crate::homes::Home;
use crate::hosts::Stage;
use crate::limits::{LOSS_EVENTS, LOSS_INSTANT, STUCK};
use crate::process::{self, Call, Kept};

/// Writers a round.
pub(crate) const WRITERS: u32 = 2;

/// Shippers a round.
const SHIPPERS: usize = 2;

/// SIGKILL.
const KILLED: i32 = 9;

/// Bytes of one report of a writer: a word and a number.
const REPORT_BYTES: usize = 5;

/// What a round did.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// Events whose `record` returned with success.
    pub(crate) recorded: Vec<u32>,
    /// Events whose writer was killed between the two reports.
    pub(crate) in_flight: Vec<u32>,
    /// Events that were refused.
    pub(crate) refused: u64,
    /// Kills that hit something alive: writers, shippers, the collector.
    pub(crate) hits: [u64; 3],
}

/// What happens at an instant of a round.
enum Step {
    Ship(usize),
    KillWriter(usize),
    KillShipper(usize),
    KillCollector,
}

/// A writer, and what it reports.
struct Writer {
    child: Child,
    reports: JoinHandle<Vec<u8>>,
}

/// Plays a round; `first` is the number of its first event.
///
/// # Errors
///
/// Something does not start, or hangs.
pub(crate) fn play(
    stage: &Stage,
    home: &Home,
    shipper: &Call,
    collector: &mut Collector,
    chance: &mut Chance,
    first: u32,
) -> Result<Done, Fault> {
    let plan = plan(chance);
    let mut done = Done::default();
    let mut writers = Vec::new();
    for number in 0..WRITERS {
        writers.push(writer(stage, home, first + number * LOSS_EVENTS)?);
    }
    let began = Instant::now();
    let mut shippers: Vec<Option<Child>> = (0..SHIPPERS).map(|_| None).collect();
    let mut collector_killed = None;
    for (instant, step) in plan {
        std::thread::sleep(instant.saturating_sub(began.elapsed()));
        match step {
            Step::Ship(which) => shippers[which] = Some(shipper.command().spawn()?),
            Step::KillWriter(which) => process::end(writers[which].child.id()),
            Step::KillShipper(which) => shippers[which].iter().for_each(|it| process::end(it.id())),
            Step::KillCollector => {
                process::end(collector.process());
                collector_killed = Some(());
            }
        }
    }
    for writer in writers {
        writer.end(&mut done)?;
    }
    for mut shipper in shippers.into_iter().flatten() {
        stage.watch.over(&shipper, Instant::now() + STUCK);
        let status = shipper.wait()?;
        if stage.watch.forget(&shipper) == Kept::Stopped {
            return Err(format!("a shipper still lived after {STUCK:?}").into());
        }
        done.hits[1] += u64::from(status.signal() == Some(KILLED));
    }
    if let Some(()) = collector_killed {
        collector.again()?;
        done.hits[2] += 1;
    }
    Ok(done)
}

/// Every writer and shipper is killed in half of the rounds, the collector in a
/// quarter.
fn plan(chance: &mut Chance) -> Vec<(Duration, Step)> {
    let mut steps = Vec::new();
    for which in 0..WRITERS as usize {
        if let Some(()) = chance.one_in(2) {
            steps.push((chance.instant(LOSS_INSTANT / 2), Step::KillWriter(which)));
        }
    }
    for which in 0..SHIPPERS {
        let start = chance.instant(LOSS_INSTANT);
        steps.push((start, Step::Ship(which)));
        if let Some(()) = chance.one_in(2) {
            steps.push((start + chance.instant(LOSS_INSTANT), Step::KillShipper(which)));
        }
    }
    if let Some(()) = chance.one_in(4) {
        steps.push((chance.instant(LOSS_INSTANT * 2), Step::KillCollector));
    }
    // The sort is stable: a shipper starts before it is killed.
    steps.sort_by_key(|(instant, _)| *instant);
    steps
}

fn writer(stage: &Stage, home: &Home, first: u32) -> Result<Writer, Fault> {
    let call = stage.inside(home).saying(&["write", &first.to_string(), &LOSS_EVENTS.to_string()]);
    let mut child = call.command().stdout(Stdio::piped()).spawn()?;
    let mut pipe = child.stdout.take().ok_or("its output was asked for")?;
    let reports = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // A pipe that breaks has told what it had.
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    });
    Ok(Writer { child, reports })
}

impl Writer {
    fn end(mut self, done: &mut Done) -> Result<(), Fault> {
        let status = self.child.wait()?;
        done.hits[0] += u64::from(status.signal() == Some(KILLED));
        let bytes = self.reports.join().map_err(|_| "a reader panicked")?;
        let mut begun = None;
        for report in bytes.chunks_exact(REPORT_BYTES) {
            let &[word, a, b, c, d] = report else { continue };
            let number = u32::from_le_bytes([a, b, c, d]);
            begun = (word == b'b').then_some(number);
            match word {
                b'd' => done.recorded.push(number),
                b'r' => done.refused += 1,
                _ => {}
            }
        }
        done.in_flight.extend(begun);
        Ok(())
    }
}
