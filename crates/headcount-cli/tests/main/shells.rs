//! `headcount completions` and `headcount manual`: each shell at hand reads its
//! completions, and `man` the pages. What a machine lacks is skipped.

use std::fs;
use std::process::Command;

use headcount_testkit::Home;

use super::stage::headcount;

/// Runs a program if there is one. Returns whether it accepted, and what it
/// said.
fn asked(program: &str, args: &[&str], home: &Home) -> Option<(bool, String)> {
    let done = Command::new(program).args(args).current_dir(home.path()).output();
    let Ok(done) = done else {
        println!("{program}: skipped, since there is none here");
        return None;
    };
    let said = [done.stdout, done.stderr].concat();
    Some((done.status.success(), String::from_utf8_lossy(&said).into_owned()))
}

#[test]
fn every_shell_reads_its_completions() {
    let shells: [(&str, &str, &str, &[&str]); 4] = [
        ("bash", "bash", "completions", &["-n"]),
        ("zsh", "zsh", "completions", &["-n"]),
        ("fish", "fish", "completions", &["-n"]),
        ("powershell", "pwsh", "completions.ps1", &["-NoProfile", "-File"]),
    ];
    for (shell, program, file, args) in shells {
        let home = Home::new();
        let made = headcount(&home, &["completions", shell]).run();
        assert_eq!(made.code(), Some(0), "{}", made.stderr_text());
        let script = made.stdout_text();
        for word in ["generate", "telemetry", "catalog"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        home.write(file, script);
        if let Some((is_read, said)) = asked(program, &[args, &[file]].concat(), &home) {
            assert!(is_read && said.is_empty(), "{shell}: {said}");
        }
    }
    let unknown = headcount(&Home::new(), &["completions", "csh"]).run();
    assert_eq!(unknown.code(), Some(2), "{}", unknown.stderr_text());
}

/// What bash then completes, by its own machinery.
#[test]
#[cfg(unix)]
fn bash_completes_a_command_and_the_words_of_an_option() {
    let home = Home::new();
    home.write("completions", headcount(&home, &["completions", "bash"]).run().stdout_text());
    let completed = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        let (last, before) = (words.len() - 1, words[words.len() - 2]);
        let script = format!(
            "source ./completions; COMP_WORDS=({}); COMP_CWORD={last}; _headcount headcount '{}' '{before}'; echo \"${{COMPREPLY[@]}}\"",
            quoted.join(" "),
            words[last]
        );
        asked("bash", &["--norc", "-c", &script], &home).map(|(_, said)| said.trim().to_owned())
    };
    let Some(commands) = completed("headcount gen") else { return };
    assert_eq!(commands, "generate");
    assert_eq!(completed("headcount generate --lang ty").as_deref(), Some("typescript"));
    assert_eq!(completed("headcount schema --gr").as_deref(), Some("--grammar"));
}

#[test]
fn every_command_has_a_page_that_man_reads() {
    let home = Home::new();
    let made = headcount(&home, &["manual", "man1"]).run();
    assert_eq!(made.code(), Some(0), "{}", made.stderr_text());
    let entries = fs::read_dir(home.path().join("man1")).unwrap();
    let mut pages: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    pages.sort();
    assert_eq!(made.stdout_text(), format!("{} pages in man1\n", pages.len()));
    for page in ["headcount.1", "headcount-serve.1", "headcount-keys-new.1", "headcount-generate.1"]
    {
        assert!(pages.iter().any(|known| known == page), "{page}: {pages:?}");
    }
    assert!(
        !pages.iter().any(|page| page.contains("flush") || page.contains("-help")),
        "{pages:?}"
    );
    let text = home.read("man1/headcount-generate.1");
    assert!(text.contains("typescript") && text.contains("typed wrapper"), "{text}");
    for page in &pages {
        let file = format!("man1/{page}");
        let args = ["-T", "lint", "-W", "unsupp,error", &file];
        let Some((is_read, said)) = asked("mandoc", &args, &home) else { break };
        assert!(is_read && said.is_empty(), "{page}: {said}");
    }
    let again = headcount(&home, &["manual", "man1"]).run();
    assert_eq!(again.code(), Some(0), "pages are written again");
    home.write("file", "");
    let refused = headcount(&home, &["manual", "file/man1"]).run();
    assert_eq!(refused.code(), Some(1));
    assert!(refused.stderr_text().contains("cannot make the folder"), "{}", refused.stderr_text());
}
