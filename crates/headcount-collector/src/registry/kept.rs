//! Every version of a catalog that was ever loaded, kept beside the events:
//! `DATA/catalogs/PRODUCT.VERSION.toml`.
//!
//! People run old releases for years. An event is judged by the version that
//! its program was built with, also when nobody has that version in a folder
//! any more.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use headcount_catalog::{Catalog, is_product_name};

use super::catalog_file;
use super::error::{CatalogMistake, RegistryError};
use super::loaded::other_contents;
use super::texts::{ParsedTexts, ReadCatalog};
use crate::private_file;

/// The folder in the data folder.
const FOLDER: &str = "catalogs";

/// For so long after it was kept, a catalog may turn out to be the first part
/// of one: a file that was read while somebody copied it. A copy takes seconds;
/// one over a bad line, minutes.
const GROWS_FOR: Duration = Duration::from_secs(600);

/// The kept catalogs of a data folder.
#[derive(Debug, Clone)]
pub(crate) struct KeptCatalogs {
    folder: PathBuf,
}

/// The catalogs that were read, and what is wrong with the other files.
type KeptRead = (Vec<ReadCatalog>, Vec<CatalogMistake>);

/// What is wrong with a file.
type FileMistake = (PathBuf, CatalogMistake);

/// Why a catalog is not kept.
#[derive(Debug)]
pub(super) enum NotKept {
    /// The system refuses to write.
    System(io::Error),
    /// There is a file under its name that is not written over.
    Taken(CatalogMistake),
}

impl From<io::Error> for NotKept {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl KeptCatalogs {
    pub(crate) fn of(data: &Path) -> Self {
        Self { folder: data.join(FOLDER) }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Reads all of them. A file whose contents cannot be used is a mistake and
    /// hides no other. Creates nothing.
    ///
    /// # Errors
    ///
    /// Returns an error if there is a folder that cannot be listed, or a kept
    /// catalog that cannot be read. Without it an older one would be the
    /// newest, and might keep events for a shorter time.
    pub(super) fn read_all(&self, texts: &mut ParsedTexts) -> Result<KeptRead, RegistryError> {
        let (read, mistakes) = self.read(texts).map_err(|error| {
            let message = cannot_list(&self.folder, &error);
            RegistryError::of(vec![CatalogMistake::unreadable(message, error)])
        })?;
        let (mistakes, unread): (Vec<_>, Vec<_>) =
            mistakes.into_iter().partition(|(file, mistake)| mistake.was_read() || !is_kept(file));
        if unread.is_empty() {
            Ok((read, mistakes.into_iter().map(|(_, mistake)| mistake).collect()))
        } else {
            Err(RegistryError::of(unread.into_iter().map(|(_, mistake)| needed(mistake)).collect()))
        }
    }

    /// Reads what can be read. With each mistake comes its file.
    fn read(&self, texts: &mut ParsedTexts) -> io::Result<(Vec<ReadCatalog>, Vec<FileMistake>)> {
        let (mut read, mut mistakes) = (Vec::new(), Vec::new());
        for file in self.files()? {
            match texts.read(&file) {
                Ok(catalog) => read.push(catalog),
                Err(found) => {
                    mistakes.extend(found.into_iter().map(|mistake| (file.clone(), mistake)));
                }
            }
        }
        let (named, misnamed): (Vec<_>, Vec<_>) = read
            .into_iter()
            .partition(|read| read.file.file_name() == Some(name(&read.catalog).as_ref()));
        mistakes.extend(misnamed.iter().map(|read| {
            let sentence =
                "the file has the catalog of another product or version than its name says";
            let mistake = CatalogMistake::from(format!(
                "{}: {sentence}: name it {}, or remove it",
                read.file.display(),
                name(&read.catalog)
            ));
            (read.file.clone(), mistake)
        }));
        Ok((named, mistakes))
    }

    fn files(&self) -> io::Result<Vec<PathBuf>> {
        match catalog_file::list_folder(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            files => files,
        }
    }

    /// What can be used of what can be read, for whoever deletes nothing by it.
    pub(super) fn usable(&self) -> Vec<ReadCatalog> {
        self.read(&mut ParsedTexts::default()).map(|(read, _)| read).unwrap_or_default()
    }

    /// Where a version of a product's catalog is kept.
    pub(super) fn place(&self, catalog: &Catalog) -> PathBuf {
        self.folder.join(name(catalog))
    }

    /// Writes one. What is there under its name is written over only if it was
    /// read here, and is damaged or [the first part](Self::is_first_part) of
    /// this one.
    ///
    /// # Errors
    ///
    /// - [`NotKept::System`] if it cannot be made to last.
    /// - [`NotKept::Taken`] if there is another catalog under its name, or a
    ///   file that cannot be read.
    pub(super) fn keep(&self, read: &ReadCatalog, texts: &mut ParsedTexts) -> Result<(), NotKept> {
        private_file::make_folder(&self.folder)?;
        let path = self.place(&read.catalog);
        match path.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
            Ok(_) => match texts.read(&path) {
                Ok(kept) if kept.catalog == read.catalog => return Ok(()),
                Ok(kept) if self.is_first_part(&kept, read) => {}
                Ok(kept) if name(&kept.catalog) == name(&read.catalog) => {
                    return Err(NotKept::Taken(clash(read, &path)));
                }
                Ok(_) => {}
                Err(mistakes) => {
                    let mut unread = mistakes.into_iter().filter(|mistake| !mistake.was_read());
                    if let Some(mistake) = unread.next() {
                        return Err(NotKept::Taken(needed(mistake)));
                    }
                }
            },
        }
        Ok(private_file::write(&path, read.text.as_bytes())?)
    }

    /// Whether a catalog was kept just now and goes on in a newer one of the
    /// same version: its file was not whole when it was read. What is added
    /// behind a text takes nothing back that it said.
    pub(super) fn is_first_part(&self, kept: &ReadCatalog, newer: &ReadCatalog) -> bool {
        let is_part = name(&kept.catalog) == name(&newer.catalog)
            && newer.text.len() > kept.text.len()
            && newer.text.starts_with(&kept.text);
        // The clock may have been set back meanwhile.
        let age = |time: SystemTime| time.elapsed().unwrap_or_else(|error| error.duration());
        let modified = || self.place(&kept.catalog).metadata()?.modified();
        is_part && modified().is_ok_and(|time| age(time) < GROWS_FOR)
    }

    /// The kept catalog of which this is the whole, if only [a first
    /// part](Self::is_first_part) was kept.
    pub(super) fn first_part(
        &self,
        whole: &ReadCatalog,
        texts: &mut ParsedTexts,
    ) -> Option<ReadCatalog> {
        let kept = texts.read(&self.place(&whole.catalog)).ok()?;
        self.is_first_part(&kept, whole).then_some(kept)
    }

    /// Copies all of them as they are, and makes the copies last. Returns their
    /// number. Each is replaced as a whole, so none is copied half. What has
    /// another name is not one of them.
    ///
    /// # Errors
    ///
    /// Returns an error, with the name of the file, if one is a link or
    /// cannot be read or written. Whoever copies for the owner of the folder
    /// may read files that the owner may not.
    pub(crate) fn copy_to(&self, to: &Self) -> io::Result<usize> {
        let mut files = self.files()?;
        files.retain(|file| is_kept(file));
        if files.is_empty() {
            return Ok(0);
        }
        private_file::make_folder(&to.folder)?;
        for file in &files {
            let name = file.file_name().unwrap_or_default();
            private_file::read(file, private_file::Links::Refused)
                .and_then(|content| private_file::write(&to.folder.join(name), &content))
                .map_err(|error| {
                    io::Error::new(error.kind(), format!("{}: {error}", name.display()))
                })?;
        }
        Ok(files.len())
    }

    /// What is wrong with the kept catalogs, one line each, for a person who
    /// examines the folder.
    pub(crate) fn findings(&self) -> Vec<String> {
        match self.read(&mut ParsedTexts::default()) {
            Ok((_, mistakes)) => {
                mistakes.iter().map(|(_, mistake)| mistake.message().to_owned()).collect()
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
        self.usable().into_iter().map(|read| read.catalog).collect()
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

/// Whether a file has the name of a kept catalog.
fn is_kept(file: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str());
    let parts = name.and_then(|name| name.strip_suffix(".toml")?.rsplit_once('.'));
    let is_version = |text: &str| text.parse::<u32>().is_ok_and(|own| own.to_string() == text);
    parts.is_some_and(|(product, version)| is_product_name(product) && is_version(version))
}

/// Two catalogs of one version: the kept one is the older.
pub(super) fn clash(read: &ReadCatalog, kept: &Path) -> CatalogMistake {
    let of = (read.catalog.product.name, read.catalog.version);
    other_contents(&read.file.display().to_string(), of, &kept.display().to_string())
}

/// Says what to do about a kept catalog that cannot be read.
fn needed(mistake: CatalogMistake) -> CatalogMistake {
    if mistake.may_pass() {
        mistake.advised(
            "; the collector keeps events as this catalog says, so it does not go on without it: \
             try again when the file can be read, or restore it from a backup",
        )
    } else {
        mistake
    }
}

fn cannot_list(folder: &Path, error: &io::Error) -> String {
    format!("cannot list the kept catalogs in {}: {error}", folder.display())
}

#[cfg(test)]
mod tests {
    use headcount_testkit::Home;

    use super::*;

    #[test]
    fn only_kept_catalogs_are_copied() {
        let home = Home::new();
        for name in ["tool.1.toml", "tool.12.toml", "a-tool.4294967295.toml"] {
            home.write(&format!("data/catalogs/{name}"), name);
            assert!(is_kept(Path::new(name)), "{name}");
        }
        for name in [
            "zz.toml",
            "tool.01.toml",
            "tool..toml",
            ".1.toml",
            "tool.1.toml.toml",
            "tool.4294967296.toml",
            "to ol.1.toml",
        ] {
            home.write(&format!("data/catalogs/{name}"), "anything");
            assert!(!is_kept(Path::new(name)), "{name}");
        }
        std::fs::create_dir(home.path().join("to")).unwrap();
        let of = |name: &str| KeptCatalogs::of(&home.path().join(name));
        assert_eq!(of("data").copy_to(&of("to")).unwrap(), 3);
        assert_eq!(std::fs::read_dir(home.path().join("to/catalogs")).unwrap().count(), 3);
        assert_eq!(home.read("to/catalogs/tool.12.toml"), "tool.12.toml");
    }

    #[cfg(unix)]
    #[test]
    fn what_a_link_leads_to_is_not_copied() {
        let home = Home::new();
        home.write("data/catalogs/tool.1.toml", "");
        let secret = home.write("secret", "of root");
        for name in ["zz.toml", "tool.2.toml"] {
            let link = home.path().join("data/catalogs").join(name);
            std::os::unix::fs::symlink(&secret, link).unwrap();
        }
        std::fs::create_dir(home.path().join("to")).unwrap();
        let of = |name: &str| KeptCatalogs::of(&home.path().join(name));
        let error = of("data").copy_to(&of("to")).unwrap_err();
        assert_eq!(error.to_string(), "tool.2.toml: not a regular file");
        let copied = std::fs::read_dir(home.path().join("to/catalogs")).unwrap();
        let copied: Vec<_> = copied.map(|file| file.unwrap().file_name()).collect();
        assert_eq!(copied, ["tool.1.toml"]);
    }
}
