//! The load: requests over connections that stay open, and what came of them.
//!
//! Closed, each connection sends its next request when the last is answered.
//! Open, requests are due at a fixed rate whatever the server does, and the
//! time of an answer counts from when its request was due, so that a server
//! that stands still is charged for every request that had to wait.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use tokio::task::LocalSet;

use super::connection::{Answer, Connection};
use super::fresh::Fresh;
use super::limits::ANSWER;
use super::tally::Tally;
use super::template::Template;
use crate::Fault;

/// When requests are sent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pace {
    /// When the last one is answered.
    Closed,
    /// So many events a second.
    Open(f64),
}

/// When a load ends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Until {
    /// After so long; what is answered before the first of the two does not
    /// count.
    Over(Duration, Duration),
    /// When so many events were sent.
    Sent(u64),
    /// When the server is gone.
    Gone,
}

/// What becomes of requests that were answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// They are forgotten.
    Nothing,
    /// The last few, and all that were not answered, are kept.
    Requests,
}

/// A load.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Order {
    /// To whom.
    pub(crate) address: SocketAddr,
    /// How many connections.
    pub(crate) connections: usize,
    /// When.
    pub(crate) pace: Pace,
    /// How long.
    pub(crate) until: Until,
    /// What is kept.
    pub(crate) keep: Keep,
}

/// Requests to send, and the ids that are written into them.
#[derive(Debug)]
pub(crate) struct Supply {
    /// The requests, which take turns.
    pub(crate) templates: Vec<Template>,
    /// The ids.
    pub(crate) fresh: Fresh,
}

impl Supply {
    /// Bytes of body an event.
    pub(crate) fn event_bytes(&self) -> f64 {
        let bytes: usize = self.templates.iter().map(Template::body_bytes).sum();
        let events: usize = self.templates.iter().map(Template::events).sum();
        bytes as f64 / events.max(1) as f64
    }
}

/// What all connections of a load share.
struct Shared {
    order: Order,
    began: Instant,
    supply: Supply,
    next: usize,
    sent: u64,
    gone: bool,
    tally: Tally,
}

/// Runs a load on this thread until it ends, and gives the supply back.
///
/// # Errors
///
/// Nobody listens, or a request fails although the server should be there.
pub(crate) fn run(order: Order, supply: Supply) -> Result<(Tally, Supply), Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let busy = thread_seconds()?;
    let began = Instant::now();
    let tally = Tally::new(order.until);
    let shared = Shared { order, began, supply, next: 0, sent: 0, gone: false, tally };
    let shared = Rc::new(RefCell::new(shared));
    runtime.block_on(LocalSet::new().run_until(async {
        let drivers: Vec<_> = (0..order.connections)
            .map(|place| tokio::task::spawn_local(drive(Rc::clone(&shared), place)))
            .collect();
        for driver in drivers {
            driver.await??;
        }
        Ok::<(), Fault>(())
    }))?;
    let shared = Rc::into_inner(shared).ok_or("a connection is still open")?.into_inner();
    let Shared { mut tally, supply, .. } = shared;
    tally.elapsed = began.elapsed();
    tally.generator = (thread_seconds()? - busy) / tally.elapsed.as_secs_f64();
    Ok((tally, supply))
}

/// One connection, to the end of the load.
async fn drive(shared: Rc<RefCell<Shared>>, place: usize) -> Result<(), Fault> {
    let order = shared.borrow().order;
    let is_gone = matches!(order.until, Until::Gone);
    let mut connection = match Connection::open(order.address).await {
        Ok(connection) => connection,
        Err(_) if is_gone => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let mut request = Vec::new();
    for turn in 0u64.. {
        let due = shared.borrow().due(place, turn);
        if let Some(due) = due {
            tokio::time::sleep_until(due.into()).await;
        }
        let events = match shared.borrow_mut().fill(&mut request) {
            Some(events) => events,
            None => break,
        };
        let sent = due.unwrap_or_else(Instant::now);
        match connection.ask(&request, ANSWER).await {
            Ok(answer) => shared.borrow_mut().note(&answer, events, sent, &mut request),
            Err(_) if is_gone => {
                let mut shared = shared.borrow_mut();
                shared.gone = true;
                shared.tally.unanswered.push(request);
                break;
            }
            Err(error) => return Err(format!("a request failed: {error}").into()),
        }
    }
    Ok(())
}

impl Shared {
    /// When a request of an open load is due.
    fn due(&self, place: usize, turn: u64) -> Option<Instant> {
        let Pace::Open(events_a_second) = self.order.pace else { return None };
        let events = self.supply.templates.first().map_or(1, Template::events);
        let number = turn * self.order.connections as u64 + place as u64;
        let seconds = number as f64 * events as f64 / events_a_second;
        Some(self.began + Duration::from_secs_f64(seconds))
    }

    /// Writes the next request; `None` at the end of the load.
    fn fill(&mut self, request: &mut Vec<u8>) -> Option<usize> {
        let ends = match self.order.until {
            Until::Over(warm_up, window) => self.began.elapsed() >= warm_up + window,
            Until::Sent(events) => self.sent >= events,
            Until::Gone => self.gone,
        };
        if ends {
            return None;
        }
        let place = self.next % self.supply.templates.len();
        self.next += 1;
        let Supply { templates, fresh } = &mut self.supply;
        templates[place].write(fresh, request);
        let events = templates[place].events();
        self.sent += events as u64;
        Some(events)
    }

    fn note(&mut self, answer: &Answer, events: usize, sent: Instant, request: &mut Vec<u8>) {
        self.tally.note(answer, events as u64, sent.elapsed(), self.began.elapsed());
        if self.order.keep == Keep::Requests {
            self.tally.keep(answer, std::mem::take(request));
        }
    }
}

/// Seconds that this thread has been on a processor.
fn thread_seconds() -> Result<f64, Fault> {
    let usage = getrusage(UsageWho::RUSAGE_THREAD)?;
    let (user, system) = (usage.user_time(), usage.system_time());
    let seconds = user.tv_sec() + system.tv_sec();
    let micros = user.tv_usec() + system.tv_usec();
    Ok(seconds as f64 + micros as f64 / 1e6)
}
