//! Whatever is in a file, `parse` returns a catalog or mistakes and never
//! panics.
#![cfg(feature = "parse")]

use std::fs;
use std::path::Path;

use headcount_catalog::parse;

/// The xorshift64* generator: the same numbers in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }
}

/// Bytes that have a meaning in TOML or in the grammar.
const SPECIAL: &[u8] = b"\"'{}[]=,.#*\n\\ -_0a\xc3\xa9\x00\x1b";

fn catalogs() -> Vec<Vec<u8>> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    ["atomic", "atomcode", "archon", "assembly", "clacky"]
        .map(|name| {
            fs::read(examples.join(name).join("telemetry.toml")).expect("an example has a catalog")
        })
        .into()
}

fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len());
    match random.below(6) {
        0 => bytes[at] ^= 1 << random.below(8),
        1 => bytes[at] = SPECIAL[random.below(SPECIAL.len())],
        2 => bytes.insert(at, SPECIAL[random.below(SPECIAL.len())]),
        3 => {
            let end = (at + random.below(40)).min(bytes.len());
            bytes.drain(at..end);
        }
        4 => {
            // Copies a piece of the file to another place.
            let end = (at + random.below(200)).min(bytes.len());
            let piece = bytes[at..end].to_vec();
            let to = random.below(bytes.len());
            bytes.splice(to..to, piece);
        }
        _ => bytes.truncate(at.max(1)),
    }
}

#[test]
fn no_text_makes_the_reader_panic() {
    const ROUNDS: usize = 2_000;
    let catalogs = catalogs();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut clean = 0;
    for round in 0..ROUNDS {
        let mut bytes = catalogs[round % catalogs.len()].clone();
        for _ in 0..=random.below(4) {
            mutate(&mut bytes, &mut random);
        }
        let text = String::from_utf8_lossy(&bytes);
        match parse(&text) {
            Ok(_) => clean += 1,
            Err(mistakes) => {
                let lines = text.lines().count().max(1) + 1;
                assert!(!mistakes.all().is_empty());
                for mistake in mistakes {
                    assert!((1..=lines).contains(&mistake.line), "{mistake}\n{text}");
                    assert!(mistake.column >= 1, "{mistake}\n{text}");
                    // The message for a section that failed without any
                    // mistake.
                    assert!(!mistake.message.contains("could not be read"), "{text}");
                }
            }
        }
    }
    assert!(clean > 0, "some mutations, as in a comment, change nothing");
    assert!(clean < ROUNDS / 2, "most mutations are reported");
}

#[test]
fn keys_within_keys_do_not_exhaust_the_stack() {
    let key = vec!["a"; 100].join(".");
    for depth in [1, 79, 400] {
        let open = format!("{{\n{key} = ").repeat(depth);
        let text = format!("[{key}]\n{key} = {open}1{}", "}".repeat(depth));
        assert!(parse(&text).is_err(), "{depth}");
    }
    assert!(parse(&"[".repeat(100_000)).is_err());
    assert!(parse(&format!("x = {}", "[".repeat(100_000))).is_err());
}
