//! Measures questions that count raw events:
//! `cargo run --release -p headcount-store --example store_raw [FOLDER] [EVENTS]`.
//!
//! The events are as Atomic's `atomic_command`: 7 columns, 100,000 devices, and
//! random version-7 ids, of thirty days. Most are sealed, as on a collector;
//! what is asked of fresh ones is measured before.

mod events;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use headcount_catalog::{Day, Period};
use headcount_store::{
    AnswerRows, CellRef, ColumnKind, ColumnShape, Commit, EmbeddedStore, HousePolicy, Question,
    RawAnswer, RawCount, RawQuestion, RollupKind, RowSchema, Store, ValueFilter, VersionScope,
};

use events::{VERSIONS, word};

const DAY: Day = Day::from_number(20_777);
const DAYS: usize = 30;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let below = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let events: usize = arguments.next().map_or(Ok(3_000_000), |events| events.parse())?;
    let folder = below.join(format!("headcount-raw-{}", std::process::id()));
    let measured = measure(&folder, events);
    std::fs::remove_dir_all(&folder)?;
    measured
}

fn measure(folder: &Path, events: usize) -> Result<(), Box<dyn std::error::Error>> {
    let store = EmbeddedStore::open(folder)?;
    let schema = schema();
    let (mut random, each) = (7, events / DAYS);
    let fill = |day: i32, random: &mut u64| -> Result<(), Box<dyn std::error::Error>> {
        for _ in 0..each / 500 {
            store.append(&commit(&schema, random, DAY.plus(day), 500))?;
        }
        Ok(())
    };
    fill(0, &mut random)?;
    println!("fresh events:");
    ask_all(&store, each)?;
    for day in 1..DAYS as i32 {
        fill(day, &mut random)?;
    }
    store.keep_house(&HousePolicy { today: DAY.plus(40), retention: Vec::new() })?;
    println!("sealed events:");
    ask_all(&store, each * DAYS)
}

fn ask_all(store: &EmbeddedStore, events: usize) -> Result<(), Box<dyn std::error::Error>> {
    let event = || "atomic_command".to_owned();
    let name = |name: &str| name.to_owned();
    let counts = [
        ("events", RawCount::Events),
        ("by command", RawCount::ByProperty { event: event(), property: name("command") }),
        (
            "command and agent",
            RawCount::Across { event: event(), one: name("command"), other: name("agentType") },
        ),
        ("devices a week", RawCount::Active { period: Period::Week }),
        (
            "quantiles of a duration",
            RawCount::Quantiles { event: event(), property: name("took"), period: Period::Day },
        ),
    ];
    for (told, count) in counts {
        for filters in
            [&[][..], &[("platform", "word-0")], &[("platform", "word-1"), ("success", "true")]]
        {
            let filter = |(column, value): &(&str, &str)| ValueFilter {
                column: (*column).to_owned(),
                values: vec![(*value).to_owned()],
            };
            let question = Question::Raw(RawQuestion {
                product: "atomic".to_owned(),
                count: count.clone(),
                from: DAY,
                to: DAY.plus(DAYS as i32 - 1),
                versions: VersionScope::All,
                split: None,
                filters: filters.iter().map(filter).collect(),
            });
            let started = Instant::now();
            let answer = store.ask(&question)?;
            let seconds = started.elapsed().as_secs_f64();
            let AnswerRows::Raw(RawAnswer::Counted { .. }) = answer else {
                return Err("a question reads fewer events than there are".into());
            };
            let (filters, rate) = (filters.len(), events as f64 / seconds / 1e6);
            println!("  {told}, {filters} filters: {seconds:.3} s, {rate:.1} million events/s");
        }
    }
    Ok(())
}

fn schema() -> Arc<RowSchema> {
    let counted = |shape: ColumnShape, rollup| ColumnShape { rollup, ..shape };
    let plain = |name, kind| ColumnShape::plain(name, kind);
    events::schema(vec![
        counted(word("command", 4), RollupKind::Values),
        counted(word("agentType", 3), RollupKind::Values),
        counted(plain("success", ColumnKind::Flag), RollupKind::Values),
        counted(word("platform", 3), RollupKind::Values),
        counted(plain("atomicVersion", ColumnKind::Text), RollupKind::OpenValues),
        counted(plain("took", ColumnKind::Number), RollupKind::Histogram),
        plain("timestamp", ColumnKind::Seconds),
    ])
}

fn commit(schema: &Arc<RowSchema>, random: &mut u64, day: Day, events: usize) -> Commit {
    events::commit(schema, random, day, events, |number| {
        let pick = |shift: u32, of: u64| (number >> shift) % of;
        [
            CellRef::Word(pick(20, 4) as u16),
            CellRef::Word(pick(22, 3) as u16),
            CellRef::Flag(pick(24, 10) > 0),
            CellRef::Word(pick(28, 3) as u16),
            CellRef::Text(VERSIONS[pick(30, 5) as usize]),
            CellRef::Number(pick(33, 60_000) as i64),
            CellRef::Seconds(day.start().seconds() + pick(40, 86_400) as i64),
        ]
    })
}
