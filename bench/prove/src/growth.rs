//! Whether a host notices how much is queued, or how many of it run at once.

use std::process::{Child, Command};
use std::time::Instant;

use crate::Fault;
use crate::endpoint::{Endpoint, Manner};
use crate::homes::Home;
use crate::hosts::{Contender, Stage};
use crate::limits::{ALONE, CROWDS, Effort, NOTHING_DUE_US, QUEUED, STUCK};
use crate::page::{Met, Section, Table, Verdict};
use crate::process;
use crate::sample::Sample;

/// Microseconds in a second.
const US: f64 = 1e6;

/// Milliseconds in a second.
const MS: f64 = 1e3;

/// A home with a queue, and how much of what was recorded it holds.
struct Filled {
    recorded: u32,
    kept: u32,
    home: Home,
}

/// Seconds of clock time a process, of each kind.
#[derive(Default)]
struct Cell {
    bare: Vec<f64>,
    off: Vec<f64>,
    shipping: Vec<f64>,
}

/// Measures it.
///
/// # Errors
///
/// A host does not start.
pub(crate) fn measure(stage: &Stage, effort: Effort) -> Result<Section, Fault> {
    let filled: Vec<Filled> =
        QUEUED.into_iter().map(|recorded| fill(stage, recorded)).collect::<Result<_, _>>()?;
    let endpoint = Endpoint::start(Manner::Healthy)?;
    let mut cells: Vec<Cell> = Vec::new();
    cells.resize_with(CROWDS.len() * filled.len(), Cell::default);
    for _ in 0..effort.growth_rounds() {
        for (crowd_at, crowd) in CROWDS.into_iter().enumerate() {
            for (filled_at, filled) in filled.iter().enumerate() {
                let cell = &mut cells[crowd_at * QUEUED.len() + filled_at];
                let run = |who| at_once(stage, who, &filled.home, &endpoint, crowd);
                // One alone is quick, and varies most: a host and its shipper
                // may get one core, or two.
                for _ in 0..if crowd == 1 { ALONE } else { 1 } {
                    cell.bare.push(run(Contender::Bare)?);
                    cell.off.push(run(Contender::Off)?);
                    cell.shipping.push(run(Contender::Shipping)?);
                }
            }
        }
    }
    Ok(section(&filled, &cells))
}

/// A home in which that many events were recorded while nothing was shipped.
fn fill(stage: &Stage, recorded: u32) -> Result<Filled, Fault> {
    let home = stage.home()?;
    let said = stage.inside(&home).saying(&["fill", &recorded.to_string()]).output()?;
    Ok(Filled { recorded, kept: said.trim().parse()?, home })
}

/// Starts that many at once in one home, waits for all, and then for their
/// shippers. Seconds a process.
fn at_once(
    stage: &Stage,
    who: Contender,
    home: &Home,
    endpoint: &Endpoint,
    crowd: u32,
) -> Result<f64, Fault> {
    let home = home.copy()?;
    let call = stage.call(who, &home, endpoint).ok_or("this host is always there")?;
    let mut commands: Vec<_> = (0..crowd).map(|_| call.command()).collect();
    let started = Instant::now();
    let children: Vec<Child> = commands.iter_mut().map(Command::spawn).collect::<Result<_, _>>()?;
    for mut child in children {
        child.wait()?;
    }
    let wall_s = started.elapsed().as_secs_f64();
    process::reap(STUCK)?;
    Ok(wall_s / f64::from(crowd))
}

fn section(filled: &[Filled], cells: &[Cell]) -> Section {
    let mut table = Table::new(&[
        "at once",
        "recorded before",
        "in the queue",
        "bare ms",
        "off +ms",
        "shipper started +ms",
        "fastest … slowest",
    ]);
    let mut alone = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        let (crowd, filled) = (CROWDS[at / QUEUED.len()], &filled[at % QUEUED.len()]);
        let over =
            |mine: &[f64]| Sample::of(mine.iter().zip(&cell.bare).map(|(mine, bare)| mine - bare));
        let shipping = over(&cell.shipping);
        table.row([
            crowd.to_string(),
            filled.recorded.to_string(),
            filled.kept.to_string(),
            Sample::of(cell.bare.iter().copied()).told(MS, 3),
            over(&cell.off).told(MS, 3),
            shipping.told(MS, 3),
            shipping.range(MS, 3),
        ]);
        if crowd == 1 {
            alone.push(shipping.median() * US);
        }
    }
    let growth = alone.last().zip(alone.first()).map_or(f64::NAN, |(full, empty)| full - empty);
    let full = filled.last().map_or(0, |filled| filled.kept);
    Section {
        title: "A full queue, and many at once",
        text: format!(
            "Clock time from the first start to the last end, divided by the processes; all of a \
             crowd share one home, and on a machine with fewer cores than processes they wait \
             for each other, with telemetry or without: the difference counts. Each of a crowd \
             records and starts a shipper, of which one ships.\n\n\
             The open segment holds a quarter of the queue's 8 MiB. Of 100,000 events recorded \
             in a row with no shipper it takes {full}; each further one is refused by its size \
             alone, which the host never hears of, and 100,000 queued events cannot be."
        ),
        tables: vec![table],
        verdicts: vec![Verdict::new(
            "a host's time with a full queue against an empty one",
            format!("the same, to {NOTHING_DUE_US} µs"),
            format!("{growth:+.0} µs"),
            Met::within(growth, NOTHING_DUE_US),
        )],
    }
}
