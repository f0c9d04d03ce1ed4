//! What a store that grows came to, as tables and budgets.

use std::time::Duration;

use super::limits::{ASKED, GROWTH_BATCH, GROWTH_DAYS, ID_BYTES, MILLION};
use super::questions::Asked;
use crate::page::{Met, Section, Table, Verdict};
use crate::sample::Sample;

/// The rate of the last tenth is at least this share of that at two million.
const KEPT: f64 = 0.8;

/// Bytes an event, sealed.
const SEALED_BYTES: f64 = 24.0;

/// The start.
const START: Duration = Duration::from_secs(1);

/// A question's 99th percentile, in milliseconds.
const QUESTION_MS: f64 = 50.0;

/// Memory at rest, in MiB, beside the ids of the open days.
const MEMORY_MIB: f64 = 128.0;

/// The days that are open: today and yesterday.
const OPEN_DAYS: f64 = 2.0;

/// The store at one size.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    /// Events in it.
    pub(crate) events: u64,
    /// Bytes an event, as it was when the last one was stored.
    pub(crate) fresh: f64,
    /// Bytes an event after housekeeping.
    pub(crate) sealed: f64,
    /// Thousand events a second, of the last million.
    pub(crate) rate: f64,
    /// From the start of the process until it was well.
    pub(crate) start: Duration,
    /// Memory at most while it was loaded.
    pub(crate) peak_mib: f64,
    /// Memory right after the start.
    pub(crate) started_mib: f64,
    /// Memory after housekeeping.
    pub(crate) rested_mib: f64,
    /// The questions.
    pub(crate) asked: Vec<Asked>,
}

/// The section.
pub(crate) fn section(looks: &[Look], rates: &[f64], drawn: &str) -> Section {
    let mut sizes = Table::new(&[
        "million events",
        "bytes an event, as it arrived",
        "after housekeeping",
        "k/s, the last million",
        "start, s",
        "MiB: loaded, at most",
        "started",
        "at rest",
    ]);
    let mut heads = vec!["p50 / p99, ms".to_owned()];
    for look in looks {
        let millions = look.events / MILLION;
        sizes.row([
            millions.to_string(),
            format!("{:.1}", look.fresh),
            format!("{:.1}", look.sealed),
            format!("{:.0}", look.rate),
            format!("{:.2}", look.start.as_secs_f64()),
            format!("{:.0}", look.peak_mib),
            format!("{:.0}", look.started_mib),
            format!("{:.0}", look.rested_mib),
        ]);
        heads.push(format!("{millions} million"));
    }
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut questions = Table::new(&heads);
    let names = looks.first().map_or(&[][..], |look| &look.asked).iter().map(|asked| asked.name);
    for (place, name) in names.enumerate() {
        let taken = looks.iter().map(|look| quantiles_told(look.asked.get(place)));
        questions.row([name.to_owned()].into_iter().chain(taken));
    }
    let text = format!(
        "One collector on one core, native lines, {GROWTH_BATCH} events a request, spread over \
         {GROWTH_DAYS} days in their order. At each size the collector is stopped, started again \
         and left alone until its folder has come to rest; then each question is asked {ASKED} \
         times, a connection each, over all days (– is not a question for this product). The rate \
         of each million, or of each part of a day that is smaller:\n\n{drawn}"
    );
    let verdicts = looks.last().map_or_else(Vec::new, |look| judge(look, rates));
    Section { title: "A store that grows", text, tables: vec![sizes, questions], verdicts }
}

/// Median and 99th percentile, if it was answered.
pub(crate) fn quantiles_told(asked: Option<&Asked>) -> String {
    let taken = asked.and_then(|asked| asked.taken_ms);
    taken.map_or("–".to_owned(), |(p50, p99)| format!("{p50:.2} / {p99:.2}"))
}

fn judge(look: &Look, rates: &[f64]) -> Vec<Verdict> {
    let at = format!("at {} million events", look.events / MILLION);
    let tenth = (rates.len() / 10).max(1);
    let early = Sample::of(rates.iter().skip(1).take(tenth).copied()).median();
    let late = Sample::of(rates.iter().rev().take(tenth).copied()).median();
    let start = look.start.as_secs_f64();
    let answered = look.asked.iter().filter_map(|asked| Some((asked.name, asked.taken_ms?.1)));
    let slowest = answered.max_by(|one, other| one.1.total_cmp(&other.1));
    let (name, slowest) = slowest.unwrap_or(("nothing", f64::NAN));
    let open = look.events as f64 / f64::from(GROWTH_DAYS) * OPEN_DAYS * ID_BYTES;
    let memory = MEMORY_MIB + open / (1024.0 * 1024.0);
    vec![
        Verdict::new(
            format!("{at}: the rate"),
            format!("at least {:.0} % of that at two million", KEPT * 100.0),
            format!("{late:.0} k/s of {early:.0} k/s = {:.0} %", late / early * 100.0),
            Met::within(KEPT * early, late),
        ),
        Verdict::new(
            format!("{at}: bytes an event, sealed"),
            format!("at most {SEALED_BYTES:.0}"),
            format!("{:.1}", look.sealed),
            Met::within(look.sealed, SEALED_BYTES),
        ),
        Verdict::new(
            format!("{at}: the start"),
            format!("at most {:.0} s", START.as_secs_f64()),
            format!("{start:.2} s"),
            Met::within(start, START.as_secs_f64()),
        ),
        Verdict::new(
            format!("{at}: the slowest question, 99th percentile"),
            format!("at most {QUESTION_MS:.0} ms"),
            format!("{slowest:.2} ms ({name})"),
            Met::within(slowest, QUESTION_MS),
        ),
        Verdict::new(
            format!("{at}: memory at rest"),
            format!("at most {MEMORY_MIB:.0} MiB and {ID_BYTES:.0} B an id of two days"),
            format!("{:.0} MiB of {memory:.0} MiB", look.rested_mib),
            Met::within(look.rested_mib, memory),
        ),
    ]
}
