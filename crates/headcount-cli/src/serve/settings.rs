//! The settings that hold: a flag, else the environment, else the file, else
//! the default.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use headcount_collector::{
    AlertRule, ClickHouseAddress, HostName, IdentityHeader, LogLevel, ReportRule, StoreConfig,
};

use super::alert_tables::AlertSetting;
use super::config_file::{self, FileSetting};
use super::report_tables::ReportSetting;
use super::setting::{SettingKey, SettingShape, SettingSource};
use super::store_setting;
use crate::args::{LogFormat, Serve, log_level};
use crate::door::{Door, ProxyAddresses, proxy_addresses};
use crate::store_args::{GivenAddress, StoreArgs, spool_bytes};

/// What `headcount serve` does.
#[derive(Debug)]
pub(super) struct ServeSettings {
    pub(super) listen: SocketAddr,
    pub(super) data: PathBuf,
    pub(super) catalogs: PathBuf,
    pub(super) store: StoreConfig,
    pub(super) development: bool,
    pub(super) door: Door,
    pub(super) log: LogFormat,
    pub(super) log_level: LogLevel,
    pub(super) alerts: Vec<AlertSetting>,
    pub(super) reports: Vec<ReportSetting>,
    /// Every setting as text, and where it comes from.
    pub(super) shown: Vec<(SettingKey, String, SettingSource)>,
}

/// Looks a variable of the environment up.
pub(super) type Variables<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// The folder of all data, if nothing says so.
const DATA: &str = "headcount-data";

/// Where the file is, if no flag says so.
const CONFIG: &str = "HEADCOUNT_CONFIG";

impl ServeSettings {
    /// Reads the file, if there is one, and finds out what holds.
    ///
    /// # Errors
    ///
    /// What is wrong with which value, and where that is.
    pub(super) fn resolve(flags: &Serve, variables: Variables<'_>) -> Result<Self, String> {
        let named = flags.config.clone().map(OsString::from).or_else(|| variables(CONFIG));
        let path = named.filter(|path| !path.is_empty()).map(PathBuf::from);
        let file = path.as_deref().map(config_file::read).transpose()?.unwrap_or_default();
        let folder = path.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        let mut sources = Sources { file: file.settings, folder, variables, shown: Vec::new() };
        let shown_path = |path: &PathBuf| path.display().to_string();
        let path = |texts: &[String]| Ok(PathBuf::from(one(texts)?));
        let listen =
            sources.value(SettingKey::Listen, flags.listen, address, ToString::to_string)?;
        let data = sources.value(SettingKey::Data, flags.data.clone(), path, shown_path)?;
        let catalogs =
            sources.value(SettingKey::Catalogs, flags.catalogs.clone(), path, shown_path)?;
        let store = sources.store(&flags.store, data.as_deref().unwrap_or(Path::new(DATA)))?;
        let flag = flags.development.then_some(true);
        let development =
            sources.value(SettingKey::Development, flag, switch, ToString::to_string)?;
        let door = sources.door(&flags.door)?;
        let log = sources.value(SettingKey::Log, flags.log, format, |log| log.name().to_owned())?;
        let level = |texts: &[String]| log_level(one(texts)?);
        let log_level = sources
            .value(SettingKey::LogLevel, flags.log_level, level, |level| level.name().to_owned())?;
        Ok(Self {
            listen: listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 7070))),
            data: data.unwrap_or_else(|| PathBuf::from(DATA)),
            catalogs: catalogs.unwrap_or_else(|| PathBuf::from("catalogs")),
            store,
            development: development.unwrap_or_default(),
            door,
            log: log.unwrap_or_default(),
            log_level: log_level.unwrap_or(LogLevel::Info),
            alerts: file.alerts,
            reports: file.reports,
            shown: sources.shown,
        })
    }
}

impl ServeSettings {
    /// The rules of the alerts.
    pub(super) fn rules(&self) -> Vec<AlertRule> {
        self.alerts.iter().map(|alert| alert.rule.clone()).collect()
    }

    /// The reports.
    pub(super) fn report_rules(&self) -> Vec<ReportRule> {
        self.reports.iter().map(|report| report.rule.clone()).collect()
    }
}

/// What is shown of a setting that nobody set.
fn default_text(key: SettingKey) -> &'static str {
    match key {
        SettingKey::Listen => "127.0.0.1:7070",
        SettingKey::Data => DATA,
        SettingKey::Catalogs => "catalogs",
        SettingKey::SpoolBytes => store_setting::USUAL_SPOOL_BYTES,
        SettingKey::Development => "false",
        SettingKey::Log => "text",
        SettingKey::LogLevel => "info",
        SettingKey::Store
        | SettingKey::StorePasswordFile
        | SettingKey::TlsCert
        | SettingKey::TlsKey
        | SettingKey::BehindProxy
        | SettingKey::IdentityHeader
        | SettingKey::Host => "",
    }
}

struct Sources<'a> {
    file: Vec<FileSetting>,
    /// The folder of the file.
    folder: &'a Path,
    variables: Variables<'a>,
    shown: Vec<(SettingKey, String, SettingSource)>,
}

impl Sources<'_> {
    /// The value that holds; `None` for the default.
    fn value<T>(
        &mut self,
        key: SettingKey,
        flag: Option<T>,
        parse: impl Fn(&[String]) -> Result<T, String>,
        show: impl Fn(&T) -> String,
    ) -> Result<Option<T>, String> {
        let found = match flag {
            Some(value) => Some((value, SettingSource::Flag)),
            None => match self.variable(key, &parse)? {
                Some(found) => Some(found),
                None => self.in_file(key, &parse)?,
            },
        };
        let (text, source) = match &found {
            Some((value, source)) => (show(value), source.clone()),
            None => (default_text(key).to_owned(), SettingSource::Default),
        };
        self.shown.push((key, text, source));
        Ok(found.map(|(value, _)| value))
    }

    /// An empty variable is as good as none: what starts processes often cannot
    /// leave one out.
    fn variable<T>(
        &self,
        key: SettingKey,
        parse: impl Fn(&[String]) -> Result<T, String>,
    ) -> Result<Option<(T, SettingSource)>, String> {
        let name = key.variable();
        let Some(text) = (self.variables)(&name).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let text = text.into_string().map_err(|_| format!("`{name}` is not valid UTF-8"))?;
        let texts: Vec<String> = match key.shape() {
            SettingShape::Texts => text.split(',').map(|one| one.trim().to_owned()).collect(),
            _ => vec![text],
        };
        let value = parse(&texts).map_err(|why| format!("`{name}`: {why}"))?;
        Ok(Some((value, SettingSource::Variable(name))))
    }

    fn in_file<T>(
        &self,
        key: SettingKey,
        parse: impl Fn(&[String]) -> Result<T, String>,
    ) -> Result<Option<(T, SettingSource)>, String> {
        let Some(found) = self.file.iter().find(|setting| setting.key == key) else {
            return Ok(None);
        };
        let mut texts = found.texts.clone();
        if key.shape() == SettingShape::Path {
            for text in &mut texts {
                *text = self.folder.join(&*text).display().to_string();
            }
        }
        let value = parse(&texts)
            .map_err(|why| found.place.mistake(&format!("`{}`: {why}", key.name())))?;
        Ok(Some((value, SettingSource::File(found.place.line()))))
    }

    fn store(&mut self, flags: &StoreArgs, data: &Path) -> Result<StoreConfig, String> {
        let flag = flags.store.as_ref().map(GivenAddress::read).transpose();
        let flag = flag.map_err(|sentence| format!("--store: {sentence}"))?;
        let address = |texts: &[String]| ClickHouseAddress::parse(one(texts)?);
        let shown = ToString::to_string;
        let address = self.value(SettingKey::Store, flag, address, shown)?;
        let path = |texts: &[String]| Ok(PathBuf::from(one(texts)?));
        let (key, flag) = (SettingKey::StorePasswordFile, flags.store_password_file.clone());
        let file = self.value(key, flag, path, |path| path.display().to_string())?;
        let bytes = |texts: &[String]| spool_bytes(one(texts)?);
        let shown = ToString::to_string;
        let bytes = self.value(SettingKey::SpoolBytes, flags.spool_bytes, bytes, shown)?;
        store_setting::config(address, file.as_deref(), bytes, data)
    }

    fn door(&mut self, flags: &Door) -> Result<Door, String> {
        let shown_path = |path: &PathBuf| path.display().to_string();
        let path = |texts: &[String]| Ok(PathBuf::from(one(texts)?));
        let header = |texts: &[String]| {
            one(texts)?.parse::<IdentityHeader>().map_err(|error| error.to_string())
        };
        let (cert, key) = (flags.tls_cert.clone(), flags.tls_key.clone());
        let proxy = flags.behind_proxy.clone().map(Some);
        let hosts = Some(flags.hosts.clone()).filter(|hosts| !hosts.is_empty());
        let shown_hosts = |hosts: &Vec<HostName>| {
            hosts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        let tls_cert = self.value(SettingKey::TlsCert, cert, path, shown_path)?;
        let tls_key = self.value(SettingKey::TlsKey, key, path, shown_path)?;
        let behind_proxy = self.value(SettingKey::BehindProxy, proxy, addresses, shown_proxy)?;
        let header_flag = flags.identity_header.clone();
        let shown_header = |header: &IdentityHeader| header.as_str().to_owned();
        let identity_header =
            self.value(SettingKey::IdentityHeader, header_flag, header, shown_header)?;
        let hosts = self.value(SettingKey::Host, hosts, host_names, shown_hosts)?;
        Ok(Door {
            tls_cert,
            tls_key,
            behind_proxy: behind_proxy.flatten(),
            identity_header,
            hosts: hosts.unwrap_or_default(),
        })
    }
}

fn one(texts: &[String]) -> Result<&str, String> {
    match texts {
        [text] => Ok(text),
        _ => Err("there is more than one value".to_owned()),
    }
}

fn address(texts: &[String]) -> Result<SocketAddr, String> {
    let text = one(texts)?;
    text.parse().map_err(|_| {
        format!("`{text}` is not an address with a port: write it as 127.0.0.1:7070 or [::1]:7070")
    })
}

fn switch(texts: &[String]) -> Result<bool, String> {
    match one(texts)? {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        text => Err(format!("`{text}` is neither `true` nor `false`")),
    }
}

fn format(texts: &[String]) -> Result<LogFormat, String> {
    <LogFormat as clap::ValueEnum>::from_str(one(texts)?, false)
        .map_err(|_| format!("`{}` is neither `text` nor `json`", texts[0]))
}

/// `true` is any proxy, `false` none; otherwise its addresses.
fn addresses(texts: &[String]) -> Result<Option<ProxyAddresses>, String> {
    match texts {
        [text] if matches!(text.as_str(), "true" | "1") => Ok(Some(ProxyAddresses::default())),
        [text] if matches!(text.as_str(), "false" | "0") => Ok(None),
        texts => proxy_addresses(&texts.join(",")).map(Some),
    }
}

fn shown_proxy(proxy: &Option<ProxyAddresses>) -> String {
    match proxy {
        None => "false".to_owned(),
        Some(ProxyAddresses(addresses)) if addresses.is_empty() => "true".to_owned(),
        Some(ProxyAddresses(addresses)) => {
            addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
        }
    }
}

fn host_names(texts: &[String]) -> Result<Vec<HostName>, String> {
    texts.iter().map(|text| text.parse::<HostName>().map_err(|error| error.to_string())).collect()
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
