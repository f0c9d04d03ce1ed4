//! Which file a `mod x;` means, as the compiler looks for it.

use syn::Attribute;

use crate::Tree;
use crate::circles::cfg;

/// Where the children of the module that is being read have their files.
pub(super) struct Place {
    /// The folder of the file that is being read, which `#[path]` counts from.
    folder: String,
    /// The folder of the module's children.
    children: String,
    /// Whether the text being read is inside an inline module.
    is_inline: bool,
}

/// Where a child may be.
pub(super) struct Child {
    /// For an inline child: where its own children are.
    pub(super) inline: Place,
    candidates: Vec<(String, Place)>,
}

impl Place {
    pub(super) fn of_root(path: &str) -> Self {
        Self::beside(path)
    }

    /// The children of a file that owns its folder lie beside it.
    fn beside(path: &str) -> Self {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        Self { children: folder.clone(), folder, is_inline: false }
    }

    /// The children of `name.rs` lie in the folder `name`.
    fn below(path: &str) -> Self {
        let children = path.strip_suffix(".rs").unwrap_or(path).to_owned();
        Self { children, ..Self::beside(path) }
    }

    /// Where the child `name` may be, by its attributes.
    pub(super) fn child(&self, name: &str, attributes: &[Attribute]) -> Child {
        let name = name.strip_prefix("r#").unwrap_or(name);
        let named = cfg::path(attributes);
        let from = if self.is_inline { &self.children } else { &self.folder };
        let children = match &named {
            Some(path) => join(from, path),
            None => join(&self.children, name),
        };
        let candidates = if let Some(path) = named {
            let path = join(from, &path);
            let place = Self::beside(&path);
            vec![(path, place)]
        } else {
            let file = join(&self.children, &format!("{name}.rs"));
            let folder = join(&self.children, &format!("{name}/mod.rs"));
            let (below, beside) = (Self::below(&file), Self::beside(&folder));
            vec![(file, below), (folder, beside)]
        };
        let inline = Self { folder: self.folder.clone(), children, is_inline: true };
        Child { inline, candidates }
    }
}

impl Child {
    /// The file that is there, as a place in the tree, and where its children
    /// are.
    pub(super) fn find(self, tree: &Tree) -> Option<(usize, Place)> {
        self.candidates.into_iter().find_map(|(path, place)| Some((tree.position(&path)?, place)))
    }
}

/// `a/b` and `../c.rs` are `a/c.rs`.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(place: &Place, name: &str, attributes: &str, files: &[&str]) -> Option<String> {
        let item = format!("{attributes} mod x;");
        let syn::Item::Mod(module) = &syn::parse_file(&item).unwrap().items[0] else {
            panic!("not a module: {item}")
        };
        let files: Vec<(&str, &str)> = files.iter().map(|path| (*path, "")).collect();
        let tree = Tree::of(&files);
        let (at, place) = place.child(name, &module.attrs).find(&tree)?;
        Some(format!("{} {}", tree.files()[at].path, place.children))
    }

    #[test]
    fn a_child_lies_where_the_compiler_looks() {
        let root = Place::of_root("a/src/lib.rs");
        let found_at = |place, name, attributes, file| found(place, name, attributes, &[file]);
        let one = "a/src/one.rs";
        assert_eq!(found_at(&root, "one", "", one), Some("a/src/one.rs a/src/one".to_owned()));
        let one = "a/src/one/mod.rs";
        assert_eq!(found_at(&root, "one", "", one), Some("a/src/one/mod.rs a/src/one".to_owned()));
        let below = Place::below("a/src/one.rs");
        let two = "a/src/one/two.rs";
        assert_eq!(
            found_at(&below, "two", "", two),
            Some("a/src/one/two.rs a/src/one/two".to_owned())
        );
        assert_eq!(found_at(&below, "two", "", "a/src/two.rs"), None);
    }

    #[test]
    fn a_path_counts_from_the_folder_of_the_file() {
        let path = "#[path = \"../unix.rs\"]";
        let below = Place::below("a/src/one.rs");
        let expected = Some("a/unix.rs a".to_owned());
        assert_eq!(found(&below, "two", path, &["a/unix.rs"]), expected);
        let inline = below.child("inside", &[]).inline;
        let expected = Some("a/src/one/unix.rs a/src/one".to_owned());
        assert_eq!(found(&inline, "two", path, &["a/src/one/unix.rs"]), expected);
    }
}
