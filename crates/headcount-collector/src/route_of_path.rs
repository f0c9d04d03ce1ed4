//! Which class of routes a path has. The path itself goes no further.

use crate::registry::Registry;
use crate::route_class::RouteClass;

/// The class of a canonical path.
pub(crate) fn route_of(path: &str, registry: &Registry) -> RouteClass {
    match path {
        "/api/v1/events" => RouteClass::Events,
        "/v1/logs" => RouteClass::Logs,
        "/v1/traces" if registry.has_observed() => RouteClass::Traces,
        "/v1/metrics" if registry.has_observed() => RouteClass::OtlpMetrics,
        "/batch" | "/capture" | "/i/v0/e" | "/e" | "/track" => RouteClass::PostHog,
        "/i/v1/analytics/events" => RouteClass::PostHogNewer,
        "/flags" | "/decide" => RouteClass::Flags,
        "/api/v2/logs" => RouteClass::Datadog,
        "/api/v1/forget" => RouteClass::Forget,
        "/metrics" => RouteClass::Metrics,
        "/healthz" | "/readyz" => RouteClass::Health,
        "/" | "/page.js" | "/favicon.svg" | "/sign-in" | "/sign-out" => RouteClass::Page,
        _ if path.starts_with("/api/v1/ask") => RouteClass::Ask,
        _ if path.starts_with("/product/") || path.starts_with("/public/") => RouteClass::Page,
        _ => {
            let named = registry.at(path).map(|(_, dialect)| RouteClass::Named(dialect)).next();
            let api = || path.starts_with("/api/v1/").then_some(RouteClass::Api);
            named.or_else(api).unwrap_or(RouteClass::Unknown)
        }
    }
}

#[cfg(test)]
mod tests {
    use headcount_catalog::Dialect;

    use super::*;

    #[test]
    fn paths_have_their_class_and_none_is_kept() {
        let text = include_str!("../../../examples/clacky/telemetry.toml");
        let registry = Registry::of(vec![headcount_catalog::parse(text).unwrap()]).unwrap();
        for (path, class) in [
            ("/api/v1/events", RouteClass::Events),
            ("/api/v1/ask/events", RouteClass::Ask),
            ("/api/v1/telemetry/startup", RouteClass::Named(Dialect::Clacky)),
            ("/api/v1/reload", RouteClass::Api),
            ("/product/atomic", RouteClass::Page),
            ("/public/atomic.json", RouteClass::Page),
            ("/wp-login.php", RouteClass::Unknown),
        ] {
            assert_eq!(route_of(path, &registry), class, "{path}");
        }
    }
}
