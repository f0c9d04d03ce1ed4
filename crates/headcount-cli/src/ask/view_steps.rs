//! Steps as a table: a row each, with how many came so far; and what came next,
//! the most frequent first.

use headcount_catalog::plain_words::thousands;
use headcount_collector::QuestionParameter;

use super::answer::{Answer, AnswerRow};
use super::buckets::Asked;
use super::lines::text;
use super::numbers::percent;
use super::table::{Fit, Shown, ShownCell};

pub(super) fn steps(shown: &mut Shown, answer: &Answer) {
    shown.column("", Fit::Number);
    shown.column("step", Fit::Text);
    for title in ["reached", "of first", "of before"] {
        shown.column(title, Fit::Number);
    }
    shown.column("median", Fit::Optional(1));
    if answer.before.is_some() {
        shown.column("days before", Fit::Optional(0));
    }
    shown.column("", Fit::Drawn);
    let first = answer.rows.first().map_or(0.0, |row| row.number("count"));
    for row in &answer.rows {
        let share = |name| row.share(name).map_or(String::new(), percent);
        let mut cells =
            vec![text(row.count("step").to_string()), text(row.text("what").to_owned())];
        cells.push(text(thousands(row.count("count"))));
        cells.extend([share("of_first"), share("of_before")].map(text));
        cells.push(text(row.share("median_seconds").map_or(String::new(), duration)));
        if let Some(before) = &answer.before {
            let same = |other: &&AnswerRow| other.count("step") == row.count("step");
            cells.push(text(thousands(
                before.iter().find(same).map_or(0, |row| row.count("count")),
            )));
        }
        cells.push(ShownCell::Bar(row.number("count"), first));
        shown.rows.push(cells);
    }
    shown
        .notes
        .push("A step counts after the one before, within the window of the first.".to_owned());
}

pub(super) fn next(shown: &mut Shown, asked: &Asked, answer: &Answer) {
    let is_by_session = asked.get(QuestionParameter::Per) == Some("session");
    shown.column("next", Fit::Text);
    for title in ["times", "share", if is_by_session { "sessions" } else { "devices" }] {
        shown.column(title, Fit::Number);
    }
    if answer.before.is_some() {
        shown.column("days before", Fit::Optional(0));
    }
    shown.column("", Fit::Drawn);
    let mut rows: Vec<&AnswerRow> = answer.rows.iter().collect();
    // The end of visits is last, however often it came.
    rows.sort_by(|one, other| {
        let is_end = |row: &AnswerRow| row.text("event").is_empty();
        let times = |row: &AnswerRow| row.number("times");
        is_end(one).cmp(&is_end(other)).then(times(other).total_cmp(&times(one)))
    });
    // Where most visits end, their bar would leave the others no width.
    let next = rows.iter().filter(|row| !row.text("event").is_empty());
    let most = next.map(|row| row.number("times")).fold(0.0, f64::max);
    for row in rows {
        let step = match row.text("after") {
            "" => "nothing more",
            step => step,
        };
        let mut cells = vec![text(step.to_owned()), text(thousands(row.count("times")))];
        cells.push(text(row.share("share").map_or(String::new(), percent)));
        cells.push(text(thousands(row.count("count"))));
        if let Some(before) = &answer.before {
            let same = |other: &&AnswerRow| other.text("after") == row.text("after");
            cells.push(text(thousands(
                before.iter().find(same).map_or(0, |row| row.count("times")),
            )));
        }
        cells.push(match row.text("event") {
            "" => text(String::new()),
            _ => ShownCell::Bar(row.number("times"), most),
        });
        shown.rows.push(cells);
    }
}

/// A number of seconds in the largest unit of which there are two.
fn duration(seconds: f64) -> String {
    let units = [(86_400.0, "d"), (3_600.0, "h"), (60.0, "min")];
    let unit = units.into_iter().find(|(unit, _)| seconds >= 2.0 * unit);
    let (unit, name) = unit.unwrap_or((1.0, "s"));
    format!("{:.0} {name}", seconds / unit)
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn a_duration_has_one_unit() {
        let told = [0.0, 119.0, 120.0, 7_199.0, 7_200.0, 172_799.0, 604_800.0].map(duration);
        assert_eq!(told, ["0 s", "119 s", "2 min", "120 min", "2 h", "48 h", "7 d"]);
    }
}
