//! Every limit of this crate, with its unit and its arithmetic.

mod public_page;

use std::time::Duration;

pub(crate) use public_page::{ASKED_BYTES, PUBLIC_IDS};
pub use public_page::{
    CATALOG_PAGE_DAYS, CATALOG_PAGE_ROWS, MOST_PAUSE_MINUTES, PAGE_DEVICE_PANELS, PAGE_QUERY_BYTES,
    PAGE_SPLIT_EVENTS, PAGE_SPLIT_PANELS, PAGE_STEP_OPTIONS, PAGE_VALUE_BYTES, PAUSE_MINUTES,
    PUBLIC_AGE_SECONDS, PUBLIC_CELLS, PUBLIC_DEVICES, PUBLIC_DIFFERENCES, PUBLIC_ROUNDING,
    PUBLIC_TABLES, PUBLIC_VALUES, PUBLIC_WAIT_DAYS, PUBLIC_WEEKS, UNASKED_DAYS, UNASKED_ROWS,
};

pub use crate::request_rate::RequestRate;

/// Bytes of a body as it is sent. The SDK's batches stay under 512 KiB
/// uncompressed; ten times that leaves room for all other clients.
pub const BODY_BYTES: usize = 5 * 1024 * 1024;

/// Bytes of a decompressed body, as the specification of OTLP recommends.
pub const DECOMPRESSED_BYTES: usize = 20 * 1024 * 1024;

/// Bytes of all decompressed bodies that are in memory at once: three of the
/// largest, or 128 of the SDK's. Further requests are refused, so that memory
/// is bounded.
pub const BODY_MEMORY_BYTES: usize = 64 * 1024 * 1024;

/// Bytes of one unit of [`BODY_MEMORY_BYTES`]. A body has at most one unit that
/// it does not fill.
pub const MEMORY_UNIT_BYTES: usize = 64 * 1024;

/// Bytes that are decompressed at a time, before they are counted.
pub const CHUNK_BYTES: usize = 32 * 1024;

/// Bytes of Zstandard's window, which a decoder keeps beside its output: what
/// RFC 8878 (section 3.1.1.1.2) recommends that every decoder supports. Only
/// levels above 19 need more.
pub const WINDOW_BYTES: u64 = 8 * 1024 * 1024;

/// Zstandard frames or gzip members of one body. Clients send one. Each needs a
/// fresh decoder, even if it is empty.
pub const FRAMES: usize = 256;

/// Blocks that a compressed body may have, whatever their size: each of 256
/// frames with a few flushes. An empty one costs 2 µs, so all of them cost 8
/// ms.
pub const BLOCKS: usize = 4_096;

/// Bytes, compressed and decompressed together, for each block beyond
/// [`BLOCKS`]. Compressors end a block after tens of kilobytes; one that is
/// flushed after each event of 274 bytes makes two of them for 330 bytes. At 2
/// µs a block, a megabyte costs at most 16 ms.
pub const BLOCK_BYTES: usize = 128;

/// How long metrics wait for the store: half of the 10 s after which Prometheus
/// gives up a scrape, if its configuration does not say otherwise.
pub const METRICS_TIME: Duration = Duration::from_secs(5);

/// How long a client may take to send a body. A body of 512 KiB needs 17 KiB/s.
pub const BODY_TIME: Duration = Duration::from_secs(30);

/// Bytes of a rejected body that are still read and thrown away. If a
/// connection is closed before its bytes are read, it is reset, and the client
/// does not get the answer.
pub const DISCARDED_BYTES: usize = 64 * 1024 * 1024;

/// How long a rejected body is read.
pub const DISCARD_TIME: Duration = Duration::from_secs(5);

/// How long a browser may cache the answer to a preflight request: an hour,
/// about as long as a page is open.
pub const PREFLIGHT_TIME: Duration = Duration::from_secs(3_600);

/// How long a TLS handshake may take, and before it the first byte: four
/// packets, each sent three times if it is lost twice.
pub const HANDSHAKE_TIME: Duration = Duration::from_secs(10);

/// How often the files of the certificate are looked at. What is new is loaded
/// at the second look that finds it, so within ten seconds.
pub const CERTIFICATE_INTERVAL: Duration = Duration::from_secs(4);

/// Bytes of the file of a certificate or its key. A chain of four certificates
/// has 8 KB.
pub const CERTIFICATE_BYTES: u64 = 1024 * 1024;

/// Days before a certificate expires from which on the operator is told daily:
/// certificates of 90 days are renewed 30 days before, so a renewal has failed
/// for two weeks by then.
pub const EXPIRY_NOTICE_DAYS: i64 = 14;

/// The part of a certificate's time that is left when the operator is told, if
/// that is less than [`EXPIRY_NOTICE_DAYS`]: one of 6 days is renewed after
/// three, and told of in the last day and a half.
pub const EXPIRY_NOTICE_PART: i64 = 4;

/// How long the salt lives under which the addresses of clients are hashed.
pub const PEER_SALT_TIME: Duration = Duration::from_secs(3_600);

/// Requests of one client address (of IPv6, one /64 network). An office of 500
/// people is one address, and so is a collector of OpenTelemetry's that sends
/// for a whole company. At this rate of 1,000 a second a client takes a
/// sixteenth of what the collector does with one core (16,000 requests of one
/// event).
pub const PEER_REQUESTS: RequestRate =
    RequestRate { each: Duration::from_millis(1), at_once: 10_000 };

/// TLS handshakes of one client address, 200 a second. A handshake costs a
/// millisecond of the processor (1.2 with a key of ECDSA, 1.8 with one of RSA,
/// in a build without optimisation), so a client takes a third of a core at
/// most.
pub const PEER_HANDSHAKES: RequestRate =
    RequestRate { each: Duration::from_millis(5), at_once: 6_000 };

/// Requests with one write key: a quarter of what the collector does with one
/// core, so that a key that somebody took from a program does not keep the
/// other products out. Ten million devices that send every hour are 2,800 a
/// second.
pub const KEY_REQUESTS: RequestRate =
    RequestRate { each: Duration::from_micros(250), at_once: 40_000 };

/// Clients or keys whose requests are counted before the older ones are
/// forgotten. Twice as many places of 25 bytes, half of them empty at worst,
/// are 1.6 MB for each of three tables.
pub const RATE_PLACES: usize = 16_384;

/// Seconds after which a client that sends too often may send again: it may
/// then send 5,000 requests.
pub const TOO_OFTEN_SECONDS: u32 = 5;

/// How long a connection may be idle between two requests.
pub const IDLE_TIME: Duration = Duration::from_secs(60);

/// How long the head of a request may take to arrive, from its first byte: one
/// packet, sent three times if it is lost twice.
pub const HEAD_TIME: Duration = Duration::from_secs(10);

/// Bytes of a head, and of what is read of a body at a time. Browsers send up
/// to 16 KiB of cookies. 1,024 connections that send nothing but a head take 64
/// MiB.
pub const HEAD_BYTES: usize = 64 * 1024;

/// How long a request may take from the end of its head until it is answered:
/// [`BODY_TIME`], [`DISCARD_TIME`] and 25 seconds for a commit to a slow disk.
pub const REQUEST_TIME: Duration = Duration::from_secs(60);

/// How long a client may take to read an answer. A page of 300 KiB needs
/// 10 KiB/s.
pub const ANSWER_TIME: Duration = Duration::from_secs(30);

/// Open connections. If there are as many, the one whose client has been waited
/// for the longest is ended for the next one. An idle one costs about 10 KiB.
pub const CONNECTIONS: usize = 1_024;

/// Connections of one client address: a quarter. For one more, its own that is
/// waited for the longest is ended.
pub const PEER_CONNECTIONS: usize = CONNECTIONS / 4;

/// Requests that have started and whose answer has not begun, those included
/// whose client has gone: one for each connection, and as many of connections
/// before.
pub const STARTED_REQUESTS: usize = 2 * CONNECTIONS;

/// How long a connection that is to end may take before another one is ended as
/// well. Five of them are less than the second in which a new client is served.
pub const SHED_TIME: Duration = Duration::from_millis(200);

/// How often overdue connections are looked for, and the collector's own parts
/// are looked at. Going through 1,024 takes less
/// than a tenth of a millisecond.
pub const SWEEP_TIME: Duration = Duration::from_secs(1);

/// If less of [`BODY_MEMORY_BYTES`] is left, slow bodies are given up: two of
/// the largest bodies as they are sent.
pub const SHORT_MEMORY_BYTES: usize = 2 * BODY_BYTES;

/// How long a body may be arriving while memory is short: a body of 512 KiB
/// then needs 102 KiB/s.
pub const SLOW_BODY_TIME: Duration = Duration::from_secs(5);

/// How long to wait before accepting again if the system has no file handles
/// left. Without a wait it would be a busy loop.
pub const ACCEPT_RETRY_TIME: Duration = Duration::from_millis(100);

/// Bytes of a request for erasure: a product's name and a secret have 100.
pub const FORGET_BYTES: usize = 4 * 1024;

/// Erasures that run or wait. They run one after the other, because each may
/// rewrite what is sealed; more are refused.
pub const ERASURES: usize = 16;

/// How long an erasure waits for those before it. The SDK waits three seconds
/// for the answer.
pub const ERASURE_TURN_TIME: Duration = Duration::from_secs(2);

/// Answers to requests for erasure are sent at whole multiples of this, so that
/// their time tells nobody how many events there were: a small erasure takes a
/// few milliseconds, and finding nothing a few microseconds.
pub const ERASURE_ANSWER_TIME: Duration = Duration::from_millis(250);

/// Questions at once, those of pages included. Each reads the store on a thread
/// of its own.
pub const QUESTIONS: usize = 4;

/// Events that wait for the writer: 64 MiB at 1 KiB an event. A request with
/// more events is accepted if nothing else waits.
pub const WAITING_EVENTS: usize = 65_536;

/// Events that end the rest of the writer. A
/// commit costs the processor 100 to 200 µs, and an event 3 µs: with so many
/// events there is little left to save.
pub const GATHERED_EVENTS: usize = 256;

/// The writer rests after a commit of at least this many requests, so that what
/// comes in return gathers. Fewer clients take turns: while the events of some
/// are written, the others send theirs. With 2 to 4 clients, a rest made an
/// answer take 1.6 times as long; with 16, it saves a fifth of the processor.
pub const GATHERING_REQUESTS: usize = 6;

/// Rounds of the server's thread from the answers to the next commit: the first
/// writes the answers, the second reads most of what comes in return, and the
/// third the rest. If nothing comes, each is a look at the sockets of 1 µs.
pub const GATHERING_ROUNDS: usize = 3;

/// Seconds after which a refused client may send again.
pub const RETRY_SECONDS: u32 = 1;

/// How long a stop waits for requests that have started.
pub const STOP_TIME: Duration = Duration::from_secs(10);

/// Days of a question that names none, the last one included.
pub const QUESTION_DAYS: usize = 30;

/// Weeks of a question that names none, the last one included: a quarter of a
/// year and the current week.
pub const QUESTION_WEEKS: usize = 13;

/// Months of a question that names none, the last one included: a year.
pub const QUESTION_MONTHS: usize = 12;

/// Days of a question: ten years, 3,660 rows for each event name.
pub const MOST_QUESTION_DAYS: i32 = 3_660;

/// Names that a question may filter by: each is a column that is read.
pub const FILTER_NAMES: usize = 5;

/// Values of one name that a question may filter by: each is compared with that
/// of every event.
pub const FILTER_VALUES: usize = 20;

/// Steps of a question: one alone is a count.
pub const FEWEST_STEPS: usize = 2;
/// See [`FEWEST_STEPS`]. The store has a bit for each.
pub const MOST_STEPS: usize = headcount_store::limits::STEPS;

/// Days from the first step to any other, if a question names none: a week.
pub const STEP_DAYS: i32 = 7;

/// Days from the first step to any other: a month, the longest time for which
/// an id that is replaced every month can be followed.
pub const MOST_STEP_DAYS: i32 = 31;

/// Days that an event may be ahead of the collector's clock: in some time zones
/// the next day begins 14 hours before it does in UTC, and clocks are wrong.
pub const DAYS_AHEAD: i32 = 1;

/// Seconds that the clock may be behind the time since the start: more than any
/// clock drifts in a year (100 parts in a million are 53 minutes), and more
/// than a correction usually sets it back.
pub const CLOCK_DRIFT_SECONDS: i64 = 3_600;

/// Seconds that the clock may go on unseen, while the collector or its machine
/// is off: so much time may have passed, and as much is lost at most if the
/// clock is wrong.
pub const CLOCK_UNSEEN_SECONDS: i64 = 7 * 86_400;

/// How long a clock that is in doubt has to go steadily before the devices that
/// have the same day are believed.
pub const CLOCK_STEADY: Duration = Duration::from_secs(86_400);

/// How many devices have to have the day of a clock that is in doubt.
pub const CLOCK_AGREEING: usize = 5;

/// Most devices that are asked about a clock that is in doubt.
pub const CLOCK_DEVICES: usize = 1_024;

/// Seconds after which a client may send again what cannot be judged while the
/// clock is in doubt: about as long as setting a clock by the network takes.
pub const CLOCK_RETRY_SECONDS: u32 = 60;

/// How long after the start the store is kept in order for the first time: once
/// the clients that waited for the collector have been served.
pub const FIRST_HOUSEKEEPING: Duration = Duration::from_secs(20);

/// How often the store is kept in order.
pub const HOUSEKEEPING_INTERVAL: Duration = Duration::from_secs(3_600);

/// Bytes of a pseudonym: 128 bits of an HMAC-SHA256. The probability that any
/// two of 100 million devices have the same is 10^16 / 2^129, which is 10^-23.
pub const PSEUDONYM_BYTES: usize = 16;

/// Pseudonyms that a judge remembers: a batch has 500 events, each with a
/// device, a session and a turn. 1,024 places of 88 bytes are 90 KB a judge.
pub const RECENT_PSEUDONYMS: usize = 1_024;

/// Bytes of a body that is judged where it arrived, if it is not compressed:
/// about 50 events, 30 microseconds. Handing it to another thread takes as long
/// as judging ten events.
pub const JUDGED_AT_ONCE_BYTES: usize = 16 * 1024;

/// Places where one request may be told apart by the version of its program
/// when rejections are counted. Beyond them the version is left out: senders
/// choose it.
pub const REJECTED_COUNTS: usize = 64;

/// Rejected events of a request whose place the answer names: enough to find
/// what is wrong. The SDK reads 128 KiB of an answer: 500 events at 60 bytes,
/// and 100 places at 200 bytes, are 50 KB.
pub const TOLD_PLACES: usize = 100;

/// Bodies that wait for a judge, besides those that are judged: as many as
/// there are started requests, so that memory alone limits them.
pub const WAITING_BODIES: usize = STARTED_REQUESTS;

/// Bytes of the collector's secret, as long as the output of SHA-256.
pub const SECRET_BYTES: usize = 32;

/// Different bytes that a secret has at least. Of 32 random ones, fewer than 8
/// are different with a probability below C(256, 7) * (7 / 256)^32 = 10^-36.
pub const SECRET_DISTINCT_BYTES: usize = 8;

/// How often a collector that watches a folder of catalogs looks at it. What is
/// new is loaded at the second look that finds it, so within ten seconds.
pub const CATALOGS_INTERVAL: Duration = Duration::from_secs(4);

/// Days of a page, at most: two years and the day that ends them.
pub const PAGE_DAYS: i32 = 731;

/// Weeks on the page at least, the current one included: a quarter of a year.
pub const PAGE_WEEKS: usize = 12;

/// Months on the page at least, the current one included: a year.
pub const PAGE_MONTHS: usize = 12;

/// Weeks or months on the page at least where nothing is known of those before:
/// fewer bars say little.
pub const PAGE_PERIODS: usize = 6;

/// Rows of a list of bars on the page: a small panel stays small.
pub const BAR_ROWS: usize = 8;

/// Rows of a table of failures or durations on the page, the worst first.
pub const PAGE_ROWS: usize = 12;

/// Versions that have a curve of their own on the page: as many as there are
/// colours that can be told apart.
pub const PAGE_VERSIONS: usize = 6;

/// Events that a share needs before the page compares it with another: with
/// fewer, an interval is wider than most differences.
pub const COMPARED_EVENTS: u64 = 30;

/// The median of the days around a day that is nearly empty, at least. Of a
/// count with a mean of 30, Poisson's distribution has two or fewer with a
/// probability of 5 in 10^11: `e^-30 * (1 + 30 + 450)`.
pub const QUIET_DAY_MEDIAN: u64 = 30;

/// Nearly empty days that a chart names; how many more there are it says.
pub const QUIET_DAYS_TOLD: usize = 3;

/// Devices or events from which on a change is told in percent. One more or
/// less is 5 % of 20, and of fewer it is more.
pub const PERCENT_BASE: u64 = 20;

/// Panels of values on a page. A catalog with more shows the first ones, and
/// says so.
pub const PAGE_VALUE_PANELS: usize = 40;

/// Random bytes of a write key, a token or a sign-in: 160 bits. Somebody who
/// tries a million a second for ten years finds one of a thousand with a
/// probability of 10^-31.
pub const KEY_BYTES: usize = 20;

/// Bytes of a hash that name a key or a token: 40 bits. Two of 10,000 have the
/// same with a probability of 5 in 100,000, and then another one is made.
pub const CREDENTIAL_ID_BYTES: usize = 5;

/// Bytes of the salt of a password's hash, as RFC 9106 (section 3.1)
/// recommends.
pub const SALT_BYTES: usize = 16;

/// KiB of memory and passes over it to hash a password with argon2id: the
/// first choice of OWASP's *Password Storage Cheat Sheet*. About 30 ms of a
/// core.
pub const PASSWORD_MEMORY_KIB: u32 = 19 * 1024;

/// Passes, as above.
pub const PASSWORD_PASSES: u32 = 2;

/// Characters of a password, at least. At the rate of [`ALL_SIGN_INS`], a
/// random one of so many lower-case letters is found in 10^9 years.
pub const PASSWORD_CHARACTERS: usize = 12;

/// Different characters of a password, at least.
pub const PASSWORD_DISTINCT_CHARACTERS: usize = 5;

/// Bytes of a password, at most: a long sentence in any script.
pub const PASSWORD_BYTES: usize = 256;

/// Bytes of a reader's name: the longest e-mail addresses that are in use.
pub const READER_NAME_BYTES: usize = 64;

/// Write keys of all products.
pub const WRITE_KEYS: usize = 10_000;

/// Readers.
pub const READERS: usize = 1_000;

/// Tokens of all readers.
pub const TOKENS: usize = 10_000;

/// Bytes of the file of credentials: 21,000 entries of 250 bytes are 5 MB.
pub const CREDENTIALS_BYTES: u64 = 8 * 1024 * 1024;

/// Characters that a key must have which was not made here: shorter ones can
/// be guessed.
pub const EXISTING_KEY_CHARACTERS: usize = 16;

/// How often a collector looks whether its credentials have changed: what a
/// command changes holds within five seconds.
pub const CREDENTIALS_INTERVAL: Duration = Duration::from_secs(4);

/// How long a command waits for another one that changes the credentials. A
/// change takes 50 ms with a password, so a hundred may queue.
pub const CREDENTIALS_WAIT: Duration = Duration::from_secs(10);

/// Characters of a note on a day: one line below a chart.
pub const NOTE_CHARACTERS: usize = 200;

/// Notes of all products: one each work day for eight years.
pub const NOTES: usize = 2_000;

/// Bytes of the file of notes: 2,000 notes of at most 200 characters, of which
/// each takes at most 6 B as JSON, and 500 B around it, are 3.4 MB.
pub const NOTES_BYTES: u64 = 4 * 1024 * 1024;

/// Random bytes of a note's id: with 2,000 notes two are alike once in two
/// thousand files, and then another one is taken.
pub const NOTE_ID_BYTES: usize = 4;

/// Bytes of a form with a note: 200 characters of 12 B each where a browser
/// escapes them, and the query of the page, [`PAGE_QUERY_BYTES`] of 3 B each.
pub const NOTE_FORM_BYTES: usize = 9 * 1024;

/// How often a collector looks whether its notes have changed.
pub const NOTES_INTERVAL: Duration = Duration::from_secs(4);

/// How long a change of the notes waits for another one. A change takes 10 ms.
pub const NOTES_WAIT: Duration = Duration::from_secs(5);

/// How often the thread of alerts wakes: a message waits no longer.
pub const ALERT_TICK: Duration = Duration::from_secs(1);

/// Seconds between two looks at all rules, by the collector's clock. A look
/// reads rollups: a few milliseconds a rule.
pub const ALERT_INTERVAL_SECONDS: i64 = 300;

/// Rules of a configuration.
pub const ALERT_RULES: usize = 100;

/// Messages that wait: each of 100 rules has begun or is over. One takes a
/// kilobyte, and a report at most 50.
pub const ALERT_MESSAGES: usize = 100;

/// Reports of a configuration.
pub const REPORT_RULES: usize = 20;

/// Products of a report: a kilobyte of text each.
pub const REPORT_PRODUCTS: usize = 50;

/// How often a message is tried: after 1, 2, 4, 8, 16 and 32 minutes, and then
/// hourly for a day.
pub const ALERT_TRIES: u32 = 30;

/// The longest pause before a message is tried again, in seconds.
pub const ALERT_LONGEST_PAUSE_SECONDS: i64 = 3_600;

/// Seconds after a start before silence rings: programs that found nobody come
/// back within an hour.
pub const ALERT_GRACE_SECONDS: i64 = 3_600;

/// Seconds of a day, UTC, before the day before is judged: most programs send
/// what they kept within six hours.
pub const ALERT_SETTLE_SECONDS: i64 = 6 * 3_600;

/// Bytes of a form to sign in: a name, a password of [`PASSWORD_BYTES`] with
/// three characters a byte, and where to go.
pub const SIGN_IN_BYTES: usize = 4 * 1024;

/// Tries of all clients together to sign in, 60 a minute. Each costs 30 ms of
/// a core, so trying takes 3 % of one at most.
pub const ALL_SIGN_INS: RequestRate = RequestRate { each: Duration::from_secs(1), at_once: 30 };

/// Tries of one client to sign in.
pub const PEER_SIGN_INS: RequestRate = RequestRate { each: Duration::from_secs(30), at_once: 10 };

/// Bytes of the hash of a password: what argon2 makes by default, 256 bits.
pub const PASSWORD_HASH_BYTES: usize = 32;

/// Passwords that are checked at once: each takes 30 ms, and [`ALL_SIGN_INS`]
/// lets no more than 30 wait.
pub const PASSWORD_CHECKS: usize = 1;

/// Browsers in which one reader is signed in. Beyond them, the one whose
/// sign-in is the oldest has to sign in again.
pub const SIGNED_IN_OF_ONE: usize = 20;

/// People who are signed in. Beyond them, the one whose sign-in is the oldest
/// has to sign in again.
pub const SIGNED_IN: usize = 1_000;

/// Seconds after which somebody who asks for nothing is signed out: a working
/// day.
pub const SIGN_IN_IDLE_SECONDS: i64 = 12 * 3_600;

/// Seconds after which somebody has to sign in again in any case: a week.
pub const SIGN_IN_SECONDS: i64 = 7 * 24 * 3_600;

/// Buckets of a histogram, the one without a bound included. 19 classes of
/// requests with 15 buckets are 285 lines for Prometheus at most.
pub const HISTOGRAM_BUCKETS: usize = 16;

/// Nanoseconds that end the buckets for requests: from 0.25 ms, which a small
/// request takes without its commit, to [`REQUEST_TIME`].
pub const REQUEST_TIME_BOUNDS: &[u64] = &[
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    1_000_000_000,
    5_000_000_000,
    10_000_000_000,
    60_000_000_000,
];

/// Nanoseconds that end the buckets for commits: from 0.1 ms on a disk in
/// memory to the 25 s that a slow disk may take ([`REQUEST_TIME`]).
pub const COMMIT_TIME_BOUNDS: &[u64] = &[
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    1_000_000_000,
    5_000_000_000,
    25_000_000_000,
];

/// Bytes that end the buckets for bodies, up to [`BODY_BYTES`].
pub const BODY_SIZE_BOUNDS: &[u64] =
    &[256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, BODY_BYTES as u64];

/// Requests, or events, that end the buckets for a commit, up to
/// [`WAITING_EVENTS`].
pub const COMMIT_SIZE_BOUNDS: &[u64] =
    &[1, 2, 5, 10, 25, 50, 100, 250, 1_000, 5_000, 10_000, WAITING_EVENTS as u64];

/// How often the operator is told how many of a kind were refused.
pub const REFUSAL_INTERVAL: Duration = Duration::from_secs(60);

/// Kinds of refusals that are told apart: each of 19 classes of requests with a
/// dozen reasons. What exceeds it is counted together. One takes 100 bytes.
pub const REFUSAL_KINDS: usize = 256;

/// Free bytes on the disk of the data folder below which the collector is not
/// ready: the log beside the database, and a batch of the housekeeping.
pub const LOW_DISK_BYTES: u64 = 64 * 1024 * 1024;

/// How long a look at the store may take before health is answered by the last
/// one: an orchestrator waits for a second by default.
pub const HEALTH_TIME: Duration = Duration::from_millis(500);

/// Rows of a group of an exported Parquet file, which is in memory until it is
/// written: 131,072 x about 500 B, as rows and as values of one column at a
/// time, is 64 MiB.
pub const EXPORT_GROUP_ROWS: usize = 131_072;
