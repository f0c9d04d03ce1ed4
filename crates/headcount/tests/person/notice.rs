//! The notice: once, where it belongs, and nothing else is created for it.

use headcount::person::{Terminal, notice, texts};
use headcount_testkit::Home;

use crate::scene::{self, files};

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
fn products_on_by_default_say_it_at_the_first_run_in_a_terminal() {
    for product in ["atomcode", "assembly", "clacky"] {
        let (catalog, home) = (scene::catalog(product), Home::new());
        let say = |terminal| notice(&scene::open(catalog, &home, &[]), terminal);
        assert_eq!(say(Terminal::Absent), None, "{product}");
        assert_eq!(say(Terminal::Present).as_deref(), Some(texts::notice(catalog).as_str()));
        assert_eq!(say(Terminal::Present), None, "{product}: once");
        assert!(scene::open(catalog, &home, &[]).decision().is_on(), "{product}");
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
