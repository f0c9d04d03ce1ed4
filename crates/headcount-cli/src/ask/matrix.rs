//! Retention as a square: a row for each week, and a column for each age.

use std::collections::BTreeMap;

use headcount_catalog::Day;
use headcount_catalog::plain_words::thousands;

use super::answer::{Answer, AnswerRow};
use super::buckets::Asked;
use super::numbers::percent;
use super::table::{Fit, Shown, ShownCell};

pub(super) fn retention(shown: &mut Shown, asked: &Asked, answer: &Answer) {
    if answer.rows.iter().any(|row| row.has("cohort")) {
        by_cohort(shown, asked.today, answer);
    } else {
        by_age(shown, answer);
    }
}

/// Devices with an id: a row is the week of their first event.
fn by_cohort(shown: &mut Shown, today: Day, answer: &Answer) {
    let mut cohorts: BTreeMap<&str, BTreeMap<i32, &AnswerRow>> = BTreeMap::new();
    for row in &answer.rows {
        let [Some(cohort), Some(week)] = [row.text("cohort"), row.text("week")].map(Day::parse)
        else {
            continue;
        };
        let weeks = week.days_since(cohort) / 7;
        cohorts.entry(row.text("cohort")).or_default().insert(weeks, row);
    }
    let oldest = cohorts.values().filter_map(|weeks| weeks.keys().max()).max();
    let oldest = oldest.copied().unwrap_or(0);
    shown.column("first week", Fit::Text);
    shown.column("devices", Fit::Number);
    // In their first week all of them were there.
    for weeks in 1..=oldest {
        shown.column(format!("+{weeks}"), Fit::Optional(u8::try_from(weeks).unwrap_or(u8::MAX)));
    }
    for (cohort, weeks) in &cohorts {
        let of = weeks.values().next().map_or(0, |row| row.count("of"));
        let mut row = vec![ShownCell::Text((*cohort).to_owned())];
        row.push(ShownCell::Text(thousands(of)));
        // Until today, a week without a row is one in which nobody came.
        let until = Day::parse(cohort).map_or(0, |cohort| today.days_since(cohort) / 7);
        row.extend((1..=oldest).map(|week| {
            let share = weeks.get(&week).map(|row| row.number("share"));
            ShownCell::Text(match share {
                Some(share) => percent(share),
                None if week <= until => percent(0.0),
                None => String::new(),
            })
        }));
        shown.rows.push(row);
    }
    shown.notes.push(
        "Shares are of the devices whose first event was in that week; +1 is one week later."
            .to_owned(),
    );
}

/// Devices without an id: a row is the week in which they came, and a column
/// how old they were.
fn by_age(shown: &mut Shown, answer: &Answer) {
    const AGES: [(&str, &str); 4] =
        [("1", "1 week"), ("2-3", "2-3 weeks"), ("4-7", "4-7 weeks"), ("8+", "8+ weeks")];
    shown.column("week", Fit::Text);
    shown.column("devices", Fit::Number);
    for (_, title) in AGES {
        shown.column(title, Fit::Number);
    }
    let mut weeks: BTreeMap<&str, Vec<&AnswerRow>> = BTreeMap::new();
    for row in &answer.rows {
        weeks.entry(row.text("week")).or_default().push(row);
    }
    for (week, rows) in &weeks {
        let devices = rows.iter().map(|row| row.count("devices")).sum();
        let mut cells = vec![ShownCell::Text((*week).to_owned())];
        cells.push(ShownCell::Text(thousands(devices)));
        cells.extend(AGES.map(|(age, _)| {
            let row = rows.iter().find(|row| row.text("age") == age);
            let share = row.and_then(|row| row.share("share"));
            ShownCell::Text(share.map_or(String::new(), percent))
        }));
        shown.rows.push(cells);
    }
    shown.notes.push(
        "Shares are of all devices that were new so many weeks before; of several weeks they are \
         an average."
            .to_owned(),
    );
}
