//! What bodies cost that are made to cost much: time and memory in proportion
//! to their bytes. `--nocapture` prints the table.
#![expect(unsafe_code, reason = "implementing an allocator is unsafe")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use headcount_wire::flat::{BodyEvent, BodyForm, Budget, Scratch, each};
use headcount_wire::limits;

struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);
static CALLS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on to the system's allocator with the same
// arguments; the counters touch no other memory.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Relaxed) + layout.size();
        MOST.fetch_max(held, Relaxed);
        CALLS.fetch_add(1, Relaxed);
        // SAFETY: the caller keeps the contract of the system's allocator.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller keeps the contract of the system's allocator.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What reading a body costs.
struct Cost {
    time: Duration,
    /// The peak of the bytes allocated.
    memory: usize,
    allocations: usize,
    /// Events, and whether the body was refused.
    read: String,
}

fn cost(form: BodyForm, body: &[u8]) -> Cost {
    let before = HELD.load(Relaxed);
    MOST.store(before, Relaxed);
    CALLS.store(0, Relaxed);
    let began = Instant::now();
    let (mut events, mut fields) = (0, 0);
    let refused = {
        let scratch = Scratch::new();
        each(form, body, &scratch, &mut Budget::of_body(), &mut |arrived| {
            events += 1;
            if let BodyEvent::Event(event) = arrived {
                fields += event.fields.len() + event.items.len();
            }
        })
        .is_err()
    };
    let time = began.elapsed();
    let (memory, allocations) = (MOST.load(Relaxed) - before, CALLS.load(Relaxed));
    let outcome = if refused { "refused" } else { "read" };
    Cost { time, memory, allocations, read: format!("{events} events, {fields} fields, {outcome}") }
}

/// Bytes of each body.
const BODY: usize = 1 << 20;

/// A body of about [`BODY`] bytes.
fn filled(open: &str, piece: &str, close: &str) -> Vec<u8> {
    let times = (BODY - open.len() - close.len()) / piece.len();
    format!("{open}{}{close}", piece.repeat(times)).into_bytes()
}

/// A message of protocol buffers within another.
fn message(field: u8, content: &[u8]) -> Vec<u8> {
    let mut message = vec![field << 3 | 2];
    let mut length = content.len();
    while length >= 0x80 {
        message.push(length as u8 | 0x80);
        length >>= 7;
    }
    message.push(length as u8);
    message.extend(content);
    message
}

/// An export request of log records.
fn export(records: &[u8]) -> Vec<u8> {
    message(1, &message(2, records))
}

/// Names that differ, so that no reader knows them.
fn fields(count: usize) -> String {
    (0..count).map(|place| format!("\"{place:x}\":0,")).collect()
}

const LINE: &str = "{\"anonymousId\":\"a1b2c3d4-e5f6-4890-abcd-ef1234567890\",\"eventId\":\
    \"01a1f640-bc00-7000-8000-000000000000\",\"timestamp\":\"2026-11-20T23:41:20Z\",\"command\":\
    \"init\",\"agentType\":\"claude\",\"success\":true,\"platform\":\"darwin\",\"duration_ms\":1250}";

/// An honest body of each form, and bodies that are none.
fn bodies() -> Vec<(BodyForm, &'static str, Vec<u8>)> {
    use BodyForm::{Clacky, Datadog, Http, Native, Otlp, OtlpProtobuf, PostHog};
    use BodyForm::{OtlpMetrics, OtlpMetricsProtobuf, OtlpTraces, OtlpTracesProtobuf};
    let few = |open: &str, piece: &str, close: &str| {
        format!("{open}{}{close}", piece.repeat(3_000)).into_bytes()
    };
    let otlp = "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[";
    let attribute = "{\"key\":\"command\",\"value\":{\"stringValue\":\"init\"}},".repeat(8);
    let record = format!("{{\"eventName\":\"run\",\"attributes\":[{attribute}{{}}]}},");
    let pair = message(6, &[message(1, b"command"), message(2, &message(1, b"init"))].concat());
    let empty_pairs = message(2, &message(6, b"").repeat(200));
    let list = message(6, &message(2, &message(5, &message(1, b"").repeat(500))));
    let late_key = format!(
        "{}\"batch\":[{}{{}}],\"api_key\":\"k\"}}",
        format_args!("{{{}", fields(60_000)),
        "{},".repeat(9_998)
    );
    vec![
        (Native, "honest", few("", &format!("{LINE}\n"), "")),
        (Native, "short fields", filled("{", "\"\":0,", "\"\":0}")),
        (Native, "nested fields", filled("[", "{\"\":{\"\":0}},", "0]")),
        (Native, "open brackets", filled("", "[", "")),
        (Native, "lines of an open object", filled("", "{\"a\":\n", "")),
        (Native, "lines of open objects", filled("", "{\"a\":[{},\n", "")),
        (Native, "escapes", filled("[", "\"\\n\",", "0]")),
        (Native, "escapes in fields", filled("[", "{\"\\n\":\"\\n\"},", "0]")),
        (Native, "empty lines", filled("", "\n", "")),
        (Native, "one long line", filled("{\"a\":\"", "x", "\"}")),
        (Native, "long numbers", filled("[", "{\"\":0.0000000000000000000000001e300},", "0]")),
        (Http, "honest", few("{\"events\":[", &format!("{LINE},"), "0]}")),
        (Http, "lists twice", filled("{\"events\":[],\"events\":[", "0,", "0]}")),
        (
            PostHog,
            "honest",
            few(
                "{\"api_key\":\"k\",\"batch\":[",
                &format!("{{\"event\":\"run\",\"properties\":{LINE}}},"),
                "0]}",
            ),
        ),
        (PostHog, "fields before the batch", late_key.into_bytes()),
        (PostHog, "short properties", filled("[{\"properties\":{", "\"a\":0,", "\"\":0}}]")),
        (PostHog, "properties of lists", filled("[", "{\"properties\":{\"\":[0]}},", "0]")),
        (PostHog, "batches within", filled("{\"batch\":[", "{\"batch\":[0]},", "0]}")),
        (Datadog, "honest", few("", &format!("{LINE}\n"), "")),
        (Datadog, "reserved names", filled("[{", "\"usr\":{\"id\":0},", "\"\":0}]")),
        (
            Clacky,
            "honest",
            filled(
                "{",
                "\"command\":\"init\",\"duration\":1250,\"text\":\"a text of some length\",",
                "\"x\":0}",
            ),
        ),
        (Clacky, "short lists", filled("{", "\"\":[0],", "\"\":0}")),
        (Otlp, "honest", few(otlp, &record, "{}]}]}]}")),
        (Otlp, "empty attributes", filled(otlp, "{\"attributes\":[{},{},{}]},", "{}]}]}]}")),
        (
            Otlp,
            "resources after their logs",
            filled("{\"resourceLogs\":[", "{\"scopeLogs\":[{}],\"resource\":{}},", "{}]}"),
        ),
        (
            OtlpTraces,
            "events of spans",
            filled(
                "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[",
                "{\"events\":[{},{}]},",
                "{}]}]}]}",
            ),
        ),
        (
            OtlpMetrics,
            "data points",
            filled(
                "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"sum\":{\"dataPoints\":[",
                "{},",
                "{}]}}]}]}]}",
            ),
        ),
        (
            OtlpTracesProtobuf,
            "empty events",
            export(&message(2, &message(11, b"").repeat(1_000)).repeat(2_000)),
        ),
        (
            OtlpMetricsProtobuf,
            "empty data points",
            export(&message(2, &message(7, &message(1, b"").repeat(1_000))).repeat(2_000)),
        ),
        (OtlpProtobuf, "honest", export(&message(2, &pair.repeat(8)).repeat(10_000))),
        (OtlpProtobuf, "empty attributes", export(&empty_pairs.repeat(10_000))),
        (OtlpProtobuf, "empty records", export(&message(2, b"").repeat(BODY / 2))),
        (OtlpProtobuf, "lists of nothing", export(&message(2, &list.repeat(200)).repeat(10))),
        (OtlpProtobuf, "empty resources", message(1, b"").repeat(BODY / 2)),
        (
            OtlpProtobuf,
            "attributes of resources",
            message(1, &message(1, &message(1, b"").repeat(BODY / 2))),
        ),
    ]
}

#[test]
fn a_body_costs_in_proportion_to_its_bytes() {
    const MIB: f64 = (1 << 20) as f64;
    let mut table =
        String::from("form, body: bytes sent, time, time a MiB, most memory, outcome\n");
    let mut slowest_honest = 0.0_f64;
    let mut all = Vec::new();
    for (form, name, body) in bodies() {
        // The best of several, as the machine may be busy.
        let costs = [(); 6].map(|()| cost(form, &body));
        let best = costs.into_iter().min_by_key(|cost| cost.time).expect("some costs");
        let a_mebibyte = best.time.as_secs_f64() * 1e3 / (body.len() as f64 / MIB);
        table += &format!(
            "{form:?}, {name}: {} B, {:.1} ms, {a_mebibyte:.2} ms, {} kB in {} pieces, {}\n",
            body.len(),
            best.time.as_secs_f64() * 1e3,
            best.memory / 1_000,
            best.allocations,
            best.read,
        );
        if name == "honest" {
            slowest_honest = slowest_honest.max(a_mebibyte);
            // Vectors that grow, and nothing for each event.
            assert!(best.allocations < 60, "{table}");
        }
        all.push((form, name, a_mebibyte, best.memory));
    }
    print!("{table}");
    for (form, name, a_mebibyte, memory) in all {
        assert!(a_mebibyte < 5.0 * slowest_honest, "{form:?}, {name}: {table}");
        // Texts with escapes, and the items of lists: 24 bytes for each value.
        let most = limits::HELD_BYTES + limits::VALUES * 24 * 3;
        assert!(memory < most, "{form:?}, {name}: {table}");
    }
}
