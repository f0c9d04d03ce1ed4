//! The thread that has the store kept in order: soon after the start, and then
//! hourly.

use std::sync::Arc;
use std::{io, thread};

use headcount_catalog::{Day, Time};
use headcount_store::{HousePolicy, HouseReport, ProductRetention, StoreError};

use crate::health::LifeSign;
use crate::limits;
use crate::metrics::Measurements;
use crate::operator_log::{LogField, LogLevel, LogPart, LogRecord, OperatorLog};
use crate::registry::Registry;
use crate::repeated_task::{Pauses, RepeatedTask};

/// What is to be kept, and for how long: the newest catalog of each product
/// says it.
pub(crate) fn policy(registry: &Registry, today: Day) -> HousePolicy {
    let retention = registry.products().iter().map(|product| ProductRetention {
        product: product.name().to_owned(),
        raw_days: product.newest().retention.raw.0,
        rollup_days: None,
    });
    HousePolicy { today, retention: retention.collect() }
}

/// When the store is kept in order.
pub(crate) const PAUSES: Pauses =
    Pauses { first: limits::FIRST_HOUSEKEEPING, every: limits::HOUSEKEEPING_INTERVAL };

/// Starts the thread. It calls `keep_house`, and tells and counts what came of
/// it.
pub(crate) fn start(
    pauses: Pauses,
    keep_house: impl Fn() -> Result<HouseReport, StoreError> + Send + 'static,
    now: impl Fn() -> Time + Send + 'static,
    (log, measurements): (OperatorLog, Arc<Measurements>),
    life_sign: LifeSign,
) -> io::Result<RepeatedTask> {
    let tell = move |kept: thread::Result<Result<HouseReport, StoreError>>| {
        measurements.housekeeping.ended(kept.as_ref().is_ok_and(Result::is_ok), now());
        match kept {
            Ok(Ok(report)) => tell_kept(&log, &report),
            Ok(Err(error)) => log.error(LogPart::Housekeeper, &error),
            Err(_) => log.error(
                LogPart::Housekeeper,
                "housekeeping panicked, and is tried again in an hour; this is a bug in Headcount: \
                 please report it",
            ),
        }
    };
    RepeatedTask::start("headcount-housekeeper", pauses, life_sign, keep_house, tell)
}

/// Tells what was done, if anything was.
fn tell_kept(log: &OperatorLog, report: &HouseReport) {
    for (sentence, count) in [
        ("events were sealed", report.sealed),
        ("sealed events were merged", report.merged),
        ("raw events were too old, and are gone", report.expired),
        ("days of counts were too old, and are gone", report.expired_rollup_days),
    ] {
        if count > 0 {
            let record = LogRecord::new(LogLevel::Info, LogPart::Housekeeper, sentence);
            log.tell(&record.with(LogField::Count(count)));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;
    use crate::operator_log::tests::Heard;

    const NOW: fn() -> Time = || Time::from_seconds(1_795_176_000);

    #[test]
    fn it_goes_on_after_an_error_and_a_panic() {
        let (times, done) = mpsc::sync_channel(0);
        let heard = Heard::default();
        let time = AtomicU32::new(0);
        let keep_house = move || {
            let time = time.fetch_add(1, Ordering::SeqCst);
            let _ = times.send(time);
            match time {
                0 => Err(StoreError::new("the disk is full")),
                1 => panic!("on purpose"),
                _ => Ok(HouseReport { expired: 5, ..HouseReport::default() }),
            }
        };
        let pauses = Pauses { first: Duration::ZERO, every: Duration::ZERO };
        let measurements = Arc::new(Measurements::default());
        let told = (heard.log(), Arc::clone(&measurements));
        let sign = LifeSign::default();
        let part = sign.part("the housekeeper");
        let keeper = start(pauses, keep_house, NOW, told, sign).unwrap();
        for time in 0..3 {
            assert_eq!(done.recv(), Ok(time));
        }
        assert!((part.is_alive)());
        drop(done);
        drop(keeper);
        assert!(!(part.is_alive)());
        let told = heard.sentences();
        assert_eq!(told[0], "the disk is full");
        assert!(told[1].contains("housekeeping panicked"), "{told:?}");
        assert_eq!(told[2], "raw events were too old, and are gone");
        assert_eq!(heard.records()[2].fields, [LogField::Count(5)]);
        assert!(measurements.housekeeping.last_success().is_some());
    }

    #[test]
    fn a_stop_does_not_wait_for_the_next_time() {
        let hour = Duration::from_secs(3_600);
        let pauses = Pauses { first: hour, every: hour };
        let keep_house = || panic!("an hour is not over");
        let told = (OperatorLog::unread(), Arc::default());
        drop(start(pauses, keep_house, NOW, told, LifeSign::default()).unwrap());
    }
}
