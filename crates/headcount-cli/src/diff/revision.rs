//! A file as it is in a revision of the Git repository that it lies in.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output};

use headcount::person::visible;

/// How a file of a revision is named in messages, as Git does.
pub(super) fn shown(revision: &str, path: &Path) -> String {
    visible(&format!("{revision}:{}", path.display()))
}

/// The text of the file there; `None` if the revision does not have it.
///
/// # Errors
///
/// A sentence: there is no Git, no repository or no such revision, or the file
/// there is not text.
pub(super) fn text(revision: &str, path: &Path) -> Result<Option<String>, String> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let name = path.file_name().unwrap_or(path.as_os_str());
    let cannot = |why: &str| format!("{}: cannot read it: {why}\n", shown(revision, path));
    let git = |words: &[OsString]| -> Result<Output, String> {
        let mut command = Command::new("git");
        command.arg("-C").arg(folder).args(words);
        command.output().map_err(|error| cannot(&format!("Git does not start: {error}.")))
    };
    // Whatever it begins with, it is not an option.
    let commit = format!("{revision}^{{commit}}").into();
    let is_there =
        git(&["rev-parse".into(), "--verify".into(), "--end-of-options".into(), commit])?;
    if !is_there.status.success() {
        return Err(cannot(&said(&is_there)));
    }
    // `./` is the folder of the file, wherever the repository begins.
    let mut object: OsString = format!("{revision}:./").into();
    object.push(name);
    let exists = git(&["cat-file".into(), "-e".into(), object.clone()])?;
    if !exists.status.success() {
        return Ok(None);
    }
    let output = git(&["cat-file".into(), "blob".into(), object])?;
    if !output.status.success() {
        return Err(cannot(&said(&output)));
    }
    let text = String::from_utf8(output.stdout).map_err(|_| cannot("it is not UTF-8."))?;
    Ok(Some(text))
}

/// What Git said, on one line.
fn said(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let said: Vec<&str> = said.split_whitespace().collect();
    if said.is_empty() { "Git does not say why.".to_owned() } else { visible(&said.join(" ")) }
}
