//! One person at work, through the real SDK: consent, record, queue and
//! shipment in a home folder of their own.

use std::fs;
use std::io;

use headcount::person::{Audience, Terminal};
use headcount::ship::{FlushEnd, Transport};
use headcount::{Host, Session, Surroundings, person};
use headcount_catalog::{ConsentDefault, Day, Time};
use serde_json::Value as Json;

use super::chance::Chance;
use super::day::{self, Act};
use super::line::{Answers, Line};
use super::people::{Answer, Person};
use super::values::Ids;
use super::{editions, limits};

/// Seconds from the last thing a person does to the shipment after it.
const SHIPS_AFTER_S: i64 = 20;

/// What stands around everybody who is played.
pub(super) struct Surface<'a> {
    /// The day that is played, and its number in the play.
    pub(super) day: Day,
    pub(super) number: i32,
    /// Nothing happens after this.
    pub(super) end: Time,
    /// Where the collector is.
    pub(super) url: &'a str,
    pub(super) transport: &'a dyn Transport,
}

/// A person who is played.
#[derive(Debug)]
pub(super) struct Player {
    pub(super) person: Person,
    /// Whether the answer was given.
    answered: bool,
    /// Whether the farewell was recorded.
    farewell: bool,
    /// Whether the person has turned it off for good.
    left: bool,
    recorded: u64,
    settled: u64,
    /// Lost on the way, as the SDK says.
    lost: u64,
    shipments: u64,
}

/// What came of a day.
#[derive(Debug, Default)]
pub(super) struct Lived {
    /// The product's place.
    pub(super) place: usize,
    pub(super) recorded: u64,
    /// Of these, reports that the SDK made of itself.
    pub(super) reports: u64,
    /// Of these, events of somebody who said no.
    pub(super) leaked: u64,
    /// Answers that got lost.
    pub(super) lost: u64,
    /// Requests that found nobody.
    pub(super) unanswered: u64,
    /// Requests for which there was no network.
    pub(super) without_network: u64,
    /// Why something was not done that should have been.
    pub(super) failures: Vec<String>,
}

impl Player {
    pub(super) fn new(person: Person) -> Self {
        Self {
            person,
            answered: false,
            farewell: false,
            left: false,
            recorded: 0,
            settled: 0,
            lost: 0,
            shipments: 0,
        }
    }

    /// Whether this person said no, or never said anything where saying nothing
    /// is no.
    pub(super) fn never_agreed(&self) -> bool {
        matches!(self.person.answer, Answer::No | Answer::Silence)
    }

    /// Whether this person said yes, and no later.
    pub(super) fn changed_mind(&self) -> bool {
        self.left
    }

    /// Whether nothing may be recorded now.
    fn refuses(&self) -> bool {
        self.left || self.never_agreed()
    }

    /// Events that no destination has settled yet.
    pub(super) fn waiting(&self) -> u64 {
        self.recorded.saturating_sub(self.settled + self.lost)
    }

    /// Events that were lost on their way to a destination.
    pub(super) fn lost(&self) -> u64 {
        self.lost
    }

    /// Files that are in the home of somebody who never said anything.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub(super) fn traces(&self) -> io::Result<usize> {
        match self.person.answer {
            Answer::Silence => Ok(fs::read_dir(&self.person.home)?.count()),
            _ => Ok(0),
        }
    }

    /// Lives one day.
    pub(super) fn live(&mut self, around: &Surface<'_>, ids: Ids<'_>) -> Lived {
        let mut lived = Lived { place: self.person.place, ..Lived::default() };
        let plan = day::plan(&self.person, around.number, around.day, around.end, &mut *ids);
        let (Some(first), Some(last)) = (plan.acts.first(), plan.acts.last()) else {
            // The machine is on even where nobody uses the product.
            if self.waiting() > 0 {
                self.ship(around, midday(around), &mut lived);
            }
            return lived;
        };
        self.answer(around, first.at, &mut lived);
        for (place, act) in plan.acts.iter().enumerate() {
            if plan.noon == Some(place) {
                self.ship(around, act.at, &mut lived);
            }
            self.record(around, act, &mut lived);
        }
        self.ship(around, later(last.at, SHIPS_AFTER_S), &mut lived);
        if let Answer::YesUntil(until) = self.person.answer
            && around.number >= until
        {
            self.leave(around, later(last.at, 2 * SHIPS_AFTER_S), &mut lived, ids);
        }
        lived
    }

    /// Says yes or no, once, before anything is recorded.
    fn answer(&mut self, around: &Surface<'_>, at: Time, lived: &mut Lived) {
        if self.answered {
            return;
        }
        self.answered = true;
        let asked = self.person.product.catalog.consent.default != ConsentDefault::On;
        let said = match self.person.answer {
            Answer::Yes | Answer::YesUntil(_) if asked => person::grant(&self.open(around, at)),
            Answer::No => person::refuse(&self.open(around, at)),
            _ => Ok(()),
        };
        lived.failures.extend(said.err().map(|error| format!("the answer was not kept: {error}")));
    }

    fn record(&mut self, around: &Surface<'_>, act: &Act, lived: &mut Lived) {
        let mut session = self.open_by(around, act.at, act.agent);
        session.describe(act);
        match session.try_record(act) {
            Ok(()) => {
                self.recorded += 1;
                lived.recorded += 1;
                lived.leaked += u64::from(self.refuses());
            }
            Err(error) if error.is_off() && self.refuses() => {}
            // What a later catalog brought waits for another yes: newcomers
            // alone have heard of it.
            Err(error) if error.is_withheld() => {}
            Err(error) => lived.failures.push(error.to_string()),
        }
    }

    /// Ships what is queued.
    pub(super) fn ship(&mut self, around: &Surface<'_>, at: Time, lived: &mut Lived) {
        let line = Line::new(around.transport, self.answers(around, at));
        let session = self.open(around, at);
        let flushed = session.flush(&line);
        self.shipments += 1;
        self.settled += flushed.arrived.taken + flushed.arrived.rejected;
        // The SDK's own events, which no act of ours is behind.
        self.recorded += flushed.reports;
        lived.recorded += flushed.reports;
        lived.reports += flushed.reports;
        lived.leaked += if self.refuses() { flushed.reports } else { 0 };
        lived.lost += line.lost();
        lived.unanswered += line.unanswered();
        lived.without_network += line.without_network();
        if self.waiting() > 0 {
            match lost_by(&session) {
                Ok(lost) => self.lost = lost,
                Err(sentence) => lived.failures.push(sentence),
            }
        }
        if matches!(flushed.ended, FlushEnd::Failed | FlushEnd::Held | FlushEnd::OutOfTime) {
            lived.failures.push(format!("a shipment ended early: {:?}", flushed.ended));
        }
    }

    /// A rejected event that is sent again is rejected again, unless its time
    /// has come by then; and one whose answer got lost has arrived, also where
    /// it waits too long after that. So that the books stay simple, whoever has
    /// a wrong clock, a product with a retired catalog or no network for long
    /// has a good line otherwise.
    fn answers(&self, around: &Surface<'_>, at: Time) -> Answers {
        let second =
            i64::from(around.number) * 86_400 + at.seconds() - around.day.start().seconds();
        if self.person.is_without_network(second) {
            return Answers::NoNetwork;
        }
        let mut chance = self.person.chance.named("line");
        let lost = Chance::of(&[chance.next(), self.shipments]).happens(limits::ANSWERS_LOST);
        let has_good_line = !self.person.ahead.is_empty()
            || editions::has_retired(self.person.product.story.product)
            || self.person.is_offline_for_long();
        if lost && !has_good_line { Answers::GetLost } else { Answers::Arrive }
    }

    /// Turns it off. What is queued then is deleted, so the person waits until
    /// nothing is.
    ///
    /// On the way out a product may say that somebody left. The SDK would send
    /// that itself, once, whether it arrives or not; here it is recorded like
    /// anything else, so that the books know of it, and the session that says
    /// no has nothing of the host's to make another one of.
    fn leave(&mut self, around: &Surface<'_>, at: Time, lived: &mut Lived, ids: Ids<'_>) {
        if self.left || self.waiting() > 0 {
            return;
        }
        if let Some(event) = self.person.product.catalog.consent.farewell
            && !self.farewell
            && let Some(act) = day::alone(&self.person, around.number, at, event, ids)
        {
            self.farewell = true;
            self.record(around, &act, lived);
            self.ship(around, later(at, SHIPS_AFTER_S), lived);
        }
        if self.waiting() == 0 {
            let said = person::refuse(&self.open(around, later(at, 2 * SHIPS_AFTER_S)));
            lived.failures.extend(said.err().map(|error| format!("the no was not kept: {error}")));
            self.left = true;
        }
    }

    /// The program as it starts at this time on this person's machine.
    fn open(&self, around: &Surface<'_>, at: Time) -> Session {
        self.open_by(around, at, None)
    }

    /// The same, where an agent starts it, which sets this variable.
    fn open_by(&self, around: &Surface<'_>, at: Time, agent: Option<&'static str>) -> Session {
        let played = &self.person;
        let catalog = played.catalog(around.number);
        let mut variables = played.variables.clone();
        variables.extend(agent.map(|variable| (variable.to_owned(), "1".to_owned())));
        variables.insert(catalog.variable("ENDPOINT"), around.url.to_owned());
        let ahead = i64::from(played.days_ahead(around.number)) * 86_400;
        let mut surroundings = Surroundings::given(&played.home, variables, later(at, ahead));
        surroundings.platform = played.platform;
        surroundings.arch = played.arch;
        surroundings.machine = played.machine.clone();
        let version = played.version(around.number);
        let open =
            || headcount::Telemetry::new(catalog, Host::new(version), surroundings.clone()).open();
        // An earlier run has told the person what is on by default.
        if catalog.consent.default == ConsentDefault::On {
            let first = open();
            let notice = person::notice(&first, Terminal::Absent, Audience::ForPeople);
            let _ = notice.and_then(person::Notice::into_text);
        }
        open()
    }
}

/// How many events were lost on the way, by the status that a person can ask
/// for. What was rejected has arrived.
fn lost_by(session: &Session) -> Result<u64, String> {
    let reply = person::run(session, &["status".to_owned(), "--json".to_owned()]);
    let status: Json = serde_json::from_str(&reply.out)
        .map_err(|error| format!("the status is not JSON: {error}: {}", reply.out))?;
    let lost = status["lost"].as_object().into_iter().flatten();
    Ok(lost.filter(|(why, _)| *why != "rejected").filter_map(|(_, events)| events.as_u64()).sum())
}

fn later(time: Time, seconds: i64) -> Time {
    Time::from_seconds(time.seconds() + seconds)
}

fn midday(around: &Surface<'_>) -> Time {
    later(around.day.start(), 43_200).min(around.end)
}
