//! What the way in costs with a spool, and how soon it has been shipped.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::super::form::Form;
use super::super::fresh::Devices;
use super::super::limits::{CONNECTIONS, LOOK_AT_SPOOL, SHIPPED_AT_MOST};
use super::super::load::{Keep, Order, Pace, Until, run};
use super::super::ours::Collector;
use super::super::stage::{Kind, Stage};
use super::engine::{Engine, EnginePlaces, until};
use crate::Fault;

/// Events a request.
pub(crate) const BATCHES: [usize; 2] = [20, 500];

/// Where the events go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sink {
    /// The embedded store.
    Embedded,
    /// A spool, while ClickHouse is away.
    Spool,
    /// A spool, from which they are shipped meanwhile.
    ClickHouse,
}

/// What one of them came to with requests of one size.
#[derive(Debug, Clone)]
pub(crate) struct Intake {
    /// Where the events went.
    pub(crate) sink: Sink,
    /// Events a request.
    pub(crate) batch: usize,
    /// Acknowledged events a second, a value a turn.
    pub(crate) rates: Vec<f64>,
    /// The same by a second of the collector's own time on a processor.
    pub(crate) by_busy_second: Vec<f64>,
    /// Bytes an event in the folder, as it arrived.
    pub(crate) event_bytes: f64,
    /// How what waited was shipped.
    pub(crate) shipping: Option<Shipping>,
}

/// What waited when the load was over, and how it went on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shipping {
    /// Events that ClickHouse had by then.
    pub(crate) meanwhile: u64,
    /// Those that waited.
    pub(crate) waited: u64,
    /// Until it had all of them.
    pub(crate) took: Duration,
    /// Seconds of that in which the engine was on a processor.
    pub(crate) engine_busy_s: f64,
}

impl Intake {
    fn new(sink: Sink, batch: usize) -> Self {
        Self {
            sink,
            batch,
            rates: Vec::new(),
            by_busy_second: Vec::new(),
            event_bytes: f64::NAN,
            shipping: None,
        }
    }
}

impl Shipping {
    /// Events a second that arrived after the load.
    pub(crate) fn rate(&self) -> f64 {
        self.waited as f64 / self.took.as_secs_f64()
    }
}

/// Measures each, with requests of each size.
///
/// # Errors
///
/// A load fails, or something that was acknowledged does not arrive.
pub(crate) fn measure(stage: &Stage, places: &EnginePlaces) -> Result<Vec<Intake>, Fault> {
    let mut all = Vec::new();
    for batch in BATCHES {
        eprintln!("prove: clickhouse: intake × {batch}");
        all.push(embedded(stage, batch)?);
        let folder = stage.scratch.join(format!("intake-{batch}"));
        let data = folder.join("data");
        fs::create_dir_all(&data)?;
        let database = format!("intake_{batch}");
        let engine = places.start(&folder.join("engine"), stage.cores.for_load(), &stage.cores)?;
        engine.run("default", &format!("CREATE DATABASE {database}"))?;
        let site = stage.site.with_data(&data).with_store(engine.store(&database));
        let collector = site.start(&stage.cores, 1)?;
        let meanwhile = clickhouse(stage, (&engine, &database), &collector, (&data, batch))?;
        collector.server.stop()?;
        drop(engine);
        // Its number is in its spool, so that it starts without ClickHouse.
        let collector = site.start(&stage.cores, 1)?;
        let away = spool(stage, &collector, (&data, batch))?;
        drop(collector);
        fs::remove_dir_all(&folder)?;
        all.extend([away, meanwhile]);
    }
    Ok(all)
}

fn embedded(stage: &Stage, batch: usize) -> Result<Intake, Fault> {
    let mut intake = Intake::new(Sink::Embedded, batch);
    for _ in 0..stage.effort.turns() {
        stage.site.clear()?;
        let collector = stage.site.start(&stage.cores, 1)?;
        let acknowledged = load(stage, &collector, &mut intake)?;
        let stored = collector.books()?.stored;
        if stored != acknowledged {
            return Err(format!("{acknowledged} were acknowledged, {stored} are stored").into());
        }
        intake.event_bytes = stage.site.bytes() as f64 / stored as f64;
    }
    stage.site.clear()?;
    Ok(intake)
}

/// Nobody takes what is in the spool, which has nothing in it before.
fn spool(
    stage: &Stage,
    collector: &Collector,
    (data, batch): (&Path, usize),
) -> Result<Intake, Fault> {
    let mut intake = Intake::new(Sink::Spool, batch);
    let mut acknowledged = 0;
    for _ in 0..stage.effort.turns() {
        acknowledged += load(stage, collector, &mut intake)?;
    }
    intake.event_bytes = waiting_bytes(data)? as f64 / acknowledged as f64;
    Ok(intake)
}

/// It is shipped meanwhile, and afterwards until nothing waits.
fn clickhouse(
    stage: &Stage,
    (engine, database): (&Engine, &str),
    collector: &Collector,
    (data, batch): (&Path, usize),
) -> Result<Intake, Fault> {
    let mut intake = Intake::new(Sink::ClickHouse, batch);
    let acknowledged = load(stage, collector, &mut intake)?;
    let shipped = || engine.number(database, "SELECT sum(rows) FROM batches FINAL");
    let (meanwhile, busy, began) = (shipped()?, engine.server.busy_s(), Instant::now());
    until("shipping", (LOOK_AT_SPOOL, SHIPPED_AT_MOST), || Ok(waiting_bytes(data)? == 0))?;
    let took = began.elapsed();
    let engine_busy_s = engine.server.busy_s() - busy;
    let stored = engine.number(database, "SELECT count() FROM events FINAL")?;
    if (stored, shipped()?) != (acknowledged, acknowledged) {
        return Err(format!("{acknowledged} were acknowledged, {stored} have arrived").into());
    }
    let waited = acknowledged.saturating_sub(meanwhile);
    intake.shipping = Some(Shipping { meanwhile, waited, took, engine_busy_s });
    Ok(intake)
}

/// A turn, noted; how many events were acknowledged in it.
fn load(stage: &Stage, collector: &Collector, intake: &mut Intake) -> Result<u64, Fault> {
    let kind = Kind { form: Form::Native, batch: intake.batch, devices: Devices::Pool };
    let (warm_up, window) = stage.effort.window();
    let order = Order {
        address: collector.server.address,
        connections: CONNECTIONS,
        pace: Pace::Closed,
        until: Until::Over(warm_up, window),
        keep: Keep::Nothing,
    };
    let busy = collector.server.busy_s();
    let (tally, _) = run(order, kind.supply(Form::Native.path())?)?;
    let busy = collector.server.busy_s() - busy;
    if tally.put_off > 0 || tally.failed > 0 {
        let failure = tally.failure.as_deref().unwrap_or("none");
        return Err(format!("{} put off, otherwise: {failure}", tally.put_off).into());
    }
    intake.rates.push(tally.rate());
    if busy > 0.0 {
        intake.by_busy_second.push(tally.acknowledged as f64 / busy);
    }
    Ok(tally.acknowledged)
}

/// Bytes of the batches in a folder's spool.
fn waiting_bytes(data: &Path) -> Result<u64, Fault> {
    let mut bytes = 0;
    for entry in fs::read_dir(data.join("spool"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "batch") {
            // It may have been shipped since.
            bytes += fs::metadata(&path).map_or(0, |found| found.len());
        }
    }
    Ok(bytes)
}
