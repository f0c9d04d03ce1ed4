//! Twice what it can take: whether the rate is kept, memory stays flat, and
//! what is put off is said so.

use std::time::Duration;

use super::chart::{Line, draw};
use super::form::Form;
use super::fresh::Devices;
use super::limits::{BATCHES, CROWD, CROWD_MIB, ID_BYTES};
use super::load::{Keep, Order, Pace, Until, run};
use super::ours::{Books, Collector};
use super::stage::{Kind, Stage};
use super::tally::Tally;
use super::watch::watch;
use crate::Fault;
use crate::page::{Met, Section, Table, Verdict};

/// The share of its best rate that it must keep.
const KEPT: f64 = 0.8;

/// How often memory is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// What came of one batch.
struct Crowded {
    batch: usize,
    alone: f64,
    tally: Tally,
    books: Books,
    memory: Vec<f64>,
}

/// Measures it on one core.
///
/// # Errors
///
/// A load fails.
pub(crate) fn measure(stage: &Stage) -> Result<Section, Fault> {
    let mut table = Table::new(&[
        "native lines",
        "best, k/s",
        "offered",
        "acknowledged",
        "put off (503)",
        "otherwise",
        "p50 / p99 / p99.9 of what was taken, ms",
        "memory, MiB",
    ]);
    let (mut lines, mut verdicts) = (Vec::new(), Vec::new());
    for batch in BATCHES {
        eprintln!("prove: overload with batches of {batch}");
        let mut crowded = crowd(stage, batch)?;
        verdicts.extend(judge(&crowded));
        let seconds = crowded.tally.elapsed.as_secs_f64();
        let a_second = |events: u64| format!("{:.1}", events as f64 / seconds / 1e3);
        let Tally { acknowledged, put_off, failed, .. } = crowded.tally;
        let most = crowded.memory.iter().copied().fold(0.0, f64::max);
        table.row([
            format!("× {batch}"),
            format!("{:.1}", crowded.alone / 1e3),
            a_second(acknowledged + put_off + failed),
            a_second(acknowledged),
            a_second(put_off),
            crowded.tally.failure.clone().unwrap_or_else(|| "0".to_owned()),
            crowded.tally.quantiles_ms([0.5, 0.99, 0.999]).map(|ms| format!("{ms:.0}")).join(" / "),
            format!("{:.0} to {most:.0}", crowded.memory.first().copied().unwrap_or(0.0)),
        ]);
        let label = ["MiB × 1", "MiB × 20", "MiB × 500"];
        let place = BATCHES.iter().position(|each| *each == batch).unwrap_or(0);
        lines.push(Line { label: label[place], values: crowded.memory });
    }
    let text = format!(
        "First the rate that {CROWD} connections reach, each with one request at a time; then {:.0} \
         s of twice that, due at a fixed rate on as many connections, at the same collector on \
         one core. That is more requests than it lets wait. Thousand events a second; times count from when a request was due. What is put off is not sent again. \
         Memory in that time, from zero:\n\n{}",
        stage.effort.overload().as_secs_f64(),
        draw(&lines),
    );
    Ok(Section { title: "Twice what it can take", text, tables: vec![table], verdicts })
}

fn crowd(stage: &Stage, batch: usize) -> Result<Crowded, Fault> {
    let kind = Kind { form: Form::Native, batch, devices: Devices::Pool };
    let supply = kind.supply(Form::Native.path())?;
    stage.site.clear()?;
    let Collector { server, start } = stage.site.start(&stage.cores, 1)?;
    let (warm_up, window) = stage.effort.window();
    let mut order = Order {
        address: server.address,
        connections: CROWD,
        pace: Pace::Closed,
        until: Until::Over(warm_up, window),
        keep: Keep::Nothing,
    };
    let (before, supply) = run(order, supply)?;
    let alone = before.rate();
    order.pace = Pace::Open(2.0 * alone);
    order.until = Until::Over(Duration::ZERO, stage.effort.overload());
    let (ran, memory) =
        watch(LOOK, || run(order, supply), || server.memory_kib().0 as f64 / 1024.0)?;
    let (tally, _) = ran?;
    let books = Collector { server, start }.books()?;
    let stored = books.stored.saturating_sub(before.acknowledged);
    let refused = books.refused.saturating_sub(before.put_off);
    let books = Books { stored, refused, ..books };
    Ok(Crowded { batch, alone, tally, books, memory })
}

fn judge(crowded: &Crowded) -> [Verdict; 3] {
    let Crowded { batch, alone, tally, books, memory } = crowded;
    let rate = tally.acknowledged as f64 / tally.elapsed.as_secs_f64();
    let most = memory.iter().copied().fold(0.0, f64::max);
    let grown = most - memory.first().copied().unwrap_or(0.0);
    let allowed = CROWD_MIB + books.stored as f64 * ID_BYTES / (1024.0 * 1024.0);
    let honest = tally.failed == 0 && books.stored == tally.acknowledged;
    [
        Verdict::new(
            format!("twice the load × {batch}: the rate"),
            format!("at least {:.0} % of {:.1} k/s", KEPT * 100.0, alone / 1e3),
            format!("{:.1} k/s = {:.0} %", rate / 1e3, rate / alone * 100.0),
            Met::within(KEPT * alone, rate),
        ),
        Verdict::new(
            format!("twice the load × {batch}: more memory"),
            format!("at most {CROWD_MIB:.0} MiB and {ID_BYTES:.0} B an id"),
            format!("{grown:.0} MiB of {allowed:.0} MiB"),
            Met::within(grown, allowed),
        ),
        Verdict::new(
            format!("twice the load × {batch}: every event stored or put off with a time"),
            "acknowledged = stored",
            format!(
                "{} acknowledged, {} stored; {} put off, {} in the books; {} otherwise",
                tally.acknowledged, books.stored, tally.put_off, books.refused, tally.failed
            ),
            if honest { Met::Yes } else { Met::No },
        ),
    ]
}
