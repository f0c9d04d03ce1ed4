//! Chaos: 64 writers and 4 shippers, killed at random instants while the
//! destination fails at random, and then the books: every event that was
//! recorded has arrived, once.
//!
//! `HEADCOUNT_CHAOS_S=60` makes it last a minute; three seconds otherwise. A
//! writer notes each event after it was recorded, a byte in a file of its own,
//! which survives its death. So an event that was noted must have arrived, and
//! of those not noted only the one that each writer had in hand may have.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use headcount::ship::Ureq;
use headcount_queue::{Bounds, Queue};
use headcount_testkit::{Home, RunningProgram};
use serde_json::Value as Json;

use crate::{roles, scene};

const WRITERS: usize = 64;
const SHIPPERS: usize = 4;

/// Numbers that belong to one writer; each has one of its own, also in place of
/// one that was killed.
const EACH: i64 = 100_000;

/// A writer rests while so many bytes or claims wait, so that the queue stays
/// far from its bounds, which are not what this is about: 16 claims of 64 KiB,
/// and a line more of each writer, are 1.2 of 5.2 MB and 9,000 of 20,000 lines.
/// Shippers are killed faster than they ship.
const REST_BYTES: u64 = 64 * 1024;
const REST_CLAIMS: usize = 16;

/// Between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// Chance that can be had again: SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// What has arrived: each number with the id it came under.
#[derive(Default)]
struct Arrivals {
    ids: BTreeMap<i64, String>,
    /// Events that came again under their own id: at least once is allowed on
    /// the wire.
    again: u64,
    /// Numbers under two ids: recorded twice, or made up.
    doubled: Vec<i64>,
    requests: u64,
    failures: u64,
}

impl Arrivals {
    fn take(&mut self, body: &[u8]) {
        let json: Json = serde_json::from_slice(body).expect("a body of JSON");
        for event in json["events"].as_array().expect("events") {
            let number = event["number"].as_i64().expect("a number");
            let id = event["id"].as_str().expect("an id").to_owned();
            match self.ids.get(&number) {
                None => {
                    self.ids.insert(number, id);
                }
                Some(before) if *before == id => self.again += 1,
                Some(_) => self.doubled.push(number),
            }
        }
    }
}

/// A destination that takes three requests of four, and of the fourth the body
/// without an answer, or nothing.
fn serve(listener: &TcpListener, arrivals: &Mutex<Arrivals>) {
    let mut chance = Chance(7);
    for stream in listener.incoming().map_while(Result::ok) {
        let fate = chance.below(8);
        // A shipper that was killed has cut it.
        let _ = answer(&stream, fate, arrivals);
    }
}

fn answer(stream: &TcpStream, fate: u64, arrivals: &Mutex<Arrivals>) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some(number) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = number.trim().parse().map_err(io::Error::other)?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut arrivals = arrivals.lock().expect("no panic");
    arrivals.requests += 1;
    arrivals.failures += u64::from(fate < 2);
    if fate != 0 && length > 0 {
        arrivals.take(&body);
    }
    drop(arrivals);
    let mut stream = stream;
    match fate {
        0 => stream.write_all(b"HTTP/1.1 503 Later\r\ncontent-length: 0\r\n\r\n"),
        // Taken, and the answer is lost.
        1 => Ok(()),
        _ => stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"),
    }
}

/// What a writer does until it is killed.
pub(crate) fn write(writer: i64) {
    let (catalog, session) = (roles::own_catalog(), roles::open());
    let mut notes = note_file(&home(), &writer.to_string());
    let queue = queue(&home());
    let mut number = writer * EACH;
    loop {
        while is_long(&queue) {
            std::thread::park_timeout(LOOK_AGAIN);
        }
        match session.try_record(&scene::Tick::new(catalog, number)) {
            Ok(()) => notes.write_all(b".").expect("a note"),
            Err(error) => {
                let text = format!("writer {writer}: {error}\n");
                note_file(&home(), REFUSED).write_all(text.as_bytes()).expect("a note");
            }
        }
        number += 1;
    }
}

fn is_long(queue: &Queue) -> bool {
    queue.open_bytes() >= REST_BYTES
        || queue.glance().expect("a folder").claims.len() >= REST_CLAIMS
}

/// What a shipper does until it is killed.
pub(crate) fn ship() {
    let transport = Ureq::new();
    loop {
        roles::open().flush(&transport);
        std::thread::park_timeout(LOOK_AGAIN);
    }
}

fn home() -> std::path::PathBuf {
    std::env::var_os("HOME").expect("a home").into()
}

/// Where writers note what was refused.
const REFUSED: &str = "refused";

fn note_file(home: &std::path::Path, name: &str) -> fs::File {
    let path = home.join("notes").join(name);
    OpenOptions::new().append(true).create(true).open(path).expect("a file for notes")
}

fn queue(home: &std::path::Path) -> Queue {
    Queue::new(&home.join(".tick/events.jsonl"), Bounds::USUAL).expect("a queue")
}

/// A pause after a failure lasts seconds, and a test has none.
fn end_pauses(home: &Home) {
    let _ = fs::remove_file(home.path().join(".tick/telemetry-state/one.backoff.json"));
}

/// Everybody at work, and the next number for a writer.
struct Crowd<'a> {
    home: &'a Home,
    running: Vec<RunningProgram>,
    next: i64,
}

impl Crowd<'_> {
    /// Somebody new in a place: the first of them are shippers.
    fn start(&mut self, place: usize) -> RunningProgram {
        let role = if place < SHIPPERS {
            "ship".to_owned()
        } else {
            self.next += 1;
            format!("write {}", self.next - 1)
        };
        roles::child(self.home, &role).limit(Duration::from_secs(600)).spawn()
    }
}

fn disturb(home: &Home, time: Duration, chance: &mut Chance) -> (i64, u64) {
    let mut crowd = Crowd { home, running: Vec::new(), next: 0 };
    for place in 0..SHIPPERS + WRITERS {
        let one = crowd.start(place);
        crowd.running.push(one);
    }
    let start = Instant::now();
    let mut kills = 0;
    while start.elapsed() < time {
        std::thread::park_timeout(Duration::from_millis(chance.below(40)));
        // A shipper as often as a writer, although they are few.
        let place = match chance.below(2) {
            0 => chance.below(SHIPPERS as u64),
            _ => SHIPPERS as u64 + chance.below(WRITERS as u64),
        };
        let place = usize::try_from(place).expect("a place");
        crowd.running[place].kill();
        crowd.running[place] = crowd.start(place);
        kills += 1;
        end_pauses(home);
    }
    (crowd.next, kills)
}

#[test]
fn nothing_is_lost_and_nothing_counted_twice() {
    let seconds = std::env::var("HEADCOUNT_CHAOS_S").ok().and_then(|it| it.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(3));
    let arrivals = Arc::new(Mutex::new(Arrivals::default()));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let url = format!("http://{}/e", listener.local_addr().expect("an address"));
    let taken = Arc::clone(&arrivals);
    std::thread::spawn(move || serve(&listener, &taken));

    let home = Home::new();
    fs::create_dir(home.path().join("notes")).unwrap();
    let catalog = roles::settle(&home, &scene::text(&[scene::destination("one", "http", &url)]));
    // The id and what was agreed to are there before the crowd is.
    scene::said(catalog, &home, scene::after(0), "on");
    let (writers, kills) = disturb(&home, time, &mut Chance(11));

    let mut rounds = 0;
    while queue(home.path()).waiting().expect("a folder").lines > 0 {
        end_pauses(&home);
        let mut surroundings = scene::surroundings(&home, scene::after(0));
        surroundings.clock = headcount::Clock::System;
        headcount::Telemetry::new(catalog, headcount::Host::new("1.2.3"), surroundings)
            .open()
            .flush(&Ureq::new());
        rounds += 1;
        assert!(rounds < 1_000, "it is never empty");
    }
    balance(&home, writers, kills, &arrivals.lock().expect("no panic"));
}

fn balance(home: &Home, writers: i64, kills: u64, arrivals: &Arrivals) {
    let refused = fs::read_to_string(home.path().join("notes").join(REFUSED)).unwrap_or_default();
    assert_eq!(refused, "", "what the books do not hold");
    let (mut noted, mut unnoted) = (0, 0);
    for writer in 0..writers {
        let path = home.path().join("notes").join(writer.to_string());
        let bytes = fs::metadata(path).map_or(0, |metadata| metadata.len());
        let count = i64::try_from(bytes).expect("a count");
        let (first, end) = (writer * EACH, writer * EACH + count);
        let lost: Vec<i64> = (first..end).filter(|it| !arrivals.ids.contains_key(it)).collect();
        let tally = || home.read(".tick/telemetry-state/tally.json");
        assert!(lost.is_empty(), "writer {writer} noted {count}, lost {lost:?}: {}", tally());
        let beyond: Vec<&i64> = arrivals.ids.range(end..first + EACH).map(|(it, _)| it).collect();
        assert!(beyond.is_empty() || beyond == [&end], "writer {writer}: {beyond:?} beyond {end}");
        noted += count;
        unnoted += beyond.len();
    }
    assert_eq!(arrivals.doubled, Vec::<i64>::new(), "recorded twice");
    assert_eq!(arrivals.ids.len() as i64, noted + unnoted as i64, "nobody's events");
    println!(
        "{kills} kills of {writers} writers and {SHIPPERS} shippers: {noted} events noted, all arrived; \
         {unnoted} more that a kill kept from being noted; {} came again under their own id, \
         in {} requests of which {} failed",
        arrivals.again, arrivals.requests, arrivals.failures
    );
    assert!(noted > 0 && kills > 0);
}
