//! Texts that differ from the bytes of the body, because they had escapes.

use std::cell::OnceCell;

/// Texts of one chunk: 32 of 16 bytes, so that a body without escapes costs
/// half a kilobyte.
const CHUNK: usize = 32;

/// Where the texts of one body are kept that had escapes. It only grows, so
/// that events can borrow from it.
#[derive(Debug, Default)]
pub struct Scratch {
    first: Chunk,
}

#[derive(Debug, Default)]
struct Chunk {
    texts: [OnceCell<Box<str>>; CHUNK],
    next: OnceCell<Box<Chunk>>,
}

impl Scratch {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// Chunk by chunk: the recursion of a long list would exhaust the stack.
impl Drop for Scratch {
    fn drop(&mut self) {
        let mut next = self.first.next.take();
        while let Some(mut chunk) = next {
            next = chunk.next.take();
        }
    }
}

/// The end of a scratch, where texts are added.
#[derive(Debug, Clone, Copy)]
pub(super) struct ScratchEnd<'b> {
    chunk: &'b Chunk,
    place: usize,
}

impl<'b> ScratchEnd<'b> {
    pub(super) fn of(scratch: &'b Scratch) -> Self {
        Self { chunk: &scratch.first, place: 0 }
    }

    /// Keeps a text.
    pub(super) fn keep(&mut self, text: String) -> &'b str {
        let mut text = Some(text.into_boxed_str());
        loop {
            if self.place == CHUNK {
                self.chunk = self.chunk.next.get_or_init(Box::default);
                self.place = 0;
            }
            let cell = &self.chunk.texts[self.place];
            self.place += 1;
            // A place may be taken by an earlier body that shares the scratch.
            let kept = cell.get_or_init(|| text.take().unwrap_or_default());
            if text.is_none() {
                return kept;
            }
        }
    }
}
