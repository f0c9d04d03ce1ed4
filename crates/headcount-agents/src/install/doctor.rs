//! Says what keeps the hooks of an agent from working.

use std::path::Path;

use jsonc_parser::ast::{Object, Value};

use super::entries;
use super::file;
use super::hooks::Hooks;
use super::jsonc;
use super::places::HookScope;
use super::status::{HookState, HookStatus};
use super::table::Piece;
use crate::Agent;

/// Something that a look at the hooks found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookFinding {
    /// Whether a person must do something about it; otherwise it is good to
    /// know.
    pub is_wrong: bool,
    /// What it is, and what to do, as sentences.
    pub text: String,
}

impl HookFinding {
    fn wrong(text: impl Into<String>) -> Self {
        Self { is_wrong: true, text: text.into() }
    }

    fn hint(text: impl Into<String>) -> Self {
        Self { is_wrong: false, text: text.into() }
    }
}

impl Hooks {
    /// Looks at the hooks of an agent, for the person and for the project.
    #[must_use]
    pub fn examine(&self, agent: Agent) -> Vec<HookFinding> {
        let mut findings = Vec::new();
        let mut installed = Vec::new();
        for scope in HookScope::ALL {
            // In the home folder both scopes mean the same file.
            if scope == HookScope::Project && self.places.project == self.places.home {
                continue;
            }
            match self.status(agent, scope) {
                Err(error) => findings.push(HookFinding::wrong(format!("{error}."))),
                Ok(status) if status.state == HookState::NotInstalled => {}
                Ok(status) => {
                    self.examine_installed(agent, scope, &status, &mut findings);
                    installed.push(scope);
                }
            }
        }
        if installed.is_empty() && findings.is_empty() && self.is_there(agent) {
            let word = agent.word();
            findings.push(HookFinding::hint(format!(
                "Not installed: `hooks install --agent {word}` installs them."
            )));
        }
        if installed.len() > 1 {
            findings.push(HookFinding::wrong(
                "Installed for the person and for this project, so that each hook runs twice: \
                 remove one with `hooks remove --scope project`.",
            ));
        }
        for scope in HookScope::ALL {
            self.examine_orphans(agent, scope, &mut findings);
        }
        self.examine_neighbours(agent, &installed, &mut findings);
        findings
    }

    fn examine_installed(
        &self,
        agent: Agent,
        scope: HookScope,
        status: &HookStatus,
        findings: &mut Vec<HookFinding>,
    ) {
        let files: Vec<String> =
            status.files.iter().map(|file| file.display().to_string()).collect();
        let (files, word) = (files.join(", "), scope.word());
        if status.state == HookState::Different {
            findings.push(HookFinding::wrong(format!(
                "{files}: not as an install would make it: `hooks install --scope {word}` brings it up to date."
            )));
        }
        for program in status.programs.iter().filter(|program| !program.is_file()) {
            findings.push(HookFinding::wrong(format!(
                "{files}: the program {} does not exist: install it, or install the hooks again.",
                program.display()
            )));
        }
        if let Some((file, setting)) = &status.turned_off {
            findings.push(HookFinding::wrong(format!(
                "{}: {setting} turns off all hooks: change it if you want them to run.",
                file.display()
            )));
        }
        if status.is_reviewed == Some(false) {
            findings.push(HookFinding::wrong(crate::codex::install::REVIEW));
        }
        if agent == Agent::Claude {
            self.examine_claude(scope, findings);
        }
    }

    /// Lines whose catalog is gone: they run and do nothing.
    fn examine_orphans(&self, agent: Agent, scope: HookScope, findings: &mut Vec<HookFinding>) {
        let Some(table) = self.table(agent, scope) else { return };
        for piece in &table.pieces {
            let Piece::Entries { file, shape, .. } = piece else { continue };
            let text = file::read(file).ok().and_then(|file| file.text).unwrap_or_default();
            let gone = |line: &str| {
                let other = self.command.other_catalog(line, agent);
                other.is_some_and(|catalog| !Path::new(&catalog).exists())
            };
            for orphan in entries::found(&text, *shape, &gone).unwrap_or_default() {
                let finding = HookFinding::wrong(format!(
                    "{}: a hook of `{}` reads a catalog that does not exist: delete it by hand.",
                    file.display(),
                    orphan.event
                ));
                findings.extend((!findings.contains(&finding)).then_some(finding));
            }
        }
    }

    /// Claude Code drops all hooks of a file in which one of these is wrong,
    /// and says so nowhere but in its own `doctor`.
    fn examine_claude(&self, scope: HookScope, findings: &mut Vec<HookFinding>) {
        let Some(table) = self.table(Agent::Claude, scope) else { return };
        for file in table.pieces.iter().map(Piece::file) {
            let text = file::read(file).ok().and_then(|file| file.text).unwrap_or_default();
            let body = text.strip_prefix('\u{feff}').unwrap_or(&text);
            let Ok(root) = jsonc::root(body) else { continue };
            let Some(hooks) = root.get_object("hooks") else { continue };
            for event in ["PreToolUse", "PermissionRequest"] {
                if hooks.get(event).is_some_and(|property| !is_well_formed(&property.value)) {
                    findings.push(HookFinding::wrong(format!(
                        "{}: `hooks.{event}` has an entry that Claude Code does not understand, \
                         and then it runs no hook of this file: fix the entry, or remove it.",
                        file.display()
                    )));
                }
            }
        }
    }

    /// Agents that run the hooks of others.
    fn examine_neighbours(
        &self,
        agent: Agent,
        installed: &[HookScope],
        findings: &mut Vec<HookFinding>,
    ) {
        if agent != Agent::Claude || installed.is_empty() {
            return;
        }
        if self.is_there(Agent::Cursor) {
            findings.push(HookFinding::hint(
                "Cursor runs Claude Code's hooks, too, unless that is off (Settings, Agents, \
                 Third-Party Imports). A session of Cursor is told once, as Cursor's.",
            ));
        }
        let grok = self.places.home.join(".grok");
        if grok.is_dir() || self.places.has_program(&["grok"]) {
            findings.push(HookFinding::hint(
                "Grok Build runs Claude Code's hooks, too, unless `[compat.claude] hooks = false`. \
                 Its sessions are told as Grok's.",
            ));
        }
        if installed.contains(&HookScope::Project) && self.is_there(Agent::Copilot) {
            findings.push(HookFinding::hint(
                "Copilot runs the hooks of a project's .claude folder, too. Its sessions are told \
                 as Copilot's.",
            ));
        }
    }
}

/// Whether every entry is a group of handlers, and every handler says what it
/// is.
fn is_well_formed(value: &Value<'_>) -> bool {
    let Value::Array(groups) = value else { return false };
    groups.elements.iter().all(|group| {
        let Value::Object(group) = group else { return false };
        let Some(handlers) = group.get_array("hooks") else { return false };
        handlers.elements.iter().all(|handler| match handler {
            Value::Object(handler) => is_handler(handler),
            _ => false,
        })
    })
}

fn is_handler(handler: &Object<'_>) -> bool {
    let needed = match handler.get_string("type").map(|kind| kind.value.as_ref()) {
        Some("command") => "command",
        Some("http") => "url",
        Some("prompt" | "agent") => "prompt",
        // Kinds that came later are not ours to judge.
        Some(_) => return true,
        None => return false,
    };
    handler.get_string(needed).is_some()
}
