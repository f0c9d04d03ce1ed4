//! The SQL of a question about what comes next: for each event, how many of the
//! steps the last events of its visit are, and the event after it.

use headcount_catalog::Day;
use headcount_store::{AnalysisSource, NextCount, RawQuestion};

use super::sql::{Parts, Query, quoted, text};

impl Query<'_> {
    /// How often each event came next, and to how many.
    pub(super) fn next(&self, question: &RawQuestion, count: &NextCount) -> Option<String> {
        let mut parts = Parts::default();
        let (who, at) = self.add_followers(&mut parts, &count.followed, &count.times)?;
        self.add_conditions(&mut parts, question)?;
        let event = self.ours(&AnalysisSource::Event);
        let (mut places, mut values) = (String::new(), String::new());
        for (place, own) in count.events.iter().enumerate() {
            let name = text(&own.event);
            places.push_str(&format!(" WHEN {name} THEN {}", place + 1));
            if let Some(column) = &own.value {
                let shown = self.shown(column)?;
                values.push_str(&format!(" WHEN {name} THEN coalesce({shown}, '')"));
            }
        }
        let value = match values.is_empty() {
            true => "''".to_owned(),
            false => format!("CASE {event}{values} ELSE '' END"),
        };
        let names: Vec<String> = count.events.iter().map(|own| text(&own.event)).collect();
        parts.conditions.push(format!("{event} IN ({})", names.join(", ")));
        let bits = count.after.iter().enumerate().map(|(place, step)| self.bit(place, step));
        let bits = bits.collect::<Option<Vec<String>>>()?;
        let bits = if bits.is_empty() { "0".to_owned() } else { bits.join("\n    + ") };
        let weight = self.ours(&AnalysisSource::Weight);
        let (pause, order) = (count.pause_seconds, "at, place, value, steps, weight");
        let (from, to) = question.days();
        let came = came(count, (midnight(from), midnight(to.plus(1))));
        Some(format!(
            "WITH event AS MATERIALIZED (\n\
             SELECT {who} AS who, unixepoch({at}) AS at, CASE {event}{places} END AS place,\n  \
             {event} AS event, {value} AS value, {weight} AS weight,\n  {bits} AS steps\n\
             FROM {} AS t\nWHERE {}\n),\n\
             done AS MATERIALIZED (\n\
             SELECT *, row_number() OVER own AS number, lag(at) OVER own AS before,\n  \
             lead(at) OVER own AS following, min(weight) OVER (PARTITION BY who) AS least\n\
             FROM event WINDOW own AS (PARTITION BY who ORDER BY {order})\n),\n\
             visit AS MATERIALIZED (\n\
             SELECT *, sum(coalesce(at - before > {pause}, 1)) OVER\n  \
             (PARTITION BY who ORDER BY number) AS visit FROM done\n),\n\
             {came},\n\
             whose AS (SELECT place, event, value, who, count(*) * least AS times, least AS weight\n  \
             FROM came GROUP BY place, event, value, who, least)\n\
             SELECT event, value, sum(times) AS times, sum(weight) AS count\n\
             FROM whose GROUP BY place, event, value ORDER BY place, value",
            quoted(self.product.name()),
            parts.conditions.join("\n  AND ")
        ))
    }
}

/// What came next, an event each; place 0 is the end of a visit. A visit that
/// may have begun before these seconds, or may end after them or after the last
/// event of all, is not told.
fn came(count: &NextCount, (from, until): (i64, i64)) -> String {
    let pause = count.pause_seconds;
    let Some(last) = count.after.len().checked_sub(1) else {
        return format!(
            "came AS (SELECT place, event, value, who, least FROM visit\n  \
             WHERE at - coalesce(before, {from}) > {pause})"
        );
    };
    let is_step = |(step, back): (usize, usize)| {
        let bit = 128 >> step;
        match back {
            0 => format!("steps & {bit}"),
            _ => format!("lag(steps, {back}, 0) OVER own & {bit}"),
        }
    };
    let is_whole: Vec<String> = (0..=last).zip((0..=last).rev()).map(is_step).collect();
    format!(
        "whole AS (SELECT who, least, following, at, {} AS is_whole,\n  \
         lead(place, 1, 0) OVER own AS place, lead(event, 1, '') OVER own AS event,\n  \
         lead(value, 1, '') OVER own AS value\n  \
         FROM visit WINDOW own AS (PARTITION BY who, visit ORDER BY number)),\n\
         came AS (SELECT place, event, value, who, least FROM whole\n  \
         WHERE is_whole AND (place > 0 OR \n    \
         coalesce(following, min({until}, (SELECT max(at) FROM event))) - at > {pause}))",
        is_whole.join(" AND ")
    )
}

/// Seconds since 1970.
fn midnight(day: Day) -> i64 {
    i64::from(day.number()) * 86_400
}
