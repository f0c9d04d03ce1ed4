//! The terminal a chart is drawn on: its width, its characters, and whether it
//! has colour.

use std::io::IsTerminal as _;

use super::limits::{WIDTH, WIDTH_LEAST, WIDTH_MOST};
use crate::Surroundings;

/// The properties of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Screen {
    /// Its width in columns.
    pub(super) columns: usize,
    /// The characters of a bar.
    pub(super) letters: Letters,
    /// The colour of a bar.
    pub(super) colour: Colour,
}

/// The characters of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letters {
    /// `#`, which every terminal has.
    Ascii,
    /// Blocks, to an eighth of a column.
    Unicode,
}

/// The colour of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
    /// It has none.
    None,
    /// The terminal's own cyan.
    Cyan,
}

impl Screen {
    /// The screen of standard output. There is colour on terminals only, and
    /// not if `NO_COLOR` is set or `TERM` is `dumb`.
    #[must_use]
    pub(super) fn of_this_process(surroundings: &Surroundings) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let set = |name: &str| surroundings.variable(name).filter(|value| !value.is_empty());
        let dumb = set("TERM").is_some_and(|term| term == "dumb");
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
        let unicode = cfg!(windows)
            || locale.is_some_and(|locale| {
                let locale = locale.to_ascii_lowercase();
                locale.contains("utf-8") || locale.contains("utf8")
            });
        let given = set("COLUMNS").and_then(|columns| columns.parse().ok());
        let columns = if terminal { columns().or(given) } else { given }.unwrap_or(WIDTH);
        Self {
            columns: columns.clamp(WIDTH_LEAST, WIDTH_MOST),
            letters: if unicode { Letters::Unicode } else { Letters::Ascii },
            colour: if terminal && !dumb && set("NO_COLOR").is_none() {
                Colour::Cyan
            } else {
                Colour::None
            },
        }
    }

    /// Draws `part` of `most` as a bar of at most `columns` columns. It is
    /// empty only for zero.
    pub(super) fn bar(self, part: u64, most: u64, columns: usize) -> String {
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
        match self.colour {
            Colour::None => bar,
            Colour::Cyan => format!("\u{1b}[36m{bar}\u{1b}[0m"),
        }
    }
}

/// The width of the terminal of standard output.
#[cfg(unix)]
fn columns() -> Option<usize> {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: TIOCGWINSZ writes one `winsize` to the pointer, which leads to
    // one that lives until the call returns; on failure it writes nothing.
    #[expect(unsafe_code, reason = "std has no way to ask for a terminal's size")]
    let done = unsafe { libc::ioctl(libc::STDOUT_FILENO, libc::TIOCGWINSZ, &raw mut size) };
    (done == 0 && size.ws_col > 0).then_some(usize::from(size.ws_col))
}

/// On Windows this would need another library, which is not worth it.
#[cfg(not(unix))]
fn columns() -> Option<usize> {
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
