//! What every count of a row is counted by: its event, version and outcome.
//! Each combination that comes has a small number, so that a row is counted
//! once a column, and everything else is added up when it is written.

use super::cells::EventOutcome;

/// Event, version and outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Context {
    pub(super) event: u16,
    /// The code of the version; 0 for none.
    pub(super) version: u32,
    pub(super) outcome: EventOutcome,
}

/// The contexts of the rows of one schema and day, since they were last
/// written.
#[derive(Debug, Default)]
pub(super) struct Contexts {
    all: Vec<Context>,
    /// The weight of all rows of each of them.
    counts: Vec<u64>,
    /// By event and outcome, then by the code of the version: the place + 1.
    places: Vec<Vec<u32>>,
}

impl Contexts {
    /// Counts a row, and returns the place of its context.
    pub(super) fn count(&mut self, context: Context, weight: u64) -> u32 {
        let outer = usize::from(context.event) * EventOutcome::ALL.len() + context.outcome as usize;
        let inner = context.version as usize;
        let known = self.places.get(outer).and_then(|places| places.get(inner));
        let place = match known {
            Some(place) if *place > 0 => place - 1,
            _ => self.add(outer, context),
        };
        self.counts[place as usize] += weight;
        place
    }

    #[cold]
    fn add(&mut self, outer: usize, context: Context) -> u32 {
        if self.places.len() <= outer {
            self.places.resize_with(outer + 1, Vec::new);
        }
        let (places, inner) = (&mut self.places[outer], context.version as usize);
        if places.len() <= inner {
            places.resize(inner + 1, 0);
        }
        self.all.push(context);
        self.counts.push(0);
        places[inner] = self.all.len() as u32;
        places[inner] - 1
    }

    /// All contexts, by their places.
    pub(super) fn all(&self) -> &[Context] {
        &self.all
    }

    /// The contexts with the weight of their rows.
    pub(super) fn counts(&self) -> impl Iterator<Item = (Context, u64)> {
        self.all.iter().copied().zip(self.counts.iter().copied())
    }
}
