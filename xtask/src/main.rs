//! `cargo xtask`: prints what the checks of the house find, or what `.ci/run`
//! has to compile; and runs the proof.

use std::process::ExitCode;

use xtask::{Finding, Tree};

const USAGE: &str = "\
cargo xtask [tidy | layers | circles | words | seeds | features | dialects | prove …]

  tidy       every file: its opening, length, name, words and place on the map
  tidy --fix put imports, headings and the breaks of comments in order, and name the changed files
  layers     every package: what it may use
  circles    every file: that no file it uses leads back to it
  words      every public type: that its name has one meaning, and the table of words
  seeds      every requirement of the five documents: that the tests which show it exist, and
             that docs/reference/seeds.md is made of the tables in docs/reference/seeds
  (none)     all of them
  features   the arguments that choose each feature alone, and none, a line each
  seeds --write
             write docs/reference/seeds.md
  dialects   write docs/reference/dialects.md of what it is made of
  prove      build and run the proof, and write docs/proof.md; on a machine that does nothing else
             [--quick] [--date YYYY-MM-DD] [--seed N] [--only TOPIC,…]
  prove hook the same for the hook of coding agents, and write docs/proof-hook.md [--quick]
  prove collector
             the same for the collector, beside its peers (see bench/peers), and write
             docs/proof-collector.md; --growth 100 needs 12 GB of disk. The part
             clickhouse needs what .ci/clickhouse installs, and 14 GB; it is left out
             without that, unless it is named. What is not measured keeps its section
             [--quick] [--seed N] [--peers DIR] [--growth MILLIONS]
             [--clickhouse-growth MILLIONS]
             [--only throughput,latency,overload,growth,clickhouse,kill,disks,steady]

Exit codes: 0 nothing found; 1 something found, a line each; 2 wrong usage.";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let lines = match words.as_slice() {
        [] => find(&["tidy", "layers", "circles", "words", "seeds"]),
        ["tidy" | "layers" | "circles" | "words" | "seeds"] => find(&words),
        ["tidy", "--fix"] => fix(),
        ["features"] => list_features(),
        ["dialects"] => write_dialects(),
        ["seeds", "--write"] => write_seeds(),
        ["prove", words @ ..] => {
            xtask::prove(xtask::root(), words).map(|()| (String::new(), ExitCode::SUCCESS))
        }
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match lines {
        Ok((lines, code)) => {
            print!("{lines}");
            code
        }
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn list_features() -> Result<(String, ExitCode), String> {
    let checks = xtask::feature_checks(&xtask::packages(xtask::root())?);
    Ok((checks.iter().map(|check| format!("{check}\n")).collect(), ExitCode::SUCCESS))
}

fn write_dialects() -> Result<(String, ExitCode), String> {
    let tree = Tree::read(xtask::root())
        .map_err(|error| format!("the repository cannot be read: {error}"))?;
    let path = xtask::root().join(xtask::DIALECTS);
    std::fs::write(&path, xtask::dialects(&tree)?)
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    Ok((String::new(), ExitCode::SUCCESS))
}

fn write_seeds() -> Result<(String, ExitCode), String> {
    let tree = Tree::read(xtask::root())
        .map_err(|error| format!("the repository cannot be read: {error}"))?;
    let page = xtask::seeds_page(&tree).map_err(|finding| finding.to_string())?;
    let path = xtask::root().join(xtask::SEEDS);
    std::fs::write(&path, page)
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    Ok((String::new(), ExitCode::SUCCESS))
}

fn fix() -> Result<(String, ExitCode), String> {
    let tree = Tree::read(xtask::root())
        .map_err(|error| format!("the repository cannot be read: {error}"))?;
    let tidied = xtask::tidied(&tree);
    let mut lines = String::new();
    for file in &tidied.files {
        std::fs::write(xtask::root().join(&file.path), &file.text)
            .map_err(|error| format!("{} cannot be written: {error}", file.path))?;
        lines.push_str(&format!("{}\n", file.path));
    }
    lines.push_str(&xtask::report(&tidied.left));
    let code = if tidied.left.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    Ok((lines, code))
}

fn find(checks: &[&str]) -> Result<(String, ExitCode), String> {
    let tree = Tree::read(xtask::root())
        .map_err(|error| format!("the repository cannot be read: {error}"))?;
    let mut findings: Vec<Finding> = Vec::new();
    if checks.contains(&"tidy") {
        findings.extend(xtask::tidy(&tree));
    }
    if checks.contains(&"layers") {
        findings.extend(xtask::layers(&xtask::packages(xtask::root())?, &tree));
    }
    if checks.contains(&"circles") {
        findings.extend(xtask::circles(&tree));
    }
    if checks.contains(&"words") {
        findings.extend(xtask::words(&tree));
    }
    if checks.contains(&"seeds") {
        findings.extend(xtask::seeds(&tree));
    }
    let code = if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    Ok((xtask::report(&findings), code))
}
