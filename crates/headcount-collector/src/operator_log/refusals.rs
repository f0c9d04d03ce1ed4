//! What is refused and why, without a line for each: the first of a kind at
//! once, and then a count each minute.

use std::collections::HashMap;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::{LogField, LogLevel, LogPart, LogRecord, OperatorLog};
use crate::limits;
use crate::route_class::RouteClass;

/// Tells the operator what is refused.
pub(crate) struct Refusals {
    log: OperatorLog,
    kinds: Mutex<HashMap<RefusalKind, Since>>,
}

/// Refusals that are told together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum RefusalKind {
    /// A request as a whole.
    Request { route: RouteClass, status: u16, reason: &'static str, product: Option<&'static str> },
    /// Events of requests that were answered for each event.
    Events { reason: &'static str, product: &'static str },
    /// There are too many kinds.
    Other,
}

/// What has happened since a kind was told.
#[derive(Debug)]
struct Since {
    told: Instant,
    count: u64,
}

impl Refusals {
    pub(crate) fn new(log: OperatorLog) -> Self {
        Self { log, kinds: Mutex::default() }
    }

    /// Notes that so many of a kind were refused. The first time is told.
    pub(crate) fn note(&self, kind: RefusalKind, count: u64, now: Instant) {
        let mut kinds = self.kinds();
        let is_full = kinds.len() >= limits::REFUSAL_KINDS && !kinds.contains_key(&kind);
        let kind = if is_full { RefusalKind::Other } else { kind };
        match kinds.get_mut(&kind) {
            Some(since) => since.count = since.count.saturating_add(count),
            None => {
                kinds.insert(kind, Since { told: now, count: 0 });
                drop(kinds);
                self.log.tell(&kind.record(count));
            }
        }
    }

    /// Tells what has been refused since the last time, of each kind that was
    /// told a minute ago.
    pub(crate) fn tell_due(&self, now: Instant) {
        self.tell(now, |since| {
            now.saturating_duration_since(since.told) >= limits::REFUSAL_INTERVAL
        });
    }

    /// Tells everything, at a stop.
    pub(crate) fn tell_all(&self, now: Instant) {
        self.tell(now, |_| true);
    }

    fn tell(&self, now: Instant, is_due: impl Fn(&Since) -> bool) {
        let mut records = Vec::new();
        self.kinds().retain(|kind, since| {
            if !is_due(since) {
                return true;
            }
            let passed = now.saturating_duration_since(since.told);
            let count = mem::take(&mut since.count);
            since.told = now;
            if count > 0 {
                let seconds = LogField::Seconds(passed.as_secs_f64().round());
                records.push(kind.record(count).with(seconds));
            }
            // A kind that was not there for a minute is told at once again.
            count > 0
        });
        records.sort_by_key(|record| format!("{:?}", record.fields));
        records.iter().for_each(|record| self.log.tell(record));
    }

    fn kinds(&self) -> MutexGuard<'_, HashMap<RefusalKind, Since>> {
        self.kinds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RefusalKind {
    fn record(self, count: u64) -> LogRecord {
        let of = |level, sentence: &'static str| LogRecord::new(level, LogPart::Requests, sentence);
        let record = match self {
            Self::Request { route, status, reason, product } => {
                // Anybody can ask for paths that are not there.
                let level = match status {
                    404 | 405 if product.is_none() => LogLevel::Info,
                    _ => LogLevel::Warn,
                };
                let record = of(level, "requests are refused")
                    .with(LogField::Route(route))
                    .with(LogField::Status(status))
                    .with(LogField::Reason(reason));
                product.map(LogField::Product).into_iter().fold(record, LogRecord::with)
            }
            Self::Events { reason, product } => of(LogLevel::Warn, "events are rejected")
                .with(LogField::Product(product))
                .with(LogField::Reason(reason)),
            Self::Other => of(LogLevel::Warn, "more is refused, for many other reasons"),
        };
        record.with(LogField::Count(count))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::tests::Heard;
    use super::*;

    const KEY: RefusalKind = RefusalKind::Request {
        route: RouteClass::Events,
        status: 401,
        reason: "unknown-key",
        product: None,
    };

    fn counts(heard: &Heard) -> Vec<(u64, Option<f64>)> {
        let count = |record: &LogRecord| {
            let of = |name| record.fields.iter().find(|field| field.name() == name).copied();
            let Some(LogField::Count(count)) = of("count") else { panic!("{record:?}") };
            match of("seconds") {
                Some(LogField::Seconds(seconds)) => (count, Some(seconds)),
                _ => (count, None),
            }
        };
        heard.records().iter().map(count).collect()
    }

    #[test]
    fn the_first_is_told_at_once_and_the_others_are_counted() {
        let heard = Heard::default();
        let refusals = Refusals::new(heard.log());
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        for second in 0..59 {
            refusals.note(KEY, 2, at(second));
            refusals.tell_due(at(second));
        }
        assert_eq!(counts(&heard), [(2, None)]);
        refusals.tell_due(at(60));
        assert_eq!(counts(&heard)[1..], [(116, Some(60.0))]);
        // A minute without any, and it begins anew.
        refusals.tell_due(at(120));
        refusals.note(KEY, 1, at(121));
        assert_eq!(counts(&heard)[2..], [(1, None)]);
        refusals.note(KEY, 7, at(125));
        refusals.tell_all(at(131));
        assert_eq!(counts(&heard)[3..], [(7, Some(10.0))]);
    }

    #[test]
    fn kinds_are_bounded_and_nothing_is_uncounted() {
        let heard = Heard::default();
        let refusals = Refusals::new(heard.log());
        let now = Instant::now();
        let kinds = u16::try_from(limits::REFUSAL_KINDS).unwrap() + 500;
        for status in 0..kinds {
            let kind = RefusalKind::Request {
                route: RouteClass::Unknown,
                status,
                reason: "status",
                product: None,
            };
            refusals.note(kind, 1, now);
        }
        assert_eq!(heard.records().len(), limits::REFUSAL_KINDS + 1);
        refusals.tell_all(now);
        let told: u64 = counts(&heard).iter().map(|(count, _)| count).sum();
        assert_eq!(told, u64::from(kinds));
    }

    #[test]
    fn a_path_that_is_not_there_is_no_warning() {
        let unknown = |status, product| {
            let (route, reason) = (RouteClass::Unknown, "not-found");
            RefusalKind::Request { route, status, reason, product }.record(1).level
        };
        assert_eq!(unknown(404, None), LogLevel::Info);
        assert_eq!(unknown(404, Some("atomic")), LogLevel::Warn);
        assert_eq!(unknown(503, None), LogLevel::Warn);
    }
}
