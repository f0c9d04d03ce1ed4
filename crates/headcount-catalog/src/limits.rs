//! The limits of a catalog and of its values, with their units and arithmetic.

/// Bytes of a version: `12.34.567-nightly.20261120+abcdef12` has 34.
pub const VERSION_BYTES: usize = 64;

/// Bytes of a locale: BCP 47 allows 35; those in use have less than 20.
pub const LOCALE_BYTES: usize = 35;

/// Bytes of a reference to a session, turn or account: a UUID has 36, a SHA-256
/// in hexadecimal 64.
pub const REFERENCE_BYTES: usize = 64;

/// Bytes of a source location:
/// `crates/<name>/src/<folders>/<file>.rs:LINE:COLUMN`.
pub const LOCATION_BYTES: usize = 160;

/// Bytes of the name of a function in a frame, without generics.
pub const FRAME_BYTES: usize = 120;

/// Properties of an event. The largest seed has 15 with its envelope; 64
/// properties of 60 bytes fit into 4 KiB.
pub const PROPERTIES: usize = 64;

/// Words of a closed set: each is a value in a panel.
pub const SET_WORDS: usize = 512;

/// Bytes of a word.
pub const WORD_BYTES: usize = 80;

/// Pairs of an event that are counted together: each is a table of a panel.
pub const PAIRS: usize = 8;

/// Events of a catalog.
pub const EVENTS: usize = 256;

/// Purposes of a catalog: more than a person would choose among.
pub const PURPOSES: usize = 8;

/// Characters of a token: the longest names of models in use have less than 80.
pub const TOKEN_CHARACTERS: u16 = 128;

/// Characters of scrubbed text: two short sentences.
pub const SCRUBBED_CHARACTERS: u16 = 200;

/// Bytes of the text of a catalog. The largest seed has 10 KiB; 256 events of
/// 64 properties with 60 bytes each would have 960 KiB and be unreadable.
pub const CATALOG_BYTES: usize = 512 * 1024;

/// Dots on one line of the text of a catalog. Every dot of a key is a table
/// within a table, and tables are walked recursively. 100 dots in each of the
/// 80 nested tables that the TOML reader allows need less than 2 MiB of stack.
pub const LINE_DOTS: usize = 100;

/// Bytes of a name: of a product, variable, destination, event or property.
pub const NAME_BYTES: usize = 64;

/// Bytes of a path in a catalog: Windows allows 260 for the whole path.
pub const PATH_BYTES: usize = 160;

/// Bytes of a URL: `https://`, a host name of 253, and a path.
pub const ADDRESS_BYTES: usize = 512;

/// Characters of a text for people: a notice of ten lines of 80.
pub const TEXT_CHARACTERS: usize = 800;

/// Lines of a list for people, such as the list of what is collected.
pub const TEXT_LINES: usize = 20;

/// Variables, destinations, or arguments of the shipping command.
pub const LIST_ITEMS: usize = 8;

/// Entries of an envelope: twice as many as the largest seed has.
pub const ENVELOPE_ENTRIES: usize = 32;

/// Numbers of a bucket: each is a bar in a panel.
pub const RUNGS: usize = 64;

/// Frames of a panic: twice what the AtomCode seed sends.
pub const FRAMES: u8 = 20;

/// The greatest count in a report. A host that ships twice a second has 172,800
/// uploads a day; a larger number is a fault whose size does not matter.
pub const REPORT_CAP: u64 = 1_000_000;

/// The largest cap of a number: JSON readers are exact up to 2^53 - 1.
pub const CAP: u64 = (1 << 53) - 1;

/// Decimals of an amount: a millionth of a dollar.
pub const DECIMALS: u8 = 6;

/// Days that unsent records stay on a person's machine: a year.
pub const ON_MACHINE_DAYS: u16 = 366;

/// Days that a collector keeps raw events: five years.
pub const RAW_DAYS: u16 = 1830;
