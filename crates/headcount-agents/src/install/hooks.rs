//! Plans how hooks are installed and removed.

use headcount_catalog::{Catalog, HookRole};

use super::command::HookCommand;
use super::entries;
use super::error::{InstallError, Problem};
use super::file::{self, ReadFile};
use super::places::{HookScope, Places};
use super::plan::{FileChange, HookPlan};
use super::table::{Piece, Table, Wanted};
use super::tables::table;
use crate::{Agent, Moment};

/// Hooks of one product on one machine.
///
/// ```no_run
/// use headcount_agents::{Agent, HookCommand, HookScope, Hooks, Places};
/// # fn install(
/// #     catalog: &headcount_catalog::Catalog,
/// #     home: std::path::PathBuf,
/// #     project: std::path::PathBuf,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
///
/// let hooks = Hooks {
///     places: Places::new(home, project, |name| std::env::var_os(name)),
///     command: HookCommand::new(std::env::current_exe()?, ["hook"])?,
///     product: catalog.product.name.to_owned(),
///     moments: Hooks::moments_of(catalog),
/// };
/// let plan = hooks.plan_install(Agent::Claude, HookScope::User)?;
/// for change in plan.changes() {
///     print!("{}", change.diff());
/// }
/// plan.apply()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Hooks {
    /// Where agents keep their files.
    pub places: Places,
    /// What agents are told to run.
    pub command: HookCommand,
    /// The name of the product, as its catalog has it. Files of our own have it
    /// in their name.
    pub product: String,
    /// When agents are told to run it; the start and the end always.
    pub moments: Vec<Moment>,
}

impl Hooks {
    /// The moments of which a catalog wants to hear.
    #[must_use]
    pub fn moments_of(catalog: &Catalog) -> Vec<Moment> {
        let has = |role| catalog.has_hook_role(role);
        let is_wanted = |moment: &Moment| match moment {
            Moment::Start | Moment::End => true,
            Moment::Command => has(HookRole::Commands) || has(HookRole::Command),
            Moment::Turn => has(HookRole::Turns),
        };
        Moment::ALL.into_iter().filter(is_wanted).collect()
    }

    /// Whether the person has an agent: its folder, or a program of its name.
    #[must_use]
    pub fn is_there(&self, agent: Agent) -> bool {
        self.table(agent, HookScope::User)
            .is_some_and(|table| table.folder.is_dir() || self.places.has_program(table.programs))
    }

    /// What would be changed to install the hooks of an agent. Nothing is
    /// written.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be read or is not what it should be.
    pub fn plan_install(&self, agent: Agent, scope: HookScope) -> Result<HookPlan, InstallError> {
        self.plan(agent, scope, |piece, file| installed(piece, file, &self.is_ours(agent)))
    }

    /// What would be changed to remove them, whatever the moments. Nothing is
    /// written.
    ///
    /// # Errors
    ///
    /// Those of [`plan_install`](Self::plan_install).
    pub fn plan_remove(&self, agent: Agent, scope: HookScope) -> Result<HookPlan, InstallError> {
        let mut plan =
            self.plan(agent, scope, |piece, file| removed(piece, file, &self.is_ours(agent)))?;
        plan.still_to_do.clear();
        if agent == Agent::Codex && plan.changes.iter().any(|change| self.moves_others(change)) {
            plan.still_to_do.push(
                "Codex knows hooks by their place, and other hooks have moved: start `codex`, \
                 type /hooks, and trust them again.",
            );
        }
        Ok(plan)
    }

    pub(crate) fn table(&self, agent: Agent, scope: HookScope) -> Option<Table> {
        let Self { places, command, product, moments } = self;
        table(agent, places, &Wanted { command, product, moments, scope })
    }

    pub(crate) fn is_ours(&self, agent: Agent) -> impl Fn(&str) -> bool {
        move |line| self.command.is_in(line, agent)
    }

    fn plan(
        &self,
        agent: Agent,
        scope: HookScope,
        edited: impl Fn(&Piece, &ReadFile) -> Result<Option<String>, Problem>,
    ) -> Result<HookPlan, InstallError> {
        let mut plan = HookPlan {
            changes: Vec::new(),
            files: Vec::new(),
            still_to_do: Vec::new(),
            places: self.places.clone(),
        };
        let Some(table) = self.table(agent, scope) else { return Ok(plan) };
        plan.still_to_do = table.still_to_do;
        for piece in &table.pieces {
            let file = file::read(piece.file())?;
            let after =
                edited(piece, &file).map_err(|problem| InstallError::new(piece.file(), problem))?;
            if after != file.text {
                file.check_writable()?;
                plan.changes.push(FileChange::new(file.clone(), after));
            }
            plan.files.push(file);
        }
        Ok(plan)
    }

    /// Whether hooks of others stand behind ours in an event.
    fn moves_others(&self, change: &FileChange) -> bool {
        let all = |text: &str, is: &dyn Fn(&str) -> bool| {
            entries::found(text, super::table::NESTED, is).unwrap_or_default()
        };
        let before = change.before().unwrap_or_default();
        let ours = all(before, &self.is_ours(Agent::Codex));
        let others = all(before, &|line| !self.command.is_in(line, Agent::Codex));
        others.iter().any(|other| {
            ours.iter().any(|own| own.event == other.event && own.position < other.position)
        })
    }
}

fn installed(
    piece: &Piece,
    file: &ReadFile,
    is_ours: &dyn Fn(&str) -> bool,
) -> Result<Option<String>, Problem> {
    match (piece, &file.text) {
        (Piece::Own { text, .. }, None) => Ok(Some(text.clone())),
        (Piece::Own { text, mark, .. }, Some(there)) => match is_own(there, mark) {
            true => Ok(Some(text.clone())),
            false => Err(Problem::NotOurs),
        },
        (Piece::Entries { shape, entries, .. }, None) => {
            Ok(Some(entries::new_file(*shape, entries)))
        }
        (Piece::Entries { shape, entries, .. }, Some(there)) => {
            entries::installed(there, *shape, entries, is_ours).map(Some)
        }
    }
}

fn removed(
    piece: &Piece,
    file: &ReadFile,
    is_ours: &dyn Fn(&str) -> bool,
) -> Result<Option<String>, Problem> {
    let Some(there) = &file.text else { return Ok(None) };
    match piece {
        Piece::Own { mark, .. } => Ok((!is_own(there, mark)).then(|| there.clone())),
        Piece::Entries { shape, .. } => entries::removed(there, *shape, is_ours),
    }
}

pub(crate) fn is_own(text: &str, mark: &str) -> bool {
    text.lines().take(3).any(|line| line.trim() == mark)
}
