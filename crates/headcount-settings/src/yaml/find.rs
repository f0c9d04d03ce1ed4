//! Walks a path through a YAML document, by plain keys only.

use super::scalar;
use super::tree::{Entry, Kind, Layout, Node, Quotes};
use crate::Format;
use crate::error::Problem;
use crate::splice;
use crate::{Found, Scalar};

/// Where a path leads.
pub(super) struct Trail<'d, 'p> {
    /// The mappings on the way, the top level first, each with its key.
    pub(super) mappings: Vec<Step<'d>>,
    /// What is at the end.
    pub(super) end: End<'d, 'p>,
}

/// A mapping on the way.
#[derive(Clone, Copy)]
pub(super) struct Step<'d> {
    /// The key it belongs to; the top level has none.
    pub(super) key: Option<&'d Node>,
    /// The mapping itself.
    pub(super) node: &'d Node,
    /// Its entries.
    pub(super) entries: &'d [Entry],
    /// How it is written.
    pub(super) layout: Layout,
}

/// The end of a trail.
pub(super) enum End<'d, 'p> {
    /// An entry of the last mapping.
    Value(&'d Entry),
    /// These keys of the path are not there; the first of them would be in the
    /// last mapping.
    Missing(&'p [&'p str]),
    /// An entry of the last mapping is not a mapping, but the path goes on with
    /// these keys.
    Through(&'d Entry, &'p [&'p str]),
}

/// Walks `path` through a document with the top node `root`.
pub(super) fn trail<'d, 'p>(
    text: &str,
    root: &'d Node,
    path: &'p [&'p str],
) -> Result<Trail<'d, 'p>, Problem> {
    let (mut key, mut node) = (None, root);
    let mut mappings = Vec::new();
    for (depth, name) in path.iter().enumerate() {
        check(node, key.map_or("the top level", |(_, name)| name))?;
        let Kind::Mapping(entries, layout) = &node.kind else {
            return Err(Problem::NotATable(Format::Yaml));
        };
        mappings.push(Step { key: key.map(|(key, _)| key), node, entries, layout: *layout });
        indented(text, node)?;
        let Some(entry) = position(entries, name)? else {
            return Ok(Trail { mappings, end: End::Missing(&path[depth..]) });
        };
        check(&entry.value, name)?;
        if depth + 1 == path.len() {
            return Ok(Trail { mappings, end: End::Value(entry) });
        }
        if !matches!(entry.value.kind, Kind::Mapping(..)) {
            return Ok(Trail { mappings, end: End::Through(entry, &path[depth + 1..]) });
        }
        (key, node) = (Some((&entry.key, *name)), &entry.value);
    }
    Err(Problem::BadPath(path.join(".")))
}

/// The entry with the key, if any. Returns an error if there are two, or if
/// another entry could mean the same key.
fn position<'d>(entries: &'d [Entry], name: &str) -> Result<Option<&'d Entry>, Problem> {
    let mut found = None;
    for entry in entries {
        match &entry.key.kind {
            Kind::Alias(_) => {
                return Err(indirect(&entry.key, name, "an alias as a key beside it"));
            }
            Kind::Scalar(word, Quotes::Plain) if word == "<<" => {
                return Err(indirect(&entry.key, name, "a merge key (`<<`) beside it"));
            }
            Kind::Scalar(word, quotes) if word == name => {
                check(&entry.key, name)?;
                let means = Found::Scalar(Scalar::Text(name.to_owned()));
                if *quotes == Quotes::Plain && scalar::meaning(&entry.key) != means {
                    return Err(indirect(
                        &entry.key,
                        name,
                        "a word that some readers do not take for text",
                    ));
                }
                if found.is_some() {
                    return Err(Problem::Twice { key: name.to_owned(), line: entry.key.line });
                }
                found = Some(entry);
            }
            Kind::Scalar(..) | Kind::List(_) | Kind::Mapping(..) => {}
        }
    }
    Ok(found)
}

/// Refuses aliases, and nodes with an anchor or a tag.
fn check(node: &Node, name: &str) -> Result<(), Problem> {
    if matches!(node.kind, Kind::Alias(_)) {
        return Err(indirect(node, name, "an alias"));
    }
    if node.anchor != 0 {
        return Err(indirect(node, name, "an anchor"));
    }
    if node.tag.is_some() {
        return Err(indirect(node, name, "a tag"));
    }
    Ok(())
}

/// Refuses a tab before a block: the parser accepts it, YAML does not.
fn indented(text: &str, node: &Node) -> Result<(), Problem> {
    let before = &text[splice::line_start(text, node.span.start)..node.span.start];
    if before.contains('\t') && matches!(node.kind, Kind::Mapping(_, Layout::Block)) {
        let problem = "a tab cannot indent a block".to_owned();
        let at = Some((node.line, node.column + 1));
        return Err(Problem::Syntax { format: Format::Yaml, at, problem });
    }
    Ok(())
}

fn indirect(node: &Node, name: &str, way: &'static str) -> Problem {
    Problem::Indirect { key: name.to_owned(), line: node.line, way }
}
