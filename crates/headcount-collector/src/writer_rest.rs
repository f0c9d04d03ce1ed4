//! When the writer rests although a request waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::wakeup::Wakeup;

/// The rests of a writer.
pub(crate) struct WriterRests {
    writer: Arc<Wakeup>,
    count: AtomicUsize,
}

/// The writer's rest: from the beginning of a commit of many requests until
/// what comes in return for its answers is in the inbox. Meanwhile requests
/// gather. Its end wakes the writer, in case there are any.
pub(crate) struct WriterRest(Arc<WriterRests>);

impl WriterRests {
    pub(crate) fn new(writer: &Arc<Wakeup>) -> Self {
        Self { writer: Arc::clone(writer), count: AtomicUsize::new(0) }
    }

    pub(crate) fn begin(self: &Arc<Self>) -> WriterRest {
        self.count.fetch_add(1, Ordering::AcqRel);
        WriterRest(Arc::clone(self))
    }

    pub(crate) fn are_over(&self) -> bool {
        self.count.load(Ordering::Acquire) == 0
    }
}

impl Drop for WriterRest {
    fn drop(&mut self) {
        self.0.count.fetch_sub(1, Ordering::AcqRel);
        self.0.writer.wake();
    }
}
