//! The imports of a file stand at its top, in one order: what the file declares
//! (`mod x;`), then the standard library, other crates, this crate's own, and
//! last what is passed on with `pub use`. A blank line stands between two
//! groups and none within one; rustfmt sorts what is in a group.

use std::collections::BTreeSet;

use crate::Finding;
use crate::rust::{self, Item, ItemKind, Line};
use crate::tree::SourceFile;

pub(super) fn check(file: &SourceFile, lines: &[Line<'_>]) -> Option<Finding> {
    let wanted = fixed(&file.text, lines)?;
    let pairs = file.text.lines().zip(wanted.lines());
    let line = pairs.take_while(|(is, wanted)| is == wanted).count() + 1;
    let sentence = "The imports are not in order from here on: `mod`, then `use` of the standard \
                    library, of other crates, of this crate, then `pub use`, a blank line between \
                    groups and none within. `cargo xtask tidy --fix` puts them so.";
    Some(Finding::new(&file.path, line, sentence))
}

/// The text with its imports in order; nothing where they are.
pub(super) fn fixed(text: &str, lines: &[Line<'_>]) -> Option<String> {
    let items = rust::items(lines);
    let names = Names::of(&items, lines);
    let mut moved: Vec<(Group, &Item)> =
        items.iter().filter_map(|item| Some((names.group(item, lines)?, item))).collect();
    // Stable: what is of one group keeps its order.
    moved.sort_by_key(|(group, _)| *group);
    let (_, first) = moved.first()?;
    let declared = items.iter().take_while(|item| item.kind != ItemKind::Other);
    let declared = declared.filter(|item| item.kind == ItemKind::Declaration).last();
    let place = match declared {
        Some(declaration) => declaration.last + 1,
        None => items.iter().map(|item| item.first).min().unwrap_or(first.first),
    };
    let stays = |at: &usize| !moved.iter().any(|(_, item)| (item.first..=item.last).contains(at));
    let before: Vec<&str> = kept(lines, (0..place).filter(stays));
    let after: Vec<&str> = kept(lines, (place..lines.len()).filter(stays));
    let parts = [before.join("\n"), block(&moved, lines), after.join("\n")];
    let parts: Vec<&str> =
        parts.iter().map(|part| part.trim_matches('\n')).filter(|part| !part.is_empty()).collect();
    let wanted = format!("{}\n", parts.join("\n\n"));
    (wanted != text).then_some(wanted)
}

/// The lines that stay; where lines between two blank ones are gone, one blank
/// line is left.
fn kept<'a>(lines: &[Line<'a>], stay: impl Iterator<Item = usize>) -> Vec<&'a str> {
    let mut kept: Vec<&str> = Vec::new();
    let mut before = 0;
    for at in stay {
        let line = lines[at].text;
        let follows_a_gap = at > before + 1;
        before = at;
        if !(follows_a_gap && line.is_empty() && kept.last().is_some_and(|last| last.is_empty())) {
            kept.push(line);
        }
    }
    kept
}

/// All that is moved, with a blank line between groups. What is passed on keeps
/// its own gaps.
fn block(moved: &[(Group, &Item)], lines: &[Line<'_>]) -> String {
    let mut block = String::new();
    for (at, (group, item)) in moved.iter().enumerate() {
        if let Some((other, before)) = at.checked_sub(1).map(|at| moved[at]) {
            let is_apart = *group == Group::PassedOn && item.first != before.last + 1;
            block.push_str(if *group != other || is_apart { "\n\n" } else { "\n" });
        }
        let text: Vec<&str> = lines[item.first..=item.last].iter().map(|line| line.text).collect();
        block.push_str(&text.join("\n"));
    }
    block
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Standard,
    Others,
    Own,
    PassedOn,
}

/// The names that a file declares itself, by which a path may begin.
struct Names<'a> {
    own: BTreeSet<&'a str>,
    /// Their `use` must stand behind them.
    macros: BTreeSet<&'a str>,
}

impl<'a> Names<'a> {
    fn of(items: &[Item], lines: &[Line<'a>]) -> Self {
        let mut names = Self { own: BTreeSet::new(), macros: BTreeSet::new() };
        for item in items {
            let (code, _) = item.code(lines);
            let mut words = code.split(|c: char| !c.is_alphanumeric() && !"_!".contains(c));
            match words.next() {
                Some("macro_rules!") => names.macros.extend(words.next()),
                Some("extern") if code.starts_with("extern crate self as ") => {
                    names.own.extend(words.nth(3));
                }
                Some("mod" | "enum" | "struct" | "trait" | "type" | "union" | "fn") => {
                    names.own.extend(words.next());
                }
                _ => {}
            }
        }
        names
    }

    fn group(&self, item: &Item, lines: &[Line<'a>]) -> Option<Group> {
        let (code, _) = item.code(lines);
        let path = code.strip_prefix("use ")?.trim_start_matches('{');
        let is_global = path.starts_with("::");
        let path = path.trim_start_matches("::");
        let first = path.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
        match (item.kind, first) {
            (ItemKind::Import | ItemKind::ReExport, _) if self.macros.contains(first) => None,
            (ItemKind::ReExport, _) => Some(Group::PassedOn),
            (ItemKind::Import, "std" | "core" | "alloc" | "proc_macro") => Some(Group::Standard),
            (ItemKind::Import, "crate" | "self" | "super") => Some(Group::Own),
            (ItemKind::Import, _) if !is_global && self.own.contains(first) => Some(Group::Own),
            (ItemKind::Import, _) => Some(Group::Others),
            (ItemKind::Declaration | ItemKind::Other, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(text: &str) -> Option<String> {
        fixed(text, &rust::lines(text))
    }

    const ORDERED: &str = "//! Room.\n\nmod child;\nmod other;\n\nuse std::fmt;\n#[cfg(unix)]\nuse \
        std::os::unix::fs;\n\nuse headcount_catalog::{\n    Catalog,\n};\nuse serde_json::Value;\n\n\
        use super::Row;\nuse child::Child;\nuse crate::Tree;\n\npub use child::read;\n\n\
        pub(crate) use other::write;\n\n/// Doc.\nfn f() {\n    use std::io;\n}\n\n#[cfg(test)]\n\
        mod tests {\n    use super::*;\n}\n";

    #[test]
    fn what_is_in_order_stays() {
        assert_eq!(mended(ORDERED), None);
        for text in [
            "//! Room.\n",
            "//! Room.\n\nfn f() {}\n",
            "//! Room.\n\nuse std::fmt;\n",
            "//! Room.\n#![cfg(unix)]\n\nuse std::fmt;\n\nmod inside {\n    use a::b;\n    use std::c;\n}\n",
            "//! Room.\n\nuse std::fmt;\n\nmacro_rules! m {\n    () => {};\n}\n\npub(crate) use m;\n",
            "//! Room.\n\nconst A: &str = \"\nuse std::fmt;\n\";\n",
        ] {
            assert_eq!(mended(text), None, "{text}");
        }
    }

    #[test]
    fn groups_are_told_apart_and_parted() {
        for (is, wanted) in [
            (
                "use crate::A;\nuse std::fmt;\nuse toml::B;\n",
                "use std::fmt;\n\nuse toml::B;\n\nuse crate::A;\n",
            ),
            ("use std::fmt;\n\nuse std::io;\n", "use std::fmt;\nuse std::io;\n"),
            (
                "use std::fmt;\n\n\nuse a::B;\nfn f() {}\n",
                "use std::fmt;\n\nuse a::B;\n\nfn f() {}\n",
            ),
            (
                "use own::A;\nuse std::b;\n\nenum own {\n}\n",
                "use std::b;\n\nuse own::A;\n\nenum own {\n}\n",
            ),
            (
                "use ::own::A;\nuse std::b;\n\nmod own {}\n",
                "use std::b;\n\nuse ::own::A;\n\nmod own {}\n",
            ),
        ] {
            let room = "//! Room.\n\n";
            assert_eq!(mended(&format!("{room}{is}")), Some(format!("{room}{wanted}")));
            assert_eq!(mended(&format!("{room}{wanted}")), None);
        }
    }

    #[test]
    fn what_stands_further_down_moves_up_with_what_stands_above_it() {
        let is = "//! Room.\n\nuse a::B;\nmod own;\n\nfn f() {}\n\n// Why.\n#[cfg(unix)]\nuse std::{\n    \
                  c,\n};\n\npub use own::D;\n\nfn g() {}\n\n#[cfg(test)]\nmod tests;\n";
        let wanted = "//! Room.\n\nmod own;\n\n// Why.\n#[cfg(unix)]\nuse std::{\n    c,\n};\n\nuse a::B;\n\n\
                      pub use own::D;\n\nfn f() {}\n\nfn g() {}\n\n#[cfg(test)]\nmod tests;\n";
        assert_eq!(mended(is).as_deref(), Some(wanted));
        assert_eq!(mended(wanted), None);
    }

    #[test]
    fn a_file_out_of_order_is_caught_where_the_order_ends() {
        let line = |text| {
            let file = SourceFile::new("a.rs", text);
            check(&file, &rust::lines(text)).map(|finding| finding.line)
        };
        assert_eq!(line("//! Room.\n\nuse std::a;\nuse crate::b;\nuse std::c;\n"), Some(4));
        assert_eq!(line(ORDERED), None);
    }
}
