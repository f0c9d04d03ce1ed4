//! The proof: what telemetry costs a host, measured on this machine, peers
//! beside us, and that nothing is lost.
//!
//! `cargo xtask prove` builds this program and runs it. Everything happens on
//! loopback. Hosts are real processes, the contenders of a table take turns in
//! the same run, and what is told is medians with their spread: absolute times
//! are one machine's, differences and ratios travel.
//!
//! ```text
//! hosts     the programs that are compared         ─┐
//! homes     a person's folder, anew for each run    ├─>  commands, growth, shipper
//! endpoint  healthy, slow, refusing, silent, gone  ─┘
//! inside    another process looks at itself         ──>  record, start, threads
//! weight    size, crates, cold builds
//! loss      kill -9 at random instants, and the books afterwards
//!                                                   ──>  page
//! ```
//!
//! `cargo xtask prove collector` is another proof: what a collector takes, and
//! keeps. `cargo xtask prove hook` is the third: what a hook of a coding agent
//! costs. Each has a folder of its own, `collector` and `hook`.

mod limits;
mod places;
mod arguments;
mod sample;
mod page;
mod machine;
mod hosts;
mod homes;
mod process;
mod http;
mod endpoint;
mod inside;
mod record;
mod start;
mod threads;
mod commands;
mod patience;
mod growth;
mod shipper;
mod build;
mod weight;
mod loss;
mod collector;
mod hook;

use std::process::ExitCode;
use std::time::Instant;

use arguments::Arguments;
use page::Section;

/// Why a measurement could not be made: a sentence.
type Fault = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1).peekable();
    let proof = words.next_if(|word| matches!(word.as_str(), "collector" | "hook" | "peak"));
    let proved = match proof.as_deref() {
        Some("collector") => collector::prove(words),
        Some("hook") => hook::prove(words),
        // What the proof of the hook starts to look at one call.
        Some(_) => hook::print_peak(words),
        None => Arguments::read(words).and_then(|arguments| prove(&arguments)),
    };
    match proved {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("prove: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn prove(arguments: &Arguments) -> Result<(), Fault> {
    let began = Instant::now();
    let effort = arguments.effort;
    let scratch = tempfile::Builder::new().prefix("headcount-proof-").tempdir()?;
    process::adopt_orphans()?;
    let machine = machine::describe(&arguments.places.repository, scratch.path());
    let built = timed("building the hosts", || build::build(arguments, scratch.path()))?;
    let stage = hosts::Stage::set(&built, scratch.path())?;

    let wanted = |topic: &str| arguments.only.as_deref().is_none_or(|only| only.contains(topic));
    let mut sections: Vec<Section> = Vec::new();
    let mut add = |topic: &str, make: &mut dyn FnMut() -> Result<Section, Fault>| {
        if wanted(topic) {
            sections.push(timed(topic, make)?);
        }
        Ok::<(), Fault>(())
    };
    add("record", &mut || record::measure(&stage, effort))?;
    add("start", &mut || start::measure(&stage, effort))?;
    add("threads", &mut || threads::measure(&stage, effort))?;
    add("commands", &mut || commands::measure(&stage, effort))?;
    add("patience", &mut || patience::measure(&stage, effort))?;
    add("growth", &mut || growth::measure(&stage, effort))?;
    add("shipper", &mut || shipper::measure(&stage, effort))?;
    add("weight", &mut || Ok(weight::weigh(&built)))?;
    add("loss", &mut || loss::measure(&stage, arguments))?;

    let text = page::write(&machine, arguments, &built.versions, &sections, began.elapsed());
    std::fs::write(&arguments.places.page, text)?;
    eprintln!(
        "prove: {} after {:.0} s",
        arguments.places.page.display(),
        began.elapsed().as_secs_f64()
    );
    Ok(())
}

fn timed<T>(what: &str, mut make: impl FnMut() -> Result<T, Fault>) -> Result<T, Fault> {
    let began = Instant::now();
    eprintln!("prove: {what} …");
    let made = make().map_err(|fault| format!("{what}: {fault}"))?;
    eprintln!("prove: {what}: {:.1} s", began.elapsed().as_secs_f64());
    Ok(made)
}
