//! A program of somebody else, whose own OpenTelemetry export a collector
//! reads.

/// A program that an organisation uses, but that does not report by Headcount:
/// what it exports by OpenTelemetry itself is read under a catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ObservedProgram {
    /// The names by which it calls itself in `service.name`.
    pub services: &'static [&'static str],
    /// Attributes that tell a record from another one of the same moment. They
    /// are part of an HMAC, and are stored nowhere.
    pub told_apart_by: &'static [&'static str],
    /// Attributes, each with the property that it becomes.
    pub attributes: &'static [(&'static str, &'static str)],
}

impl ObservedProgram {
    /// Returns the property that an attribute becomes.
    #[must_use]
    pub fn property(&self, attribute: &str) -> Option<&'static str> {
        self.attributes.iter().find(|(own, _)| *own == attribute).map(|(_, property)| *property)
    }

    /// Returns the attributes that become a property.
    pub fn attributes_of<'p>(
        &self,
        property: &'p str,
    ) -> impl Iterator<Item = &'static str> + use<'p> {
        let all = self.attributes;
        let own = all.iter().filter(move |(_, becomes)| *becomes == property);
        own.map(|(attribute, _)| *attribute)
    }
}
