//! Says whether hooks are installed, and whether the agent would run them.

use std::path::{Path, PathBuf};

use headcount_settings::{Format as SettingsFormat, Reading};
use jsonc_parser::ast::Value;

use super::command::HookCommand;
use super::entries;
use super::error::{InstallError, Problem};
use super::file;
use super::hooks::{Hooks, is_own};
use super::jsonc;
use super::places::HookScope;
use super::table::{Format, Off, Piece, Switch};
use crate::Agent;

/// Whether the hooks of an agent are installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HookState {
    /// There is nothing of ours.
    NotInstalled,
    /// Everything is as an install would make it.
    Installed,
    /// There are hooks of ours, but an install would change something.
    Different,
}

impl HookState {
    /// The word for programs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotInstalled => "not-installed",
            Self::Installed => "installed",
            Self::Different => "different",
        }
    }
}

/// What is found of the hooks of one agent, in one scope.
#[derive(Debug, Clone)]
pub struct HookStatus {
    /// Whether they are installed.
    pub state: HookState,
    /// The files in which they are, or would be.
    pub files: Vec<PathBuf>,
    /// The programs that the hooks run which are there.
    pub programs: Vec<PathBuf>,
    /// The setting that turns all hooks of the agent off, and its file.
    pub turned_off: Option<(PathBuf, String)>,
    /// Whether the person has reviewed them, where the agent wants that. Only
    /// the agent can say whether what was reviewed is what is there now.
    pub is_reviewed: Option<bool>,
}

impl Hooks {
    /// Looks for the hooks of an agent.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be read or is not what it should be.
    pub fn status(&self, agent: Agent, scope: HookScope) -> Result<HookStatus, InstallError> {
        let mut status = HookStatus {
            state: HookState::NotInstalled,
            files: Vec::new(),
            programs: Vec::new(),
            turned_off: None,
            is_reviewed: None,
        };
        let Some(table) = self.table(agent, scope) else { return Ok(status) };
        let mut states = Vec::new();
        for piece in &table.pieces {
            let text = file::read(piece.file())?.text;
            let (state, programs) = self
                .piece(agent, piece, text.as_deref())
                .map_err(|problem| InstallError::new(piece.file(), problem))?;
            states.push(state);
            status.files.push(piece.file().clone());
            status.programs.extend(programs);
        }
        status.programs.dedup();
        let all = |wanted| states.iter().all(|state| *state == wanted);
        status.state = match states.first() {
            Some(first) if all(*first) => *first,
            _ => HookState::Different,
        };
        status.turned_off =
            table.switches.iter().find_map(|switch| turned_off(switch, &self.is_ours(agent)));
        if agent == Agent::Codex && status.state != HookState::NotInstalled {
            let config = table.folder.join("config.toml");
            status.is_reviewed = Some(self.is_reviewed(&status.files[0], &config));
        }
        Ok(status)
    }

    fn piece(
        &self,
        agent: Agent,
        piece: &Piece,
        text: Option<&str>,
    ) -> Result<(HookState, Vec<PathBuf>), Problem> {
        let Some(there) = text else { return Ok((HookState::NotInstalled, Vec::new())) };
        match piece {
            Piece::Own { text, mark, .. } => Ok(match is_own(there, mark) {
                _ if there == text => (HookState::Installed, Vec::new()),
                true => (HookState::Different, Vec::new()),
                false => (HookState::NotInstalled, Vec::new()),
            }),
            Piece::Entries { shape, entries, .. } => {
                let found = entries::found(there, *shape, &self.is_ours(agent))?;
                let programs = found.iter().filter_map(|one| HookCommand::program_of(&one.command));
                let programs = programs.map(PathBuf::from).collect();
                let is_there = |entry: &entries::Entry| {
                    found.iter().any(|one| one.event == entry.event && one.command == entry.command)
                };
                let is_whole = found.len() == entries.len() && entries.iter().all(is_there);
                Ok(match found.is_empty() {
                    true => (HookState::NotInstalled, programs),
                    false if is_whole => (HookState::Installed, programs),
                    false => (HookState::Different, programs),
                })
            }
        }
    }

    /// Whether Codex has a hash for each of our hooks, under the name of its
    /// place: `FILE:EVENT:GROUP:HANDLER`.
    fn is_reviewed(&self, hooks: &Path, config: &Path) -> bool {
        let read = |path: &Path| file::read(path).ok().and_then(|file| file.text);
        let (Some(hooks_text), Some(config_text)) = (read(hooks), read(config)) else {
            return false;
        };
        let ours = self.is_ours(Agent::Codex);
        let found = entries::found(&hooks_text, super::table::NESTED, &ours).unwrap_or_default();
        let reviewed = toml_entries(&config_text);
        found.iter().all(|one| {
            let (group, handler) = one.position;
            let event = snake_case(&one.event);
            let key = format!("{}:{event}:{group}:{}", hooks.display(), handler.unwrap_or(0));
            let path = ["hooks", "state", &key, "trusted_hash"];
            reviewed.iter().any(|(names, _)| names.iter().eq(path.iter()))
        })
    }
}

/// `SessionEnd` as Codex writes it in a key: `session_end`.
fn snake_case(event: &str) -> String {
    let mut text = String::new();
    for letter in event.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// The switch, if it turns our hooks off. A file that cannot be read says
/// nothing.
fn turned_off(switch: &Switch, is_ours: &dyn Fn(&str) -> bool) -> Option<(PathBuf, String)> {
    let text = file::read(&switch.file).ok()?.text?;
    let keys = switch.keys.join(".");
    let (is_off, setting) = match switch.off {
        Off::Listed => {
            let is_off = json_value(&text, switch.keys, |value| is_listed(value, is_ours));
            (is_off?, format!("{keys} with a hook of ours"))
        }
        Off::Flag(off) => {
            let flag = match switch.format {
                Format::Json => json_value(&text, switch.keys, |value| match value {
                    Value::BooleanLit(flag) => Some(flag.value),
                    _ => None,
                }),
                Format::Toml => {
                    let mut entries = toml_entries(&text).into_iter();
                    let found = entries.find(|(names, _)| names.iter().eq(switch.keys.iter()));
                    Some(found.and_then(|(_, value)| value.parse().ok()))
                }
            };
            (flag? == Some(off), format!("{keys} = {off}"))
        }
    };
    is_off.then(|| (switch.file.clone(), setting))
}

fn is_listed(value: &Value<'_>, is_ours: &dyn Fn(&str) -> bool) -> bool {
    let Value::Array(list) = value else { return false };
    let mut commands = list.elements.iter().filter_map(Value::as_string_lit);
    commands.any(|command| is_ours(&command.value))
}

/// What `read` makes of the value at a path.
fn json_value<T>(text: &str, keys: &[&str], read: impl Fn(&Value<'_>) -> T) -> Option<T> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let root = jsonc::root(text).ok()?;
    let (last, above) = keys.split_last()?;
    let mut object = &root;
    for key in above {
        object = object.get_object(key)?;
    }
    object.get(last).map(|property| read(&property.value))
}

fn toml_entries(text: &str) -> Vec<(Vec<String>, String)> {
    let reading = Reading::of(SettingsFormat::Toml, text);
    let entries = reading.and_then(|reading| reading.entries()).unwrap_or_default();
    entries.into_iter().map(|entry| (entry.path, entry.value)).collect()
}
