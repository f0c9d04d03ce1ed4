//! The terminal that text is written to: its width, its characters, and whether
//! it has colour.

use std::io::IsTerminal as _;

#[cfg(windows)]
use super::console;
use super::limits::{WIDTH, WIDTH_LEAST, WIDTH_MOST};
use crate::Surroundings;

/// The properties of standard output, as a person sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Its width in columns.
    pub columns: usize,
    /// The characters of a bar.
    pub letters: Letters,
    /// The colour of a bar.
    pub colour: Colour,
}

/// The characters of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letters {
    /// `#`, which every terminal has.
    Ascii,
    /// Blocks, to an eighth of a column.
    Unicode,
}

/// Our own colour.
pub(super) const CYAN: &str = "\u{1b}[36m";

/// The end of our own colour.
pub(super) const PLAIN: &str = "\u{1b}[0m";

/// The colour of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// It has none.
    None,
    /// The terminal's own cyan.
    Cyan,
}

impl Letters {
    /// Blocks and frames where the environment says UTF-8, and in a Windows
    /// console, which std writes to in UTF-16. Where the environment says
    /// nothing, what reads a pipe or a file on Windows may use another code
    /// page.
    pub(super) fn of(surroundings: &Surroundings, stream: Stream) -> Self {
        let set = |name: &str| surroundings.variable(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
        let unicode = stream.is_console()
            || locale.is_some_and(|locale| {
                let locale = locale.to_ascii_lowercase();
                locale.contains("utf-8") || locale.contains("utf8")
            });
        if unicode { Self::Unicode } else { Self::Ascii }
    }
}

impl Screen {
    /// The screen of standard output. There is colour on terminals only, and
    /// not if `NO_COLOR` is set or `TERM` is `dumb`.
    #[must_use]
    pub fn of_this_process(surroundings: &Surroundings) -> Self {
        let terminal = Stream::Out.is_terminal();
        let set = |name: &str| surroundings.variable(name).filter(|value| !value.is_empty());
        let dumb = set("TERM").is_some_and(|term| term == "dumb");
        let columns = columns_of(Stream::Out, given_columns(surroundings)).unwrap_or(WIDTH);
        Self {
            columns: columns.clamp(WIDTH_LEAST, WIDTH_MOST),
            letters: Letters::of(surroundings, Stream::Out),
            colour: if terminal && !dumb && set("NO_COLOR").is_none() && Stream::Out.has_colours() {
                Colour::Cyan
            } else {
                Colour::None
            },
        }
    }

    /// The width of standard output in columns: `None` if it is not a terminal
    /// and the environment gives none, for text that is not cut then.
    #[must_use]
    pub fn width(surroundings: &Surroundings) -> Option<usize> {
        columns_of(Stream::Out, given_columns(surroundings))
    }

    /// Draws `part` of `most` as a bar of at most `columns` columns. It is
    /// empty only for zero.
    #[must_use]
    pub fn bar(self, part: u64, most: u64, columns: usize) -> String {
        const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
        if part == 0 || most == 0 {
            return String::new();
        }
        let eighths = (part.min(most) as u128 * columns as u128 * 8).div_ceil(u128::from(most));
        let eighths = usize::try_from(eighths).unwrap_or(columns * 8).max(1);
        let bar = match self.letters {
            Letters::Ascii => "#".repeat(eighths.div_ceil(8)),
            Letters::Unicode => format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8]),
        };
        self.coloured(bar)
    }

    /// The text in the colour of a bar.
    #[must_use]
    pub fn coloured(self, text: String) -> String {
        match self.colour {
            Colour::None => text,
            Colour::Cyan => format!("{CYAN}{text}{PLAIN}"),
        }
    }
}

/// A stream that people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    Out,
    Err,
}

impl Stream {
    pub(super) fn is_terminal(self) -> bool {
        match self {
            Self::Out => std::io::stdout().is_terminal(),
            Self::Err => std::io::stderr().is_terminal(),
        }
    }
}

#[cfg(windows)]
impl Stream {
    fn is_console(self) -> bool {
        match self {
            Self::Out => console::mode(&std::io::stdout()).is_ok(),
            Self::Err => console::mode(&std::io::stderr()).is_ok(),
        }
    }

    fn has_colours(self) -> bool {
        match self {
            Self::Out => console::has_colours(&std::io::stdout()),
            Self::Err => console::has_colours(&std::io::stderr()),
        }
    }
}

#[cfg(not(windows))]
impl Stream {
    #[expect(clippy::unused_self, reason = "as on Windows")]
    fn is_console(self) -> bool {
        false
    }

    #[expect(clippy::unused_self, reason = "as on Windows")]
    fn has_colours(self) -> bool {
        true
    }
}

/// The width that the environment gives, for a terminal that does not know its
/// own and for what only looks like one to its reader.
pub(super) fn given_columns(surroundings: &Surroundings) -> Option<usize> {
    let columns = surroundings.variable("COLUMNS")?.trim().parse().ok()?;
    (columns > 0).then_some(columns)
}

/// The columns that text on a stream is wrapped to. Text that does not go to a
/// terminal is not wrapped, unless the environment gives a width: what reads it
/// may search in it, or wrap it for itself.
pub(super) fn columns_of(stream: Stream, given: Option<usize>) -> Option<usize> {
    if stream.is_terminal() { columns(stream).or(given).or(Some(WIDTH)) } else { given }
}

/// The width of the terminal that a stream leads to.
#[cfg(unix)]
fn columns(stream: Stream) -> Option<usize> {
    let descriptor = match stream {
        Stream::Out => libc::STDOUT_FILENO,
        Stream::Err => libc::STDERR_FILENO,
    };
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: TIOCGWINSZ writes one `winsize` to the pointer, which leads to
    // one that lives until the call returns; on failure it writes nothing.
    #[expect(unsafe_code, reason = "std has no way to ask for a terminal's size")]
    let done = unsafe { libc::ioctl(descriptor, libc::TIOCGWINSZ, &raw mut size) };
    (done == 0 && size.ws_col > 0).then_some(usize::from(size.ws_col))
}

/// The width of the console that a stream leads to.
#[cfg(windows)]
fn columns(stream: Stream) -> Option<usize> {
    match stream {
        Stream::Out => console::columns(&std::io::stdout()),
        Stream::Err => console::columns(&std::io::stderr()),
    }
}

#[cfg(not(any(unix, windows)))]
fn columns(_stream: Stream) -> Option<usize> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_has_its_share_of_the_columns() {
        let ascii = Screen { columns: 80, letters: Letters::Ascii, colour: Colour::None };
        assert_eq!(ascii.bar(10, 10, 10), "##########");
        assert_eq!(ascii.bar(1, 1_000, 10), "#");
        assert_eq!(ascii.bar(0, 10, 10), "");
        assert_eq!(ascii.bar(5, 0, 10), "");
        let unicode = Screen { letters: Letters::Unicode, ..ascii };
        assert_eq!(unicode.bar(1, 2, 3), "█▌");
        assert_eq!(unicode.bar(1, 1_000, 3), "▏");
        assert_eq!(unicode.bar(u64::MAX, u64::MAX, 4), "████");
        let cyan = Screen { colour: Colour::Cyan, ..unicode };
        assert_eq!(cyan.bar(1, 1, 1), "\u{1b}[36m█\u{1b}[0m");
    }
}
