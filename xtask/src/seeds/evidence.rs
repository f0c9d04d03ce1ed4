//! What a row can name to show that it holds, and whether it is there.
//!
//! ```text
//! examples/atomic/tests/atomic/races.rs::NAME   a test of that file that runs whenever tests run
//! peers/opencode/plugin.test.ts::NAME           a test of Node's, or a function of Python's
//! crates/headcount/tests/compile_fail/NAME.rs   a case: a file with the words it is refused with beside it
//! ci:NAME                                       a step of .ci/run
//! peers:NAME                                    a part of .ci/peers
//! ```

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::Visit;

use crate::Tree;

/// Folders in which every file is a case of one test.
const CASES: [&str; 2] =
    ["crates/headcount/tests/compile_fail/", "crates/headcount-catalog/tests/reject/"];

/// Where the steps are listed, and between what.
const STEPS: (&str, &str, &str) = (".ci/run", "readonly STEPS=(", ")");
/// Steps that take too long to be among them, run by name.
const BY_NAME: (&str, &str, &str) = (".ci/run", "readonly BY_NAME=(", ")");
const PARTS: (&str, &str, &str) = ("peers/suite.py", "PARTS = {", "}");

/// One name, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evidence<'a> {
    Test { path: &'a str, name: &'a str },
    Case(&'a str),
    Step(&'a str),
    Part(&'a str),
}

impl<'a> Evidence<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        if let Some(step) = text.strip_prefix("ci:") {
            Self::Step(step)
        } else if let Some(part) = text.strip_prefix("peers:") {
            Self::Part(part)
        } else if let Some((path, name)) = text.split_once("::") {
            Self::Test { path, name }
        } else {
            Self::Case(text)
        }
    }
}

/// Looks for evidence in the repository.
pub(super) struct Finder<'t> {
    tree: &'t Tree,
    /// The tests of each Rust file that was asked for.
    tests: BTreeMap<String, BTreeSet<String>>,
}

impl<'t> Finder<'t> {
    pub(super) fn new(tree: &'t Tree) -> Self {
        Self { tree, tests: BTreeMap::new() }
    }

    /// A sentence on what is missing, if something is.
    pub(super) fn lacks(&mut self, evidence: &str) -> Option<String> {
        match Evidence::of(evidence) {
            Evidence::Test { path, name } => self.lacks_test(path, name),
            Evidence::Case(path) => self.lacks_case(path),
            Evidence::Step(step) => {
                let is_there = [STEPS, BY_NAME].iter().any(|list| self.lists(*list, step));
                (!is_there).then(|| format!(".ci/run has no step {step:?}."))
            }
            Evidence::Part(part) => {
                (!self.lists(PARTS, part)).then(|| format!(".ci/peers has no part {part:?}."))
            }
        }
    }

    /// Whether a file of the repository is at the path, with the job of a
    /// workflow behind a `#`.
    pub(super) fn has_page(&self, shown_by: &str) -> bool {
        let (path, job) = match shown_by.split_once('#') {
            Some((path, job)) => (path, Some(job)),
            None => (shown_by, None),
        };
        let text = self.tree.text(path);
        let has = |job: &str| text.lines().any(|line| line == format!("  {job}:"));
        !text.is_empty() && job.is_none_or(has)
    }

    fn lacks_test(&mut self, path: &str, name: &str) -> Option<String> {
        let text = self.tree.text(path);
        if text.is_empty() {
            return Some(format!("The file {path} does not exist."));
        }
        let is_there = match path.rsplit('.').next() {
            Some("rs") => {
                let tests = self.tests.entry(path.to_owned()).or_insert_with(|| tests(text));
                tests.contains(name)
            }
            Some("py") => text.contains(&format!("\ndef {name}(")),
            _ => {
                let begins = |quote| format!("test({quote}{name}{quote},");
                text.contains(&begins('"')) || text.contains(&begins('\''))
            }
        };
        (!is_there).then(|| format!("{path} has no test {name:?} that runs by itself."))
    }

    fn lacks_case(&self, path: &str) -> Option<String> {
        if !CASES.iter().any(|folder| path.starts_with(folder)) {
            return Some(format!("{path:?} names no test, no case, no step and no part."));
        }
        let beside = path.rsplit_once('.').map(|(stem, _)| format!("{stem}.stderr"));
        let is_there = [path, &beside.unwrap_or_default()]
            .iter()
            .all(|path| self.tree.position(path).is_some());
        (!is_there).then(|| format!("There is no case {path} with its .stderr beside it."))
    }

    /// Whether a list of names in a file has one.
    fn lists(&self, (path, opens, closes): (&str, &str, &str), name: &str) -> bool {
        let text = self.tree.text(path);
        let Some((_, rest)) = text.split_once(opens) else { return false };
        let Some((inside, _)) = rest.split_once(closes) else { return false };
        // Python's list has a function behind each name.
        inside.split_whitespace().any(|word| word.trim_matches(['"', ':', ',']) == name)
    }
}

/// The names of a file's tests, in whatever module of it, but those that are
/// ignored. None where the file is no Rust, which the compiler says better.
fn tests(text: &str) -> BTreeSet<String> {
    let mut names = Names::default();
    if let Ok(file) = syn::parse_file(text) {
        names.visit_file(&file);
    }
    names.0
}

#[derive(Default)]
struct Names(BTreeSet<String>);

impl<'ast> Visit<'ast> for Names {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        let has = |name| function.attrs.iter().any(|it| it.path().is_ident(name));
        if has("test") && !has("ignore") {
            self.0.insert(function.sig.ident.to_string());
        }
    }
}
