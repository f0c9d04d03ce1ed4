//! The store on ClickHouse beside the embedded one, on ClickHouse's own engine:
//! the way in with a spool, a folder that is moved and compared, and ten times
//! as many events that the engine makes of those.
//!
//! ```text
//! engine    peers/clickhouse/serve.py, on cores of its own
//!
//! intake    the spool beside the embedded store              ─┐
//! transfer  growing  ─>  `headcount migrate`  ─>  compared    ├─>  measured  ─>  section
//! copies    INSERT … SELECT, then the collector's recount    ─┘                     ^
//! earlier   what the growing store said at its largest        ──────────────────────┘
//! ```

mod engine;
mod intake;
mod transfer;
mod copies;
mod measured;
mod earlier;
mod section;

use serde_json::Value;

use super::disk::has_room;
use super::growing::{Growing, first_day};
use super::limits::{ENGINE_BYTES, GROWTH_BYTES, MILLION};
use super::ours::{Collector, Site};
use super::questions::{Often, ask_all, rows_of_all};
use super::stage::{Stage, today};
use crate::Fault;
use crate::page::Section;
use engine::{Engine, EnginePlaces};
use measured::{Generated, Measured, Size};
use transfer::{Compared, DATABASE};

/// Why this cannot be measured here, if it cannot.
pub(crate) fn is_missing(stage: &Stage) -> Option<String> {
    EnginePlaces::find(&stage.repository, &stage.target).err().map(|fault| fault.to_string())
}

/// Measures it.
///
/// # Errors
///
/// The engine is not here, or anything of it fails.
pub(crate) fn measure(stage: &Stage) -> Result<Section, Fault> {
    let places = EnginePlaces::find(&stage.repository, &stage.target)?;
    let moved = stage.growth.max(1) * MILLION;
    let copies = stage.copies()?;
    has_room(&stage.scratch, moved * GROWTH_BYTES + moved * (1 + copies) * ENGINE_BYTES)?;
    let intakes = intake::measure(stage, &places)?;

    eprintln!("prove: clickhouse: the embedded store grows");
    stage.site.clear()?;
    let mut growing = Growing::new(stage)?;
    let collector = stage.site.start(&stage.cores, 1)?;
    growing.grow(&collector, moved, moved)?;
    let (embedded, collector) = growing.look(collector)?;
    let span = (first_day()?.to_string(), today().to_string());
    let days = (span.0.as_str(), span.1.as_str());
    let told = rows_of_all(&collector, days)?;

    eprintln!("prove: clickhouse: its events are moved");
    let both = stage.cores.for_server(2);
    let engine = places.start(&stage.scratch.join("engine"), both, &stage.cores)?;
    let floor_ms = engine.floor_ms()?;
    let moved = transfer::transfer(stage, &engine)?;
    // On the same folder, which has the secret.
    collector.server.stop()?;
    let site = stage.site.with_store(engine.store(DATABASE));
    let collector = site.start(&stage.cores, 1)?;
    copies::until_counted(&engine)?;
    let statements = transfer::statements(&engine, &collector, days)?;
    let moved_rows = rows_of_all(&collector, days)?;
    let compared = Compared::of(&told, &moved_rows);
    let small = look(stage, (&engine, &collector), moved.there)?;
    collector.server.stop()?;

    eprintln!("prove: clickhouse: {copies} copies of each event are made");
    let (generated, collector) = generate(stage, (&engine, &site), copies, moved.there)?;
    let large = look(stage, (&engine, &collector), moved.there * (1 + copies))?;
    let rows = rows_of_all(&collector, days)?;
    let is_multiple = is_multiple(&moved_rows, &rows, 1 + copies);
    let generated = Generated { is_multiple, ..generated };
    let version = places.version();
    let measured = Measured {
        version,
        floor_ms,
        statements,
        intakes,
        embedded,
        moved,
        compared,
        small,
        large,
        generated,
    };
    Ok(section::section(stage, &measured))
}

fn generate(
    stage: &Stage,
    (engine, site): (&Engine, &Site),
    copies: u64,
    moved: u64,
) -> Result<(Generated, Collector), Fault> {
    let busy = engine.server.busy_s();
    let took = copies::make(engine, copies)?;
    let busy_s = engine.server.busy_s() - busy;
    engine.rest();
    eprintln!("prove: clickhouse: they are counted");
    let last = copies::last_generation(engine)?;
    let collector = site.start(&stage.cores, 1)?;
    copies::until_begun(engine, last)?;
    let busy = engine.server.busy_s();
    let counting = copies::until_counted(engine)?;
    let counting_busy_s = engine.server.busy_s() - busy;
    let (events, is_multiple) = (moved * copies, false);
    let generated =
        Generated { copies, events, took, busy_s, counting, counting_busy_s, is_multiple };
    Ok((generated, collector))
}

/// Looks at the store as it is, once the engine has nothing else to do.
fn look(
    stage: &Stage,
    (engine, collector): (&Engine, &Collector),
    events: u64,
) -> Result<Size, Fault> {
    engine.rest();
    eprintln!("prove: clickhouse: {} million events are asked for", events / MILLION);
    let (time, least) = stage.effort.asked_within();
    let asked = ask_all(collector, (first_day()?, today()), Often::Within(time, least))?;
    let (now, most) = collector.server.memory_kib();
    Ok(Size {
        events,
        counted: collector.answered("atomic")?,
        asked,
        tables: engine.sizes(DATABASE)?,
        engine_mib: engine.memory_mib(),
        collector_mib: (now as f64 / 1024.0, most as f64 / 1024.0),
    })
}

type Rows = [(&'static str, Option<Value>)];

/// Whether each row of `events` has so many times the count of before.
fn is_multiple(before: &Rows, after: &Rows, times: u64) -> bool {
    let counts = |rows: &Rows| -> Vec<u64> {
        let events = rows.iter().find(|(name, _)| *name == "events");
        let rows = events.and_then(|(_, rows)| rows.as_ref()?.as_array().cloned());
        let rows = rows.unwrap_or_default();
        rows.iter().filter_map(|row| row.get("count")?.as_u64()).collect()
    };
    let before: Vec<u64> = counts(before).into_iter().map(|count| count * times).collect();
    !before.is_empty() && before == counts(after)
}
