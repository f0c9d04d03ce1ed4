//! The proxy that a person has set in the system's settings, where no variable
//! names one. Windows has such settings; other systems' are not read. A script
//! that would choose the proxy (PAC) is not run.
//!
//! Only what sends reads them, and what tells a person of it.

use std::ops::Not as _;

/// The settings of the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SystemProxy {
    /// Ask the system when needed.
    System,
    /// These; `None` for no proxy.
    Given(Option<ProxySettings>),
}

/// A proxy as Windows keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxySettings {
    /// One proxy for all, `proxy.example:3128`, or one a scheme,
    /// `http=a.example:1;https=b.example:2`.
    pub server: String,
    /// The hosts without a proxy: `*.example;10.*;<local>`.
    pub bypass: String,
}

impl SystemProxy {
    /// What is set now.
    pub(crate) fn settings(&self) -> Option<ProxySettings> {
        match self {
            Self::System => of_the_system(),
            Self::Given(settings) => settings.clone(),
        }
    }
}

#[cfg(windows)]
fn of_the_system() -> Option<ProxySettings> {
    use super::registry_windows::{Hive, number, text};

    const SETTINGS: &str = "Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings";
    const POLICY: &str =
        "SOFTWARE\\Policies\\Microsoft\\Windows\\CurrentVersion\\Internet Settings";
    // An administrator may have made the settings those of the machine.
    let hive = match number(Hive::Machine, POLICY, "ProxySettingsPerUser") {
        Some(0) => Hive::Machine,
        _ => Hive::User,
    };
    let is_enabled = number(hive, SETTINGS, "ProxyEnable").is_some_and(|enabled| enabled != 0);
    let word = |name: &str| Some(text(hive, SETTINGS, name)?.to_string_lossy().into_owned());
    let server = is_enabled.then(|| word("ProxyServer")).flatten()?;
    Some(ProxySettings { server, bypass: word("ProxyOverride").unwrap_or_default() })
}

#[cfg(not(windows))]
fn of_the_system() -> Option<ProxySettings> {
    None
}

impl ProxySettings {
    /// The address of the proxy for a host that is reached over HTTPS; `None`
    /// if there is none for it.
    pub(crate) fn for_https(&self, host: &str) -> Option<String> {
        let separators = |letter: char| letter == ';' || letter.is_ascii_whitespace();
        let entries = || self.server.split(separators).filter(|entry| !entry.is_empty());
        let of = |scheme: &str| {
            let mut pairs = entries().filter_map(|entry| entry.split_once('='));
            let found = pairs.find(|(name, _)| name.eq_ignore_ascii_case(scheme))?.1;
            found.is_empty().not().then(|| found.to_owned())
        };
        // One of SOCKS is for what has none of its own. It cannot be used, and
        // is named so that nothing goes around it.
        let socks = || Some(format!("socks4://{}", of("socks")?));
        let for_all = || entries().find(|entry| !entry.contains('=')).map(str::to_owned);
        let proxy = of("https").or_else(for_all).or_else(socks)?;
        let is_exempt = self.bypass.split(separators).any(|entry| exempts(entry, host));
        (!is_exempt).then_some(proxy)
    }
}

/// Whether an entry of the list exempts a host: by its name with wildcards, or
/// as a name without a dot. A scheme before it and a port behind it are left
/// out: more than it says would not go around the proxy.
fn exempts(entry: &str, host: &str) -> bool {
    if entry.eq_ignore_ascii_case("<local>") {
        return !host.contains(['.', ':']);
    }
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let (scheme, name) = entry.split_once("://").unwrap_or(("https", entry));
    let name = match name.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None if name.matches(':').count() > 1 => name,
        None => match name.split_once(':') {
            // An entry for another port is not one for this.
            Some((name, "443")) => name,
            Some(_) => return false,
            None => name,
        },
    };
    scheme.eq_ignore_ascii_case("https")
        && !name.is_empty()
        && matches(name.to_ascii_lowercase().as_bytes(), host.as_bytes())
}

/// Whether a text is what a pattern with `*` says. It goes back to the last
/// star only, so the time is a product of the lengths at most.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut from) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while from < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(letter) if *letter == text[from] => {
                at += 1;
                from += 1;
            }
            _ => {
                let Some((place, taken)) = star else { return false };
                star = Some((place, taken + 1));
                (at, from) = (place + 1, taken + 1);
            }
        }
    }
    pattern[at..].iter().all(|letter| *letter == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(server: &str, bypass: &str) -> String {
        let settings = ProxySettings { server: server.to_owned(), bypass: bypass.to_owned() };
        settings.for_https("telemetry.example").unwrap_or_else(|| "-".to_owned())
    }

    #[test]
    fn one_proxy_is_for_all_and_many_are_for_their_schemes() {
        for (server, expected) in [
            ("proxy.example:3128", "proxy.example:3128"),
            ("http://proxy.example:3128", "http://proxy.example:3128"),
            ("http=a:1;https=b:2", "b:2"),
            ("HTTP=a:1;HTTPS=http://b:2;ftp=c:3", "http://b:2"),
            ("http=a:1", "-"),
            ("http=a:1;socks=c:3", "socks4://c:3"),
            ("socks=c:3", "socks4://c:3"),
            ("https=b:2;socks=c:3", "b:2"),
            ("http=a:1 https=b:2", "b:2"),
            ("https=;all:9", "all:9"),
            (" ; ;", "-"),
            ("", "-"),
            ("[fd00::1]:3128", "[fd00::1]:3128"),
        ] {
            assert_eq!(told(server, ""), expected, "{server}");
        }
    }

    #[test]
    fn a_list_exempts_by_wildcards() {
        for list in [
            "telemetry.example",
            "other;TELEMETRY.example",
            "*.example",
            "tele*",
            "*",
            "https://telemetry.example",
            "telemetry.example:443",
            "a;;*e*.e*e",
        ] {
            assert_eq!(told("p:1", list), "-", "{list}");
        }
        for list in [
            "",
            ";",
            "<local>",
            "<-loopback>",
            "example",
            ".example",
            "*.telemetry.example",
            "http://telemetry.example",
            "telemetry.example:80",
            "telemetry.example.*",
            "10.*",
        ] {
            assert_eq!(told("p:1", list), "p:1", "{list}");
        }
        for (entry, host, is_exempt) in [
            ("<local>", "intranet", true),
            ("<LOCAL>", "intranet", true),
            ("<local>", "10.1.2.3", false),
            ("<local>", "fd00::1", false),
            ("10.*", "10.1.2.3", true),
            ("192.168.*.1", "192.168.7.1", true),
            ("192.168.*.1", "192.168.7.2", false),
            ("[fd00::1]", "fd00::1", true),
            ("fd00::*", "fd00::1", true),
            ("telemetry.example", "telemetry.example.", true),
        ] {
            assert_eq!(exempts(entry, host), is_exempt, "{entry} {host}");
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        let pattern = "*a".repeat(200);
        assert!(!matches(pattern.as_bytes(), "a".repeat(199).as_bytes()));
        assert!(matches(pattern.as_bytes(), "ba".repeat(200).as_bytes()));
    }
}
