//! The files that are catalogs: those of a folder, or a single one, and how one
//! is read.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use headcount_catalog::limits;

use super::error::CatalogMistake;
use crate::file_stamp::FileStamp;
use crate::private_file;

/// The stamps of all catalogs of a place; `None` if it cannot be listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamps(Option<Vec<(PathBuf, Option<FileStamp>)>>);

impl Stamps {
    pub(super) fn of(folder: &Path) -> Self {
        let stamped = |file: PathBuf| {
            let stamp = FileStamp::of(&file);
            (file, stamp)
        };
        Self(list(folder).ok().map(|files| files.into_iter().map(stamped).collect()))
    }
}

/// Lists the one file that a path names, whatever its name, or the catalogs of
/// a folder.
pub(super) fn list(place: &Path) -> io::Result<Vec<PathBuf>> {
    if place.is_file() { Ok(vec![place.to_path_buf()]) } else { list_folder(place) }
}

/// Lists every `*.toml` directly in a folder, sorted. Hidden names are left
/// out: editors and archives keep their own files under such names, and a
/// mounted folder its generations.
pub(super) fn list_folder(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let is_hidden = matches!(entry.file_name().as_encoded_bytes(), [b'.' | b'#', ..]);
        let path = entry.path();
        if !is_hidden && path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads the text of a catalog, which may be a link to a regular file. Anything
/// else is refused, and nothing is waited for.
pub(super) fn read(file: &Path) -> Result<String, CatalogMistake> {
    let open = private_file::open(file, private_file::Links::Followed).map_err(|error| {
        if private_file::is_irregular(&error) {
            let sentence = "not a regular file: remove it, or put a catalog in its place";
            return CatalogMistake::not_a_file(format!("{}: {sentence}", file.display()));
        }
        if error.kind() == io::ErrorKind::NotFound && file.is_symlink() {
            let sentence = "a link that leads nowhere: remove it, or put a catalog in its place";
            return CatalogMistake::not_a_file(format!("{}: {sentence}", file.display()));
        }
        unreadable(file, error)
    })?;
    let mut bytes = Vec::new();
    // One byte more than a catalog may have is enough for `parse` to say so.
    let most = limits::CATALOG_BYTES as u64 + 1;
    open.take(most).read_to_end(&mut bytes).map_err(|error| unreadable(file, error))?;
    String::from_utf8(bytes).map_err(|_| {
        let error = io::Error::new(io::ErrorKind::InvalidData, "not valid UTF-8");
        CatalogMistake::not_text(cannot_read(file, &error), error)
    })
}

fn unreadable(file: &Path, error: io::Error) -> CatalogMistake {
    CatalogMistake::unreadable(cannot_read(file, &error), error)
}

fn cannot_read(file: &Path, error: &io::Error) -> String {
    format!("{}: cannot read the catalog: {error}", file.display())
}
