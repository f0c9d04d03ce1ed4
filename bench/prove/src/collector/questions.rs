//! Every question a collector answers, asked many times.

use std::time::Instant;

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
    /// Median and 99th percentile in milliseconds; `None` if this collector
    /// does not answer it for this product.
    pub(crate) taken_ms: Option<(f64, f64)>,
}

/// Asks everything, between two days.
///
/// # Errors
///
/// The collector does not answer.
pub(crate) fn ask_all(
    collector: &Collector,
    (from, to): (&str, &str),
) -> Result<Vec<Asked>, Fault> {
    let mut all = Vec::new();
    for (name, path) in PATHS {
        let path = format!("/api/v1/ask/{path}product=atomic&from={from}&to={to}");
        all.push(Asked { name, taken_ms: ask(collector, &path)? });
    }
    for (name, path) in PAGES {
        all.push(Asked { name, taken_ms: ask(collector, path)? });
    }
    let path = format!("/product/atomic?from={from}&to={to}");
    all.push(Asked { name: "the page of the product, all days", taken_ms: ask(collector, &path)? });
    Ok(all)
}

/// Asks once more than is counted: the first answer may have to read.
fn ask(collector: &Collector, path: &str) -> Result<Option<(f64, f64)>, Fault> {
    let (status, _) = collector.ask(path)?;
    if status != 200 {
        return Ok(None);
    }
    let mut taken = Vec::with_capacity(ASKED);
    for _ in 0..ASKED {
        let began = Instant::now();
        collector.get(path)?;
        taken.push(began.elapsed().as_secs_f64() * 1e3);
    }
    let sample = Sample::of(taken);
    Ok(Some((sample.median(), sample.quantile(0.99))))
}
