//! The store of the collectors of these tests: a file, or ClickHouse.
//!
//! With the feature `clickhouse` and its address in `HEADCOUNT_CLICKHOUSE`,
//! such as `clickhouse://127.0.0.1:8123`, every fixture has a database of its
//! own there, so that the same tests try the other store.

use std::path::Path;

use headcount_collector::StoreConfig;

/// The store of the data folder `data`.
#[cfg(not(feature = "clickhouse"))]
pub(crate) fn store(_data: &Path) -> StoreConfig {
    StoreConfig::Embedded
}

#[cfg(feature = "clickhouse")]
pub(crate) fn store(data: &Path) -> StoreConfig {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    use std::time::Duration;

    use headcount_collector::{ClickHouseAddress, ClickHouseSettings};

    use crate::client::post;

    let Ok(server) = std::env::var("HEADCOUNT_CLICKHOUSE") else { return StoreConfig::Embedded };
    // A fixture that starts again finds what it had.
    let mut name = DefaultHasher::new();
    (data, std::process::id()).hash(&mut name);
    let database = format!("collector_{:016x}", name.finish());
    let host = server.strip_prefix("clickhouse://").expect("an address of ClickHouse");
    let made = post("/", format!("CREATE DATABASE IF NOT EXISTS {database}"));
    let made = made.send(host.parse().expect("an IP address and a port"));
    assert_eq!(made.status, 200, "{made:?}");
    let address = format!("{server}/{database}");
    StoreConfig::ClickHouse(ClickHouseSettings {
        address: ClickHouseAddress::parse(&address).expect("an address"),
        spool: data.join("spool"),
        spool_bytes: u64::MAX,
        fresh_within: Duration::ZERO,
    })
}
