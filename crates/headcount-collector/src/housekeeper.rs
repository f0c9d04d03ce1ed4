//! The thread that has the store kept in order: soon after the start, and then
//! hourly.

use std::{io, thread};

use headcount_catalog::Day;
use headcount_store::{HousePolicy, ProductRetention};

use crate::config::ErrorLog;
use crate::health::LifeSign;
use crate::limits;
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

/// Starts the thread. It calls `keep_house` and logs its errors.
pub(crate) fn start(
    pauses: Pauses,
    keep_house: impl Fn() -> Result<(), String> + Send + 'static,
    error_log: ErrorLog,
    life_sign: LifeSign,
) -> io::Result<RepeatedTask> {
    let tell = move |kept: thread::Result<Result<(), String>>| match kept {
        Ok(Ok(())) => {}
        Ok(Err(message)) => error_log(&message),
        Err(_) => error_log(
            "housekeeping panicked, and is tried again in an hour; this is a bug in Headcount: \
             please report it",
        ),
    };
    RepeatedTask::start("headcount-housekeeper", pauses, life_sign, keep_house, tell)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::{Arc, Mutex, mpsc};
    use std::time::Duration;

    use super::*;

    #[test]
    fn it_goes_on_after_an_error_and_a_panic() {
        let (times, done) = mpsc::sync_channel(0);
        let told = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&told);
        let time = AtomicU32::new(0);
        let keep_house = move || {
            let time = time.fetch_add(1, Ordering::SeqCst);
            let _ = times.send(time);
            match time {
                0 => Err("the disk is full".to_owned()),
                1 => panic!("on purpose"),
                _ => Ok(()),
            }
        };
        let pauses = Pauses { first: Duration::ZERO, every: Duration::ZERO };
        let error_log: ErrorLog = Arc::new(move |text| log.lock().unwrap().push(text.to_owned()));
        let sign = LifeSign::default();
        let part = sign.part("the housekeeper");
        let keeper = start(pauses, keep_house, error_log, sign).unwrap();
        for time in 0..3 {
            assert_eq!(done.recv(), Ok(time));
        }
        assert!((part.is_alive)());
        drop(done);
        drop(keeper);
        assert!(!(part.is_alive)());
        let told = told.lock().unwrap();
        assert_eq!(told[0], "the disk is full");
        assert!(told[1].contains("housekeeping panicked"), "{told:?}");
    }

    #[test]
    fn a_stop_does_not_wait_for_the_next_time() {
        let hour = Duration::from_secs(3_600);
        let pauses = Pauses { first: hour, every: hour };
        let keep_house = || panic!("an hour is not over");
        let error_log: ErrorLog = Arc::new(|_| {});
        drop(start(pauses, keep_house, error_log, LifeSign::default()).unwrap());
    }
}
