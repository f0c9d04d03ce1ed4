//! A claim: a segment to which no writer appends any more.

use crate::destination_name::DestinationName;
use crate::error::QueueError;
use crate::limits::{IN_USE_WAIT, MAX_PROGRESS_BYTES};
use crate::line_set::number;
use crate::lines::{Counted, Lines, Tail, bytes_of};
use crate::names::{ClaimName, Names};
use crate::progress::Progress;
use crate::small_file::{read_small, replace};

/// The first line of a floor file. The number is raised when the format
/// changes.
const FLOOR_FORM: &str = "headcount-queue floor 1";

/// A claimed segment. No line is added to it, and none gets another number. Its
/// file is removed when the shipper is done with it.
#[derive(Clone, Debug)]
pub struct Claim {
    pub(crate) names: Names,
    pub(crate) name: ClaimName,
    /// The destinations that had a progress file when the folder was listed.
    pub(crate) begun: Vec<DestinationName>,
    /// How many bytes of it are read at most. A claim within the bounds is read
    /// completely.
    pub(crate) readable_bytes: u64,
}

impl Claim {
    /// Returns the name, which contains the time of the claim.
    #[must_use]
    pub fn name(&self) -> ClaimName {
        self.name
    }

    /// Returns the destinations that had a progress file for this claim when it
    /// was found. Another version of the program may know one that this version
    /// does not know: the claim is not settled before it has every line, too.
    #[must_use]
    pub fn begun(&self) -> &[DestinationName] {
        &self.begun
    }

    /// Returns the lines, without those that were given up for
    /// [`crate::DropReason::OverCount`]. A claim whose file was removed has no
    /// lines.
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if the file cannot be read.
    pub fn lines(&self) -> Result<Lines, QueueError> {
        let path = self.names.claim(self.name);
        Lines::open(&path, Tail::Torn, self.floor()?, self.readable_bytes, IN_USE_WAIT)
    }

    /// Returns the progress of a destination through this claim. If the
    /// progress file is damaged, the destination starts over
    /// ([`crate::Origin::StartedOver`]).
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if the progress file cannot be read.
    pub fn progress(&self, destination: &DestinationName) -> Result<Progress, QueueError> {
        let path = self.names.progress(self.name, destination);
        let text = read_small(&path, MAX_PROGRESS_BYTES)?;
        Ok(Progress::read(text.as_deref(), self.floor()?))
    }

    /// Returns how many lines are not settled with at least one of the
    /// destinations, or of those that have begun with the claim.
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if a file cannot be read.
    pub fn waiting(&self, destinations: &[DestinationName]) -> Result<u64, QueueError> {
        Ok(self.lacking(destinations)?.count(self.lines()?)?.lines)
    }

    /// Returns the size in bytes; 0 if the file was removed.
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if the size cannot be read.
    pub fn bytes(&self) -> Result<u64, QueueError> {
        bytes_of(&self.names.claim(self.name))
    }

    /// Returns the number of lines that [`Claim::lines`] returns.
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if the file cannot be read.
    pub fn count(&self) -> Result<u64, QueueError> {
        Ok(self.lines()?.counted()?.lines)
    }

    pub(crate) fn lacking(&self, destinations: &[DestinationName]) -> Result<Lacking, QueueError> {
        let others = self.begun.iter().filter(|begun| !destinations.contains(begun));
        let all = destinations.iter().chain(others);
        let progress = all.map(|destination| self.progress(destination));
        let known = if destinations.is_empty() { Known::None } else { Known::Some };
        Ok(Lacking { known, progress: progress.collect::<Result<_, _>>()? })
    }

    /// Returns the first line that was not given up. A damaged floor file is
    /// ignored: lines that were given up may then be sent, which does no harm.
    pub(crate) fn floor(&self) -> Result<u64, QueueError> {
        let text = read_small(&self.names.floor(self.name), MAX_PROGRESS_BYTES)?;
        let floor = text.as_deref().and_then(|text| {
            number(text.strip_prefix(FLOOR_FORM)?.strip_prefix('\n')?.strip_suffix('\n')?)
        });
        Ok(floor.unwrap_or(0))
    }

    /// Gives up every line before `floor`.
    pub(crate) fn raise_floor(&self, floor: u64) -> Result<(), QueueError> {
        replace(&self.names.floor(self.name), &format!("{FLOOR_FORM}\n{floor}\n"))
    }
}

/// The progress of some destinations through a claim, to find the lines that
/// one of them lacks.
pub(crate) struct Lacking {
    known: Known,
    progress: Vec<Progress>,
}

/// Whether the caller knows any destination.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    None,
    Some,
}

impl Lacking {
    /// Whether a destination lacks a line. Without destinations, every line is
    /// lacking.
    pub(crate) fn lacks(&self, line: u64) -> bool {
        self.known == Known::None || self.progress.iter().any(|progress| !progress.is_settled(line))
    }

    /// Counts the lines that are lacking. What is not read counts as one of
    /// them.
    pub(crate) fn count(&self, mut lines: Lines) -> Result<Counted, QueueError> {
        let mut lacking = 0;
        while let Some(index) = lines.next_index()? {
            lacking += u64::from(self.lacks(index));
        }
        Ok(Counted { lines: lacking + lines.unread(), skipped: lines.skipped() })
    }
}
