//! A folder's events moved to ClickHouse with `headcount migrate`, while a
//! collector serves the folder; and the answers of both beside each other.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::super::cores::stay_on;
use super::super::ours::Collector;
use super::super::questions::rows_of_all;
use super::super::stage::Stage;
use super::engine::Engine;
use crate::Fault;

/// The database.
pub(crate) const DATABASE: &str = "moved";

/// What the move came to.
#[derive(Debug, Clone)]
pub(crate) struct Moved {
    /// Events that the command says it has moved.
    pub(crate) events: u64,
    /// Days of products.
    pub(crate) days: u64,
    /// Days that ClickHouse lists as compared and whole, and their events.
    pub(crate) compared: (u64, u64),
    /// Events that are there, by a count of its own.
    pub(crate) there: u64,
    /// Seconds until the last day was compared.
    pub(crate) moving_s: f64,
    /// Seconds in which they were counted and values were given their rows.
    pub(crate) counting_s: f64,
    /// Seconds of the engine on a processor, of both.
    pub(crate) engine_busy_s: f64,
}

/// Which answers are the same from both.
#[derive(Debug, Clone, Default)]
pub(crate) struct Compared {
    /// Questions whose rows are the same, and rows of them.
    pub(crate) same: Vec<(&'static str, usize)>,
    /// Questions with a row that is not, and the first such row of each.
    pub(crate) other: Vec<(&'static str, String)>,
    /// Questions that neither answers.
    pub(crate) unasked: Vec<&'static str>,
}

/// Moves what is in the stage's folder.
///
/// # Errors
///
/// The command fails.
pub(crate) fn transfer(stage: &Stage, engine: &Engine) -> Result<Moved, Fault> {
    engine.run("default", &format!("CREATE DATABASE {DATABASE}"))?;
    let busy = engine.server.busy_s();
    let (began, since) = (Instant::now(), SystemTime::now());
    let said = migrate(stage, &stage.site.data, &engine.store(DATABASE))?;
    let all_s = began.elapsed().as_secs_f64();
    let number = |name: &str| said.get(name).and_then(Value::as_u64).unwrap_or(0);
    // In whole seconds.
    let last = engine.number(DATABASE, "SELECT toUnixTimestamp(max(moved)) FROM moves")?;
    let since_s = since.duration_since(UNIX_EPOCH)?.as_secs_f64();
    let moving_s = (last as f64 - since_s).clamp(0.0, all_s);
    let count = |sql: &str| engine.number(DATABASE, sql);
    Ok(Moved {
        events: number("events"),
        days: number("days"),
        compared: (
            count("SELECT count() FROM moves FINAL")?,
            count("SELECT sum(rows) FROM moves FINAL")?,
        ),
        there: count("SELECT count() FROM events FINAL")?,
        moving_s,
        counting_s: all_s - moving_s,
        engine_busy_s: engine.server.busy_s() - busy,
    })
}

/// Runs the command on the collector's core; what it says in the end.
fn migrate(stage: &Stage, from: &Path, to: &str) -> Result<Value, Fault> {
    let mut command = Command::new(&stage.site.program);
    command.args(["migrate", "--json", "--to", to, "--from"]).arg(from).stdin(Stdio::null());
    stay_on(stage.cores.for_server(1))?;
    let ran = command.output();
    stay_on(stage.cores.for_load())?;
    let ran = ran?;
    if !ran.status.success() {
        let said = String::from_utf8_lossy(&ran.stderr);
        return Err(format!("headcount migrate: {}", said.trim()).into());
    }
    Ok(serde_json::from_slice(&ran.stdout)?)
}

impl Compared {
    /// Compares all rows of all answers.
    pub(crate) fn of(
        one: &[(&'static str, Option<Value>)],
        other: &[(&'static str, Option<Value>)],
    ) -> Self {
        let mut compared = Self::default();
        for ((name, one), (_, other)) in one.iter().zip(other) {
            match (one, other) {
                (None, None) => compared.unasked.push(name),
                (Some(one), Some(other)) if one == other => {
                    compared.same.push((name, one.as_array().map_or(0, Vec::len)));
                }
                _ => compared.other.push((name, first_difference(one.as_ref(), other.as_ref()))),
            }
        }
        compared
    }
}

fn first_difference(one: Option<&Value>, other: Option<&Value>) -> String {
    let rows = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let (one, other) = (rows(one), rows(other));
    let places = 0..one.len().max(other.len());
    let told = |row: Option<&Value>| row.map_or("no row".to_owned(), Value::to_string);
    let mut differ = places.filter(|place| one.get(*place) != other.get(*place));
    differ.next().map_or_else(String::new, |place| {
        format!("{} and {}", told(one.get(place)), told(other.get(place)))
    })
}

/// How many statements a collector asks the engine for each question. What the
/// collector does in the background may be among them.
///
/// # Errors
///
/// One of them does not answer.
pub(crate) fn statements(
    engine: &Engine,
    collector: &Collector,
    days: (&str, &str),
) -> Result<f64, Fault> {
    let before = engine.statements()?;
    let asked = rows_of_all(collector, days)?.iter().filter(|(_, rows)| rows.is_some()).count();
    Ok((engine.statements()? - before) as f64 / asked.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_that_differ_are_named() {
        let one = [("events", Some(json!([{"count": 1}, {"count": 2}]))), ("across", None)];
        let other = [("events", Some(json!([{"count": 1}]))), ("across", None)];
        let compared = Compared::of(&one, &other);
        assert_eq!(compared.other, [("events", "{\"count\":2} and no row".to_owned())]);
        assert_eq!(compared.unasked, ["across"]);
        assert_eq!(Compared::of(&one, &one).same, [("events", 2)]);
    }
}
