//! A collector that is operated under load. Clients of every dialect send over
//! TLS with real keys, each event with an id of its own, until every event is
//! acknowledged; meanwhile its operator restarts it, kills it, reloads it,
//! loads catalogs, renews the certificate, rotates keys, changes a password,
//! takes the folder away and backs it up. Its folder begins as one of format 2.
//!
//! Then the books: what is stored is what was acknowledged, each event once and
//! none invented; every answer was of its dialect; the newest backup has
//! everything that was acknowledged before it began.
//!
//! `HEADCOUNT_CHAOS_S=60` makes it last a minute; otherwise it ends once the
//! operator has done everything once. `HEADCOUNT_CHAOS_SEED=7` has another
//! order.

mod books;
mod chance;
mod client;
mod dialect;
mod operator;
mod tls;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use headcount_catalog::{Day, Time};
use headcount_testkit::Home;
use serde_json::Value as Json;

use crate::stage::headcount;
use books::Stage;
use chance::Chance;
use client::Client;
use dialect::Dialect;
use operator::{Act, Operator};

/// Two of each dialect.
const CLIENTS: u64 = 2 * Dialect::ALL.len() as u64;

/// A file of format 2, with the lines that the version which wrote it read from
/// it.
const BEFORE: &[u8] =
    include_bytes!("../../../../headcount-store/src/embedded/tests/fixtures/format_2.db");
const LINES_BEFORE: &str =
    include_str!("../../../../headcount-store/src/embedded/tests/fixtures/raw.txt");

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

#[test]
fn nothing_acknowledged_is_missing_and_every_answer_is_of_its_dialect() {
    let time = Duration::from_secs(variable("HEADCOUNT_CHAOS_S").unwrap_or(0));
    let seed = variable("HEADCOUNT_CHAOS_SEED").unwrap_or(11);
    let today = Time::from_system(std::time::SystemTime::now()).day();
    let home = Home::new();
    folder_of_the_version_before(&home);
    let (mut operator, keys) = Operator::prepare(&home, seed);
    let stage = Stage::new(operator.start("data"));
    stage.books().keys = keys;

    let start = Instant::now();
    std::thread::scope(|scope| {
        // Clients end however the operator does.
        let end = EndOfStage(&stage);
        for number in 1..=CLIENTS {
            let stage = &stage;
            scope.spawn(move || Client::new(stage, number, today).run());
        }
        let mut chance = Chance(seed);
        loop {
            for act in shuffled(&mut chance) {
                operator.act(&stage, act);
                std::thread::park_timeout(Duration::from_millis(chance.below(200)));
            }
            if start.elapsed() >= time || !stage.books().faults.is_empty() {
                break;
            }
        }
        drop(end);
    });
    let lasted = start.elapsed();
    assert_eq!(stage.books().faults, Vec::<String>::new());
    operator.stop();
    settle(&home, &mut operator, &stage, today);
    told(&operator, &stage, lasted);
}

/// Ends the clients, also where the operator has panicked.
struct EndOfStage<'a>(&'a Stage);

impl Drop for EndOfStage<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// Every act once, in some order.
fn shuffled(chance: &mut Chance) -> Vec<Act> {
    let mut acts = Act::ALL.to_vec();
    for place in (1..acts.len()).rev() {
        let other = chance.below(place as u64 + 1);
        acts.swap(place, usize::try_from(other).unwrap());
    }
    acts
}

fn folder_of_the_version_before(home: &Home) {
    home.write("data/headcount.db", BEFORE);
    let mut chance = Chance(2);
    let secret: Vec<u8> = (0..4).flat_map(|_| chance.below(u64::MAX).to_be_bytes()).collect();
    home.write("data/secret", secret);
    use std::os::unix::fs::PermissionsExt as _;
    let private = |name, mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(home.path().join(name), permissions).unwrap();
    };
    private("data/secret", 0o600);
    private("data", 0o700);
}

/// What is stored of a product, each event by its id.
fn stored(home: &Home, data: &str, product: &str) -> BTreeMap<String, u64> {
    let output = headcount(home, &["export", product, "--data", data]).run();
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    let mut stored = BTreeMap::new();
    for line in output.stdout_text().lines() {
        let event: Json = serde_json::from_str(line).expect(line);
        let named =
            ["eventId", "uuid", "event_id", "id"].iter().find_map(|name| event[*name].as_str());
        let name = if product == "clacky" { event["version"].as_str() } else { named };
        *stored.entry(name.expect(line).to_owned()).or_default() += 1;
    }
    stored
}

/// The ids that the version before had stored of a product, as far as they are
/// still kept.
fn before(product: &str, today: Day) -> BTreeSet<String> {
    /// The catalogs keep 90 days.
    const KEPT_DAYS: i32 = 89;
    let of_product = LINES_BEFORE.lines().filter(|line| line.split(' ').next() == Some(product));
    let kept = of_product.filter(|line| {
        let day = line.split(' ').nth(1).and_then(Day::parse).unwrap();
        day.number() >= today.number() - KEPT_DAYS
    });
    kept.map(|line| line.split(' ').nth(2).unwrap().to_owned()).collect()
}

/// Compares the books with the folder, and with the newest backup.
fn settle(home: &Home, operator: &mut Operator<'_>, stage: &Stage, today: Day) {
    let books = stage.books();
    let newest = operator.backups.last().map(|backup| (backup.name.clone(), backup.acknowledged));
    let (newest, acknowledged) = newest.expect("a backup");
    for (folder, acknowledged) in [("data", books.acknowledged.len()), (&newest, acknowledged)] {
        operator.run(&["doctor", "--data", folder], "");
        for product in Dialect::ALL.map(Dialect::product) {
            let (stored, before) = (stored(home, folder, product), before(product, today));
            let compared = books.compare(product, &stored, acknowledged, &before);
            assert_eq!(compared, Ok(()), "{folder}");
            let lost: Vec<_> = before.iter().filter(|id| !stored.contains_key(*id)).collect();
            assert!(lost.is_empty(), "{folder}: {product} had {lost:?} before");
        }
    }
    drop(books);
    // The newest backup is served: all that clients know is a duplicate there.
    let address = operator.start(&newest);
    stage.is_up_at(address);
    operator.stop();
}

fn told(operator: &Operator<'_>, stage: &Stage, lasted: Duration) {
    let books = stage.books();
    println!("{CLIENTS} clients, {:.1} s, over the folder of format 2", lasted.as_secs_f64());
    for (act, (count, longest)) in &operator.done {
        println!("{act:?}: {count} times, the longest {:.2} s", longest.as_secs_f64());
    }
    for ((dialect, status), count) in &books.answers {
        match status {
            0 => println!("{dialect:?}: {count} without an answer"),
            _ => println!("{dialect:?}: {count} answered {status}"),
        }
    }
    println!(
        "{} events acknowledged, all stored; {} sent more than once",
        books.acknowledged.len(),
        books.sent.values().filter(|count| **count > 1).count()
    );
    assert!(books.acknowledged.len() > 100, "hardly a load");
}
