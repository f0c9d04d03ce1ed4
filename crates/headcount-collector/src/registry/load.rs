//! Catalogs from a folder or a file, at the start: everything in it has to be
//! right.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::catalog_file::{self, Stamps};
use super::error::{CatalogMistake, RegistryError};
use super::loaded::Registry;
use super::origin::Origin;
use super::texts::ParsedTexts;

impl Registry {
    /// Reads every `*.toml` directly in `folder`. Each is a catalog, whatever
    /// its name; its product is `[product] name`. Hidden names, those that
    /// start with `.` or `#`, are skipped. Where `folder` is a file, it is the
    /// only catalog.
    ///
    /// # Errors
    ///
    /// Returns every mistake of every file, or why they cannot be read.
    pub fn load(folder: &Path) -> Result<Self, RegistryError> {
        let stamps = Stamps::of(folder);
        let files = listed(folder).map_err(|mistake| RegistryError::of(vec![mistake]))?;
        if files.is_empty() {
            let message = format!(
                "there is no catalog in {}: put each product's telemetry.toml there, under any \
                 name that ends in .toml",
                folder.display()
            );
            return Err(RegistryError::of(vec![message.into()]));
        }
        let (catalogs, mut mistakes) = ParsedTexts::default().read_all(files);
        if catalogs.is_empty() {
            return Err(RegistryError::of(mistakes));
        }
        // Even if some files have mistakes, the others are compared, to report
        // everything at once.
        let places = catalogs.iter().map(|read| (read.file.display().to_string(), read.catalog));
        match Self::build(places) {
            Ok(registry) if mistakes.is_empty() => {
                let origin = Origin { folder: folder.to_path_buf(), stamps, interval: None };
                Ok(Self { texts: catalogs, origin: Some(origin), ..registry })
            }
            Ok(_) => Err(RegistryError::of(mistakes)),
            Err(error) => {
                mistakes.extend(error.into_mistakes());
                Err(RegistryError::of(mistakes))
            }
        }
    }

    /// Lets a running collector look at the folder every so often, and load
    /// what is new in it. A file is read once it has stayed as it is for one
    /// interval, so that half of it is not taken for the whole.
    #[must_use]
    pub fn watched_every(mut self, interval: Duration) -> Self {
        if let Some(origin) = &mut self.origin {
            origin.interval = Some(interval);
        }
        self
    }
}

/// Lists the catalogs of a folder.
pub(super) fn listed(folder: &Path) -> Result<Vec<PathBuf>, CatalogMistake> {
    catalog_file::list(folder).map_err(|error| {
        let message = format!("cannot list the catalogs in {}: {error}", folder.display());
        CatalogMistake::unreadable(message, error)
    })
}
