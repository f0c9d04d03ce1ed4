//! Which store a collector has: a file in its data folder, or ClickHouse.

use std::path::Path;
use std::time::Duration;

use headcount_collector::{ClickHouseAddress, ClickHouseSettings, StoreConfig};

use crate::store_password::with_password;

/// The folder of the spool, in the data folder.
const SPOOL: &str = "spool";

/// Bytes of the spool, if nothing says so: 10 GiB, which is what a collector of
/// ten million events of 100 B a day takes in ten days.
const SPOOL_BYTES: u64 = 10 << 30;

/// The same as text.
pub(super) const USUAL_SPOOL_BYTES: &str = "10737418240";

/// How far a page may be behind what was acknowledged.
const FRESH_WITHIN: Duration = Duration::from_secs(1);

/// What the three settings say together.
///
/// # Errors
///
/// What is wrong with them.
pub(super) fn config(
    address: Option<ClickHouseAddress>,
    password_file: Option<&Path>,
    spool_bytes: Option<u64>,
    data: &Path,
) -> Result<StoreConfig, String> {
    let Some(address) = address else {
        return match password_file {
            None => Ok(StoreConfig::Embedded),
            Some(_) => Err("`store-password-file` is given without `store`".to_owned()),
        };
    };
    let address = with_password(address, password_file)?;
    Ok(StoreConfig::ClickHouse(ClickHouseSettings {
        address,
        spool: data.join(SPOOL),
        spool_bytes: spool_bytes.unwrap_or(SPOOL_BYTES),
        fresh_within: FRESH_WITHIN,
    }))
}

#[cfg(test)]
mod tests {
    use headcount_testkit::Home;

    use super::*;

    #[test]
    fn a_password_comes_from_a_file_and_is_not_shown() {
        let home = Home::new();
        let file = home.write("password", "secret\n");
        let server = ClickHouseAddress::parse("clickhouse://me@one/data").unwrap();
        let config = config(Some(server), Some(&file), None, Path::new("d")).unwrap();
        let StoreConfig::ClickHouse(settings) = &config else { panic!("{config:?}") };
        assert_eq!(settings.spool, Path::new("d/spool"));
        assert_eq!(
            settings.address,
            ClickHouseAddress::parse("clickhouse://me:secret@one/data").unwrap()
        );
        assert!(!format!("{config:?}").contains("secret"));
    }

    #[test]
    fn what_is_wrong_is_a_sentence() {
        let home = Home::new();
        let empty = home.write("empty", "\n");
        let with = |file: &Path| {
            let server = ClickHouseAddress::parse("clickhouse://me@one/data").unwrap();
            config(Some(server), Some(file), None, Path::new("d")).unwrap_err()
        };
        assert!(with(&empty).ends_with("has no password"), "{}", with(&empty));
        assert!(with(&home.path().join("nowhere")).starts_with("cannot read the password in "));
        let alone = config(None, Some(&empty), None, Path::new("d")).unwrap_err();
        assert_eq!(alone, "`store-password-file` is given without `store`");
        assert_eq!(USUAL_SPOOL_BYTES, SPOOL_BYTES.to_string());
    }
}
