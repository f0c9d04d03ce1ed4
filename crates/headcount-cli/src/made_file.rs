//! A text that is made from a catalog and kept in a file: it is printed,
//! written, or compared with what is kept.

use std::io;
use std::path::Path;

use headcount::person::visible;

use crate::{catalog_file, print};

/// A text that was made.
pub(crate) struct Made<'a> {
    /// What it is, in sentences: `schema`.
    pub(crate) what: &'a str,
    /// What it is made of: the path of a catalog.
    pub(crate) of: &'a str,
    /// The text, with a newline at its end.
    pub(crate) text: &'a str,
    /// The command that makes a file of this name again.
    pub(crate) again: &'a dyn Fn(&str) -> String,
}

impl Made<'_> {
    /// Compares the text with `check`, or writes it to `output`, or prints it.
    /// Returns 1 if it is another text, or if it cannot be written.
    pub(crate) fn settle(&self, check: Option<&Path>, output: Option<&Path>) -> u8 {
        let done = match (check, output) {
            (Some(file), _) => self.compared(file),
            (None, Some(file)) if !catalog_file::is_stdin(file) => self.written(file),
            _ => print::only_once(self.text.trim_end_matches('\n'))
                .map_err(|error| format!("Cannot print the {}: {error}.", self.what)),
        };
        match done {
            Ok(()) => 0,
            Err(sentence) => {
                print::err(format_args!("{sentence}\n"));
                1
            }
        }
    }

    fn written(&self, file: &Path) -> Result<(), String> {
        std::fs::write(file, self.text)
            .map_err(|error| format!("{}: cannot write the {}: {error}.", shown(file), self.what))
    }

    /// Line endings do not count: Git may have changed them.
    fn compared(&self, file: &Path) -> Result<(), String> {
        let (name, what) = (shown(file), self.what);
        let again = || (self.again)(&name);
        match std::fs::read_to_string(file) {
            Ok(text) if text.replace("\r\n", "\n") == self.text => Ok(()),
            Ok(_) => Err(format!(
                "{name}: this {what} does not say what {} says: run `{}`.",
                self.of,
                again()
            )),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(format!("{name}: there is no {what}: run `{}`.", again()))
            }
            Err(error) => Err(format!("{name}: cannot read the {what}: {error}.")),
        }
    }
}

/// A path in a sentence.
pub(crate) fn shown(path: &Path) -> String {
    visible(&path.display().to_string())
}
