//! How many events a second each contender takes, and how soon it answers.

use super::contenders::Contender;
use super::disk;
use super::form::Form;
use super::fresh::Devices;
use super::limits::{BATCHES, CONNECTIONS, DEVICES};
use super::load::{Keep, Order, Pace, Until, run};
use super::ours::{Collector, ask, sum};
use super::postgres::{self, Cluster};
use super::stage::{Kind, Stage, today};
use super::tally::Tally;
use super::verdicts;
use crate::Fault;
use crate::page::{Section, Table};
use crate::sample::Sample;

/// One line of the table: a contender and what it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// Over HTTP.
    Http(Contender, Form, Devices),
    /// Columns to PostgreSQL.
    Postgres,
    /// Nothing but the disk.
    Disk,
}

/// What a line came to at one batch, a value a turn.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    rates: Vec<f64>,
    quantiles: Vec<[f64; 3]>,
    memory_mib: Vec<f64>,
    generator: Vec<f64>,
    event_bytes: f64,
}

/// A line and its cells, in the order of the batches; or why there are none.
pub(crate) type Measured = (Line, Result<Vec<Cell>, String>);

impl Line {
    fn all() -> Vec<Self> {
        let mut lines = Vec::new();
        for contender in Contender::ALL {
            for form in contender.forms() {
                lines.push(Self::Http(contender, *form, Devices::Pool));
            }
            if contender == Contender::Headcount(1) {
                lines.push(Self::Http(contender, Form::Native, Devices::Fresh));
            }
        }
        lines.extend([Self::Postgres, Self::Disk]);
        lines
    }

    fn label(self) -> String {
        match self {
            Self::Http(contender, ..) => contender.label().to_owned(),
            Self::Postgres => "PostgreSQL, `ON CONFLICT DO NOTHING`".to_owned(),
            Self::Disk => "the disk: append and `fdatasync`".to_owned(),
        }
    }

    fn sent(self) -> String {
        match self {
            Self::Http(_, form, Devices::Pool) => form.label().to_owned(),
            Self::Http(_, form, Devices::Fresh) => format!("{}, a device an event", form.label()),
            Self::Postgres => "typed columns".to_owned(),
            Self::Disk => "native lines".to_owned(),
        }
    }

    fn promise(self) -> &'static str {
        match self {
            Self::Http(contender, ..) => contender.promise(),
            Self::Postgres => postgres::PROMISE,
            Self::Disk => "synced to disk; nothing is decoded",
        }
    }
}

impl Cell {
    /// The median rate.
    pub(crate) fn rate(&self) -> f64 {
        Sample::of(self.rates.iter().copied()).median()
    }

    fn rate_told(&self) -> String {
        Sample::of(self.rates.iter().copied()).told(1e-3, 1)
    }

    /// The medians of the turns' p50, p99 and p99.9, in milliseconds.
    fn quantiles_told(&self) -> String {
        let of = |place: usize| {
            let values = self.quantiles.iter().map(|quantiles| quantiles[place]);
            format!("{:.2}", Sample::of(values).median())
        };
        if self.quantiles.is_empty() { "–".to_owned() } else { [of(0), of(1), of(2)].join(" / ") }
    }

    fn note(&mut self, mut tally: Tally, memory_kib: u64) {
        self.rates.push(tally.rate());
        self.quantiles.push(tally.quantiles_ms([0.5, 0.99, 0.999]));
        self.memory_mib.push(memory_kib as f64 / 1024.0);
        self.generator.push(tally.generator);
    }
}

/// Measures it: every line in every batch, in turns.
///
/// # Errors
///
/// A load fails.
pub(crate) fn measure(stage: &Stage) -> Result<Section, Fault> {
    let mut measured: Vec<Measured> = Vec::new();
    for line in Line::all() {
        measured.push((line, Ok(vec![Cell::default(); BATCHES.len()])));
    }
    for turn in 0..stage.effort.turns() {
        for (line, cells) in &mut measured {
            eprintln!("prove: throughput, turn {}: {}, {}", turn + 1, line.label(), line.sent());
            for (place, batch) in BATCHES.into_iter().enumerate() {
                let Ok(known) = cells else { break };
                // Whoever is not here is skipped with a sentence; ours is here.
                if let Err(fault) = measure_one(stage, *line, batch, &mut known[place]) {
                    let is_ours = matches!(line, Line::Http(Contender::Headcount(_), ..));
                    if is_ours {
                        return Err(format!("{}, {}: {fault}", line.label(), line.sent()).into());
                    }
                    *cells = Err(fault.to_string());
                }
            }
        }
    }
    Ok(section(stage, &measured))
}

fn measure_one(stage: &Stage, line: Line, batch: usize, cell: &mut Cell) -> Result<(), Fault> {
    let (warm_up, window) = stage.effort.window();
    let until = Until::Over(warm_up, window);
    match line {
        Line::Http(contender, form, devices) => {
            let supply = Kind { form, batch, devices }.supply(contender.path(form))?;
            cell.event_bytes = supply.event_bytes();
            let at = (&stage.site, &stage.peers);
            let server = contender.start(at, &stage.cores, &stage.scratch)?;
            let (address, connections) = (server.address, CONNECTIONS);
            let order =
                Order { address, connections, pace: Pace::Closed, until, keep: Keep::Nothing };
            let (tally, _) = run(order, supply)?;
            if let Some(failure) = &tally.failure {
                return Err(format!("an answer was {failure}").into());
            }
            let (_, memory) = server.memory_kib();
            if let Some(counter) = contender.counter() {
                let (_, metrics) = ask(server.address, "/metrics")?;
                is_counted(sum(&metrics, counter, ""), &tally)?;
            }
            if matches!(contender, Contender::Headcount(_)) {
                let books = Collector { start: server.start, server }.books()?;
                is_counted(books.stored, &tally)?;
            }
            cell.note(tally, memory);
        }
        Line::Postgres => {
            let cluster = Cluster::start(&stage.scratch, &stage.cores, 1)?;
            cell.note(cluster.load(batch, until, today())?, 0);
        }
        Line::Disk => {
            let kind = Kind { form: Form::Native, batch, devices: Devices::Pool };
            let mut supply = kind.supply(Form::Native.path())?;
            cell.event_bytes = supply.event_bytes();
            cell.rates.push(disk::ceiling(&stage.scratch, &mut supply, window)?);
        }
    }
    Ok(())
}

/// What was acknowledged was taken, by the server's own count.
fn is_counted(counted: u64, tally: &Tally) -> Result<(), Fault> {
    let Tally { acknowledged, put_off, .. } = *tally;
    if counted == acknowledged && put_off == 0 {
        return Ok(());
    }
    let told = format!("{acknowledged} events were acknowledged, {put_off} put off");
    Err(format!("{told}, and it has counted {counted}").into())
}

fn section(stage: &Stage, measured: &[Measured]) -> Section {
    let mut rates =
        Table::new(&["", "sent", "bytes an event", "× 1", "× 20", "× 500", "an answer means"]);
    let mut times =
        Table::new(&["p50 / p99 / p99.9, ms", "sent", "× 1", "× 20", "× 500", "memory"]);
    let mut absent = String::new();
    for (line, cells) in measured {
        let cells = match cells {
            Ok(cells) => cells,
            Err(why) => {
                absent.push_str(&format!(" {} is left out: {why}.", line.label()));
                continue;
            }
        };
        let told = cells.iter().map(Cell::rate_told);
        let head = [line.label(), line.sent()];
        // Of the largest batch, where a body's head weighs least.
        let bytes = cells.last().map_or(0.0, |cell| cell.event_bytes);
        let bytes = if bytes > 0.0 { format!("{bytes:.0}") } else { "–".to_owned() };
        let promise = line.promise().to_owned();
        rates.row(head.iter().cloned().chain([bytes]).chain(told).chain([promise]));
        if *line != Line::Disk {
            let told = cells.iter().map(Cell::quantiles_told);
            let memory = cells.iter().flat_map(|cell| cell.memory_mib.iter().copied());
            let memory = match *line {
                Line::Postgres => "–".to_owned(),
                _ => format!("{:.0} MiB", Sample::of(memory).max()),
            };
            times.row(head.into_iter().chain(told).chain([memory]));
        }
    }
    let busiest = measured.iter().filter_map(|(_, cells)| cells.as_ref().ok()).flatten();
    let busiest = Sample::of(busiest.flat_map(|cell| cell.generator.iter().copied())).max();
    let (warm_up, window) = stage.effort.window();
    let text = format!(
        "Thousand events a second: the median of {} turns and the median distance from it. \
         {CONNECTIONS} connections, each with one request at a time; {:.1} s are not counted, \
         {:.1} s are; every cell on an empty folder. Bodies are made of the catalogs' own samples: \
         Atomic's commands, Archon's (PostHog) and the AssemblyAI CLI's (Datadog), of {DEVICES} \
         devices unless it says otherwise, each event with an id that was never sent before. {} \
         The load itself was on its core for at most {:.0} % of a cell. After each cell of ours \
         and of VictoriaLogs' its own count was compared with what it had acknowledged.{absent}",
        stage.effort.turns(),
        warm_up.as_secs_f64(),
        window.as_secs_f64(),
        stage.cores.told(),
        busiest * 100.0,
    );
    let verdicts = verdicts::of_throughput(measured);
    Section { title: "Throughput", text, tables: vec![rates, times, started()], verdicts }
}

/// How each contender is started.
fn started() -> Table {
    let mut table = Table::new(&["", "how it is started"]);
    for contender in Contender::ALL {
        table.row([contender.label().to_owned(), contender.started().to_owned()]);
    }
    table.row([Line::Postgres.label(), postgres::started()]);
    let synced = format!("the bodies of {CONNECTIONS} requests, then one `fdatasync`");
    table.row([Line::Disk.label(), synced]);
    table
}
