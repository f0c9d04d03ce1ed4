//! A naive store beside the real one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use headcount_catalog::{Day, EventId};

use crate::contract::SeededRandom;
use crate::{
    CellRef, Cells, ColumnKind, ColumnRole, ColumnShape, Commit, DayRows, EmbeddedStore,
    EventShape, HousePolicy, ProductRetention, Pseudonym, RowDevice, RowHead, RowMarks, RowSchema,
    RowStatus, Store,
};

pub(super) const DAY: Day = Day::from_number(20_777);

pub(super) fn policy(today: Day) -> HousePolicy {
    let retention = ["atomic", "archon"].map(|product| ProductRetention {
        product: product.to_owned(),
        raw_days: 90,
        rollup_days: None,
    });
    HousePolicy { today, retention: retention.to_vec() }
}

pub(super) fn device(number: u8) -> Pseudonym {
    Pseudonym::from_bytes([number + 1; 16])
}

pub(super) fn account(number: u8) -> Pseudonym {
    Pseudonym::from_bytes(std::array::from_fn(|place| {
        0xa0 ^ number ^ (place as u8).wrapping_mul(37)
    }))
}

/// The bytes of a device that no other has.
pub(super) fn secret() -> [u8; 16] {
    *b"\x91Qz\xe8\x07~\xb3\x1d\xf4m\x02\xc9\x5aK\xee\x38"
}

/// Two schemas of a product: the second has more, in another order.
pub(super) fn schema(product: &str, version: usize) -> Arc<RowSchema> {
    let event =
        |name: &str| EventShape { name: name.to_owned(), across: Vec::new(), failure: None };
    let words = |words: &[&str]| ColumnShape {
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        ..ColumnShape::plain("command", ColumnKind::Word)
    };
    let account = ColumnShape {
        role: ColumnRole::Account,
        ..ColumnShape::plain("account", ColumnKind::Pseudonym)
    };
    let number = ColumnShape::plain("number", ColumnKind::Number);
    let model = ColumnShape::plain("model", ColumnKind::Text);
    let (events, columns) = match version {
        0 => (vec![event("run")], vec![words(&["init", "update"]), account, number]),
        _ => {
            let words = words(&["check", "update", "init"]);
            (vec![event("error"), event("run")], vec![model, number, account, words])
        }
    };
    Arc::new(RowSchema::new(product.to_owned(), events, columns))
}

/// Rows of the second schema of `atomic`, by number and command.
pub(super) fn commit_of(day: Day, rows: &[(u64, u16)]) -> Commit {
    let mut all = DayRows::new(schema("atomic", 1), day);
    for (number, command) in rows {
        let head = RowHead {
            event: 1,
            weight: 1,
            marks: RowMarks::default(),
            device: RowDevice::Counted(device(1)),
        };
        let id = EventId::new(day, u128::from(*number).to_be_bytes());
        all.push(id, head, [(3, CellRef::Word(*command))]);
    }
    Commit { rows: vec![all], ..Commit::default() }
}

/// What was stored, and what it says.
pub(super) struct Model {
    random: SeededRandom,
    schemas: BTreeMap<(&'static str, usize), Arc<RowSchema>>,
    stored: BTreeMap<(&'static str, Day, EventId), Known>,
    commits: Vec<Commit>,
}

struct Known {
    told: String,
    content: u32,
    device: Option<Pseudonym>,
    account: Option<Pseudonym>,
}

const PRODUCTS: [&str; 2] = ["atomic", "archon"];

impl Model {
    pub(super) fn new(random: SeededRandom) -> Self {
        let all = PRODUCTS.iter().flat_map(|product| [(*product, 0), (*product, 1)]);
        let schemas = all.map(|key| (key, schema(key.0, key.1))).collect();
        Self { random, schemas, stored: BTreeMap::new(), commits: Vec::new() }
    }

    /// The number of events.
    pub(super) fn len(&self) -> u64 {
        self.stored.len() as u64
    }

    /// Appends a random commit, and checks what the store says of it.
    pub(super) fn append(&mut self, store: &EmbeddedStore) {
        let lists = 1 + self.below(4);
        let rows = (0..lists).map(|_| self.rows()).collect();
        self.append_this(store, Commit { rows, ..Commit::default() });
    }

    /// Appends an event of a device that no other event has.
    pub(super) fn append_secret(&mut self, store: &EmbeddedStore, day: Day) {
        let mut rows = DayRows::new(Arc::clone(&self.schemas[&("atomic", 1)]), day);
        for number in 0..3 {
            let device = Pseudonym::from_bytes(secret());
            let device = RowDevice::Counted(device);
            let head = RowHead { event: 0, weight: 1, marks: RowMarks::default(), device };
            let id =
                EventId::new(day, (u128::from(self.random.next()) << 64 | number).to_be_bytes());
            let text = format!("model-{number}");
            let account = Pseudonym::from_bytes(secret());
            rows.push(id, head, [(0, CellRef::Text(&text)), (2, CellRef::Pseudonym(account))]);
        }
        self.append_this(store, Commit { rows: vec![rows], ..Commit::default() });
    }

    fn below(&mut self, end: usize) -> u64 {
        self.random.below(end) as u64
    }

    fn rows(&mut self) -> DayRows {
        let product = PRODUCTS[usize::from(self.below(4) == 0)];
        let version = self.below(2) as usize;
        let day = DAY.plus(self.below(3) as i32);
        let mut rows = DayRows::new(Arc::clone(&self.schemas[&(product, version)]), day);
        for _ in 0..self.below(12) {
            self.push_row(&mut rows, version);
        }
        rows
    }

    fn push_row(&mut self, rows: &mut DayRows, version: usize) {
        let device = match self.below(8) {
            0 => RowDevice::None,
            1 => RowDevice::Ephemeral(device(self.below(6) as u8)),
            _ => RowDevice::Counted(device(self.below(6) as u8)),
        };
        let head = RowHead {
            event: self.below(1 + version) as u16,
            weight: 1,
            marks: RowMarks::default(),
            device,
        };
        // Few ids, so that many come again.
        let id = match self.below(3) {
            0 => u128::from(self.below(400)),
            1 => u128::from(self.random.next()) << 64 | u128::from(self.random.next()),
            _ => EventId::new(rows.day(), u128::from(self.below(400)).to_be_bytes()).bits(),
        };
        let mut cells = Vec::new();
        let place = |name: &str| rows.schema().column(name);
        let text = format!("model-{}", self.below(5));
        if self.below(3) > 0 {
            let word = CellRef::Word(self.below(2) as u16);
            cells.extend(place("command").map(|place| (place, word)));
        }
        if self.below(4) == 0 {
            // A pseudonym is of one product.
            let of_product = if rows.schema().product() == "atomic" { 0 } else { 8 };
            let account = account(self.below(3) as u8 + of_product);
            let account = CellRef::Pseudonym(account);
            cells.extend(place("account").map(|place| (place, account)));
        }
        if self.below(2) == 0 {
            cells.extend(place("model").map(|place| (place, CellRef::Text(&text))));
        }
        rows.push(EventId::from_bits(id), head, cells);
    }

    fn append_this(&mut self, store: &EmbeddedStore, commit: Commit) {
        let statuses = store.append(&commit).unwrap();
        for (rows, statuses) in commit.rows.iter().zip(&statuses) {
            let product = PRODUCTS.into_iter().find(|name| *name == rows.schema().product());
            let product = product.unwrap();
            let told = told(rows);
            for (row, status) in statuses.iter().enumerate() {
                let content = rows.contents()[row];
                let key = (product, rows.day(), rows.ids()[row]);
                let expected = match self.stored.get(&key) {
                    None => RowStatus::Stored,
                    Some(known) if known.content == content => RowStatus::Duplicate,
                    Some(_) => RowStatus::OtherContent,
                };
                assert_eq!(*status, expected);
                let account = accounts(rows).get(&row).copied();
                let device = rows.heads()[row].device.pseudonym();
                self.stored.entry(key).or_insert(Known {
                    told: told[row].clone(),
                    content,
                    device,
                    account,
                });
            }
        }
        self.commits.push(commit);
    }

    /// Nothing that was stored is new.
    pub(super) fn append_all_again(&mut self, store: &EmbeddedStore) {
        for commit in &self.commits {
            let statuses = store.append(commit).unwrap();
            let is_stored = |status: &RowStatus| *status == RowStatus::Stored;
            assert!(!statuses.iter().flatten().any(is_stored), "an event was stored twice");
        }
    }

    /// The store has every event once, and says the same of it.
    pub(super) fn check(&self, store: &EmbeddedStore) {
        for product in PRODUCTS {
            let found = found(store, product);
            let expected: Vec<&String> = self.of(product).map(|(_, known)| &known.told).collect();
            let found: Vec<&String> = found.values().collect();
            assert!(
                found == expected,
                "{product}: {} found, {} stored",
                found.len(),
                expected.len()
            );
        }
    }

    /// As [`Self::check`], for days until one.
    pub(super) fn check_until(&self, store: &EmbeddedStore, last: Day) {
        for product in PRODUCTS {
            let mut found = found(store, product);
            found.retain(|(day, _), _| *day <= last);
            let expected: Vec<&String> = self.of(product).map(|(_, known)| &known.told).collect();
            assert!(found.values().eq(expected), "{product}");
        }
    }

    /// As [`Self::check`], but the events of days before one may be there or
    /// not: all of a product and day, or none.
    pub(super) fn check_but_for_days(&self, store: &EmbeddedStore, before: Day) {
        for product in PRODUCTS {
            let found = found(store, product);
            let days: BTreeSet<Day> = found.keys().map(|(day, _)| *day).collect();
            let expected =
                self.of(product).filter(|(key, _)| key.1 >= before || days.contains(&key.1));
            assert!(found.values().eq(expected.map(|(_, known)| &known.told)), "{product}");
        }
    }

    /// As [`Self::check`], but the events of a device may be there or not.
    pub(super) fn check_but_for(&self, store: &EmbeddedStore, device: Pseudonym) {
        for product in PRODUCTS {
            let found = found(store, product);
            for (key, known) in self.of(product) {
                match found.get(&(key.1, key.2)) {
                    Some(told) => assert_eq!(*told, known.told),
                    None => assert_eq!(known.device, Some(device)),
                }
            }
        }
    }

    fn of(
        &self,
        product: &'static str,
    ) -> impl Iterator<Item = (&(&'static str, Day, EventId), &Known)> {
        self.stored.iter().filter(move |((name, ..), _)| *name == product)
    }

    /// Forgets days before one. Returns the number of events.
    pub(super) fn expire(&mut self, before: Day) -> u64 {
        let count = self.stored.len();
        self.stored.retain(|(_, day, _), _| *day >= before);
        (count - self.stored.len()) as u64
    }

    pub(super) fn erase(&mut self, device: Pseudonym) -> u64 {
        self.retain(|known| known.device != Some(device))
    }

    pub(super) fn erase_account(&mut self, account: Pseudonym) -> u64 {
        self.retain(|known| known.account != Some(account))
    }

    fn retain(&mut self, keep: impl Fn(&Known) -> bool) -> u64 {
        let count = self.stored.len();
        self.stored.retain(|(product, ..), known| *product != "atomic" || keep(known));
        (count - self.stored.len()) as u64
    }
}

/// Every event of a product that the store has, which must be there once.
fn found(store: &EmbeddedStore, product: &str) -> BTreeMap<(Day, EventId), String> {
    let mut found = BTreeMap::new();
    let each = |rows: &DayRows| {
        for (id, told) in rows.ids().iter().zip(told(rows)) {
            let before = found.insert((rows.day(), *id), told);
            assert!(before.is_none(), "{id} is there twice");
        }
    };
    store.each_rows(product, DAY.plus(-9), DAY.plus(99), each).unwrap();
    found
}

fn accounts(rows: &DayRows) -> BTreeMap<usize, Pseudonym> {
    let place = rows.schema().column("account").unwrap();
    let column = &rows.columns()[place];
    let Cells::Pseudonyms(all) = column.cells() else { panic!("accounts are pseudonyms") };
    column.rows().iter().map(|row| *row as usize).zip(all.iter().copied()).collect()
}

/// What each row says, by names.
fn told(rows: &DayRows) -> Vec<String> {
    let schema = rows.schema();
    let line = |row: usize| {
        let head = rows.heads()[row];
        let device = head.device.pseudonym().map(Pseudonym::bytes);
        let is_counted = matches!(head.device, RowDevice::Counted(_));
        let event = &schema.events()[usize::from(head.event)].name;
        format!("{} {event} {device:?} {is_counted}", rows.contents()[row])
    };
    let mut lines: Vec<String> = (0..rows.len()).map(line).collect();
    for name in ["command", "account", "number", "model"] {
        let Some(place) = schema.column(name) else { continue };
        let column = &rows.columns()[place];
        for (cell, row) in column.rows().iter().enumerate() {
            let value = match column.cells() {
                Cells::Words(all) => schema.columns()[place].words[usize::from(all[cell])].clone(),
                Cells::Text(texts, all) => format!("{:?}", texts.get(all[cell])),
                Cells::Pseudonyms(all) => format!("{:?}", all[cell].bytes()),
                other => panic!("not in these schemas: {other:?}"),
            };
            lines[*row as usize] += &format!(" {name}={value}");
        }
    }
    lines
}

/// Whether any file of a folder has these bytes.
pub(super) fn is_in_files(folder: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|file| {
        let path = file.unwrap().path();
        let content = std::fs::read(path).unwrap_or_default();
        content.windows(bytes.len()).any(|window| window == bytes)
    })
}
