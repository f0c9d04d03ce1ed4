//! Where rows go, and the text of a value.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use headcount_collector::offline::{AnalysisRows, AnalysisValue};

/// Rows that can be told that there are no more.
pub(super) trait FinishedRows: AnalysisRows {
    /// No more rows come.
    fn finish(&mut self, end: QueryEnd);
}

/// Why no more rows come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QueryEnd {
    Answered,
    Failed,
}

/// Standard output. After an error nothing more is written.
pub(super) struct Output {
    out: BufWriter<io::StdoutLock<'static>>,
    error: Option<io::Error>,
    time: Arc<WritingTime>,
}

/// For how long standard output has been written, which takes as long as its
/// reader does.
#[derive(Debug, Default)]
pub(super) struct WritingTime(Mutex<(Duration, Option<Instant>)>);

impl WritingTime {
    /// The time until now.
    pub(super) fn so_far(&self) -> Duration {
        let (before, since) = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        before + since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    fn begin(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1 = Some(Instant::now());
    }

    fn end(&self) {
        let mut time = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(since) = time.1.take() {
            time.0 += since.elapsed();
        }
    }
}

impl Output {
    pub(super) fn new() -> Self {
        let out = BufWriter::with_capacity(256 * 1024, io::stdout().lock());
        Self { out, error: None, time: Arc::default() }
    }

    pub(super) fn time(&self) -> Arc<WritingTime> {
        Arc::clone(&self.time)
    }

    pub(super) fn write(&mut self, text: &str) -> ControlFlow<()> {
        if self.error.is_none() {
            self.time.begin();
            self.error = self.out.write_all(text.as_bytes()).err();
            self.time.end();
        }
        if self.error.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        match self.error.take() {
            None => self.out.flush(),
            Some(error) => {
                // Nothing more is written at the end.
                let _ = self.out.into_parts();
                Err(error)
            }
        }
    }
}

/// A value as text; `None` for NULL.
pub(super) fn text_of(value: AnalysisValue<'_>) -> Option<Cow<'_, str>> {
    Some(match value {
        AnalysisValue::Null => return None,
        AnalysisValue::Integer(number) => number.to_string().into(),
        AnalysisValue::Real(number) => real(number).into(),
        AnalysisValue::Text(text) => text.into(),
        AnalysisValue::Blob(bytes) => {
            bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
        }
    })
}

/// A number that does not look like a whole one.
fn real(number: f64) -> String {
    format!("{number:?}")
}
