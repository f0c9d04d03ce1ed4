//! The settings of `headcount serve`: one word each, on the command line, in
//! the environment and in the configuration file.

/// A setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SettingKey {
    Listen,
    Data,
    Catalogs,
    Store,
    StorePasswordFile,
    SpoolBytes,
    Development,
    TlsCert,
    TlsKey,
    BehindProxy,
    IdentityHeader,
    Host,
    Log,
    LogLevel,
}

/// What a file may say for a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SettingShape {
    /// A string.
    Text,
    /// A string: a path, relative to the folder of the file.
    Path,
    /// A boolean.
    Flag,
    /// A string, or an array of strings.
    Texts,
    /// A boolean, a string, or an array of strings.
    FlagOrTexts,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SettingSource {
    Flag,
    Variable(String),
    /// The file and the line.
    File(String),
    Default,
}

impl SettingKey {
    pub(super) const ALL: [Self; 14] = [
        Self::Listen,
        Self::Data,
        Self::Catalogs,
        Self::Store,
        Self::StorePasswordFile,
        Self::SpoolBytes,
        Self::Development,
        Self::TlsCert,
        Self::TlsKey,
        Self::BehindProxy,
        Self::IdentityHeader,
        Self::Host,
        Self::Log,
        Self::LogLevel,
    ];

    /// The word.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Listen => "listen",
            Self::Data => "data",
            Self::Catalogs => "catalogs",
            Self::Store => "store",
            Self::StorePasswordFile => "store-password-file",
            Self::SpoolBytes => "spool-bytes",
            Self::Development => "development",
            Self::TlsCert => "tls-cert",
            Self::TlsKey => "tls-key",
            Self::BehindProxy => "behind-proxy",
            Self::IdentityHeader => "identity-header",
            Self::Host => "host",
            Self::Log => "log",
            Self::LogLevel => "log-level",
        }
    }

    /// The name in the environment.
    pub(super) fn variable(self) -> String {
        format!("HEADCOUNT_{}", self.name().replace('-', "_").to_ascii_uppercase())
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }

    pub(super) fn shape(self) -> SettingShape {
        match self {
            Self::Data
            | Self::Catalogs
            | Self::StorePasswordFile
            | Self::TlsCert
            | Self::TlsKey => SettingShape::Path,
            Self::Development => SettingShape::Flag,
            Self::Host => SettingShape::Texts,
            Self::BehindProxy => SettingShape::FlagOrTexts,
            Self::Listen
            | Self::Store
            | Self::SpoolBytes
            | Self::IdentityHeader
            | Self::Log
            | Self::LogLevel => SettingShape::Text,
        }
    }
}

impl SettingShape {
    /// What is expected, for a message.
    pub(super) fn expected(self) -> &'static str {
        match self {
            Self::Text | Self::Path => "a string",
            Self::Flag => "`true` or `false`",
            Self::Texts => "a string or an array of strings",
            Self::FlagOrTexts => "`true`, `false`, a string or an array of strings",
        }
    }
}

impl std::fmt::Display for SettingSource {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag => out.write_str("flag"),
            Self::Variable(name) => write!(out, "environment, {name}"),
            Self::File(place) => write!(out, "file, {place}"),
            Self::Default => out.write_str("default"),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::args::Args;

    #[test]
    fn every_setting_is_a_flag_and_every_flag_is_a_setting() {
        let command = Args::command();
        let serve = command.find_subcommand("serve").unwrap();
        let flags: Vec<_> = serve.get_arguments().filter_map(|flag| flag.get_long()).collect();
        for key in SettingKey::ALL {
            assert!(flags.contains(&key.name()), "{}", key.name());
        }
        // These say where settings are, and what to do with them.
        let others = ["config", "check-config", "help", "version"];
        for flag in flags.into_iter().filter(|flag| !others.contains(flag)) {
            assert!(SettingKey::from_name(flag).is_some(), "{flag} is not a setting");
        }
    }

    #[test]
    fn every_setting_is_documented() {
        let page = include_str!("../../../../docs/operate/configuration.md");
        for key in SettingKey::ALL {
            let (name, variable) = (key.name(), key.variable());
            let row = format!("| `{name}` | `{variable}` |");
            assert!(page.contains(&row), "docs/operate/configuration.md has no row {row}");
        }
        let rows = page.lines().filter(|line| line.contains("` | `HEADCOUNT_"));
        for row in rows {
            let name = row.trim_start_matches("| `").split('`').next().unwrap();
            assert!(SettingKey::from_name(name).is_some(), "{row} is of no setting");
        }
    }
}
