//! The repository's text files, read once, for every rule to look at.

use std::path::Path;

/// What holds nothing of ours: git's own, which is a file in a work tree that
/// is not the first.
const GIT: &str = ".git";

/// What cargo builds, where it is beside a manifest: elsewhere a module may be
/// called so.
const BUILT: &str = "target";

/// Folders whose packages are no rooms of this house: the proof's, the fault
/// table's, the fuzz targets', what a release is made with, and the clients' of
/// others that the suite of real software builds.
const OUTSIDE: [&str; 5] = ["bench/", "faults/", "fuzz/", "packages/", "peers/"];

/// Every text file of the repository, sorted by path, tracked or not yet.
#[derive(Clone, Debug)]
pub struct Tree {
    files: Vec<SourceFile>,
}

/// One text file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Relative to the root, with `/` between folders.
    pub path: String,
    /// All of it.
    pub text: String,
}

impl Tree {
    /// Reads the files below `root`. What is not UTF-8 has no lines to judge
    /// and is left out.
    ///
    /// # Errors
    ///
    /// When a folder or file cannot be read.
    pub fn read(root: &Path) -> std::io::Result<Self> {
        let mut tree = Self { files: Vec::new() };
        tree.walk(root, "")?;
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(tree)
    }

    /// A tree of a few files, for a rule to be tried on.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| SourceFile::new(path, text)).collect();
        Self { files }
    }

    /// Every file.
    #[must_use]
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The file at `path`, or an empty text where there is none: whatever a
    /// rule wants of it is then missing.
    #[must_use]
    pub fn text(&self, path: &str) -> &str {
        self.files.iter().find(|file| file.path == path).map_or("", |file| &file.text)
    }

    /// Where the file at `path` stands among the files.
    pub(crate) fn position(&self, path: &str) -> Option<usize> {
        self.files.iter().position(|file| file.path == path)
    }

    /// The folders that hold a package of the workspace, relative to the root.
    /// The proof is a workspace of its own, and so are the fault table, the
    /// fuzz targets and the clients of peers/: their packages are no rooms of
    /// this house.
    pub(crate) fn packages(&self) -> impl Iterator<Item = &str> {
        let ours =
            self.files.iter().filter(|file| !OUTSIDE.iter().any(|it| file.path.starts_with(it)));
        ours.filter_map(|file| file.path.strip_suffix("/Cargo.toml"))
    }

    fn walk(&mut self, folder: &Path, above: &str) -> std::io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let kind = entry.file_type()?;
            if name == GIT || (name == BUILT && folder.join("Cargo.toml").exists()) {
                continue;
            }
            if kind.is_dir() {
                self.walk(&entry.path(), &format!("{above}{name}/"))?;
            } else if kind.is_file()
                && let Ok(text) = String::from_utf8(std::fs::read(entry.path())?)
            {
                self.files.push(SourceFile { path: format!("{above}{name}"), text });
            }
        }
        Ok(())
    }
}

impl SourceFile {
    #[cfg(test)]
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// Lines with their numbers, from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(at, line)| (at + 1, line))
    }

    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proof_is_walked_but_its_packages_are_no_rooms() {
        let tree = Tree::of(&[
            ("bench/Cargo.toml", ""),
            ("bench/prove/Cargo.toml", ""),
            ("peers/clients/one/Cargo.toml", ""),
            ("a/Cargo.toml", ""),
            ("faults/table/Cargo.toml", ""),
            ("fuzz/Cargo.toml", ""),
        ]);
        assert_eq!(tree.packages().collect::<Vec<_>>(), ["a"]);
        assert_eq!(tree.files().len(), 6);
    }
}
