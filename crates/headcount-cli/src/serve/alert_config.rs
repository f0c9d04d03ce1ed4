//! The alerts and reports of a configuration, for a command that serves
//! nothing.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use headcount_collector::{AlertRule, ReportRule};

use super::settings::ServeSettings;
use crate::args::Serve;
use crate::door::Door;
use crate::store_args::StoreArgs;

/// The alerts and reports of a configuration.
pub(crate) struct AlertConfig {
    pub(crate) rules: Vec<AlertRule>,
    pub(crate) reports: Vec<ReportRule>,
    pub(crate) data: PathBuf,
    /// Where people reach the page, as far as the configuration says so.
    pub(crate) url: String,
}

impl AlertConfig {
    /// Reads the file, and nothing of the environment.
    ///
    /// # Errors
    ///
    /// Returns every mistake in the file.
    pub(crate) fn read(file: &Path, data: Option<PathBuf>) -> Result<Self, String> {
        let flags = Serve {
            config: Some(file.to_path_buf()),
            check_config: false,
            listen: None,
            data,
            catalogs: None,
            store: StoreArgs::default(),
            log: None,
            log_level: None,
            development: false,
            door: Door::default(),
        };
        let settings = ServeSettings::resolve(&flags, &|_| None::<OsString>)?;
        let Door { hosts, tls_cert, behind_proxy, .. } = &settings.door;
        let scheme = match tls_cert.is_some() || behind_proxy.is_some() {
            true => "https://",
            false => "http://",
        };
        let url = match hosts.first() {
            Some(host) => format!("{scheme}{host}"),
            None => format!("{scheme}{}", settings.listen),
        };
        let (rules, reports) = (settings.rules(), settings.report_rules());
        Ok(Self { rules, reports, data: settings.data, url })
    }
}
