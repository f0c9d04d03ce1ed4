//! The five products, used by somebody whose every word, path and name is
//! planted: nothing of it is in a file of telemetry, on the wire, or in the
//! collector.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use headcount_testkit::{Canary, CaptureServer, Home, TestProgram};

use super::five_products::{PRODUCTS, Product, binary, flush, serve_all, with_an_agent};
use super::stage::{Served, call, headcount};

/// A busy machine may be slow, and shippers are processes of their own.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where something private may be.
const PLACES: [&str; 10] = [
    "argument",
    "prompt",
    "folder",
    "repository",
    "remote",
    "variable",
    "user",
    "host",
    "mail",
    "session",
];

fn canary(place: &str) -> String {
    assert!(PLACES.contains(&place), "{place}");
    Canary::new(place).text().to_owned()
}

/// What is said about a folder or a text that has a canary.
fn found_in(folder: &Path) -> Vec<String> {
    PLACES.iter().flat_map(|place| Canary::new(place).find_in_tree(folder)).collect()
}

/// Calls with something private in them, and what the program reads.
fn calls(product: &Product) -> Vec<(Vec<String>, String)> {
    let (argument, prompt) = (canary("argument"), canary("prompt"));
    let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let mut calls: Vec<(Vec<String>, String)> =
        product.done.iter().map(|(words, input)| (own(words), (*input).to_owned())).collect();
    let payload = |event: &str| {
        format!(
            "{{\"session_id\":\"{}\",\"hook_event_name\":\"{event}\",\"source\":\"startup\",\"reason\":\"other\",\
             \"cwd\":\"/{}\",\"prompt\":\"/commit {prompt}\",\"command_name\":\"commit\",\"user_email\":\"{}@mail.example\"}}",
            canary("session"),
            canary("folder"),
            canary("mail")
        )
    };
    let more: Vec<(Vec<String>, String)> = match product.name {
        "atomic" => vec![
            (
                own(&["-a", "claude", "--", &format!("/commit {prompt}"), &format!("/{argument}")]),
                String::new(),
            ),
            (own(&["hook", "claude", "SessionStart"]), payload("SessionStart")),
            (own(&["hook", "claude", "UserPromptExpansion"]), payload("UserPromptExpansion")),
            (own(&["hook", "claude", "SessionEnd"]), payload("SessionEnd")),
            (own(&["update", &argument]), String::new()),
        ],
        // The last one breaks within a letter, and the message of that panic
        // quotes the prompt.
        "atomcode" => vec![
            (own(&["-p", &prompt]), String::new()),
            (
                own(&["-p", &format!("{prompt}{}é", "x".repeat(4_095 - prompt.len()))]),
                String::new(),
            ),
        ],
        "archon" => vec![
            (own(&["workflow", "run", &argument, "--provider", &prompt]), String::new()),
            (
                own(&["workflow", "run", "archon-assist", "--branch", &argument, &prompt]),
                String::new(),
            ),
        ],
        "assembly" => vec![
            (own(&["transcribe", &format!("/{argument}/{prompt}.mp3")]), String::new()),
            (own(&[&argument, "--api-key", &prompt]), String::new()),
        ],
        // The name of the model is what this product asks for, so none is
        // given.
        _ => vec![
            (own(&["agent", "-m", &prompt]), String::new()),
            (own(&["agent", "-m", &prompt, &argument]), String::new()),
        ],
    };
    calls.extend(more);
    calls
}

/// Runs a program as this person does, in their repository.
fn run(product: &Product, binary: &Path, home: &Home, words: &[String], input: &str, url: &str) {
    let work = home.path().join("work").join(canary("folder")).join(canary("repository"));
    std::fs::create_dir_all(work.join(".git")).expect("a folder");
    let remote = format!("[remote \"origin\"]\n\turl = ssh://{}@git.example/x\n", canary("remote"));
    std::fs::write(work.join(".git/config"), remote).expect("a file");
    std::fs::write(work.join(".git/HEAD"), format!("ref: refs/heads/{}\n", canary("repository")))
        .expect("a file");
    let agents = home.path().join("agents").to_string_lossy().into_owned();
    let output = TestProgram::new(binary, home)
        .args(words)
        .folder(work)
        .stdin(input)
        .env(product.endpoint, url)
        .env("PATH", &format!("{agents}:/usr/bin:/bin"))
        .env("ASSEMBLYAI_API_KEY", &canary("variable"))
        .env("ANTHROPIC_API_KEY", &canary("variable"))
        .env("USER", &canary("user"))
        .env("LOGNAME", &canary("user"))
        .env("HOSTNAME", &canary("host"))
        .env("EMAIL", &format!("{}@mail.example", canary("mail")))
        .run();
    assert!(output.code().is_some(), "{} {words:?} was killed", product.name);
}

/// Every folder of a home but those of the person's own programs: their
/// repository, and the settings of their agents.
fn folders_of_telemetry(home: &Home) -> Vec<PathBuf> {
    let all = std::fs::read_dir(home.path()).expect("a folder");
    let theirs = ["work", "agents", ".claude"];
    all.map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .filter(|path| !theirs.iter().any(|name| path.ends_with(name)))
        .collect()
}

fn shipped(product: &Product, binary: &Path, home: &Home, url: &str) {
    let words: Vec<String> = flush(product).iter().map(|word| (*word).to_owned()).collect();
    run(product, binary, home, &words, "", url);
}

#[test]
fn nothing_private_of_any_of_the_five_is_on_disk_on_the_wire_or_in_the_collector() {
    let operator = Home::new();
    let Served { running, url: collector } = serve_all(&operator);
    let binaries: Vec<PathBuf> = PRODUCTS.iter().map(binary).collect();
    std::thread::scope(|scope| {
        for (product, binary) in PRODUCTS.iter().zip(&binaries) {
            let collector = &collector;
            scope.spawn(move || {
                let wire = CaptureServer::start();
                for url in [wire.url(), collector.clone()] {
                    let home = with_an_agent();
                    for (words, input) in calls(product) {
                        run(product, binary, &home, &words, &input, &url);
                    }
                    shipped(product, binary, &home, &url);
                    for path in folders_of_telemetry(&home) {
                        assert_eq!(found_in(&path), [""; 0], "{}", product.name);
                    }
                    // Where they are, they are found.
                    assert!(!found_in(&home.path().join("work")).is_empty());
                }
                let requests = wire.wait_for(1, PATIENCE);
                for (request, place) in
                    requests.iter().flat_map(|one| PLACES.map(|place| (one, place)))
                {
                    let canary = Canary::new(place);
                    assert_eq!(canary.find_in(&request.bytes()), None, "{}", product.name);
                    assert_eq!(canary.find_in(request.text().as_bytes()), None, "{}", product.name);
                }
            });
        }
    });
    let until = Instant::now() + PATIENCE;
    for product in &PRODUCTS {
        let asked = format!("/api/v1/ask/events?product={}", product.name);
        while !call(&collector, "GET", &asked, "", "").1.contains("\"count\":") {
            assert!(Instant::now() < until, "nothing of {} arrived", product.name);
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    drop(running);
    let data = operator.path().join("data");
    assert_eq!(found_in(&data), [""; 0], "as it lies there");
    for product in &PRODUCTS {
        let exported = headcount(&operator, &["export", product.name, "--data", "data"]).run();
        assert_eq!(exported.code(), Some(0), "{}", exported.stderr_text());
        let text = exported.stdout_text();
        assert!(text.lines().count() > 0, "{}", product.name);
        for place in PLACES {
            assert_eq!(Canary::new(place).find_in(text.as_bytes()), None, "{}", product.name);
        }
    }
}
