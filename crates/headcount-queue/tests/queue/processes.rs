//! Many real processes append, claim and are killed, and every line is
//! accounted for.
//!
//! The test program starts itself again as a writer or a shipper. A variable
//! says which. Each process notes what it did in a file of its own, which
//! remains after its death.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use headcount_queue::{Bounds, DestinationName, LineOutcome, LineSet, Queue, Shipper};

use crate::scene::{NOW_S, Scene, destination};

/// Role, number, count and folder, a word each but the last.
const ROLE: &str = "HEADCOUNT_QUEUE_TEST_ROLE";

const BOUNDS: Bounds = Bounds { bytes: 1 << 30, lines: 10_000_000, days: 30 };

const PATIENCE: Duration = Duration::from_secs(30);

/// A writer rests while so many bytes wait in the open segment: a dead
/// shipper's queue stays small.
const REST_BYTES: u64 = 256 * 1024;

/// Not a test: what the child processes of the tests below do.
#[test]
fn child() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let mut words = role.splitn(4, ' ');
    let mut word = || words.next().unwrap().to_owned();
    let (role, number, count, folder) = (word(), word(), word().parse().unwrap(), word());
    let place = Place(PathBuf::from(folder));
    match role.as_str() {
        "write" => write(&place, &number, count),
        "ship" => ship_until_killed(&place),
        other => panic!("no such role: {other}"),
    }
}

/// A child that does not outlive its test.
struct Running(Child);

impl Running {
    fn is_running(&mut self) -> bool {
        self.0.try_wait().unwrap().is_none()
    }

    fn succeeded(&mut self) -> bool {
        self.0.wait().unwrap().success()
    }

    /// `kill -9`, at whatever it is doing.
    fn end(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

fn wait_until(mut condition: impl FnMut() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < PATIENCE, "it never came");
        std::thread::yield_now();
    }
}

/// The folder of a test, as its processes see it.
struct Place(PathBuf);

impl Place {
    fn of(scene: &Scene) -> Place {
        fs::create_dir_all(scene.folder.join("telemetry-state").join("sent")).unwrap();
        Place(scene.folder.clone())
    }

    fn queue(&self) -> Queue {
        Queue::new(&self.0.join("events.jsonl"), BOUNDS).unwrap()
    }

    fn state(&self) -> PathBuf {
        self.0.join("telemetry-state")
    }

    fn notes(&self, number: &str) -> PathBuf {
        self.state().join(format!("noted-{number}"))
    }

    fn command(&self, role: &str, number: usize, count: usize) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "processes::child", "--nocapture"]);
        command.env(ROLE, format!("{role} {number} {count} {}", self.0.display()));
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::inherit());
        command
    }

    fn start(&self, role: &str, number: usize, count: usize) -> Running {
        Running(self.command(role, number, count).spawn().unwrap())
    }

    /// How many lines the writers noted as appended.
    fn noted(&self, numbers: usize) -> BTreeMap<usize, u64> {
        let bytes = |number: usize| match fs::metadata(self.notes(&number.to_string())) {
            Err(error) if error.kind() == ErrorKind::NotFound => 0,
            metadata => metadata.unwrap().len(),
        };
        (0..numbers).map(|number| (number, bytes(number))).collect()
    }
}

/// Line `n` of a writer: most as long as a record, some longer than a page, so
/// that a death can tear them.
fn line(number: &str, n: usize) -> String {
    let filling = "x".repeat(if n % 8 == 3 { n * 37 % 6_000 } else { n % 300 });
    format!("{number} {n} {filling}.")
}

/// Appends, and notes one byte for each line that was taken.
fn write(place: &Place, number: &str, count: usize) {
    let queue = place.queue();
    let path = place.notes(number);
    let mut notes = OpenOptions::new().append(true).create(true).open(path).unwrap();
    let waiting = || fs::metadata(queue.path()).map_or(0, |metadata| metadata.len());
    for n in 0..count {
        wait_until(|| waiting() < REST_BYTES);
        queue.append(&line(number, n)).unwrap();
        notes.write_all(b".").unwrap();
    }
}

/// A destination that keeps each batch in a file of its own: the same batch
/// sent twice is the same file, which is what event ids are to a real one.
fn ship(place: &Place, shipper: &Shipper, dest: &DestinationName) {
    let all = std::slice::from_ref(dest);
    let claimed = shipper.claim(NOW_S, all).unwrap();
    assert_eq!(claimed.drops.total(), 0);
    for claim in &claimed.claims {
        let mut progress = shipper.progress(claim, dest).unwrap();
        let lines: Vec<_> = claim.lines().unwrap().map(Result::unwrap).collect();
        let free = lines.iter().map(|line| line.index).filter(|index| progress.is_free(*index));
        for batch in free.collect::<Vec<_>>().chunks(20) {
            progress.seal(batch.iter().copied().collect::<LineSet>(), NOW_S).unwrap();
        }
        for batch in progress.batches().to_vec() {
            let lines = lines.iter().filter(|line| batch.lines().contains(line.index));
            let body: String = lines.map(|line| format!("{}\n", line.text)).collect();
            let name = format!("{}.{}", claim.name(), batch.number());
            let sent = place.state().join("sent").join(name);
            if let Ok(before) = fs::read_to_string(&sent) {
                assert!(body.starts_with(&before), "the same batch has the same body");
            }
            fs::write(&sent, body).unwrap();
            progress.settle(batch.lines(), LineOutcome::Done).unwrap();
        }
        shipper.remove_when_settled(claim, all).unwrap();
    }
}

fn ship_until_killed(place: &Place) {
    let dest = destination("a");
    // The test holds the other end of the pipe: it closes when the test ends.
    std::thread::spawn(|| {
        let _ = io::stdin().read(&mut [0]);
        std::process::exit(1);
    });
    loop {
        let shipper = place.queue().shipper(&place.state(), PATIENCE).unwrap();
        ship(place, &shipper, &dest);
    }
}

/// How often each line arrived, by writer and number, and how many arrived that
/// no writer wrote.
fn arrived(place: &Place) -> (BTreeMap<(usize, usize), u64>, usize) {
    let (mut arrived, mut strange) = (BTreeMap::new(), 0);
    for entry in fs::read_dir(place.state().join("sent")).unwrap() {
        for text in fs::read_to_string(entry.unwrap().path()).unwrap().lines() {
            let mut words = text.split(' ');
            let mut number = || words.next().and_then(|word| word.parse::<usize>().ok());
            match (number(), number()) {
                (Some(writer), Some(n)) if text == line(&writer.to_string(), n) => {
                    *arrived.entry((writer, n)).or_default() += 1;
                }
                _ => strange += 1,
            }
        }
    }
    (arrived, strange)
}

/// Checks that everything that was noted arrived once. The last line of a
/// writer that died may have arrived without being noted. A line that continues
/// a fragment is not a record, and was written once more.
fn assert_conserved(place: &Place, writers: usize, deaths: usize) -> usize {
    let (arrived, strange) = arrived(place);
    assert!(strange <= deaths, "{strange} lines that nobody wrote");
    assert!(arrived.values().all(|times| *times == 1), "none twice");
    for (writer, noted) in place.noted(writers) {
        let here = arrived.range((writer, 0)..(writer + 1, 0)).count() as u64;
        let first = (0..noted as usize).find(|n| !arrived.contains_key(&(writer, *n)));
        assert_eq!(first, None, "lost of writer {writer}, which noted {noted}");
        assert!(here <= noted + 1, "writer {writer}: {here} arrived, {noted} noted");
    }
    arrived.len()
}

fn ship_the_rest(place: &Place) {
    let shipper = place.queue().shipper(&place.state(), PATIENCE).unwrap();
    ship(place, &shipper, &destination("a"));
    assert!(place.queue().claims().unwrap().is_empty());
}

#[test]
fn eight_writers_and_a_shipper_that_claims_all_the_time() {
    const WRITERS: usize = 8;
    const LINES: usize = 2_000;
    let scene = Scene::new();
    let place = Place::of(&scene);
    let mut writers: Vec<_> = (0..WRITERS).map(|n| place.start("write", n, LINES)).collect();
    let shipper = place.queue().shipper(&place.state(), PATIENCE).unwrap();
    let dest = destination("a");
    let mut rounds = 0;
    while writers.iter_mut().any(Running::is_running) {
        ship(&place, &shipper, &dest);
        rounds += 1;
    }
    assert!(writers.iter_mut().all(Running::succeeded));
    drop(shipper);
    ship_the_rest(&place);
    assert_eq!(assert_conserved(&place, WRITERS, 0), WRITERS * LINES);
    assert!(rounds > 1, "it claimed while they wrote");
}

#[test]
fn writers_that_are_killed_lose_nothing_that_was_appended() {
    const ROUNDS: usize = 12;
    let scene = Scene::new();
    let place = Place::of(&scene);
    let mut shippers = place.start("ship", 0, 0);
    for round in 0..ROUNDS {
        let mut writer = place.start("write", round, usize::MAX);
        // It is killed at a random moment after this many lines.
        let enough = 1 + round as u64 * 29;
        wait_until(|| place.noted(ROUNDS)[&round] >= enough);
        writer.end();
    }
    shippers.end();
    ship_the_rest(&place);
    assert!(assert_conserved(&place, ROUNDS, ROUNDS) > 0);
}

#[test]
fn shippers_that_are_killed_lose_and_duplicate_nothing() {
    const ROUNDS: u64 = 15;
    const WRITERS: usize = 3;
    let scene = Scene::new();
    let place = Place::of(&scene);
    let mut writers: Vec<_> =
        (0..WRITERS).map(|number| place.start("write", number, usize::MAX)).collect();
    for round in 0..ROUNDS {
        let mut shipper = place.start("ship", 0, 0);
        let sent = || fs::read_dir(place.state().join("sent")).unwrap().count() as u64;
        let enough = sent() + 1 + round % 4;
        wait_until(|| sent() >= enough);
        shipper.end();
    }
    writers.iter_mut().for_each(Running::end);
    ship_the_rest(&place);
    assert!(assert_conserved(&place, WRITERS, WRITERS) > 0);
}
