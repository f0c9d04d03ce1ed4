//! `headcount hooks status`.

use headcount::person::visible;
use headcount_agents::{Agent, HookScope, HookState, HookStatus, Hooks, InstallError};
use serde_json::{Value, json};

use super::failed::Failed;
use super::machine;
use crate::hooks_args::Look;
use crate::print;

/// Says what is installed. 1 where a file cannot be read.
pub(crate) fn run(look: &Look) -> Result<u8, Failed> {
    let hooks = machine::hooks(look)?;
    let scope = look.scope.into();
    let named = |agent: &Agent| look.agents.is_empty() || look.agents.contains(agent);
    let agents = Agent::INSTALLABLE.into_iter().filter(named);
    let all: Vec<(Agent, Result<HookStatus, InstallError>)> =
        agents.map(|agent| (agent, hooks.status(agent, scope))).collect();
    if look.json {
        print::out(format_args!("{}\n", in_json(&hooks, scope, &all)));
    } else {
        for (agent, status) in &all {
            print::out(said(&hooks, *agent, status));
        }
    }
    Ok(u8::from(all.iter().any(|(_, status)| status.is_err())))
}

/// What is installed for one agent, for a person.
fn said(hooks: &Hooks, agent: Agent, status: &Result<HookStatus, InstallError>) -> String {
    let title = agent.title();
    let status = match status {
        Ok(status) => status,
        Err(error) => return format!("{title}: unknown: {}\n", visible(&error.to_string())),
    };
    let files: Vec<String> =
        status.files.iter().map(|file| visible(&file.display().to_string())).collect();
    let files = files.join(", ");
    let mut text = match status.state {
        HookState::NotInstalled if hooks.is_there(agent) => format!("{title}: not installed\n"),
        HookState::NotInstalled => format!("{title}: not installed, and not found here\n"),
        HookState::Installed => format!("{title}: installed: {files}\n"),
        HookState::Different => {
            format!("{title}: installed, but not as now: install again to update: {files}\n")
        }
    };
    if status.state != HookState::NotInstalled {
        if let Some((file, setting)) = &status.turned_off {
            let file = visible(&file.display().to_string());
            text.push_str(&format!("  All hooks are turned off: {setting} in {file}\n"));
        }
        match status.is_reviewed {
            Some(true) => text.push_str("  Reviewed.\n"),
            Some(false) => text.push_str(
                "  Not reviewed yet, so it is skipped: start `codex`, type /hooks, and trust it.\n",
            ),
            None => {}
        }
    }
    text
}

fn in_json(
    hooks: &Hooks,
    scope: HookScope,
    all: &[(Agent, Result<HookStatus, InstallError>)],
) -> Value {
    let agents = all.iter().map(|(agent, status)| {
        let paths = |paths: &[std::path::PathBuf]| -> Vec<String> {
            paths.iter().map(|path| path.display().to_string()).collect()
        };
        match status {
            Ok(status) => json!({
                "agent": agent.word(),
                "present": hooks.is_there(*agent),
                "state": status.state.word(),
                "files": paths(&status.files),
                "programs": paths(&status.programs),
                "turnedOff": status.turned_off.as_ref().map(|(file, setting)| {
                    json!({"file": file.display().to_string(), "setting": setting})
                }),
                "reviewed": status.is_reviewed,
            }),
            Err(error) => json!({
                "agent": agent.word(),
                "present": hooks.is_there(*agent),
                "state": "unknown",
                "error": error.to_string(),
            }),
        }
    });
    json!({
        "product": hooks.product,
        "scope": scope.word(),
        "agents": agents.collect::<Vec<Value>>(),
    })
}
