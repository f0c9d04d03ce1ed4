//! The machine, in words.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::page::Table;

/// A table of what the figures depend on.
pub(crate) fn describe(repository: &Path, scratch: &Path) -> String {
    let mut table = Table::new(&["machine", ""]);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let lines = [
        ("processor", field("/proc/cpuinfo", "model name")),
        ("cores", cores.to_string()),
        ("memory", field("/proc/meminfo", "MemTotal")),
        ("system", said("uname", &["-s", "-r", "-m"])),
        ("file system", file_system(scratch)),
        ("load when it began", load()),
        ("compiler", said("rustc", &["--version"])),
        ("revision", revision(repository)),
    ];
    for (what, value) in lines {
        table.row([what.to_owned(), value]);
    }
    table.markdown()
}

/// What a program says, on one line.
pub(crate) fn said(program: &str, arguments: &[&str]) -> String {
    match Command::new(program).args(arguments).output() {
        Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Err(_) => format!("{program} is not here"),
    }
}

/// The load of the last minute, of five and of fifteen: processes that run or
/// want to.
pub(crate) fn load() -> String {
    first_words("/proc/loadavg", 3)
}

/// The commit, and whether the files are still as it has them.
fn revision(repository: &Path) -> String {
    let folder = repository.to_string_lossy();
    let commit = said("git", &["-C", &folder, "rev-parse", "--short=12", "HEAD"]);
    let changes = said("git", &["-C", &folder, "status", "--porcelain", "--", "crates", "bench"]);
    if changes.is_empty() { commit } else { format!("{commit}, and changes since") }
}

/// The value of a `name : value` line.
fn field(path: &str, name: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_once(':'))
        .map_or("unknown", |(_, value)| value.trim())
        .to_owned()
}

fn first_words(path: &str, count: usize) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.split_whitespace().take(count).collect::<Vec<_>>().join(" ")
}

/// The type of the mount with the longest path above the folder.
fn file_system(folder: &Path) -> String {
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let above = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        let (place, kind) = (words.next()?, words.next()?);
        folder.starts_with(place).then_some((place.len(), kind))
    });
    above.max().map_or("unknown", |(_, kind)| kind).to_owned()
}
