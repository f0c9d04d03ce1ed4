//! Twenty minutes at full load: whether memory, handles and the rate stay what
//! they are.

use std::time::Duration;

use super::chart::{Line, draw};
use super::form::Form;
use super::fresh::{Devices, Fresh};
use super::limits::CONNECTIONS;
use super::load::{Keep, Order, Pace, Supply, Until, run};
use super::ours::Collector;
use super::stage::{Kind, Stage, now};
use super::watch::watch;
use crate::Fault;
use crate::page::{Met, Section, Verdict};
use crate::sample::Sample;

/// The rate of the last quarter is at least this share of the first's.
const KEPT: f64 = 0.8;

/// What is seen at one moment.
#[derive(Debug, Clone, Copy)]
struct Look {
    memory_mib: f64,
    handles: f64,
    stored: f64,
}

/// Measures it on one core.
///
/// # Errors
///
/// The load fails.
pub(crate) fn measure(stage: &Stage) -> Result<Section, Fault> {
    let (whole, every) = stage.effort.steady();
    stage.site.clear()?;
    let Collector { server, start } = stage.site.start(&stage.cores, 1)?;
    let until = Until::Over(Duration::ZERO, whole);
    let (address, connections) = (server.address, CONNECTIONS);
    let order = Order { address, connections, pace: Pace::Closed, until, keep: Keep::Nothing };
    let supply = every_form()?;
    let collector = Collector { server, start };
    let look = || {
        let (memory, _) = collector.server.memory_kib();
        let stored = collector.books().map_or(f64::NAN, |books| books.stored as f64);
        let (memory_mib, handles) = (memory as f64 / 1024.0, collector.server.handles() as f64);
        Look { memory_mib, handles, stored }
    };
    let (ran, seen) = watch(every, || run(order, supply), look)?;
    let (mut tally, _) = ran?;
    let books = collector.books()?;
    let rates: Vec<f64> = seen
        .windows(2)
        .map(|pair| (pair[1].stored - pair[0].stored) / every.as_secs_f64() / 1e3)
        .collect();
    let times = tally.quantiles_ms([0.5, 0.99, 0.999]).map(|ms| format!("{ms:.2}")).join(" / ");
    let drawn = draw(&[
        Line { label: "thousand events a second", values: rates.clone() },
        Line { label: "memory, MiB", values: seen.iter().map(|look| look.memory_mib).collect() },
        Line { label: "open handles", values: seen.iter().map(|look| look.handles).collect() },
    ]);
    let text = format!(
        "{CONNECTIONS} connections without a pause for {:.0} s, a collector on one core, one event a \
         request, all five dialects in turn, each event new; looked at every {:.1} s. {} events \
         were acknowledged, {} are stored, {} put off, {} answered otherwise; p50 / p99 / p99.9 \
         {times} ms.\n\n{drawn}",
        whole.as_secs_f64(),
        every.as_secs_f64(),
        tally.acknowledged,
        books.stored,
        tally.put_off,
        tally.failed,
    );
    let verdicts = judge(&rates, &seen, tally.acknowledged == books.stored && tally.failed == 0);
    Ok(Section { title: "Twenty minutes at full load", text, tables: Vec::new(), verdicts })
}

/// Requests of all forms in turn, an event each. One event a request is the
/// load with the most requests and syncs, and fills the least disk.
fn every_form() -> Result<Supply, Fault> {
    let now = now();
    let span = (now.day().start(), now);
    let mut fresh = Fresh::new(now.day(), Devices::Pool);
    let mut columns = Vec::new();
    for form in Form::ALL {
        let kind = Kind { form, batch: 1, devices: Devices::Pool };
        columns.push(kind.templates(form.path(), span, &mut fresh)?.into_iter());
    }
    let mut templates = Vec::new();
    while let Some(row) = columns.iter_mut().map(Iterator::next).collect::<Option<Vec<_>>>() {
        templates.extend(row);
    }
    Ok(Supply { templates, fresh })
}

fn judge(rates: &[f64], seen: &[Look], conserved: bool) -> Vec<Verdict> {
    let quarter = (rates.len() / 4).max(1);
    let median = |part: &[f64]| Sample::of(part.iter().copied()).median();
    let first = median(&rates[..quarter.min(rates.len())]);
    let last = median(&rates[rates.len().saturating_sub(quarter)..]);
    let handles = Sample::of(seen.iter().map(|look| look.handles));
    vec![
        Verdict::new(
            "full load: the rate of the last quarter",
            format!("at least {:.0} % of the first's", KEPT * 100.0),
            format!("{last:.1} k/s of {first:.1} k/s = {:.0} %", last / first * 100.0),
            Met::within(KEPT * first, last),
        ),
        Verdict::new(
            "full load: open handles",
            "no more at the end than in the middle, but for the look itself",
            format!("{:.0} at most, {:.0} in the middle", handles.max(), handles.median()),
            Met::within(handles.max(), handles.median() + 4.0),
        ),
        Verdict::new(
            "full load: what was acknowledged is stored",
            "every event",
            if conserved { "every event" } else { "not every event" },
            if conserved { Met::Yes } else { Met::No },
        ),
    ]
}
