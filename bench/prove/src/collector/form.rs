//! The forms in which a load arrives: a product, its events and a dialect.

use headcount_catalog::{
    Arch, Catalog, Checked, Destination, Dialect, Encoding, Event, EventId, Given, Key, Kind,
    Platform, Raw, Setting, Time, Value, parse,
};
use headcount_wire::{HomeLifetime, Payload, Post, Rate, encode, usual_path};

use super::fresh::Fresh;
use crate::Fault;

/// The id of every event in a template, where an id is written later.
pub(crate) const EVENT_MARK: &str = "11111111-1111-7111-8111-111111111111";

/// The id of every device, likewise.
pub(crate) const DEVICE_MARK: &str = "22222222-2222-4222-8222-222222222222";

/// What arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Atomic's events as lines.
    Native,
    /// The same as OpenTelemetry's logs, in protocol buffers.
    OtlpProtobuf,
    /// The same in JSON.
    OtlpJson,
    /// An event of Archon's as PostHog's clients send it.
    PostHog,
    /// An event of the AssemblyAI CLI's as Datadog's clients send it.
    Datadog,
}

/// A catalog as the examples have it, and those of its events that are sent,
/// as often as they stand here. Left out are events whose id is another
/// property: a load writes one id for each event.
struct Script {
    catalog: &'static str,
    events: &'static [&'static str],
    dialect: Dialect,
    encoding: Encoding,
}

const ATOMIC: &str = include_str!("../../../../examples/atomic/telemetry.toml");
const ARCHON: &str = include_str!("../../../../examples/archon/telemetry.toml");
const ASSEMBLY: &str = include_str!("../../../../examples/assembly/telemetry.toml");

/// Every catalog that a load needs, by the name of its file.
pub(crate) const CATALOGS: [(&str, &str); 3] =
    [("atomic.toml", ATOMIC), ("archon.toml", ARCHON), ("assembly.toml", ASSEMBLY)];

/// Four commands for each one that was given slash commands.
const ATOMIC_EVENTS: &[&str] =
    &["atomic_command", "atomic_command", "atomic_command", "atomic_command", "cli_command"];

impl Form {
    /// All of them.
    pub(crate) const ALL: [Self; 5] =
        [Self::Native, Self::OtlpProtobuf, Self::OtlpJson, Self::PostHog, Self::Datadog];

    /// For a table.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Native => "native lines",
            Self::OtlpProtobuf => "OTLP protobuf",
            Self::OtlpJson => "OTLP JSON",
            Self::PostHog => "PostHog",
            Self::Datadog => "Datadog",
        }
    }

    /// The product that is reported.
    pub(crate) fn product(self) -> &'static str {
        match self {
            Self::Native | Self::OtlpProtobuf | Self::OtlpJson => "atomic",
            Self::PostHog => "archon",
            Self::Datadog => "assembly",
        }
    }

    fn script(self) -> Script {
        let of = |catalog, events, dialect, encoding| Script { catalog, events, dialect, encoding };
        match self {
            Self::Native => of(ATOMIC, ATOMIC_EVENTS, Dialect::Headcount, Encoding::Json),
            Self::OtlpProtobuf => of(ATOMIC, ATOMIC_EVENTS, Dialect::Otlp, Encoding::Protobuf),
            Self::OtlpJson => of(ATOMIC, ATOMIC_EVENTS, Dialect::Otlp, Encoding::Json),
            Self::PostHog => {
                of(ARCHON, &["cli.command_completed"], Dialect::PostHog, Encoding::Json)
            }
            Self::Datadog => of(ASSEMBLY, &["command_run"], Dialect::Datadog, Encoding::Json),
        }
    }

    /// Where a collector takes it.
    pub(crate) fn path(self) -> &'static str {
        usual_path(self.script().dialect).unwrap_or("/")
    }

    /// Requests of `batch` events each, whose times lie between two.
    ///
    /// # Errors
    ///
    /// A catalog of the examples does not parse, or lacks an event.
    pub(crate) fn posts(
        self,
        (batch, count): (usize, usize),
        (from, to): (Time, Time),
        fresh: &mut Fresh,
    ) -> Result<Vec<Post>, Fault> {
        let script = self.script();
        let catalog = parse(script.catalog).map_err(|mistakes| mistakes.to_string())?;
        let mut events = Vec::new();
        for name in script.events {
            let found = catalog.events.iter().find(|event| event.name == *name);
            events.push(found.ok_or_else(|| format!("the catalog has no event `{name}`"))?);
        }
        let destination = Destination {
            name: script.dialect.name(),
            dialect: script.dialect,
            endpoint: Setting::fixed("http://127.0.0.1/"),
            key: Key::None,
            encoding: script.encoding,
        };
        let seconds = usize::try_from(to.seconds() - from.seconds()).unwrap_or(0);
        let mut posts = Vec::with_capacity(count);
        for _ in 0..count {
            let mut records = Vec::with_capacity(batch);
            for _ in 0..batch {
                let event = events[fresh.below(events.len())];
                let later = i64::try_from(fresh.below(seconds)).unwrap_or(0);
                let time = Time::from_seconds(from.seconds() + later);
                records.push(record(&catalog, event, time, fresh));
            }
            let payload = Payload {
                catalog: &catalog,
                records: &records,
                key: Some(catalog.product.name),
                rate: Rate::WHOLE,
                home: HomeLifetime::Lasting,
            };
            posts.push(encode(&destination, &payload)?);
        }
        Ok(posts)
    }
}

/// A record of the event with values that differ from record to record.
fn record(catalog: &Catalog, event: &'static Event, time: Time, fresh: &mut Fresh) -> Checked {
    let versions = ["0.9.4", "0.10.0", "0.10.1"];
    let platforms = [Platform::Macos, Platform::Linux, Platform::Windows];
    let given = Given {
        device: Some(DEVICE_MARK),
        version: Some(versions[fresh.below(versions.len())]),
        platform: Some(platforms[fresh.below(platforms.len())]),
        arch: Some(Arch::Aarch64),
        locale: Some("en-US"),
        ci: Some(fresh.below(10) == 0),
        ..Given::default()
    };
    let mut record = catalog.sample(event, time);
    for (slot, given) in record.envelope.iter_mut().zip(catalog.envelope(event, &given)) {
        if given.is_some() {
            *slot = given;
        }
    }
    for (slot, property) in record.properties.iter_mut().zip(event.properties) {
        let leaves_out = property.optional.is_some() && fresh.below(4) == 0;
        let chosen = chosen(property.kind, fresh);
        *slot = if leaves_out { None } else { chosen.or(slot.take()) };
    }
    record.id = EventId::parse(EVENT_MARK);
    record
}

/// A value of a kind that has several to choose from.
fn chosen(kind: Kind, fresh: &mut Fresh) -> Option<Value> {
    match kind {
        Kind::Flag => Some(Value::Flag(fresh.below(20) > 0)),
        Kind::Choice { set, .. } | Kind::Class { set, .. } => kind.word(fresh.below(set.len())),
        Kind::Count { .. } | Kind::Duration { .. } => {
            let number = i64::try_from(fresh.below(10_000)).unwrap_or(0);
            kind.admit(&Raw::Integer(number)).ok()
        }
        Kind::ExitCode => Some(Value::Number(i64::from(fresh.below(20) == 0))),
        _ => None,
    }
}
