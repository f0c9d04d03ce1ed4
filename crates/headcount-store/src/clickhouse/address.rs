//! Where ClickHouse is: an address such as
//! `clickhouse://user:password@one:8123,two:8123/headcount?cluster=main`.

use std::fmt;

/// The ports of ClickHouse's HTTP interface, without and with TLS.
const PORT: u16 = 8_123;
const TLS_PORT: u16 = 8_443;

/// The server, or several that have the same data, and who asks.
///
/// Its `Debug` output hides the password.
#[derive(Clone, PartialEq, Eq)]
pub struct ClickHouseAddress {
    pub(super) user: String,
    pub(super) password: String,
    /// Names with ports, at least one. The first one is asked first.
    pub(super) hosts: Vec<String>,
    pub(super) database: String,
    /// The name of the cluster, if the tables are replicated.
    pub(super) cluster: Option<String>,
    pub(super) has_tls: bool,
}

impl ClickHouseAddress {
    /// Reads an address:
    /// `clickhouse://[USER[:PASSWORD]@]HOST[:PORT][,HOST[:PORT]…]/DATABASE`,
    /// and after it `?secure=true` for TLS and `cluster=NAME` for tables that
    /// are replicated, with `&` between them. The user is `default` unless it
    /// is given, and the port 8123, or 8443 with TLS. A character that stands
    /// for something else in an address is written as `%` and two hexadecimal
    /// digits.
    ///
    /// # Errors
    ///
    /// Returns a sentence that says what is wrong with it, without the
    /// password.
    pub fn parse(text: &str) -> Result<Self, String> {
        let rest =
            text.strip_prefix("clickhouse://").ok_or("it does not begin with clickhouse://")?;
        let (rest, options) = rest.split_once('?').unwrap_or((rest, ""));
        let (place, database) = rest.split_once('/').ok_or(NO_DATABASE)?;
        let (who, hosts) = place.rsplit_once('@').unwrap_or(("default", place));
        let (user, password) = who.split_once(':').unwrap_or((who, ""));
        let mut address = Self {
            user: decoded(user)?,
            password: decoded(password)?,
            hosts: Vec::new(),
            database: name(database, "database")?,
            cluster: None,
            has_tls: false,
        };
        for option in options.split('&').filter(|option| !option.is_empty()) {
            match option.split_once('=') {
                Some(("secure", "true")) => address.has_tls = true,
                Some(("secure", "false")) => address.has_tls = false,
                Some(("cluster", cluster)) => address.cluster = Some(name(cluster, "cluster")?),
                _ => {
                    return Err(
                        "it may have the options secure=true and cluster=NAME, and no others"
                            .into(),
                    );
                }
            }
        }
        let hosts = hosts.split(',').map(|host| with_port(host, address.has_tls));
        address.hosts = hosts.collect::<Result<_, _>>()?;
        Ok(address)
    }

    /// The same address with another password, such as one that was read from
    /// a file.
    #[must_use]
    pub fn with_password(self, password: &str) -> Self {
        Self { password: password.to_owned(), ..self }
    }

    /// The name of the database.
    #[must_use]
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The URL of a host's HTTP interface.
    pub(super) fn url(&self, host: &str) -> String {
        format!("{}://{host}/", if self.has_tls { "https" } else { "http" })
    }
}

const NO_DATABASE: &str = "it names no database: it ends with /DATABASE, such as /headcount";

/// A name that needs no quotes in SQL.
fn name(text: &str, what: &str) -> Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if text.is_empty() && what == "database" {
        return Err(NO_DATABASE.into());
    }
    if text.is_empty() || text.as_bytes()[0].is_ascii_digit() || !text.bytes().all(is_plain) {
        return Err(format!(
            "the name of a {what} has letters, digits and _, and begins with no digit"
        ));
    }
    Ok(text.to_owned())
}

fn with_port(host: &str, has_tls: bool) -> Result<String, String> {
    let end = host.rfind(']').map_or(0, |end| end + 1);
    let (name, port) = match host[end..].rfind(':') {
        Some(at) => (&host[..end + at], Some(&host[end + at + 1..])),
        None => (host, None),
    };
    let is_plain = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']')
    };
    if name.is_empty() || !name.bytes().all(is_plain) {
        return Err("one of its hosts has no name, or one that is not a name of a host".into());
    }
    let usual = if has_tls { TLS_PORT } else { PORT };
    let port = match port {
        None => usual,
        Some(port) => port
            .parse::<u16>()
            .map_err(|_| format!("the port of {name} is not a number below 65536"))?,
    };
    Ok(format!("{name}:{port}"))
}

/// Undoes `%41` and its kin.
fn decoded(text: &str) -> Result<String, String> {
    let wrong = || "the user or the password has a % without two hexadecimal digits".to_owned();
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first != b'%' {
            bytes.push(*first);
            rest = after;
            continue;
        }
        let digits = after.get(..2).and_then(|two| str::from_utf8(two).ok()).ok_or_else(wrong)?;
        bytes.push(u8::from_str_radix(digits, 16).map_err(|_| wrong())?);
        rest = &after[2..];
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

impl fmt::Display for ClickHouseAddress {
    /// The address without the password.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "clickhouse://{}@{}/{}", self.user, self.hosts.join(","), self.database)
    }
}

impl fmt::Debug for ClickHouseAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ClickHouseAddress({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_who_asks_whom() {
        let told =
            ClickHouseAddress::parse("clickhouse://me:p%40s%2Fs@one,two:9000/data?cluster=main")
                .expect("an address");
        assert_eq!((&*told.user, &*told.password), ("me", "p@s/s"));
        assert_eq!(told.hosts, ["one:8123", "two:9000"]);
        assert_eq!((told.database(), told.cluster.as_deref()), ("data", Some("main")));
        assert_eq!(told.to_string(), "clickhouse://me@one:8123,two:9000/data");
        assert!(!format!("{told:?}").contains("p@s"));
        let secure =
            ClickHouseAddress::parse("clickhouse://[::1]/data?secure=true").expect("an address");
        assert_eq!((&*secure.user, &*secure.hosts[0]), ("default", "[::1]:8443"));
        assert_eq!(secure.url(&secure.hosts[0]), "https://[::1]:8443/");
    }

    #[test]
    fn what_is_wrong_with_an_address_is_said_without_its_password() {
        let cases = [
            ("http://one/data", "begin with clickhouse://"),
            ("clickhouse://one", "names no database"),
            ("clickhouse://one/", "names no database"),
            ("clickhouse://me:secret@/data", "no name"),
            ("clickhouse://me:secret@one:99999/data", "below 65536"),
            ("clickhouse://me:secret%4@one/data", "without two hexadecimal digits"),
            ("clickhouse://me:secret@one/da-ta", "letters, digits and _"),
            ("clickhouse://me:secret@one/data?tls=1", "options secure=true"),
        ];
        for (text, said) in cases {
            let problem = ClickHouseAddress::parse(text).expect_err(text);
            assert!(problem.contains(said) && !problem.contains("secret"), "{text}: {problem}");
        }
    }
}
