//! The collector of the demo: started, stopped in the middle of things, started
//! again.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_catalog::{Day, Time};
use headcount_collector::{Collector, Config, OperatorLog, Registry, Running, TimeSource};

use crate::loopback_collector;

/// A collector on one data folder.
pub(super) struct Site {
    config: Config,
    played: Arc<Played>,
    state: Mutex<State>,
}

struct State {
    address: SocketAddr,
    running: Option<Running>,
}

/// The day that is being played, or, before and after, the real time.
struct Played {
    /// Its number; [`Self::NONE`] where none is.
    day: AtomicI64,
    real: TimeSource,
}

impl Played {
    const NONE: i64 = i64::MIN;

    fn now(&self) -> Time {
        match i32::try_from(self.day.load(Ordering::Relaxed)) {
            Ok(day) => Day::from_number(day).start(),
            Err(_) => (self.real)(),
        }
    }
}

impl Site {
    /// Starts a collector on a free port, on the first day of the play: one
    /// that had started later would not trust its clock.
    ///
    /// # Errors
    ///
    /// Why it does not start.
    pub(super) fn open(
        data: PathBuf,
        registry: Registry,
        (first, real): (Day, TimeSource),
        log: OperatorLog,
    ) -> Result<Self, String> {
        let played = Arc::new(Played { day: AtomicI64::new(i64::from(first.number())), real });
        let clock = Arc::clone(&played);
        let clock: TimeSource = Arc::new(move || clock.now());
        let config = loopback_collector::config(data, registry, clock, log);
        let running = Collector::start(config.clone()).map_err(|error| error.to_string())?;
        let state = State { address: running.address(), running: Some(running) };
        Ok(Self { config, played, state: Mutex::new(state) })
    }

    /// From now on it is this day.
    pub(super) fn set_day(&self, day: Day) {
        self.played.day.store(i64::from(day.number()), Ordering::Relaxed);
    }

    /// From now on it is now.
    pub(super) fn set_real_time(&self) {
        self.played.day.store(Played::NONE, Ordering::Relaxed);
    }

    /// Where it is, or was.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.state().address)
    }

    /// Stops it; what it acknowledged is on disk.
    pub(super) fn stop(&self) {
        let running = self.state().running.take();
        // Not under the lock: whoever ships meanwhile asks where to.
        if let Some(running) = running {
            running.stop();
        }
    }

    /// Starts it again on the same folder and, if nobody took it meanwhile, the
    /// same port.
    ///
    /// # Errors
    ///
    /// Why it does not start.
    pub(super) fn start_again(&self) -> Result<(), String> {
        let mut state = self.state();
        let same = Config { listen: state.address, ..self.config.clone() };
        let running = Collector::start(same)
            .or_else(|_| Collector::start(self.config.clone()))
            .map_err(|error| format!("the collector did not start again: {error}"))?;
        *state = State { address: running.address(), running: Some(running) };
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
