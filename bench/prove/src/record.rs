//! One event through an open handle, against the bare system calls; and which
//! calls those are.

use std::collections::BTreeMap;

use crate::Fault;
use crate::hosts::Stage;
use crate::inside::Said;
use crate::limits::{Effort, RECORD_RATIO};
use crate::page::{Met, Section, Table, Verdict};

/// Events in the longer of the two runs under `strace`.
const TRACED: u32 = 101;

/// Measures it.
///
/// # Errors
///
/// The process that looks at itself failed.
pub(crate) fn measure(stage: &Stage, effort: Effort) -> Result<Section, Fault> {
    let (processes, turns) = effort.inside();
    let mut said = Said::default();
    for _ in 0..processes {
        let home = stage.home()?;
        said.hear(&stage.inside(&home).saying(&["record", &turns.to_string()]))?;
    }
    let locked = said.of("locked").median();
    let mut table = Table::new(&["one event", "ns", "fastest … slowest turn", "ratio"]);
    for (name, label) in [
        ("kept", "`write` on a file that stays open"),
        ("unlocked", "`open`, `write`, `close`"),
        ("locked", "`open`, `flock`, `write`, `close`: the floor"),
        ("protocol", "the same, and the protocol's `fstat`, `pread`, `lseek`, second `flock`"),
        ("append", "`Queue::append`: the line is there already"),
        ("line", "`Session::line`: the line alone, nothing written"),
        ("record", "**`Session::record`**: both"),
    ] {
        let sample = said.of(name);
        let ratio = format!("{:.2}", sample.median() / locked);
        table.row([label.to_owned(), sample.told(1.0, 0), sample.range(1.0, 0), ratio]);
    }
    let record = said.of("record");
    let ratio = record.median() / locked;
    let extra = said.of("protocol").median() - locked;
    let text = format!(
        "{} turns of 1,000 events in {processes} processes, every variant in turn, the same line \
         of {:.0} bytes. The protocol's own calls beyond the floor cost {extra:.0} ns; they buy \
         that no claim cuts a writer in half and no torn line takes a neighbour \
         (`crates/headcount-queue/src/lib.rs`).\n\n{}",
        record.count(),
        said.of("line-bytes").median(),
        calls(stage)?
    );
    let verdict = Verdict::new(
        "recording one event through an open handle",
        format!("{RECORD_RATIO} × the locked append ({locked:.0} ns)"),
        format!("{:.0} ns = {ratio:.2} ×", record.median()),
        Met::within(ratio, RECORD_RATIO),
    );
    Ok(Section { title: "Recording one event", text, tables: vec![table], verdicts: vec![verdict] })
}

/// The system calls of one record, as `strace` counts them: a hundred events
/// more, a hundredth of the calls more.
fn calls(stage: &Stage) -> Result<String, Fault> {
    let one = trace(stage, 1)?;
    let many = trace(stage, TRACED)?;
    let (Some(one), Some(many)) = (one, many) else {
        return Ok("`strace` is not on this machine, so the calls of one record are not listed."
            .to_owned());
    };
    let each = |(name, count): (String, u32)| {
        let more = count.saturating_sub(one.get(&name).copied().unwrap_or(0));
        let times = f64::from(more) / f64::from(TRACED - 1);
        (times >= 0.5).then(|| format!("{times:.0} `{name}`"))
    };
    let list: Vec<String> = many.into_iter().filter_map(each).collect();
    Ok(format!("System calls of one record, by `strace`: {}.", list.join(", ")))
}

fn trace(stage: &Stage, events: u32) -> Result<Option<BTreeMap<String, u32>>, Fault> {
    let home = stage.home()?;
    let file = home.path().join("trace");
    let mut call = stage.inside(&home);
    let program = call.program.to_string_lossy().into_owned();
    call.program = "strace".into();
    let count = events.to_string();
    let call = call.saying(&["-f", "-qq", "-o", &file.to_string_lossy(), &program, "fill", &count]);
    if call.output().is_err() {
        return Ok(None);
    }
    let mut counts = BTreeMap::new();
    for line in std::fs::read_to_string(file)?.lines() {
        // `PID name(arguments) = result`
        let name = line.split('(').next().and_then(|head| head.split_whitespace().last());
        if let Some(name) = name {
            *counts.entry(name.to_owned()).or_insert(0) += 1;
        }
    }
    Ok(Some(counts))
}
