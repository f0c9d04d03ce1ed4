//! All open connections: at most so many, and the one that its client has kept
//! waiting the longest makes room for a new one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use super::connection_state::{ConnectionPhase, ConnectionState};
use crate::limits;

/// All open connections.
#[derive(Debug)]
pub(super) struct Connections {
    states: Mutex<States>,
    most: usize,
    /// A permit for each connection.
    places: Arc<Semaphore>,
    /// A permit for each request that has not been answered, even if its
    /// connection is gone.
    requests: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct States {
    next: u64,
    open: HashMap<u64, Arc<ConnectionState>>,
}

/// One open connection. Dropping it makes room.
#[derive(Debug)]
pub(super) struct OpenConnection {
    pub(super) state: Arc<ConnectionState>,
    number: u64,
    all: Arc<Connections>,
    _place: OwnedSemaphorePermit,
}

impl Connections {
    /// A table for so many connections at once.
    pub(super) fn new(most: usize) -> Self {
        Self {
            states: Mutex::default(),
            most,
            places: Arc::new(Semaphore::new(most)),
            requests: Arc::new(Semaphore::new(limits::STARTED_REQUESTS)),
        }
    }

    /// Makes a place for one more connection.
    pub(super) async fn admit(self: &Arc<Self>) -> OpenConnection {
        loop {
            let place = Arc::clone(&self.places);
            let taken = match place.try_acquire_owned() {
                Ok(place) => Some(place),
                Err(_) => {
                    self.shed(Instant::now());
                    let place = Arc::clone(&self.places).acquire_owned();
                    timeout(limits::SHED_TIME, place).await.ok().and_then(Result::ok)
                }
            };
            if let Some(place) = taken {
                return self.open(place);
            }
        }
    }

    fn open(self: &Arc<Self>, place: OwnedSemaphorePermit) -> OpenConnection {
        let state = Arc::new(ConnectionState::new(Instant::now()));
        let mut states = self.states();
        let number = states.next;
        states.next += 1;
        states.open.insert(number, Arc::clone(&state));
        OpenConnection { state, number, all: Arc::clone(self), _place: place }
    }

    /// Ends the connection whose client has been waited for the longest.
    pub(super) fn shed(&self, now: Instant) {
        let states = self.states();
        let waiting = states.open.values().filter_map(|state| Some((state.waited(now)?.1, state)));
        if let Some((_, state)) = waiting.max_by_key(|(waited, _)| *waited) {
            state.end_for_another();
        }
    }

    /// Ends every connection that takes longer than it may.
    pub(super) fn end_overdue(&self, now: Instant) {
        let states = self.states();
        states.open.values().filter(|state| state.is_overdue(now)).for_each(|s| s.end_overdue());
    }

    /// Ends every body that has been arriving for [`limits::SLOW_BODY_TIME`].
    pub(super) fn end_slow_bodies(&self, now: Instant) {
        for state in self.states().open.values() {
            if let Some((ConnectionPhase::Body, waited)) = state.waited(now)
                && waited > limits::SLOW_BODY_TIME
            {
                state.end_for_another();
            }
        }
    }

    /// Ends every connection, each after the request that has started.
    pub(super) fn end_all(&self) {
        self.states().open.values().for_each(|state| state.end_after_request());
    }

    /// Waits until there is no connection and no request any more.
    pub(super) async fn are_over(&self) {
        let all = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        // Neither semaphore is closed.
        let _ = self.places.acquire_many(all(self.most)).await;
        let _ = self.requests.acquire_many(all(limits::STARTED_REQUESTS)).await;
    }

    fn states(&self) -> MutexGuard<'_, States> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OpenConnection {
    /// What a request holds until it is answered.
    pub(super) fn started_requests(&self) -> Arc<Semaphore> {
        Arc::clone(&self.all.requests)
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.all.states().open.remove(&self.number);
    }
}
