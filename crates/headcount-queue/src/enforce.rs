//! Keeps the bounds when segments are claimed: by age, by bytes, by count,
//! oldest first.

use crate::claim::Claim;
use crate::destination_name::DestinationName;
use crate::drops::{DropReason, Drops};
use crate::error::QueueError;
use crate::limits::{DAY_SECONDS, MAX_CLAIMS, claims_share_bytes};
use crate::shipper::Shipper;

/// Keeps the bounds once, and counts what is given up.
pub(crate) struct Enforcer<'a> {
    shipper: &'a Shipper,
    destinations: &'a [DestinationName],
    pub(crate) drops: Drops,
    pub(crate) problems: Vec<QueueError>,
    /// The bytes that may still be read to count what is given up.
    budget_bytes: u64,
}

impl<'a> Enforcer<'a> {
    pub(crate) fn new(
        shipper: &'a Shipper,
        destinations: &'a [DestinationName],
        problems: Vec<QueueError>,
    ) -> Enforcer<'a> {
        let budget_bytes = shipper.queue.readable_bytes();
        Enforcer { shipper, destinations, drops: Drops::default(), problems, budget_bytes }
    }

    /// Returns the claims that are kept. `claims` is sorted by age, the oldest
    /// first.
    pub(crate) fn enforce(&mut self, mut claims: Vec<Claim>, now_s: u64) -> Vec<Claim> {
        let bounds = self.shipper.queue.bounds;

        // A claim from the future, made before the clock was set back, has no
        // age.
        let most_s = u64::from(bounds.days) * DAY_SECONDS;
        let young = |claim: &Claim| now_s.saturating_sub(claim.name().time_s()) <= most_s;
        let old = claims.iter().take_while(|claim| !young(claim)).count();
        self.give_up(claims.drain(..old), DropReason::OverAge);

        // Before any of them is opened, since opening them takes time.
        let beyond = claims.len().saturating_sub(MAX_CLAIMS);
        self.give_up(claims.drain(..beyond), DropReason::OverCount);

        let bytes = self.measured(&mut claims, Claim::bytes);
        let old = over(&bytes, claims_share_bytes(bounds.bytes));
        self.give_up(claims.drain(..old), DropReason::OverBytes);

        // To the line: all of the oldest claims but the last, and the first
        // lines of that one.
        let counts = self.measured(&mut claims, Claim::count);
        let whole = over(&counts, bounds.lines).saturating_sub(1);
        self.give_up(claims.drain(..whole), DropReason::OverCount);
        let left: u64 = counts.iter().skip(whole).sum();
        let excess = left.saturating_sub(bounds.lines);
        if let (Some(claim), 1..) = (claims.first(), excess) {
            let trimmed = self.trim(claim, excess);
            self.problems.extend(trimmed.err());
        }
        claims
    }

    /// Returns a value for each claim. A claim that cannot be measured becomes
    /// a problem and is removed from the list.
    fn measured(
        &mut self,
        claims: &mut Vec<Claim>,
        measure: impl Fn(&Claim) -> Result<u64, QueueError>,
    ) -> Vec<u64> {
        let mut values = Vec::with_capacity(claims.len());
        claims.retain(|claim| match measure(claim) {
            Ok(value) => {
                values.push(value);
                true
            }
            Err(error) => {
                self.problems.push(error);
                false
            }
        });
        values
    }

    fn give_up(&mut self, claims: impl Iterator<Item = Claim>, reason: DropReason) {
        for claim in claims {
            let given_up = self.give_up_one(&claim, reason);
            self.problems.extend(given_up.err());
        }
    }

    /// Removes a claim and counts the lines that a destination still lacked. It
    /// is removed while it is open and read afterwards, so that even the
    /// largest one is removed at once. All claims together are read up to the
    /// size of the queue; the rest of a claim counts as one line.
    fn give_up_one(&mut self, claim: &Claim, reason: DropReason) -> Result<(), QueueError> {
        let lacking = claim.lacking(self.destinations)?;
        let lines = claim.lines()?.within(&mut self.budget_bytes);
        self.shipper.remove(claim, self.destinations)?;
        let counted = lacking.count(lines)?;
        self.drops.add(reason, counted.lines);
        self.drops.merge(&counted.skipped);
        Ok(())
    }

    /// Gives up the first `excess` lines of a claim and keeps the others.
    fn trim(&mut self, claim: &Claim, excess: u64) -> Result<(), QueueError> {
        let lacking = claim.lacking(self.destinations)?;
        let mut lines = claim.lines()?;
        let (mut lines_lacking, mut floor) = (0, 0);
        for _ in 0..excess {
            let Some(index) = lines.next_index()? else { break };
            lines_lacking += u64::from(lacking.lacks(index));
            floor = index + 1;
        }
        claim.raise_floor(floor)?;
        self.drops.add(DropReason::OverCount, lines_lacking);
        self.drops.merge(&lines.skipped());
        Ok(())
    }
}

/// Returns how many of the first values to remove so that the sum of the others
/// is at most `most`.
fn over(values: &[u64], most: u64) -> usize {
    let mut sum = 0_u64;
    for (place, value) in values.iter().enumerate().rev() {
        sum = sum.saturating_add(*value);
        if sum > most {
            return place + 1;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_until_the_others_fit() {
        for (values, most, gone) in [
            (&[][..], 0, 0),
            (&[5], 5, 0),
            (&[5], 4, 1),
            (&[1, 2, 3], 6, 0),
            (&[1, 2, 3], 5, 1),
            (&[1, 2, 3], 3, 2),
            (&[1, 2, 3], 2, 3),
            (&[9, 0, 0], 0, 1),
            (&[u64::MAX, 7], u64::MAX, 0),
        ] {
            assert_eq!(over(values, most), gone, "{values:?} {most}");
        }
    }
}
