//! The five products at once: several people, each with all of them, and one
//! collector. What it counted is what was done.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use headcount_testkit::{Home, TestProgram};
use serde_json::Value;

use super::stage::{Served, call, serve_catalogs};

/// People, each with a home of their own.
const PEOPLE: usize = 4;

/// A busy machine may be slow, and shippers are processes of their own.
const PATIENCE: Duration = Duration::from_secs(180);

/// An event that one person causes so many times: its name, and a property with
/// a value where only those count.
type Caused = (&'static str, Option<(&'static str, &'static str)>, usize);

/// A product: its package, its binary, the variable with its endpoint, and what
/// one person does with it.
pub(crate) struct Product {
    pub(crate) name: &'static str,
    package: &'static str,
    binary: &'static str,
    pub(crate) endpoint: &'static str,
    pub(crate) done: &'static [(&'static [&'static str], &'static str)],
    counted: &'static [Caused],
}

const START: &str = r#"{"session_id":"5d0c","hook_event_name":"SessionStart","source":"startup"}"#;
const TYPED: &str = r#"{"session_id":"5d0c","hook_event_name":"UserPromptExpansion","command_name":"commit","command_args":"x","prompt":"/commit x"}"#;
const END: &str = r#"{"session_id":"5d0c","hook_event_name":"SessionEnd","reason":"other"}"#;

pub(crate) const PRODUCTS: [Product; 5] = [
    Product {
        name: "atomic",
        package: "headcount-example-atomic",
        binary: "atomic",
        endpoint: "ATOMIC_TELEMETRY_ENDPOINT",
        done: &[
            (&["config", "set", "telemetry", "true"], ""),
            (&["init", "--agent", "claude"], ""),
            (&["update"], ""),
            (&["-a", "claude", "--", "/commit fix it", "/create-spec"], ""),
            (&["hook", "claude", "SessionStart"], START),
            (&["hook", "claude", "UserPromptExpansion"], TYPED),
            (&["hook", "claude", "SessionEnd"], END),
            (&["hook", "claude", "SessionEnd"], END),
        ],
        counted: &[
            ("atomic_command", Some(("command", "init")), 1),
            ("atomic_command", Some(("command", "update")), 1),
            ("atomic_command", Some(("command", "run")), 1),
            ("cli_command", Some(("commands", "/commit")), 1),
            ("cli_command", Some(("commands", "/create-spec")), 1),
            ("agent_session", Some(("commands", "/commit")), 1),
            ("agent_session", None, 1),
        ],
    },
    Product {
        name: "atomcode",
        package: "headcount-example-atomcode",
        binary: "atomcode",
        endpoint: "ATOMCODE_TELEMETRY_ENDPOINT",
        done: &[(&["telemetry", "enable"], ""), (&["-p", "hello"], ""), (&["-p", "again"], "")],
        counted: &[("open_atomcode", None, 2), ("llm_chat", None, 2)],
    },
    Product {
        name: "archon",
        package: "headcount-example-archon-released",
        binary: "archon-released",
        endpoint: "ARCHON_TELEMETRY_ENDPOINT",
        done: &[
            (&["telemetry", "on"], ""),
            (&["workflow", "list"], ""),
            (&["workflow", "run", "archon-assist", "--provider", "codex"], ""),
        ],
        counted: &[
            ("binary.startup", None, 2),
            ("cli.command_completed", None, 2),
            ("workflow.run_started", Some(("provider", "codex")), 1),
        ],
    },
    Product {
        name: "assembly",
        package: "headcount-example-assembly",
        binary: "assembly",
        endpoint: "AAI_TELEMETRY_ENDPOINT",
        done: &[(&["telemetry", "enable"], ""), (&["whoami"], ""), (&["whoami"], "")],
        counted: &[("command_run", Some(("command", "assembly whoami")), 2)],
    },
    Product {
        name: "clacky",
        package: "headcount-example-clacky",
        binary: "clacky",
        endpoint: "CLACKY_TELEMETRY_ENDPOINT",
        done: &[
            (&["telemetry", "on"], ""),
            (&["agent", "-m", "hello"], ""),
            (&["agent", "-m", "again", "--fail"], ""),
        ],
        counted: &[
            ("startup", None, 2),
            ("task", Some(("status", "success")), 1),
            ("task", Some(("status", "error")), 1),
        ],
    },
];

/// The binary of a product, beside the one that is tested. `cargo test
/// --workspace` has built it; where this crate is tested alone it is built now.
pub(crate) fn binary(product: &Product) -> PathBuf {
    let folder = Path::new(env!("CARGO_BIN_EXE_headcount")).parent().expect("a folder");
    let path = folder.join(product.binary).with_extension(std::env::consts::EXE_EXTENSION);
    if !path.exists() {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--locked", "--package", product.package]);
        build.arg("--target-dir").arg(folder.parent().expect("the target folder"));
        let status = build.current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("cargo");
        assert!(status.success(), "{} does not build", product.package);
    }
    path
}

/// The catalogs, with the key of Archon's release in them.
fn catalogs(home: &Home) -> PathBuf {
    for product in &PRODUCTS {
        let text = std::fs::read_to_string(super::stage::catalog(product.name)).expect("a catalog");
        let key = format!("phc_{}", "0".repeat(43));
        let known = format!("key = {{ value = \"{key}\", build = \"POSTHOG_PUBLIC_KEY\" }}");
        let text = text.replace("key = { build = \"POSTHOG_PUBLIC_KEY\" }", &known);
        home.write(&format!("catalogs/{}.toml", product.name), text);
    }
    home.path().join("catalogs")
}

/// A collector on all catalogs, with its data in `data`.
#[cfg(unix)]
pub(crate) fn serve_all(operator: &Home) -> Served {
    serve_catalogs(operator, "data", &catalogs(operator))
}

/// A home with an agent that does nothing when it is started.
#[cfg(unix)]
pub(crate) fn with_an_agent() -> Home {
    use std::os::unix::fs::PermissionsExt as _;

    let home = Home::new();
    let agent = home.write("agents/claude", "#!/bin/sh\nexit 0\n");
    std::fs::set_permissions(agent, std::fs::Permissions::from_mode(0o755)).expect("a mode");
    home
}

/// What a person does with a product, one thing after the other.
fn use_product(product: &Product, binary: &Path, home: &Home, person: usize, url: &str) {
    for (words, input) in product.done {
        // An agent that is started does nothing.
        let agents = home.path().join("agents").to_string_lossy().into_owned();
        let program = TestProgram::new(binary, home)
            .args(*words)
            .env(product.endpoint, url)
            .env("USER", &format!("person{person}"))
            .env("ASSEMBLYAI_API_KEY", "of-nobody")
            .env("PATH", &format!("{agents}:/usr/bin:/bin"))
            .folder(home.path())
            .stdin(*input);
        let output = program.run();
        let is_meant = words.contains(&"--fail") || output.code() == Some(0);
        assert!(is_meant, "{} {words:?}: {}", product.name, output.stderr_text());
    }
}

fn ask(url: &str, question: &str, rest: &str) -> Vec<Value> {
    let (status, body) = call(url, "GET", &format!("/api/v1/ask/{question}?{rest}"), "", "");
    assert_eq!(status, 200, "{question}?{rest}: {body}");
    let answer: Value = serde_json::from_str(&body).expect("JSON");
    answer["rows"].as_array().expect("rows").clone()
}

/// What the collector has counted of an event.
fn counted(url: &str, product: &str, event: &str, of: Option<(&str, &str)>) -> u64 {
    let rows = match of {
        None => ask(url, "events", &format!("product={product}")),
        Some((property, _)) => {
            ask(url, "by-property", &format!("product={product}&event={event}&property={property}"))
        }
    };
    let is_meant = |row: &&Value| match of {
        None => row["event"] == event,
        Some((_, value)) => row["value"] == value,
    };
    rows.iter().filter(is_meant).filter_map(|row| row["count"].as_u64()).sum()
}

#[test]
#[cfg(unix)]
fn five_products_of_several_people_are_counted_as_they_were_used() {
    let operator = Home::new();
    let Served { running: _running, url } = serve_all(&operator);
    let binaries: Vec<PathBuf> = PRODUCTS.iter().map(binary).collect();
    let homes: Vec<Home> = (0..PEOPLE).map(|_| with_an_agent()).collect();
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for (person, home) in homes.iter().enumerate() {
            for (product, binary) in PRODUCTS.iter().zip(&binaries) {
                let (url, failed) = (&url, &failed);
                scope.spawn(move || {
                    let used = std::panic::catch_unwind(|| {
                        use_product(product, binary, home, person, url);
                    });
                    if used.is_err() {
                        failed.lock().expect("no panic").push(product.name);
                    }
                });
            }
        }
    });
    assert!(failed.into_inner().expect("no panic").is_empty());
    let until = Instant::now() + PATIENCE;
    loop {
        let differs = differences(&url);
        if differs.is_empty() {
            break;
        }
        assert!(Instant::now() < until, "{differs:#?}");
        ship_again(&binaries, &homes, &url);
        std::thread::sleep(Duration::from_millis(200));
    }
    for product in &PRODUCTS {
        let (_, metrics) = call(&url, "GET", "/metrics", "", "");
        let of = format!("product=\"{}\"", product.name);
        let lost = metrics.lines().filter(|line| {
            line.starts_with("headcount_events_total")
                && line.contains(&of)
                && !line.contains("\"stored\"")
                && !line.contains("\"duplicate\"")
                && !line.ends_with(" 0")
        });
        assert_eq!(lost.collect::<Vec<_>>(), [""; 0], "{}", product.name);
    }
}

/// A pause after a request that the busy machine did not answer in time ends
/// with the next command of the person; here, with the shipper itself.
#[cfg(unix)]
fn ship_again(binaries: &[PathBuf], homes: &[Home], url: &str) {
    for home in homes {
        for (product, binary) in PRODUCTS.iter().zip(binaries) {
            let _ = TestProgram::new(binary, home)
                .args(flush(product))
                .env(product.endpoint, url)
                .run();
        }
    }
}

/// The words by which a product ships.
#[cfg(unix)]
pub(crate) fn flush(product: &Product) -> &'static [&'static str] {
    if product.name == "atomic" { &["--upload-telemetry"] } else { &["telemetry", "flush"] }
}

/// Everything of which the collector has not counted what was done.
#[cfg(unix)]
fn differences(url: &str) -> Vec<String> {
    let mut differs = Vec::new();
    for product in &PRODUCTS {
        for (event, of, times) in product.counted {
            let (is, wanted) = (counted(url, product.name, event, *of), (times * PEOPLE) as u64);
            if is != wanted {
                differs.push(format!("{} {event} {of:?}: {is} instead of {wanted}", product.name));
            }
        }
        let days = ask(url, "active", &format!("product={}", product.name));
        let devices = days.iter().filter_map(|row| row["devices"].as_u64()).max().unwrap_or(0);
        // In a container a device says that it will not last, where its dialect
        // can, and is not counted.
        let is_ephemeral = product.name == "atomcode" && devices == 0;
        if devices != PEOPLE as u64 && !is_ephemeral {
            differs.push(format!("{}: {devices} devices", product.name));
        }
    }
    differs
}
