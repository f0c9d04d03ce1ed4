//! The room of a claim: a segment that no writer writes to any more.

use crate::destination_name::DestinationName;
use crate::error::QueueError;
use crate::limits::MAX_PROGRESS_BYTES;
use crate::line_set::number;
use crate::lines::{Counted, Lines, Tail, bytes_of};
use crate::names::{ClaimName, Names};
use crate::progress::Progress;
use crate::small_file::{read_small, replace};

/// The floor file's first line; the number is raised when the form changes.
const FLOOR_FORM: &str = "headcount-queue floor 1";

/// A claimed segment. Its lines never change; it may be gone when its shipper is done with it.
#[derive(Clone, Debug)]
pub struct Claim {
    pub(crate) names: Names,
    pub(crate) name: ClaimName,
    /// How much of it is read at all: all of any claim that keeps the bounds.
    pub(crate) readable_bytes: u64,
}

impl Claim {
    /// Its name, which has its time.
    #[must_use]
    pub fn name(&self) -> ClaimName {
        self.name
    }

    /// Its lines, without those that were given up for [`crate::DropReason::OverCount`]. Of a claim
    /// that is gone there are none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn lines(&self) -> Result<Lines, QueueError> {
        let path = self.names.claim(self.name);
        Lines::open(&path, Tail::Torn, self.floor()?, self.readable_bytes)
    }

    /// A destination's progress through it.
    ///
    /// # Errors
    /// The progress file cannot be read. One that can be read and says nonsense is no error:
    /// [`crate::Origin::StartedOver`].
    pub fn progress(&self, destination: &DestinationName) -> Result<Progress, QueueError> {
        let path = self.names.progress(self.name, destination);
        let text = read_small(&path, MAX_PROGRESS_BYTES)?;
        Ok(Progress::read(text.as_deref(), self.floor()?))
    }

    /// How many of its lines at least one of the destinations still lacks.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn waiting(&self, destinations: &[DestinationName]) -> Result<u64, QueueError> {
        Ok(self.lacking(destinations)?.count(self.lines()?)?.lines)
    }

    /// Its size in bytes; zero when it is gone.
    ///
    /// # Errors
    /// The file cannot be looked at.
    pub fn bytes(&self) -> Result<u64, QueueError> {
        bytes_of(&self.names.claim(self.name))
    }

    /// How many lines [`Claim::lines`] gives out.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn count(&self) -> Result<u64, QueueError> {
        Ok(self.lines()?.counted()?.lines)
    }

    pub(crate) fn lacking(&self, destinations: &[DestinationName]) -> Result<Lacking, QueueError> {
        let progress = destinations.iter().map(|destination| self.progress(destination));
        Ok(Lacking { progress: progress.collect::<Result<_, _>>()? })
    }

    /// The first line that was not given up. An unreadable floor is none: lines that were given up
    /// may go out after all, which harms nobody.
    pub(crate) fn floor(&self) -> Result<u64, QueueError> {
        let text = read_small(&self.names.floor(self.name), MAX_PROGRESS_BYTES)?;
        let floor = text.as_deref().and_then(|text| {
            number(text.strip_prefix(FLOOR_FORM)?.strip_prefix('\n')?.strip_suffix('\n')?)
        });
        Ok(floor.unwrap_or(0))
    }

    /// Gives up every line below `floor`.
    pub(crate) fn raise_floor(&self, floor: u64) -> Result<(), QueueError> {
        replace(&self.names.floor(self.name), &format!("{FLOOR_FORM}\n{floor}\n"))
    }
}

/// What some destinations still lack of a claim.
pub(crate) struct Lacking {
    progress: Vec<Progress>,
}

impl Lacking {
    /// Without any destination every line is lacking: nobody has it.
    pub(crate) fn lacks(&self, line: u64) -> bool {
        self.progress.is_empty() || self.progress.iter().any(|progress| !progress.is_settled(line))
    }

    /// How many of the lines are lacking, and the tally of what was no line. What is not read is
    /// one line more: nobody has it.
    pub(crate) fn count(&self, mut lines: Lines) -> Result<Counted, QueueError> {
        let mut lacking = 0;
        while let Some(index) = lines.next_index()? {
            lacking += u64::from(self.lacks(index));
        }
        Ok(Counted { lines: lacking + lines.unread(), skipped: lines.skipped() })
    }
}
