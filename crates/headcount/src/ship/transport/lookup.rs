//! Looks up host names for `ureq`, within a time. `ureq` itself panics where
//! the system cannot start one more thread, as at a container's limit.

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;
use std::{error, fmt, io, thread};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ArrayVec, DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::{Error, Timeout};

/// How many addresses of a name `ureq` tries at most.
const MOST: usize = 16;

/// Asks the system, on a thread for each name: it has no lookup that ends in
/// time. An address needs none.
#[derive(Debug)]
pub(super) struct Lookup;

impl Resolver for Lookup {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let parts = uri.scheme().zip(uri.authority());
        let name = parts.and_then(|(scheme, host)| DefaultResolver::host_and_port(scheme, host));
        let name = name.ok_or_else(|| Error::BadUri(uri.to_string()))?;
        let found = match name.parse() {
            Ok(address) => vec![address],
            Err(_) => {
                let lookup = move || Ok(name.to_socket_addrs()?.collect());
                within((*timeout.after, timeout.reason), lookup)?
            }
        };
        let mut addresses: ArrayVec<SocketAddr, MOST> = self.empty();
        let family = config.ip_family();
        let wanted = family.keep_wanted(found.into_iter()).take(MOST);
        wanted.for_each(|address| addresses.push(address));
        if addresses.is_empty() { Err(Error::HostNotFound) } else { Ok(addresses) }
    }
}

/// The result of a lookup, if it comes in time. A lookup that takes longer ends
/// by itself, and nobody hears of it.
fn within(
    (limit, reason): (Duration, Timeout),
    lookup: impl FnOnce() -> io::Result<Vec<SocketAddr>> + Send + 'static,
) -> Result<Vec<SocketAddr>, Error> {
    let (tell, told) = mpsc::sync_channel(1);
    let thread = thread::Builder::new().name("headcount-name".to_owned());
    let started = thread.spawn(move || tell.send(lookup()).ok());
    started.map_err(|error| io::Error::other(NoThread(error)))?;
    match told.recv_timeout(limit) {
        Ok(found) => Ok(found?),
        Err(RecvTimeoutError::Timeout) => Err(Error::Timeout(reason)),
        // It ended without a result.
        Err(RecvTimeoutError::Disconnected) => Err(Error::HostNotFound),
    }
}

/// The system cannot start a thread.
#[derive(Debug)]
struct NoThread(io::Error);

impl fmt::Display for NoThread {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "cannot start a thread to look up the host name: {}", self.0)
    }
}

impl error::Error for NoThread {}

/// Whether a name was not looked up, since no thread could be started.
pub(super) fn had_no_thread(error: &io::Error) -> bool {
    error.get_ref().is_some_and(<dyn error::Error + Send + Sync>::is::<NoThread>)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: (Duration, Timeout) = (Duration::from_secs(30), Timeout::Global);

    fn resolve(url: &str) -> Result<Vec<SocketAddr>, Error> {
        let uri = url.parse().expect("an address");
        let after = ureq::unversioned::transport::time::Duration::from_secs(30);
        let timeout = NextTimeout { after, reason: Timeout::Global, ..NextTimeout::default() };
        Lookup.resolve(&uri, &Config::default(), timeout).map(|found| found.to_vec())
    }

    #[test]
    fn an_address_is_its_own_answer() {
        for (url, address) in [
            ("http://127.0.0.1:8080/e", "127.0.0.1:8080"),
            ("https://192.0.2.7/e", "192.0.2.7:443"),
            ("https://[2001:db8::1]/e", "[2001:db8::1]:443"),
            ("http://[::1]:9", "[::1]:9"),
        ] {
            assert_eq!(resolve(url).expect(url), [address.parse().expect(address)]);
        }
        assert!(matches!(resolve("foo://some/123"), Err(Error::BadUri(_))));
    }

    #[test]
    fn a_lookup_ends_in_time_whatever_becomes_of_it() {
        let (hold, held) = mpsc::channel::<()>();
        let never = move || {
            let _ = held.recv();
            Ok(Vec::new())
        };
        let found = within((Duration::ZERO, Timeout::Global), never);
        assert!(matches!(found, Err(Error::Timeout(Timeout::Global))), "{found:?}");
        drop(hold);
        let found = within(LONG, || panic!("a lookup of the test's own"));
        assert!(matches!(found, Err(Error::HostNotFound)), "{found:?}");
        let refused = || Err(io::ErrorKind::PermissionDenied.into());
        assert!(matches!(within(LONG, refused), Err(Error::Io(_))));
    }
}
