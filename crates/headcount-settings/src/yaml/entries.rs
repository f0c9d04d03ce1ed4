//! Lists every value of a YAML text with its path. Aliases are not followed.

use super::tree::{Document, Kind, Node};
use crate::value::Entry;

pub(crate) fn entries_in(document: &Document) -> Vec<Entry> {
    let mut entries = Vec::new();
    if let Some(root) = &document.root {
        walk(root, &[], &mut entries);
    }
    entries
}

fn walk(node: &Node, path: &[&str], entries: &mut Vec<Entry>) {
    match &node.kind {
        Kind::Mapping(members, _) => {
            for member in members {
                if let Kind::Scalar(key, _) = &member.key.kind {
                    walk(&member.value, &[path, &[key.as_str()]].concat(), entries);
                }
            }
        }
        Kind::List(list) => list.iter().for_each(|node| walk(node, path, entries)),
        Kind::Scalar(word, _) => entries.push(Entry::new(path, word.clone())),
        Kind::Alias(_) => {}
    }
}
