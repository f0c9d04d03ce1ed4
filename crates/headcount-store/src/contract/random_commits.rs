//! Random commits that a model can read.

use headcount_catalog::{Age, Day, EventId, Period, Reason};

use super::seeded_random::SeededRandom;
use super::test_event::{
    ACCOUNT, CODE, SESSION, SchemaOrder, TIME, TestCell, TestEvent, VERSION, commit_of,
};
use crate::{Commit, Pseudonym, Refusal, RejectedCount, RowDevice, RowMarks, UnstoredCount};

/// The products; the last one has neither ids nor marks.
pub(super) const PRODUCTS: [&str; 3] = ["atomic", "archon", "größer"];

const EVENTS: [&str; 3] = ["run", "update", "panic"];
const PROPERTIES: [&str; 4] = ["command", "agent", "success", "model"];
const WORDS: [&str; 4] = ["init", "update", "true", "other"];

/// Schemas by which events come: few, so that most come again.
const SCHEMAS: u64 = 7;

/// A random commit.
pub(super) struct RandomCommit {
    pub(super) events: Vec<TestEvent>,
    pub(super) unstored: Vec<UnstoredCount>,
    pub(super) rejected: Vec<RejectedCount>,
    pub(super) order: SchemaOrder,
}

impl RandomCommit {
    pub(super) fn commit(&self) -> Commit {
        let commit = commit_of(&self.events, self.unstored.clone(), self.order);
        Commit { rejected: self.rejected.clone(), ..commit }
    }
}

/// The first commit of the products that have devices: from here on, whoever
/// has no id and no mark tells no value.
pub(super) fn first_commit(day: Day) -> RandomCommit {
    let event = |place: usize, id: u128| TestEvent {
        product: PRODUCTS[place],
        day,
        id: EventId::from_bits(id << 100 | 1),
        event: "run",
        weight: 1,
        device: RowDevice::Counted(device(place, 0)),
        marks: RowMarks::default(),
        cells: Vec::new(),
    };
    let events = vec![event(0, 1), event(1, 2)];
    let (unstored, rejected) = (Vec::new(), Vec::new());
    RandomCommit { events, unstored, rejected, order: SchemaOrder::FORWARDS }
}

/// A commit of events of some days up to `today`.
pub(super) fn random_commit(random: &mut SeededRandom, today: Day) -> RandomCommit {
    let mut events: Vec<TestEvent> = Vec::new();
    for _ in 0..random.below(24) {
        let mut event = random_event(random, today);
        // An event that comes again is mostly the same.
        if random.below(3) > 0 {
            event = random_event(&mut SeededRandom::new(event.id.bits() as u64), today);
        }
        events.push(event);
    }
    if random.below(2) == 0 {
        events.sort_by_key(|event| (event.product, event.day));
    }
    let unstored = (0..random.below(3)).map(|_| {
        let (product, count) = (random.pick(&PRODUCTS), 1 + random.below(9) as u64);
        match random.below(2) {
            0 => UnstoredCount::rejected(product, random.pick(&Reason::ALL), count),
            _ => UnstoredCount::refused(product, Refusal::Busy, count),
        }
    });
    let unstored = unstored.collect();
    let rejected = (0..random.below(3)).map(|_| random_rejected(random, today)).collect();
    RandomCommit { events, unstored, rejected, order: SchemaOrder(random.next() % SCHEMAS) }
}

fn random_rejected(random: &mut SeededRandom, today: Day) -> RejectedCount {
    let versions = [None, Some("1.0"), Some("1.1"), Some("other")];
    RejectedCount {
        product: random.pick(&PRODUCTS),
        day: today.plus(-random.pick(&[0, 0, 0, 1, 30])),
        path: random.pick(&["", "run", "run.command", "run.größe"]).to_owned(),
        kind: random.pick(&["", "count"]),
        reason: random.pick(&Reason::ALL),
        catalog: random.pick(&[0, 1, 7]),
        program: random.pick(&versions).map(str::to_owned),
        count: random.below(4) as u64,
    }
}

/// A device of a product. A pseudonym is uniform.
pub(super) fn device(product: usize, number: u64) -> Pseudonym {
    pseudonym(1 + product as u64 * 1_000 + number)
}

pub(super) fn account(number: u64) -> Pseudonym {
    pseudonym(1_000_000 + number)
}

fn pseudonym(number: u64) -> Pseudonym {
    let mut random = SeededRandom::new(number);
    Pseudonym::from_bytes(
        (u128::from(random.next()) << 64 | u128::from(random.next())).to_be_bytes(),
    )
}

/// How many days an event is late.
fn delay(random: &mut SeededRandom) -> i32 {
    let most = random.pick(&[1, 2, 2, 2, 6, 12, 40]);
    i32::try_from(random.below(most)).expect("few days")
}

fn random_event(random: &mut SeededRandom, today: Day) -> TestEvent {
    let place = random.below(PRODUCTS.len());
    let has_devices = place < 2;
    let marks = marks(random);
    let number = random.below(40) as u64;
    let day = today.plus(-delay(random));
    TestEvent {
        id: EventId::from_bits(random.below(2_000) as u128),
        product: PRODUCTS[place],
        day,
        event: random.pick(&EVENTS),
        weight: random.pick(&[1, 1, 1, 10]),
        device: match random.below(8) {
            _ if !has_devices => RowDevice::None,
            0..=2 => RowDevice::None,
            3 => RowDevice::Ephemeral(device(place, 500 + number % 5)),
            _ => RowDevice::Counted(device(place, number)),
        },
        marks: if has_devices { marks } else { RowMarks::default() },
        cells: [cells(random), chain_cells(random, day)].concat(),
    }
}

/// The time and the session of most events: few of each, so that events share
/// them.
fn chain_cells(random: &mut SeededRandom, day: Day) -> Vec<(&'static str, TestCell)> {
    let mut cells = Vec::new();
    if random.below(8) > 0 {
        let seconds = random.pick(&[0, 0, 1, 3_600, 86_399]);
        cells.push((TIME, TestCell::Seconds(i64::from(day.number()) * 86_400 + seconds)));
    }
    if random.below(3) > 0 {
        let session = pseudonym(2_000_000 + random.below(12) as u64);
        cells.push((SESSION, TestCell::Pseudonym(session)));
    }
    cells
}

fn cells(random: &mut SeededRandom) -> Vec<(&'static str, TestCell)> {
    let mut cells: Vec<_> =
        PROPERTIES.into_iter().filter_map(|name| Some((name, closed_cell(random)?))).collect();
    cells.extend(open_cells(random));
    cells
}

/// The marks of one event of three.
fn marks(random: &mut SeededRandom) -> RowMarks {
    if random.below(3) > 0 {
        return RowMarks::default();
    }
    let periods: Vec<_> = (0..random.below(4)).map(|_| random.pick(&Period::ALL).0).collect();
    RowMarks::new(periods, (random.below(6) > 0).then(|| random.pick(&Age::ALL)))
}

/// A cell of a random kind: two versions of a catalog may give one name two
/// kinds.
fn closed_cell(random: &mut SeededRandom) -> Option<TestCell> {
    Some(match random.below(12) {
        0 | 1 => TestCell::Flag(random.below(2) == 0),
        2 => TestCell::Number(random.below(3) as i64),
        3 => TestCell::Decimal(0.5),
        4..=6 => TestCell::Word(random.pick(&WORDS)),
        7 => TestCell::Words(WORDS[random.below(4)..].to_vec()),
        8 => TestCell::Pseudonym(Pseudonym::from_bytes([7; 16])),
        9 => TestCell::Seconds(1_768_989_600),
        _ => return None,
    })
}

/// Values of open vocabularies and numbers, some of them rare.
fn open_cells(random: &mut SeededRandom) -> Vec<(&'static str, TestCell)> {
    let mut cells = Vec::new();
    if random.below(3) > 0 {
        let most = random.pick(&[4, 12]);
        let version = random.below(most);
        cells.push((VERSION, TestCell::Text(format!("1.{version}"))));
    }
    match random.below(8) {
        0..=2 => {
            let most = random.pick(&[3, 30]);
            let model = random.below(most);
            cells.push(("text", TestCell::Text(format!("model-{model}"))));
        }
        // A word of a closed set that is a text elsewhere.
        3 => cells.push(("text", TestCell::Word(random.pick(&["w", "x"])))),
        4 => cells.push(("text", TestCell::Text("x".to_owned()))),
        _ => {}
    }
    if random.below(4) == 0 {
        let texts = vec!["a".to_owned(), format!("b{}", random.below(5))];
        cells.push(("texts", TestCell::Texts(texts)));
    }
    if random.below(3) == 0 {
        let code = random.pick(&[0, 0, 1, 255, 256, -1, 3_221_225_786]);
        cells.push((CODE, TestCell::Number(code)));
    }
    if random.below(3) == 0 {
        let took = random.pick(&[0, 63, 64, 1_000, 123_456, -5]) + random.below(5) as i64;
        cells.push(("took", TestCell::Number(took)));
    }
    if random.below(4) == 0 {
        let cost = (random.below(9) as f64) * random.pick(&[0.001, 1.7, 900.0]);
        cells.push(("cost", TestCell::Decimal(cost)));
    }
    if random.below(6) == 0 {
        cells.push((ACCOUNT, TestCell::Pseudonym(account(random.below(4) as u64))));
    }
    cells
}
