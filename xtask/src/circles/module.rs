//! The modules of one crate as they were read: the names in each, and the paths
//! that its code uses.

use std::collections::BTreeSet;

/// One crate, read whole. The first module is its root.
#[derive(Default)]
pub(super) struct Crate {
    pub(super) modules: Vec<Module>,
    pub(super) uses: Vec<Use>,
    /// The names of `macro_rules!`, each with the file that defines it. They
    /// reach further than modules do, in the order of the text; here a name
    /// that is unique is enough.
    pub(super) macros: BTreeSet<(String, usize)>,
    /// Files that could not be parsed: each with the line and what is wrong
    /// there.
    pub(super) unread: Vec<(usize, usize, String)>,
}

/// A module, or a block of code that has items or imports of its own.
pub(super) struct Module {
    /// As a place in the tree's files.
    pub(super) file: usize,
    /// What it lies in; the root lies in nothing.
    pub(super) parent: Option<usize>,
    pub(super) kind: ScopeKind,
    pub(super) names: Vec<Name>,
    /// What is imported with a star.
    pub(super) globs: Vec<Path>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ScopeKind {
    Module,
    /// A block sees the names around it, and `self` and `super` pass it by.
    Block,
}

/// A name that a module has.
pub(super) struct Name {
    pub(super) name: String,
    pub(super) space: Space,
    pub(super) leads: Leads,
}

/// What a name stands for.
pub(super) enum Leads {
    /// An item that this very module defines.
    Here,
    Module(usize),
    /// An import, public or not.
    Elsewhere(Path),
}

/// Which names a place in the code can mean: a type and a function may share
/// one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    Type,
    Value,
    /// A struct without named fields is a type and a function.
    TypeAndValue,
    Macro,
    Any,
}

impl Space {
    /// Whether a name of `self` can be meant where `wanted` is.
    pub(super) fn has(self, wanted: Self) -> bool {
        match (self, wanted) {
            (Self::Any, _) | (_, Self::Any) => true,
            (Self::TypeAndValue, other) | (other, Self::TypeAndValue) => other != Self::Macro,
            (one, other) => one == other,
        }
    }
}

/// A path as it is written, such as `super`, `segments`, `open`.
pub(super) type Path = Vec<String>;

/// A path that code uses.
pub(super) struct Use {
    /// The module or block in which it stands.
    pub(super) scope: usize,
    pub(super) path: Path,
    pub(super) space: Space,
    /// Counted from 1.
    pub(super) line: usize,
}

impl Crate {
    /// The module around a block, or the module itself.
    pub(super) fn module_of(&self, mut scope: usize) -> usize {
        while let (ScopeKind::Block, Some(parent)) =
            (self.modules[scope].kind, self.modules[scope].parent)
        {
            scope = parent;
        }
        scope
    }

    pub(super) fn bind(&mut self, scope: usize, name: impl Into<String>, space: Space, to: Leads) {
        self.modules[scope].names.push(Name { name: name.into(), space, leads: to });
    }
}
