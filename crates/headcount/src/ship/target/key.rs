//! The key of a destination in this build and this run: pure.

use headcount_catalog::{Destination, Dialect, Encoding, Key, Setting};

use super::unshippable::Unshippable;

/// The key, or why nothing can be sent without one. A build that was given a
/// key was meant to have it, also where a key is optional.
pub(super) fn needed<'k>(
    destination: &Destination,
    given: Option<&'k str>,
) -> Result<Option<&'k str>, Unshippable> {
    let Some(setting) = destination.key.setting() else { return Ok(None) };
    let is_built = setting.built.is_some_and(|built| !built.trim().is_empty());
    match (of(destination, setting, given), destination.key) {
        (Some(key), _) => Ok(Some(key)),
        (None, _) if is_built => Err(Unshippable::WrongKey),
        (None, Key::Optional(_)) => Ok(None),
        (None, _) => Err(Unshippable::NoKey),
    }
}

/// The key: the environment's if it counts, else the build's, else the
/// catalog's.
pub(super) fn of<'k>(
    destination: &Destination,
    setting: Setting,
    given: Option<&'k str>,
) -> Option<&'k str> {
    let replaced = [given, setting.built].into_iter().flatten().map(str::trim);
    let mut keys = replaced.filter(|key| is_public(destination, key)).chain([setting.written]);
    keys.find(|key| !key.is_empty())
}

/// Whether a key that replaces the catalog's is public: a personal or server
/// key, or a reader's token, must not be sent from every user's machine.
fn is_public(destination: &Destination, key: &str) -> bool {
    let plain = key.bytes().all(|byte| byte.is_ascii_graphic()) && !key.starts_with("hcr_");
    let fits = match (destination.dialect, destination.encoding) {
        (Dialect::Datadog, Encoding::Lines) => key
            .strip_prefix("pub")
            .or_else(|| key.strip_prefix(Key::COLLECTOR_PREFIX))
            .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_alphanumeric())),
        (Dialect::PostHog, _) => !key.starts_with("phx_") && !key.starts_with("phs_"),
        _ => true,
    };
    plain && fits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of a destination as built, or whether it cannot be sent to.
    fn built(
        (dialect, encoding): (Dialect, Encoding),
        key: fn(Setting) -> Key,
        built: Option<&'static str>,
    ) -> Result<Option<&'static str>, Unshippable> {
        let setting = Setting { built, build: Some("TOOL_BUILD_KEY"), ..Setting::fixed("") };
        let endpoint = Setting::fixed("https://telemetry.tool.example");
        let name = dialect.name();
        needed(&Destination { name, dialect, endpoint, key: key(setting), encoding }, None)
    }

    const OTLP: (Dialect, Encoding) = (Dialect::Otlp, Encoding::Json);
    const COLLECTORS: &str = "hcw_00399574a96084b42b0fa607112b9f42c42e63c6";

    #[test]
    fn an_optional_key_is_sent_where_a_build_gives_one() {
        for none in [None, Some(""), Some(" ")] {
            assert_eq!(built(OTLP, Key::Optional, none), Ok(None), "{none:?}");
            assert_eq!(built(OTLP, Key::Public, none), Err(Unshippable::NoKey), "{none:?}");
        }
        for key in [Key::Optional, Key::Public] {
            assert_eq!(built(OTLP, key, Some(COLLECTORS)), Ok(Some(COLLECTORS)));
            assert_eq!(built(OTLP, key, Some("two words")), Err(Unshippable::WrongKey));
        }
    }

    #[test]
    fn a_collectors_write_key_is_public_in_every_dialect_and_a_readers_token_in_none() {
        let token = Some("hcr_3aa2bef462ba6589eb70b8fd5efd7417ff29e424");
        for (dialect, _) in Dialect::ALL {
            for encoding in [Encoding::Json, Encoding::Lines, Encoding::Protobuf] {
                let key = built((dialect, encoding), Key::Public, Some(COLLECTORS));
                assert_eq!(key, Ok(Some(COLLECTORS)), "{dialect:?} {encoding:?}");
                let refused = built((dialect, encoding), Key::Public, token);
                assert_eq!(refused, Err(Unshippable::WrongKey), "{dialect:?} {encoding:?}");
            }
        }
    }
}
