//! The store of the collectors of these tests: a file, or ClickHouse.
//!
//! With the feature `clickhouse` and its address in `HEADCOUNT_CLICKHOUSE`,
//! such as `clickhouse://127.0.0.1:8123`, every fixture has a database of its
//! own there, so that the same tests try the other store. What only one of the
//! two promises says so: [`only_embedded`] here, copies in `copies.rs`, sealed
//! events in `stored.rs`.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use headcount_collector::StoreConfig;

use crate::client::post;

/// The store of the data folder `data`.
#[cfg(not(feature = "clickhouse"))]
pub(crate) fn store(_data: &Path) -> StoreConfig {
    StoreConfig::Embedded
}

#[cfg(feature = "clickhouse")]
pub(crate) fn store(data: &Path) -> StoreConfig {
    match is_embedded() {
        true => StoreConfig::Embedded,
        false => StoreConfig::ClickHouse(settings(data, &data.join("spool"))),
    }
}

/// The data folder's database, for a collector with this spool.
#[cfg(feature = "clickhouse")]
pub(crate) fn settings(data: &Path, spool: &Path) -> headcount_collector::ClickHouseSettings {
    let database = database(data);
    sql("", &format!("CREATE DATABASE IF NOT EXISTS {database}"));
    let server = server().expect("the address of ClickHouse");
    let address = format!("clickhouse://{server}/{database}");
    headcount_collector::ClickHouseSettings {
        address: headcount_collector::ClickHouseAddress::parse(&address).expect("an address"),
        spool: spool.to_path_buf(),
        spool_bytes: u64::MAX,
        fresh_within: std::time::Duration::ZERO,
    }
}

pub(crate) fn is_embedded() -> bool {
    server().is_none()
}

/// Whether the store is the file. If not, `why` is told: what ClickHouse does
/// not promise, so that the rest of a test, or all of it, is skipped.
#[must_use]
pub(crate) fn only_embedded(why: &str) -> bool {
    if !is_embedded() {
        let thread = std::thread::current();
        let test = thread.name().unwrap_or("a test");
        // `eprintln!` would be captured, as of every test that passes.
        let _ = writeln!(std::io::stderr(), "skipped on ClickHouse: {test}: {why}");
    }
    is_embedded()
}

/// What a query at the data folder's database selects, line by line.
pub(crate) fn selected(data: &Path, query: &str) -> Vec<String> {
    let text = String::from_utf8(sql(&database(data), query)).expect("text");
    text.lines().map(str::to_owned).collect()
}

/// All rows of all tables there, also those that others have replaced, in
/// binary form.
pub(crate) fn all_rows(data: &Path) -> Vec<u8> {
    let tables = selected(data, "SHOW TABLES");
    let rows =
        |table: &String| sql(&database(data), &format!("SELECT * FROM {table} FORMAT RowBinary"));
    tables.iter().flat_map(rows).collect()
}

/// Removes the data folder's database.
pub(crate) fn drop_database(data: &Path) {
    if !is_embedded() {
        sql("", &format!("DROP DATABASE IF EXISTS {}", database(data)));
    }
}

fn server() -> Option<SocketAddr> {
    let address =
        std::env::var("HEADCOUNT_CLICKHOUSE").ok().filter(|_| cfg!(feature = "clickhouse"))?;
    let host = address.strip_prefix("clickhouse://").expect("an address of ClickHouse");
    Some(host.parse().expect("an IP address and a port"))
}

/// A fixture that starts again finds what it had.
fn database(data: &Path) -> String {
    let mut name = DefaultHasher::new();
    (data, std::process::id()).hash(&mut name);
    format!("collector_{:016x}", name.finish())
}

fn sql(database: &str, sql: &str) -> Vec<u8> {
    let asked = post(&format!("/?database={database}"), sql);
    let answer = asked.send(server().expect("the address of ClickHouse"));
    assert_eq!(answer.status, 200, "{sql}: {answer:?}");
    match answer.header("transfer-encoding") {
        Some("chunked") => unchunked(&answer.bytes),
        _ => answer.bytes,
    }
}

/// Joins the pieces of a body, each of which has its length in front.
fn unchunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    loop {
        let end = bytes.windows(2).position(|two| two == b"\r\n").expect("a length");
        let length = str::from_utf8(&bytes[..end]).expect("a length");
        let length = usize::from_str_radix(length, 16).expect("a length");
        if length == 0 {
            return whole;
        }
        whole.extend_from_slice(&bytes[end + 2..end + 2 + length]);
        bytes = &bytes[end + 2 + length + 2..];
    }
}
