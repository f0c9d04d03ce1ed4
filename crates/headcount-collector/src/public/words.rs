//! The plain words of a catalog as HTML. Whatever an author wrote is text.

use headcount_catalog::plain_words::{Block, Span, place, spans};
use maud::{Markup, html};

/// A section: its heading, and what is below it.
pub(super) struct Section<'a> {
    pub(super) heading: &'a str,
    blocks: &'a [Block],
}

/// Splits a text into what is before its first heading of the second level, and
/// its sections.
pub(super) fn sections(blocks: &[Block]) -> (&[Block], Vec<Section<'_>>) {
    let is_start = |block: &Block| matches!(block, Block::Heading(2, _));
    let starts: Vec<usize> =
        blocks.iter().enumerate().filter(|(_, block)| is_start(block)).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([blocks.len()]);
    let sections = starts.iter().zip(ends).filter_map(|(start, end)| match &blocks[*start] {
        Block::Heading(_, heading) => Some(Section { heading, blocks: &blocks[start + 1..end] }),
        _ => None,
    });
    (&blocks[..starts.first().copied().unwrap_or(blocks.len())], sections.collect())
}

impl Section<'_> {
    pub(super) fn markup(&self) -> Markup {
        html! {
            section.panel.words id=(place(self.heading)) {
                h2 { (line(self.heading)) }
                (all(self.blocks))
            }
        }
    }
}

/// Returns a text as HTML, a section for each heading of the second level, with
/// its id. It has neither a style nor a head.
#[must_use]
pub fn words_as_html(blocks: &[Block]) -> String {
    let (introduction, sections) = sections(blocks);
    let markup = html! {
        (all(introduction))
        @for section in sections { (section.markup()) }
    };
    markup.into_string()
}

/// Blocks below each other.
pub(super) fn all(blocks: &[Block]) -> Markup {
    html! { @for block in blocks { (one(block)) } }
}

fn one(block: &Block) -> Markup {
    html! {
        @match block {
            Block::Heading(1, text) => { h1 { (line(text)) } }
            Block::Heading(2, text) => { h2 { (line(text)) } }
            Block::Heading(_, text) => { h3 { (line(text)) } }
            Block::Paragraph(text) => { p { (line(text)) } }
            Block::List(lines) => { ul { @for text in lines { li { (line(text)) } } } }
            Block::Numbered(lines) => { ol { @for text in lines { li { (line(text)) } } } }
            Block::Table(head, rows) => {
                div.wide tabindex="0" role="group" aria-label=(head.join(", ")) {
                    table.plain {
                        thead { tr { @for cell in head { th scope="col" { (cell) } } } }
                        tbody { @for row in rows { tr { @for cell in row { td { (line(cell)) } } } } }
                    }
                }
            }
        }
    }
}

/// The words of a block.
pub(super) fn line(text: &str) -> Markup {
    parts(&spans(text))
}

fn parts(spans: &[Span]) -> Markup {
    html! {
        @for span in spans {
            @match span {
                Span::Text(text) => { (text) }
                Span::Code(code) => { code { (code) } }
                Span::Strong(inner) => { strong { (parts(inner)) } }
                Span::Place(words, to) => { a href={ "#" (to) } { (words) } }
                Span::Address(address) => { (linked(address)) }
            }
        }
    }
}

/// An address leads somewhere only if it is one of the web or of mail.
fn linked(address: &str) -> Markup {
    let target = if address.starts_with("https://") {
        Some(address.to_owned())
    } else if address.contains('@') && !address.contains(':') {
        Some(format!("mailto:{address}"))
    } else {
        None
    };
    html! {
        @match target {
            Some(target) => { a href=(target) rel="noreferrer" { (address) } }
            None => { (address) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_catalog_are_text() {
        let markup = line("a <b> `<i>` **<u>** [x](#y)").into_string();
        assert!(markup.contains("<code>&lt;i&gt;</code>"), "{markup}");
        assert!(!markup.contains("<i>") && !markup.contains("<u>"), "{markup}");
        assert_eq!(linked("javascript:alert(1)").into_string(), "javascript:alert(1)");
        assert_eq!(linked("javascript:alert(1)@x").into_string(), "javascript:alert(1)@x");
        let mail = linked("a@tool.example").into_string();
        assert_eq!(mail, "<a href=\"mailto:a@tool.example\" rel=\"noreferrer\">a@tool.example</a>");
    }

    #[test]
    fn sections_begin_at_headings_of_the_second_level() {
        let heading = |level, text: &str| Block::Heading(level, text.to_owned());
        let blocks = [
            heading(1, "T"),
            Block::List(vec![]),
            heading(2, "A"),
            heading(3, "a"),
            heading(2, "B"),
        ];
        let (before, sections) = sections(&blocks);
        assert_eq!(before.len(), 2);
        let of: Vec<_> = sections.iter().map(|one| (one.heading, one.blocks.len())).collect();
        assert_eq!(of, [("A", 1), ("B", 0)]);
    }
}
