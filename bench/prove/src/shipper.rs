//! The shipper with a queue at its bound: how much memory it takes, and how
//! long it lives.

use std::fs;
use std::time::{Duration, Instant};

use headcount_queue::{Bounds, Queue, Waiting};

use crate::Fault;
use crate::endpoint::{Endpoint, Manner};
use crate::homes::Home;
use crate::hosts::Stage;
use crate::limits::{Effort, SHIPPER_LIFE_S, SHIPPER_MIB, STUCK};
use crate::page::{Met, Section, Table, Verdict};
use crate::sample::Sample;

/// How often its memory is read.
const LOOK: Duration = Duration::from_millis(1);

/// More events than an open segment takes.
const MANY: &str = "20000";

/// What is not reached within this many rounds of filling and claiming never
/// will be.
const ROUNDS: u32 = 8;

/// One life.
struct Life {
    /// Peak of resident memory, in KiB.
    peak_kib: f64,
    /// From its start to its end.
    seconds: f64,
    /// What it left.
    left: u64,
}

/// Measures it.
///
/// # Errors
///
/// The shipper does not start, or never ends.
pub(crate) fn measure(stage: &Stage, effort: Effort) -> Result<Section, Fault> {
    let (full, waiting) = full(stage)?;
    let manners = [Manner::Healthy].into_iter().chain(Manner::AILING);
    let endpoints: Vec<Endpoint> = manners.map(Endpoint::start).collect::<Result<_, _>>()?;
    let mut table =
        Table::new(&["endpoint", "peak memory MiB", "life s", "longest s", "events left"]);
    let (mut peak, mut longest) = (0.0_f64, 0.0_f64);
    for endpoint in &endpoints {
        let lives = (0..effort.shipper_lives()).map(|_| live(stage, &full, endpoint));
        let lives: Vec<Life> = lives.collect::<Result<_, _>>()?;
        let memory = Sample::of(lives.iter().map(|life| life.peak_kib / 1024.0));
        let seconds = Sample::of(lives.iter().map(|life| life.seconds));
        let left = Sample::of(lives.iter().map(|life| life.left as f64));
        table.row([
            endpoint.manner.name().to_owned(),
            memory.told(1.0, 1),
            seconds.told(1.0, 2),
            format!("{:.2}", seconds.max()),
            format!("{:.0}", left.median()),
        ]);
        (peak, longest) = (peak.max(memory.max()), longest.max(seconds.max()));
    }
    Ok(Section {
        title: "The shipper",
        text: format!(
            "The shipper as the host starts it, in a home whose queue is at its bound: {} \
             events, {:.1} MB, {} claims. Memory is the system's own high-water mark (`VmHWM`), \
             read every millisecond until the end. The claims' own bound is kept when the \
             shipper claims: what is over it goes first, oldest first, counted.",
            waiting.lines,
            waiting.bytes as f64 / 1e6,
            waiting.claims
        ),
        tables: vec![table],
        verdicts: vec![
            Verdict::new(
                "a shipper's memory, its queue at the bound",
                format!("{SHIPPER_MIB} MiB"),
                format!("{peak:.1} MiB at most"),
                Met::within(peak, SHIPPER_MIB),
            ),
            Verdict::new(
                "a shipper's life, whatever the endpoint does",
                format!("{SHIPPER_LIFE_S} s"),
                format!("{longest:.2} s at most"),
                // A tenth for starting up and putting things away.
                Met::within(longest, SHIPPER_LIFE_S + 0.1),
            ),
        ],
    })
}

/// A home whose queue takes nothing more: filled, claimed against an endpoint
/// that refuses, and filled again, until that changes nothing.
fn full(stage: &Stage) -> Result<(Home, Waiting), Fault> {
    let home = stage.home()?;
    let refusing = Endpoint::start(Manner::Refusing)?;
    let queue = Queue::new(&home.queue(), Bounds::USUAL)?;
    let mut before = Waiting::default();
    for _ in 0..ROUNDS {
        stage.inside(&home).saying(&["fill", MANY]).output()?;
        let now = queue.waiting()?;
        if now.lines <= before.lines {
            break;
        }
        before = now;
        stage.shipper(&home, &refusing).output()?;
        home.end_pauses()?;
    }
    Ok((home, queue.waiting()?))
}

fn live(stage: &Stage, full: &Home, endpoint: &Endpoint) -> Result<Life, Fault> {
    let home = full.copy()?;
    let mut command = stage.shipper(&home, endpoint).command();
    let started = Instant::now();
    let mut child = command.spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak_kib = 0.0_f64;
    while child.try_wait()?.is_none() {
        peak_kib = peak_kib.max(high_water(&status).unwrap_or(0.0));
        if started.elapsed() > STUCK {
            child.kill()?;
            child.wait()?;
            return Err(format!("a shipper still lived after {STUCK:?}").into());
        }
        std::thread::sleep(LOOK);
    }
    let seconds = started.elapsed().as_secs_f64();
    let left = Queue::new(&home.queue(), Bounds::USUAL)?.waiting()?.lines;
    Ok(Life { peak_kib, seconds, left })
}

/// The peak of a process's resident memory so far, in KiB.
fn high_water(status: &str) -> Option<f64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
