//! A table that fits a terminal: columns are aligned, texts are cut, and what
//! matters least is left out.

use headcount::person::{Letters, Screen, visible};

use super::limits;
use super::sparkline::{self, Sparkle};

/// What is shown: a title, a table, and what is to be known about it.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) title: Vec<String>,
    pub(super) columns: Vec<TableColumn>,
    pub(super) rows: Vec<Vec<ShownCell>>,
    /// Sentences.
    pub(super) notes: Vec<String>,
}

/// A column and its title.
#[derive(Debug, Clone)]
pub(super) struct TableColumn {
    pub(super) title: String,
    pub(super) fit: Fit,
}

/// How a column fits a width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// On the left, and cut where there is no room.
    Text,
    /// On the right.
    Number,
    /// On the right. The highest is left out first.
    Optional(u8),
    /// A sparkline or a bar, in what room is left.
    Drawn,
}

#[derive(Debug, Clone)]
pub(super) enum ShownCell {
    Text(String),
    Series(Vec<f64>),
    /// A number and the greatest of its column.
    Bar(f64, f64),
}

/// Between two columns.
const GAP: &str = "  ";

/// Columns with their widths.
type Widths = Vec<(usize, usize)>;

impl Shown {
    pub(super) fn column(&mut self, title: impl Into<String>, fit: Fit) {
        self.columns.push(TableColumn { title: title.into(), fit });
    }

    /// The text, for a width if there is one.
    pub(super) fn text(&self, screen: Screen, width: Option<usize>) -> String {
        let mut text = wrapped(&self.title, ", ", width);
        text.push('\n');
        if !self.rows.is_empty() {
            let widths = self.widths(width);
            text.push_str(&self.line(&widths, |place| self.columns[place].title.clone(), screen));
            for row in self.rows.iter().take(limits::ROWS) {
                text.push_str(&self.row(&widths, row, screen));
            }
            text.push('\n');
        }
        let hidden = self.rows.len().saturating_sub(limits::ROWS);
        let more = format!("{hidden} more rows are not shown: --csv and --json print all.");
        let notes = self.notes.iter().chain((hidden > 0).then_some(&more));
        for note in notes {
            let words: Vec<String> = note.split(' ').map(str::to_owned).collect();
            text.push_str(&wrapped(&words, " ", width));
        }
        text
    }

    fn row(&self, widths: &Widths, row: &[ShownCell], screen: Screen) -> String {
        let drawn = |place: usize, columns: usize| match &row[place] {
            ShownCell::Text(text) => shown(text),
            ShownCell::Series(numbers) => {
                let line = sparkline::line(numbers, columns, sparkle(screen.letters));
                screen.coloured(line)
            }
            ShownCell::Bar(part, most) => {
                let part = (part * 1_000.0).round() as u64;
                screen.bar(part, (most * 1_000.0).round() as u64, columns)
            }
        };
        let columns = |place: usize| widths.iter().find(|(own, _)| *own == place);
        let cell = |place: usize| drawn(place, columns(place).map_or(0, |(_, width)| *width));
        self.line(widths, cell, screen)
    }

    fn line(&self, widths: &Widths, cell: impl Fn(usize) -> String, screen: Screen) -> String {
        let cells = widths.iter().map(|(place, width)| {
            let text = cell(*place);
            match self.columns[*place].fit {
                Fit::Text => padded(&cut(&text, *width, screen.letters), *width),
                Fit::Number | Fit::Optional(_) => {
                    format!("{}{text}", " ".repeat(width.saturating_sub(length(&text))))
                }
                Fit::Drawn => text,
            }
        });
        let line = cells.collect::<Vec<_>>().join(GAP);
        format!("{}\n", line.trim_end())
    }

    /// The columns that are shown, with their widths.
    fn widths(&self, width: Option<usize>) -> Widths {
        let mut widths: Widths = (0..self.columns.len()).map(|at| (at, self.natural(at))).collect();
        let Some(width) = width else { return widths };
        while total(&widths) > width {
            if let Some(place) = self.least_important(&widths) {
                widths.retain(|(own, _)| *own != place);
            } else if !self.narrow(&mut widths) {
                break;
            }
        }
        let room = width.saturating_sub(total(&widths));
        for (place, own) in &mut widths {
            if self.columns[*place].fit == Fit::Drawn {
                *own = (*own + room).min(self.most_drawn(*place).max(*own));
            }
        }
        widths
    }

    /// The width of a column if there is room; the least one that a drawing
    /// needs.
    fn natural(&self, place: usize) -> usize {
        let title = length(&self.columns[place].title);
        if self.columns[place].fit == Fit::Drawn {
            return title.max(limits::SPARKLINE_LEAST).min(self.most_drawn(place).max(title));
        }
        let cells = self.rows.iter().take(limits::ROWS).map(|row| match &row[place] {
            ShownCell::Text(text) => length(&shown(text)),
            _ => 0,
        });
        cells.max().unwrap_or(0).max(title)
    }

    fn most_drawn(&self, place: usize) -> usize {
        let most = self.rows.iter().map(|row| match &row[place] {
            ShownCell::Series(numbers) => numbers.len().min(limits::SPARKLINE_MOST),
            ShownCell::Bar(..) => limits::BAR_MOST,
            ShownCell::Text(_) => 0,
        });
        most.max().unwrap_or(0)
    }

    fn least_important(&self, widths: &Widths) -> Option<usize> {
        let optional = widths.iter().filter_map(|(place, _)| match self.columns[*place].fit {
            Fit::Optional(rank) => Some((rank, *place)),
            _ => None,
        });
        optional.max().map(|(_, place)| place)
    }

    /// Takes a column from the widest text, or else the drawing. Returns
    /// whether it could.
    fn narrow(&self, widths: &mut Widths) -> bool {
        let text = widths.iter_mut().filter(|(place, own)| {
            self.columns[*place].fit == Fit::Text && *own > limits::TEXT_LEAST
        });
        if let Some((_, own)) = text.max_by_key(|(_, own)| *own) {
            *own -= 1;
            return true;
        }
        let before = widths.len();
        widths.retain(|(place, _)| self.columns[*place].fit != Fit::Drawn);
        widths.len() < before
    }
}

fn total(widths: &Widths) -> usize {
    let gaps = widths.len().saturating_sub(1) * GAP.len();
    widths.iter().map(|(_, width)| width).sum::<usize>() + gaps
}

fn sparkle(letters: Letters) -> Sparkle {
    match letters {
        Letters::Ascii => Sparkle::Ascii,
        Letters::Unicode => Sparkle::Blocks,
    }
}

/// A text of senders or of a collector, without a character that a terminal
/// would obey.
fn shown(text: &str) -> String {
    visible(text)
}

fn length(text: &str) -> usize {
    text.chars().count()
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(length(text))))
}

fn cut(text: &str, width: usize, letters: Letters) -> String {
    if length(text) <= width {
        return text.to_owned();
    }
    let end = match letters {
        Letters::Ascii => "..",
        Letters::Unicode => "…",
    };
    let kept: String = text.chars().take(width.saturating_sub(length(end))).collect();
    kept + end
}

/// Parts in lines of at most `width` columns.
fn wrapped(parts: &[String], between: &str, width: Option<usize>) -> String {
    let (mut text, mut line) = (String::new(), String::new());
    for part in parts {
        let part = shown(part);
        if line.is_empty() {
            line = part;
        } else if width.is_some_and(|width| length(&line) + between.len() + length(&part) > width) {
            text.push_str(&format!("{}\n", (line + between).trim_end()));
            line = part;
        } else {
            line = line + between + &part;
        }
    }
    format!("{text}{line}\n")
}
