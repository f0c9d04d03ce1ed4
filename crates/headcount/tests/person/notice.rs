//! The notice: once, where it belongs, and nothing else is created for it.

use headcount::Session;
use headcount::person::{Audience, Terminal, texts};
use headcount_testkit::Home;

use crate::scene::{self, files};

/// What a host shows to people at this run.
fn notice(session: &Session, terminal: Terminal) -> Option<String> {
    headcount::person::notice(session, terminal, Audience::ForPeople)?.into_text()
}

#[test]
fn archon_says_it_at_the_first_run_of_all_whatever_the_answer() {
    for variables in
        [&[][..], &[("ARCHON_TELEMETRY", "0")], &[("DO_NOT_TRACK", "1")], &[("CI", "1")]]
    {
        for terminal in [Terminal::Absent, Terminal::Present] {
            let (catalog, home) = (scene::catalog("archon"), Home::new());
            let said = notice(&scene::open(catalog, &home, variables), terminal).expect("a notice");
            assert_eq!(said, texts::notice(catalog));
            assert!(said.contains("Archon collects no usage data by default."), "{said}");
            assert_eq!(files(&home), [".archon/.first-run-completed"]);
            assert_eq!(notice(&scene::open(catalog, &home, variables), terminal), None);
        }
    }
}

#[test]
fn a_marker_that_cannot_be_kept_is_no_reason_to_say_it_at_every_run() {
    let (catalog, home) = (scene::catalog("archon"), Home::new());
    home.write(".archon", "a file where the folder should be");
    assert_eq!(notice(&scene::open(catalog, &home, &[]), Terminal::Present), None);
}

#[test]
fn products_on_by_default_say_it_at_the_first_run_in_a_terminal_or_not() {
    for product in ["atomcode", "assembly", "clacky"] {
        for terminal in [Terminal::Absent, Terminal::Present] {
            let (catalog, home) = (scene::catalog(product), Home::new());
            // Git Bash says variables as shells on Unix do, and exports them.
            let shell = [("MSYSTEM", "MINGW64")];
            let say = || {
                let said = notice(&scene::open(catalog, &home, &shell), terminal)?;
                Some(said.replace("export ", ""))
            };
            assert_eq!(say().as_deref(), Some(texts::notice(catalog).as_str()), "{product}");
            assert_eq!(say(), None, "{product}: once");
            assert!(scene::open(catalog, &home, &[]).decision().is_on(), "{product}");
        }
    }
}

#[test]
fn where_a_program_reads_nothing_is_said_and_nothing_counts_as_said() {
    for product in ["atomcode", "archon"] {
        let (catalog, home) = (scene::catalog(product), Home::new());
        let session = scene::open(catalog, &home, &[]);
        let said = headcount::person::notice(&session, Terminal::Present, Audience::ForMachines);
        assert!(said.is_none(), "{product}");
        assert_eq!(files(&home), [""; 0], "{product}");
        assert!(notice(&scene::open(catalog, &home, &[]), Terminal::Absent).is_some());
    }
}

#[test]
fn a_notice_that_is_due_creates_nothing_until_it_is_shown() {
    for product in ["atomcode", "archon"] {
        let (catalog, home) = (scene::catalog(product), Home::new());
        let session = scene::open(catalog, &home, &[]);
        let due = headcount::person::notice(&session, Terminal::Present, Audience::ForPeople);
        assert!(due.is_some(), "{product}");
        drop(due);
        assert_eq!(files(&home), [""; 0], "{product}");
    }
}

#[test]
fn whoever_has_decided_or_refuses_is_not_told() {
    for product in ["atomcode", "assembly", "clacky"] {
        let (catalog, home) = (scene::catalog(product), Home::new());
        let refused = scene::open(catalog, &home, &[("DO_NOT_TRACK", "1")]);
        assert_eq!(notice(&refused, Terminal::Present), None, "{product}");
        assert_eq!(files(&home), [""; 0], "{product}");
        for word in ["on", "off"] {
            assert_eq!(scene::say_with(catalog, &home, word, &[("DO_NOT_TRACK", "1")]).code, 0);
            let before = files(&home);
            assert_eq!(notice(&scene::open(catalog, &home, &[]), Terminal::Present), None);
            assert_eq!(files(&home), before, "{product} {word}");
        }
    }
}

#[test]
fn products_that_ask_say_nothing_at_their_first_run() {
    let (catalog, home) = (scene::catalog("atomic"), Home::new());
    assert_eq!(notice(&scene::open(catalog, &home, &[]), Terminal::Present), None);
    assert_eq!(files(&home), [""; 0]);
}

#[test]
fn what_a_release_adds_is_told_once_and_withheld_until_agreed() {
    let text = scene::text_of("atomic");
    let (before, home) = (scene::catalog_of(&text), Home::new());
    assert_eq!(scene::say(before, &home, "on").code, 0);
    let wider =
        scene::catalog_of(&text.replace(
            "command = { choice = [\"init\",",
            "command = { choice = [\"deploy\", \"init\",",
        ));
    let say = |terminal| notice(&scene::open(wider, &home, &[]), terminal);
    assert_eq!(say(Terminal::Absent), None, "nobody is there to be told");
    let news = say(Terminal::Present).expect("news");
    assert!(news.contains("`command` of `atomic_command` can also be deploy"), "{news}");
    assert!(
        news.contains("Until you agree, it is withheld.\nTo agree: atomic telemetry on\n"),
        "{news}"
    );
    assert_eq!(say(Terminal::Present), None, "once");
    let status = scene::say(wider, &home, "status").out;
    assert!(status.contains("withheld until you agree (atomic telemetry on)"), "{status}");
    assert!(status.contains("can also be deploy"), "{status}");
    assert_eq!(scene::say(wider, &home, "on").code, 0);
    assert!(!scene::say(wider, &home, "status").out.contains("withheld"));
}
