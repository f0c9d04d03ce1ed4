//! Parses the command line. It has no effects.

use std::path::PathBuf;

use crate::cell::Cell;
use crate::stage::Built;

/// How many cells are wanted. On Linux both are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Those that are run at every change.
    Usual,
    /// All.
    Every,
}

/// What was told.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) built: Built,
    /// Starts of names, with `*` for any word; empty for every cell.
    pub(crate) names: Vec<String>,
    pub(crate) depth: Depth,
}

impl Told {
    /// Whether a scene or a cell of this name is wanted, or a part of it.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|wanted| fits(wanted, name))
    }
}

/// Whether a name is wanted, as far as both go: word by word, where `*` is any
/// word and the last one may be a start.
fn fits(wanted: &str, name: &str) -> bool {
    let last = wanted.split('/').count() - 1;
    wanted.split('/').zip(name.split('/')).enumerate().all(|(number, (wanted, word))| {
        wanted == "*" || wanted == word || number == last && word.starts_with(wanted)
    })
}

/// Which share of the cells a worker runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) number: usize,
    pub(crate) of: usize,
}

/// What to do.
#[derive(Debug)]
pub(crate) enum Action {
    /// Run everything, in several workers, and print the table.
    Table(Told),
    /// Run a share of it, and print a line for each cell.
    Part { told: Told, part: Part },
    /// Print the name of each cell.
    List(Told),
    /// Run one cell and print what happened.
    One(Told, Cell),
}

const USAGE: &str = "use faults --programs DIR [--preload FILE] [--every] [--list] [NAME …]";

/// Parses the command line.
///
/// # Errors
///
/// Returns a sentence that says what is wrong.
pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Action, String> {
    let (mut programs, mut preload, mut part, mut names) = (None, None, None, Vec::new());
    let (mut lists, mut depth) = (false, Depth::Usual);
    while let Some(word) = words.next() {
        let mut next = || words.next().ok_or_else(|| format!("`{word}` needs a value: {USAGE}"));
        match word.as_str() {
            "--programs" => programs = Some(PathBuf::from(next()?)),
            "--preload" => preload = Some(PathBuf::from(next()?)),
            "--part" => part = Some(read_part(&next()?)?),
            "--list" => lists = true,
            "--every" => depth = Depth::Every,
            option if option.starts_with('-') => {
                return Err(format!("unknown option `{option}`: {USAGE}"));
            }
            _ => names.push(word),
        }
    }
    let Some(programs) = programs else {
        return Err(USAGE.to_owned());
    };
    let one = match names.as_slice() {
        [name] => Cell::named(name),
        _ => None,
    };
    let told = Told { built: Built { programs, preload }, names, depth };
    Ok(match (part, one) {
        _ if lists => Action::List(told),
        (Some(part), _) => Action::Part { told, part },
        (None, Some(cell)) => Action::One(told, cell),
        (None, None) => Action::Table(told),
    })
}

/// `2/4` is the second of four.
fn read_part(text: &str) -> Result<Part, String> {
    let part = || {
        let (number, of) = text.split_once('/')?;
        Some(Part { number: number.parse().ok()?, of: of.parse().ok()? })
    };
    part()
        .filter(|part| (1..=part.of).contains(&part.number))
        .ok_or_else(|| format!("`{text}` is not a part: write 1/2 for the first of two"))
}
