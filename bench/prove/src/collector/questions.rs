//! Every question a collector answers, asked many times.

use std::time::{Duration, Instant};

use headcount_catalog::Day;
use serde_json::Value;

use super::limits::ASKED;
use super::ours::Collector;
use crate::Fault;
use crate::sample::Sample;

/// What is asked of Atomic, over the growing store's days.
const PATHS: [(&str, &str); 14] = [
    ("events", "events?"),
    ("devices by day", "active?"),
    ("devices by week", "active?period=week&"),
    ("devices by month", "active?period=month&"),
    ("new and returning", "new-and-returning?"),
    ("retention", "retention?"),
    ("by property", "by-property?event=atomic_command&property=command&"),
    ("by property and version", "by-property?event=atomic_command&property=command&by=version&"),
    ("across", "across?event=atomic_command&one=command&other=agentType&"),
    ("failures", "failures?event=atomic_command&property=command&"),
    ("failures by version", "failures?event=atomic_command&property=command&by=version&"),
    ("quantiles", "quantiles?event=cli_command&property=commandCount&"),
    ("versions", "versions?"),
    ("rejected", "rejected?"),
];

/// The pages that somebody opens, over the days that they show unasked.
const PAGES: [(&str, &str); 3] = [
    ("the page of all products", "/"),
    ("the page of the product", "/product/atomic"),
    ("the page of its catalog", "/product/atomic/catalog"),
];

/// A question, and how long its answers took.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Which.
    pub(crate) name: &'static str,
    /// Milliseconds of the very first answer, which may have to read.
    pub(crate) first_ms: f64,
    /// Median and 99th percentile in milliseconds; `None` if this collector
    /// does not answer it for this product.
    pub(crate) taken_ms: Option<(f64, f64)>,
    /// How many answers that is of.
    pub(crate) answers: usize,
    /// Why there are no more.
    pub(crate) failure: Option<String>,
}

/// How often each question is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Often {
    /// As often as any.
    Always,
    /// No more once so much time is over, but at least so often.
    Within(Duration, usize),
}

/// The rows of the answer to each question, between two days; nothing where
/// the collector does not answer it for this product.
///
/// # Errors
///
/// The collector does not answer at all.
pub(crate) fn rows_of_all(
    collector: &Collector,
    days: (&str, &str),
) -> Result<Vec<(&'static str, Option<Value>)>, Fault> {
    let mut all = Vec::new();
    for (name, path) in PATHS {
        let (status, body) = collector.ask(&path_of(path, days))?;
        let rows = match status {
            200 => serde_json::from_str::<Value>(&body)?.get("rows").cloned(),
            _ => None,
        };
        all.push((name, rows));
    }
    Ok(all)
}

fn path_of(path: &str, (from, to): (&str, &str)) -> String {
    format!("/api/v1/ask/{path}product=atomic&from={from}&to={to}")
}

/// Asks everything, between two days.
///
/// # Errors
///
/// The collector does not answer.
pub(crate) fn ask_all(
    collector: &Collector,
    (from, to): (Day, Day),
    often: Often,
) -> Result<Vec<Asked>, Fault> {
    let to = to.to_string();
    // No answer is given again that way: there is nothing on the days before.
    let from = |nth: usize| from.plus(-i32::try_from(nth).unwrap_or(0)).to_string();
    let mut all = Vec::new();
    for (name, path) in PATHS {
        all.push(ask((collector, often), name, |nth| path_of(path, (&from(nth), &to)))?);
    }
    for (name, path) in PAGES {
        all.push(ask((collector, often), name, |_| path.to_owned())?);
    }
    let path = format!("/product/atomic?from={}&to={to}", from(0));
    all.push(ask((collector, often), "the page of the product, all days", |_| path.clone())?);
    Ok(all)
}

/// Asks once more than is counted: the first answer may have to read.
fn ask(
    (collector, often): (&Collector, Often),
    name: &'static str,
    path: impl Fn(usize) -> String,
) -> Result<Asked, Fault> {
    let sent = Instant::now();
    let (status, body) = collector.ask(&path(0))?;
    let first_ms = sent.elapsed().as_secs_f64() * 1e3;
    let mut asked = Asked { name, first_ms, taken_ms: None, answers: 0, failure: None };
    if status != 200 {
        // What is not a question for this product is no failure.
        asked.failure = (status >= 500).then(|| format!("{status}: {}", body.trim()));
        return Ok(asked);
    }
    let mut taken = Vec::with_capacity(ASKED);
    let began = Instant::now();
    while taken.len() < ASKED && !often.is_enough(taken.len(), began.elapsed()) {
        let path = path(taken.len() + 1);
        let sent = Instant::now();
        match (collector.get(&path), often) {
            (Ok(_), _) => taken.push(sent.elapsed().as_secs_f64() * 1e3),
            (Err(fault), Often::Always) => return Err(fault),
            (Err(fault), Often::Within(..)) => {
                asked.failure = Some(fault.to_string());
                break;
            }
        }
    }
    let sample = Sample::of(taken);
    asked.answers = sample.count();
    if asked.answers > 0 {
        asked.taken_ms = Some((sample.median(), sample.quantile(0.99)));
    }
    Ok(asked)
}

impl Often {
    fn is_enough(self, answers: usize, elapsed: Duration) -> bool {
        match self {
            Self::Always => false,
            Self::Within(time, least) => answers >= least && elapsed >= time,
        }
    }
}
