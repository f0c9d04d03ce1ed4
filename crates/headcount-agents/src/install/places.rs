//! Where agents keep their files, for one person and one project.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// For whom hooks are installed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum HookScope {
    /// For the person, in every folder.
    #[default]
    User,
    /// For everybody who runs the agent in one project.
    Project,
}

impl HookScope {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::User, Self::Project];

    /// The word on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Project => "project",
        }
    }
}

/// What is known of the machine: nothing else is looked up.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// The person's home folder.
    pub home: PathBuf,
    /// The project, whatever the scope.
    pub project: PathBuf,
    /// The folders of `PATH`.
    pub path: Vec<PathBuf>,
    /// `CLAUDE_CONFIG_DIR`.
    pub claude: Option<PathBuf>,
    /// `CODEX_HOME`.
    pub codex: Option<PathBuf>,
    /// `COPILOT_HOME`.
    pub copilot: Option<PathBuf>,
    /// `QWEN_HOME`.
    pub qwen: Option<PathBuf>,
    /// `GEMINI_CLI_HOME`, in which `.gemini` is.
    pub gemini: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`.
    pub config: Option<PathBuf>,
}

impl Places {
    /// The places of a person, whose environment `variable` reads.
    #[must_use]
    pub fn new(
        home: PathBuf,
        project: PathBuf,
        variable: impl Fn(&'static str) -> Option<OsString>,
    ) -> Self {
        // Agents take an empty variable for one that is not set, and a relative
        // path would be another one in each folder.
        let folder = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let path = variable("PATH").unwrap_or_default();
        Self {
            home,
            project,
            path: std::env::split_paths(&path).filter(|path| path.is_absolute()).collect(),
            claude: folder("CLAUDE_CONFIG_DIR"),
            codex: folder("CODEX_HOME"),
            copilot: folder("COPILOT_HOME"),
            qwen: folder("QWEN_HOME"),
            gemini: folder("GEMINI_CLI_HOME"),
            config: folder("XDG_CONFIG_HOME"),
        }
    }

    /// A folder of the person's, which a variable may move.
    pub(crate) fn folder(&self, moved: Option<&PathBuf>, name: &str) -> PathBuf {
        moved.cloned().unwrap_or_else(|| self.home.join(name))
    }

    /// Whether there is a program of one of these names in the folders of
    /// `PATH`.
    pub(crate) fn has_program(&self, names: &[&str]) -> bool {
        let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ".ps1"] } else { &[""] };
        self.path.iter().any(|folder| {
            names.iter().any(|name| {
                endings.iter().any(|ending| folder.join(format!("{name}{ending}")).is_file())
            })
        })
    }

    /// Where folders end that an install may have made.
    pub(crate) fn is_floor(&self, folder: &Path) -> bool {
        folder == self.home
            || folder == self.project
            || self.config.as_deref() == Some(folder)
            || self.gemini.as_deref() == Some(folder)
    }
}

/// The root of the project around a folder: the nearest folder above that has
/// `.git`, else the folder itself.
#[must_use]
pub fn project_of(folder: &Path) -> PathBuf {
    let root = folder.ancestors().find(|folder| folder.join(".git").exists());
    root.unwrap_or(folder).to_path_buf()
}
