//! Reads one crate: every file that its modules lead to, and in each what is
//! named and what is used.

mod files;
mod locals;
mod visit;

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::visit::Visit;
use syn::{Item, UseTree};

use super::cfg::is_for_tests;
use super::module::{Crate, Leads, Module, Path, ScopeKind, Space, Use};
use super::tokens;
use crate::Tree;
use files::Place;

/// The crate that begins in the file `root`.
pub(super) fn read(tree: &Tree, root: usize) -> Crate {
    let mut reader = Reader {
        tree,
        read: Crate::default(),
        scope: 0,
        place: Place::of_root(&tree.files()[root].path),
        locals: Vec::new(),
    };
    reader.read_file(root, None);
    reader.read
}

struct Reader<'a> {
    tree: &'a Tree,
    read: Crate,
    /// The module or block that is being read.
    scope: usize,
    /// Where the files of its children are.
    place: Place,
    /// The variables of the functions around, innermost last: they hide
    /// functions of their names.
    locals: Vec<BTreeSet<String>>,
}

impl Reader<'_> {
    /// Reads a module that has a file of its own, and says which module it
    /// became.
    fn read_file(&mut self, file: usize, parent: Option<usize>) -> usize {
        let module = self.open(file, parent, ScopeKind::Module);
        match syn::parse_file(&self.tree.files()[file].text) {
            Ok(syntax) if !is_for_tests(&syntax.attrs) => {
                self.within(module, |reader| reader.read_items(&syntax.items));
            }
            Ok(_) => {}
            Err(error) => {
                let wrong = (file, error.span().start().line, error.to_string());
                self.read.unread.push(wrong);
            }
        }
        module
    }

    fn read_items(&mut self, items: &[Item]) {
        items.iter().for_each(|item| self.visit_item(item));
    }

    fn open(&mut self, file: usize, parent: Option<usize>, kind: ScopeKind) -> usize {
        let module = Module { file, parent, kind, names: Vec::new(), globs: Vec::new() };
        self.read.modules.push(module);
        self.read.modules.len() - 1
    }

    fn within(&mut self, scope: usize, read: impl FnOnce(&mut Self)) {
        let outside = std::mem::replace(&mut self.scope, scope);
        read(self);
        self.scope = outside;
    }

    fn read_module(&mut self, module: &syn::ItemMod) {
        let name = module.ident.to_string();
        let inside = self.place.child(&name, &module.attrs);
        let read = if let Some((_, items)) = &module.content {
            let file = self.read.modules[self.scope].file;
            let read = self.open(file, Some(self.scope), ScopeKind::Module);
            let outside = std::mem::replace(&mut self.place, inside.inline);
            self.within(read, |reader| reader.read_items(items));
            self.place = outside;
            read
        } else {
            let Some((file, place)) = inside.find(self.tree) else { return };
            let outside = std::mem::replace(&mut self.place, place);
            let read = self.read_file(file, Some(self.scope));
            self.place = outside;
            read
        };
        self.read.bind(self.scope, name, Space::Type, Leads::Module(read));
    }

    /// Every name that an import makes; a private one also uses what it
    /// imports.
    fn read_use(&mut self, tree: &UseTree, above: &Path, is_private: bool) {
        let with = |name: &syn::Ident| {
            let mut path = above.clone();
            if name != "self" || path.is_empty() {
                path.push(name.to_string());
            }
            path
        };
        match tree {
            UseTree::Path(path) => self.read_use(&path.tree, &with(&path.ident), is_private),
            UseTree::Group(group) => {
                group.items.iter().for_each(|item| self.read_use(item, above, is_private));
            }
            UseTree::Glob(glob) => {
                if is_private {
                    self.used(above.clone(), Space::Any, glob.star_token.spans[0]);
                }
                self.read.modules[self.scope].globs.push(above.clone());
            }
            UseTree::Name(name) => {
                self.import(with(&name.ident), None, is_private, name.ident.span());
            }
            UseTree::Rename(name) => {
                let renamed = Some(name.rename.to_string());
                self.import(with(&name.ident), renamed, is_private, name.ident.span());
            }
        }
    }

    fn import(&mut self, path: Path, name: Option<String>, is_private: bool, at: Span) {
        if let Some(name) = name.or_else(|| path.last().cloned()).filter(|name| name != "_") {
            self.read.bind(self.scope, name, Space::Any, Leads::Elsewhere(path.clone()));
        }
        if is_private {
            self.used(path, Space::Any, at);
        }
    }

    fn used(&mut self, path: Path, space: Space, at: Span) {
        let line = at.start().line;
        self.read.uses.push(Use { scope: self.scope, path, space, line });
    }

    fn used_path(&mut self, path: &syn::Path, space: Space) {
        let [first, ..] = path.segments.iter().collect::<Vec<_>>()[..] else { return };
        let is_local = path.segments.len() == 1
            && space == Space::Value
            && self.locals.last().is_some_and(|names| names.contains(&first.ident.to_string()));
        if path.leading_colon.is_none() && !is_local {
            let steps = path.segments.iter().map(|part| part.ident.to_string()).collect();
            self.used(steps, space, first.ident.span());
        }
    }

    fn used_tokens(&mut self, tokens: &proc_macro2::TokenStream) {
        for found in tokens::paths(tokens) {
            self.used(found.path, found.space, found.at);
        }
    }

    fn within_function(&mut self, locals: BTreeSet<String>, read: impl FnOnce(&mut Self)) {
        self.locals.push(locals);
        read(self);
        self.locals.pop();
    }

    fn bind_item(&mut self, item: &Item) {
        let (name, space) = match item {
            Item::Const(item) => (&item.ident, Space::Value),
            Item::Static(item) => (&item.ident, Space::Value),
            Item::Fn(item) => (&item.sig.ident, Space::Value),
            Item::Struct(item) => match &item.fields {
                syn::Fields::Named(_) => (&item.ident, Space::Type),
                _ => (&item.ident, Space::TypeAndValue),
            },
            Item::Enum(item) => (&item.ident, Space::Type),
            Item::Union(item) => (&item.ident, Space::Type),
            Item::Trait(item) => (&item.ident, Space::Type),
            Item::TraitAlias(item) => (&item.ident, Space::Type),
            Item::Type(item) => (&item.ident, Space::Type),
            _ => return,
        };
        self.read.bind(self.scope, name.to_string(), space, Leads::Here);
    }
}
