//! What a command costs with telemetry: whole processes, the contenders in
//! turn, each against the bare host of the same round.

use std::collections::HashMap;
use std::time::Duration;

use crate::Fault;
use crate::endpoint::{Endpoint, Manner};
use crate::hosts::{Contender, Stage};
use crate::limits::{Effort, NOTHING_DUE_PART, NOTHING_DUE_US, SHIPPING_RATIO, STUCK};
use crate::page::{Met, Section, Table, Verdict};
use crate::process::{self, End, Reaped, Spent};
use crate::sample::Sample;

/// Microseconds in a second.
const US: f64 = 1e6;

/// Milliseconds in a second.
const MS: f64 = 1e3;

/// How long a round waits for what it left behind, where that may hang.
const GLANCE: Duration = Duration::from_millis(30);

/// What came of one contender in a table.
#[derive(Debug, Default)]
struct Column {
    /// Against the bare host of the same round, in seconds.
    wall: Vec<f64>,
    cpu: Vec<f64>,
    /// Of what it left behind, a run.
    detached_cpu: Vec<f64>,
    arrived: u64,
    badly: u32,
}

/// Measures it, the endpoint healthy, and then ailing in each way.
///
/// # Errors
///
/// A host does not start.
pub(crate) fn measure(stage: &Stage, effort: Effort) -> Result<Section, Fault> {
    let (bare, healthy) = healthy(stage, effort)?;
    let mut tables = vec![healthy_table(&healthy)];
    let mut verdicts = verdicts(&bare, &healthy);
    let (ailing, exit) = ailing(stage, effort)?;
    tables.push(ailing);
    verdicts.push(exit);
    Ok(Section {
        title: "A command with telemetry",
        text: format!(
            "One process prints one line and ends. Bare, that takes {} ms by the clock and {} ms \
             on a processor. What is told is a contender's run less the bare host's of the same \
             round (Node's less bare Node's). Before the next run everything that was left \
             behind has ended, so a shipper never disturbs its neighbour. *left behind* is \
             processor time of detached processes, which nobody waits for. The host with \
             Headcount is one binary in three states, with rustls linked in; *compiled out* is \
             the same source without the feature `enabled`, and *with `curl`* the one that ships \
             through the system's. A system may give a host and what it has just started one \
             core although another is idle; then the host's end waits until the child sleeps or \
             ends, and times come in two groups: their spread tells so, processor times do \
             not.\n\nThe second table repeats three of them with the endpoint \
             in bad health, each run in a home of its own, so that no pause after a failure \
             spares the next run its shipper. Peers that wait are in the section after.",
            Sample::of(bare.iter().map(|spent| spent.wall_s)).told(MS, 3),
            Sample::of(bare.iter().map(|spent| spent.cpu_s)).told(MS, 3),
        ),
        tables,
        verdicts,
    })
}

type Columns = HashMap<&'static str, Column>;

const CONTENDERS: [(Contender, Pace); 12] = [
    (Contender::Bare, Pace::Every),
    (Contender::CompiledOut, Pace::Every),
    (Contender::Off, Pace::Every),
    (Contender::NothingDue, Pace::Every),
    (Contender::Shipping, Pace::Every),
    (Contender::ShippingByCurl, Pace::Every),
    (Contender::Floor, Pace::Every),
    (Contender::Spawn, Pace::Every),
    (Contender::Otel, Pace::Slow),
    (Contender::Posthog, Pace::Slow),
    (Contender::NodeBare, Pace::Node),
    (Contender::NodePosthog, Pace::Node),
];

/// In which rounds a contender takes part.
#[derive(Debug, Clone, Copy)]
enum Pace {
    Every,
    Slow,
    Node,
}

fn healthy(stage: &Stage, effort: Effort) -> Result<(Vec<Spent>, Columns), Fault> {
    let endpoint = Endpoint::start(Manner::Healthy)?;
    let (mut bare, mut columns) = (Vec::new(), Columns::new());
    for round in 0..effort.rounds() {
        let takes_part = |pace: &Pace| match pace {
            Pace::Every => true,
            Pace::Slow => round % effort.slow_every() == 0,
            Pace::Node => round % effort.node_every() == 0,
        };
        let mut spent: HashMap<&'static str, Spent> = HashMap::new();
        for (who, _) in CONTENDERS.iter().filter(|(_, pace)| takes_part(pace)) {
            let Some((one, left)) = run(stage, *who, &endpoint, STUCK)? else { continue };
            spent.insert(who.name(), one);
            if let Some(base) = spent.get(who.base().name()) {
                let column = columns.entry(who.name()).or_default();
                column.add(one, *base, left, endpoint.taken());
            }
        }
        bare.extend(spent.get(Contender::Bare.name()).copied());
    }
    Ok((bare, columns))
}

/// Runs a contender in a fresh home, and waits for what it left behind.
fn run(
    stage: &Stage,
    who: Contender,
    endpoint: &Endpoint,
    patience: Duration,
) -> Result<Option<(Spent, Reaped)>, Fault> {
    let home = stage.home()?;
    let Some(call) = stage.call(who, &home, endpoint) else { return Ok(None) };
    let spent = call.run(&stage.watch, STUCK)?;
    Ok(Some((spent, process::reap(patience)?)))
}

impl Column {
    fn add(&mut self, one: Spent, base: Spent, left: Reaped, arrived: u64) {
        self.wall.push(one.wall_s - base.wall_s);
        self.cpu.push(one.cpu_s - base.cpu_s);
        self.detached_cpu.push(left.cpu_s);
        self.arrived += arrived;
        self.badly += u32::from(one.end != End::Well);
    }

    fn wall(&self) -> Sample {
        Sample::of(self.wall.iter().copied())
    }
}

fn healthy_table(columns: &Columns) -> Table {
    let mut table = Table::new(&[
        "healthy endpoint",
        "runs",
        "clock +ms",
        "fastest … slowest",
        "processor +ms",
        "left behind ms",
        "arrived",
    ]);
    for (who, _) in CONTENDERS {
        let Some(column) = columns.get(who.name()) else { continue };
        if matches!(who, Contender::Bare | Contender::NodeBare) {
            continue;
        }
        table.row([
            who.name().to_owned(),
            column.wall.len().to_string(),
            column.wall().told(MS, 3),
            column.wall().range(MS, 3),
            Sample::of(column.cpu.iter().copied()).told(MS, 3),
            Sample::of(column.detached_cpu.iter().copied()).told(MS, 2),
            column.arrived.to_string(),
        ]);
    }
    table
}

fn verdicts(bare: &[Spent], columns: &Columns) -> Vec<Verdict> {
    let wall =
        |who: Contender| columns.get(who.name()).map_or(f64::NAN, |it| it.wall().median()) * US;
    let bare = Sample::of(bare.iter().map(|spent| spent.wall_s)).median() * US;
    let due = wall(Contender::NothingDue);
    let limit = NOTHING_DUE_US.max(bare * NOTHING_DUE_PART);
    let (shipping, floor) = (wall(Contender::Shipping), wall(Contender::Floor));
    let badly: u32 = columns.values().map(|column| column.badly).sum();
    vec![
        Verdict::new(
            "a host's time with telemetry on, nothing due",
            format!("1 % or {NOTHING_DUE_US} µs over the bare host ({bare:.0} µs)"),
            format!("+{due:.0} µs"),
            Met::within(due, limit),
        ),
        Verdict::new(
            "the same, shipper started",
            format!("{SHIPPING_RATIO} × a detached `/bin/true` (+{floor:.0} µs)"),
            format!("+{shipping:.0} µs = {:.2} ×", shipping / floor),
            Met::within(shipping, floor * SHIPPING_RATIO),
        ),
        Verdict::new(
            "a host's exit code, whatever telemetry does",
            "success in every run",
            format!("{badly} runs otherwise"),
            Met::within(f64::from(badly), 0.0),
        ),
    ]
}

/// Three contenders against each endpoint, the healthy one in turn with the
/// ailing ones.
fn ailing(stage: &Stage, effort: Effort) -> Result<(Table, Verdict), Fault> {
    const WHO: [Contender; 4] =
        [Contender::Bare, Contender::Off, Contender::Shipping, Contender::Spawn];
    let manners = [Manner::Healthy].into_iter().chain(Manner::AILING);
    let endpoints: Vec<Endpoint> = manners.map(Endpoint::start).collect::<Result<_, _>>()?;
    let mut columns: HashMap<(&'static str, &'static str), Column> = HashMap::new();
    for _ in 0..effort.dead_rounds() {
        for endpoint in &endpoints {
            let mut base = None;
            for who in WHO {
                let Some((one, left)) = run(stage, who, endpoint, GLANCE)? else { continue };
                let base = *base.get_or_insert(one);
                let column = columns.entry((endpoint.manner.name(), who.name())).or_default();
                column.add(one, base, left, 0);
            }
        }
    }
    // Shippers that hang end by themselves, in their ten seconds.
    process::reap(STUCK)?;
    let mut table = Table::new(&[
        "clock +ms",
        "off by a variable",
        "shipper started",
        "fastest … slowest",
        "a process an event",
    ]);
    let wall = |endpoint: &Endpoint, who: Contender| {
        columns.get(&(endpoint.manner.name(), who.name())).map(Column::wall).unwrap_or_default()
    };
    for endpoint in &endpoints {
        let shipping = wall(endpoint, Contender::Shipping);
        table.row([
            endpoint.manner.name().to_owned(),
            wall(endpoint, Contender::Off).told(MS, 3),
            shipping.told(MS, 3),
            shipping.range(MS, 3),
            wall(endpoint, Contender::Spawn).told(MS, 3),
        ]);
    }
    let median = |endpoint: &Endpoint| wall(endpoint, Contender::Shipping).median() * US;
    let healthy = endpoints.first().map_or(f64::NAN, median);
    let worst = endpoints.iter().map(median).fold(f64::NEG_INFINITY, f64::max) - healthy;
    let verdict = Verdict::new(
        "exit time against a slow, refusing, silent, dropping or unresolvable endpoint",
        format!("the same as with a healthy one, to {NOTHING_DUE_US} µs"),
        format!("the worst +{worst:.0} µs"),
        Met::within(worst, NOTHING_DUE_US),
    );
    Ok((table, verdict))
}
