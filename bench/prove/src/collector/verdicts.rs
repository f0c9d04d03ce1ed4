//! The budgets of the throughput.

use super::contenders::Contender;
use super::form::Form;
use super::fresh::Devices;
use super::limits::BATCHES;
use super::throughput::{Line, Measured};
use crate::page::{Met, Verdict};

/// Ours is at least so many times VictoriaLogs'.
const OVER_VICTORIA_LOGS: f64 = 2.0;

/// Ours is at least so many times rotel's.
const OVER_ROTEL: f64 = 1.0;

/// The fastest dialect is at most so many times the slowest.
const APART: f64 = 2.0;

/// What was asked of the figures, and what came of it. What is not there is
/// compared with nothing.
pub(crate) fn of_throughput(measured: &[Measured]) -> Vec<Verdict> {
    let rate = |contender, form, place: usize| {
        let line = Line::Http(contender, form, Devices::Pool);
        let (_, cells) = measured.iter().find(|(each, _)| *each == line)?;
        Some(cells.as_ref().ok()?.get(place)?.rate())
    };
    let ours = |form, place| rate(Contender::Headcount(1), form, place);
    let mut verdicts = Vec::new();
    for (place, batch) in BATCHES.into_iter().enumerate() {
        for form in [Form::Native, Form::OtlpProtobuf] {
            let theirs = rate(Contender::VictoriaLogs, form, place);
            let what = format!("{} × {batch}, one core, beside VictoriaLogs", form.label());
            verdicts.extend(times(what, OVER_VICTORIA_LOGS, ours(form, place), theirs));
        }
        if batch > 1 {
            let form = Form::OtlpProtobuf;
            let what = format!("{} × {batch}, one core, beside rotel", form.label());
            let theirs = rate(Contender::Rotel, form, place);
            verdicts.extend(times(what, OVER_ROTEL, ours(form, place), theirs));
        }
        let all: Vec<f64> = Form::ALL.into_iter().filter_map(|form| ours(form, place)).collect();
        let fastest = all.iter().copied().fold(f64::NAN, f64::max);
        let slowest = all.iter().copied().fold(f64::NAN, f64::min);
        let apart = fastest / slowest;
        verdicts.push(Verdict::new(
            format!("the dialects × {batch}, fastest over slowest"),
            format!("at most {APART:.0} ×"),
            format!("{:.0} k over {:.0} k = {apart:.2} ×", fastest / 1e3, slowest / 1e3),
            Met::within(apart, APART),
        ));
    }
    verdicts
}

fn times(what: String, least: f64, ours: Option<f64>, theirs: Option<f64>) -> Option<Verdict> {
    let (ours, theirs) = (ours?, theirs?);
    let measured =
        format!("{:.1} k over {:.1} k = {:.2} ×", ours / 1e3, theirs / 1e3, ours / theirs);
    let budget = format!("at least {least:.0} ×");
    Some(Verdict::new(what, budget, measured, Met::within(least * theirs, ours)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twice_is_met_from_twice_on() {
        let of = |ours| times(String::new(), 2.0, Some(ours), Some(100.0)).unwrap().met;
        assert_eq!((of(199.0), of(200.0), of(300.0)), (Met::No, Met::Yes, Met::Yes));
        assert!(times(String::new(), 2.0, Some(1.0), None).is_none());
    }
}
