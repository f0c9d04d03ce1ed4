//! Limits of the house's own files, in lines and columns, and of what is said
//! of them.

/// Lines of code in a Rust file: neither blank, nor comment, nor the tests at
/// its end. In the Rust projects that are a pleasure to read, nine files of ten
/// have at most that many, and the rest is where reading stops being one.
pub(crate) const CODE_LINES: usize = 400;

/// Lines of a Rust file, whatever they hold: half as much again as the code may
/// have, for its comments and tests.
pub(crate) const RAW_LINES: usize = 600;

/// Columns of a comment, its indent and mark with it. rustfmt has the same in
/// mind, and it is what the house mostly did when the rule was made: of 1,184
/// paragraphs of two lines or more, 777 kept within 81 columns, and most of the
/// others within 100.
pub(crate) const COMMENT_COLUMNS: usize = 80;

/// Names that a sentence gives for one arrow of a circle; more would hide the
/// circle.
pub(crate) const NAMES_OF_AN_ARROW: usize = 3;

/// Characters of a quote from a document that a requirement is told by: enough
/// to find its place, too few to stand for it. The longest of the first 388 has
/// 95.
pub(crate) const QUOTE_CHARACTERS: usize = 120;
