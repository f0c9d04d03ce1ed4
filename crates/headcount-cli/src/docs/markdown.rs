//! Writes blocks as Markdown.

use headcount_catalog::plain_words::Block;

/// The first line, for whoever opens the file.
const MADE: &str =
    "<!-- Made from telemetry.toml by `headcount docs`: change that file, and run it again. -->";

/// The whole text, with one newline at its end.
pub(super) fn written(blocks: &[Block]) -> String {
    let mut out = format!("{MADE}\n\n");
    for block in blocks {
        match block {
            Block::Heading(level, text) => {
                out.push_str(&format!("{} {text}\n", "#".repeat(usize::from(*level))));
            }
            Block::Paragraph(text) => out.push_str(&format!("{text}\n")),
            Block::List(lines) => {
                lines.iter().for_each(|line| out.push_str(&format!("- {line}\n")));
            }
            Block::Numbered(lines) => {
                for (place, line) in lines.iter().enumerate() {
                    out.push_str(&format!("{}. {line}\n", place + 1));
                }
            }
            Block::Table(head, rows) => table(&mut out, head, rows),
        }
        out.push('\n');
    }
    format!("{}\n", out.trim_end())
}

fn table(out: &mut String, head: &[&str], rows: &[Vec<String>]) {
    let mut line = |cells: Vec<String>| out.push_str(&format!("| {} |\n", cells.join(" | ")));
    line(head.iter().map(|cell| (*cell).to_owned()).collect());
    line(head.iter().map(|_| "---".to_owned()).collect());
    // A bar ends a cell, even inside of code.
    rows.iter().for_each(|row| line(row.iter().map(|cell| cell.replace('|', "\\|")).collect()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_does_not_end_a_cell() {
        let table = Block::Table(vec!["a"], vec![vec!["`x|y`".to_owned()]]);
        assert_eq!(written(&[table]), format!("{MADE}\n\n| a |\n| --- |\n| `x\\|y` |\n"));
    }
}
