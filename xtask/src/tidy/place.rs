//! No file tells on the machine it was written on: no folder of that machine,
//! and no package host but the one registry that the lock file names.

use crate::Finding;
use crate::tree::SourceFile;

/// Folders of one machine, put together here, so that this file does not hold
/// what it looks for. `std::env::temp_dir()` and the test kit's home stand in
/// for the last one.
const FOLDERS: [&str; 3] = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/tm", "p/")];

/// Hosts that packages are fetched from. Pages that people read, such as a
/// crate's own, are fine.
const HOSTS: [&str; 9] = [
    concat!("index.crates", ".io"),
    concat!("static.crates", ".io"),
    concat!("registry.npmjs", ".org"),
    concat!("registry.yarnpkg", ".com"),
    concat!("files.pythonhosted", ".org"),
    concat!("proxy.golang", ".org"),
    concat!("repo1.maven", ".org"),
    concat!("repo.maven.apache", ".org"),
    concat!("deb.debian", ".org"),
];

/// What stands before a package source in a lock file, and the only one that
/// may follow.
const SOURCE: &str = "source = \"";
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index\"";

pub(super) fn check(file: &SourceFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in file.lines() {
        let folder = FOLDERS.into_iter().find(|folder| begins_a_path(line, folder));
        let host = HOSTS.into_iter().find(|host| line.contains(host));
        if let Some(folder) = folder {
            let sentence = format!("{folder:?} is a folder of one machine: say it relatively.");
            findings.push(Finding::new(&file.path, number, sentence));
        }
        if let Some(host) = host {
            let sentence = format!("{host:?} is a package host: name the package, not its host.");
            findings.push(Finding::new(&file.path, number, sentence));
        }
        let locked = file.path.ends_with("Cargo.lock").then(|| line.strip_prefix(SOURCE)).flatten();
        if locked.is_some_and(|source| source != REGISTRY) {
            let sentence = "A package comes from elsewhere than crates.io: depend on a release.";
            findings.push(Finding::new(&file.path, number, sentence));
        }
    }
    findings
}

/// Whether the folder is the beginning of a path, not the middle of one such as
/// `a/b/c`.
fn begins_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && !"_-.*}>)~".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caught(path: &str, text: &str) -> usize {
        check(&SourceFile::new(path, text)).len()
    }

    #[test]
    fn folders_of_a_machine_are_caught_and_the_middle_of_a_path_is_not() {
        for folder in FOLDERS {
            assert_eq!(caught("a.md", &format!("see `{folder}x`")), 1);
            assert_eq!(caught("a.rs", &format!("\"file://{folder}x\"")), 1);
            assert_eq!(caught("a.md", &format!("{folder}x")), 1);
            assert_eq!(caught("a.md", &format!("target{folder}x and ~{folder}x")), 0);
        }
    }

    #[test]
    fn package_hosts_are_caught() {
        for host in HOSTS {
            assert_eq!(caught("a.toml", &format!("url = \"https://{host}/x\"")), 1);
        }
        assert_eq!(caught("a.md", "https://crates.io/crates/headcount"), 0);
    }

    #[test]
    fn a_lock_file_names_one_registry() {
        assert_eq!(caught("Cargo.lock", &format!("{SOURCE}{REGISTRY}\n")), 0);
        assert_eq!(caught("Cargo.lock", &format!("{SOURCE}git+https://example.org/a#1\"\n")), 1);
        assert_eq!(caught("Cargo.lock", &format!("{SOURCE}sparse+https://example.org/\"\n")), 1);
    }
}
