//! Where a request was sent, as one of few: for metrics and the operator's log,
//! which never have a path.

use headcount_catalog::Dialect;

/// Where a request was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RouteClass {
    /// The native form.
    Events,
    /// OTLP's logs.
    Logs,
    /// OTLP's spans, of somebody else's program.
    Traces,
    /// OTLP's metrics, of somebody else's program.
    OtlpMetrics,
    /// PostHog's batches and events.
    PostHog,
    /// PostHog's newer form.
    PostHogNewer,
    /// PostHog's feature flags.
    Flags,
    /// Datadog's logs.
    Datadog,
    /// A path that only catalogs name, in this dialect.
    Named(Dialect),
    /// A person's erasure.
    Forget,
    /// Questions.
    Ask,
    /// Other commands over HTTP.
    Api,
    /// Metrics.
    Metrics,
    /// Health and readiness.
    Health,
    /// Pages, and what they load.
    Page,
    /// No route has the path, or the request was not for this collector.
    Unknown,
}

impl RouteClass {
    /// All of them.
    pub(crate) const ALL: [Self; 21] = [
        Self::Events,
        Self::Logs,
        Self::Traces,
        Self::OtlpMetrics,
        Self::PostHog,
        Self::PostHogNewer,
        Self::Flags,
        Self::Datadog,
        Self::Named(Dialect::Headcount),
        Self::Named(Dialect::Otlp),
        Self::Named(Dialect::PostHog),
        Self::Named(Dialect::Datadog),
        Self::Named(Dialect::Clacky),
        Self::Named(Dialect::Http),
        Self::Forget,
        Self::Ask,
        Self::Api,
        Self::Metrics,
        Self::Health,
        Self::Page,
        Self::Unknown,
    ];

    /// The name in a label or a line of the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Logs => "logs",
            Self::Traces => "traces",
            Self::OtlpMetrics => "otlp-metrics",
            Self::PostHog => "posthog",
            Self::PostHogNewer => "posthog-newer",
            Self::Flags => "flags",
            Self::Datadog => "datadog",
            Self::Named(_) => "named-by-catalog",
            Self::Forget => "forget",
            Self::Ask => "ask",
            Self::Api => "api",
            Self::Metrics => "metrics",
            Self::Health => "health",
            Self::Page => "page",
            Self::Unknown => "unknown",
        }
    }

    /// The name of the dialect that is spoken there; empty if it takes no
    /// events in.
    #[must_use]
    pub fn dialect(self) -> &'static str {
        match self {
            Self::Events | Self::Named(Dialect::Headcount) => "native",
            Self::Logs | Self::Traces | Self::OtlpMetrics | Self::Named(Dialect::Otlp) => "otlp",
            Self::PostHog | Self::PostHogNewer | Self::Named(Dialect::PostHog) => "posthog",
            Self::Datadog | Self::Named(Dialect::Datadog) => "datadog",
            Self::Named(Dialect::Clacky) => "clacky",
            Self::Named(Dialect::Http) => "http",
            _ => "",
        }
    }

    /// The place in [`Self::ALL`].
    pub(crate) fn place(self) -> usize {
        Self::ALL.iter().position(|class| *class == self).unwrap_or(Self::ALL.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_its_own_place_and_labels() {
        let labels: std::collections::BTreeSet<_> =
            RouteClass::ALL.iter().map(|class| (class.name(), class.dialect())).collect();
        assert_eq!(labels.len(), RouteClass::ALL.len());
        for (place, class) in RouteClass::ALL.iter().enumerate() {
            assert_eq!(class.place(), place);
        }
    }
}
