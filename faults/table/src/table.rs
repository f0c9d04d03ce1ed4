//! Starts the workers, and prints the table of what they found.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use crate::arguments::{Depth, Told};
use crate::errors::CALLS;
use crate::limits;
use crate::outcome::Outcome;
use crate::scene::Act;

/// What was found.
#[derive(Debug, Default)]
struct Found {
    /// Cells by command and call.
    cells: BTreeMap<(String, String), u64>,
    /// Cells by command and outcome.
    outcomes: BTreeMap<(String, Outcome), u64>,
    /// Rows of the table: command, call and error.
    rows: BTreeSet<(String, String, String)>,
    /// By command, the longest time in milliseconds and its cell.
    slowest: BTreeMap<String, (u64, String)>,
    violations: Vec<(String, String)>,
}

/// Runs every cell and prints the table. Tells whether no rule is broken.
///
/// # Errors
///
/// Returns an error if a worker cannot be started, or fails.
pub(crate) fn run(told: &Told) -> io::Result<bool> {
    let started = Instant::now();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let (sender, receiver) = mpsc::channel();
    let mut children = Vec::new();
    for number in 1..=workers {
        let mut worker = Command::new(std::env::current_exe()?);
        worker.arg("--programs").arg(&told.built.programs);
        if let Some(library) = &told.built.preload {
            worker.arg("--preload").arg(library);
        }
        if told.depth == Depth::Every {
            worker.arg("--every");
        }
        worker.args(["--part", &format!("{number}/{workers}")]).args(&told.names);
        let mut child = worker.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let lines = child.stdout.take().map(BufReader::new);
        let sender = sender.clone();
        thread::spawn(move || {
            for line in lines.into_iter().flat_map(BufRead::lines).map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        children.push(child);
    }
    drop(sender);
    let mut found = Found::default();
    receiver.iter().for_each(|line| found.take_in(&line));
    for mut child in children {
        if !child.wait()?.success() {
            return Err(io::Error::other("a worker failed: see above"));
        }
    }
    found.violations.sort();
    found.print();
    println!("{} s", started.elapsed().as_secs());
    Ok(found.violations.is_empty() && !found.cells.is_empty())
}

impl Found {
    fn take_in(&mut self, line: &str) {
        let mut fields = line.splitn(4, '\t');
        let (Some(outcome), Some(name), Some(took), Some(why)) = (
            fields.next().and_then(Outcome::named),
            fields.next(),
            fields.next().and_then(|took| took.parse().ok()),
            fields.next(),
        ) else {
            return;
        };
        let words: Vec<&str> = name.split('/').collect();
        let [_, _, act, call, _, error] = words.as_slice() else { return };
        let owned = |word: &str| word.to_owned();
        *self.cells.entry((owned(act), owned(call))).or_default() += 1;
        *self.outcomes.entry((owned(act), outcome)).or_default() += 1;
        self.rows.insert((owned(act), owned(call), owned(error)));
        if self.slowest.get(*act).is_none_or(|(longest, _)| *longest < took) {
            self.slowest.insert(owned(act), (took, owned(name)));
        }
        if outcome == Outcome::Violated {
            self.violations.push((owned(name), owned(why)));
        }
    }

    fn print(&self) {
        let cells: u64 = self.cells.values().sum();
        println!("Cells, by command and call; each is one command in one state of one product, in");
        println!("which one call, or every call of a kind, fails with one error:\n");
        let calls: Vec<&str> = CALLS.iter().map(|call| call.name).collect();
        self.grid(&calls, |act, call| {
            self.cells.get(&(act.to_owned(), call.to_owned())).copied().unwrap_or(0)
        });
        println!("\nOutcomes, by command:\n");
        let names: Vec<&str> = Outcome::ALL.iter().map(|outcome| outcome.name()).collect();
        self.grid(&names, |act, name| {
            let outcome = Outcome::named(name);
            outcome
                .and_then(|outcome| self.outcomes.get(&(act.to_owned(), outcome)).copied())
                .unwrap_or(0)
        });
        println!();
        for outcome in Outcome::ALL {
            println!("{:>13}  {}", outcome.name(), outcome.means());
        }
        println!("\nLongest times, with all that a command starts:\n");
        for (act, (took, name)) in &self.slowest {
            println!("{act:<10} {took:>6} ms  {name}");
        }
        if !self.violations.is_empty() {
            println!("\nViolations; `.ci/faults NAME` shows one of them:\n");
        }
        for (name, why) in self.violations.iter().take(limits::SHOWN) {
            println!("{name}\n    {why}");
        }
        println!(
            "\n{cells} cells, {} of call, error and command; {} violated",
            self.rows.len(),
            self.violations.len()
        );
    }

    /// Commands down, columns across, with sums.
    fn grid(&self, columns: &[&str], count: impl Fn(&str, &str) -> u64) {
        let line = |first: &str, counts: Vec<u64>| {
            let sum: u64 = counts.iter().sum();
            print!("{first:<10}");
            for (column, count) in columns.iter().zip(&counts).map(|(c, n)| (c.len(), *n)) {
                print!(" {count:>width$}", width = column.max(6));
            }
            println!(" {sum:>7}");
        };
        print!("{:<10}", "");
        columns.iter().for_each(|column| print!(" {column:>width$}", width = column.len().max(6)));
        println!(" {:>7}", "all");
        for act in Act::ALL {
            line(act.name(), columns.iter().map(|column| count(act.name(), column)).collect());
        }
        let sums = columns
            .iter()
            .map(|column| Act::ALL.into_iter().map(|act| count(act.name(), column)).sum());
        line("all", sums.collect());
    }
}
