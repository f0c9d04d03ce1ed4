//! `kill -9` at random instants under load, and the books afterwards.
//!
//! After each kill the collector is started on the same folder. Every request
//! whose answer did not come is sent once more, byte for byte, and so are some
//! whose answer came. In the end each event that was ever sent has been
//! acknowledged once; so many must be stored, and so many must be in the
//! answers: none lost, none twice.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use headcount_catalog::EventId;

use super::form::Form;
use super::fresh::{Devices, Fresh};
use super::limits::{BATCH, CONNECTIONS, KILL_INSTANT_MS};
use super::load::{Keep, Order, Pace, Supply, Until, run};
use super::replay::replay;
use super::stage::{Kind, Stage};
use crate::Fault;
use crate::page::{Met, Section, Table, Verdict};
use crate::sample::Sample;

/// What is sent.
const KIND: Kind = Kind { form: Form::Native, batch: BATCH, devices: Devices::Pool };

/// Sums over all rounds.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    acknowledged: u64,
    unanswered: u64,
    had_arrived: u64,
    repeated: u64,
    repeated_twice: u64,
    failed: u64,
}

/// Measures it on one core.
///
/// # Errors
///
/// The collector does not start again, or a load fails.
pub(crate) fn measure(stage: &Stage) -> Result<Section, Fault> {
    stage.site.clear()?;
    let mut supply = KIND.supply(KIND.form.path())?;
    let mut chance = Fresh::seeded(stage.seed);
    let (mut sums, mut starts) = (Sums::default(), Vec::new());
    for _ in 0..stage.effort.kills() {
        let instant = u64::try_from(chance.below(usize::try_from(KILL_INSTANT_MS)?))?;
        supply = round(stage, supply, Duration::from_millis(instant), &mut sums, &mut starts)?;
    }
    let collector = stage.site.start(&stage.cores, 1)?;
    let (books, answered) = (collector.books()?, collector.answered(KIND.form.product())?);
    collector.server.stop()?;
    let expected = sums.acknowledged + sums.unanswered;
    let exported = export(stage)?;
    let whole = books.stored == expected
        && answered == expected
        && sums.failed + sums.repeated_twice + books.rejected == 0
        && exported.is_none_or(|(all, distinct)| all == expected && distinct == expected);
    let mut table = Table::new(&["events", ""]);
    let rows = [
        ("acknowledged before a kill", sums.acknowledged),
        ("in requests that a kill left without an answer, sent again", sums.unanswered),
        ("of these, on disk before the kill", sums.had_arrived),
        ("acknowledged, and sent again after the kill", sums.repeated),
        ("of these, stored twice", sums.repeated_twice),
        ("distinct events sent", expected),
        ("stored, by the collector's books", books.stored),
        ("in its answers", answered),
    ];
    for (what, count) in rows {
        table.row([what.to_owned(), count.to_string()]);
    }
    let exported = match exported {
        Some((all, distinct)) => {
            table.row(["exported".to_owned(), all.to_string()]);
            table.row(["exported, distinct ids".to_owned(), distinct.to_string()]);
            "`headcount export` lists every id once."
        }
        None => "This collector has no `headcount export`, so that only counts are compared.",
    };
    let starts = Sample::of(starts);
    let text = format!(
        "{} rounds, seed {}: {CONNECTIONS} connections send native lines, {BATCH} a request, and at \
         a random instant of the first {KILL_INSTANT_MS} ms the collector is killed with \
         `kill -9`, started on the same folder, and sent every request again that has no answer, \
         and some that have one. It was well again after {:.0} ms, {:.0} at most. {exported}",
        stage.effort.kills(),
        stage.seed,
        starts.median() * 1e3,
        starts.max() * 1e3,
    );
    let verdict = Verdict::new(
        format!("`kill -9`, {} rounds", stage.effort.kills()),
        "nothing acknowledged is lost, nothing is counted twice",
        format!("{expected} sent, {} stored, {answered} answered", books.stored),
        if whole { Met::Yes } else { Met::No },
    );
    Ok(Section { title: "`kill -9`", text, tables: vec![table], verdicts: vec![verdict] })
}

fn round(
    stage: &Stage,
    supply: Supply,
    instant: Duration,
    sums: &mut Sums,
    starts: &mut Vec<f64>,
) -> Result<Supply, Fault> {
    let collector = stage.site.start(&stage.cores, 1)?;
    let process = collector.server.process();
    let order = Order {
        address: collector.server.address,
        connections: CONNECTIONS,
        pace: Pace::Closed,
        until: Until::Gone,
        keep: Keep::Requests,
    };
    let ran = std::thread::scope(|scope| {
        let working = scope.spawn(|| run(order, supply));
        std::thread::sleep(instant);
        crate::process::end(process);
        working.join()
    });
    let (tally, supply) = ran.map_err(|_| "the load panicked")??;
    drop(collector);
    let again = stage.site.start(&stage.cores, 1)?;
    starts.push(again.start.as_secs_f64());
    let address = again.server.address;
    let unanswered = replay(address, tally.unanswered.iter().map(Vec::as_slice))?;
    let repeated = replay(address, tally.acknowledged_last.iter().map(Vec::as_slice))?;
    sums.acknowledged += tally.acknowledged;
    sums.unanswered += (tally.unanswered.len() * BATCH) as u64;
    sums.had_arrived += unanswered.duplicate;
    sums.repeated += (tally.acknowledged_last.len() * BATCH) as u64;
    sums.repeated_twice += repeated.accepted;
    sums.failed += unanswered.failed + repeated.failed;
    Ok(supply)
}

/// Lines of `headcount export`, and distinct ids among them; `None` if there is
/// no such command.
fn export(stage: &Stage) -> Result<Option<(u64, u64)>, Fault> {
    let mut command = Command::new(&stage.site.program);
    command.args(["export", KIND.form.product(), "--data"]).arg(&stage.site.data);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let lines = BufReader::new(child.stdout.take().ok_or("its output was asked for")?).lines();
    let (mut ids, mut all) = (HashSet::new(), 0);
    for line in lines {
        let json: serde_json::Value = serde_json::from_str(&line?)?;
        let id = json.get("eventId").and_then(serde_json::Value::as_str);
        let id = id.and_then(EventId::parse).ok_or("an exported line has no `eventId`")?;
        ids.insert(id);
        all += 1;
    }
    let known = child.wait()?.success();
    Ok(known.then_some((all, ids.len() as u64)))
}
