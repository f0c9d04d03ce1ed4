//! The room table of ARCHITECTURE.md: which rooms there are, and what each may
//! use.
//!
//! It is the fenced block that opens with three backticks and the word `rooms`.
//! A row begins at the margin with the name of its room and ends with an arrow
//! and what that room may use; what stands between is for people, and a line
//! that begins with a space belongs to the row above:
//!
//! ```text
//! headcount-catalog   what may be collected      -> nothing of ours
//! headcount           the SDK: consent, identity,
//!                     record, queue, ship        -> catalog, wire, queue, macros
//! examples/{atomic}   the five products          -> headcount
//! ```

/// The file that holds the table.
pub(crate) const PATH: &str = "ARCHITECTURE.md";

const OPENS: &str = "```rooms";
const CLOSES: &str = "```";
const ARROW: &str = "->";

/// One row for one room; a name with braces stands for several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// A crate such as `headcount-wire`, a folder such as `examples/atomic`, or
    /// `xtask`.
    pub(crate) room: String,
    /// Crates by their short names, such as `wire`; none for "nothing of ours".
    pub(crate) may_use: Vec<String>,
    /// Where it begins, counted from 1.
    pub(crate) line: usize,
}

/// Every row of the table in `text`; a row without an arrow may use nothing.
pub(crate) fn rows(text: &str) -> Vec<Row> {
    let mut logical: Vec<(usize, String)> = Vec::new();
    let lines = text.lines().enumerate().skip_while(|(_, line)| line.trim_end() != OPENS).skip(1);
    for (at, line) in lines.take_while(|(_, line)| line.trim_end() != CLOSES) {
        match logical.last_mut() {
            Some((_, row)) if line.starts_with(' ') => row.push_str(line),
            _ if line.trim().is_empty() => {}
            _ => logical.push((at + 1, line.to_owned())),
        }
    }
    logical.iter().flat_map(|(line, row)| row_of(*line, row)).collect()
}

/// How the tables call the package in a folder: a crate by its name, any other
/// by its path.
pub(crate) fn room(folder: &str) -> &str {
    folder.strip_prefix("crates/").unwrap_or(folder)
}

fn row_of(line: usize, text: &str) -> Vec<Row> {
    let (about, uses) = text.rsplit_once(ARROW).unwrap_or((text, ""));
    let may_use: Vec<String> = uses
        .split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty() && *word != "nothing of ours")
        .map(str::to_owned)
        .collect();
    let name = about.split_whitespace().next().unwrap_or_default();
    let names =
        match name.split_once('{').and_then(|(head, rest)| Some((head, rest.split_once('}')?))) {
            Some((head, (middle, tail))) => {
                middle.split(',').map(|each| format!("{head}{each}{tail}")).collect()
            }
            None => vec![name.to_owned()],
        };
    names.into_iter().map(|room| Row { room, may_use: may_use.clone(), line }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_with_words_several_lines_and_braces() {
        let text = "# Map\n```text\nnot -> this\n```\n```rooms\n\
            headcount-catalog  what may be collected -> nothing of ours\n\
            headcount          consent -> record,\n    then ship -> catalog, wire\n\n\
            examples/{a,b}     products -> headcount\n```\nnor -> this\n";
        let row = |room: &str, may_use: &[&str], line| Row {
            room: room.to_owned(),
            may_use: may_use.iter().map(|each| (*each).to_owned()).collect(),
            line,
        };
        assert_eq!(
            rows(text),
            [
                row("headcount-catalog", &[], 6),
                row("headcount", &["catalog", "wire"], 7),
                row("examples/a", &["headcount"], 10),
                row("examples/b", &["headcount"], 10),
            ]
        );
    }

    #[test]
    fn no_table_no_rows() {
        assert_eq!(rows(""), []);
        assert_eq!(rows("```text\na -> b\n```\n"), []);
    }
}
