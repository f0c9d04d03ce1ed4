//! How well devices are counted without an id, beside the truth and beside ids.
//!
//! ```text
//! cargo run --release -p headcount-cli --example counting
//! ```
//!
//! Simulated machines use a program for 400 days, each in its own way. Every
//! machine counts with the code of the SDK, [`headcount::MarkedPeriods`]; every
//! record goes over HTTP to a real collector, which judges and stores it, and
//! its answers are set beside what really happened. The run writes
//! `docs/reference/counting.md`. Of `--machines N`, `--days N`, `--seed N` and
//! `--print`, any makes another run, which is printed instead.

mod chance;
mod life;
mod machine;
mod products;
mod report;
mod site;
mod truth;

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use headcount_catalog::Day;

use chance::Chance;
use life::Delivery;
use machine::{HABITS, Machine, Mishap};
use products::Product;
use report::{Report, Seen};
use site::Site;
use truth::Truth;

/// 2025-10-27, a Monday: the last of 400 days is the end of a month.
const FIRST_DAY: Day = Day::from_number(20_388);

/// Days after the last one on which something can still arrive.
const LATE_DAYS: i64 = 40;

/// What is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Scale {
    machines: u64,
    days: i64,
    seed: u64,
}

impl Scale {
    /// What the documentation shows.
    const WHOLE: Self = Self { machines: 10_000, days: 400, seed: 20_261_128 };
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some((scale, prints)) = read(&words) else {
        eprintln!("usage: counting [--machines N] [--days N] [--seed N] [--print]");
        return ExitCode::from(2);
    };
    let started = Instant::now();
    let written = tempfile::tempdir()
        .map_err(|error| format!("there is no temporary folder: {error}"))
        .and_then(|folder| run(scale, folder.path()))
        .map(|report| report.text())
        .and_then(|text| {
            if prints {
                print!("{text}");
                return Ok(());
            }
            let file =
                Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/counting.md");
            std::fs::write(&file, text)
                .map_err(|error| format!("cannot write {}: {error}", file.display()))
        });
    match written {
        Ok(()) => {
            eprintln!("{} seconds", started.elapsed().as_secs());
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Reads the arguments. `None` if there is something else among them.
fn read(words: &[String]) -> Option<(Scale, bool)> {
    let (mut scale, mut prints) = (Scale::WHOLE, false);
    let mut words = words.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "--print" => {}
            "--machines" => scale.machines = words.next()?.parse().ok()?,
            "--days" => scale.days = words.next()?.parse().ok()?,
            "--seed" => scale.seed = words.next()?.parse().ok()?,
            _ => return None,
        }
        prints = true;
    }
    Some((scale, prints))
}

/// Lives every life, delivers, and asks.
fn run(scale: Scale, data: &Path) -> Result<Report, String> {
    let Lived { mut by_day, truth, people } = live(scale);
    let mut site = Site::start(data)?;
    for (nth, deliveries) in by_day.iter_mut().enumerate() {
        site.deliver(day(nth as i64), deliveries)?;
        deliveries.clear();
    }
    let last = day(scale.days - 1);
    let mut active = Vec::new();
    for product in Product::ALL {
        active.push(site.active(product, last)?);
    }
    let mut weeks = vec![site.marks(last)?];
    let outcomes = site.outcomes.clone();
    weeks.extend(site.weeks_of_ids(&[Product::Random, Product::Monthly])?);
    let seen = active.into_iter().zip(weeks).map(|(active, weeks)| Seen { active, weeks });
    let seen = seen.collect();
    Ok(Report { scale, first: FIRST_DAY, last, truth, seen, outcomes, people })
}

/// What happened on all machines.
struct Lived {
    /// What arrives on each day since the first.
    by_day: Vec<Vec<Delivery>>,
    truth: Truth,
    /// How many machines are of which sort.
    people: Vec<(String, u64)>,
}

fn live(scale: Scale) -> Lived {
    let days = usize::try_from(scale.days + LATE_DAYS).unwrap_or(0);
    let mut by_day = vec![Vec::new(); days];
    let mut truth = Truth::default();
    let mut people: Vec<(String, u64)> =
        HABITS.iter().map(|(_, name, _)| (format!("used {name}"), 0)).collect();
    let others = [
        "whose person refuses, from the first day on",
        "whose person refuses later, some of them for a time",
        "that no delivery ever leaves",
        "with a clock that is wrong, by up to 20 hours",
        "installed anew, once or more",
        "whose person deleted the identity",
        "that lost their state file",
    ];
    people.extend(others.map(|name| (name.to_owned(), 0)));
    for number in 0..scale.machines {
        let mut machine = Machine::new(Chance::of(scale.seed, number), scale.days);
        let is = HABITS.map(|(habit, _, _)| habit == machine.habit);
        let had = |mishap| machine.mishaps.iter().any(|(_, own)| *own == mishap);
        let refuses_later = !machine.always_refuses() && !machine.agrees_throughout();
        let is_not = [
            machine.always_refuses(),
            refuses_later,
            machine.is_never_online(),
            machine.clock != 0,
            had(Mishap::Reinstall),
            had(Mishap::Clear),
            had(Mishap::Loss),
        ];
        for ((_, count), fits) in people.iter_mut().zip(is.into_iter().chain(is_not)) {
            *count += u64::from(fits);
        }
        for delivery in life::live(&mut machine, FIRST_DAY, &mut truth) {
            let arrives = usize::try_from(delivery.arrives).ok();
            if let Some(of_day) = arrives.and_then(|arrives| by_day.get_mut(arrives)) {
                of_day.push(delivery);
            }
        }
    }
    Lived { by_day, truth, people }
}

fn day(since_first: i64) -> Day {
    FIRST_DAY.plus(i32::try_from(since_first).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use headcount_catalog::{Age, Period};

    use super::*;

    /// Fewer machines over three months: what is counted without an id is what
    /// the ids count, and near the truth.
    #[test]
    fn a_small_run_counts_nearly_what_happened() {
        let folder = tempfile::tempdir().unwrap();
        let scale = Scale { machines: 300, days: 90, seed: 7 };
        let report = run(scale, folder.path()).unwrap();
        let [counting, random, _] = &report.seen[..] else { panic!("three products") };
        for (period, _) in Period::ALL {
            let [agreed, counted, by_id] = [&report.truth.agreed, &counting.active, &random.active]
                .map(|counts| report.average(counts, period));
            assert!((counted / agreed - 1.0).abs() < 0.08, "{period:?}: {counted} of {agreed}");
            assert!((counted / by_id - 1.0).abs() < 0.03, "{period:?}: {counted} and {by_id}");
        }
        let weeks = report.weeks();
        let [truth, counted] =
            [&report.truth.weeks, &counting.weeks].map(|it| it.retained(Age::ALL[1], &weeks));
        assert!((truth - counted).abs() < 0.05, "{truth} and {counted}");
        let duplicates = report.outcomes.get(&("counting", "duplicate".to_owned()));
        assert!(duplicates.is_some_and(|count| *count > 0), "{:?}", report.outcomes);
    }
}
