//! The files that are imported: one, or those of a registry's folder. Links in
//! a folder are not followed, and only regular files are read.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::limits;
use crate::made_file::shown;

/// A file that was read.
pub(super) struct SourceFile {
    pub(super) shown: String,
    pub(super) text: String,
}

/// Reads a file, or every `*.yaml` and `*.yml` file of a folder.
///
/// # Errors
///
/// Returns a sentence about the first that cannot be read.
pub(super) fn read(path: &Path) -> Result<Vec<SourceFile>, String> {
    let mut left = limits::BYTES;
    let about = |error: std::io::Error| format!("{}: it cannot be read: {error}", shown(path));
    let metadata = fs::metadata(path).map_err(about)?;
    if !metadata.is_dir() {
        return Ok(vec![one(path, &mut left)?]);
    }
    let mut paths = Vec::new();
    collect(path, limits::FOLDERS, &mut paths)?;
    if paths.is_empty() {
        return Err(format!("{}: there is no file that ends in .yaml or .yml in it", shown(path)));
    }
    paths.sort();
    paths.iter().map(|path| one(path, &mut left)).collect()
}

/// Whether a file is YAML, by the end of its name.
pub(super) fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "yaml" || end == "yml")
}

fn collect(folder: &Path, levels: usize, paths: &mut Vec<PathBuf>) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: it cannot be read: {error}", shown(folder));
    let Some(levels) = levels.checked_sub(1) else {
        return Err(format!(
            "{}: more than {} folders within one another",
            shown(folder),
            limits::FOLDERS
        ));
    };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (kind, path) = (entry.file_type().map_err(failed)?, entry.path());
        if kind.is_dir() {
            collect(&path, levels, paths)?;
        } else if kind.is_file() && is_yaml(&path) {
            paths.push(path);
        }
        if paths.len() > limits::FILES {
            return Err(format!("{}: more than {} files", shown(folder), limits::FILES));
        }
    }
    Ok(())
}

fn one(path: &Path, left: &mut u64) -> Result<SourceFile, String> {
    let shown = shown(path);
    let failed = |error: std::io::Error| format!("{shown}: it cannot be read: {error}");
    // A pipe or a device would be waited for.
    if !fs::metadata(path).map_err(failed)?.is_file() {
        return Err(format!("{shown}: it is not a regular file"));
    }
    let mut bytes = Vec::new();
    let mut file = fs::File::open(path).map_err(failed)?.take(*left + 1);
    let read = file.read_to_end(&mut bytes).map_err(failed)? as u64;
    if read > *left {
        let most = limits::BYTES >> 20;
        return Err(format!("{shown}: there are more than {most} MiB in all: give a part of them"));
    }
    *left -= read;
    let text = String::from_utf8(bytes).map_err(|_| format!("{shown}: it is not valid UTF-8"))?;
    if text.trim().is_empty() {
        return Err(format!("{shown}: it is empty"));
    }
    Ok(SourceFile { shown, text })
}
