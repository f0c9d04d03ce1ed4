//! Mutated bodies: no decoder panics, and every event that passes the check can
//! be written and read again. Each run uses the same thousands of bodies; the
//! fuzz targets try new ones.

use headcount_catalog::{Catalog, Reason, Unchecked};
use headcount_wire::{clacky, datadog, http, native, otlp, posthog, read, unchecked, write};

use super::products::{DIALECTS, catalogs, records, sent};

/// Mutates bodies, the same way for the same seed.
pub(crate) struct Mutator(u64);

/// What is inserted: words of the dialects, and what is hard to read.
const WORDS: [&[u8]; 24] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\",
    b"\\ud800",
    b"null",
    b"-",
    b"1e999",
    b"0",
    b"\n",
    b"\xff",
    b"\0",
    b"\"properties\":",
    b"\"batch\":",
    b"\"event\":",
    b"9223372036854775808",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    b"\x0a\xff\xff\xff\x7f",
    b"data=",
    b"\"values\":",
];

impl Mutator {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    fn below(&mut self, most: usize) -> usize {
        // xorshift64*: Vigna, "An experimental exploration of Marsaglia's
        // xorshift generators".
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % most.max(1)
    }

    pub(crate) fn mutated(&mut self, body: &[u8]) -> Vec<u8> {
        let mut body = body.to_vec();
        for _ in 0..=self.below(3) {
            let at = self.below(body.len() + 1);
            let end = (at + self.below(24)).min(body.len());
            match self.below(6) {
                0 if at < body.len() => body[at] ^= 1 << self.below(8),
                1 => drop(body.drain(at..end)),
                2 => {
                    let piece = body[at..end].to_vec();
                    body.splice(at..at, piece).for_each(drop);
                }
                3 => {
                    let word = WORDS[self.below(WORDS.len())];
                    body.splice(at..at, word.iter().copied()).for_each(drop);
                }
                4 if self.below(8) == 0 => body.truncate(at),
                _ => {
                    let word = WORDS[self.below(WORDS.len())];
                    body.splice(at..end, word.iter().copied()).for_each(drop);
                }
            }
        }
        body
    }
}

/// A body of every product in every dialect.
pub(crate) fn bodies() -> Vec<Vec<u8>> {
    let mut bodies = Vec::new();
    for catalog in catalogs() {
        let records = records(&catalog);
        let some = &records[..records.len().min(3)];
        for (dialect, encoding, _) in DIALECTS {
            bodies.push(sent(&catalog, some, (dialect, encoding)).body);
        }
    }
    bodies
}

/// Decodes a body in every dialect. Returns how many events failed and passed
/// the check.
fn read_by_all(catalog: &Catalog, body: &[u8]) -> [usize; 2] {
    let mut counts = [0, 0];
    let mut judge = |unchecked: Result<Unchecked<'_>, Reason>| {
        let checked = unchecked.and_then(|unchecked| catalog.check(&unchecked));
        counts[usize::from(checked.is_ok())] += 1;
        let Ok(checked) = checked else { return };
        if let Ok(line) = write(catalog, &checked) {
            let again = read(catalog, &line).expect("what was written is read");
            assert_eq!(write(catalog, &again).as_deref(), Ok(&*line));
        }
    };
    for arrival in native::decode(body).iter().flatten() {
        judge(arrival.as_ref().map_err(|reason| *reason).and_then(unchecked));
    }
    for export in [otlp::decode(body), otlp::decode_protobuf(body)].into_iter().flatten() {
        for record in export.records().into_iter().flatten() {
            judge(Ok(record.unchecked));
        }
    }
    let form = posthog::unwrapped(body);
    for captures in form.iter().filter_map(|body| posthog::decode(body).ok()) {
        for capture in captures.captures().into_iter().flatten() {
            let _ = (capture.key(), capture.uuid());
            judge(capture.unchecked(catalog));
        }
    }
    if let Ok(logs) = datadog::decode(body) {
        for log in logs.logs() {
            judge(log.and_then(|log| log.unchecked(catalog)));
        }
    }
    if let Ok(payload) = clacky::decode(body) {
        judge(payload.unchecked(catalog, catalog.events[0].name));
    }
    if let Ok(events) = http::decode(body) {
        events.events().for_each(|event| judge(event.and_then(unchecked)));
    }
    let _ = (native::settled(body, 3), otlp::settled(200, body, 3));
    let _ = otlp::settled_protobuf(None, body, 3);
    let _ = (posthog::settled(body, 3), datadog::settled(202, body), clacky::settled(body));
    counts
}

#[test]
fn no_decoder_stops_the_program() {
    let mut mutator = Mutator::new(0x9e37_79b9_7f4a_7c15);
    let catalogs = catalogs();
    let mut counts = [0, 0];
    for (place, body) in bodies().iter().enumerate() {
        let catalog = &catalogs[place / DIALECTS.len()];
        for _ in 0..120 {
            let [bad, good] = read_by_all(catalog, &mutator.mutated(body));
            counts = [counts[0] + bad, counts[1] + good];
        }
    }
    // Enough events passed and enough failed for the test to mean something.
    assert!(counts.iter().all(|count| *count > 2_000), "{counts:?}");
}
