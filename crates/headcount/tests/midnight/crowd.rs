//! Many real processes whose midnights roll, and one mark a period among them.
//!
//! The test program starts itself again. Each child lives through the days that
//! it is told, one step each time the gate opens: all of the crowd on one day,
//! then half of it a second before midnight and half a second behind it.
//!
//! Who finds the lock held leaves the mark to a later event. So a day is
//! marked for certain once nobody is on another one: the last who tries finds
//! it marked, or marks it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use headcount::Clock;
use headcount::catalog::{Day, Raw};
use headcount_testkit::Home;

use crate::scene::{self, Said, queued};
use crate::tool::{expected, seen, tool};

/// The number of the child, the days, the first one, and the home, a line each.
const ROLE: &str = "HEADCOUNT_COUNTING_TEST_ROLE";

/// How many live through midnight at once.
const PROCESSES: usize = 200;

/// Of how many each one is killed.
const KILLED: usize = 24;

/// By how much later the next one is killed: a record takes a few milliseconds
/// with a mark.
const LATER: Duration = Duration::from_micros(if cfg!(windows) { 5_000 } else { 700 });

/// Not a test: what a child of the tests below does.
#[test]
fn child() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let [number, days, first, home] = role.splitn(4, '\n').collect::<Vec<_>>().try_into().unwrap();
    let (number, days): (i64, i64) = (number.parse().unwrap(), days.parse().unwrap());
    let midnight = Day::parse(first).unwrap().start().milliseconds();
    let clock: &AtomicI64 = Box::leak(Box::new(AtomicI64::new(midnight)));
    let catalog = tool();
    let mut surroundings = scene::surroundings(&PathBuf::from(home), scene::NOW, &[]);
    surroundings.clock = Clock::Set(clock);
    let session = scene::open_in(catalog, surroundings);
    let event = Said::new(catalog, "tick", &[("number", Raw::Integer(number))]);
    let mut gate = std::io::stdin().lines();
    for step in 0..steps(days) {
        println!("ready");
        std::io::stdout().flush().unwrap();
        let Some(Ok(_)) = gate.next() else { return };
        let (day, is_midnight) = (step / 2, step % 2 == 1);
        let end_ms = midnight + (day + 1) * 86_400_000;
        let from_end_ms = match (is_midnight, number % 2) {
            (false, _) => -43_200_000,
            (true, 0) => -1_000,
            (true, _) => 1_000,
        };
        clock.store(end_ms + from_end_ms, Ordering::Relaxed);
        for _ in 0..2 {
            session.try_record(&event).unwrap();
        }
    }
}

/// The steps of so many days: each day, and the midnights between them.
fn steps(days: i64) -> i64 {
    days * 2 - 1
}

/// A child, and both ends of its gate.
struct Living {
    child: Child,
    gate: ChildStdin,
    says: BufReader<ChildStdout>,
}

impl Living {
    fn start(number: usize, days: i64, first: &str, home: &Home) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "crowd::child", "--nocapture"]);
        command.env(ROLE, format!("{number}\n{days}\n{first}\n{}", home.path().display()));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().unwrap();
        let (gate, says) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, gate, says: BufReader::new(says) }
    }

    /// Waits until it stands at its gate.
    fn wait(&mut self) {
        let mut line = String::new();
        while line != "ready\n" {
            line.clear();
            assert!(self.says.read_line(&mut line).unwrap() > 0, "it has ended");
        }
    }
}

/// Lets a crowd live through these days, and returns the lines that it left.
fn live(processes: usize, days: i64, first: &str, home: &Home) -> Vec<String> {
    let start = |number| Living::start(number, days, first, home);
    let mut crowd: Vec<Living> = (0..processes).map(start).collect();
    for _ in 0..steps(days) {
        crowd.iter_mut().for_each(Living::wait);
        crowd.iter_mut().for_each(|one| one.gate.write_all(b"\n").unwrap());
    }
    for mut one in crowd {
        assert!(one.child.wait().unwrap().success());
    }
    queued(tool(), home)
}

/// A year's end and a Monday: 200 processes and five midnights.
#[test]
fn of_two_hundred_processes_one_marks_each_period() {
    let home = Home::new();
    let lines = live(PROCESSES, 6, "2026-12-30", &home);
    assert_eq!(lines.len(), PROCESSES * 11 * 2);
    assert_eq!(seen(&lines), expected("2026-12-30", 6));
}

#[test]
fn a_crowd_lives_through_a_leap_day_and_four_weeks() {
    let home = Home::new();
    let lines = live(12, 29, "2028-02-19", &home);
    assert_eq!(lines.len(), 12 * 57 * 2);
    assert_eq!(seen(&lines), expected("2028-02-19", 29));
}

/// Whoever is killed between the mark and the event has lost the mark. Nobody
/// gives it again.
#[test]
fn a_process_that_is_killed_half_way_marks_nothing_twice() {
    let home = Home::new();
    // Whoever is killed over the first agreement of a machine leaves one that
    // counts from the next period on.
    live(1, 1, "2026-12-28", &home);
    let mut marked = 0;
    for round in 0..KILLED {
        let first = Day::parse("2026-12-29").unwrap().plus(i32::try_from(round).unwrap());
        let mut crowd: Vec<Living> =
            (0..4).map(|number| Living::start(number, 1, &first.to_string(), &home)).collect();
        crowd.iter_mut().for_each(Living::wait);
        crowd.iter_mut().for_each(|one| one.gate.write_all(b"\n").unwrap());
        std::thread::park_timeout(LATER * u32::try_from(round).unwrap());
        for one in &mut crowd {
            let _ = one.child.kill();
            let _ = one.child.wait();
        }
        marked = seen(&queued(tool(), &home)).len();
    }
    println!("{marked} marks left of {KILLED} rounds");
    // Those who come after mark what nobody has marked.
    let last = Day::parse("2027-03-01").unwrap();
    live(2, 1, &last.to_string(), &home);
    let seen = seen(&queued(tool(), &home));
    assert!(expected("2027-03-01", 1).is_subset(&seen), "{seen:?}");
}
