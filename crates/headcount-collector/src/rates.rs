//! How many requests a client and a write key may send in a while, and how
//! often people may try to sign in.
//!
//! Each has a bucket of tokens that fills at a steady rate; a request takes
//! one. A bucket is one number, the time at which it will be full, so a full
//! one need not be kept. The tables are bounded: when one is full of buckets
//! that are in use, the older half is forgotten, that is, filled. Whoever sends
//! from that many addresses gets more; nobody honest gets less.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::connection_facts::PeerHash;
use crate::limits;
use crate::request_rate::RequestRate;

/// The buckets of all clients and keys.
pub(crate) struct Rates {
    /// `None` where nobody is limited.
    limited: Option<Limited>,
}

struct Limited {
    start: Instant,
    hashing: RandomState,
    requests: Mutex<Buckets>,
    handshakes: Mutex<Buckets>,
    keys: Mutex<Buckets>,
    sign_ins: Mutex<Buckets>,
    all_sign_ins: Mutex<Buckets>,
}

/// A client or a key sends too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooOften {
    /// After how long it may send again.
    pub(crate) wait: Duration,
}

/// Buckets of one kind. Times are since the start.
struct Buckets {
    rate: RequestRate,
    recent: HashMap<u64, Duration>,
    older: HashMap<u64, Duration>,
}

impl Rates {
    /// Limits nobody.
    pub(crate) fn none() -> Self {
        Self { limited: None }
    }

    pub(crate) fn new(start: Instant) -> Self {
        let buckets = |rate| Mutex::new(Buckets::new(rate));
        Self {
            limited: Some(Limited {
                start,
                hashing: RandomState::new(),
                requests: buckets(limits::PEER_REQUESTS),
                handshakes: buckets(limits::PEER_HANDSHAKES),
                keys: buckets(limits::KEY_REQUESTS),
                sign_ins: buckets(limits::PEER_SIGN_INS),
                all_sign_ins: buckets(limits::ALL_SIGN_INS),
            }),
        }
    }

    /// Whether anybody is limited.
    pub(crate) fn are_limited(&self) -> bool {
        self.limited.is_some()
    }

    /// Counts a request of a client.
    pub(crate) fn request_of(&self, peer: PeerHash, now: Instant) -> Result<(), TooOften> {
        self.take(|limited| (&limited.requests, peer.0), now)
    }

    /// Counts a handshake of a client.
    pub(crate) fn handshake_of(&self, peer: PeerHash, now: Instant) -> Result<(), TooOften> {
        self.take(|limited| (&limited.handshakes, peer.0), now)
    }

    /// Counts a request with a write key, which may be told by anything that is
    /// its own.
    pub(crate) fn request_with(&self, key: impl Hash, now: Instant) -> Result<(), TooOften> {
        self.take(|limited| (&limited.keys, limited.hashing.hash_one(key)), now)
    }

    /// Counts a try of clients to sign in, and of all clients together. What is
    /// refused counts for nobody: whoever tries too often alone takes nothing
    /// from the others, nor they from an honest client.
    pub(crate) fn sign_in_of(
        &self,
        peers: impl Iterator<Item = PeerHash> + Clone,
        now: Instant,
    ) -> Result<(), TooOften> {
        let Some(limited) = &self.limited else { return Ok(()) };
        let now = now.saturating_duration_since(limited.start);
        let lock = |buckets| Mutex::lock(buckets).unwrap_or_else(PoisonError::into_inner);
        let (mut own, mut all) = (lock(&limited.sign_ins), lock(&limited.all_sign_ins));
        let most = peers.clone().filter_map(|peer| own.wait(peer.0, now)).max();
        if let Some(wait) = most.max(all.wait(0, now)) {
            return Err(TooOften { wait });
        }
        all.take(0, now)?;
        peers.into_iter().try_for_each(|peer| own.take(peer.0, now))
    }

    /// Gives clients the try back with which they have signed in.
    pub(crate) fn signed_in(&self, peers: impl Iterator<Item = PeerHash>) {
        if let Some(limited) = &self.limited {
            let mut buckets = limited.sign_ins.lock().unwrap_or_else(PoisonError::into_inner);
            peers.for_each(|peer| buckets.give_back(peer.0));
        }
    }

    /// Forgets all clients: their hashes have another salt now.
    pub(crate) fn forget_peers(&self) {
        let Some(limited) = &self.limited else { return };
        for buckets in [&limited.requests, &limited.handshakes, &limited.sign_ins] {
            buckets.lock().unwrap_or_else(PoisonError::into_inner).forget();
        }
    }

    fn take(
        &self,
        bucket: impl FnOnce(&Limited) -> (&Mutex<Buckets>, u64),
        now: Instant,
    ) -> Result<(), TooOften> {
        let Some(limited) = &self.limited else { return Ok(()) };
        let (buckets, of) = bucket(limited);
        let since_start = now.saturating_duration_since(limited.start);
        buckets.lock().unwrap_or_else(PoisonError::into_inner).take(of, since_start)
    }
}

impl Buckets {
    fn new(rate: RequestRate) -> Self {
        Self { rate, recent: HashMap::new(), older: HashMap::new() }
    }

    fn take(&mut self, of: u64, now: Duration) -> Result<(), TooOften> {
        let wait = self.wait(of, now);
        let known = self.recent.get(&of).copied().or_else(|| self.older.remove(&of));
        let full = known.unwrap_or_default().max(now);
        let full = if wait.is_none() { full + self.rate.each } else { full };
        if self.recent.len() >= limits::RATE_PLACES && !self.recent.contains_key(&of) {
            self.make_room(now);
        }
        self.recent.insert(of, full);
        wait.map_or(Ok(()), |wait| Err(TooOften { wait }))
    }

    /// How long until there is a token; `None` if there is one.
    fn wait(&self, of: u64, now: Duration) -> Option<Duration> {
        let full = self.recent.get(&of).or_else(|| self.older.get(&of)).copied();
        let taken = full.unwrap_or_default().max(now) + self.rate.each;
        let wait = (taken - now).saturating_sub(self.rate.each * self.rate.at_once);
        (!wait.is_zero()).then_some(wait)
    }

    fn give_back(&mut self, of: u64) {
        let each = self.rate.each;
        let full = self.recent.get_mut(&of).or_else(|| self.older.get_mut(&of));
        if let Some(full) = full {
            *full = full.saturating_sub(each);
        }
    }

    /// Full buckets go; if few are full, the older half goes.
    fn make_room(&mut self, now: Duration) {
        self.older.clear();
        self.recent.retain(|_, full| *full > now);
        if self.recent.len() > limits::RATE_PLACES / 2 {
            self.older = std::mem::take(&mut self.recent);
        }
    }

    fn forget(&mut self) {
        self.recent = HashMap::new();
        self.older = HashMap::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: RequestRate = RequestRate { each: Duration::from_millis(100), at_once: 5 };

    fn milliseconds(number: u64) -> Duration {
        Duration::from_millis(number)
    }

    #[test]
    fn a_bucket_empties_and_fills() {
        let mut buckets = Buckets::new(RATE);
        let mut allowed =
            |at: u64| (0..20).filter(|_| buckets.take(1, milliseconds(at)).is_ok()).count();
        assert_eq!(allowed(1_000), 5, "what it holds");
        assert_eq!(allowed(1_099), 0);
        assert_eq!(allowed(1_100), 1, "one more after a tenth of a second");
        assert_eq!(allowed(1_400), 3);
        assert_eq!(allowed(60_000), 5, "never more than it holds");
        // A clock that goes back gives nothing.
        assert_eq!(allowed(1_000), 0);
    }

    #[test]
    fn everybody_has_an_own_bucket() {
        let mut buckets = Buckets::new(RATE);
        while buckets.take(1, Duration::ZERO).is_ok() {}
        assert!(buckets.take(2, Duration::ZERO).is_ok());
    }

    #[test]
    fn a_full_table_forgets_and_refuses_nobody() {
        let mut buckets = Buckets::new(RATE);
        let many = 5 * limits::RATE_PLACES as u64;
        for of in 0..many {
            assert!(buckets.take(of, Duration::ZERO).is_ok(), "{of}");
            assert!(buckets.recent.len() + buckets.older.len() <= 2 * limits::RATE_PLACES);
        }
        // Whoever goes on sending is not forgotten.
        let mut buckets = Buckets::new(RATE);
        while buckets.take(0, Duration::ZERO).is_ok() {}
        for of in 1..many {
            assert!(buckets.take(of, Duration::ZERO).is_ok(), "{of}");
            if of % (limits::RATE_PLACES as u64 / 2) == 0 {
                assert!(buckets.take(0, Duration::ZERO).is_err(), "{of}");
            }
        }
    }

    #[test]
    fn full_buckets_are_not_kept() {
        let mut buckets = Buckets::new(RATE);
        for of in 0..limits::RATE_PLACES as u64 {
            let _ = buckets.take(of, Duration::ZERO);
        }
        let _ = buckets.take(u64::MAX, Duration::from_secs(1));
        assert_eq!(buckets.recent.len() + buckets.older.len(), 1);
    }

    #[test]
    fn clients_and_keys_are_counted_apart() {
        let start = Instant::now();
        let rates = Rates::new(start);
        let peer = PeerHash(7);
        let count = |take: &dyn Fn() -> Result<(), TooOften>| {
            (0..100_000).take_while(|_| take().is_ok()).count()
        };
        let requests = count(&|| rates.request_of(peer, start));
        assert_eq!(requests, limits::PEER_REQUESTS.at_once as usize);
        assert!(rates.handshake_of(peer, start).is_ok());
        let with_key = count(&|| rates.request_with("atomic", start));
        assert_eq!(with_key, limits::KEY_REQUESTS.at_once as usize);
        assert!(rates.request_with("archon", start).is_ok());
        assert!(rates.request_of(PeerHash(8), start).is_ok());
        rates.forget_peers();
        assert!(rates.request_of(peer, start).is_ok());
        assert!(rates.request_with("atomic", start).is_err(), "keys have no salt");
        assert!(Rates::none().request_of(peer, start).is_ok());
    }

    /// Ten thousand tries a minute, each from another address.
    #[test]
    fn tries_to_sign_in_are_limited_for_each_client_and_for_all() {
        let start = Instant::now();
        let rates = Rates::new(start);
        let try_of = |peer| rates.sign_in_of([PeerHash(peer)].into_iter(), start);
        let tries = (0..100).filter(|_| try_of(1).is_ok()).count();
        assert_eq!(tries, limits::PEER_SIGN_INS.at_once as usize);
        assert_eq!(try_of(1).unwrap_err().wait, limits::PEER_SIGN_INS.each);
        rates.signed_in([PeerHash(1)].into_iter());
        assert!(try_of(1).is_ok());
        assert!(try_of(1).is_err(), "one try for one sign-in");
        let later = (0..10_000_u64).filter(|number| {
            let at = start + Duration::from_millis(number * 6);
            rates.sign_in_of([PeerHash(10 + number)].into_iter(), at).is_ok()
        });
        let most = 60 + limits::ALL_SIGN_INS.at_once as usize;
        let admitted = later.count();
        assert!((60..=most).contains(&admitted), "{admitted}");
    }
}
