//! A catalog with one of everything, and with names that are hard to turn into
//! Rust.

use headcount_catalog::{
    Absent, Catalog, Consent, ConsentDefault, Day, Days, Destination, Dialect, Encoding,
    EnvelopeEntry, Event, Files, Grain, IdPlace, Identity, Key, Kind, Mode, OnOff, PerPlatform,
    Product, Property, Purpose, Reference, RefusingValues, Retention, Rotation, Rule, Scheme,
    Setting, Settings, SettingsFormat, Shipping, Source, Texts, Unit, Variable, Words,
};

/// The catalog.
pub(crate) const SAMPLER: Catalog = Catalog {
    version: 7,
    product: Product {
        name: "sampler",
        prefix: "SAMPLER",
        title: "Sampler",
        policy: Some("https://sampler.example/telemetry"),
        contact: Some("privacy@sampler.example"),
        is_public: true,
    },
    consent: Consent {
        default: ConsentDefault::Ask,
        order: &Rule::ALL,
        variables: &[Variable { name: "SAMPLER_TELEMETRY", refuses: RefusingValues::Zero }],
        off: OnOff::DeleteId,
        farewell: None,
        texts: Texts {
            question: Some("Say \"yes\"?"),
            introduction: None,
            collected: &["which commands are used", "whether they work"],
            never: &["arguments\nof any kind"],
            notice: None,
        },
    },
    files: Files {
        folder: PerPlatform {
            linux: "${XDG_DATA_HOME:-~/.local/share}/sampler",
            macos: "~/Library/Application Support/sampler",
            windows: r"%LOCALAPPDATA%\sampler",
        },
        settings: Settings {
            file: "telemetry.json",
            format: SettingsFormat::Json,
            enabled: "telemetry.enabled",
            given: Some("telemetry.given"),
            created: None,
        },
        queue: "telemetry-events.jsonl",
        marker: None,
        state: "telemetry-state.json",
    },
    identity: Identity {
        scheme: Scheme::Random,
        rotation: Rotation::Monthly,
        place: IdPlace::Settings { id: "telemetry.id", rotated: None },
        count: &[],
    },
    envelope: ENVELOPE,
    destinations: DESTINATIONS,
    shipping: Shipping {
        mode: Mode::Detached,
        command: &["telemetry", "flush"],
        marker: "SAMPLER_TELEMETRY_FLUSH",
    },
    retention: Retention { on_machine: Days(30), raw: Days(90) },
    purposes: &[
        Purpose::USAGE,
        Purpose {
            name: "crash",
            title: "Crash reports",
            why: "Where it breaks, \"exactly\".",
            was: &["panics"],
        },
    ],
    events: &[RUN, FINISHED, PANIC, HOST, SOME],
    observed: None,
};

const AGENTS: Kind = Kind::Choice { set: &["claude", "opencode", "copilot"], other: None };
const MODEL: Kind = Kind::Token { alphabet: "a-z0-9.-", most: 64 };

const ENVELOPE: &[EnvelopeEntry] = &[
    entry("id", Source::EventId),
    entry("event", Source::Event),
    entry("timestamp", Source::Time(Grain::Second)),
    entry("device", Source::Device),
    entry("session_id", Source::Session),
    entry("turn_id", Source::Turn),
    entry("account_id", Source::Account),
    entry("version", Source::Version),
    entry("catalog", Source::CatalogVersion),
    entry("platform", Source::Platform(Words::Node)),
    entry("arch", Source::Arch(Words::Rust)),
    entry("locale", Source::Locale),
    entry("ci", Source::Ci),
    entry("source", Source::Constant("cli")),
    entry("mode", Source::Host(Kind::Choice { set: &["headless", "interactive"], other: None })),
    entry("model", Source::Host(MODEL)),
    entry(
        "repo_origin.host",
        Source::Host(Kind::Choice { set: &["github.com", "gitlab.com"], other: Some("other") }),
    ),
    entry("beta", Source::Host(Kind::Flag)),
    entry("plugins", Source::Host(Kind::Choices { set: &["lint", "format"], other: None })),
    entry("windows", Source::Host(Kind::Count { cap: 50 })),
    entry("properties.channel", Source::Host(Kind::Choice { set: &["beta"], other: None })),
    entry("properties", Source::Properties),
];

const DESTINATIONS: &[Destination] = &[
    Destination {
        name: "own",
        dialect: Dialect::Headcount,
        endpoint: Setting::fixed("https://sampler.example/api/v1/events"),
        key: Key::None,
        encoding: Encoding::Json,
    },
    Destination {
        name: "posthog",
        dialect: Dialect::PostHog,
        endpoint: Setting::fixed("https://posthog.example/batch/"),
        key: Key::Public(Setting {
            written: "",
            build: Some("SAMPLER_KEY_OF_NO_BUILD"),
            built: None,
            run: Some("SAMPLER_KEY"),
        }),
        encoding: Encoding::Json,
    },
];

const RUN: Event = Event {
    name: "command_run",
    why: "Which commands are used, and do they [work]?",
    owner: "cli team",
    purpose: "usage",
    expires: None,
    id: None,
    path: None,
    restated: &[("source", "tui")],
    across: &[],
    hook: None,
    properties: &[
        property("command", Kind::Choice { set: &["init", "run"], other: Some("user-defined") }),
        optional("agentType", AGENTS, Absent::Null),
        property("success", Kind::Flag),
        property("exit-code", Kind::ExitCode),
        property("took", Kind::Duration { unit: Unit::Milliseconds, cap: 3_600_000 }),
        optional("cached", Kind::Flag, Absent::Omit),
    ],
};

const FINISHED: Event = Event {
    name: "cli.finished",
    why: "What is a whole run made of?",
    owner: "cli team",
    purpose: "usage",
    expires: None,
    id: Some("runId"),
    path: Some("/finished"),
    restated: &[],
    across: &[],
    hook: None,
    properties: &[
        property("runId", Kind::Reference(Reference::Session)),
        property("type", Kind::Choice { set: &["/", "2fa", "a-b", "a_b", "1.2"], other: None }),
        property("agent_type", AGENTS),
        property("command", Kind::Choice { set: &["init"], other: None }),
        property("commands", Kind::Choices { set: &["/commit", "/create-spec"], other: None }),
        property("commandCount", Kind::CountOf("commands")),
        property("kind", Kind::Constant("run")),
        property("files", Kind::Count { cap: 1_000 }),
        optional("cost", Kind::Amount { unit: "usd", cap: 1_000, decimals: 2 }, Absent::Omit),
        property("lines", Kind::Bucket { ladder: &[1, 10, 100, 1_000] }),
        property("startedAt", Kind::Time(Grain::Hour)),
        optional("model", MODEL, Absent::Null),
        optional("toolchain", Kind::Version, Absent::Omit),
        optional("language", Kind::Locale, Absent::Omit),
        optional("idle", Kind::Duration { unit: Unit::Seconds, cap: 600 }, Absent::Omit),
    ],
};

const PANIC: Event = Event {
    name: "panic",
    why: "Where does it break?",
    owner: "cli team",
    purpose: "crash",
    expires: Some(Day::from_number(20_999)),
    id: None,
    path: None,
    restated: &[],
    across: &[],
    hook: None,
    properties: &[
        property("location", Kind::Location),
        property("frames", Kind::Frames { most: 8 }),
        optional(
            "message",
            Kind::Scrubbed { most: 120, because: "panics come from anywhere" },
            Absent::Omit,
        ),
        property("class", Kind::Class { set: &["io", "parse"], other: Some("other") }),
        property("where", Kind::Function { set: &["queue::append", "ship::send"], other: None }),
        optional("thread", Kind::Choices { set: &["main"], other: Some("other") }, Absent::Omit),
    ],
};

const HOST: Event = Event {
    name: "host",
    why: "Is it installed at all?",
    owner: "cli team",
    purpose: "usage",
    expires: None,
    id: None,
    path: None,
    restated: &[],
    across: &[],
    hook: None,
    properties: &[],
};

/// None of these names may shadow what the generated text needs.
const SOME: Event = Event {
    name: "some",
    why: "Are the names of the language safe?",
    owner: "cli team",
    purpose: "usage",
    expires: None,
    id: None,
    path: None,
    restated: &[],
    across: &[],
    hook: None,
    properties: &[
        property("self", Kind::Flag),
        property("option", Kind::Choice { set: &["some", "none"], other: None }),
        optional("vec", Kind::Choices { set: &["self", "Self"], other: None }, Absent::Omit),
        property("value", Kind::Version),
        property("Value", Kind::Version),
        property("result", Kind::Locale),
        property("kind", Kind::Token { alphabet: "a-z", most: 8 }),
    ],
};

const fn entry(key: &'static str, source: Source) -> EnvelopeEntry {
    EnvelopeEntry { key, source, optional: Some(Absent::Omit) }
}

const fn property(name: &'static str, kind: Kind) -> Property {
    Property { name, kind, optional: None, why: None, expires: None, failure: &[] }
}

const fn optional(name: &'static str, kind: Kind, absent: Absent) -> Property {
    Property {
        name,
        kind,
        optional: Some(absent),
        why: Some("where there is one"),
        expires: None,
        failure: &[],
    }
}
