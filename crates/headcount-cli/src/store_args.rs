//! The arguments of `headcount serve` about its store.

use std::fmt;
use std::path::PathBuf;

use headcount_collector::ClickHouseAddress;

/// The text of an address. It may have a password, so that nothing prints it:
/// what is wrong with it is found where it is read.
#[derive(Clone)]
pub(crate) struct GivenAddress(String);

impl GivenAddress {
    /// Reads it.
    ///
    /// # Errors
    ///
    /// What is wrong with it, without the password.
    pub(crate) fn read(&self) -> Result<ClickHouseAddress, String> {
        ClickHouseAddress::parse(&self.0)
    }
}

impl From<String> for GivenAddress {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for GivenAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("GivenAddress(..)")
    }
}

/// Where events are, if they are not in the data folder.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct StoreArgs {
    /// ClickHouse instead of a file in the data folder:
    /// clickhouse://USER@HOST:PORT,HOST:PORT/DATABASE, with ?secure=true for
    /// TLS and cluster=NAME for replicated tables
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) store: Option<GivenAddress>,
    /// File with the password for --store
    #[arg(long, value_name = "FILE")]
    pub(crate) store_password_file: Option<PathBuf>,
    /// Bytes that wait on this machine while ClickHouse takes none, at most
    /// [default: 10 GiB]
    #[arg(long, value_name = "BYTES", value_parser = spool_bytes)]
    pub(crate) spool_bytes: Option<u64>,
}

/// Reads the most bytes of a spool: at least 64 MiB, eight batches.
pub(crate) fn spool_bytes(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(bytes) if bytes >= 64 << 20 => Ok(bytes),
        _ => Err(format!("`{text}` is not a whole number of bytes from 67108864 on")),
    }
}
