//! One start: settings, the administrator's policy, the state and the id,
//! against reading the same files bare.

use crate::Fault;
use crate::hosts::Stage;
use crate::inside::Said;
use crate::limits::{Effort, START_OFF_US, START_US};
use crate::page::{Met, Section, Table, Verdict};

/// Microseconds in a nanosecond.
const US: f64 = 1e-3;

/// Measures it.
///
/// # Errors
///
/// The process that looks at itself failed.
pub(crate) fn measure(stage: &Stage, effort: Effort) -> Result<Section, Fault> {
    let (processes, turns) = effort.inside();
    let (mut on, mut off) = (Said::default(), Said::default());
    for _ in 0..processes {
        let home = stage.home()?;
        let call = stage.inside(&home).saying(&["open", &turns.to_string()]);
        on.hear(&call)?;
        off.hear(&call.with("HELLO_TELEMETRY", "0"))?;
    }
    let mut table = Table::new(&["one start", "µs", "fastest … slowest turn"]);
    for (said, name, label) in [
        (&on, "bare", "reading three files, and a fourth that is not there, bare: the floor"),
        (&on, "open", "**`Telemetry::open`**, on: decided"),
        (&on, "first", "the same, and the id and the agreement, which the first event reads"),
        (&off, "open", "**`Telemetry::open`**, a variable says off"),
    ] {
        let sample = said.of(name);
        table.row([label.to_owned(), sample.told(US, 2), sample.range(US, 2)]);
    }
    let verdict = |what: &str, value: f64, limit: f64| {
        Verdict::new(
            what,
            format!("{limit} µs"),
            format!("{value:.1} µs"),
            Met::within(value, limit),
        )
    };
    let (whole, refused) = (on.of("first").median() * US, off.of("open").median() * US);
    Ok(Section {
        title: "Starting up",
        text: format!(
            "{} turns of 200 starts, everything warm; the environment is read each time. The id \
             is only read when something is recorded, so the budget is held against the third \
             line.",
            on.of("open").count()
        ),
        tables: vec![table],
        verdicts: vec![
            verdict("starting up: decision, settings, policy, id", whole, START_US),
            verdict("starting up, a variable says off", refused, START_OFF_US),
        ],
    })
}
