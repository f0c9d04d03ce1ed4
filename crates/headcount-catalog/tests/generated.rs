//! The golden files as a compiler and a host see them: they compile, their
//! constant is the catalog that they were made of, and their structs convert to
//! the right values.

#![cfg(feature = "codegen")]

// The text calls the SDK `::headcount`; here this crate takes its place.
extern crate self as headcount;

use std::time::Duration;

pub use headcount_catalog as catalog;
pub use headcount_catalog::Time;

/// The trait of the SDK.
pub trait TypedEvent {
    /// The event in the catalog.
    fn definition(&self) -> &'static catalog::Event;
    /// One value for each property.
    fn values(&self) -> Vec<Option<catalog::Value>>;
}

/// The trait of the SDK.
pub trait Context {
    /// Places in the envelope, with their values.
    fn entries(&self) -> Vec<(usize, catalog::Value)>;
}

#[path = "codegen/sampler.rs"]
mod source;

#[expect(
    dead_code,
    unreachable_pub,
    reason = "a host does not use every item of its catalog either"
)]
mod sampler {
    include!("codegen/sampler.rs.golden");
}

#[expect(
    dead_code,
    unreachable_pub,
    reason = "a host does not use every item of its catalog either"
)]
mod products {
    pub mod archon {
        include!("codegen/archon.rs.golden");
    }

    pub mod assembly {
        include!("codegen/assembly.rs.golden");
    }

    pub mod atomcode {
        include!("codegen/atomcode.rs.golden");
    }

    pub mod atomic {
        include!("codegen/atomic.rs.golden");
    }

    pub mod clacky {
        include!("codegen/clacky.rs.golden");
    }
}

/// The text of a value. Only a kind can make words and tokens, so they are
/// compared as text.
fn shown(value: Option<&catalog::Value>) -> String {
    use catalog::Value;
    match value {
        None => "-".to_owned(),
        Some(Value::Flag(flag)) => flag.to_string(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Decimal(number)) => number.get().to_string(),
        Some(Value::Word(word)) => word.as_str().to_owned(),
        Some(Value::Words(words)) => {
            words.iter().map(|word| word.as_str()).collect::<Vec<_>>().join("+")
        }
        Some(Value::Token(token)) => token.as_str().to_owned(),
        Some(Value::Tokens(tokens)) => {
            tokens.iter().map(catalog::Token::as_str).collect::<Vec<_>>().join("+")
        }
        Some(Value::Time(time, grain)) => time.format(*grain),
    }
}

fn values(event: &impl TypedEvent) -> Vec<String> {
    event.values().iter().map(|value| shown(value.as_ref())).collect()
}

#[test]
fn the_constant_is_the_catalog() {
    assert_eq!(sampler::CATALOG, source::SAMPLER);
}

#[cfg(feature = "parse")]
#[test]
fn the_constants_of_the_products_are_their_files() {
    let products: [(&str, &catalog::Catalog); 5] = [
        ("archon", &products::archon::CATALOG),
        ("assembly", &products::assembly::CATALOG),
        ("atomcode", &products::atomcode::CATALOG),
        ("atomic", &products::atomic::CATALOG),
        ("clacky", &products::clacky::CATALOG),
    ];
    for (product, constant) in products {
        let file =
            format!("{}/../../examples/{product}/telemetry.toml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&file).unwrap();
        assert_eq!(catalog::parse(&text).as_ref(), Ok(constant), "{product}");
    }
}

#[test]
fn an_event_has_the_values_it_was_given() {
    let run = sampler::CommandRun {
        command: sampler::CommandRunCommand::of("/home/me/script"),
        agent_type: None,
        success: true,
        exit_code: -1,
        took: Duration::from_secs(90_000),
        cached: Some(false),
    };
    assert_eq!(run.definition(), &source::SAMPLER.events[0]);
    assert_eq!(values(&run), ["user-defined", "-", "true", "-1", "3600000", "false"]);
}

#[test]
fn constants_and_counts_are_added() {
    use sampler::{AgentType, CliFinished, CliFinishedCommand, Commands, Model, RunId, Type};
    let finished = CliFinished {
        run_id: RunId::new("0190-run").expect("a reference"),
        type_: Type::AB2,
        agent_type: AgentType::Opencode,
        command: CliFinishedCommand::Init,
        commands: vec![Commands::CreateSpec, Commands::Commit, Commands::CreateSpec],
        files: 5_000,
        cost: Some(f64::NAN),
        lines: 42,
        started_at: Time::parse("2026-11-20T10:59:59Z").expect("a time"),
        model: Model::new("claude-sonnet-4.5").ok(),
        toolchain: None,
        language: None,
        idle: Some(Duration::from_secs(1)),
    };
    let expected = [
        "0190-run",
        "a_b",
        "opencode",
        "init",
        "/create-spec+/commit",
        "2",
        "run",
        "1000",
        "-",
        "10",
        "2026-11-20T10:00:00Z",
        "claude-sonnet-4.5",
        "-",
        "-",
        "1",
    ];
    assert_eq!(values(&finished), expected);
}

#[test]
fn text_that_does_not_match_is_refused() {
    assert!(sampler::Model::new("/home/me/model").is_err());
    assert!(sampler::Session::new("me@host").is_err());
    assert!(sampler::Frames::new(["atomic::run", "/home/me"]).is_err());
    assert_eq!(sampler::AgentType::read("gemini"), None);
}

#[test]
fn names_of_the_language_shadow_nothing() {
    let event = sampler::Some2 {
        self_: true,
        option: sampler::Option::None,
        vec: Some(vec![sampler::Vec::Self12]),
        value: sampler::Value::new("1.2.3").expect("a version"),
        value2: sampler::Value::new("2.0.0").expect("a version"),
        result: sampler::Result::new("en-US").expect("a locale"),
        kind: sampler::Kind::new("abc").expect("a token"),
    };
    assert_eq!(values(&event), ["true", "none", "Self", "1.2.3", "2.0.0", "en-US", "abc"]);
}

/// The constant has the built-in event, but there is no struct for it.
#[test]
fn a_report_is_in_the_catalog_and_cannot_be_built() {
    let text = include_str!("codegen/atomic.rs.golden");
    assert!(
        products::atomic::CATALOG.event("telemetry_report").is_some_and(catalog::Event::is_report)
    );
    assert!(!text.contains("TelemetryReport") && !text.contains("uploads_tried:"));
    let structs = text.matches("::headcount::TypedEvent for ").count();
    assert_eq!(structs, products::atomic::CATALOG.events.len() - 1);
}

#[test]
fn every_word_is_read_as_it_is_written() {
    for word in sampler::Type::ALL {
        assert_eq!(sampler::Type::read(word.word()), Some(word));
    }
    let words = sampler::Type::ALL.map(sampler::Type::word);
    assert_eq!(words, ["/", "2fa", "a-b", "a_b", "1.2"]);
    assert_eq!(sampler::Class::of("permission denied: /home/me"), sampler::Class::Other);
}

#[test]
fn the_host_sets_only_its_own_entries() {
    assert_eq!(sampler::Host::default().entries(), []);
    let host = sampler::Host {
        session: sampler::Session::new("s1").ok(),
        mode: Some(sampler::Mode::Headless),
        repo_origin_host: Some(sampler::RepoOriginHost::of("git.example")),
        beta: Some(true),
        plugins: Some(vec![sampler::Plugins::Format]),
        windows: Some(1_000),
        channel: Some(sampler::Channel::Beta),
        ..sampler::Host::default()
    };
    let entries = host.entries();
    let entries: Vec<(&str, String)> = entries
        .iter()
        .map(|(place, value)| (sampler::CATALOG.envelope[*place].key, shown(Some(value))))
        .collect();
    let expected = [
        ("session_id", "s1"),
        ("mode", "headless"),
        ("repo_origin.host", "other"),
        ("beta", "true"),
        ("plugins", "format"),
        ("windows", "50"),
        ("properties.channel", "beta"),
    ];
    assert_eq!(entries, expected.map(|(key, value)| (key, value.to_owned())));
}
