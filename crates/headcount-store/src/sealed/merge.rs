//! Sorted chunks of several segments, merged into those of one.

use std::sync::Arc;

use headcount_catalog::{Day, EventId};

use super::columns::RowPick;
use super::sealed_rows::SealedRows;
use crate::{RowSchema, limits};

/// Where the chunks of one segment come from, in order.
pub(crate) trait ChunkSource<E> {
    /// Returns the next chunk, in the schema of the merge.
    fn next_chunk(&mut self) -> Result<Option<SealedRows>, E>;
}

/// A merge in progress. It holds one chunk of each source and the one that it
/// makes.
pub(crate) struct Merge<S> {
    sources: Vec<S>,
    /// The chunk of each source, and its next row. A source without one is at
    /// its end.
    open: Vec<Option<(SealedRows, usize)>>,
    schema: Arc<RowSchema>,
    day: Day,
}

impl<S> Merge<S> {
    /// Starts a merge of sources of one product and day.
    pub(crate) fn new<E>(mut sources: Vec<S>, schema: Arc<RowSchema>, day: Day) -> Result<Self, E>
    where
        S: ChunkSource<E>,
    {
        let open = sources.iter_mut().map(|source| Ok(source.next_chunk()?.map(|rows| (rows, 0))));
        let open = open.collect::<Result<_, E>>()?;
        Ok(Self { sources, open, schema, day })
    }

    /// Returns the next chunk; nothing at the end.
    pub(crate) fn next_chunk<E>(&mut self) -> Result<Option<SealedRows>, E>
    where
        S: ChunkSource<E>,
    {
        let mut made = SealedRows::new(Arc::clone(&self.schema), self.day);
        while !made.is_full() {
            let picks = self.picks(SealedRows::AT_ONCE.min(limits::CHUNK_ROWS - made.len()));
            if picks.is_empty() {
                break;
            }
            let empty = SealedRows::new(Arc::clone(&self.schema), self.day);
            let open = self.open.iter();
            let rows: Vec<_> =
                open.map(|open| open.as_ref().map_or(&empty, |(rows, _)| rows)).collect();
            made.gather(&rows, &picks);
            self.refill()?;
        }
        Ok(Some(made).filter(|made| !made.is_empty()))
    }

    /// The next rows, in order: until one source needs its next chunk, or there
    /// are enough of them.
    fn picks(&mut self, most: usize) -> Vec<RowPick> {
        let mut picks = Vec::with_capacity(most);
        let mut heads: Vec<Option<EventId>> = self.open.iter().map(head).collect();
        while picks.len() < most {
            let known = heads.iter().enumerate();
            let least = known.filter_map(|(source, id)| Some(((*id)?, source))).min();
            let Some((_, source)) = least else { break };
            let Some((rows, next)) = &mut self.open[source] else { break };
            picks.push(RowPick { source: source as u32, row: *next as u32 });
            *next += 1;
            heads[source] = rows.ids.get(*next).copied();
            if heads[source].is_none() {
                break;
            }
        }
        picks
    }

    fn refill<E>(&mut self) -> Result<(), E>
    where
        S: ChunkSource<E>,
    {
        for (open, source) in self.open.iter_mut().zip(&mut self.sources) {
            while open.as_ref().is_some_and(|(rows, next)| *next >= rows.len()) {
                *open = source.next_chunk()?.map(|rows| (rows, 0));
            }
        }
        Ok(())
    }
}

fn head(open: &Option<(SealedRows, usize)>) -> Option<EventId> {
    let (rows, next) = open.as_ref()?;
    rows.ids.get(*next).copied()
}
