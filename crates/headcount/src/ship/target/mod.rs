//! The address and the key of a destination, after what the build and the
//! environment may change: pure, and refusing in doubt.

mod address;
mod erasure;
mod key;
mod unshippable;

use headcount_catalog::{Catalog, Destination, Event};
use headcount_wire::{HomeLifetime, Rate, usual_path};

use address::Endpoint;

pub use unshippable::Unshippable;

/// How the program was compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// For developers: ships to loopback only.
    Debug,
    /// For users.
    Release,
}

impl Build {
    /// The kind of this build.
    #[must_use]
    pub const fn this() -> Self {
        if cfg!(debug_assertions) { Self::Debug } else { Self::Release }
    }
}

/// What the environment says about a destination.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// The value of `<PREFIX>_TELEMETRY_ENDPOINT`.
    pub endpoint: Option<String>,
    /// The value of the variable that the catalog names for the key.
    pub key: Option<String>,
}

impl Overrides {
    /// Reads both with `variable`.
    pub fn read(
        catalog: &Catalog,
        destination: &Destination,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let key = key_variable(destination);
        Self { endpoint: variable(&catalog.variable("ENDPOINT")), key: key.and_then(variable) }
    }
}

/// The variable that may replace a destination's key at run time.
#[must_use]
pub fn key_variable(destination: &Destination) -> Option<&'static str> {
    destination.key.setting()?.run
}

/// A destination's address and key in this build and this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `https://telemetry.example.org`
    origin: String,
    /// The destination's own path, including its query.
    path: String,
    key: Option<String>,
    rate: Rate,
    home: HomeLifetime,
    /// Whether the environment names the origin instead of the catalog.
    is_replaced: bool,
}

impl Target {
    /// The address without a path, if the environment names it instead of the
    /// catalog. What it asks for does not hold for the catalog's own.
    pub(crate) fn replaced(&self) -> Option<&str> {
        self.is_replaced.then_some(self.origin.as_str())
    }

    /// The same for a share of all devices, which includes this one.
    #[must_use]
    pub fn with_rate(self, rate: Rate) -> Self {
        Self { rate, ..self }
    }

    /// The share of devices that report there.
    #[must_use]
    pub fn rate(&self) -> Rate {
        self.rate
    }

    /// The same for a device with a home of this lifetime.
    #[must_use]
    pub fn with_home(self, home: HomeLifetime) -> Self {
        Self { home, ..self }
    }

    /// How long the device's home lasts.
    #[must_use]
    pub fn home(&self) -> HomeLifetime {
        self.home
    }

    /// The key that is sent with each request.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// The URL for an event: with the event's own path, if it has one.
    #[must_use]
    pub fn url(&self, event: Option<&Event>) -> String {
        let path = event.and_then(|event| event.path).unwrap_or(&self.path);
        format!("{}{path}", self.origin)
    }

    /// The URL at which a collector is asked to erase.
    pub(crate) fn erasure_url(&self) -> String {
        format!("{}{}", self.origin, erasure::path(&self.path))
    }
}

/// Returns the address and the key of a destination.
///
/// A loopback address in `<PREFIX>_TELEMETRY_ENDPOINT` replaces scheme, host
/// and port of every destination. With any other value nothing is sent, so a
/// hostile environment cannot redirect events. A key from the environment
/// counts only with a loopback address: otherwise it could send a person's
/// events to another account.
///
/// # Errors
///
/// Returns why nothing may be sent there.
pub fn target(
    catalog: &Catalog,
    destination: &Destination,
    overrides: &Overrides,
    build: Build,
) -> Result<Target, Unshippable> {
    let (own, path) = address(destination).ok_or(Unshippable::NoEndpoint)?;
    let given_address = overrides.endpoint.as_deref().filter(|value| !value.is_empty());
    let origin = match given_address {
        None => own,
        Some(value) => Endpoint::parse(value).filter(Endpoint::is_loopback).ok_or_else(|| {
            Unshippable::Redirected {
                variable: catalog.variable("ENDPOINT"),
                value: value.to_owned(),
            }
        })?,
    };
    let given = overrides.key.as_deref().filter(|_| origin.is_loopback());
    let key = key::needed(destination, given)?;
    match (origin.is_loopback(), origin.scheme, build) {
        (true, _, _) | (false, "https", Build::Release) => Ok(Target {
            origin: origin.origin(),
            path: path.to_owned(),
            key: key.map(str::to_owned),
            rate: Rate::WHOLE,
            home: HomeLifetime::Lasting,
            is_replaced: given_address.is_some(),
        }),
        (false, "https", Build::Debug) => Err(Unshippable::DebugBuild),
        (false, _, _) => Err(Unshippable::NotSecure(origin.origin())),
    }
}

/// A destination by the catalog and the build alone, to be shown to a person.
/// [`target`] says whether anything is sent there.
#[must_use]
pub fn written(destination: &Destination) -> Option<Target> {
    let (origin, path) = address(destination)?;
    let key = destination.key.setting();
    let key = key.and_then(|setting| key::of(destination, setting, None));
    Some(Target {
        origin: origin.origin(),
        path: path.to_owned(),
        key: key.map(str::to_owned),
        rate: Rate::WHOLE,
        home: HomeLifetime::Lasting,
        is_replaced: false,
    })
}

/// The address in this build, and its path. A build that names only a host, as
/// `POSTHOG_HOST` does, keeps the catalog's path. A catalog that names only a
/// host means the dialect's usual path.
fn address(destination: &Destination) -> Option<(Endpoint<'static>, &'static str)> {
    let origin = Endpoint::parse(destination.endpoint.value()?)?;
    let is_path = |path: &&str| !matches!(*path, "" | "/");
    let path = Some(origin.path)
        .filter(is_path)
        .or_else(|| Endpoint::parse(destination.endpoint.written)?.path.into())
        .filter(is_path)
        .or_else(|| usual_path(destination.dialect))
        .unwrap_or(origin.path);
    Some((origin, path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_catalog::Key;

    fn catalog(name: &str) -> Catalog {
        let text = match name {
            "archon" => include_str!("../../../../../examples/archon/telemetry.toml"),
            "assembly" => include_str!("../../../../../examples/assembly/telemetry.toml"),
            "clacky" => include_str!("../../../../../examples/clacky/telemetry.toml"),
            _ => include_str!("../../../../../examples/atomcode/telemetry.toml"),
        };
        headcount_catalog::parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"))
    }

    /// The destination of a catalog, as built with an address and a key.
    fn built(
        catalog: &Catalog,
        endpoint: Option<&'static str>,
        key: Option<&'static str>,
    ) -> Destination {
        let mut destination = catalog.destinations[0];
        destination.endpoint.built = endpoint;
        if let Key::Public(setting) | Key::Optional(setting) = &mut destination.key {
            setting.built = key;
        }
        destination
    }

    fn over(endpoint: &str, key: &str) -> Overrides {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Overrides { endpoint: some(endpoint), key: some(key) }
    }

    const DUMMY: &str = "pub00000000000000000000000000000000";

    #[test]
    fn a_build_names_a_host_and_the_catalog_its_path() {
        let archon = catalog("archon");
        for (host, url) in [
            (None, "https://telemetry.archon.example/batch/"),
            (Some(""), "https://telemetry.archon.example/batch/"),
            (Some("https://eu.i.posthog.com"), "https://eu.i.posthog.com/batch/"),
            (Some("https://eu.i.posthog.com/"), "https://eu.i.posthog.com/batch/"),
            (Some("https://proxy.example/ph/batch/"), "https://proxy.example/ph/batch/"),
        ] {
            let destination = built(&archon, host, Some("phc_x"));
            let target = target(&archon, &destination, &Overrides::default(), Build::Release);
            assert_eq!(target.map(|target| target.url(None)), Ok(url.to_owned()), "{host:?}");
        }
        let mut bare = built(&archon, Some("https://eu.i.posthog.com"), Some("phc_x"));
        bare.endpoint.written = "https://eu.i.posthog.com";
        assert_eq!(
            written(&bare).map(|target| target.url(None)).as_deref(),
            Some("https://eu.i.posthog.com/batch/")
        );
    }

    #[test]
    fn without_a_key_nothing_can_be_sent() {
        let archon = catalog("archon");
        let loopback = over("http://127.0.0.1:9", "");
        for (key, why) in [
            (None, Unshippable::NoKey),
            (Some(""), Unshippable::NoKey),
            (Some(" "), Unshippable::NoKey),
            (Some("phx_personal"), Unshippable::WrongKey),
            (Some("phc_\nx: y"), Unshippable::WrongKey),
        ] {
            let destination = built(&archon, None, key);
            let refused = target(&archon, &destination, &loopback, Build::Release);
            assert_eq!(refused, Err(why), "{key:?}");
            assert!(Unshippable::NoKey.to_string().contains("development build"));
            assert_eq!(written(&destination).map(|target| target.key), Some(None));
        }
        let whole =
            target(&archon, &built(&archon, None, Some("phc_x\n")), &loopback, Build::Debug);
        let whole = whole.expect("it has a key and stays on this machine");
        assert_eq!(whole.key(), Some("phc_x"));
        assert_eq!(whole.url(None), "http://127.0.0.1:9/batch/");
    }

    #[test]
    fn a_token_of_the_environments_counts_on_this_machine_alone() {
        let assembly = catalog("assembly");
        let key = |built_key, endpoint, given| {
            let destination = built(&assembly, None, built_key);
            target(&assembly, &destination, &over(endpoint, given), Build::Release)
                .map(|target| target.key)
        };
        let here = "http://127.0.0.1:9";
        let is = |key: &str| Ok(Some(key.to_owned()));
        assert_eq!(key(None, "", ""), is(DUMMY));
        assert_eq!(key(Some("pubbuilt"), "", ""), is("pubbuilt"));
        assert_eq!(key(Some("pubbuilt"), here, "pubgiven"), is("pubgiven"));
        assert_eq!(key(Some("pubbuilt"), "", "pubgiven"), is("pubbuilt"), "not on this machine");
        for secret in ["0123456789abcdef", "pub-x", "pub x", "sk", ""] {
            assert_eq!(key(None, here, secret), is(DUMMY), "{secret}");
        }
        let read =
            Overrides::read(&assembly, &assembly.destinations[0], |name| Some(name.to_owned()));
        assert_eq!(read, over("AAI_TELEMETRY_ENDPOINT", "AAI_TELEMETRY_CLIENT_TOKEN"));
        let atomcode = catalog("atomcode");
        let none =
            Overrides::read(&atomcode, &atomcode.destinations[0], |name| Some(name.to_owned()));
        assert_eq!(none.key, None, "its catalog names no variable for a run");
    }

    #[test]
    fn an_event_with_a_path_goes_there_on_the_same_host() {
        let clacky = catalog("clacky");
        let destination = built(&clacky, None, None);
        let here = over("http://127.0.0.1:9/ignored", "");
        let target = target(&clacky, &destination, &here, Build::Debug).expect("loopback");
        let url = |event| target.url(clacky.event(event));
        assert_eq!(url("startup"), "http://127.0.0.1:9/api/v1/telemetry/startup");
        assert_eq!(url("task"), "http://127.0.0.1:9/api/v1/telemetry/task");
        let assembly = catalog("assembly");
        let browser = written(&assembly.destinations[0]).map(|target| target.url(None));
        assert_eq!(
            browser.as_deref(),
            Some("https://browser-intake.assembly.example/api/v2/logs?ddsource=browser")
        );
    }

    #[test]
    fn nothing_leads_off_this_machine_but_a_release_over_tls() {
        let archon = catalog("archon");
        let to = |host, endpoint, build| {
            let destination = built(&archon, host, Some("phc_x"));
            target(&archon, &destination, &over(endpoint, ""), build).map(drop)
        };
        assert_eq!(to(None, "", Build::Debug), Err(Unshippable::DebugBuild));
        let plain = "http://telemetry.archon.example";
        assert_eq!(
            to(Some(plain), "", Build::Release),
            Err(Unshippable::NotSecure(plain.to_owned()))
        );
        assert_eq!(to(Some("no address"), "", Build::Release), Err(Unshippable::NoEndpoint));
        for elsewhere in ["https://evil.example", "http://127.0.0.1@evil.example", "evil"] {
            assert!(matches!(
                to(None, elsewhere, Build::Release),
                Err(Unshippable::Redirected { .. })
            ));
        }
    }
}
