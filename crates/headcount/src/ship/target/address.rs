//! Parses an address and says whether it is on loopback: pure.

/// A URL in its parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Endpoint<'a> {
    pub(super) scheme: &'a str,
    authority: &'a str,
    pub(super) path: &'a str,
}

impl<'a> Endpoint<'a> {
    pub(super) fn parse(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        if !matches!(scheme, "http" | "https") {
            return None;
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        // No user information: `http://127.0.0.1@elsewhere` must not look
        // local.
        let plain = !authority.is_empty()
            && authority
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
        plain.then_some(Self { scheme, authority, path })
    }

    /// The address without its path.
    pub(super) fn origin(&self) -> String {
        format!("{}://{}", self.scheme, self.authority)
    }

    pub(super) fn is_loopback(&self) -> bool {
        let host = match self.authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => self.authority,
        };
        let four = host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback());
        let six = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .and_then(|host| host.parse::<std::net::Ipv6Addr>().ok())
            .is_some_and(|address| address.is_loopback());
        four || six || host == "localhost"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loopback(url: &str) -> bool {
        Endpoint::parse(url).is_some_and(|endpoint| endpoint.is_loopback())
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for url in [
            "http://127.0.0.1:4318",
            "http://localhost:1",
            "https://127.8.8.8/x",
            "http://[::1]:80",
        ] {
            assert!(loopback(url), "{url}");
        }
        for url in [
            "http://127.0.0.1@evil.example",
            "http://127.0.0.1.evil.example",
            "http://localhost.evil.example:80",
            "http://10.0.0.1:80",
            "ftp://127.0.0.1",
            "127.0.0.1:80",
            "http://",
            "http://0.0.0.0:80",
        ] {
            assert!(!loopback(url), "{url}");
        }
    }
}
