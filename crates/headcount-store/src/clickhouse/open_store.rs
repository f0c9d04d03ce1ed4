//! An open store: what the caller's threads and the store's own one share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::house;
use super::locked::locked;
use super::server::Server;
use super::shipper::Shipper;
use super::slow_answers::SlowAnswers;
use super::{Client, node_number};
use crate::{AnswerRows, Commit, Question, Spool, SpoolFill, StoreError, limits};

/// The server, the spool, and what stands between them.
pub(super) struct OpenStore {
    server: Arc<Server>,
    spool: Spool,
    fresh_within: Duration,
    shipper: Mutex<Shipper>,
    /// When the oldest commit was acknowledged that may not have been shipped.
    waits_since: Mutex<Option<Instant>>,
    /// Why the last try to ship failed.
    problem: Mutex<Option<String>>,
    /// Is told what is wrong, and that it is over.
    log: Arc<dyn Fn(&str) + Send + Sync>,
    /// Whether values may have been told that have no row yet.
    is_untold: AtomicBool,
    slow_answers: SlowAnswers,
}

impl OpenStore {
    /// The server may be away if the spool has been used before.
    pub(super) fn new(
        client: Client,
        spool: Spool,
        fresh_within: Duration,
        log: Arc<dyn Fn(&str) + Send + Sync>,
    ) -> Result<Self, StoreError> {
        let mut shipper = Shipper::default();
        let prepared = shipper.prepare(&client, &spool);
        let (node, problem) = match (node_number::known(spool.folder())?, prepared) {
            (Some(node), prepared) => (node, prepared.err().map(|error| error.to_string())),
            (None, Ok(())) => (node_number::give(spool.folder())?, None),
            (None, Err(error)) => return Err(error),
        };
        let waits_since = (spool.fill() != SpoolFill::default()).then(Instant::now);
        let (shipper, waits_since) = (Mutex::new(shipper), Mutex::new(waits_since));
        problem.iter().for_each(|problem| log(problem));
        let problem = Mutex::new(problem);
        Ok(Self {
            server: Arc::new(Server::new(client, node)),
            spool,
            fresh_within,
            shipper,
            waits_since,
            problem,
            log,
            is_untold: AtomicBool::new(true),
            slow_answers: SlowAnswers::default(),
        })
    }

    pub(super) fn server(&self) -> &Arc<Server> {
        &self.server
    }

    pub(super) fn spool(&self) -> &Spool {
        &self.spool
    }

    /// Why the last try to ship failed.
    pub(super) fn problem(&self) -> Option<String> {
        locked(&self.problem).clone()
    }

    pub(super) fn append(&self, commit: &Commit) -> Result<(), StoreError> {
        self.spool.append(commit)?;
        self.is_untold.store(true, Ordering::Relaxed);
        locked(&self.waits_since).get_or_insert_with(Instant::now);
        Ok(())
    }

    /// Ships what was acknowledged before the call, and keeps in mind whether
    /// that worked.
    pub(super) fn ship(&self) -> Result<(), StoreError> {
        self.ship_until(&|| false)
    }

    /// Ships the same, or fewer batches once `is_over` says so.
    pub(super) fn ship_until(&self, is_over: &dyn Fn() -> bool) -> Result<(), StoreError> {
        self.ship_with(&mut locked(&self.shipper), is_over)
    }

    fn ship_with(
        &self,
        shipper: &mut Shipper,
        is_over: &dyn Fn() -> bool,
    ) -> Result<(), StoreError> {
        let since = locked(&self.waits_since).take();
        let (client, node) = (self.server.client(), self.server.node());
        let shipped = shipper.ship(client, &self.spool, node, is_over);
        self.server.has_changed();
        if shipped.is_err() || self.spool.oldest().is_some() {
            let mut waits = locked(&self.waits_since);
            *waits = since.or(*waits);
        }
        self.tell(shipped.as_ref().err().map(ToString::to_string));
        shipped
    }

    /// Keeps in mind what is wrong, and tells what is new of it.
    fn tell(&self, problem: Option<String>) {
        let mut known = locked(&self.problem);
        if *known != problem {
            (self.log)(problem.as_deref().unwrap_or("what waited has arrived at ClickHouse"));
            *known = problem;
        }
    }

    /// Whether a commit waits for longer than it should.
    pub(super) fn is_behind(&self) -> bool {
        locked(&self.waits_since).is_some_and(|since| since.elapsed() >= self.fresh_within)
    }

    /// Answers a question, perhaps as it was answered before.
    pub(super) fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError> {
        let is_always_new = self.fresh_within.is_zero();
        let kept = || self.slow_answers.of(question, Instant::now());
        if !is_always_new && let Some(answer) = kept() {
            return Ok(answer);
        }
        self.freshen()?;
        let (began, forgotten) = (Instant::now(), self.slow_answers.forgotten());
        let answer = self.server.ask(question)?;
        if !is_always_new {
            let took = (began, Instant::now());
            self.slow_answers.keep((question, &answer), took, forgotten);
        }
        Ok(answer)
    }

    /// Every answer is new from now on.
    pub(super) fn forget_answers(&self) {
        self.slow_answers.forget();
    }

    /// Ships before a question, if that is needed: everything if the question
    /// must see it, and otherwise no longer than the reader would like to wait.
    fn freshen(&self) -> Result<(), StoreError> {
        if self.fresh_within.is_zero() {
            self.ship()?;
            return match self.is_untold.swap(false, Ordering::Relaxed) {
                true => self.server.keep(house::tell_vocabulary),
                false => Ok(()),
            };
        }
        // Whoever ships already, or tries again after a failure, needs no help:
        // the reader sees what has come so far.
        if self.is_behind()
            && self.problem().is_none()
            && let Ok(mut shipper) = self.shipper.try_lock()
        {
            let deadline = Instant::now() + limits::clickhouse::READER_WAITS;
            // What fails is kept in mind, and a question may work all the same.
            let _ = self.ship_with(&mut shipper, &|| Instant::now() >= deadline);
        }
        Ok(())
    }
}
