//! Nothing is lost: a thousand rounds of `kill -9` at random instants on
//! writers, shippers and the collector, and then the books.
//!
//! Every event has a number. A writer reports it before and after `record`,
//! over a pipe; so what returned is known to the event, and so is the one that
//! a kill caught in between, which may have landed or not. A proxy notes every
//! event that leaves. Once all is quiet and shipped, each number that returned
//! must have left, and the collector must have stored every id that left, once.

mod chance;
mod collector;
mod proxy;
mod round;

use std::collections::HashSet;

use headcount_queue::{Bounds, Queue};

use crate::Fault;
use crate::arguments::Arguments;
use crate::homes::Home;
use crate::hosts::Stage;
use crate::limits::LOSS_EVENTS;
use crate::page::{Met, Section, Table, Verdict};
use crate::process::Call;
use chance::Chance;
use collector::Collector;
use proxy::Proxy;
use round::Done;

/// Every how many rounds one shipper is left in peace, so that the queue stays
/// below its bound.
const PEACE: u32 = 8;

/// Shippers in peace after which a queue that is not empty is a fault.
const LAST_TRIES: u32 = 20;

/// The books at the end.
struct Books {
    recorded: usize,
    landed: usize,
    in_flight: usize,
    refused: u64,
    hits: [u64; 3],
    queued: u64,
    lost: usize,
    left: u64,
    sent: u64,
    stored: u64,
    answered: u64,
    duplicates: u64,
    other: u64,
    torn_apart: u64,
}

/// Measures it.
///
/// # Errors
///
/// Something does not start, or hangs.
pub(crate) fn measure(stage: &Stage, arguments: &Arguments) -> Result<Section, Fault> {
    let rounds = arguments.effort.loss_rounds();
    let home = stage.home()?;
    let mut collector = Collector::start(stage)?;
    let proxy = Proxy::start(collector.address)?;
    let shipper = stage.telemetry(&home).saying(&["telemetry", "flush"]);
    let shipper = shipper.with("HELLO_TELEMETRY_FLUSH", "1");
    let shipper = shipper.with("HELLO_TELEMETRY_ENDPOINT", &format!("http://{}", proxy.address));
    let mut all = Done::default();
    for round in 0..rounds {
        let mut chance = Chance::of(arguments.seed, round);
        let first = round * round::WRITERS * LOSS_EVENTS;
        let done = round::play(stage, &home, &shipper, &mut collector, &mut chance, first)?;
        all.add(done);
        proxy.lead_to(collector.address);
        // What follows a failure is a pause of seconds; a thousand rounds have
        // no time for it.
        home.end_pauses()?;
        if round % PEACE == PEACE - 1 {
            shipper.output()?;
            home.end_pauses()?;
        }
    }
    let queued = drain(&home, &shipper)?;
    let books = books(&all, &proxy, &collector, &queued)?;
    Ok(section(rounds, arguments.seed, &books))
}

impl Done {
    fn add(&mut self, more: Done) {
        self.recorded.extend(more.recorded);
        self.in_flight.extend(more.in_flight);
        self.refused += more.refused;
        for (mine, its) in self.hits.iter_mut().zip(more.hits) {
            *mine += its;
        }
    }
}

/// Ships in peace until nothing is left, or nothing changes; the numbers that
/// are left.
fn drain(home: &Home, shipper: &Call) -> Result<Vec<Option<u32>>, Fault> {
    let queue = Queue::new(&home.queue(), Bounds::USUAL)?;
    for _ in 0..LAST_TRIES {
        if queue.waiting()?.lines == 0 {
            break;
        }
        shipper.output()?;
        home.end_pauses()?;
    }
    let lines = queue.lines()?;
    lines.map(|line| Ok(proxy::number(&line?.text))).collect()
}

fn books(
    all: &Done,
    proxy: &Proxy,
    collector: &Collector,
    queued: &[Option<u32>],
) -> Result<Books, Fault> {
    let passed = proxy.passed();
    let waiting: HashSet<u32> = queued.iter().flatten().copied().collect();
    let is_somewhere =
        |number: &u32| passed.numbers.contains_key(number) || waiting.contains(number);
    let stored = collector.counted("stored")?;
    let duplicates = collector.counted("duplicate")?;
    Ok(Books {
        recorded: all.recorded.len(),
        landed: all.in_flight.iter().filter(|number| is_somewhere(number)).count(),
        in_flight: all.in_flight.len(),
        refused: all.refused,
        hits: all.hits,
        queued: queued.len() as u64,
        lost: all.recorded.iter().filter(|number| !is_somewhere(number)).count(),
        left: passed.ids.len() as u64,
        sent: passed.lines,
        stored,
        answered: collector.answered()?,
        duplicates,
        other: collector.counted("rejected")? + collector.counted("refused")?,
        torn_apart: passed.torn_apart,
    })
}

fn section(rounds: u32, seed: u64, books: &Books) -> Section {
    let mut table = Table::new(&["the books", "events"]);
    for (what, count) in [
        ("`record` returned", books.recorded as u64),
        ("killed between the reports before and after", books.in_flight as u64),
        ("of those, landed all the same", books.landed as u64),
        ("refused, because the queue was full", books.refused),
        ("still queued at the end", books.queued),
        ("left the machine, each id once", books.left),
        ("left the machine, repetitions counted", books.sent),
        ("**stored by the collector**", books.stored),
        ("told apart as duplicates by it", books.duplicates),
        ("rejected or refused by it", books.other),
        ("in its answer to `ask/events`", books.answered),
        ("**returned, but neither stored nor queued**", books.lost as u64),
    ] {
        table.row([what.to_owned(), count.to_string()]);
    }
    let exact = books.lost == 0
        && books.stored == books.left
        && books.recorded as u64 + books.landed as u64 <= books.stored + books.queued
        && books.other == 0;
    let once = books.answered == books.stored && books.torn_apart == 0;
    let [writers, shippers, collectors] = books.hits;
    let met = |well: bool| if well { Met::Yes } else { Met::No };
    Section {
        title: "Nothing lost, nothing twice",
        text: format!(
            "{rounds} rounds, seed {seed}. In each, {} writers record {LOSS_EVENTS} events each \
             into one queue while two shippers ship it to a real `headcount serve`; every one of \
             the four is killed with `kill -9` in half of the rounds and the collector in a \
             quarter, at instants that follow from the seed. {writers} kills hit a writer at \
             work, {shippers} a shipper, {collectors} the collector, which starts again on its \
             folder. Pauses after a failure are cut short between rounds, and every {PEACE}th \
             round one shipper is left in peace, so that the queue stays below its bound.",
            round::WRITERS
        ),
        tables: vec![table],
        verdicts: vec![
            Verdict::new(
                "events whose `record` returned",
                "stored or still queued, every one",
                format!("{} returned, {} lost", books.recorded, books.lost),
                met(exact),
            ),
            Verdict::new(
                "an event in the collector's answers",
                "once",
                format!(
                    "{} stored, {} answered, {} repetitions told apart",
                    books.stored, books.answered, books.duplicates
                ),
                met(once),
            ),
        ],
    }
}
