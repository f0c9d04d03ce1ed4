//! What a body makes a decoder hold, at the most, whatever it is made of.
#![expect(unsafe_code, reason = "an allocator that counts can only be written so")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use headcount_wire::{clacky, datadog, http, limits, native, otlp, posthog};

struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator with the layout it came with;
// the counters touch no memory but their own.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Relaxed) + layout.size();
        MOST.fetch_max(held, Relaxed);
        // SAFETY: the caller's promises are passed on as they are.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promises are passed on as they are.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bytes held at the most while `read` runs.
fn most(read: impl FnOnce()) -> usize {
    let before = HELD.load(Relaxed);
    MOST.store(before, Relaxed);
    read();
    MOST.load(Relaxed) - before
}

/// All that a decoder makes of a body, claims included.
fn read_by_all(body: &[u8]) -> usize {
    let archon = headcount_catalog::parse(include_str!("../../../examples/archon/telemetry.toml"))
        .unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let reads: [&dyn Fn(); 7] = [
        &|| drop(native::decode(body)),
        &|| drop(http::decode(body)),
        &|| drop(clacky::decode(body).map(|it| it.unchecked(&archon, "e").map(drop))),
        &|| drop(otlp::decode(body).map(|it| it.records().map(drop))),
        &|| drop(otlp::decode_protobuf(body).map(|it| it.records().map(drop))),
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
fn no_body_of_four_megabytes_makes_a_decoder_hold_more_than_it_says() {
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
