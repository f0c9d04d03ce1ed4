//! Catalogs from a folder.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use headcount_catalog::{Catalog, limits};

use super::{Registry, RegistryError};

impl Registry {
    /// Reads every `*.toml` directly in `folder`. Each is a catalog, whatever it is called; its
    /// product is `[product] name`.
    ///
    /// # Errors
    /// Every mistake of every file at once.
    pub fn load(folder: &Path) -> Result<Self, RegistryError> {
        let files = files(folder).map_err(|error| {
            one(format!("the catalogs in {} cannot be listed: {error}", folder.display()))
        })?;
        if files.is_empty() {
            return Err(one(format!(
                "there is no catalog in {}: put each product's telemetry.toml there, under any \
                 name that ends in .toml",
                folder.display()
            )));
        }
        let (mut catalogs, mut mistakes) = (Vec::new(), Vec::new());
        for file in files {
            match read(&file) {
                Ok(catalog) => catalogs.push((file.display().to_string(), catalog)),
                Err(found) => mistakes.extend(found),
            }
        }
        // What could be read is compared even so: whoever repairs one file hears of all of them.
        if catalogs.is_empty() {
            return Err(RegistryError { mistakes });
        }
        match Self::build(catalogs) {
            Ok(registry) if mistakes.is_empty() => Ok(registry),
            Ok(_) => Err(RegistryError { mistakes }),
            Err(error) => {
                mistakes.extend(error.mistakes);
                Err(RegistryError { mistakes })
            }
        }
    }
}

fn one(mistake: String) -> RegistryError {
    RegistryError { mistakes: vec![mistake] }
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

fn read(file: &Path) -> Result<Catalog, Vec<String>> {
    let mut text = String::new();
    // One byte more than a catalog may have is enough for `parse` to say so.
    let most = limits::CATALOG_BYTES as u64 + 1;
    File::open(file)
        .and_then(|open| open.take(most).read_to_string(&mut text))
        .map_err(|error| vec![format!("{}: it cannot be read: {error}", file.display())])?;
    headcount_catalog::parse(&text).map_err(|mistakes| {
        mistakes.all().iter().map(|it| format!("{}:{it}", file.display())).collect()
    })
}
