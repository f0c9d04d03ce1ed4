//! A YAML document with the position of every node in the text.

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle};

use crate::Format;
use crate::error::Problem;
use crate::limits;

/// A parsed text with at most one document.
pub(crate) struct Document {
    /// The top node; `None` if there is nothing but white space and comments.
    pub(super) root: Option<Node>,
}

/// A node.
pub(crate) struct Node {
    /// Its kind.
    pub(super) kind: Kind,
    /// Its bytes in the text. The span of a block ends with its last child; the
    /// span of an unwritten null is empty.
    pub(super) span: Range<usize>,
    /// Its line, from 1.
    pub(super) line: usize,
    /// Its column in characters, from 0.
    pub(super) column: usize,
    /// The number of its anchor, or 0.
    pub(super) anchor: usize,
    /// Its tag.
    pub(super) tag: Option<String>,
}

/// The kind of a node.
pub(crate) enum Kind {
    /// A scalar.
    Scalar(String, Quotes),
    /// A list.
    List(Vec<Node>),
    /// A mapping.
    Mapping(Vec<Entry>, Layout),
    /// An alias of the anchor with this number.
    Alias(usize),
}

/// An entry of a mapping.
pub(crate) struct Entry {
    /// Its key.
    pub(super) key: Node,
    /// Its value.
    pub(super) value: Node,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quotes {
    /// Without quotes.
    Plain,
    /// `'…'`.
    Single,
    /// `"…"`.
    Double,
    /// `|` or `>`.
    Block,
}

/// How a mapping is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// By indentation.
    Block,
    /// Between braces.
    Flow,
}

impl Node {
    /// Whether it is a null that is not written.
    pub(super) fn is_unwritten(&self) -> bool {
        self.span.is_empty() && matches!(self.kind, Kind::Scalar(_, Quotes::Plain))
    }

    /// Whether two nodes have the same content, written in the same way, at any
    /// position.
    pub(super) fn says_the_same(&self, other: &Node) -> bool {
        let same = match (&self.kind, &other.kind) {
            (Kind::Scalar(ours, by), Kind::Scalar(theirs, with)) => {
                ours == theirs && by == with && self.is_unwritten() == other.is_unwritten()
            }
            (Kind::List(ours), Kind::List(theirs)) => {
                ours.len() == theirs.len()
                    && ours.iter().zip(theirs).all(|(ours, theirs)| ours.says_the_same(theirs))
            }
            (Kind::Mapping(ours, _), Kind::Mapping(theirs, _)) => {
                ours.len() == theirs.len()
                    && ours.iter().zip(theirs).all(|(ours, theirs)| ours.says_the_same(theirs))
            }
            (Kind::Alias(ours), Kind::Alias(theirs)) => ours == theirs,
            _ => false,
        };
        same && self.anchor == other.anchor && self.tag == other.tag
    }
}

impl Entry {
    /// Whether two entries have the same content, written in the same way.
    pub(super) fn says_the_same(&self, other: &Entry) -> bool {
        self.key.says_the_same(&other.key) && self.value.says_the_same(&other.value)
    }
}

/// Parses a whole text.
pub(crate) fn parse(text: &str) -> Result<Document, Problem> {
    let options = granit_parser::options! {
        strict_indentation: true,
        emit_comments: false,
        flow_nesting_limit: limits::YAML_DEPTH,
        block_nesting_limit: limits::YAML_DEPTH,
    };
    let mut roots = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = next.map_err(|error| {
            let marker = error.marker();
            syntax(marker.line(), marker.col(), &error.info())
        })?;
        let node = match event {
            Event::Scalar(word, style, anchor, tag) => {
                let kind = Kind::Scalar(word.into_owned(), quotes(style));
                node(kind, span, anchor, tag.map(|tag| tag.to_string()))?
            }
            Event::Alias(anchor) => node(Kind::Alias(anchor), span, 0, None)?,
            Event::SequenceStart(style, anchor, tag) => {
                let node =
                    node(Kind::List(Vec::new()), span, anchor, tag.map(|tag| tag.to_string()))?;
                open.push(Open { node, style, key: None });
                continue;
            }
            Event::MappingStart(style, anchor, tag) => {
                let kind = Kind::Mapping(Vec::new(), layout(style));
                let node = node(kind, span, anchor, tag.map(|tag| tag.to_string()))?;
                open.push(Open { node, style, key: None });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(closed) => closed.finished(bytes(&span)?.end),
                None => return Err(lost(&span)),
            },
            Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(..)
            | Event::DocumentEnd => continue,
            // Comments, anchors and unresolved aliases are not asked for.
            _ => return Err(lost(&span)),
        };
        match open.last_mut() {
            Some(parent) => parent.take(node)?,
            None => roots.push(node),
        }
    }
    if let Some(second) = roots.get(1) {
        let problem = "a second document starts here; settings are only one";
        return Err(syntax(second.line, second.column, problem));
    }
    Ok(Document { root: roots.pop() })
}

/// A collection whose end is still to come.
struct Open {
    node: Node,
    style: StructureStyle,
    /// A mapping's key that waits for its value.
    key: Option<Node>,
}

impl Open {
    fn take(&mut self, child: Node) -> Result<(), Problem> {
        match (&mut self.node.kind, self.key.take()) {
            // YAML 1.1 has no empty keys: here a key got lost.
            (Kind::Mapping(..), None) if child.is_unwritten() => {
                return Err(syntax(child.line, child.column, "a key is missing here"));
            }
            (Kind::List(items), _) => items.push(child),
            (Kind::Mapping(entries, _), Some(key)) => entries.push(Entry { key, value: child }),
            (Kind::Mapping(..), None) => self.key = Some(child),
            (Kind::Scalar(..) | Kind::Alias(_), _) => {}
        }
        Ok(())
    }

    /// The node, now that its end is known: the parser gives a block's as the
    /// start of whatever comes next, comments skipped, so it is taken from the
    /// last child.
    fn finished(mut self, end: usize) -> Node {
        self.node.span.end = match (self.style, &self.node.kind) {
            (StructureStyle::Block, Kind::List(items)) => {
                items.last().map_or(self.node.span.start, |last| last.span.end)
            }
            (StructureStyle::Block, Kind::Mapping(entries, _)) => {
                let last = entries.last();
                last.map_or(self.node.span.start, |last| last.key.span.end.max(last.value.span.end))
            }
            _ => end,
        };
        self.node
    }
}

fn node(kind: Kind, span: Span, anchor: usize, tag: Option<String>) -> Result<Node, Problem> {
    let (line, column) = (span.start.line(), span.start.col());
    Ok(Node { kind, span: bytes(&span)?, line, column, anchor, tag })
}

fn bytes(span: &Span) -> Result<Range<usize>, Problem> {
    span.byte_range().ok_or_else(|| lost(span))
}

fn quotes(style: ScalarStyle) -> Quotes {
    match style {
        ScalarStyle::Plain => Quotes::Plain,
        ScalarStyle::SingleQuoted => Quotes::Single,
        ScalarStyle::DoubleQuoted => Quotes::Double,
        ScalarStyle::Literal | ScalarStyle::Folded => Quotes::Block,
    }
}

fn layout(style: StructureStyle) -> Layout {
    match style {
        StructureStyle::Block => Layout::Block,
        StructureStyle::Flow => Layout::Flow,
    }
}

fn lost(span: &Span) -> Problem {
    syntax(span.start.line(), span.start.col(), "the parser lost its position here")
}

/// `line` counts from 1 and `column` from 0.
fn syntax(line: usize, column: usize, problem: &str) -> Problem {
    let problem = problem.lines().collect::<Vec<_>>().join(", ");
    Problem::Syntax { format: Format::Yaml, at: Some((line, column + 1)), problem }
}
