//! What clients know: which events they sent, which were acknowledged, and what
//! answers they got.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::dialect::Dialect;

/// Where the collector is, and the how manieth start that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) address: SocketAddr,
    pub(super) starts: u64,
    pub(super) is_up: bool,
}

/// What all clients and the operator share.
pub(super) struct Stage {
    /// Where the collector is; nowhere while it is being started again.
    place: Mutex<Place>,
    books: Mutex<Books>,
    over: AtomicBool,
}

#[derive(Default)]
pub(super) struct Books {
    /// Each product's key, as programs have it.
    pub(super) keys: BTreeMap<&'static str, String>,
    /// How often each event was sent, by its product and id.
    pub(super) sent: BTreeMap<(&'static str, String), u64>,
    /// In the order of the answers.
    pub(super) acknowledged: Vec<(&'static str, String)>,
    /// Answers by dialect and status; no answer is 0.
    pub(super) answers: BTreeMap<(Dialect, u16), u64>,
    /// What is wrong.
    pub(super) faults: Vec<String>,
}

impl Stage {
    pub(super) fn new(address: SocketAddr) -> Self {
        let place = Place { address, starts: 1, is_up: true };
        Self { place: Mutex::new(place), books: Mutex::default(), over: AtomicBool::new(false) }
    }

    pub(super) fn place(&self) -> Place {
        *self.lock_place()
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.place().address
    }

    /// From now on there may be no answers.
    pub(super) fn goes_down(&self) {
        self.lock_place().is_up = false;
    }

    pub(super) fn is_up_at(&self, address: SocketAddr) {
        let mut place = self.lock_place();
        *place = Place { address, starts: place.starts + 1, is_up: true };
    }

    fn lock_place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn key(&self, product: &str) -> String {
        self.books().keys[product].clone()
    }

    pub(super) fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    pub(super) fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

impl Books {
    pub(super) fn send(&mut self, dialect: Dialect, ids: &[String]) {
        for id in ids {
            *self.sent.entry((dialect.product(), id.clone())).or_default() += 1;
        }
    }

    pub(super) fn acknowledge(&mut self, dialect: Dialect, ids: &[String]) {
        self.acknowledged.extend(ids.iter().map(|id| (dialect.product(), id.clone())));
    }

    pub(super) fn answered(&mut self, dialect: Dialect, status: u16) {
        *self.answers.entry((dialect, status)).or_default() += 1;
    }

    pub(super) fn count(&self, status: u16) -> u64 {
        Dialect::ALL.iter().filter_map(|dialect| self.answers.get(&(*dialect, status))).sum()
    }

    pub(super) fn fault(&mut self, sentence: String) {
        // The first ones tell what is wrong.
        if self.faults.len() < 10 {
            self.faults.push(sentence);
        }
    }

    /// Compares what is stored of a product with what was sent. The first
    /// `acknowledged` answers must be in it; `before` was there at the start.
    pub(super) fn compare(
        &self,
        product: &str,
        stored: &BTreeMap<String, u64>,
        acknowledged: usize,
        before: &BTreeSet<String>,
    ) -> Result<(), String> {
        let own = |(of, id): &&(&'static str, String)| *of == product && !stored.contains_key(id);
        let missing: Vec<_> = self.acknowledged[..acknowledged].iter().filter(own).collect();
        let wrong = stored.iter().filter(|(id, count)| {
            let is_once = **count == 1;
            match self.sent.get(&(of(product), (*id).clone())) {
                // Without an id of its own it counts as often as it was sent.
                Some(sent) if product == "clacky" => **count > *sent,
                Some(_) => !is_once,
                None => !(before.contains(*id) && is_once),
            }
        });
        let wrong: Vec<_> = wrong.collect();
        if missing.is_empty() && wrong.is_empty() {
            return Ok(());
        }
        Err(format!("{product}: acknowledged and missing {missing:?}; twice or invented {wrong:?}"))
    }
}

/// The product's name as the books have it.
fn of(product: &str) -> &'static str {
    let all = Dialect::ALL.iter().map(|dialect| dialect.product());
    all.into_iter().find(|own| *own == product).unwrap_or("")
}
