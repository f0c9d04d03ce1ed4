//! Every limit of this crate, with its unit and its arithmetic.

/// Bytes of a host version: `12.34.567-nightly.20261120+abcdef12` is 34.
pub const VERSION_BYTES: usize = 64;

/// Bytes of a locale: BCP 47 allows 35, the ones in use stay under 20.
pub const LOCALE_BYTES: usize = 35;

/// Bytes of a session, turn or account reference: a UUID has 36, a hash 64.
pub const REFERENCE_BYTES: usize = 64;

/// Bytes of a place in source: `crates/<name>/src/<folders>/<file>.rs:LINE:COLUMN`.
pub const LOCATION_BYTES: usize = 160;

/// Bytes of a function's name in a frame, generics cut.
pub const FRAME_BYTES: usize = 120;

/// Properties an event may have. The largest seed has 15 with its envelope; a
/// record of 64 stays within one page of 4 KiB at 60 bytes each.
pub const PROPERTIES: usize = 64;

/// Words a closed set may have: each is a column value on every panel.
pub const SET_WORDS: usize = 512;

/// Bytes of a word.
pub const WORD_BYTES: usize = 80;

/// Events a catalog may have.
pub const EVENTS: usize = 256;

/// Characters of a token: the longest model names in use stay under 80.
pub const TOKEN_CHARACTERS: u16 = 128;

/// Characters of scrubbed text: two short sentences.
pub const SCRUBBED_CHARACTERS: u16 = 200;

/// Bytes of a catalog's text: the largest seed has 10 KiB, 256 events of 64
/// properties at 60 bytes a line would have 960 KiB and be unreadable.
pub const CATALOG_BYTES: usize = 512 * 1024;

/// Dots on one line of a catalog's text. Every dot of a key opens a table within
/// a table, and those are walked by recursion: 100 of them, in each of the 80
/// nested tables that TOML's reader allows, keep within a stack of 2 MiB.
pub const LINE_DOTS: usize = 100;

/// Bytes of a name: of a product, variable, destination, event or property.
pub const NAME_BYTES: usize = 64;

/// Bytes of a path in a catalog: Windows allows 260 in all.
pub const PATH_BYTES: usize = 160;

/// Bytes of an address: `https://`, 253 of a host name, and a path.
pub const ADDRESS_BYTES: usize = 512;

/// Characters of a sentence for people: a notice of ten lines of 80.
pub const TEXT_CHARACTERS: usize = 800;

/// Lines of a list for people, such as what is collected.
pub const TEXT_LINES: usize = 20;

/// Variables, destinations or arguments of the shipping command.
pub const LIST_ITEMS: usize = 8;

/// Envelope entries: as many again as the largest seed has.
pub const ENVELOPE_ENTRIES: usize = 32;

/// Rungs of a bucket's ladder: each is a bar of a panel.
pub const RUNGS: usize = 64;

/// Frames of a panic: twice what the seed sends, and a screenful.
pub const FRAMES: u8 = 20;

/// Uploads, or events lost for one reason, that one report tells of: a host that
/// ships twice a second has 172,800 uploads a day. What is above is a fault
/// whose size says nothing more.
pub const REPORT_CAP: u64 = 1_000_000;

/// The largest cap of a number: JSON's readers are exact up to 2^53 - 1.
pub const CAP: u64 = (1 << 53) - 1;

/// Digits after the point of an amount: a millionth of a dollar.
pub const DECIMALS: u8 = 6;

/// Days unsent records stay on a person's machine: a year.
pub const ON_MACHINE_DAYS: u16 = 366;

/// Days a collector keeps raw events: five years.
pub const RAW_DAYS: u16 = 1830;
