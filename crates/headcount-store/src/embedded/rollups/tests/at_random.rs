//! Random rows, written and read again at random points. Their answers are
//! compared with those of a model in the contract.

use std::sync::Arc;

use headcount_catalog::{Age, Period};

use super::super::recount::{DayProof, Recount, Recounter};
use super::Fixture;
use super::rows::{MONDAY, Row, by_day, device, first_marks, pseudonym, schema};
use crate::{DayRows, RowDevice, RowMarks};

/// Random numbers from a seed.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn maybe<T>(&mut self, value: T) -> Option<T> {
        (self.below(4) > 0).then_some(value)
    }
}

fn random_row(dice: &mut Dice) -> Row {
    let number = dice.below(40);
    let (device, marks) = match dice.below(8) {
        0 => (RowDevice::None, first_marks()),
        1 => (RowDevice::None, RowMarks::new([Period::Week], Some(Age::ALL[1]))),
        2 => (RowDevice::Ephemeral(pseudonym(900 + number)), RowMarks::default()),
        _ => (device(number), RowMarks::default()),
    };
    let version = format!("1.{}", dice.below(9));
    let model = format!("model-{}", dice.below(60));
    let code = [0, 0, 1, 255, 256, -1, 3_221_225_786][dice.below(7) as usize];
    let took = [0, 63, 64, 1_000, 123_456][dice.below(5) as usize] + dice.below(9) as i64;
    let tags = [vec![], vec![0], vec![2, 1]][dice.below(3) as usize].clone();
    let (command, worked) = (dice.below(3) as u16, dice.below(2) == 0);
    Row {
        day: MONDAY.plus(dice.below(40) as i32),
        event: dice.below(2) as u16,
        weight: [1, 1, 10, 1_000][dice.below(4) as usize],
        device,
        marks,
        version: dice.maybe(version),
        command: (dice.below(5) > 0).then_some(command),
        worked: (dice.below(5) > 0).then_some(worked),
        model: Some(model),
        took: dice.maybe(took),
        cost: dice.maybe(took as f64 * 0.001),
        code: dice.maybe(code),
        tags,
    }
}

/// What is counted once more is what was counted, wherever the rollups were
/// written between, and whatever the order is.
#[test]
fn a_recount_is_what_was_counted() {
    for seed in 1..=4 {
        let mut dice = Dice(seed * 0x9E37_79B9);
        let mut fixture = Fixture::new();
        let mut schemas = vec![schema()];
        let mut all = Vec::new();
        for _ in 0..30 {
            let rows: Vec<Row> = (0..dice.below(40)).map(|_| random_row(&mut dice)).collect();
            if dice.below(6) == 0 {
                schemas.push(schema());
            }
            let schema: &Arc<_> = &schemas[dice.below(schemas.len() as u64) as usize];
            by_day(schema, &rows).iter().for_each(|rows| fixture.add(rows));
            all.extend(rows);
            match dice.below(4) {
                0 => fixture.flush(),
                1 => fixture.restart(),
                _ => {}
            }
        }
        fixture.flush();
        all.sort_by_key(|row| (row.took, row.weight));
        let again = recompute(by_day(&schemas[0], &all));
        let kept = Recount::read(&fixture.connection).unwrap();
        assert_eq!(kept.differences(&again, |_, _| DayProof::default()), []);
        let lost = recompute(by_day(&schemas[0], &all[1..]));
        assert_eq!(kept.differences(&lost, |_, _| DayProof::default()).len(), 1);
    }
}

fn recompute(rows: impl IntoIterator<Item = DayRows>) -> Recount {
    let mut recounter = Recounter::new().unwrap();
    rows.into_iter().for_each(|rows| recounter.add(&rows).unwrap());
    recounter.finish().unwrap()
}
