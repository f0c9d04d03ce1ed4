//! A home folder for tests, and what is in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::install::{HookCommand, Hooks, Places};
use crate::{Agent, Moment};

/// A home and a project, both empty.
pub(super) struct Made {
    folder: tempfile::TempDir,
}

impl Made {
    pub(super) fn new() -> Self {
        let made = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(made.home()).unwrap();
        fs::create_dir(made.project()).unwrap();
        made
    }

    pub(super) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    pub(super) fn project(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    /// Writes a file below the home.
    pub(super) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let file = self.home().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        file
    }

    /// The hooks of a product whose program is in `bin`.
    pub(super) fn hooks_in(&self, bin: &str) -> Hooks {
        let program = self.folder.path().join(bin).join("tool");
        Hooks {
            places: Places::new(self.home(), self.project(), |_| None),
            command: HookCommand::new(program, ["hook"]).unwrap(),
            product: "wren".to_owned(),
            moments: Moment::ALL.to_vec(),
        }
    }

    pub(super) fn hooks(&self) -> Hooks {
        self.hooks_in("bin")
    }

    /// Every file and folder with what is in it.
    pub(super) fn content(&self) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        let mut all = BTreeMap::new();
        let mut folders = vec![self.home(), self.project()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    all.insert(path.clone(), None);
                    folders.push(path);
                } else {
                    all.insert(path.clone(), fs::read(&path).ok());
                }
            }
        }
        all
    }
}

/// A file in which an agent keeps hooks beside other things, below the home.
pub(super) const SHARED: [(Agent, &str); 5] = [
    (Agent::Claude, ".claude/settings.json"),
    (Agent::Codex, ".codex/hooks.json"),
    (Agent::Cursor, ".cursor/hooks.json"),
    (Agent::Qwen, ".qwen/settings.json"),
    (Agent::Gemini, ".gemini/settings.json"),
];

pub(super) fn text(file: &Path) -> String {
    fs::read_to_string(file).unwrap()
}
