//! Flat names for the fields of a record, for the dialects whose receivers do
//! not nest: PostHog's properties and Datadog's attributes.
//!
//! An object that contains the event's own properties is left out: Archon's
//! `properties.command` becomes PostHog's property `command`. A field whose
//! flat name would be used twice, or is reserved by the dialect, is put into an
//! object with the product's name instead, so that every name can be turned
//! back.

use std::borrow::Cow;

use headcount_catalog::{Catalog, Source};

/// Translates between a product's names and a dialect's.
#[derive(Clone, Copy)]
pub(crate) struct FlatNames<'a> {
    catalog: &'a Catalog,
    /// The object that contains the event's own properties; empty if there is
    /// none.
    holder: &'static str,
    /// Whether the dialect has a field of its own for an entry.
    frame: fn(&Source) -> bool,
    /// Names that the dialect reserves.
    reserved: &'static [&'static str],
}

impl<'a> FlatNames<'a> {
    pub(crate) fn new(
        catalog: &'a Catalog,
        frame: fn(&Source) -> bool,
        reserved: &'static [&'static str],
    ) -> Self {
        let holder = catalog.key_of(|source| matches!(source, Source::Properties)).unwrap_or("");
        Self { catalog, holder, frame, reserved }
    }

    /// Whether the dialect has a field of its own for this entry.
    pub(crate) fn is_framed(&self, source: &Source) -> bool {
        (self.frame)(source)
    }

    /// Returns the object and the name under which a field of a line is sent.
    pub(crate) fn dialect_name<'n>(
        &self,
        holder: &'static str,
        name: &'n str,
    ) -> (&'static str, Cow<'n, str>) {
        let is_own = !holder.is_empty() && holder == self.holder;
        let shown = if is_own { "" } else { holder };
        let outermost = if shown.is_empty() { name } else { shown };
        let taken = self.reserved.contains(&outermost)
            || outermost == self.catalog.product.name
            || (is_own && self.is_envelope_name(outermost));
        match (taken, holder) {
            (false, _) => (shown, Cow::Borrowed(name)),
            (true, "") => (self.catalog.product.name, Cow::Borrowed(name)),
            (true, holder) => (self.catalog.product.name, Cow::Owned(format!("{holder}.{name}"))),
        }
    }

    /// Returns the key on the line for a flat name. The key is empty, which no
    /// catalog knows, if the dialect has a field of its own for that entry.
    pub(crate) fn line_key<'n>(&self, name: Cow<'n, str>) -> Cow<'n, str> {
        let within = name
            .strip_prefix(self.catalog.product.name)
            .and_then(|rest| rest.strip_prefix('.'))
            .map(str::to_owned);
        let key = match within {
            Some(key) => Cow::Owned(key),
            // No key is empty, with a holder or without.
            None if name.is_empty() => name,
            None if self.holder.is_empty() || self.entry(&name).is_some() => name,
            None => Cow::Owned(format!("{}.{name}", self.holder)),
        };
        match self.entry(&key) {
            Some(source) if self.is_framed(source) => Cow::Borrowed(""),
            _ => key,
        }
    }

    fn entry(&self, key: &str) -> Option<&'static Source> {
        let mut entries = self.catalog.envelope.iter();
        entries
            .find(|entry| entry.source != Source::Properties && entry.key == key)
            .map(|entry| &entry.source)
    }

    /// Whether the key of an envelope entry starts with this name.
    fn is_envelope_name(&self, name: &str) -> bool {
        self.catalog.envelope.iter().any(|entry| entry.key.split('.').next() == Some(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_catalog::parse;

    /// As Archon's catalog, with names that collide: `status` and `event` occur
    /// twice, and the dialect reserves `message`.
    const MEETING: &str = r#"
        grammar = 1
        catalog = 1
        product = { name = "p", prefix = "P", title = "P" }
        consent = { default = "off", order = ["environment", "do-not-track", "flag", "settings"], variables = [{ name = "P_TELEMETRY", refuses = "0" }] }
        files = { folder = "~/.p", settings = { file = "s.json", enabled = "enabled" }, queue = "q.jsonl" }
        identity = { scheme = "random", rotate = "never", file = "id" }
        destination = [{ kind = "posthog", endpoint = "https://p.example", key = { build = "KEY" } }]
        shipping = { mode = "detached", command = ["telemetry", "flush"], marker = "P_FLUSH" }
        retention = { on-machine = "1d", raw = "1d" }
        [envelope]
        event = "event"
        id = "event-id"
        who = "device"
        time = "time"
        "own.*" = "properties"
        "own.version" = "version"
        status = { constant = "x" }
        "deep.message" = { constant = "x" }
        "message.text" = { constant = "x" }
        [event.e]
        why = "Why?"
        owner = "us"
        [event.e.properties]
        plain = "flag"
        status = "flag"
        event = "flag"
        message = "flag"
        p = "flag"
    "#;

    #[test]
    fn every_field_finds_its_way_back() {
        let catalog = parse(MEETING).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let framed = |source: &Source| matches!(source, Source::Event | Source::Device);
        let flat = FlatNames::new(&catalog, framed, &["message"]);
        let mut seen = Vec::new();
        for (holder, name, expected) in [
            ("own", "plain", "plain"),
            ("own", "version", "version"),
            ("own", "status", "p.own.status"),
            ("own", "event", "p.own.event"),
            ("own", "message", "p.own.message"),
            ("own", "p", "p.own.p"),
            ("", "status", "status"),
            ("deep", "message", "deep.message"),
            ("message", "text", "p.message.text"),
            ("", "id", "id"),
        ] {
            let (there, shown) = flat.dialect_name(holder, name);
            let joined = |holder: &str, name: &str| match holder {
                "" => name.to_owned(),
                holder => format!("{holder}.{name}"),
            };
            let sent = joined(there, &shown);
            assert_eq!(sent, expected);
            assert_eq!(flat.line_key(Cow::Borrowed(&sent)), joined(holder, name));
            assert!(!seen.contains(&sent), "{sent} is there twice");
            seen.push(sent);
        }
        assert_eq!(flat.line_key("foreign".into()), "own.foreign");
        for framed in ["event", "who", "p.event", "p.who"] {
            assert_eq!(
                flat.line_key(framed.into()),
                "",
                "the dialect has its own field for {framed}"
            );
        }
    }
}
