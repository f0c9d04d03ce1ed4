//! Builds the hosts. A full run builds each from nothing, one job at a time,
//! and takes the time.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::Fault;
use crate::arguments::{Arguments, Hosts};
use crate::limits::Effort;

/// One way to build a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Recipe {
    /// For a table.
    pub(crate) label: &'static str,
    /// The package, and its binary.
    pub(crate) package: &'static str,
    /// `release`, or `small`.
    pub(crate) profile: &'static str,
    /// Features instead of the default ones.
    pub(crate) features: Option<&'static str>,
}

impl Recipe {
    const fn of(label: &'static str, package: &'static str) -> Self {
        Self { label, package, profile: "release", features: None }
    }

    const fn small(self, label: &'static str) -> Self {
        Self { label, profile: "small", ..self }
    }
}

pub(crate) const BARE: Recipe = Recipe::of("bare", "hello-bare");
pub(crate) const FLOOR: Recipe = Recipe::of("detached `/bin/true`", "hello-floor");
pub(crate) const HEADCOUNT: Recipe = Recipe::of("headcount, `ureq`", "hello-headcount");
pub(crate) const CURL: Recipe = Recipe {
    features: Some("curl"),
    ..Recipe::of("headcount, the system's `curl`", "hello-headcount")
};
pub(crate) const OUT: Recipe =
    Recipe { features: Some("out"), ..Recipe::of("headcount, compiled out", "hello-headcount") };
pub(crate) const SPAWN: Recipe = Recipe::of("a process an event, `ureq`", "hello-spawn");
pub(crate) const OTEL: Recipe = Recipe::of("opentelemetry-otlp, rustls", "hello-otel");
pub(crate) const POSTHOG: Recipe = Recipe::of("posthog-rs", "hello-posthog");
pub(crate) const INSIDE: Recipe = Recipe::of("inside", "inside");
pub(crate) const SMALL_BARE: Recipe = BARE.small("bare, `opt-level = \"z\"`");
pub(crate) const SMALL: Recipe = HEADCOUNT.small("headcount, `ureq`, `opt-level = \"z\"`");

/// Built, and perhaps timed.
#[derive(Debug, Clone)]
pub(crate) struct Host {
    /// How.
    pub(crate) recipe: Recipe,
    /// The binary.
    pub(crate) program: PathBuf,
    /// The cold build's seconds by the clock and on a processor.
    pub(crate) cold_s: Option<(f64, f64)>,
    /// Distinct crates behind it.
    pub(crate) crates: usize,
}

/// The host in Node.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Node itself.
    pub(crate) program: PathBuf,
    /// What it runs.
    pub(crate) script: PathBuf,
}

/// Everything that was built.
#[derive(Debug)]
pub(crate) struct Built {
    /// The hosts, in the order of the table.
    pub(crate) hosts: Vec<Host>,
    /// The collector's binary.
    pub(crate) collector: PathBuf,
    /// The catalog of the host with Headcount.
    pub(crate) catalog: PathBuf,
    /// The host in Node, or why there is none.
    pub(crate) node: Result<Node, String>,
    /// The peers' versions, in a sentence.
    pub(crate) versions: String,
}

impl Built {
    /// The host of a recipe.
    ///
    /// # Errors
    ///
    /// It was not built.
    pub(crate) fn host(&self, recipe: Recipe) -> Result<&Host, Fault> {
        let found = self.hosts.iter().find(|host| host.recipe == recipe);
        found.ok_or_else(|| format!("{} was not built", recipe.label).into())
    }
}

/// Builds every host.
///
/// # Errors
///
/// What cargo says.
pub(crate) fn build(arguments: &Arguments, scratch: &Path) -> Result<Built, Fault> {
    let bench = arguments.places.repository.join("bench");
    // The longest first, so that two at a time end together.
    let hosts = match (arguments.effort, arguments.hosts) {
        (Effort::Full, Hosts::Build) => {
            let recipes = [POSTHOG, OTEL, HEADCOUNT, SPAWN, SMALL, CURL, OUT, BARE, SMALL_BARE];
            let mut hosts = cold(&bench, &arguments.places.target.join("cold"), &recipes)?;
            hosts.extend(warm(arguments, &[INSIDE, FLOOR])?);
            hosts
        }
        (Effort::Quick, _) | (_, Hosts::AsBuilt) => {
            warm(arguments, &[INSIDE, FLOOR, BARE, HEADCOUNT, CURL, OUT, SPAWN, OTEL, POSTHOG])?
        }
    };
    let node = node(&bench, &arguments.places.target.join("node"));
    let versions = versions(&bench, node.as_ref());
    let catalog = scratch.join("catalogs");
    std::fs::create_dir(&catalog)?;
    std::fs::copy(bench.join("hosts/headcount/telemetry.toml"), catalog.join("hello.toml"))?;
    Ok(Built { hosts, collector: arguments.places.collector.clone(), catalog, node, versions })
}

/// One after the other, reusing what is there; each choice of features into a
/// folder of its own, since the binaries are called alike.
fn warm(arguments: &Arguments, recipes: &[Recipe]) -> Result<Vec<Host>, Fault> {
    let (bench, target) = (arguments.places.repository.join("bench"), &arguments.places.target);
    let build = |recipe: &Recipe| {
        let folder = recipe.features.map_or(target.clone(), |features| target.join(features));
        if arguments.hosts == Hosts::Build {
            cargo(&bench, &folder, *recipe, &[])?;
        }
        host(&bench, &folder, *recipe, None)
    };
    recipes.iter().map(build).collect()
}

/// Each into an empty folder of its own, with one job; as many at a time as
/// there are cores, at most two.
fn cold(bench: &Path, target: &Path, recipes: &[Recipe]) -> Result<Vec<Host>, Fault> {
    let left = Mutex::new(recipes.iter().rev().copied().collect::<Vec<_>>());
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let lane = || {
        let mut built = Vec::new();
        while let Some(recipe) = next() {
            let kind = recipe.features.unwrap_or(recipe.profile);
            let folder = target.join(format!("{}-{kind}", recipe.package));
            if folder.exists() {
                std::fs::remove_dir_all(&folder)?;
            }
            let spent = cargo(bench, &folder, recipe, &["--jobs", "1"])?;
            built.push(host(bench, &folder, recipe, Some(spent))?);
        }
        Ok::<_, Fault>(built)
    };
    let lanes = std::thread::available_parallelism().map_or(1, usize::from).min(2);
    let built = std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..lanes).map(|_| scope.spawn(lane)).collect();
        let ended = lanes.into_iter().map(|lane| lane.join().map_err(|_| "a build panicked")?);
        ended.collect::<Result<Vec<_>, Fault>>()
    })?;
    let mut hosts: Vec<Host> = built.into_iter().flatten().collect();
    hosts.sort_by_key(|host| recipes.iter().position(|recipe| *recipe == host.recipe));
    Ok(hosts)
}

/// Builds one; seconds by the clock and on a processor, as the shell tells
/// them.
fn cargo(bench: &Path, target: &Path, recipe: Recipe, more: &[&str]) -> Result<(f64, f64), Fault> {
    let mut command = Command::new("bash");
    // `time` counts the compilers too, since cargo waits for them.
    command.args(["-c", "TIMEFORMAT='spent %R %U %S'; time \"$@\"", "bash", &cargo_program()]);
    command.args(["build", "--quiet", "--package", recipe.package]);
    command.args(["--profile", recipe.profile]).args(more);
    if let Some(features) = recipe.features {
        command.args(["--no-default-features", "--features", features]);
    }
    command.current_dir(bench).env("CARGO_TARGET_DIR", target).env_remove("CARGO_BUILD_JOBS");
    let output = command.stdin(Stdio::null()).output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        return Err(format!("{} is not built: {said}", recipe.package).into());
    }
    let spent = said.lines().rev().find_map(|line| line.strip_prefix("spent "));
    let mut seconds = spent.into_iter().flat_map(|line| line.split(' ')).map(str::parse::<f64>);
    let mut next = || seconds.next().and_then(Result::ok).ok_or("bash tells no times");
    Ok((next()?, next()? + next()?))
}

/// The cargo that built this program.
fn cargo_program() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

fn host(
    bench: &Path,
    target: &Path,
    recipe: Recipe,
    cold_s: Option<(f64, f64)>,
) -> Result<Host, Fault> {
    let mut command = Command::new(cargo_program());
    command.args(["tree", "--package", recipe.package, "--edges", "normal"]);
    command.args(["--prefix", "none", "--format", "{p}"]);
    if let Some(features) = recipe.features {
        command.args(["--no-default-features", "--features", features]);
    }
    let output = command.current_dir(bench).output()?;
    let text = String::from_utf8(output.stdout)?;
    let mut crates: Vec<&str> = text.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    crates.sort_unstable();
    crates.dedup();
    // The host itself is none of them.
    let crates = crates.len().saturating_sub(1);
    Ok(Host { recipe, program: target.join(recipe.profile).join(recipe.package), cold_s, crates })
}

/// Lays the host in Node out, with its one dependency; a sentence where that
/// cannot be.
fn node(bench: &Path, folder: &Path) -> Result<Node, String> {
    let failed = |error: std::io::Error| format!("it could not be laid out: {error}");
    let script = folder.join("hello.mjs");
    std::fs::create_dir_all(folder).map_err(failed)?;
    for name in ["hello.mjs", "package.json"] {
        std::fs::copy(bench.join("hosts/node").join(name), folder.join(name)).map_err(failed)?;
    }
    if !folder.join("node_modules/posthog-node").exists() {
        let mut command = Command::new("npm");
        command.args(["install", "--no-audit", "--no-fund", "--silent"]).current_dir(folder);
        match command.output() {
            Ok(output) if output.status.success() => {}
            Ok(_) => return Err("npm could not install posthog-node".to_owned()),
            Err(_) => return Err("npm is not on this machine".to_owned()),
        }
    }
    match crate::machine::said("sh", &["-c", "command -v node"]) {
        program if program.is_empty() => Err("node is not on this machine".to_owned()),
        program => Ok(Node { program: program.into(), script }),
    }
}

/// The peers and their versions.
fn versions(bench: &Path, node: Result<&Node, &String>) -> String {
    let lock = std::fs::read_to_string(bench.join("Cargo.lock")).unwrap_or_default();
    let version = |name: &str| {
        let at = lock.split("[[package]]").find(|it| it.contains(&format!("name = \"{name}\"\n")));
        let line = at.and_then(|it| it.lines().find_map(|line| line.strip_prefix("version = ")));
        format!("{name} {}", line.unwrap_or("?").trim_matches('"'))
    };
    let names = [
        "posthog-rs",
        "opentelemetry",
        "opentelemetry-otlp",
        "opentelemetry_sdk",
        "reqwest",
        "ureq",
        "rustls",
    ];
    let peers: Vec<String> = names.into_iter().map(version).collect();
    let node = match node {
        Ok(node) => {
            let manifest = node.script.with_file_name("node_modules/posthog-node/package.json");
            let text = std::fs::read_to_string(manifest).unwrap_or_default();
            let json: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
            let version = json.get("version").and_then(serde_json::Value::as_str).unwrap_or("?");
            let engine = crate::machine::said(&node.program.to_string_lossy(), &["--version"]);
            format!("posthog-node {version} on Node {engine}.")
        }
        Err(reason) => format!("posthog-node is left out: {reason}."),
    };
    format!("Peers: {}; {node}\n", peers.join(", "))
}
