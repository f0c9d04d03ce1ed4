//! What is looked at before a collector starts, and what can be looked at
//! without starting one.

use std::path::Path;

#[cfg(feature = "clickhouse")]
use headcount_store::ClickHouseStore;
use headcount_store::DataFolder;

use crate::access::Missing;
use crate::config::{Access, Config, Encryption, StoreConfig};
use crate::credentials::{self, Credentials};
use crate::door::Door;
use crate::error::{StartError, StartFailure};
use crate::operator_log::{LogPart, Sentence};
use crate::registry::{self, KeptCatalogs};
use crate::secret;

/// The file in the data folder that is locked while a collector runs.
pub(crate) const LOCK: &str = "collector.lock";

/// Everything that a start would refuse, in its order. What is in a data folder
/// that cannot be used is not looked at.
pub(crate) fn check(config: &Config) -> Vec<StartError> {
    let mut errors = Vec::new();
    errors.extend(check_access(config).err());
    errors.extend(Door::open(config).err().map(StartError::from));
    if let Err(error) = DataFolder::examine(&config.data, LOCK) {
        let is_busy = error.is_busy();
        errors.push(error.into());
        if !is_busy {
            return errors;
        }
    }
    // As a start names it.
    let data = std::path::absolute(&config.data);
    let data = data.as_deref().unwrap_or(&config.data);
    errors.extend(secret::foresee(data, &config.log).err());
    match config.access {
        Access::Development => warn_of_development(config, data),
        Access::Credentials => match credentials::foresee(data, &config.log) {
            Ok(credentials) => warn_of_access(config, &credentials),
            // Beyond loopback they are told already.
            Err(_) if !config.listen.ip().is_loopback() => {}
            Err(error) => errors.push(StartFailure::Credentials(error).into()),
        },
    }
    errors.extend(check_store(&config.store).err());
    errors.extend(registry::check_kept(&config.registry, &KeptCatalogs::of(data)).err());
    errors
}

fn check_store(store: &StoreConfig) -> Result<(), StartError> {
    match store {
        StoreConfig::Embedded => Ok(()),
        #[cfg(feature = "clickhouse")]
        StoreConfig::ClickHouse(settings) => Ok(ClickHouseStore::check(&settings.address)?),
    }
}

/// Refuses an address that others reach without everything that keeps them out.
/// Nothing is created before.
pub(crate) fn check_access(config: &Config) -> Result<(), StartError> {
    match config.access {
        Access::Development if !config.listen.ip().is_loopback() => {
            Err(StartFailure::NotLoopback(config.listen).into())
        }
        Access::Development => Ok(()),
        Access::Credentials if config.listen.ip().is_loopback() => Ok(()),
        Access::Credentials => {
            let all = credentials::read_for_examination(&config.data);
            let missing = missing(config, &all.map_err(StartFailure::Credentials)?);
            if missing.is_any() {
                let (address, data) = (config.listen, config.data.clone());
                return Err(StartFailure::Unguarded { address, data, missing }.into());
            }
            Ok(())
        }
    }
}

/// What is not there that keeps others out.
fn missing(config: &Config, credentials: &Credentials) -> Missing {
    Missing {
        key: credentials.keys().is_empty(),
        reader: credentials.readers().is_empty(),
        encryption: config.encryption == Encryption::None,
    }
}

/// Tells that nobody needs the credentials that are there.
pub(crate) fn warn_of_development(config: &Config, data: &Path) {
    if credentials::read_for_examination(data).is_ok_and(|all| !all.is_empty()) {
        let sentence = "the data folder has keys or readers, and with --development nobody needs \
                        one: everybody on this machine may write and read";
        config.log.warn(LogPart::Credentials, sentence);
    }
}

/// Tells who is let in that should not be, and who should be and is not.
pub(crate) fn warn_of_access(config: &Config, credentials: &Credentials) {
    if let Encryption::Proxy(proxy) = &config.encryption
        && proxy.addresses.is_empty()
        && !config.listen.ip().is_loopback()
    {
        let sentence = "whoever reaches the address without the proxy is served, too, if they say that \
                        they speak TLS: say which addresses the proxy connects from, with \
                        --behind-proxy=ADDRESS";
        config.log.warn(LogPart::Server, sentence);
    }
    let missing = missing(config, credentials);
    if missing.is_of_credentials() {
        let credentials = Missing { encryption: false, ..missing };
        let (what, commands) = (credentials.what(), credentials.commands(&config.data));
        let so = match (missing.key, missing.reader) {
            (true, true) => "nobody can write or read",
            (true, false) => "nobody can write",
            _ => "nobody can read",
        };
        let sentence = Sentence::of_files(&format!(
            "there is {what}, so {so}: run {commands}; it holds within ten seconds"
        ));
        config.log.warn(LogPart::Credentials, sentence);
    }
}
