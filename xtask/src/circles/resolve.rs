//! From a path to the file that defines what it names, through every re-export
//! between.

use super::module::{Crate, Leads, Module, ScopeKind, Space, Use};

/// What a path leads to. A name may lead to several: one for each platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Module(usize),
    Item {
        /// The file that defines it.
        file: usize,
        /// Its name there.
        name: String,
    },
}

/// The items that a use in the code leads to, nothing for what is not of this
/// crate. A path that ends at a module uses nothing yet: what is taken from
/// that module is a use of its own.
pub(super) fn items(read: &Crate, used: &Use) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let resolver = Resolver { read };
    for target in resolver.path(used.scope, &used.path, used.space, &mut Vec::new()) {
        if let Target::Item { file, name } = target {
            found.push((file, name));
        }
    }
    if let (true, Space::Macro, [name]) = (found.is_empty(), used.space, used.path.as_slice()) {
        let mut of_that_name = read.macros.iter().filter(|(other, _)| other == name);
        if let (Some((name, file)), None) = (of_that_name.next(), of_that_name.next()) {
            found.push((*file, name.clone()));
        }
    }
    found
}

struct Resolver<'a> {
    read: &'a Crate,
}

/// The imports that are being followed: one that leads back to itself leads
/// nowhere.
type Trail = Vec<(usize, String, Space)>;

impl Resolver<'_> {
    fn path(&self, scope: usize, path: &[String], space: Space, trail: &mut Trail) -> Vec<Target> {
        let mut rest = path;
        let mut targets = Vec::new();
        let mut module = self.read.module_of(scope);
        let mut is_anchored = false;
        while let [first, others @ ..] = rest {
            match first.as_str() {
                "crate" => module = 0,
                "self" => {}
                "super" => {
                    let Some(parent) = self.read.modules[module].parent else { return targets };
                    module = self.read.module_of(parent);
                }
                _ => break,
            }
            is_anchored = true;
            rest = others;
        }
        if is_anchored {
            targets.push(Target::Module(module));
        } else if let [first, others @ ..] = rest {
            let wanted = if others.is_empty() { space } else { Space::Type };
            targets = self.around(scope, first, wanted, trail);
            rest = others;
        }
        while let [name, others @ ..] = rest {
            let wanted = if others.is_empty() { space } else { Space::Type };
            let mut next = Vec::new();
            for target in targets {
                match target {
                    Target::Module(module) => next.extend(self.within(module, name, wanted, trail)),
                    // A variant, or what belongs to a type.
                    Target::Item { .. } => next.push(target),
                }
            }
            targets = next;
            rest = others;
        }
        targets
    }

    /// What a name means in a scope: in a block its own names first, then those
    /// around it.
    fn around(&self, mut scope: usize, name: &str, space: Space, trail: &mut Trail) -> Vec<Target> {
        loop {
            let found = self.within(scope, name, space, trail);
            match self.read.modules[scope] {
                Module { kind: ScopeKind::Block, parent: Some(parent), .. } if found.is_empty() => {
                    scope = parent;
                }
                _ => return found,
            }
        }
    }

    /// What a name means in a module; what is imported with a star gives way to
    /// what is named.
    fn within(&self, scope: usize, name: &str, space: Space, trail: &mut Trail) -> Vec<Target> {
        let step = (scope, name.to_owned(), space);
        if trail.contains(&step) {
            return Vec::new();
        }
        trail.push(step);
        let module = &self.read.modules[scope];
        let mut found = Vec::new();
        for bound in
            module.names.iter().filter(|bound| bound.name == name && bound.space.has(space))
        {
            match &bound.leads {
                Leads::Here => {
                    found.push(Target::Item { file: module.file, name: name.to_owned() });
                }
                Leads::Module(module) => found.push(Target::Module(*module)),
                Leads::Elsewhere(path) => found.extend(self.path(scope, path, space, trail)),
            }
        }
        if found.is_empty() {
            for glob in &module.globs {
                for target in self.path(scope, glob, Space::Type, trail) {
                    if let Target::Module(module) = target {
                        found.extend(self.within(module, name, space, trail));
                    }
                }
            }
        }
        trail.pop();
        found
    }
}
