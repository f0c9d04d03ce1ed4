//! The thread that has the store kept in order: soon after the start, and then
//! hourly.

use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use headcount_catalog::Day;
use headcount_store::{HousePolicy, ProductRetention};

use crate::config::ErrorLog;
use crate::health::LifeSign;
use crate::limits;
use crate::registry::Registry;

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
#[derive(Debug, Clone, Copy)]
pub(crate) struct HouseHours {
    /// From the start to the first time.
    pub(crate) first: Duration,
    /// From the end of each time to the next.
    pub(crate) every: Duration,
}

impl HouseHours {
    pub(crate) const USUAL: Self =
        Self { first: limits::FIRST_HOUSEKEEPING, every: limits::HOUSEKEEPING_INTERVAL };
}

/// The thread that keeps the store in order. Dropping it stops it, after what
/// it is doing.
#[derive(Debug)]
pub(crate) struct Housekeeper {
    /// Dropping it ends the thread.
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Housekeeper {
    /// Starts the thread. It calls `keep_house` and logs its errors.
    pub(crate) fn start(
        hours: HouseHours,
        keep_house: impl Fn() -> Result<(), String> + Send + 'static,
        error_log: ErrorLog,
        life_sign: LifeSign,
    ) -> std::io::Result<Self> {
        let (stop, stopped) = mpsc::channel();
        let thread =
            thread::Builder::new().name("headcount-housekeeper".to_owned()).spawn(move || {
                let _life_sign = life_sign;
                let mut pause = hours.first;
                while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(pause) {
                    // The next time may be better, so a panic is not the end.
                    match panic::catch_unwind(AssertUnwindSafe(&keep_house)) {
                        Ok(Ok(())) => {}
                        Ok(Err(message)) => error_log(&message),
                        Err(_) => error_log(
                            "housekeeping panicked, and is tried again in an hour; this is a bug in \
                             Headcount: please report it",
                        ),
                    }
                    pause = hours.every;
                }
            })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Housekeeper {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was printed.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::{Arc, Mutex};

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
        let hours = HouseHours { first: Duration::ZERO, every: Duration::ZERO };
        let error_log: ErrorLog = Arc::new(move |text| log.lock().unwrap().push(text.to_owned()));
        let sign = LifeSign::default();
        let part = sign.part("the housekeeper");
        let keeper = Housekeeper::start(hours, keep_house, error_log, sign).unwrap();
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
        let hours = HouseHours { first: hour, every: hour };
        let keep_house = || panic!("an hour is not over");
        let error_log: ErrorLog = Arc::new(|_| {});
        drop(Housekeeper::start(hours, keep_house, error_log, LifeSign::default()).unwrap());
    }
}
