//! What the code of a file uses: every path in it that is compiled for more
//! than tests.

use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Expr, ImplItem, Item, Stmt, Token, TraitItem, Visibility};

use super::{Reader, locals};
use crate::circles::cfg::{self, is_for_tests};
use crate::circles::module::{Leads, Path, ScopeKind, Space};

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if is_for_tests(cfg::of_item(item)) {
            return;
        }
        self.bind_item(item);
        match item {
            Item::Use(item) if item.leading_colon.is_none() => {
                let is_private = matches!(item.vis, Visibility::Inherited);
                self.read_use(&item.tree, &Path::new(), is_private);
            }
            Item::Use(_) => {}
            Item::ExternCrate(item) if item.ident == "self" => {
                let name = item.rename.as_ref().map_or(&item.ident, |(_, name)| name).to_string();
                self.read.bind(self.scope, name, Space::Type, Leads::Module(0));
            }
            Item::Mod(item) => self.read_module(item),
            Item::Macro(item) if item.ident.is_some() => {
                let name = item.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                let file = self.read.modules[self.scope].file;
                self.read.bind(self.scope, name.clone(), Space::Macro, Leads::Here);
                self.read.macros.insert((name, file));
                self.used_tokens(&item.mac.tokens);
            }
            _ => visit::visit_item(self, item),
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        let locals = locals::of(|names| names.visit_item_fn(item));
        self.within_function(locals, |reader| visit::visit_item_fn(reader, item));
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        match item {
            ImplItem::Fn(function) if !is_for_tests(&function.attrs) => {
                let locals = locals::of(|names| names.visit_impl_item_fn(function));
                self.within_function(locals, |reader| visit::visit_impl_item(reader, item));
            }
            ImplItem::Const(constant) if is_for_tests(&constant.attrs) => {}
            ImplItem::Fn(_) => {}
            _ => visit::visit_impl_item(self, item),
        }
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        match item {
            TraitItem::Fn(function) if !is_for_tests(&function.attrs) => {
                let locals = locals::of(|names| names.visit_trait_item_fn(function));
                self.within_function(locals, |reader| visit::visit_trait_item(reader, item));
            }
            TraitItem::Fn(_) => {}
            _ => visit::visit_trait_item(self, item),
        }
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        if block.stmts.iter().any(|statement| matches!(statement, Stmt::Item(_))) {
            let file = self.read.modules[self.scope].file;
            let scope = self.open(file, Some(self.scope), ScopeKind::Block);
            self.within(scope, |reader| visit::visit_block(reader, block));
        } else {
            visit::visit_block(self, block);
        }
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        let attributes = match statement {
            Stmt::Local(local) => local.attrs.as_slice(),
            Stmt::Macro(call) => &call.attrs,
            Stmt::Expr(Expr::Block(block), _) => &block.attrs,
            Stmt::Expr(Expr::Call(call), _) => &call.attrs,
            Stmt::Expr(Expr::MethodCall(call), _) => &call.attrs,
            Stmt::Expr(Expr::If(branch), _) => &branch.attrs,
            _ => &[],
        };
        if !is_for_tests(attributes) {
            visit::visit_stmt(self, statement);
        }
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        if !is_for_tests(&arm.attrs) {
            visit::visit_arm(self, arm);
        }
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if !is_for_tests(&field.attrs) {
            visit::visit_field(self, field);
        }
    }

    fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
        if !is_for_tests(&field.attrs) {
            visit::visit_field_value(self, field);
        }
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        if !is_for_tests(&variant.attrs) {
            visit::visit_variant(self, variant);
        }
    }

    /// What derives is another crate's, and where something may be seen is no
    /// use of it.
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.used_path(&call.path, Space::Macro);
        let arguments = call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
        match arguments {
            Ok(arguments) => {
                // Read as what they are; the copy lives no longer than this
                // call.
                arguments
                    .iter()
                    .for_each(|argument| <Self as Visit<'_>>::visit_expr(self, argument));
            }
            Err(_) => self.used_tokens(&call.tokens),
        }
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        match &path.qself {
            Some(of) => {
                self.visit_qself(of);
                let steps = path.path.segments.iter().take(of.position);
                let steps: Path = steps.map(|part| part.ident.to_string()).collect();
                if !steps.is_empty() && path.path.leading_colon.is_none() {
                    self.used(steps, Space::Type, path.path.segments[0].ident.span());
                }
            }
            None => self.used_path(&path.path, Space::Value),
        }
        visit::visit_path(self, &path.path);
    }

    fn visit_pat_tuple_struct(&mut self, pattern: &'ast syn::PatTupleStruct) {
        self.used_path(&pattern.path, Space::Value);
        visit::visit_path(self, &pattern.path);
        pattern.elems.iter().for_each(|part| self.visit_pat(part));
    }

    /// Any other path is that of a type or of a trait.
    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.used_path(path, Space::Type);
        visit::visit_path(self, path);
    }
}
