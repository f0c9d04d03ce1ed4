//! A line of values over time, drawn with text.

/// Columns of a drawing.
const COLUMNS: usize = 72;

/// From nothing to all.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// What is drawn.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Of what, with its unit.
    pub(crate) label: &'static str,
    /// The values, in the order of time.
    pub(crate) values: Vec<f64>,
}

/// Lines above each other, each from zero to its own largest value; a column
/// is the largest value of its time.
pub(crate) fn draw(lines: &[Line]) -> String {
    let width = lines.iter().map(|line| line.label.chars().count()).max().unwrap_or(0);
    let mut text = String::from("```text\n");
    for Line { label, values } in lines {
        let most = values.iter().copied().fold(0.0, f64::max);
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let per_column = values.len().div_ceil(COLUMNS).max(1);
        let columns = values.chunks(per_column);
        let bars: String = columns.map(|column| bar(column, most)).collect();
        text.push_str(&format!("{label:width$}  {bars}  {least:.0} to {most:.0}\n"));
    }
    text + "```\n"
}

fn bar(column: &[f64], most: f64) -> char {
    let largest = column.iter().copied().fold(0.0, f64::max);
    let share = if most > 0.0 { largest / most } else { 0.0 };
    let last = BARS.len() - 1;
    BARS[((share * last as f64).round() as usize).min(last)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_line_is_flat_and_a_rise_rises() {
        let line = |label, values: &[f64]| Line { label, values: values.to_vec() };
        let text = draw(&[line("flat", &[5.0; 4]), line("rising", &[0.0, 50.0, 100.0])]);
        assert_eq!(text, "```text\nflat    ████  5 to 5\nrising  ▁▅█  0 to 100\n```\n");
    }
}
