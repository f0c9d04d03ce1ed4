//! All open connections: at most so many, and the one that its client has kept
//! waiting the longest makes room for a new one. A client has at most a part of
//! them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use super::connection_state::{ConnectionPhase, ConnectionState};
use crate::connection_facts::PeerHash;
use crate::limits;
use crate::metrics::Measurements;

/// All open connections.
#[derive(Debug)]
pub(super) struct Connections {
    states: Mutex<States>,
    most: usize,
    measurements: Arc<Measurements>,
    /// A permit for each connection.
    places: Arc<Semaphore>,
    /// A permit for each request whose answer has not begun, even if its
    /// connection is gone.
    requests: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct States {
    next: u64,
    open: HashMap<u64, Open>,
    /// How many connections each client has that is counted.
    of_peers: HashMap<PeerHash, usize>,
}

#[derive(Debug)]
struct Open {
    state: Arc<ConnectionState>,
    /// `None` if whose it is does not count.
    peer: Option<PeerHash>,
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
    pub(super) fn new(most: usize, measurements: Arc<Measurements>) -> Self {
        Self {
            states: Mutex::default(),
            most,
            measurements,
            places: Arc::new(Semaphore::new(most)),
            requests: Arc::new(Semaphore::new(limits::STARTED_REQUESTS)),
        }
    }

    /// Makes a place for one more connection. With `peer` it counts as one of
    /// this client's: `None` if too many of them do not end.
    pub(super) async fn admit(
        self: &Arc<Self>,
        phase: ConnectionPhase,
        peer: Option<PeerHash>,
    ) -> Option<OpenConnection> {
        if let Some(peer) = peer
            && self.is_too_much(peer)
        {
            return None;
        }
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
                return Some(self.open(place, phase, peer));
            }
        }
    }

    fn open(
        self: &Arc<Self>,
        place: OwnedSemaphorePermit,
        phase: ConnectionPhase,
        peer: Option<PeerHash>,
    ) -> OpenConnection {
        self.measurements.connections.opened();
        let state = Arc::new(ConnectionState::new(Instant::now(), phase));
        let mut states = self.states();
        let number = states.next;
        states.next += 1;
        states.open.insert(number, Open { state: Arc::clone(&state), peer });
        if let Some(peer) = peer {
            *states.of_peers.entry(peer).or_default() += 1;
        }
        OpenConnection { state, number, all: Arc::clone(self), _place: place }
    }

    /// Ends the connection whose client has been waited for the longest.
    pub(super) fn shed(&self, now: Instant) {
        let states = self.states();
        if end_longest(states.open.values().map(|open| &open.state), now) {
            self.measurements.connections.shed();
        }
    }

    /// Keeps a client to its part of the connections: the one of its own that
    /// it has kept waiting the longest is ended for the next one. Whether it
    /// has so many that are ending that the next one is refused.
    fn is_too_much(&self, peer: PeerHash) -> bool {
        let states = self.states();
        let has = states.of_peers.get(&peer).copied().unwrap_or_default();
        let most = self.most * limits::PEER_CONNECTIONS / limits::CONNECTIONS;
        if has >= most {
            let of_peer = states.open.values().filter(|open| open.peer == Some(peer));
            let staying = of_peer.map(|open| &open.state).filter(|state| !state.is_told_to_end());
            if end_longest(staying, Instant::now()) {
                self.measurements.connections.shed();
            }
        }
        has >= 2 * most
    }

    /// Ends every connection that takes longer than it may.
    pub(super) fn end_overdue(&self, now: Instant) {
        let states = self.states();
        let all = states.open.values().map(|open| &open.state);
        all.filter(|state| state.is_overdue(now)).for_each(|state| state.end_overdue());
    }

    /// Ends every body that has been arriving for [`limits::SLOW_BODY_TIME`].
    pub(super) fn end_slow_bodies(&self, now: Instant) {
        for Open { state, .. } in self.states().open.values() {
            if let Some((ConnectionPhase::Body, waited)) = state.waited(now)
                && waited > limits::SLOW_BODY_TIME
            {
                state.end_for_another();
            }
        }
    }

    /// Ends every connection, each after the request that has started.
    pub(super) fn end_all(&self) {
        self.states().open.values().for_each(|open| open.state.end_after_request());
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
        self.all.measurements.connections.closed();
        let mut states = self.all.states();
        let Some(Open { peer: Some(peer), .. }) = states.open.remove(&self.number) else { return };
        if let Entry::Occupied(mut has) = states.of_peers.entry(peer) {
            *has.get_mut() -= 1;
            if *has.get() == 0 {
                has.remove();
            }
        }
    }
}

/// Ends the one of these whose client has been waited for the longest. Whether
/// there was one.
fn end_longest<'a>(states: impl Iterator<Item = &'a Arc<ConnectionState>>, now: Instant) -> bool {
    let waiting = states.filter_map(|state| Some((state.waited(now)?.1, state)));
    if let Some((_, state)) = waiting.max_by_key(|(waited, _)| *waited) {
        state.end_for_another();
        true
    } else {
        false
    }
}
