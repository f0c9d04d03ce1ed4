//! Which rows can be a step of a question, when they were and whose they are.

use headcount_catalog::Day;

use super::counter::RawCounter;
use super::plan::SchemaPlan;
use crate::sealed::{RowPart, SlotDevice};
use crate::step_chains::{StepEvent, bit};
use crate::{Cells, Pseudonym};

impl RawCounter<'_> {
    /// Keeps the rows that can be a step.
    pub(super) fn add_steps(&mut self, plan: &SchemaPlan, day: Day, part: &RowPart, rows: &[u32]) {
        let steps = self.steps_of(plan, part, rows);
        let (times, followers) = (times(plan, part), followers(plan, part));
        for row in rows.iter().map(|row| *row as usize).filter(|row| steps[*row] != 0) {
            if let (Some(at), Some(follower)) = (times[row], followers[row]) {
                let (rank, weight) = (!steps[row], part.weights[row]);
                self.steps.push(day, StepEvent { follower, at, rank, weight });
            }
        }
    }

    /// The bits of the steps that each of these rows can be.
    pub(super) fn steps_of(&mut self, plan: &SchemaPlan, part: &RowPart, rows: &[u32]) -> Vec<u8> {
        let mut steps = vec![0_u8; part.len()];
        for step in &plan.steps {
            let values = step.value.as_ref().map(|named| self.values(plan, named, part));
            let wanted = self.step_values.get(step.place).map_or(&[][..], Vec::as_slice);
            for row in rows.iter().map(|row| *row as usize) {
                let has_value = |values| self.has_one_of(values, row, wanted);
                if part.events[row] == step.event && values.as_ref().is_none_or(has_value) {
                    steps[row] |= bit(step.place);
                }
            }
        }
        steps
    }
}

/// The time of each row.
pub(super) fn times(plan: &SchemaPlan, part: &RowPart) -> Vec<Option<u32>> {
    let mut times = vec![None; part.len()];
    for column in plan.times.iter().filter_map(|place| part.column(*place)) {
        let Cells::Seconds(all) = column.cells() else { continue };
        for (row, seconds) in column.rows().iter().zip(all) {
            let seconds = u32::try_from((*seconds).max(0)).unwrap_or(u32::MAX);
            times[*row as usize].get_or_insert(seconds);
        }
    }
    times
}

/// Whose event each row is.
pub(super) fn followers(plan: &SchemaPlan, part: &RowPart) -> Vec<Option<u64>> {
    let Some(sessions) = &plan.sessions else {
        let slot = |device: &SlotDevice| match device {
            SlotDevice::Counted(slot) => Some(u64::from(*slot)),
            SlotDevice::None | SlotDevice::Ephemeral(_) => None,
        };
        return part.devices.iter().map(slot).collect();
    };
    let mut followers = vec![None; part.len()];
    for column in sessions.iter().filter_map(|place| part.column(*place)) {
        let Cells::Pseudonyms(all) = column.cells() else { continue };
        for (row, session) in column.rows().iter().zip(all) {
            followers[*row as usize].get_or_insert(half_of(*session));
        }
    }
    followers
}

/// Half of a pseudonym, which is as good as random: of 4 million sessions, two
/// are alike in it once in 2,300,000 answers.
fn half_of(session: Pseudonym) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = session.bytes();
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}
