//! A request that is never tried again: a farewell, or a record of a product
//! that keeps none on disk.

use std::time::Duration;

use headcount_catalog::{Catalog, Checked};

use super::due::Ready;
use super::heed;
use super::next::Next;
use super::receipt::{self, receipt};
use super::run::Failed;
use super::under_way;
use crate::Paths;
use crate::consent::SendPermit;
use crate::disk::backoff::{Backoff, Pause};
use crate::disk::pace;
use crate::disk::private_file;
use crate::disk::receipts;
use crate::ship::transport::{Gate, Request, Response, Transport, TransportError, Via, request};
use crate::standing::Standing;

/// What such a request needs besides its records.
pub(crate) struct Once<'a> {
    pub(crate) standing: &'a Standing,
    /// The catalog in force.
    pub(crate) catalog: &'a Catalog,
    pub(crate) paths: &'a Paths,
    pub(crate) transport: &'a dyn Transport,
    /// How long it may take.
    pub(crate) limit: Duration,
    /// Under which consent.
    pub(crate) basis: Basis<'a>,
}

/// Under which consent a request is sent.
#[derive(Debug)]
pub(crate) enum Basis<'a> {
    /// What the rules say when it is sent.
    Now,
    /// What they said when the person's no came, which the request tells of.
    Farewell(&'a SendPermit),
}

impl Once<'_> {
    /// Sends records, which share a path and a device, to one destination. The
    /// pace and the pause that it asks for are saved, and a pause if it does
    /// not take our requests; a success ends all pauses. A failure without an
    /// answer causes no pause, since nothing is tried again.
    ///
    /// Consent is read again, but for a farewell. `may` is asked once, just
    /// before the body leaves. If it says no, there is no receipt.
    ///
    /// # Errors
    ///
    /// Returns an error if the files for the answer cannot be written.
    pub(crate) fn send(
        &self,
        ready: &Ready,
        records: &[Checked],
        may: &mut dyn FnMut() -> bool,
    ) -> Result<(), Failed> {
        // While telemetry is off nothing is created, not even the lock.
        if self.permit().is_none() {
            may();
            return Ok(());
        }
        let under_way = under_way::begin(self.paths)?;
        // Ask again under the lock: an `off` that did not wait for it was
        // written before.
        let Some(permit) = self.permit() else {
            may();
            return Ok(());
        };
        let asks = |record: &&Checked| pace::keeps(ready.rate, self.catalog, record);
        let asked: Vec<Checked> = records.iter().filter(asks).cloned().collect();
        if asked.is_empty() {
            // No record is wanted, so none is sent: the gate is passed and
            // done.
            may();
            return Ok(());
        }
        let request = request(self.catalog, ready.destination, &ready.target, &asked)?;
        let mut gate = Gate::permitted(permit, may).holding(Some(under_way.lock()));
        let answer = self.transport.send_through(&request, self.limit, &mut gate);
        if answer.as_ref().is_err_and(TransportError::is_withdrawn) {
            return Ok(());
        }
        self.heed(ready, &asked, &request, &answer)
    }

    /// The permission to send at this moment.
    fn permit(&self) -> Option<SendPermit> {
        match &self.basis {
            Basis::Now => self.standing.send_permit_for(self.catalog),
            Basis::Farewell(permit) => Some(permit.again()),
        }
    }

    /// Saves what the answer asks for, and a receipt.
    fn heed(
        &self,
        ready: &Ready,
        records: &[Checked],
        request: &Request,
        answer: &Result<Response, TransportError>,
    ) -> Result<(), Failed> {
        let surroundings = self.standing.surroundings();
        let (now, name) = (surroundings.now(), ready.destination.name);
        let via = Via::here(&request.url, surroundings);
        let next = heed::meaning(ready.destination, answer, &via, records.len(), now);
        let keep = |wish| {
            heed::keep(self.standing, (self.catalog, self.paths), (ready, &via), records, wish)
        };
        let paced = heed::wish(answer).map_or(Ok(()), keep);
        let paused = match next {
            Next::Keep(pause @ (Pause::Asked(_) | Pause::NotNow)) => {
                let (path, replaced) = (self.paths.backoff(name), ready.target.replaced());
                let before = Backoff::read(&path, replaced);
                before.after_failure(now, pause, 0).write(&path, replaced)
            }
            // It has answered, as in `delivery`.
            Next::Done(_) | Next::Split | Next::Quarantine => {
                private_file::remove(&self.paths.backoff(name))
            }
            Next::Keep(Pause::Usual) => Ok(()),
        };
        // Each of these is saved even if another fails.
        let receipt = receipt(&receipt::Sent {
            time: now,
            destination: name,
            records,
            device: records.first().and_then(|record| record.device(self.catalog)),
            bytes: request.body.len() as u64,
            answer,
            next: &next,
            via: &via,
        });
        Ok(paced.and(paused).and(receipts::keep(self.paths, &receipt))?)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use headcount_catalog::{Time, parse};
    use headcount_testkit::{CatalogHead, Home};

    use super::super::due;
    use super::*;
    use crate::consent::Told;
    use crate::{Host, Surroundings, Telemetry};

    const HEAD: CatalogHead = CatalogHead {
        name: "tick",
        default: "on",
        settings: ("settings.json", "telemetry"),
        queue: "events.jsonl",
    };

    const REST: &str = r#"
[identity]
scheme = "none"

[envelope]
id = "event-id"
event = "event"
time = { is = "time", grain = "second" }
version = "version"
"*" = "properties"

[shipping]
mode = "thread"
command = ["flush"]
marker = "TICK_FLUSH"

[retention]
on-machine = "30d"
raw = "90d"

[[destination]]
name = "one"
kind = "http"
endpoint = "http://127.0.0.1:9/e"

[event.tick]
why = "Is it asked in time?"
owner = "tests"
"#;

    /// Answers with this status.
    struct Answers(u16);

    impl Transport for Answers {
        fn send(&self, _: &Request, _: Duration) -> Result<Response, TransportError> {
            Ok(Response { status: self.0, body: b"{}".to_vec(), ..Response::default() })
        }
    }

    /// Nobody's: it must not be asked.
    struct Never;

    impl Transport for Never {
        fn send(&self, _: &Request, _: Duration) -> Result<Response, TransportError> {
            panic!("it left")
        }
    }

    fn scene() -> (Home, &'static Catalog, Standing) {
        let catalog = parse(&HEAD.with(REST)).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let catalog: &'static Catalog = Box::leak(Box::new(catalog));
        let home = Home::new();
        let now = Time::from_seconds(1_795_218_080);
        let surroundings = Surroundings::given(home.path(), HashMap::new(), now);
        let standing = Standing::of(&Telemetry::new(catalog, Host::new("1.2.3"), surroundings));
        (home, catalog, standing)
    }

    /// Otherwise a product that is refused now and then is paused for a day in
    /// the end.
    #[test]
    fn an_answer_ends_the_pauses_of_those_before() {
        let (_home, catalog, standing) = scene();
        let paths = standing.paths().expect("a home");
        let ready = due::ready(&standing, catalog, paths).remove(0);
        let record = catalog.sample(&catalog.events[0], standing.surroundings().now());
        let permit = standing.decision().send_permit(|| Told::Before).expect("it is on");
        for (status, pauses) in [(404, 1), (403, 2), (200, 0), (404, 1), (400, 0), (500, 0)] {
            let transport = &Answers(status);
            let (standing, basis) = (&standing, Basis::Farewell(&permit));
            let limit = Duration::from_secs(3);
            let once = Once { standing, catalog, paths, transport, limit, basis };
            once.send(&ready, std::slice::from_ref(&record), &mut || true).expect("it is sent");
            let failures = Backoff::read(&paths.backoff("one"), None).failures();
            assert_eq!(failures, pauses, "{status}");
        }
    }

    #[test]
    fn a_no_that_was_said_meanwhile_is_asked_for_before_anything_is_made() {
        let (home, catalog, standing) = scene();
        let now = standing.surroundings().now();
        let paths = standing.paths().expect("a home");
        let ready = due::ready(&standing, catalog, paths).remove(0);
        let record = catalog.sample(&catalog.events[0], now);
        home.write(".tick/settings.json", "{\"telemetry\": false}");
        let before = home.tree();
        let limit = Duration::from_secs(3);
        let (standing, transport, basis) = (&standing, &Never, Basis::Now);
        let once = Once { standing, catalog, paths, transport, limit, basis };
        let mut asked = 0;
        let mut may = || {
            asked += 1;
            true
        };
        once.send(&ready, &[record], &mut may).expect("nothing is done");
        assert_eq!((home.tree(), asked), (before, 1));
    }
}
