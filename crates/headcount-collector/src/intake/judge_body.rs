//! Reads and judges a whole body. Nothing of it counts before its end: a body
//! that is malformed somewhere is rejected as a whole.

use headcount_catalog::{EventId, Reason, Time};
use headcount_wire::flat::{BodyEvent, BodyForm, Budget, FlatEvent, Scratch, each};
use headcount_wire::native::BatchHead;
use headcount_wire::posthog;

use super::rejection::Rejection;
use super::write_key;
use crate::app::App;
use crate::arrival::Arrivals;
use crate::desks::Desk;
use crate::operator_log::{LogPart, Sentence};
use crate::plan::Missing;
use crate::registry::{LoadedProduct, Registry};
use crate::request_judge::{Hearing, RequestJudge};

/// How a body is read, and whose its events are.
#[derive(Debug, Clone, Copy)]
pub(super) struct BodyRules {
    pub(super) form: BodyForm,
    pub(super) owner: Owner,
    pub(super) batch: BatchHead,
    /// What is set if an event says neither.
    pub(super) missing: Missing,
    /// What is outside the body, of OpenClacky's event.
    pub(super) outside: Option<Outside>,
}

/// Whose the events of a body are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// The product with this name.
    Product(&'static str),
    /// The product that each event names as its service. Events of others are
    /// rejected on their own; the message is for a body without any known one.
    Service { no_key: &'static str },
    /// The product whose key each event has, or the body for all of them. One
    /// unknown key rejects the body.
    Key { no_key: &'static str },
}

/// What is outside the body, of an event whose dialect has no place for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outside {
    pub(super) event: &'static str,
    pub(super) id: EventId,
    pub(super) time: Time,
}

/// The events of a body, judged.
pub(super) struct JudgedBody {
    pub(super) arrivals: Arrivals,
    /// Each event's id as it was sent, if the answer refers to it.
    pub(super) ids: Vec<Option<String>>,
    /// Events that name a product without a catalog, beside others. They are
    /// rejected, and counted for no product.
    pub(super) unclaimed: usize,
}

/// Reads and judges a decompressed body.
pub(super) fn judge_body(
    app: &App,
    registry: &Registry,
    desk: &mut Desk,
    rules: BodyRules,
    body: &[u8],
) -> Result<JudgedBody, Rejection> {
    let unwrapped = match rules.form {
        BodyForm::PostHog => posthog::unwrapped(body)?,
        _ => body.into(),
    };
    let scratch = Scratch::new();
    let arrivals = Arrivals::new(app.inbox.lost_arrivals());
    let now = app.now();
    let hearing = Hearing {
        pseudonyms: &app.pseudonyms,
        today: now.day(),
        expected: app.clock_watch.expected_day(now),
        batch: rules.batch,
    };
    let mut judge = BodyJudge {
        app,
        registry,
        rules,
        own: match rules.owner {
            Owner::Product(name) => registry.product(name),
            Owner::Service { .. } | Owner::Key { .. } => None,
        },
        last: None,
        request: RequestJudge::new(hearing, desk, arrivals),
        first: None,
        nobodys: Vec::new(),
        why_nobodys: None,
        unclaimed: 0,
        failure: None,
        ids: Vec::new(),
    };
    let read = each(rules.form, &unwrapped, &scratch, &mut Budget::of_body(), &mut |arrived| {
        judge.arrived(&arrived);
    });
    judge.finish(read.map_err(Rejection::from))
}

/// A body that is being judged.
struct BodyJudge<'a, 'b> {
    app: &'a App,
    /// The catalogs that were current when the request came.
    registry: &'a Registry,
    rules: BodyRules,
    /// The product of all events, if the request names it.
    own: Option<&'a LoadedProduct>,
    /// The last key or service that events named, and its product: most events
    /// of a body have the same.
    last: Option<(&'b str, &'a LoadedProduct)>,
    request: RequestJudge<'a, 'b>,
    /// The product of the first event that has one.
    first: Option<&'a LoadedProduct>,
    /// Events before that, which are of no product: why each is rejected.
    nobodys: Vec<Reason>,
    /// Why the first of them is of none.
    why_nobodys: Option<Rejection>,
    /// Events that name a product without a catalog.
    unclaimed: usize,
    /// Why the body is rejected as a whole.
    failure: Option<Rejection>,
    ids: Vec<Option<String>>,
}

impl<'a, 'b> BodyJudge<'a, 'b> {
    fn arrived(&mut self, arrived: &BodyEvent<'_, 'b>) {
        if self.failure.is_some() {
            return;
        }
        let (BodyEvent::Event(event) | BodyEvent::Rejected(_, event)) = arrived;
        let product = match self.owner(event) {
            Ok(product) => product,
            Err(rejection) => {
                self.failure = Some(rejection);
                return;
            }
        };
        // The newer form of PostHog has its key in the head, and its answer
        // names events by the ids that were sent.
        if self.rules.form == BodyForm::PostHog && matches!(self.rules.owner, Owner::Product(_)) {
            self.ids.push(event.uuid.map(str::to_owned));
        }
        let reason = match arrived {
            BodyEvent::Rejected(reason, _) => Some(*reason),
            BodyEvent::Event(_) => None,
        };
        if product.is_none() && reason.is_none() {
            self.unclaimed += 1;
            return;
        }
        // What is not an event names no product: it is counted for that of the
        // first event that has one.
        let Some(product) = product.or(self.first) else {
            self.nobodys.extend(reason);
            return;
        };
        let plan = product.plan(self.rules.form);
        self.first = Some(self.first.unwrap_or(product));
        for reason in self.nobodys.drain(..) {
            self.request.reject(plan, reason);
        }
        if let Some(reason) = reason {
            self.request.reject(plan, reason);
            return;
        }
        let judged = match self.rules.outside {
            None => self.request.judge(plan, event, self.rules.missing),
            Some(outside) => {
                let mut whole: FlatEvent<'b> = (*event).clone();
                whole.given.event = Some(outside.event);
                whole.given.id = Some(outside.id);
                whole.given.time = Some(outside.time);
                self.request.judge(plan, &whole, self.rules.missing)
            }
        };
        if let Err(error) = judged {
            self.failure = Some(no_random_bits(self.app, error));
        }
    }

    /// The product of an event; `None` if it is of none.
    fn owner(&mut self, event: &FlatEvent<'b>) -> Result<Option<&'a LoadedProduct>, Rejection> {
        match self.rules.owner {
            Owner::Product(_) => Ok(self.own),
            Owner::Key { no_key } => {
                let key = event.key.ok_or(Rejection::NoKey(no_key))?;
                self.named(key, write_key::product).map(Some)
            }
            Owner::Service { no_key } => {
                let service = event.service.ok_or(Rejection::NoKey(no_key));
                match service.and_then(|name| self.named(name, write_key::named)) {
                    Ok(product) if !product.takes(self.rules.form) => {
                        self.why_nobodys.get_or_insert(Rejection::NotObserved);
                        Ok(None)
                    }
                    Ok(product) => Ok(Some(product)),
                    Err(rejection) => {
                        self.why_nobodys.get_or_insert(rejection);
                        Ok(None)
                    }
                }
            }
        }
    }

    /// The product that `find` finds by a key or a service.
    fn named(
        &mut self,
        name: &'b str,
        find: fn(&App, &'a Registry, &str) -> Result<&'a LoadedProduct, Rejection>,
    ) -> Result<&'a LoadedProduct, Rejection> {
        match self.last {
            Some((last, product)) if last == name => Ok(product),
            _ => {
                let product = find(self.app, self.registry, name)?;
                self.last = Some((name, product));
                Ok(product)
            }
        }
    }

    fn finish(mut self, read: Result<(), Rejection>) -> Result<JudgedBody, Rejection> {
        let arrivals = self.request.finish();
        // A body in which nothing has a product has no arrivals: there is
        // nothing to count them for.
        let nobodys = self.why_nobodys.take().filter(|_| self.first.is_none());
        match read.err().or(self.failure).or(nobodys) {
            None => Ok(JudgedBody { arrivals, ids: self.ids, unclaimed: self.unclaimed }),
            Some(rejection) => {
                arrivals.forget();
                Err(rejection)
            }
        }
    }
}

/// The system gives no random bits for the id of an event.
pub(super) fn no_random_bits(app: &App, error: getrandom::Error) -> Rejection {
    let sentence = Sentence::from("cannot get random bytes for the ids of events: ").and(&error);
    app.log.error(LogPart::Requests, sentence);
    Rejection::Busy
}
