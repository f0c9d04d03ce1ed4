//! The progress of a destination through a claim: which lines are sealed into
//! batches, and which are settled. This file does no I/O.
//!
//! A progress file has a word and its value on each line, in exactly this
//! order:
//!
//! ```text
//! headcount-queue progress 1
//! next 4
//! done 0-41
//! quarantined 42
//! dropped -
//! batch 3 1800000000 43-60
//! end
//! ```
//!
//! Any other text, also one without `end`, is damaged. The destination then
//! starts over with this claim, which is harmless because collectors recognize
//! event ids.

use std::fmt::Write;

use crate::line_set::{LineSet, number};

/// The first line of a progress file. The number is raised when the format
/// changes.
const FORM: &str = "headcount-queue progress 1";

/// How a line was settled with a destination. The list is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineOutcome {
    /// The destination has accepted it.
    Done,
    /// The destination will never accept it, so it was moved to the quarantine.
    Quarantined,
    /// It was dropped before it was sent.
    Dropped,
}

const OUTCOMES: [(LineOutcome, &str); 3] = [
    (LineOutcome::Done, "done"),
    (LineOutcome::Quarantined, "quarantined"),
    (LineOutcome::Dropped, "dropped"),
];

/// Lines that are sent to a destination together. A sealed batch does not
/// change until it is settled or released, so that its body is the same on
/// every try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    number: u64,
    sealed_at_s: u64,
    lines: LineSet,
}

impl Batch {
    /// Returns the number, which no other batch of this claim and destination
    /// has.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Returns the time when it was sealed, in seconds since 1970.
    #[must_use]
    pub fn sealed_at_s(&self) -> u64 {
        self.sealed_at_s
    }

    /// Returns the lines.
    #[must_use]
    pub fn lines(&self) -> &LineSet {
        &self.lines
    }
}

/// Where a progress comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// There was no progress file: the destination has nothing of this claim
    /// yet.
    Fresh,
    /// It was read from the progress file.
    Resumed,
    /// The progress file was damaged: the destination gets this claim again.
    StartedOver,
}

/// The progress of a destination through a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    origin: Origin,
    next: u64,
    settled: [LineSet; OUTCOMES.len()],
    batches: Vec<Batch>,
}

impl Progress {
    fn new(origin: Origin) -> Progress {
        Progress { origin, next: 0, settled: Default::default(), batches: Vec::new() }
    }

    /// Reads the text of a progress file; `None` if there is no file. Lines
    /// before `floor` were given up meanwhile, so they leave their batches.
    pub(crate) fn read(text: Option<&str>, floor: u64) -> Progress {
        let mut progress = match text.map(parse) {
            None => Progress::new(Origin::Fresh),
            Some(Some(progress)) => progress,
            Some(None) => Progress::new(Origin::StartedOver),
        };
        progress.batches.iter_mut().for_each(|batch| batch.lines.raise_floor(floor));
        progress.batches.retain(|batch| !batch.lines.is_empty());
        progress
    }

    /// Returns where this progress comes from.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Returns the sealed batches that are not settled, in the order in which
    /// they were sealed.
    #[must_use]
    pub fn batches(&self) -> &[Batch] {
        &self.batches
    }

    /// Returns the lines with an outcome.
    #[must_use]
    pub fn settled(&self, outcome: LineOutcome) -> &LineSet {
        &self.settled[outcome as usize]
    }

    /// Whether a line is settled.
    #[must_use]
    pub fn is_settled(&self, line: u64) -> bool {
        self.settled.iter().any(|lines| lines.contains(line))
    }

    /// Whether a line is neither settled nor in a batch, so that it can be
    /// sealed.
    #[must_use]
    pub fn is_free(&self, line: u64) -> bool {
        !self.is_settled(line) && !self.batches.iter().any(|batch| batch.lines.contains(line))
    }

    /// Returns the progress with one more batch of those lines that are free.
    /// Without any free line there is no new batch.
    pub(crate) fn sealed(&self, mut lines: LineSet, now_s: u64) -> Progress {
        let mut after = self.clone();
        self.settled.iter().for_each(|settled| lines.remove_all(settled));
        self.batches.iter().for_each(|batch| lines.remove_all(&batch.lines));
        if !lines.is_empty() {
            after.batches.push(Batch { number: self.next, sealed_at_s: now_s, lines });
            after.next += 1;
        }
        after
    }

    /// Returns the progress with these lines settled, whether or not they are
    /// in a batch. Lines that were settled before keep their outcome.
    pub(crate) fn with_settled(&self, lines: &LineSet, outcome: LineOutcome) -> Progress {
        let mut after = self.clone();
        let mut lines = lines.clone();
        self.settled.iter().for_each(|settled| lines.remove_all(settled));
        after.batches.iter_mut().for_each(|batch| batch.lines.remove_all(&lines));
        after.batches.retain(|batch| !batch.lines.is_empty());
        after.settled[outcome as usize].insert_all(&lines);
        after
    }

    /// Returns the progress with the lines of a batch free again.
    pub(crate) fn released(&self, number: u64) -> Progress {
        let mut after = self.clone();
        after.batches.retain(|batch| batch.number != number);
        after
    }

    /// Returns the text of the progress file.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("{FORM}\nnext {}\n", self.next);
        // Writing to a String cannot fail.
        for (outcome, word) in OUTCOMES {
            let _ = writeln!(text, "{word} {}", self.settled(outcome));
        }
        for Batch { number, sealed_at_s, lines } in &self.batches {
            let _ = writeln!(text, "batch {number} {sealed_at_s} {lines}");
        }
        text.push_str("end\n");
        text
    }
}

fn parse(text: &str) -> Option<Progress> {
    let mut lines = text.strip_suffix("\nend\n")?.split('\n');
    if lines.next()? != FORM {
        return None;
    }
    let mut progress = Progress::new(Origin::Resumed);
    // Batches are counted from 0, so a larger number was not written by the
    // queue.
    progress.next =
        number(lines.next()?.strip_prefix("next ")?).filter(|next| *next <= u64::MAX / 2)?;
    for (outcome, word) in OUTCOMES {
        let set = lines.next()?.strip_prefix(word)?.strip_prefix(' ')?;
        progress.settled[outcome as usize] = LineSet::parse(set)?;
    }
    for line in lines {
        let mut words = line.strip_prefix("batch ")?.split(' ');
        let number_of_batch = number(words.next()?)?;
        let sealed_at_s = number(words.next()?)?;
        let lines = LineSet::parse(words.next()?)?;
        let rising = progress.batches.last().is_none_or(|last| last.number < number_of_batch);
        if words.next().is_some() || lines.is_empty() || !rising || number_of_batch >= progress.next
        {
            return None;
        }
        progress.batches.push(Batch { number: number_of_batch, sealed_at_s, lines });
    }
    // A line in two sets would be sent twice or never.
    let sets = progress.settled.iter().chain(progress.batches.iter().map(|batch| &batch.lines));
    LineSet::are_apart(sets).then_some(progress)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> LineSet {
        LineSet::parse(text).unwrap()
    }

    fn example() -> Progress {
        Progress::read(None, 0)
            .sealed(set("0-42"), 1_800_000_000)
            .sealed(set("43-60"), 1_800_000_007)
            .with_settled(&set("0-41"), LineOutcome::Done)
            .with_settled(&set("42"), LineOutcome::Quarantined)
    }

    #[test]
    fn the_text_is_this_and_is_read_back() {
        let text = "headcount-queue progress 1\nnext 2\ndone 0-41\nquarantined 42\ndropped -\n\
                    batch 1 1800000007 43-60\nend\n";
        assert_eq!(example().text(), text);
        let read = Progress::read(Some(text), 0);
        assert_eq!(read.origin(), Origin::Resumed);
        assert_eq!((read.text().as_str(), read.batches()), (text, example().batches()));
    }

    #[test]
    fn every_cut_or_changed_text_starts_over() {
        let text = example().text();
        for cut in 0..text.len() {
            let read = Progress::read(Some(&text[..cut]), 0);
            assert_eq!(read, Progress::new(Origin::StartedOver), "cut at {cut}");
        }
        for (from, to) in [
            ("progress 1", "progress 2"),
            ("next 2", "next 1"),
            ("next 2", "next +2"),
            ("next 2", "next 18446744073709551615"),
            ("dropped -", "dropped 0-9223372036854775807"),
            ("done 0-41", "done 50"),
            ("done 0-41", "done 0-42"),
            ("done 0-41", "done  0-41"),
            ("quarantined", "Quarantined"),
            ("batch 1 1800000007 43-60", "batch 1 1800000007 40-60"),
            ("batch 1 1800000007 43-60", "batch 1 1800000007 -"),
            ("batch 1 1800000007 43-60", "batch 1 1800000007 43-60 x"),
            ("batch 1", "batch 1 5 70\nbatch 1"),
            ("end\n", "end\nmore\n"),
            ("end\n", "more\nend\n"),
            ("\n", "\r\n"),
        ] {
            assert!(text.contains(from));
            let read = Progress::read(Some(&text.replacen(from, to, 1)), 0);
            assert_eq!(read.origin(), Origin::StartedOver, "{to}");
        }
        assert_eq!(Progress::read(Some(""), 0).origin(), Origin::StartedOver);
    }

    #[test]
    fn no_number_that_is_read_is_too_large_to_go_on_from() {
        let most = u64::MAX / 2;
        let text = format!("{FORM}\nnext {most}\ndone -\nquarantined -\ndropped -\nend\n");
        let read = Progress::read(Some(&text), 0).sealed(set("0"), 9);
        assert_eq!((read.origin(), read.batches()[0].number()), (Origin::Resumed, most));
        // The next read takes it for damaged. No shipper seals that often.
        assert_eq!(Progress::read(Some(&read.text()), 0).origin(), Origin::StartedOver);
        let all = "0-9223372036854775807";
        let everywhere =
            format!("{FORM}\nnext 0\ndone {all}\nquarantined {all}\ndropped {all}\nend\n");
        assert_eq!(Progress::read(Some(&everywhere), 0).origin(), Origin::StartedOver);
    }

    #[test]
    fn a_line_is_sealed_once_settled_once_and_free_again_after_a_release() {
        let progress = example();
        assert!(!progress.is_free(0) && !progress.is_free(50) && progress.is_free(61));
        assert_eq!(progress.sealed(set("0-60"), 9), progress, "nothing of it is free");
        let more = progress.sealed(set("40-70"), 9);
        assert_eq!(more.batches().last().unwrap().lines(), &set("61-70"));
        let again = more.with_settled(&set("0-41"), LineOutcome::Dropped);
        assert_eq!(again, more, "settled is settled");
        let freed = more.released(1);
        assert!(freed.is_free(43) && !freed.is_free(61));
        let resealed = freed.sealed(set("43-60"), 10);
        assert_eq!(resealed.batches().last().unwrap().number(), 3, "a number is used once");
    }

    #[test]
    fn a_part_of_a_batch_can_be_settled_and_the_rest_stays_sealed() {
        let progress = example().with_settled(&set("44,60-61"), LineOutcome::Done);
        assert_eq!(progress.batches()[0].lines(), &set("43,45-59"));
        assert_eq!(progress.batches()[0].sealed_at_s(), 1_800_000_007);
        assert!(progress.is_settled(61), "a line without a batch is settled as well");
    }

    #[test]
    fn what_was_given_up_leaves_its_batches() {
        let text = example().text();
        assert_eq!(Progress::read(Some(&text), 50).batches()[0].lines(), &set("50-60"));
        assert!(Progress::read(Some(&text), 61).batches().is_empty());
    }
}
