//! `headcount hooks doctor`.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use headcount::person::visible;
use headcount_agents::{Agent, HookFinding, Hooks};
use serde_json::{Value, json};

use super::failed::Failed;
use super::machine;
use crate::hooks_args::Look;
use crate::print;

/// A program that is asked for its version has this long, on a machine that has
/// just woken up.
const PATIENCE: Duration = Duration::from_secs(10);

/// Looks whether the hooks can work. 1 where something needs doing.
pub(crate) fn run(look: &Look) -> Result<u8, Failed> {
    let hooks = machine::hooks(look)?;
    let (agents, _) = machine::agents(look, &hooks);
    let mut all: Vec<(Option<Agent>, HookFinding)> = Vec::new();
    if let Some(text) = refusal(hooks.command.program()) {
        all.push((None, HookFinding { is_wrong: true, text }));
    }
    for agent in agents {
        all.extend(hooks.examine(agent).into_iter().map(|finding| (Some(agent), finding)));
    }
    if look.json {
        print::out(format_args!("{}\n", in_json(&hooks, &all)));
    } else {
        print::out(said(&all));
    }
    Ok(u8::from(all.iter().any(|(_, finding)| finding.is_wrong)))
}

/// Why a program cannot be the hook, if it cannot.
fn refusal(program: &Path) -> Option<String> {
    let shown = program.display();
    let started = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) => return Some(format!("{shown} does not start: {error}.")),
    };
    let end = Instant::now() + PATIENCE;
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return None,
            Ok(Some(status)) => return Some(format!("{shown} --version fails: {status}.")),
            Ok(None) if Instant::now() < end => std::thread::sleep(Duration::from_millis(5)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                let seconds = PATIENCE.as_secs();
                return Some(format!("{shown} --version does not end within {seconds} seconds."));
            }
        }
    }
}

fn said(all: &[(Option<Agent>, HookFinding)]) -> String {
    let mut text = String::new();
    for (agent, finding) in all {
        let title = agent.map_or("The hook", Agent::title);
        let mark = if finding.is_wrong { "WRONG" } else { "note" };
        text.push_str(&format!("{mark}: {title}: {}\n", visible(&finding.text)));
    }
    let wrong = all.iter().filter(|(_, finding)| finding.is_wrong).count();
    text.push_str(&match wrong {
        0 => "Nothing needs doing.\n".to_owned(),
        1 => "One thing needs doing.\n".to_owned(),
        number => format!("{number} things need doing.\n"),
    });
    text
}

fn in_json(hooks: &Hooks, all: &[(Option<Agent>, HookFinding)]) -> Value {
    let findings = all.iter().map(|(agent, finding)| {
        json!({
            "agent": agent.map(Agent::word),
            "wrong": finding.is_wrong,
            "text": finding.text,
        })
    });
    json!({"product": hooks.product, "findings": findings.collect::<Vec<Value>>()})
}
