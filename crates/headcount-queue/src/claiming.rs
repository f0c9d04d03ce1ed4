//! Claims segments, adopts the claims of shippers that died, and keeps the
//! bounds.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use crate::claim::Claim;
use crate::destination_name::DestinationName;
use crate::drops::Drops;
use crate::enforce::Enforcer;
use crate::error::QueueError;
use crate::limits::CLAIM_WAIT;
use crate::names::ClaimName;
use crate::platform;
use crate::shipper::Shipper;
use crate::small_file::remove;

/// What was claimed and adopted.
#[derive(Debug)]
pub struct Claimed {
    /// Every claim of the queue, also those of shippers that died, oldest
    /// first.
    pub claims: Vec<Claim>,
    /// The lines that were given up to keep the bounds.
    pub drops: Drops,
    /// What could not be claimed, sealed, read or removed. It is left as it is
    /// and tried again the next time. Everything else is shipped.
    pub problems: Vec<QueueError>,
}

impl Shipper {
    /// Claims the open segment and the side segments, adopts the claims of
    /// shippers that died, and gives up what exceeds the bounds: by age, by
    /// bytes, by count, oldest first. `now_s` is the time in seconds
    /// since 1970. Only lines that one of the `destinations` lacks, or one that
    /// has a progress file for the claim, count as given up.
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if the folder cannot be read. All other errors
    /// are in [`Claimed::problems`].
    pub fn claim(
        &self,
        now_s: u64,
        destinations: &[DestinationName],
    ) -> Result<Claimed, QueueError> {
        let problems = self.take_segments(now_s)?;
        self.adopt_beside(problems, now_s, destinations)
    }

    /// Claims everything and adopts all claims, to look for lines that a person
    /// no longer wants: gives up nothing, whatever the bounds say, and removes
    /// what shippers that died were writing.
    ///
    /// # Errors
    ///
    /// The same as [`Shipper::claim`].
    pub fn claim_all(&self, now_s: u64) -> Result<Claimed, QueueError> {
        let mut problems = self.take_segments(now_s)?;
        for path in self.queue.names.list()?.unfinished() {
            problems.extend(remove(path).err());
        }
        let mut claims = self.found(&mut problems)?;
        let unsealed = self.seal(&claims, &mut problems);
        claims.retain(|claim| !unsealed.contains(&claim.name()));
        Ok(Claimed { claims, drops: Drops::default(), problems })
    }

    /// Does the same as [`Shipper::claim`], but without claiming new segments.
    /// While no destination can be reached, another claim at each try would
    /// only mean another request later.
    ///
    /// # Errors
    ///
    /// The same as [`Shipper::claim`].
    pub fn adopt(
        &self,
        now_s: u64,
        destinations: &[DestinationName],
    ) -> Result<Claimed, QueueError> {
        self.adopt_beside(Vec::new(), now_s, destinations)
    }

    fn adopt_beside(
        &self,
        mut problems: Vec<QueueError>,
        now_s: u64,
        destinations: &[DestinationName],
    ) -> Result<Claimed, QueueError> {
        let claims = self.found(&mut problems)?;
        let unsealed = self.seal(&claims, &mut problems);
        let mut enforcer = Enforcer::new(self, destinations, problems);
        let mut claims = enforcer.enforce(claims, now_s);
        claims.retain(|claim| !unsealed.contains(&claim.name()));
        Ok(Claimed { claims, drops: enforcer.drops, problems: enforcer.problems })
    }

    /// Seals the claims. A writer that opened a segment under its old name may
    /// still append to it, and only a sealed claim is complete. Waits for all
    /// claims together about as long as for one. Returns those that could not
    /// be sealed.
    fn seal(&self, claims: &[Claim], problems: &mut Vec<QueueError>) -> Vec<ClaimName> {
        let mut unsealed = Vec::new();
        for claim in claims {
            let path = self.queue.names.claim(claim.name());
            let wait = if unsealed.is_empty() { CLAIM_WAIT } else { Duration::ZERO };
            if let Err(error) = platform::seal(&path, wait) {
                problems.push(QueueError::new("seal", &path, error));
                unsealed.push(claim.name());
            }
        }
        unsealed
    }

    pub(crate) fn take_segments(&self, now_s: u64) -> Result<Vec<QueueError>, QueueError> {
        let names = &self.queue.names;
        let taken = names.segments(&names.list()?).into_iter().map(|path| {
            let taken = self.take_one(&path, now_s);
            taken.map_err(|error| QueueError::new("claim", &path, error))
        });
        Ok(taken.filter_map(Result::err).collect())
    }

    fn take_one(&self, path: &Path, now_s: u64) -> io::Result<()> {
        let salt = getrandom::u64().map_err(io::Error::other)?;
        let target = self.queue.names.claim(ClaimName::new(now_s, salt));
        platform::rename_segment(path, &target, CLAIM_WAIT)
    }

    /// Returns every claim, oldest first. Removes small files without a claim,
    /// but only where nothing has its name: what is there may be the claim
    /// again, and would be shipped once more.
    pub(crate) fn found(&self, problems: &mut Vec<QueueError>) -> Result<Vec<Claim>, QueueError> {
        let names = &self.queue.names;
        let listing = names.list()?;
        let orphan = |claim: &ClaimName| {
            let path = names.claim(*claim);
            let there = || fs::symlink_metadata(&path);
            listing.claims.binary_search(claim).is_err()
                && there().is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
        };
        for (_, path) in listing.companions.iter().filter(|(claim, _)| orphan(claim)) {
            problems.extend(remove(path).err());
        }
        Ok(self.queue.claims_of(listing))
    }
}
