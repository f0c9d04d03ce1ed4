//! One note: a product, a day, a line of text, and who wrote it when.

use headcount_catalog::{Day, Time, is_product_name};

use super::note_error::NoteError;
use crate::credentials::ReaderName;
use crate::limits;

/// A note on a day of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayNote {
    /// What removes it, such as `n4f2a1c09`.
    pub id: String,
    /// The product.
    pub product: String,
    /// The day, UTC.
    pub day: Day,
    /// The text: one line.
    pub text: String,
    /// The reader who wrote it; `None` if the collector was not told.
    pub by: Option<ReaderName>,
    /// When it was written.
    pub written: Time,
}

/// A note that is not kept yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDayNote {
    pub(super) product: String,
    pub(super) day: Day,
    pub(super) text: String,
    pub(super) by: Option<ReaderName>,
}

impl NewDayNote {
    /// Checks what somebody wrote. Space around it is left out.
    ///
    /// # Errors
    ///
    /// Returns an error if
    /// - the name is not a product's;
    /// - the text is empty, longer than 200 characters or not one line, or has
    ///   characters that change how the text around them is shown.
    pub fn new(
        product: &str,
        day: Day,
        text: &str,
        by: Option<ReaderName>,
    ) -> Result<Self, NoteError> {
        if !is_product_name(product) {
            return Err(NoteError::NotAProductName(product.to_owned()));
        }
        let text = text.trim();
        check_text(text)?;
        Ok(Self { product: product.to_owned(), day, text: text.to_owned(), by })
    }
}

/// Whether a note may say this.
pub(super) fn check_text(text: &str) -> Result<(), NoteError> {
    let characters = text.chars().count();
    if characters == 0 {
        return Err(NoteError::Empty);
    }
    if characters > limits::NOTE_CHARACTERS {
        return Err(NoteError::TooLong { characters });
    }
    if text.chars().any(breaks_the_line) {
        return Err(NoteError::NotOneLine);
    }
    Ok(())
}

/// Whether a character begins a new line, does something to a terminal, or
/// turns the order of the letters after it (Unicode TR 9, section 2).
fn breaks_the_line(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{feff}'
                | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

impl DayNote {
    /// Whether a text is the id of a note.
    pub(super) fn is_id(text: &str) -> bool {
        text.len() == 1 + 2 * limits::NOTE_ID_BYTES
            && text.starts_with('n')
            && text[1..].bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    }
}
