//! The closed list of questions that can be asked over HTTP.

/// A question that can be asked over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HttpQuestion {
    /// Events by day and name.
    Events,
    /// Devices by day, week or month.
    Active,
    /// Devices by week that were new in it, and that were not.
    NewAndReturning,
    /// Devices by week and age, or by week and the week of their first event,
    /// beside the devices that were new so long before.
    Retention,
    /// Events of one name by day and value of a property.
    ByProperty,
    /// Events of one name by day and two values.
    Across,
    /// Events of one name that failed and that worked.
    Failures,
    /// Quantiles of a property of numbers.
    Quantiles,
    /// Versions of the host, with their days.
    Versions,
    /// Rejected events and dropped properties, by where and why.
    Rejected,
}

impl HttpQuestion {
    pub(super) const ALL: [Self; 10] = [
        Self::Events,
        Self::Active,
        Self::NewAndReturning,
        Self::Retention,
        Self::ByProperty,
        Self::Across,
        Self::Failures,
        Self::Quantiles,
        Self::Versions,
        Self::Rejected,
    ];

    /// The name in the path.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Active => "active",
            Self::NewAndReturning => "new-and-returning",
            Self::Retention => "retention",
            Self::ByProperty => "by-property",
            Self::Across => "across",
            Self::Failures => "failures",
            Self::Quantiles => "quantiles",
            Self::Versions => "versions",
            Self::Rejected => "rejected",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|question| question.name() == name)
    }

    /// The names of its parameters.
    pub(super) fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::NewAndReturning | Self::Retention | Self::Versions | Self::Rejected => {
                &["product", "from", "to", "days", "before"]
            }
            Self::Events => &["product", "from", "to", "days", "before", "version", "by"],
            Self::Active => &["product", "period", "from", "to", "days", "before", "version", "by"],
            Self::ByProperty | Self::Failures => {
                &["product", "event", "property", "from", "to", "days", "before", "version", "by"]
            }
            Self::Across => &[
                "product", "event", "one", "other", "from", "to", "days", "before", "version", "by",
            ],
            Self::Quantiles => &[
                "product", "event", "property", "period", "from", "to", "days", "before",
                "version", "by",
            ],
        }
    }
}
