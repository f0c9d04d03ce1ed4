//! Several destinations: one that is dead neither holds up another nor doubles
//! it, and gets everything once when it is back.

use headcount::Catalog;
use headcount::ship::FlushEnd;
use headcount_testkit::{CannedAnswer, CaptureServer, CapturedRequest, Home, ServerReply};

use crate::scene;

/// An hour of a person at work: a command a minute.
const HOUR_S: i64 = 3_600;
const MINUTE_S: i64 = 60;

/// Two destinations of these kinds, the first of them dead for an hour.
struct Pair {
    kinds: [&'static str; 2],
    dead: CaptureServer,
    alive: CaptureServer,
    catalog: &'static Catalog,
    home: Home,
}

impl Pair {
    fn new(kinds: [&'static str; 2]) -> Self {
        let (dead, alive) = (CaptureServer::start(), CaptureServer::start());
        alive.reply_otherwise(scene::yes(kinds[1]));
        let address =
            |server: &CaptureServer, kind| format!("{}{}", server.url(), scene::path(kind));
        let catalog = scene::catalog(&scene::text(&[
            scene::destination("dead", kinds[0], &address(&dead, kinds[0])),
            scene::destination("alive", kinds[1], &address(&alive, kinds[1])),
        ]));
        Self { kinds, dead, alive, catalog, home: Home::new() }
    }

    /// Every way of being dead that answers at once, in turn.
    fn ail(&self, minute: i64) {
        let page = CannedAnswer::status(200).header("content-type", "text/html");
        self.dead.reply_otherwise(match minute % 4 {
            0 => ServerReply::Lost,
            1 => ServerReply::Now(CannedAnswer::status(503)),
            2 => ServerReply::Now(page.body("<html>Sign in to the network</html>")),
            _ => ServerReply::Now(CannedAnswer::status(302).header("location", &self.alive.url())),
        });
    }

    /// A command at a minute of the day: one event, and a shipment.
    fn command(&self, minute: i64) {
        let now = scene::after(minute * MINUTE_S);
        scene::ticks(self.catalog, &self.home, now, [minute]);
        let flushed = scene::ship(self.catalog, &self.home, now);
        assert_eq!(flushed.ended, FlushEnd::Done, "minute {minute}");
    }
}

fn all(requests: &[CapturedRequest]) -> Vec<i64> {
    requests.iter().flat_map(scene::numbers).collect()
}

fn one_dead_for_an_hour(kinds: [&'static str; 2]) {
    let pair = Pair::new(kinds);
    let minutes = HOUR_S / MINUTE_S;
    for minute in 0..minutes {
        pair.ail(minute);
        pair.command(minute);
        // Once, in order, and on time: with the shipment of its own command.
        assert_eq!(all(&pair.alive.requests()), (0..=minute).collect::<Vec<_>>(), "{kinds:?}");
    }
    let tried = pair.dead.requests().len();
    // Pauses of 1, 2, 4 … 64 s fit between two commands, those of 128 s and
    // more last over several: 7 tries, then 4 more in the rest of the hour,
    // halved at most by jitter.
    assert!((8..=16).contains(&tried), "{tried} tries in an hour: {kinds:?}");

    pair.dead.reply_otherwise(scene::yes(pair.kinds[0]));
    let last = 2 * minutes + 2;
    for minute in minutes..last {
        pair.command(minute);
    }
    let mut arrived = all(&pair.dead.requests()[tried..]);
    arrived.sort_unstable();
    assert_eq!(arrived, (0..last).collect::<Vec<_>>(), "each once, when it was back: {kinds:?}");
    assert_eq!(all(&pair.alive.requests()), (0..last).collect::<Vec<_>>(), "{kinds:?}");
    assert!(!scene::paths(pair.catalog, &pair.home).queue.exists(), "nothing is left");
}

#[test]
fn two_http_destinations() {
    one_dead_for_an_hour(["http", "http"]);
}

#[test]
fn an_otlp_destination_beside_a_dead_posthog() {
    one_dead_for_an_hour(["posthog", "otlp"]);
}

#[test]
fn a_posthog_destination_beside_a_dead_otlp() {
    one_dead_for_an_hour(["otlp", "posthog"]);
}
