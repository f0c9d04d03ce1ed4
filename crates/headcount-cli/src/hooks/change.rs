//! `headcount hooks install` and `remove`.

use std::io::{self, BufRead as _, IsTerminal as _};

use headcount::person::visible;
use headcount_agents::{Agent, HookPlan, HookScope, Hooks, InstallError};
use serde_json::{Value, json};

use super::failed::Failed;
use super::machine;
use crate::hooks_args::Change;
use crate::print;

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Install,
    Remove,
}

/// What became of one agent.
struct Done {
    agent: Agent,
    plan: Result<HookPlan, InstallError>,
    is_written: bool,
}

/// Installs or removes. 0 where everything is as it should be.
pub(crate) fn run(way: Way, change: &Change) -> Result<u8, Failed> {
    let hooks = machine::hooks(&change.look)?;
    let (agents, skipped) = match way {
        // What was installed is removed, also if the agent is gone.
        Way::Remove if change.look.agents.is_empty() => (Agent::INSTALLABLE.to_vec(), Vec::new()),
        _ => machine::agents(&change.look, &hooks),
    };
    let scope = change.look.scope.into();
    let mut all: Vec<Done> =
        agents.into_iter().map(|agent| planned(way, &hooks, agent, scope)).collect();
    let is_asked = !change.look.json && !change.yes && !change.dry_run && is_terminal();
    if !change.look.json && (change.dry_run || is_asked) {
        print::out(diffs(&all));
    }
    let has_changes = all.iter().any(|done| !changes(done).is_empty());
    if is_asked && has_changes && !is_agreed() {
        print::err("Nothing was changed.\n");
        return Ok(1);
    }
    if !change.dry_run {
        all.iter_mut().for_each(write);
    }
    if change.look.json {
        print::out(format_args!("{}\n", in_json(way, change, &hooks, &all, &skipped)));
    } else {
        print::out(said(way, change.dry_run, &all, &skipped));
    }
    let mut is_failed = false;
    for done in &all {
        if let Err(error) = &done.plan {
            is_failed = true;
            print::err(format_args!(
                "headcount hooks: {}: {}\n",
                done.agent.title(),
                visible(&error.to_string())
            ));
        }
    }
    Ok(u8::from(is_failed))
}

fn planned(way: Way, hooks: &Hooks, agent: Agent, scope: HookScope) -> Done {
    let plan = match way {
        Way::Install => hooks.plan_install(agent, scope),
        Way::Remove => hooks.plan_remove(agent, scope),
    };
    Done { agent, plan, is_written: false }
}

fn write(done: &mut Done) {
    let Ok(plan) = &done.plan else { return };
    match plan.apply() {
        Ok(()) => done.is_written = true,
        Err(error) => done.plan = Err(error),
    }
}

fn changes(done: &Done) -> &[headcount_agents::FileChange] {
    done.plan.as_ref().map_or(&[], HookPlan::changes)
}

fn is_terminal() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal() && io::stderr().is_terminal()
}

/// Asks once. It was asked for by name, so Enter is a yes; the end of the input
/// is not.
fn is_agreed() -> bool {
    print::err("Write these changes? [Y/n] ");
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    if read.map_or(true, |bytes| bytes == 0) {
        print::err("\n");
        return false;
    }
    matches!(line.trim().to_lowercase().as_str(), "" | "y" | "yes")
}

/// All changes. What is in a file may be meant for the terminal: it is made
/// visible.
fn diffs(all: &[Done]) -> String {
    let mut text = String::new();
    for change in all.iter().flat_map(changes) {
        for line in change.diff().lines() {
            text.push_str(&visible(&line.replace('\t', "    ")));
            text.push('\n');
        }
        text.push('\n');
    }
    text
}

/// What was done, for a person.
fn said(way: Way, is_dry: bool, all: &[Done], skipped: &[Agent]) -> String {
    let mut text = String::new();
    for done in all {
        let Ok(plan) = &done.plan else { continue };
        let title = done.agent.title();
        let files: Vec<String> = plan
            .changes()
            .iter()
            .map(|change| visible(&change.path().display().to_string()))
            .collect();
        let files = files.join(", ");
        let sentence = match (way, files.is_empty()) {
            (Way::Install, true) => format!("{title}: already installed.\n"),
            (Way::Remove, true) => String::new(),
            (Way::Install, false) if is_dry => format!("{title}: would be installed: {files}\n"),
            (Way::Remove, false) if is_dry => format!("{title}: would be removed: {files}\n"),
            (Way::Install, false) => format!("{title}: installed: {files}\n"),
            (Way::Remove, false) => format!("{title}: removed: {files}\n"),
        };
        text.push_str(&sentence);
        for sentence in plan.still_to_do() {
            text.push_str(&format!("  {sentence}\n"));
        }
    }
    if !skipped.is_empty() {
        let titles: Vec<&str> = skipped.iter().map(|agent| agent.title()).collect();
        text.push_str(&format!(
            "Skipped, since there is neither a folder nor a program of theirs: {}. Use --agent to \
             install for one all the same.\n",
            titles.join(", ")
        ));
    }
    if text.is_empty() && all.iter().all(|done| done.plan.is_ok()) {
        text.push_str("There is nothing to remove.\n");
    }
    text
}

fn in_json(way: Way, change: &Change, hooks: &Hooks, all: &[Done], skipped: &[Agent]) -> Value {
    let agents = all.iter().map(|done| {
        let files = changes(done).iter().map(|file| {
            let diff = change.dry_run.then(|| file.diff());
            json!({"file": file.path().display().to_string(), "diff": diff})
        });
        let files: Vec<Value> = files.collect();
        let outcome = match &done.plan {
            Err(_) => "failed",
            Ok(_) if files.is_empty() => "unchanged",
            Ok(_) if !done.is_written => "planned",
            Ok(_) => match way {
                Way::Install => "installed",
                Way::Remove => "removed",
            },
        };
        json!({
            "agent": done.agent.word(),
            "outcome": outcome,
            "files": files,
            "stillToDo": done.plan.as_ref().map_or(&[][..], HookPlan::still_to_do),
            "error": done.plan.as_ref().err().map(ToString::to_string),
        })
    });
    json!({
        "product": hooks.product,
        "scope": HookScope::from(change.look.scope).word(),
        "dryRun": change.dry_run,
        "agents": agents.collect::<Vec<Value>>(),
        "skipped": skipped.iter().map(|agent| agent.word()).collect::<Vec<&str>>(),
    })
}
