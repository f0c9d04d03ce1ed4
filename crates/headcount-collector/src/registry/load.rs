//! Catalogs from a folder.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use headcount_catalog::{Catalog, limits};

use super::Registry;
use super::error::{CatalogMistake, RegistryError};

impl Registry {
    /// Reads every `*.toml` directly in `folder`. Each is a catalog, whatever
    /// its name; its product is `[product] name`.
    ///
    /// # Errors
    ///
    /// Returns every mistake of every file, or why the folder cannot be read.
    pub fn load(folder: &Path) -> Result<Self, RegistryError> {
        let files = files(folder).map_err(|error| {
            let message = format!("cannot list the catalogs in {}: {error}", folder.display());
            RegistryError::of(vec![CatalogMistake::unreadable(message, error)])
        })?;
        if files.is_empty() {
            let message = format!(
                "there is no catalog in {}: put each product's telemetry.toml there, under any \
                 name that ends in .toml",
                folder.display()
            );
            return Err(RegistryError::of(vec![message.into()]));
        }
        let (mut catalogs, mut mistakes) = (Vec::new(), Vec::new());
        for file in files {
            match read(&file) {
                Ok(catalog) => catalogs.push((file.display().to_string(), catalog)),
                Err(found) => mistakes.extend(found),
            }
        }
        if catalogs.is_empty() {
            return Err(RegistryError::of(mistakes));
        }
        // Even if some files have mistakes, the others are compared, to report
        // everything at once.
        match Self::build(catalogs) {
            Ok(registry) if mistakes.is_empty() => Ok(registry),
            Ok(_) => Err(RegistryError::of(mistakes)),
            Err(error) => {
                mistakes.extend(error.into_mistakes());
                Err(RegistryError::of(mistakes))
            }
        }
    }
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") && !path.is_dir() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read(file: &Path) -> Result<Catalog, Vec<CatalogMistake>> {
    let mut text = String::new();
    // One byte more than a catalog may have is enough for `parse` to say so.
    let most = limits::CATALOG_BYTES as u64 + 1;
    let read = File::open(file).and_then(|open| open.take(most).read_to_string(&mut text));
    read.map_err(|error| {
        let message = format!("{}: cannot read the catalog: {error}", file.display());
        vec![CatalogMistake::unreadable(message, error)]
    })?;
    headcount_catalog::parse(&text).map_err(|mistakes| {
        let lines = mistakes.all().iter().map(|mistake| format!("{}:{mistake}", file.display()));
        lines.map(CatalogMistake::from).collect()
    })
}
