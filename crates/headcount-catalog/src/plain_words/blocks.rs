//! A text as blocks: headings, paragraphs, lists and tables, whose words are in
//! the form of `inline.rs`. Whoever shows them chooses how they look.

/// One block of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading, of level 1 to 3.
    Heading(u8, String),
    /// A paragraph.
    Paragraph(String),
    /// A list.
    List(Vec<String>),
    /// A list whose order matters.
    Numbered(Vec<String>),
    /// A table: its head, and rows of as many cells.
    Table(Vec<&'static str>, Vec<Vec<String>>),
}

/// A text that is being written.
#[derive(Debug, Default)]
pub(super) struct Blocks(Vec<Block>);

impl Blocks {
    pub(super) fn heading(&mut self, level: u8, text: &str) {
        self.0.push(Block::Heading(level, text.to_owned()));
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        self.0.push(Block::Paragraph(text.to_owned()));
    }

    pub(super) fn list(&mut self, lines: &[String]) {
        self.0.push(Block::List(lines.to_vec()));
    }

    pub(super) fn numbered(&mut self, lines: &[String]) {
        self.0.push(Block::Numbered(lines.to_vec()));
    }

    /// A table; nothing if it has no rows.
    pub(super) fn table<const COLUMNS: usize>(
        &mut self,
        head: [&'static str; COLUMNS],
        rows: &[[String; COLUMNS]],
    ) {
        if !rows.is_empty() {
            let rows = rows.iter().map(|row| row.to_vec()).collect();
            self.0.push(Block::Table(head.to_vec(), rows));
        }
    }

    pub(super) fn finish(self) -> Vec<Block> {
        self.0
    }
}
