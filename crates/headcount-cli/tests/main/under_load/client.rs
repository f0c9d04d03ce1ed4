//! A client of one dialect: it sends events until each is acknowledged, and
//! looks at every answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use headcount_catalog::{Day, EventId};
use rustls::ClientConfig;

use super::books::Stage;
use super::chance::Chance;
use super::dialect::{Dialect, Sent, Verdict};
use super::tls::{self, Connection};

/// An event that is not acknowledged for so long is a fault: no act of the
/// operator takes that long, on a machine with much to do either.
const PATIENCE: Duration = Duration::from_secs(90);

/// Before the same request is sent again. Clients in the field wait as long as
/// `Retry-After` says.
const PAUSE: Duration = Duration::from_millis(20);

/// Bytes of a body that is too large: `limits::BODY_BYTES` is 5 MiB.
const TOO_LARGE: usize = 5 * 1024 * 1024 + 1;

pub(super) struct Client<'a> {
    stage: &'a Stage,
    dialect: Dialect,
    number: u64,
    chance: Chance,
    day: Day,
    config: Arc<ClientConfig>,
    connection: Option<Connection>,
    requests: u64,
}

impl<'a> Client<'a> {
    /// A client with a number that no other one has.
    pub(super) fn new(stage: &'a Stage, number: u64, day: Day) -> Self {
        let all = Dialect::ALL;
        let place = usize::try_from(number).expect("a small number") % all.len();
        Self {
            stage,
            dialect: all[place],
            number,
            chance: Chance(number),
            day,
            config: tls::config(),
            connection: None,
            requests: 0,
        }
    }

    /// Sends until the stage is over, and then what is still to be sent.
    pub(super) fn run(mut self) {
        while !self.stage.is_over() {
            self.requests += 1;
            let sent = self.events();
            match self.chance.below(24) {
                0 => self.with_a_wrong_key(&sent),
                1 => self.half(&sent),
                2 if self.chance.below(8) == 0 => self.too_large(),
                // A client of one request.
                3 => self.connection = None,
                _ => {}
            }
            self.until_acknowledged(&sent);
        }
    }

    /// Each client's first request too large is soon: every dialect has seen
    /// its answer then.
    fn too_large(&mut self) {
        let body = vec![b' '; TOO_LARGE];
        let request = self.dialect.bytes(&body, &self.stage.key(self.dialect.product()));
        self.expect(&request, Verdict::TooLarge);
    }

    fn events(&mut self) -> Sent {
        let count = 1 + self.chance.below(self.dialect.most_events());
        let ids: Vec<EventId> = (0..count).map(|place| self.id(place)).collect();
        let mark = format!("1.{}.{}", self.number, self.requests);
        self.dialect.request(&self.day.to_string(), &ids, &mark)
    }

    fn id(&self, place: u64) -> EventId {
        let mut random = [0; 16];
        // The first bytes are the day's.
        let own = (self.number << 48) | (self.requests << 8) | place;
        random[8..].copy_from_slice(&own.to_be_bytes());
        EventId::new(self.day, random)
    }

    /// Somebody else's key, with events that must not be stored.
    fn with_a_wrong_key(&mut self, sent: &Sent) {
        let request =
            self.dialect.bytes(&sent.body, "hcw_0123456789012345678901234567890123456789");
        self.expect(&request, Verdict::UnknownKey);
    }

    fn expect(&mut self, request: &[u8], wanted: Verdict) {
        let verdict = self.ask(request, &[]);
        if verdict.is_some_and(|verdict| verdict != wanted && verdict != Verdict::Later) {
            let dialect = self.dialect;
            self.stage.books().fault(format!("{dialect:?}: {verdict:?} instead of {wanted:?}"));
        }
    }

    /// A connection that ends in the middle of a request.
    fn half(&mut self, sent: &Sent) {
        let request = self.dialect.bytes(&sent.body, &self.stage.key(self.dialect.product()));
        if let Ok(mut connection) = Connection::open(&self.config, self.stage.address()) {
            let _ = connection.send(&request[..request.len() - 1]);
        }
    }

    fn until_acknowledged(&mut self, sent: &Sent) {
        let start = Instant::now();
        loop {
            // The key of this moment: it may have been replaced meanwhile.
            let key = self.stage.key(self.dialect.product());
            let request = self.dialect.bytes(&sent.body, &key);
            self.stage.books().send(self.dialect, &sent.ids);
            if self.ask(&request, &sent.ids) == Some(Verdict::Acknowledged) {
                self.stage.books().acknowledge(self.dialect, &sent.ids);
                return;
            }
            if start.elapsed() > PATIENCE {
                let sentence = format!("{:?}: {:?} never acknowledged", self.dialect, sent.ids);
                return self.stage.books().fault(sentence);
            }
            std::thread::park_timeout(PAUSE);
        }
    }

    /// Sends a request, once. No verdict if there was no answer, or not one of
    /// the dialect's, which is a fault.
    fn ask(&mut self, request: &[u8], ids: &[String]) -> Option<Verdict> {
        let place = self.stage.place();
        let connection = self
            .connection
            .take()
            .map_or_else(|| Connection::open(&self.config, place.address), Ok);
        let answer = connection.and_then(|mut connection| {
            let answer = connection.exchange(request)?;
            if answer.header("connection") != Some("close") {
                self.connection = Some(connection);
            }
            Ok(answer)
        });
        let mut books = self.stage.books();
        let Ok(answer) = answer else {
            books.answered(self.dialect, 0);
            if place.is_up && self.stage.place() == place {
                let sentence = format!("{:?}: no answer of a collector that runs", self.dialect);
                books.fault(sentence);
            }
            return None;
        };
        books.answered(self.dialect, answer.status);
        match self.dialect.verdict(&answer, ids) {
            Ok(verdict) => Some(verdict),
            Err(sentence) => {
                books.fault(sentence);
                None
            }
        }
    }
}
