//! Texts of catalogs, each parsed once: the parts of a parsed catalog live as
//! long as the process.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use headcount_catalog::Catalog;

use super::catalog_file;
use super::error::CatalogMistake;

/// A catalog, with its text and where it is from.
#[derive(Debug, Clone)]
pub(super) struct ReadCatalog {
    pub(super) file: PathBuf,
    pub(super) text: String,
    pub(super) catalog: Catalog,
}

/// What came of each text: a catalog, or the mistakes in it.
#[derive(Debug, Default)]
pub(super) struct ParsedTexts(HashMap<String, Result<Catalog, Vec<String>>>);

impl ParsedTexts {
    /// Remembers what was parsed elsewhere.
    pub(super) fn remember(&mut self, read: &ReadCatalog) {
        self.0.insert(read.text.clone(), Ok(read.catalog));
    }

    /// Reads a file, and parses it unless its text has been parsed before.
    pub(super) fn read(&mut self, file: &Path) -> Result<ReadCatalog, Vec<CatalogMistake>> {
        let text = catalog_file::read(file).map_err(|mistake| vec![mistake])?;
        let parsed = self.0.entry(text.clone()).or_insert_with(|| {
            headcount_catalog::parse(&text)
                .map_err(|mistakes| mistakes.all().iter().map(ToString::to_string).collect())
        });
        match parsed {
            Ok(catalog) => Ok(ReadCatalog { file: file.to_path_buf(), text, catalog: *catalog }),
            Err(mistakes) => {
                let lines = mistakes.iter().map(|line| format!("{}:{line}", file.display()));
                Err(lines.map(CatalogMistake::from).collect())
            }
        }
    }

    /// Reads all files. Returns the catalogs, and all mistakes of the others.
    pub(super) fn read_all(
        &mut self,
        files: Vec<PathBuf>,
    ) -> (Vec<ReadCatalog>, Vec<CatalogMistake>) {
        let (mut catalogs, mut mistakes) = (Vec::new(), Vec::new());
        for file in files {
            match self.read(&file) {
                Ok(catalog) => catalogs.push(catalog),
                Err(found) => mistakes.extend(found),
            }
        }
        (catalogs, mistakes)
    }
}
