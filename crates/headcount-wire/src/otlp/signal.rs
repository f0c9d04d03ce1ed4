//! The three signals of OTLP.

/// What a request tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Signal {
    /// Log records.
    Logs,
    /// Spans, of which only the events are read.
    Traces,
    /// Metrics, of which nothing is kept.
    Metrics,
}

impl Signal {
    /// Every signal.
    pub const ALL: [Self; 3] = [Self::Logs, Self::Traces, Self::Metrics];

    /// The path where receivers take it.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Logs => super::PATH,
            Self::Traces => "/v1/traces",
            Self::Metrics => "/v1/metrics",
        }
    }

    /// The lists of a request in JSON, one within another.
    pub(crate) fn lists(self) -> [&'static str; 3] {
        match self {
            Self::Logs => ["resourceLogs", "scopeLogs", "logRecords"],
            Self::Traces => ["resourceSpans", "scopeSpans", "spans"],
            Self::Metrics => ["resourceMetrics", "scopeMetrics", "metrics"],
        }
    }

    /// What to send, for the error message.
    pub(crate) fn wanted(self) -> &'static str {
        match self {
            Self::Logs => "an ExportLogsServiceRequest, `{\"resourceLogs\":[…]}`",
            Self::Traces => "an ExportTraceServiceRequest, `{\"resourceSpans\":[…]}`",
            Self::Metrics => "an ExportMetricsServiceRequest, `{\"resourceMetrics\":[…]}`",
        }
    }

    /// The field of a partial success that counts what was rejected.
    pub(super) fn rejected(self) -> &'static str {
        match self {
            Self::Logs => "rejectedLogRecords",
            Self::Traces => "rejectedSpans",
            Self::Metrics => "rejectedDataPoints",
        }
    }
}
