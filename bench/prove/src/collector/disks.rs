//! What can become of a disk: it is full, its folder is gone, its writer stands
//! still. Each time: what was acknowledged must be there, what was not must
//! have been put off, and a collector that can go on does.

use std::time::{Duration, Instant};

use super::form::Form;
use super::fresh::Devices;
use super::held::Held;
use super::limits::{BATCH, CONNECTIONS, CROWD, CROWD_MIB};
use super::load::{Keep, Order, Pace, Supply, Until, run};
use super::ours::{Books, Collector};
use super::replay::replay;
use super::server::free_address;
use super::small_disk::{Room, SmallDisk};
use super::stage::{Kind, Stage};
use super::tally::Tally;
use crate::Fault;
use crate::page::{Met, Section, Table, Verdict};

/// How often it is looked whether a fault has been noticed.
const LOOK: Duration = Duration::from_millis(100);

/// How a row came out.
struct Case {
    what: &'static str,
    told: String,
    budget: &'static str,
    met: bool,
}

/// Measures it.
///
/// # Errors
///
/// The collector does not start, or a load cannot be made.
pub(crate) fn measure(stage: &Stage) -> Result<Section, Fault> {
    let cases = [full(stage)?, gone(stage)?, held(stage)?];
    let mut table = Table::new(&["what happens", "what came of it"]);
    let mut verdicts = Vec::new();
    for Case { what, told, budget, met } in cases {
        table.row([what.to_owned(), told.clone()]);
        verdicts.push(Verdict::new(what, budget, told, if met { Met::Yes } else { Met::No }));
    }
    let text = format!(
        "{CONNECTIONS} connections send native lines, {BATCH} a request, to a collector on one \
         core. *Put off* is 503 with `Retry-After`."
    );
    Ok(Section { title: "Disks that fail", text, tables: vec![table], verdicts })
}

/// The disk is full; then there is room again.
fn full(stage: &Stage) -> Result<Case, Fault> {
    let disk = SmallDisk::make(&stage.scratch.join("small"))?;
    let site = stage.site.with_data(&disk.folder.join("data"));
    let launch = disk.restrict(site.launch(free_address()?));
    let collector = Collector::start(&launch, &stage.cores, 1)?;
    let (tally, mut supply) = load(&collector, supply()?, CONNECTIONS, stage.effort.full_disk())?;
    let books = collector.books()?;
    let (health, _) = collector.ask("/healthz")?;
    let room = disk.make_room()?;
    let recovered = match room {
        Room::Now => Some(recover(&collector, &mut supply, stage.effort.noticed())?),
        Room::AfterStart => None,
    };
    drop(collector);
    let again = Collector::start(&site.launch(free_address()?), &stage.cores, 1)?;
    let after = again.books()?;
    let more = recovered.map_or(0, |(_, events)| events);
    let kept =
        after.stored == tally.acknowledged + more && after.stored == again.answered("atomic")?;
    let well = match recovered {
        Some((Some(taken), _)) => {
            format!("it took events again {:.1} s after", taken.as_secs_f64())
        }
        Some((None, _)) => {
            format!("it took no events within {} s", stage.effort.noticed().as_secs())
        }
        None => "after a new start".to_owned(),
    };
    let honest = tally.put_off > 0 && is_honest(&tally, &books);
    Ok(Case {
        what: "the disk is full",
        told: format!(
            "{}: {}; `/healthz` then says {health}. With room again {well}. Killed and started: \
             {} stored",
            disk.told(),
            told(&tally, &books),
            after.stored,
        ),
        budget: "acknowledged = stored, the rest put off, and it goes on when there is room",
        met: honest && kept && !matches!(recovered, Some((None, _))),
    })
}

/// Sends requests until one is taken: how long that took, and its events.
fn recover(
    collector: &Collector,
    supply: &mut Supply,
    patience: Duration,
) -> Result<(Option<Duration>, u64), Fault> {
    let began = Instant::now();
    let mut request = Vec::new();
    while began.elapsed() < patience {
        supply.templates[0].write(&mut supply.fresh, &mut request);
        let answer = replay(collector.server.address, [request.as_slice()])?;
        if answer.accepted > 0 {
            return Ok((Some(began.elapsed()), answer.accepted));
        }
        std::thread::sleep(LOOK);
    }
    Ok((None, 0))
}

/// The folder is removed while the collector runs.
fn gone(stage: &Stage) -> Result<Case, Fault> {
    let broken = stage.effort.broken();
    let site = stage.site.with_data(&stage.scratch.join("gone"));
    let collector = site.start(&stage.cores, 1)?;
    let (before, supply) = load(&collector, supply()?, CONNECTIONS, broken / 4)?;
    std::fs::remove_dir_all(&site.data)?;
    let (after, _) = load(&collector, supply, CONNECTIONS, broken)?;
    let began = Instant::now();
    let mut health = collector.ask("/healthz")?.0;
    while health == 200 && began.elapsed() < stage.effort.noticed() {
        std::thread::sleep(LOOK);
        health = collector.ask("/healthz")?.0;
    }
    drop(collector);
    // What it said last, and a new start on no folder at all.
    let folder = site.data.display().to_string();
    let last = site.last_words().replace(&folder, "DATA");
    let again = site.start(&stage.cores, 1)?;
    let empty = again.books()?.stored;
    drop(again);
    site.clear()?;
    Ok(Case {
        what: "its folder is removed while it runs",
        told: format!(
            "{} events were there; then {} acknowledged, {} put off, {} answered otherwise; \
             `/healthz` says {health}; it said: {last}. Started again it has {empty}",
            before.acknowledged, after.acknowledged, after.put_off, after.failed,
        ),
        budget: "nothing more is acknowledged, and `/healthz` says so",
        met: after.acknowledged == 0 && after.failed == 0 && health != 200,
    })
}

/// The writer's thread stands still for a while.
fn held(stage: &Stage) -> Result<Case, Fault> {
    stage.site.clear()?;
    let broken = stage.effort.broken();
    let collector = stage.site.start(&stage.cores, 1)?;
    let supply = supply()?;
    let what = "its writer stands still";
    let budget = "the rest is put off, memory stays flat, and all that waited is stored";
    let mut held = match Held::hold(collector.server.process(), "headcount-write") {
        Ok(held) => held,
        Err(fault) => {
            return Ok(Case { what, told: format!("not tried: {fault}"), budget, met: false });
        }
    };
    let at_first = collector.server.memory_kib().0;
    let mut while_held = (at_first, 0);
    let ran = std::thread::scope(|scope| {
        let working = scope.spawn(|| load(&collector, supply, CROWD, broken * 3 / 2));
        std::thread::sleep(broken);
        while_held.0 = collector.server.memory_kib().0;
        while_held.1 = collector.ask("/healthz").map_or(0, |(status, _)| status);
        held.release()?;
        working.join().map_err(|_| "the load panicked")?
    });
    let (tally, _) = ran?;
    let books = collector.books()?;
    let grown = while_held.0.saturating_sub(at_first) as f64 / 1024.0;
    Ok(Case {
        what,
        told: format!(
            "held for {} s under {CROWD} connections: {:.0} MiB more memory, `/healthz` says {}; \
             in the end {}",
            broken.as_secs(),
            grown,
            while_held.1,
            told(&tally, &books),
        ),
        budget,
        met: is_honest(&tally, &books) && grown < CROWD_MIB,
    })
}

fn supply() -> Result<Supply, Fault> {
    let kind = Kind { form: Form::Native, batch: BATCH, devices: Devices::Pool };
    kind.supply(Form::Native.path())
}

fn load(
    collector: &Collector,
    supply: Supply,
    connections: usize,
    time: Duration,
) -> Result<(Tally, Supply), Fault> {
    let address = collector.server.address;
    let until = Until::Over(Duration::ZERO, time);
    run(Order { address, connections, pace: Pace::Closed, until, keep: Keep::Nothing }, supply)
}

fn is_honest(tally: &Tally, books: &Books) -> bool {
    tally.failed == 0 && tally.acknowledged == books.stored
}

fn told(tally: &Tally, books: &Books) -> String {
    let otherwise = tally.failure.as_deref().unwrap_or("none");
    format!(
        "{} acknowledged, {} stored, {} put off, otherwise: {otherwise}",
        tally.acknowledged, books.stored, tally.put_off,
    )
}
