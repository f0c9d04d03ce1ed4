//! The machine on which hooks are installed, and the command that they run.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};

use headcount::person::visible;
use headcount_agents::{Agent, HookCommand, Hooks, Places, project_of};

use super::failed::Failed;
use crate::catalog_file;
use crate::hooks_args::Look;

/// What is to be installed on this machine, for a catalog.
pub(crate) fn hooks(look: &Look) -> Result<Hooks, Failed> {
    if catalog_file::is_stdin(&look.catalog) {
        let sentence = "`-` is not a catalog that a hook can read later: set the path of a file with --catalog\n";
        return Err(Failed { code: 2, sentences: sentence.to_owned() });
    }
    let catalog = catalog_file::read_for_host(&look.catalog)
        .map_err(|sentences| Failed { code: 2, sentences })?;
    if !catalog.has_hook_events() {
        let sentences = format!(
            "{}: hooks have nothing to record: mark an event with hook = \"session\"\n",
            visible(&look.catalog.display().to_string())
        );
        return Err(Failed { code: 2, sentences });
    }
    let command = command(&look.catalog).map_err(|sentence| Failed {
        code: 1,
        sentences: format!("headcount hooks: {sentence}\n"),
    })?;
    let places = places().map_err(|sentence| Failed {
        code: 1,
        sentences: format!("headcount hooks: {sentence}\n"),
    })?;
    let moments = Hooks::moments_of(catalog);
    Ok(Hooks { places, command, product: catalog.product.name.to_owned(), moments })
}

/// The agents that were named; else those that are there, and the others.
pub(crate) fn agents(look: &Look, hooks: &Hooks) -> (Vec<Agent>, Vec<Agent>) {
    if look.agents.is_empty() {
        return Agent::INSTALLABLE.into_iter().partition(|agent| hooks.is_there(*agent));
    }
    let named = |agent: &Agent| look.agents.contains(agent);
    (Agent::INSTALLABLE.into_iter().filter(named).collect(), Vec::new())
}

fn places() -> Result<Places, String> {
    let variable = |name: &'static str| env::var_os(name).filter(|value| !value.is_empty());
    let home = variable(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).map(PathBuf::from);
    let home = home.filter(|home| home.is_absolute()).ok_or_else(|| {
        let name = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        format!("there is no home folder: set {name}")
    })?;
    let here = env::current_dir()
        .map_err(|error| format!("the current folder cannot be read: {error}"))?;
    Ok(Places::new(home, project_of(&here), variable))
}

fn command(catalog: &Path) -> Result<HookCommand, String> {
    let here = env::current_exe()
        .map_err(|error| format!("the path of this program is unknown: {error}"))?;
    let program = stable(&here, &env::var_os("PATH").unwrap_or_default());
    let catalog = whole(catalog)
        .map_err(|error| format!("{}: the path is unknown: {error}", catalog.display()))?;
    let arguments = [OsString::from("hook"), OsString::from("--catalog"), catalog.into()];
    HookCommand::new(program, arguments).map_err(|error| visible(&error.to_string()))
}

/// The path of a program that stays when it is updated: the entry of `PATH`
/// that leads to it, if there is one.
fn stable(program: &Path, path: &OsStr) -> PathBuf {
    let (Some(name), Ok(real)) = (program.file_name(), program.canonicalize()) else {
        return program.to_path_buf();
    };
    let entries = env::split_paths(path).filter(|folder| folder.is_absolute());
    let mut entries = entries.map(|folder| folder.join(name));
    let found = entries.find(|entry| entry.canonicalize().is_ok_and(|there| there == real));
    found.unwrap_or_else(|| program.to_path_buf())
}

/// The whole path of a file. Links stay, since what they lead to may change; a
/// path with `..` is resolved, so that it is the same from every folder.
fn whole(path: &Path) -> std::io::Result<PathBuf> {
    if path.components().any(|part| part == Component::ParentDir) {
        return path.canonicalize();
    }
    std::path::absolute(path)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_named_by_the_entry_of_the_path_that_leads_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["v1", "bin", "other"] {
            std::fs::create_dir(at(name)).unwrap();
        }
        std::fs::write(at("v1/tool"), "").unwrap();
        std::fs::write(at("other/tool"), "").unwrap();
        std::os::unix::fs::symlink(at("v1/tool"), at("bin/tool")).unwrap();
        let path = env::join_paths([PathBuf::from("rel"), at("other"), at("bin")]).unwrap();
        assert_eq!(stable(&at("v1/tool"), &path), at("bin/tool"));
        assert_eq!(stable(&at("v1/tool"), at("other").as_os_str()), at("v1/tool"));
    }

    #[test]
    fn a_catalog_is_named_by_the_same_path_from_every_folder() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().canonicalize().unwrap();
        std::fs::create_dir(folder.join("a")).unwrap();
        std::fs::write(folder.join("c.toml"), "").unwrap();
        assert_eq!(whole(&folder.join("a/../c.toml")).unwrap(), folder.join("c.toml"));
        assert_eq!(whole(&folder.join("./c.toml")).unwrap(), folder.join("c.toml"));
    }
}
