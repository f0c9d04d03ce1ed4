//! Limits of the public page, and of the pages of steps and catalogs.

/// Devices that a number on a public page stands for, at least.
pub const PUBLIC_DEVICES: u64 = 20;

/// Ids of one cell that are kept while a week is counted: enough, if each
/// device may have two. 20,000 cells x 40 x 30 B = 24 MB at most.
pub(crate) const PUBLIC_IDS: usize = 40;

/// What numbers on a public page are rounded down to.
pub const PUBLIC_ROUNDING: u64 = 10;

/// Values of one table of a public page. A table fits a screen.
pub const PUBLIC_VALUES: usize = 30;

/// Tables of one week: 40 x 30 values x 50 B = 60 KB of JSON.
pub const PUBLIC_TABLES: usize = 40;

/// Cells that are counted of one week. What exceeds them is counted in the
/// totals alone, as a value that is not shown.
pub const PUBLIC_CELLS: usize = 20_000;

/// Differences of a version of the catalog that an entry of the feed lists. A
/// release changes a few; whoever wants all has the page of the catalog.
pub const PUBLIC_DIFFERENCES: usize = 20;

/// Whole weeks on a public page: a quarter of a year.
pub const PUBLIC_WEEKS: usize = 13;

/// Days from the end of a week until its numbers are published, for what
/// arrives late: most laptops are online again within a week.
pub const PUBLIC_WAIT_DAYS: i32 = 7;

/// How long anybody may keep a public page, in seconds. Its numbers change once
/// a week.
pub const PUBLIC_AGE_SECONDS: u32 = 3_600;

/// Events that a product may ever have had so that its page counts durations by
/// value before anybody asked for it: [`PAGE_SPLIT_PANELS`] times 500,000 at 10
/// million a second take 0.2 s.
pub const PAGE_SPLIT_EVENTS: u64 = 500_000;

/// Panels of durations by value on a page, each a question to raw events.
pub const PAGE_SPLIT_PANELS: usize = 4;

/// Panels of senders on a page that count devices, each a question to a week of
/// raw events, of a product with [`PAGE_SPLIT_EVENTS`] at most: 0.4 s.
pub const PAGE_DEVICE_PANELS: usize = 8;

/// Steps that a page suggests: 120 x 60 B = 7 KB.
pub const PAGE_STEP_OPTIONS: usize = 120;

/// Days on the page of a catalog: what ends within them, and what was sent.
pub const CATALOG_PAGE_DAYS: i32 = 90;

/// Days after which the page of a catalog lists what nobody has asked for: half
/// a year.
pub const UNASKED_DAYS: i32 = 180;

/// Rows of the table of what nobody has asked for.
pub const UNASKED_ROWS: usize = 100;

/// Bytes of the file that has the days on which something was last asked for. A
/// catalog of 256 events with 64 properties each takes 3 MB; five of them fit.
pub(crate) const ASKED_BYTES: u64 = 16 * 1024 * 1024;

/// Rows of a table on the page of a catalog.
pub const CATALOG_PAGE_ROWS: usize = 50;

/// Bytes of what is chosen in the address of a page, as its links repeat it:
/// about 400 links, half of them with three times as many escapes, have 1.6 MB
/// at most. 60 values to filter by fit into it.
pub const PAGE_QUERY_BYTES: usize = 2 * 1024;

/// Bytes of one value in the address of a page: as many as a location has,
/// which is the longest value that events are counted by.
pub const PAGE_VALUE_BYTES: usize = headcount_catalog::limits::LOCATION_BYTES;

/// Minutes without an event after which a visit is over, if a question names
/// none: what analytics of web sites have agreed on.
pub const PAUSE_MINUTES: i32 = 30;
/// See [`PAUSE_MINUTES`]: a week.
pub const MOST_PAUSE_MINUTES: i32 = 7 * 24 * 60;
