//! The proof of the collector: how fast it is and what it promises, beside
//! others; what it does when it has too much to do, when it has very much to
//! keep, and when it is killed or its disk fails; and its store on ClickHouse
//! beside the embedded one.
//!
//! ```text
//! form      the catalogs' own samples in five dialects  ─┐
//! fresh     ids that were never sent before              ├─>  template  ─┐
//!                                                                        ├─>  load  ──>  tally
//! cores, server, ours, contenders, postgres: who is sent to             ─┘
//!
//! throughput, latency, overload, growth, clickhouse, kill, disks, steady  ──>  page
//! ```

mod limits;
mod arguments;
mod fresh;
mod form;
mod template;
mod connection;
mod load;
mod tally;
mod cores;
mod server;
mod ours;
mod postgres;
mod contenders;
mod stage;
mod disk;
mod page;
mod verdicts;
mod throughput;
mod watch;
mod chart;
mod latency;
mod overload;
mod questions;
mod growing;
mod growth;
mod growth_page;
mod clickhouse;
mod replay;
mod kill;
mod small_disk;
mod held;
mod disks;
mod steady;

use std::os::unix::fs::PermissionsExt as _;
use std::time::Instant;

use crate::Fault;
use crate::page::Section;
use arguments::Arguments;
use contenders::Peers;
use cores::Cores;
use ours::Site;
use page::Parts;
use stage::Stage;

/// A part: its name and how it is measured.
type Part = (&'static str, fn(&Stage) -> Result<Section, Fault>);

/// The part that needs an engine.
const CLICKHOUSE: &str = "clickhouse";

/// Every part, in the order of the page.
const PARTS: [Part; 8] = [
    ("throughput", throughput::measure),
    ("latency", latency::measure),
    ("overload", overload::measure),
    ("growth", growth::measure),
    (CLICKHOUSE, clickhouse::measure),
    ("kill", kill::measure),
    ("disks", disks::measure),
    ("steady", steady::measure),
];

/// Makes the proof.
///
/// # Errors
///
/// A sentence on what could not be measured.
pub(crate) fn prove(words: impl Iterator<Item = String>) -> Result<(), Fault> {
    let arguments = Arguments::read(words)?;
    let order = PARTS.map(|(name, _)| name);
    let wanted = arguments.only.clone().unwrap_or_else(|| order.map(str::to_owned).to_vec());
    if let Some(unknown) = wanted.iter().find(|name| !order.contains(&name.as_str())) {
        return Err(format!("unknown part `{unknown}`: use {}", order.join(", ")).into());
    }
    // Not in the system's temporary folder, which may be memory.
    let scratch =
        tempfile::Builder::new().prefix("collector-proof-").tempdir_in(&arguments.places.target)?;
    // PostgreSQL runs as somebody else and must find its folder.
    std::fs::set_permissions(scratch.path(), std::fs::Permissions::from_mode(0o711))?;
    let machine = crate::machine::describe(&arguments.places.repository, scratch.path());
    let parts = Parts::of(&arguments.places.target, arguments.effort)?;
    parts.adopt(&order, &arguments.places.page)?;
    let stage = Stage {
        site: Site::new(&arguments.places.collector, scratch.path())?,
        peers: Peers::of(&arguments.peers),
        cores: Cores::of_this_process()?,
        scratch: scratch.path().to_owned(),
        effort: arguments.effort,
        growth: arguments.growth.unwrap_or(arguments.effort.growth()),
        generated: arguments.generated,
        seed: arguments.seed,
        repository: arguments.places.repository.clone(),
        target: arguments.places.target.clone(),
        parts: parts.clone(),
    };
    cores::stay_on(stage.cores.for_load())?;
    for (name, measure) in PARTS {
        if !wanted.iter().any(|each| each == name) {
            continue;
        }
        // Named, it fails; otherwise what it said last stays.
        if name == CLICKHOUSE
            && arguments.only.is_none()
            && let Some(why) = clickhouse::is_missing(&stage)
        {
            eprintln!("prove: {name} is left out: {why}");
            continue;
        }
        let load = crate::machine::load();
        let began = Instant::now();
        eprintln!("prove: {name} …");
        let section = measure(&stage).map_err(|fault| format!("{name}: {fault}"))?;
        let seconds = began.elapsed().as_secs_f64();
        parts.keep(name, &page::made(&arguments, &load, seconds), &section)?;
        eprintln!("prove: {name}: {seconds:.1} s");
        if name == "throughput" {
            parts.keep_peers(&stage.peers.versions())?;
        }
        let text = parts.page(&order, &machine);
        std::fs::write(&arguments.places.page, text)?;
    }
    eprintln!("prove: {}", arguments.places.page.display());
    Ok(())
}
