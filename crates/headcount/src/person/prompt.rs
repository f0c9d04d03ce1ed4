//! The conversation of the question, on standard error: a text in a frame, and
//! a list to choose from.

use std::io::{self, Write as _};

use super::key::{Key, Typing};
use super::limits::{BOX_COLUMNS, WIDTH};
use super::raw::Keys;
use super::screen::{Letters, Stream, columns_of, given_columns};
use super::wrapped::{width, wrapped};
use crate::Surroundings;

/// What a person can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    Yes,
    No,
    /// To be asked for each purpose.
    Choose,
    Example,
}

/// What a question offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Offer {
    /// Yes and No alone.
    YesOrNo,
    /// An example too.
    Example,
    /// The purposes one by one, and an example.
    PurposesAndExample,
}

impl Offer {
    fn choices(self) -> &'static [Choice] {
        match self {
            Self::YesOrNo => &[Choice::Yes, Choice::No],
            Self::Example => &[Choice::Yes, Choice::No, Choice::Example],
            Self::PurposesAndExample => &[Choice::Yes, Choice::No, Choice::Choose, Choice::Example],
        }
    }

    /// Neither below the last nor above the first.
    fn step(self, from: Choice, by: isize) -> Choice {
        let choices = self.choices();
        let place = choices.iter().position(|choice| *choice == from).unwrap_or(1);
        choices[place.saturating_add_signed(by).min(choices.len() - 1)]
    }

    fn has(self, choice: Choice) -> bool {
        self.choices().contains(&choice)
    }
}

impl Choice {
    fn words(self) -> &'static str {
        match self {
            Self::Yes => "Yes",
            Self::No => "No",
            Self::Choose => "Choose by purpose",
            Self::Example => "Show an example of what is sent",
        }
    }
}

impl Typing {
    /// The keys, said under the list.
    fn hint(self, offer: Offer) -> &'static str {
        match (self, offer) {
            (Self::Keys, Offer::PurposesAndExample) => "y, n or c; or arrows, then Enter",
            (Self::Keys, _) => "y or n; or arrows, then Enter",
            (Self::Lines, Offer::YesOrNo) => "y and Enter for Yes; Enter alone is No",
            (Self::Lines, Offer::Example) => {
                "y and Enter for Yes, e for an example; Enter alone is No"
            }
            (Self::Lines, Offer::PurposesAndExample) => {
                "y and Enter for Yes, c to choose, e for an example; Enter alone is No"
            }
        }
    }

    /// Hides the cursor.
    fn hide(self) -> &'static str {
        match self {
            Self::Keys => "\u{1b}[?25l",
            Self::Lines => "",
        }
    }

    /// Shows the cursor again.
    fn show(self) -> &'static str {
        match self {
            Self::Keys => "\u{1b}[?25h",
            Self::Lines => "",
        }
    }

    /// Goes back to the first of these lines and clears them.
    fn over(self, drawn: &str) -> String {
        match (self, drawn.lines().count()) {
            (Self::Lines, _) | (_, 0) => String::new(),
            (Self::Keys, lines) => format!("\u{1b}[{lines}A\r\u{1b}[J"),
        }
    }
}

/// The terminal that the question is asked in.
pub(super) struct Prompt {
    columns: usize,
    signs: &'static Signs,
}

/// The characters of frame and list.
struct Signs {
    open: &'static str,
    settled: &'static str,
    active: &'static str,
    bar: &'static str,
    end: &'static str,
    line: &'static str,
    top: &'static str,
    join: &'static str,
    bottom: &'static str,
    chosen: &'static str,
    other: &'static str,
}

const UNICODE: Signs = Signs {
    open: "◇",
    settled: "◇",
    active: "◆",
    bar: "│",
    end: "└",
    line: "─",
    top: "╮",
    join: "├",
    bottom: "╯",
    chosen: "●",
    other: "○",
};

const ASCII: Signs = Signs {
    open: "o",
    settled: "o",
    active: "*",
    bar: "|",
    end: "-",
    line: "-",
    top: "+",
    join: "+",
    bottom: "+",
    chosen: ">",
    other: " ",
};

/// Columns of the frame around a text.
const FRAME: usize = 6;

/// Fewest columns that a frame is drawn in.
const FRAME_LEAST: usize = 30;

impl Prompt {
    /// The terminal of standard error.
    pub(super) fn new(surroundings: &Surroundings) -> Self {
        let columns = columns_of(Stream::Err, given_columns(surroundings));
        let signs = match Letters::of(surroundings, Stream::Err) {
            Letters::Unicode => &UNICODE,
            Letters::Ascii => &ASCII,
        };
        Self { columns: columns.unwrap_or(WIDTH), signs }
    }

    /// Shows a text in a frame.
    ///
    /// # Errors
    ///
    /// Returns an error if the terminal was closed.
    pub(super) fn show(&self, title: &str, text: &str) -> io::Result<()> {
        say(&self.framed(title, text))
    }

    fn framed(&self, title: &str, text: &str) -> String {
        let Signs { open, bar, line, top, join, bottom, .. } = self.signs;
        let most = self.columns.min(BOX_COLUMNS + FRAME).saturating_sub(FRAME);
        let framed = wrapped(text.trim_end(), most);
        let inner = framed.lines().map(width).chain([width(title)]).max().unwrap_or(0);
        // What is not wrapped may be too wide.
        if self.columns < FRAME_LEAST || inner > most {
            return format!("{title}\n{}\n\n", wrapped(text.trim_end(), self.columns));
        }
        let text = framed;
        let mut out = format!("{open}  {title} {}{top}\n", line.repeat(inner + 1 - width(title)));
        for text in [""].into_iter().chain(text.lines()) {
            let rest = " ".repeat((inner + 2).saturating_sub(width(text)));
            out.push_str(&format!("{bar}  {text}{rest}{bar}\n"));
        }
        out.push_str(&format!("{join}{}{bottom}\n{bar}\n", line.repeat(inner + 4)));
        out
    }

    /// Asks until there is an answer; the cursor starts on No.
    ///
    /// # Errors
    ///
    /// Those of [`Keys::next`].
    pub(super) fn ask(&self, question: &str, offer: Offer) -> io::Result<Choice> {
        let mut keys = Keys::open()?;
        let typing = keys.typing();
        let mut cursor = Choice::No;
        let mut drawn = self.list(question, cursor, typing, offer);
        say(&format!("{}{drawn}", typing.hide()))?;
        let answer = loop {
            match keys.next() {
                Ok(Key::Enter) => break Ok(cursor),
                Ok(Key::Yes) => break Ok(Choice::Yes),
                Ok(Key::No | Key::Escape) => break Ok(Choice::No),
                Ok(Key::Example) if offer.has(Choice::Example) => break Ok(Choice::Example),
                Ok(Key::Choose) if offer.has(Choice::Choose) => break Ok(Choice::Choose),
                Ok(Key::Up) => cursor = offer.step(cursor, -1),
                Ok(Key::Down) => cursor = offer.step(cursor, 1),
                Ok(Key::Redraw) => drawn.clear(),
                // A line that says neither is No, as every other line is.
                Ok(Key::Example | Key::Choose) if matches!(typing, Typing::Lines) => {
                    break Ok(Choice::No);
                }
                Ok(Key::Example | Key::Choose | Key::Other) => {}
                Err(error) => break Err(error),
            }
            let next = self.list(question, cursor, typing, offer);
            say(&format!("{}{}{next}", typing.over(&drawn), typing.hide()))?;
            drawn = next;
        };
        let settled = match &answer {
            Ok(answer) => self.answered(question, *answer),
            // What is there stays, and the next line is free.
            Err(_) => return say(typing.show()).and(answer),
        };
        say(&format!("{}{settled}{}", typing.over(&drawn), typing.show()))?;
        drop(keys);
        answer
    }

    fn list(&self, question: &str, cursor: Choice, typing: Typing, offer: Offer) -> String {
        let Signs { active, bar, end, chosen, other, .. } = self.signs;
        let mut out = self.sentence(active, question);
        for choice in offer.choices() {
            let sign = if *choice == cursor { chosen } else { other };
            out.push_str(&self.beside(bar, &format!("{sign} {}", choice.words())));
        }
        out.push_str(&self.beside(end, typing.hint(offer)));
        out
    }

    fn answered(&self, question: &str, answer: Choice) -> String {
        let Signs { settled, bar, .. } = self.signs;
        let answer = self.beside(bar, answer.words());
        format!("{}{answer}{bar}\n", self.sentence(settled, question))
    }

    /// The question beside its sign; what does not fit goes below.
    fn sentence(&self, sign: &str, question: &str) -> String {
        let text = wrapped(question, self.columns.saturating_sub(3).max(1));
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        let mut out = format!("{sign}  {first}\n");
        lines.for_each(|line| out.push_str(&format!("{}  {line}\n", self.signs.bar)));
        out
    }

    fn beside(&self, sign: &str, text: &str) -> String {
        let text = wrapped(text, self.columns.saturating_sub(3).max(1));
        text.lines().map(|line| format!("{sign}  {line}\n")).collect()
    }
}

fn say(text: &str) -> io::Result<()> {
    io::stderr().write_all(text.as_bytes())
}
