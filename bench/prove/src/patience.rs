//! Peers that wait for their endpoint, with the endpoint in bad health: how
//! long the person waits.
//!
//! These runs take seconds, in which they do nothing, so all of an endpoint's
//! go at once.

use std::time::Duration;

use crate::Fault;
use crate::endpoint::{Endpoint, Manner};
use crate::homes::Home;
use crate::hosts::{Contender, Stage};
use crate::limits::Effort;
use crate::page::{Section, Table};
use crate::process::{Call, End, Spent};
use crate::sample::Sample;

/// Between two starts, so that starting up does not disturb the neighbour.
const STAGGER: Duration = Duration::from_millis(250);

const WHO: [Contender; 5] = [
    Contender::Shipping,
    Contender::Spawn,
    Contender::Otel,
    Contender::Posthog,
    Contender::NodePosthog,
];

/// One run to come.
struct Run {
    who: Contender,
    manner: Manner,
    call: Call,
    _home: Home,
}

/// Measures it.
///
/// # Errors
///
/// A host does not start.
pub(crate) fn measure(stage: &Stage, effort: Effort) -> Result<Section, Fault> {
    let endpoints: Vec<Endpoint> =
        Manner::AILING.into_iter().map(Endpoint::start).collect::<Result<_, _>>()?;
    let mut runs = Vec::new();
    for _ in 0..effort.patient_runs() {
        for endpoint in &endpoints {
            for who in WHO {
                let home = stage.home()?;
                let Some(call) = stage.call(who, &home, endpoint) else { continue };
                runs.push(Run { who, manner: endpoint.manner, call, _home: home });
            }
        }
    }
    let spent = all_at_once(stage, &runs, effort.patience())?;
    crate::process::reap(crate::limits::STUCK)?;
    let heads = ["seconds until the prompt is back"].into_iter();
    let heads: Vec<&str> = heads.chain(Manner::AILING.iter().map(|manner| manner.name())).collect();
    let mut table = Table::new(&heads);
    for who in WHO {
        let cells: Vec<String> =
            Manner::AILING.iter().map(|manner| cell(&runs, &spent, who, *manner)).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            table.row([who.name().to_owned()].into_iter().chain(cells));
        }
    }
    let node = match &stage.node {
        Ok(_) => String::new(),
        Err(reason) => format!(" posthog-node is left out: {reason}."),
    };
    Ok(Section {
        title: "What an ailing endpoint costs the person",
        text: format!(
            "The same commands, {} runs a cell, whole and not as a difference; a run that had \
             not ended after {} s was stopped, and its cell says so. Here runs overlap, 250 ms \
             apart, because they do nothing but wait: the table tells seconds, the one before it \
             microseconds. *never answers* takes the connection and keeps silent; *drops \
             packets* is a listener whose queue of connections is full, so that the system \
             throws away what comes. None of these peers keeps what it could not send; ours is \
             still in the queue.{node}",
            effort.patient_runs(),
            effort.patience().as_secs()
        ),
        tables: vec![table],
        verdicts: Vec::new(),
    })
}

fn all_at_once(stage: &Stage, runs: &[Run], limit: Duration) -> Result<Vec<Spent>, Fault> {
    std::thread::scope(|scope| {
        let mut started = Vec::new();
        for run in runs {
            started.push(scope.spawn(move || run.call.run(&stage.watch, limit)));
            std::thread::sleep(STAGGER);
        }
        let ended = started.into_iter().map(|run| run.join().map_err(|_| "a run panicked")?);
        ended.collect()
    })
}

fn cell(runs: &[Run], spent: &[Spent], who: Contender, manner: Manner) -> String {
    let mine = runs.iter().zip(spent).filter(|(run, _)| run.who == who && run.manner == manner);
    let mine: Vec<&Spent> = mine.map(|(_, spent)| spent).collect();
    let sample = Sample::of(mine.iter().map(|spent| spent.wall_s));
    if mine.is_empty() {
        String::new()
    } else if mine.iter().any(|spent| spent.end == End::Stopped) {
        format!("over {:.0}", sample.max())
    } else {
        format!("{:.3} ({})", sample.median(), sample.range(1.0, 3))
    }
}
