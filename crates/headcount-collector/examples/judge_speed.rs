//! What reading and judging an event costs, without a connection and a store:
//! lines of Atomic, 500 a body, of 100,000 devices in random order, and of one
//! device a body.
//!
//! ```sh
//! cargo run --release -p headcount-collector --features model --example judge_speed
//! ```
//!
//! With the names of dialects as arguments (`Native`), only those are measured.

use std::time::Instant;

use headcount_catalog::{Day, EventId, Time};
use headcount_collector::model::{Anew, FastJudge};
use headcount_wire::flat::BodyForm;
use headcount_wire::{HomeLifetime, Payload, Rate};

const EVENTS: u64 = 500;
const BODIES: u64 = 200;
const ROUNDS: u64 = 5;
/// How often a round judges all bodies: the system may count the time of a
/// thread in steps of 4 ms.
const TIMES: u64 = 5;

fn device(number: u64) -> String {
    let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    format!("{:08x}-1b2c-4d3e-8f4a-{:012x}", mixed >> 32, mixed & 0xffff_ffff_ffff)
}

/// Time of this thread on a processor in nanoseconds, where the system tells
/// it; other programs do not count.
fn spent(start: Instant) -> u64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let told = told.and_then(|text| text.split(' ').next()?.parse().ok());
    told.unwrap_or_else(|| u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX))
}

fn bodies(text: &str, form: BodyForm, of: impl Fn(u64, u64) -> u64) -> Vec<Vec<u8>> {
    let catalog = headcount_catalog::parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let event = catalog.event("atomic_command").expect("the event of the catalog");
    let now = Time::from_seconds(1_795_176_000);
    let body = |number: u64| {
        let records: Vec<_> = (0..EVENTS)
            .map(|place| {
                let mut record = catalog.sample(event, now);
                let serial = number * EVENTS + place;
                let mut random = [0; 16];
                random[8..]
                    .copy_from_slice(&serial.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
                record.id = Some(EventId::new(now.day(), random));
                let device = device(of(number, place));
                let kind =
                    headcount_catalog::Kind::Reference(headcount_catalog::Reference::Session);
                record.envelope[0] = kind.token(&device).ok().map(headcount_catalog::Value::Token);
                record
            })
            .collect();
        let (rate, home) = (Rate::WHOLE, HomeLifetime::Lasting);
        let payload = Payload { catalog: &catalog, records: &records, key: Some("k"), rate, home };
        let post = match form {
            BodyForm::Native => headcount_wire::native::encode(&payload),
            BodyForm::PostHog => headcount_wire::posthog::encode(&payload),
            BodyForm::Datadog => headcount_wire::datadog::encode_for_servers(&payload),
            BodyForm::OtlpProtobuf => {
                headcount_wire::otlp::encode(&payload, headcount_catalog::Encoding::Protobuf)
            }
            other => panic!("{other:?} is not measured"),
        };
        post.expect("a payload that can be encoded").body
    };
    (0..BODIES).map(body).collect()
}

fn main() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/atomic/telemetry.toml");
    let text = std::fs::read_to_string(path).expect("the catalog of Atomic");
    let catalog = headcount_catalog::parse(&text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let mut judge = FastJudge::new(vec![catalog], Day::from_number(20_777));
    let start = Instant::now();
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    for form in [BodyForm::Native, BodyForm::OtlpProtobuf, BodyForm::PostHog, BodyForm::Datadog] {
        if !wanted.is_empty() && !wanted.contains(&format!("{form:?}")) {
            continue;
        }
        let spread =
            |number: u64, place: u64| (number * EVENTS + place).wrapping_mul(7_919) % 100_000;
        for (name, bodies) in [
            ("100,000 devices", bodies(&text, form, spread)),
            ("a device a body", bodies(&text, form, |number, _| number)),
        ] {
            let (mut best_read, mut best_judged) = (u64::MAX, u64::MAX);
            for _ in 0..ROUNDS {
                let all = || (0..TIMES).flat_map(|_| &bodies);
                let (before, mut events) = (spent(start), 0);
                all().for_each(|body| events += FastJudge::read(form, body));
                let between = spent(start);
                let rows: usize = all().map(|body| judge.judge(form, body)).sum();
                let judged = spent(start) - between;
                let count = TIMES * BODIES * EVENTS;
                assert_eq!((events as u64, rows as u64), (count, count));
                best_read = best_read.min((between - before) / count);
                best_judged = best_judged.min(judged / count);
            }
            println!(
                "{form:?}, {name}: read {best_read} ns an event, read and judged {best_judged} ns"
            );
        }
    }
    let ids: Vec<String> = (0..100_000).map(device).collect();
    for (name, anew, few) in [
        ("each anew", Anew::Each, ids.len()),
        ("100,000 in turn", Anew::IfNotRecent, ids.len()),
        ("ten in turn", Anew::IfNotRecent, 10),
    ] {
        let mut best = u64::MAX;
        for _ in 0..ROUNDS {
            let before = spent(start);
            let all = ids[..few].iter().cycle().take(ids.len()).map(String::as_str);
            std::hint::black_box(judge.pseudonyms(all, anew));
            best = best.min((spent(start) - before) / ids.len() as u64);
        }
        println!("a pseudonym, {name}: {best} ns");
    }
}
