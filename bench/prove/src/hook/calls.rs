//! One call of the hook, from its start to its exit.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::home::{HookHome, fed, peak_mib};
use crate::Fault;
use crate::limits::{Effort, HOOK_MIB, HOOK_RATIO};
use crate::page::{Met, Section, Table, Verdict};
use crate::process::{Call, Watch, reap};
use crate::sample::Sample;

/// Milliseconds in a second.
const MS: f64 = 1e3;

/// What others write: a line with `jq`, and a script.
const JQ: &str = "jq -c '{session_id, hook_event_name}' >> \"$HOME/line.jsonl\"";
const PYTHON: &str = "import json,os,sys
d=json.load(sys.stdin)
with open(os.path.expanduser('~/script.jsonl'),'a') as f:
    f.write(json.dumps({k:d.get(k) for k in ('session_id','hook_event_name')})+'\\n')";

/// A way to answer the call.
struct Way {
    label: &'static str,
    call: Call,
    input: fn(&HookHome, u32) -> Result<PathBuf, Fault>,
    /// Whether pauses after failures are forgotten first, so that a shipper
    /// starts.
    ships: Ships,
    times: Vec<f64>,
}

#[derive(PartialEq, Eq)]
enum Ships {
    Yes,
    No,
}

/// Measures it.
///
/// # Errors
///
/// A program does not start, or fails.
pub(crate) fn measure(home: &HookHome, watch: &Watch, effort: Effort) -> Result<Section, Fault> {
    let start: fn(&HookHome, u32) -> Result<PathBuf, Fault> =
        |home, round| home.payload(&format!("s{round}"), "SessionStart", ",\"source\":\"startup\"");
    let end: fn(&HookHome, u32) -> Result<PathBuf, Fault> =
        |home, round| home.payload(&format!("e{round}"), "SessionEnd", ",\"reason\":\"other\"");
    let hook = |event: &str| home.call("hook", &["claude", event]);
    let shell = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let way = |label, call, input, ships| Way { label, call, input, ships, times: Vec::new() };
    let mut ways = vec![
        way("`/bin/true`", home.program(Path::new("/bin/true"), Vec::new()), start, Ships::No),
        way(
            "**`headcount hook`**, telemetry off",
            hook("SessionStart").with("DO_NOT_TRACK", "1"),
            start,
            Ships::No,
        ),
        way("**`headcount hook`**, a start is noted", hook("SessionStart"), start, Ships::No),
        way("**`headcount hook`**, an end is recorded", hook("SessionEnd"), end, Ships::No),
        way("the same, and a shipper is started", hook("SessionEnd"), end, Ships::Yes),
        way(
            "a line with `jq`",
            home.program(Path::new("/bin/sh"), shell(&["-c", JQ])),
            start,
            Ships::No,
        ),
        way(
            "a script in Python",
            home.program(Path::new("/usr/bin/env"), shell(&["python3", "-c", PYTHON])),
            start,
            Ships::No,
        ),
    ];
    for round in 0..effort.rounds() {
        for way in &mut ways {
            home.clean()?;
            if way.ships == Ships::No {
                home.pause()?;
            }
            let input = (way.input)(home, round)?;
            let cost = fed(&way.call, &input, watch)?;
            reap(Duration::from_secs(20))?;
            way.times.push(cost);
        }
    }
    let samples: Vec<Sample> =
        ways.iter().map(|way| Sample::of(way.times.iter().copied())).collect();
    let floor = samples[0].median();
    let mut table = Table::new(&[
        "one call, the payload on standard input",
        "ms",
        "times `/bin/true`",
        "MiB resident",
    ]);
    let mut verdicts = Vec::new();
    for (way, sample) in ways.iter().zip(&samples) {
        home.clean()?;
        let peak = peak_mib(&way.call, &(way.input)(home, u32::MAX)?)?;
        let ratio = sample.median() / floor;
        table.row([
            way.label.to_owned(),
            sample.told(MS, 2),
            format!("{ratio:.2}"),
            format!("{peak:.1}"),
        ]);
        if way.label.contains("headcount hook") {
            let what = way.label.replace("**", "");
            verdicts.push(Verdict::new(
                what.clone(),
                format!("{HOOK_RATIO} × `/bin/true`"),
                format!("{ratio:.2} ×"),
                Met::within(ratio, HOOK_RATIO),
            ));
            verdicts.push(Verdict::new(
                format!("{what}: memory"),
                format!("{HOOK_MIB} MiB"),
                format!("{peak:.1} MiB"),
                Met::within(peak, HOOK_MIB),
            ));
        }
    }
    Ok(Section {
        title: "One call",
        text: format!(
            "{} rounds, in each of them every way once. The line and the script append what they read to a \
             file: they ask nobody, allow everything, and send nothing.",
            effort.rounds()
        ),
        tables: vec![table],
        verdicts,
    })
}
