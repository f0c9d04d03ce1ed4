//! Canaries: planted secrets that must never leave, and the search for them.
//!
//! A canary has only lower-case letters, so that quoting, escaping and
//! percent-encoding do not change it. The search also finds it in another case,
//! in hexadecimal and in base64. Compressed bytes must be decompressed before
//! they are searched.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

/// Letters of a canary after the first: 26^20 possibilities, so none occurs by
/// chance.
const LETTERS: usize = 20;

/// A planted secret, the same in every run.
#[derive(Clone, Debug)]
pub struct Canary {
    label: String,
    text: String,
}

impl Canary {
    /// Returns the canary for a place where something private may be, such as
    /// `prompt` or `host-name`. Different labels have different texts.
    #[must_use]
    pub fn new(label: &str) -> Self {
        // FNV-1a over the label seeds an LCG (Knuth's MMIX constants), whose
        // high bits are used.
        let mut state = label.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut text = String::from("q");
        for _ in 0..LETTERS {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let letter = u8::try_from((state >> 33) % 26).expect("below 26");
            text.push(char::from(b'a' + letter));
        }
        Self { label: label.to_owned(), text }
    }

    /// Returns the text to plant.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns a sentence that says where the canary is in `bytes` and how it
    /// is encoded; `None` if it is not there.
    #[must_use]
    pub fn find_in(&self, bytes: &[u8]) -> Option<String> {
        let lower = bytes.to_ascii_lowercase();
        let plain = position(&lower, self.text.as_bytes()).map(|at| (at, "as text"));
        let hex = || position(&lower, self.hex().as_bytes()).map(|at| (at, "as hexadecimal"));
        let base64 = || {
            let needles = base64_needles(self.text.as_bytes());
            needles.iter().find_map(|needle| Some((position(bytes, needle)?, "as base64")))
        };
        let (at, encoding) = plain.or_else(hex).or_else(base64)?;
        Some(format!("the canary {:?} is at byte {at} {encoding}", self.label))
    }

    /// Returns a sentence for each file in `folder` and its folders that has
    /// the canary in its bytes or its name.
    ///
    /// # Panics
    ///
    /// If a folder or file cannot be read. One that goes away meanwhile,
    /// because a shipper is still at work, has nothing.
    #[must_use]
    pub fn find_in_tree(&self, folder: &Path) -> Vec<String> {
        assert!(folder.is_dir(), "{} is not a folder", folder.display());
        let mut sightings = Vec::new();
        self.search(folder, &mut sightings);
        sightings.sort();
        sightings
    }

    fn search(&self, folder: &Path, sightings: &mut Vec<String>) {
        let Some(children) = there(std::fs::read_dir(folder), folder) else { return };
        for child in children {
            let path = child.expect("an entry of a folder that was just opened").path();
            let name = path.file_name().expect("an entry has a name").to_string_lossy();
            if let Some(sighting) = self.find_in(name.as_bytes()) {
                sightings.push(format!("{}: in its name, {sighting}", path.display()));
            }
            let Some(about) = there(path.symlink_metadata(), &path) else { continue };
            if about.is_dir() {
                self.search(&path, sightings);
            } else if about.is_file() {
                let Some(bytes) = there(std::fs::read(&path), &path) else { continue };
                if let Some(sighting) = self.find_in(&bytes) {
                    sightings.push(format!("{}: {sighting}", path.display()));
                }
            }
        }
    }

    fn hex(&self) -> String {
        self.text.bytes().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").expect("a string takes every write");
            hex
        })
    }
}

fn position(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

/// Returns `secret` in base64 for each of the three places in a group of three
/// bytes where it can start, without the letters at either end that also depend
/// on the bytes beside it. The letters of a canary never become `+` or `/`, so
/// base64 for URLs is the same.
fn base64_needles(secret: &[u8]) -> [Vec<u8>; 3] {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    [0, 1, 2].map(|offset| {
        let bit = |at: usize| (secret[at / 8] >> (7 - at % 8)) & 1;
        // With `offset` bytes before it, the secret starts at bit 8 * offset.
        // The first group of six bits that belongs only to the secret starts at
        // its bit (6 - 8 * offset % 6) % 6.
        let first = (6 - (8 * offset) % 6) % 6;
        let groups = (secret.len() * 8 - first) / 6;
        (0..groups)
            .map(|group| {
                let six = (0..6).fold(0, |six, at| (six << 1) | bit(first + group * 6 + at));
                ALPHABET[usize::from(six)]
            })
            .collect()
    })
}

/// What was read of a path, unless it is gone.
fn there<T>(read: io::Result<T>, path: &Path) -> Option<T> {
    match read {
        Ok(read) => Some(read),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => panic!("cannot read {}: {error}", path.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Home;

    #[test]
    fn each_label_has_its_own_text_and_keeps_it() {
        let prompt = Canary::new("prompt");
        assert_eq!(prompt.text(), Canary::new("prompt").text());
        assert_ne!(prompt.text(), Canary::new("path").text());
        assert!(prompt.text().bytes().all(|byte| byte.is_ascii_lowercase()));
    }

    #[test]
    fn found_as_text_in_any_case() {
        let canary = Canary::new("argument");
        let shouted = format!("x{}y", canary.text().to_uppercase());
        let sighting = canary.find_in(shouted.as_bytes()).unwrap();
        assert_eq!(sighting, "the canary \"argument\" is at byte 1 as text");
    }

    #[test]
    fn not_found_where_it_is_not() {
        let canary = Canary::new("argument");
        assert_eq!(canary.find_in(b""), None);
        assert_eq!(canary.find_in(&canary.text().as_bytes()[1..]), None);
    }

    #[test]
    fn found_as_hexadecimal() {
        let canary = Canary::new("argument");
        let sighting = canary.find_in(canary.hex().to_uppercase().as_bytes()).unwrap();
        assert!(sighting.ends_with("as hexadecimal"), "{sighting}");
    }

    #[test]
    fn found_as_base64_wherever_it_begins() {
        // Each text is what `base64` prints for 0 to 3 bytes `!` before
        // `headcount` and one after.
        let needles = base64_needles(b"headcount");
        for (text, needle) in [
            ("aGVhZGNvdW50IQ==", &needles[0]),
            ("IWhlYWRjb3VudCE=", &needles[1]),
            ("ISFoZWFkY291bnQh", &needles[2]),
            ("ISEhaGVhZGNvdW50IQ==", &needles[0]),
        ] {
            assert!(position(text.as_bytes(), needle).is_some(), "{text}");
        }
    }

    #[test]
    fn a_tree_is_searched_in_names_and_bytes() {
        let canary = Canary::new("path");
        let home = Home::new();
        home.write("clean", "nothing");
        home.write("deep/down/here", format!("..{}..", canary.text()));
        home.write(&format!("{}.log", canary.text()), "");
        let sightings = canary.find_in_tree(home.path());
        assert_eq!(sightings.len(), 2, "{sightings:?}");
        assert!(sightings.iter().any(|sighting| sighting.contains("at byte 2 as text")));
        assert!(sightings.iter().any(|sighting| sighting.contains("in its name")));
    }
}
