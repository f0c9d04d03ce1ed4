//! A product that many start at once, and that is killed half-way: afterwards
//! the books balance.

use std::time::Duration;

use crate::limits::CROWD;
use crate::{Home, ProgramOutput, TestProgram};

/// How many run at once.
const AT_ONCE: usize = 100;

/// Runs that are killed, each a little later than the one before.
const KILLED: u64 = 40;

/// By how much later. A run takes a few milliseconds on a quiet machine, and in
/// Wine a few hundred.
const LATER: Duration = Duration::from_millis(if cfg!(windows) { 10 } else { 1 });

/// A product, as its own tests run it in a home whose person agreed.
#[derive(Debug)]
pub struct Crowd<'a> {
    /// The home.
    pub home: &'a Home,
    /// The product without arguments, marked so that it starts no shipper.
    pub program: TestProgram,
    /// The words of a run that records events, always as many.
    pub run: &'a [&'a str],
    /// The product's queue, from the home.
    pub queue: &'a str,
    /// Whether it has somewhere to send to.
    pub ships: Ships,
}

/// Whether a product has somewhere to send to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ships {
    /// A destination on this machine that takes everything.
    Here,
    /// Nothing, since the build was given no key.
    NotWithoutAKey,
}

impl Crowd<'_> {
    /// Lets a hundred run at once, kills forty, ships everything, and says no;
    /// the books must balance after each.
    ///
    /// # Panics
    ///
    /// If an event is lost, torn or sent twice, a run fails or says something,
    /// or a no leaves a queue.
    #[track_caller]
    pub fn assert_books_balance(&self) {
        // Some products report that they were turned on.
        let before = self.waiting();
        let run = self.program.clone().args(self.run);
        silent(&run.run());
        let each = self.waiting() - before;
        assert!(each > 0, "a run records nothing");
        let patient = run.clone().limit(CROWD);
        let crowd: Vec<_> = (0..AT_ONCE).map(|_| patient.spawn()).collect();
        crowd.into_iter().for_each(|running| silent(&running.wait()));
        let recorded = before + each * (1 + AT_ONCE);
        assert_eq!(self.waiting(), recorded, "after {AT_ONCE} at once");

        for number in 0..KILLED {
            let mut running = run.spawn();
            std::thread::park_timeout(LATER * u32::try_from(number).unwrap_or(0));
            running.kill();
            let _ = running.wait();
        }
        silent(&run.run());
        let waiting = self.waiting();
        let most = recorded + each * (1 + KILLED as usize);
        assert!((recorded + each..=most).contains(&waiting), "{waiting} after the kills");

        if self.ships == Ships::Here {
            let shipped = self.person("flush");
            assert_eq!(shipped.code(), Some(0), "{}", shipped.stderr_text());
            let receipts = self.person("receipts").stdout_text();
            assert_eq!(self.waiting(), 0, "after everything was sent: {receipts}");
            assert_eq!(accepted(&receipts), waiting, "{receipts}");
        }
        silent(&run.run());
        assert_eq!(self.person("off").code(), Some(0));
        assert!(!self.home.path().join(self.queue).exists(), "a no leaves the queue");
        silent(&run.run());
        assert!(!self.home.path().join(self.queue).exists(), "recorded after a no");
    }

    fn person(&self, words: &str) -> ProgramOutput {
        let words = ["telemetry"].into_iter().chain(words.split(' '));
        self.program.clone().args(words).limit(CROWD).run()
    }

    /// The events that wait to be sent, in all segments; each must be whole.
    fn waiting(&self) -> usize {
        let (stem, ending) = self.queue.rsplit_once('.').unwrap_or((self.queue, ""));
        let is_segment = |path: &str| path.starts_with(stem) && path.ends_with(ending);
        let tree = self.home.tree();
        let mut waiting = 0;
        for segment in tree.iter().filter(|entry| is_segment(&entry.path)) {
            let text = self.home.read(&segment.path);
            // A writer that finds a torn line ends it with this mark.
            let lines = text.lines().filter(|line| !line.ends_with('\u{18}'));
            for line in lines {
                assert!(line.starts_with('{') && line.ends_with('}'), "a torn event: {line}");
                waiting += 1;
            }
        }
        waiting
    }
}

#[track_caller]
fn silent(output: &ProgramOutput) {
    assert_eq!((output.code(), output.stderr_text()), (Some(0), String::new()));
}

/// The sum of all "accepted N".
fn accepted(receipts: &str) -> usize {
    let counts = receipts.split("accepted ").skip(1);
    let number =
        |rest: &str| rest.split(|it: char| !it.is_ascii_digit()).next()?.parse::<usize>().ok();
    counts.filter_map(number).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_accepted_is_added_up() {
        let receipts = "1 otlp: 3 events, 812 bytes: 200, accepted 3\n2 otlp: 2 events: 200, accepted 1, rejected 1\n";
        assert_eq!(accepted(receipts), 4);
        assert_eq!(accepted("3 otlp: 1 event, 9 bytes: no answer\n"), 0);
    }
}
