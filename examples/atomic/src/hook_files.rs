//! The files by which a coding agent tells Atomic of its sessions (§5.3.3).
//!
//! | agent | the document's file | registered in |
//! | --- | --- | --- |
//! | Claude Code | `.claude/hooks/telemetry-stop.sh` | `.claude/settings.json` |
//! | Copilot CLI | `.github/hooks/telemetry-end.sh` | `.github/hooks/atomic-telemetry.json` |
//! | OpenCode | `.opencode/plugin/telemetry.ts` | nothing: OpenCode reads the folder |
//!
//! Each only calls the hidden `atomic hook`. On Windows, where agents run hooks
//! in PowerShell, Atomic itself is registered instead of a script.

use std::fs;
use std::path::{Path, PathBuf};

use headcount_agents::{Agent, HookCommand, HookScope, Hooks, Places};

use crate::own_file::{MARK, OwnFile, is_absent};
use crate::telemetry::{AgentType, CATALOG};

/// A project, and the program that its agents are to call.
pub(crate) struct HookFiles {
    pub(crate) project: PathBuf,
    pub(crate) home: PathBuf,
    /// Atomic itself.
    pub(crate) program: PathBuf,
}

/// How one agent is told.
struct Way {
    agent: Agent,
    /// The document's file, if there is one on this system.
    own: Option<OwnFile>,
    /// The registration, its file, and what is in that file of ours.
    registered: Option<(Hooks, &'static str, &'static str)>,
}

impl HookFiles {
    /// Installs the hooks of an agent, and returns what the person has to know:
    /// nothing if they were there already.
    ///
    /// # Errors
    ///
    /// Returns a sentence that says what is wrong and what to do. Nothing is
    /// left then that was not there before.
    pub(crate) fn install(&self, agent: AgentType) -> Result<Vec<String>, String> {
        let Way { agent, own, registered } = self.way(agent)?;
        let is_new = own.as_ref().is_some_and(|own| fs::symlink_metadata(&own.path).is_err());
        let mut is_changed = match &own {
            Some(own) => own.write()?,
            None => false,
        };
        let mut told = Vec::new();
        if let Some((hooks, ..)) = registered {
            let done = hooks.plan_install(agent, HookScope::Project).and_then(|plan| {
                plan.apply()?;
                Ok((!plan.changes().is_empty(), plan.still_to_do().to_vec()))
            });
            let (is_registered, still_to_do) = done.map_err(|error| {
                if let Some(own) = own.filter(|_| is_new) {
                    let _ = own.remove(&self.project);
                }
                error.to_string()
            })?;
            is_changed |= is_registered;
            told.extend(still_to_do.into_iter().map(str::to_owned));
        } else if is_changed {
            told.push("OpenCode reads plugins when it starts: restart it.".to_owned());
            told.push("The file has a path of this machine in it: do not commit it.".to_owned());
        }
        Ok(if is_changed { told } else { Vec::new() })
    }

    /// Removes the hooks of every agent, and returns those that had any.
    ///
    /// # Errors
    ///
    /// Returns a sentence for each agent whose hooks cannot be removed.
    pub(crate) fn remove(&self) -> Result<Vec<AgentType>, Vec<String>> {
        let (mut removed, mut errors) = (Vec::new(), Vec::new());
        for agent in AgentType::ALL {
            match self.remove_one(agent) {
                Ok(true) => removed.push(agent),
                Ok(false) => {}
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(removed) } else { Err(errors) }
    }

    fn remove_one(&self, agent: AgentType) -> Result<bool, String> {
        let Way { agent, own, registered } = self.way(agent)?;
        let mut is_changed = false;
        if let Some((hooks, file, ours)) = registered {
            // A file in which there is nothing of ours may be as broken as it
            // is.
            let path = self.project.join(file);
            let text = match fs::read(&path) {
                Err(error) if is_absent(&error) || path.is_dir() => Vec::new(),
                // The script stays too: it may be registered there.
                Err(error) => return Err(format!("{}: cannot be read: {error}", path.display())),
                Ok(text) => text,
            };
            if String::from_utf8_lossy(&text).contains(ours) {
                let plan = hooks.plan_remove(agent, HookScope::Project);
                let plan = plan.map_err(|error| error.to_string())?;
                plan.apply().map_err(|error| error.to_string())?;
                is_changed = !plan.changes().is_empty();
            }
        }
        match own {
            Some(own) => Ok(own.remove(&self.project)? || is_changed),
            None => Ok(is_changed),
        }
    }

    fn way(&self, agent: AgentType) -> Result<Way, String> {
        let itself =
            HookCommand::new(&self.program, ["hook"]).map_err(|error| error.to_string())?;
        let (agent, script, file, ours) = match agent {
            AgentType::Claude => (
                Agent::Claude,
                ".claude/hooks/telemetry-stop.sh",
                ".claude/settings.json",
                if cfg!(windows) { "atomic" } else { "telemetry-stop.sh" },
            ),
            AgentType::Copilot => (
                Agent::Copilot,
                ".github/hooks/telemetry-end.sh",
                ".github/hooks/atomic-telemetry.json",
                if cfg!(windows) { "atomic" } else { "telemetry-end.sh" },
            ),
            AgentType::Opencode => {
                let text = plugin(&self.hooks(itself));
                let path = self.project.join(".opencode/plugin/telemetry.ts");
                let own = text.map(|text| OwnFile { path, text, is_executable: false });
                return Ok(Way { agent: Agent::OpenCode, own, registered: None });
            }
        };
        if cfg!(windows) {
            let registered = Some((self.hooks(itself), file, ours));
            return Ok(Way { agent, own: None, registered });
        }
        let path = self.project.join(script);
        let none: [&str; 0] = [];
        let command = HookCommand::new(&path, none).map_err(|error| error.to_string())?;
        let own = OwnFile { path, text: script_for(itself.program()), is_executable: true };
        Ok(Way { agent, own: Some(own), registered: Some((self.hooks(command), file, ours)) })
    }

    fn hooks(&self, command: HookCommand) -> Hooks {
        let places = Places::new(self.home.clone(), self.project.clone(), |_| None);
        let moments = Hooks::moments_of(&CATALOG);
        Hooks { places, command, product: CATALOG.product.name.to_owned(), moments }
    }
}

/// The script that an agent runs. Where Atomic is gone, the agent is not told
/// of an error.
fn script_for(program: &Path) -> String {
    let program = program.to_string_lossy().replace('\'', r"'\''");
    format!(
        "#!/bin/sh
# Telemetry of Atomic CLI: {MARK}, removed by `atomic uninstall`.
# It passes on what the agent tells of a session. Of that, `atomic hook` records when the
# session began and ended and which commands of Atomic were used: no prompt, no path, no answer.
program='{program}'
[ -x \"$program\" ] || program=$(command -v atomic) || exit 0
exec \"$program\" hook \"$@\"
"
    )
}

/// The plugin of OpenCode, under the document's name.
fn plugin(hooks: &Hooks) -> Option<String> {
    let text = hooks.own_file_text(Agent::OpenCode)?;
    let text = text
        .replace("written by `hooks install`", MARK)
        .replace("removed by `hooks remove`", "removed by `atomic uninstall`");
    Some(format!("// @ts-nocheck: plain JavaScript, which OpenCode runs as it is.\n{text}"))
}
