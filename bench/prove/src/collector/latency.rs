//! How soon our collector answers when it is not at its limit: requests are due
//! at a fixed rate, and an answer's time counts from when its request was due.

use super::form::Form;
use super::fresh::Devices;
use super::limits::{BATCHES, CONNECTIONS, LATENCY_CONNECTIONS};
use super::load::{Keep, Order, Pace, Until, run};
use super::stage::{Kind, Stage};
use super::tally::Tally;
use crate::Fault;
use crate::page::{Section, Table};

/// Shares of what it can take.
const SHARES: [f64; 3] = [0.25, 0.5, 0.75];

/// Measures it on one core.
///
/// # Errors
///
/// A load fails.
pub(crate) fn measure(stage: &Stage) -> Result<Section, Fault> {
    let heads = ["p50 / p99 / p99.9, ms", "alone", "at 25 %", "at 50 %", "at 75 %"];
    let mut table = Table::new(&heads);
    for batch in BATCHES {
        eprintln!("prove: latency of batches of {batch}");
        let most = load(stage, batch, CONNECTIONS, Pace::Closed)?.rate();
        let mut cells = vec![format!("native lines × {batch}, of {:.0} k/s", most / 1e3)];
        cells.push(told(load(stage, batch, 1, Pace::Closed)?));
        for share in SHARES {
            let pace = Pace::Open(most * share);
            cells.push(told(load(stage, batch, LATENCY_CONNECTIONS, pace)?));
        }
        table.row(cells);
    }
    let text = format!(
        "Our collector on one core. *Alone* is one connection with one request at a time: what a \
         commit and its sync take. The others are {LATENCY_CONNECTIONS} connections at a share of \
         the rate that {CONNECTIONS} connections reached just before; the load's clock ticks in \
         milliseconds, so that up to one of each time is its own."
    );
    Ok(Section { title: "The time of an answer", text, tables: vec![table], verdicts: Vec::new() })
}

fn load(stage: &Stage, batch: usize, connections: usize, pace: Pace) -> Result<Tally, Fault> {
    let kind = Kind { form: Form::Native, batch, devices: Devices::Pool };
    let supply = kind.supply(Form::Native.path())?;
    stage.site.clear()?;
    let collector = stage.site.start(&stage.cores, 1)?;
    let (warm_up, window) = stage.effort.window();
    let (address, until) = (collector.server.address, Until::Over(warm_up, window));
    let order = Order { address, connections, pace, until, keep: Keep::Nothing };
    let (tally, _) = run(order, supply)?;
    Ok(tally)
}

fn told(mut tally: Tally) -> String {
    tally.quantiles_ms([0.5, 0.99, 0.999]).map(|ms| format!("{ms:.2}")).join(" / ")
}
