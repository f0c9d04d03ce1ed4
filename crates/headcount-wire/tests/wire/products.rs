//! The five catalogs, and a record of each of their events.

use headcount_catalog::{
    Catalog, Checked, Destination, Dialect, Encoding, EventId, Key, Setting, Time, parse,
};
use headcount_wire::{Payload, Post, Rate, encode};

pub(crate) const PRODUCTS: [(&str, &str); 5] = [
    ("atomic", include_str!("../../../../examples/atomic/telemetry.toml")),
    ("atomcode", include_str!("../../../../examples/atomcode/telemetry.toml")),
    ("archon", include_str!("../../../../examples/archon/telemetry.toml")),
    ("assembly", include_str!("../../../../examples/assembly/telemetry.toml")),
    ("clacky", include_str!("../../../../examples/clacky/telemetry.toml")),
];

pub(crate) fn catalogs() -> Vec<Catalog> {
    PRODUCTS
        .iter()
        .map(|(name, text)| parse(text).unwrap_or_else(|mistakes| panic!("{name}: {mistakes}")))
        .collect()
}

/// A time with milliseconds, so that every grain makes a difference.
pub(crate) const MOMENT: Time = Time::from_milliseconds(1_795_218_080_123);

/// One record of every event, the same on every machine.
pub(crate) fn records(catalog: &Catalog) -> Vec<Checked> {
    let mut records = Vec::new();
    for (place, event) in catalog.events.iter().enumerate() {
        let mut sample = catalog.sample(event, MOMENT);
        let given = headcount_catalog::Given {
            device: Some("a1b2c3d4-e5f6-4890-abcd-ef1234567890"),
            version: Some("1.2.3"),
            platform: Some(headcount_catalog::Platform::Macos),
            arch: Some(headcount_catalog::Arch::Aarch64),
            locale: Some("en-US"),
            ci: Some(false),
            ..headcount_catalog::Given::default()
        };
        for (slot, fixed) in sample.envelope.iter_mut().zip(catalog.envelope(event, &given)) {
            if fixed.is_some() {
                *slot = fixed;
            }
        }
        let number = u8::try_from(place).unwrap();
        sample.id = Some(EventId::new(MOMENT.day(), [number; 16]));
        records.push(sample);
    }
    records
}

/// Every dialect, in each of its encodings, and the name of its golden files.
pub(crate) const DIALECTS: [(Dialect, Encoding, &str); 8] = [
    (Dialect::Headcount, Encoding::Json, "native.ndjson"),
    (Dialect::Otlp, Encoding::Json, "otlp.json"),
    (Dialect::Otlp, Encoding::Protobuf, "otlp.pb"),
    (Dialect::PostHog, Encoding::Json, "posthog.json"),
    (Dialect::Datadog, Encoding::Lines, "datadog.ndjson"),
    (Dialect::Datadog, Encoding::Json, "datadog.json"),
    (Dialect::Clacky, Encoding::Json, "clacky.json"),
    (Dialect::Http, Encoding::Json, "http.json"),
];

/// A destination of this dialect.
pub(crate) fn destination(dialect: Dialect, encoding: Encoding) -> Destination {
    Destination {
        name: dialect.name(),
        dialect,
        endpoint: Setting::fixed("https://telemetry.example/"),
        key: Key::None,
        encoding,
    }
}

/// The request for these records, with the key `KEY`.
pub(crate) fn sent(
    catalog: &Catalog,
    records: &[Checked],
    (dialect, encoding): (Dialect, Encoding),
) -> Post {
    let payload = Payload {
        catalog,
        records,
        key: Some("KEY"),
        rate: Rate::WHOLE,
        home: headcount_wire::HomeLifetime::Lasting,
    };
    encode(&destination(dialect, encoding), &payload).expect("every record is whole")
}
