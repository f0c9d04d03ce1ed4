//! Every version of a catalog that was ever loaded, kept beside the events:
//! `DATA/catalogs/PRODUCT.VERSION.toml`.
//!
//! People run old releases for years. An event is judged by the version that
//! its program was built with, also when nobody has that version in a folder
//! any more.

use std::io;
use std::path::{Path, PathBuf};

use headcount_catalog::Catalog;

use super::catalog_file;
use super::error::CatalogMistake;
use super::texts::{ParsedTexts, ReadCatalog};
use crate::private_file;

/// The folder in the data folder.
const FOLDER: &str = "catalogs";

/// The kept catalogs of a data folder.
#[derive(Debug, Clone)]
pub(crate) struct KeptCatalogs {
    folder: PathBuf,
}

/// The catalogs that were read, and what is wrong with the other files.
type KeptRead = (Vec<ReadCatalog>, Vec<CatalogMistake>);

impl KeptCatalogs {
    pub(crate) fn of(data: &Path) -> Self {
        Self { folder: data.join(FOLDER) }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Reads all of them. A file that cannot be used is a mistake and hides no
    /// other. Creates nothing.
    ///
    /// # Errors
    ///
    /// Returns an error if there is a folder that cannot be listed.
    pub(super) fn read(&self, texts: &mut ParsedTexts) -> io::Result<KeptRead> {
        let files = match catalog_file::list_folder(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            files => files?,
        };
        let (read, mut mistakes) = texts.read_all(files);
        let (named, misnamed): (Vec<_>, Vec<_>) = read
            .into_iter()
            .partition(|read| read.file.file_name() == Some(name(&read.catalog).as_ref()));
        mistakes.extend(misnamed.iter().map(|read| {
            let sentence =
                "the file has the catalog of another product or version than its name says";
            CatalogMistake::from(format!(
                "{}: {sentence}: name it {}, or remove it",
                read.file.display(),
                name(&read.catalog)
            ))
        }));
        Ok((named, mistakes))
    }

    /// Writes one, over a damaged one if there is one.
    ///
    /// # Errors
    ///
    /// Returns the error of the system if it cannot be made to last.
    pub(super) fn keep(&self, read: &ReadCatalog) -> io::Result<()> {
        private_file::make_folder(&self.folder)?;
        private_file::write(&self.folder.join(name(&read.catalog)), read.text.as_bytes())
    }

    /// Copies all of them as they are, and makes the copies last. Returns their
    /// number. Each is replaced as a whole, so none is copied half.
    ///
    /// # Errors
    ///
    /// Returns the error of the system if one cannot be read or written.
    pub(crate) fn copy_to(&self, to: &Self) -> io::Result<usize> {
        let files = match catalog_file::list_folder(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            files => files?,
        };
        private_file::make_folder(&to.folder)?;
        for file in &files {
            let content = private_file::read(file, private_file::Links::Followed)?;
            let name = file.file_name().unwrap_or_default();
            private_file::write(&to.folder.join(name), &content)?;
        }
        Ok(files.len())
    }

    /// What is wrong with the kept catalogs, one line each, for a person who
    /// examines the folder.
    pub(crate) fn findings(&self) -> Vec<String> {
        match self.read(&mut ParsedTexts::default()) {
            Ok((_, mistakes)) => {
                mistakes.iter().map(|mistake| mistake.message().to_owned()).collect()
            }
            Err(error) => vec![cannot_list(&self.folder, &error)],
        }
    }

    /// The names of the products that have kept catalogs, sorted.
    pub(crate) fn products(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.catalogs().iter().map(|catalog| catalog.product.name.to_owned()).collect();
        names.sort();
        names.dedup();
        names
    }

    fn catalogs(&self) -> Vec<Catalog> {
        let read = self.read(&mut ParsedTexts::default());
        read.map_or_else(
            |_| Vec::new(),
            |(read, _)| read.into_iter().map(|read| read.catalog).collect(),
        )
    }

    /// The kept versions of one product's catalog, the newest first.
    pub(crate) fn versions(&self, product: &str) -> Vec<Catalog> {
        let mut catalogs = self.catalogs();
        catalogs.retain(|catalog| catalog.product.name == product);
        catalogs.sort_by_key(|catalog| std::cmp::Reverse(catalog.version));
        catalogs
    }
}

/// The name of the file of a catalog.
fn name(catalog: &Catalog) -> String {
    format!("{}.{}.toml", catalog.product.name, catalog.version)
}

pub(super) fn cannot_list(folder: &Path, error: &io::Error) -> String {
    format!("cannot list the kept catalogs in {}: {error}", folder.display())
}
