//! Threads of one host that record at once, against as many hosts that do.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::Fault;
use crate::hosts::Stage;
use crate::limits::{Effort, THREAD_EVENTS, THREADS, THREADS_RATIO};
use crate::page::{Met, Section, Table, Verdict};
use crate::sample::Sample;

/// How long before its moment a process is started: a session's decision holds
/// for a second.
const AHEAD: Duration = Duration::from_millis(1_300);

/// Nanoseconds an event, of each kind, a round each.
#[derive(Default)]
struct Cell {
    threads: Vec<f64>,
    processes: Vec<f64>,
}

/// Measures it.
///
/// # Errors
///
/// A process does not start, or could not record.
pub(crate) fn measure(stage: &Stage, effort: Effort) -> Result<Section, Fault> {
    let mut cells: Vec<Cell> = THREADS.iter().map(|_| Cell::default()).collect();
    for _ in 0..effort.thread_rounds() {
        for (count, cell) in THREADS.into_iter().zip(&mut cells) {
            cell.threads.push(at_once(stage, 1, count)?);
            cell.processes.push(at_once(stage, count, 1)?);
        }
    }
    let mut table = Table::new(&[
        "at once",
        "threads of one host, ns",
        "as many hosts, ns",
        "fastest … slowest round of threads",
        "ratio",
    ]);
    let mut worst = 0.0_f64;
    for (count, cell) in THREADS.into_iter().zip(&cells) {
        let (threads, processes) =
            (Sample::of(cell.threads.iter().copied()), Sample::of(cell.processes.iter().copied()));
        let ratio = threads.median() / processes.median();
        worst = worst.max(ratio);
        table.row([
            count.to_string(),
            threads.told(1.0, 0),
            processes.told(1.0, 0),
            threads.range(1.0, 0),
            format!("{ratio:.2}"),
        ]);
    }
    Ok(Section {
        title: "Threads of one host",
        text: format!(
            "Each of them records {THREAD_EVENTS} events into one queue, more than a second after \
             telemetry was opened, when the decision is too old and is taken anew. Told is the \
             clock time from the first one's beginning to the last one's end, divided by all \
             events: on a machine with fewer cores than threads it cannot fall any further. \
             {} rounds, threads and hosts in turn.",
            effort.thread_rounds()
        ),
        tables: vec![table],
        verdicts: vec![Verdict::new(
            "threads of one host recording at once, against as many hosts",
            format!("the same or less: {THREADS_RATIO} × at most"),
            format!("{worst:.2} × at worst"),
            Met::within(worst, THREADS_RATIO),
        )],
    })
}

/// Starts so many processes of so many threads each in one home. Nanoseconds an
/// event.
fn at_once(stage: &Stage, processes: u32, threads: u32) -> Result<f64, Fault> {
    let home = stage.home()?;
    let moment = SystemTime::now() + AHEAD;
    let moment_ms = moment.duration_since(UNIX_EPOCH)?.as_millis().to_string();
    let (threads, events) = (threads.to_string(), THREAD_EVENTS.to_string());
    let call = stage.inside(&home).saying(&["threads", &threads, &events, &moment_ms]);
    let mut commands: Vec<Command> = (0..processes).map(|_| call.command()).collect();
    let children: Vec<Child> = commands
        .iter_mut()
        .map(|command| command.stdout(Stdio::piped()).spawn())
        .collect::<Result<_, _>>()?;
    let mut times: Vec<(u128, u128)> = Vec::new();
    for child in children {
        let output = child.wait_with_output()?;
        if !output.status.success() {
            return Err("a host could not record".into());
        }
        for line in String::from_utf8(output.stdout)?.lines() {
            let (began, ended) = line.split_once(' ').ok_or("a line without two times")?;
            times.push((began.parse()?, ended.parse()?));
        }
    }
    let began = times.iter().map(|(began, _)| *began).min().ok_or("nobody recorded")?;
    let ended = times.iter().map(|(_, ended)| *ended).max().ok_or("nobody recorded")?;
    #[expect(clippy::cast_precision_loss, reason = "a second has 10^9 nanoseconds, exact in f64")]
    let elapsed_ns = (ended - began) as f64;
    Ok(elapsed_ns / (f64::from(THREAD_EVENTS) * times.len() as f64))
}
