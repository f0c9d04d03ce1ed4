//! The most memory that a body can make a decoder use.
#![expect(unsafe_code, reason = "implementing an allocator is unsafe")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use headcount_wire::{clacky, datadog, http, limits, native, otlp, posthog};

struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on to the system's allocator with the same
// arguments; the counters touch no other memory.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Relaxed) + layout.size();
        MOST.fetch_max(held, Relaxed);
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

/// Returns the peak of the bytes allocated while `read` runs.
fn most(read: impl FnOnce()) -> usize {
    let before = HELD.load(Relaxed);
    MOST.store(before, Relaxed);
    read();
    MOST.load(Relaxed) - before
}

/// Decodes a body in every dialect. Returns the highest peak.
fn read_by_all(body: &[u8]) -> usize {
    let archon = headcount_catalog::parse(include_str!("../../../examples/archon/telemetry.toml"))
        .unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let reads: [&dyn Fn(); 7] = [
        &|| drop(native::decode(body)),
        &|| drop(http::decode(body)),
        &|| drop(clacky::decode(body).map(|event| event.unchecked(&archon, "e").map(drop))),
        &|| drop(otlp::decode(body).map(|export| export.records().map(drop))),
        &|| drop(otlp::decode_protobuf(body).map(|export| export.records().map(drop))),
        &|| {
            let captures = posthog::decode(body);
            for capture in captures.iter().flat_map(posthog::Captures::captures).flatten() {
                drop(capture.unchecked(&archon));
            }
        },
        &|| {
            let logs = datadog::decode(body);
            for log in logs.iter().flat_map(datadog::Logs::logs).flatten() {
                drop(log.unchecked(&archon));
            }
        },
    ];
    reads.into_iter().map(most).max().unwrap_or(0)
}

#[test]
fn no_body_makes_a_decoder_use_more_memory_than_documented() {
    const BODY: usize = 4 << 20;
    const MOST: usize = limits::VALUES * 160;
    for (open, piece, close) in [
        ("[", "{\"\":0},", "0]"),
        ("[", "[0],", "0]"),
        ("[", "0,", "0]"),
        ("[", "\"\\n\",", "0]"),
        ("", "{\"\":{\"\":0}}\n", ""),
        ("{\"batch\":[", "{\"properties\":{\"\":[0]}},", "0]}"),
        ("{\"batch\":[{\"properties\":{", "\"a\":{\"\":0},", "\"b\":0}}]}"),
        ("{\"events\":[", "{},", "0]}"),
        (
            "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[",
            "{\"attributes\":[{}]},",
            "{}]}]}]}",
        ),
        ("", "\x0a\x04\x12\x02\x12\x00", ""),
        ("", "[", ""),
    ] {
        let body = format!("{open}{}{close}", piece.repeat(BODY / piece.len()));
        let held = read_by_all(body.as_bytes());
        assert!(held < MOST, "{held} bytes for a body of {piece}");
    }
}
