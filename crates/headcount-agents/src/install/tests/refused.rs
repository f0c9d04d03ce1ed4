//! Files that are not touched, with the sentence that says why.

use std::fs;

use super::made::{Made, SHARED, text};
use crate::Agent;
use crate::install::limits::FILE_BYTES;
use crate::install::{HookScope, Hooks};

fn refusal(hooks: &Hooks, agent: Agent) -> String {
    match hooks.plan_install(agent, HookScope::User) {
        Ok(plan) => panic!("{agent:?}: it would be changed: {:?}", plan.changes()),
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_is_not_understood_is_left_alone() {
    let huge = format!("{{\"a\": \"{}\"}}", "x".repeat(usize::try_from(FILE_BYTES).unwrap()));
    let deep = format!("{{\"a\": {}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let texts: [(&[u8], &str); 14] = [
        (b"", "empty, so not valid JSON"),
        (b" \n// nothing\n", "empty, so not valid JSON"),
        (b"null", "the top level is not an object"),
        (b"[]", "the top level is not an object"),
        (b"{\"a\": 1", "not valid JSON at line 1"),
        (b"{\"a\": 1}\n{\"b\": 2}", "not valid JSON at line 2"),
        (b"{'a': 1}", "not valid JSON at line 1"),
        (b"{a: 1}", "not valid JSON at line 1"),
        (b"{\"a\": \"\xff\"}", "not valid UTF-8"),
        (b"{\"hooks\": []}", "`hooks` is not an object"),
        (b"{\n\"hooks\": {},\n\"hooks\": {}}", "line 3 repeats the key `hooks`"),
        (b"{\"a\": \"x\ny\"}", "not valid JSON"),
        (huge.as_bytes(), "larger than 4 MiB"),
        (deep.as_bytes(), "not valid JSON at line 1"),
    ];
    for (agent, name) in SHARED {
        for (content, sentence) in texts {
            let made = Made::new();
            let file = made.write(name, content);
            let refusal = refusal(&made.hooks(), agent);
            let start = String::from_utf8_lossy(&content[..content.len().min(40)]);
            assert!(refusal.contains(sentence), "{start:?}: {refusal}");
            assert!(refusal.starts_with(&file.display().to_string()), "{refusal}");
            assert!(made.hooks().plan_remove(agent, HookScope::User).is_err());
            assert_eq!(fs::read(&file).unwrap(), content);
        }
    }
}

#[test]
fn an_event_that_is_no_array_or_there_twice_is_left_alone() {
    let made = Made::new();
    let file = made.write(".claude/settings.json", "{\"hooks\": {\"SessionEnd\": {}}}");
    let refusal_of = |text: &str| {
        fs::write(&file, text).unwrap();
        refusal(&made.hooks(), Agent::Claude)
    };
    let sentence = refusal_of("{\"hooks\": {\"SessionEnd\": {}}}");
    assert!(sentence.contains("`hooks.SessionEnd` is not an array"), "{sentence}");
    let sentence = refusal_of("{\"hooks\": {\"SessionEnd\": [],\n\"SessionEnd\": []}}");
    assert!(sentence.contains("line 2 repeats the key `SessionEnd`"), "{sentence}");
}

#[test]
fn a_file_in_the_place_of_ours_is_left_alone() {
    let made = Made::new();
    let file = made.write(".config/opencode/plugins/wren-telemetry.js", "export default {}\n");
    assert!(refusal(&made.hooks(), Agent::OpenCode).contains("not written by this command"));
    let plan = made.hooks().plan_remove(Agent::OpenCode, HookScope::User).unwrap();
    assert!(plan.changes().is_empty());
    assert_eq!(text(&file), "export default {}\n");
}

#[test]
fn a_folder_in_the_place_of_a_file_is_left_alone() {
    let made = Made::new();
    fs::create_dir_all(made.home().join(".claude/settings.json")).unwrap();
    assert!(refusal(&made.hooks(), Agent::Claude).contains("not a regular file"));
}

#[test]
fn a_file_that_is_written_meanwhile_keeps_what_was_written() {
    let made = Made::new();
    let file = made.write(".claude/settings.json", "{}\n");
    for (meanwhile, way) in [("{\"a\": 1}\n", "changed"), ("", "emptied")] {
        fs::write(&file, "{}\n").unwrap();
        let plan = made.hooks().plan_install(Agent::Claude, HookScope::User).unwrap();
        fs::write(&file, meanwhile).unwrap();
        let error = plan.apply().unwrap_err().to_string();
        assert!(error.contains("changed while it was being edited"), "{way}: {error}");
        assert_eq!(text(&file), meanwhile);
    }
    fs::remove_file(&file).unwrap();
    let plan = made.hooks().plan_install(Agent::Claude, HookScope::User).unwrap();
    fs::write(&file, "{\"new\": 1}").unwrap();
    assert!(plan.apply().is_err(), "it did not exist, and now it does");
    assert_eq!(text(&file), "{\"new\": 1}");
    assert_eq!(made.content().len(), 2, "nothing is left beside it");
}

#[test]
fn what_a_killed_process_left_is_swept_and_what_is_being_written_is_not() {
    let made = Made::new();
    made.write(".claude/settings.json", "{}\n");
    let before = made.content();
    for _ in 0..2 {
        made.write(".claude/.settings.json.4194305.new", "{ half");
        made.hooks().plan_install(Agent::Claude, HookScope::User).unwrap().apply().unwrap();
        assert_eq!(made.content().len(), before.len());
    }
    made.write(".claude/.settings.json.4194305.new", "{ half");
    made.hooks().plan_remove(Agent::Claude, HookScope::User).unwrap().apply().unwrap();
    assert_eq!(made.content(), before);
    // Killed before the file had its name.
    made.write(".codex/.hooks.json.4194305.new", "{ half");
    made.hooks().plan_remove(Agent::Codex, HookScope::User).unwrap().apply().unwrap();
    assert_eq!(made.content(), before);

    let busy = made.write(".claude/.settings.json.4194305.new", "{ half");
    let writer = fs::File::open(&busy).unwrap();
    writer.lock().unwrap();
    made.hooks().plan_install(Agent::Claude, HookScope::User).unwrap().apply().unwrap();
    assert!(busy.exists());
}

/// In containers every process has the same number.
#[test]
fn what_another_process_of_the_same_number_writes_stays() {
    let made = Made::new();
    let file = made.write(".claude/settings.json", "{}\n");
    let name = format!(".claude/.settings.json.{}.new", std::process::id());
    let others = made.write(&name, "{ half");
    let writer = fs::File::open(&others).unwrap();
    writer.lock().unwrap();
    made.hooks().plan_install(Agent::Claude, HookScope::User).unwrap().apply().unwrap();
    drop(writer);
    assert!(text(&file).contains("SessionEnd"));
    assert_eq!(text(&others), "{ half");
}

#[cfg(unix)]
mod on_unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn mode(file: &std::path::Path) -> u32 {
        fs::symlink_metadata(file).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_read_only_file_is_left_alone() {
        let made = Made::new();
        let file = made.write(".claude/settings.json", "{}\n");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
        assert!(refusal(&made.hooks(), Agent::Claude).contains("read-only"));
        assert_eq!(text(&file), "{}\n");
    }

    #[test]
    fn the_mode_of_a_file_stays() {
        let made = Made::new();
        let file = made.write(".claude/settings.json", "{}\n");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        for _ in 0..2 {
            made.hooks().plan_install(Agent::Claude, HookScope::User).unwrap().apply().unwrap();
            assert_eq!(mode(&file), 0o600);
            made.hooks().plan_remove(Agent::Claude, HookScope::User).unwrap().apply().unwrap();
            assert_eq!(mode(&file), 0o600);
        }
    }

    #[test]
    fn a_link_to_a_file_of_the_same_person_stays_a_link() {
        let made = Made::new();
        let real = made.write("dotfiles/claude.json", "{ }\n");
        let link = made.home().join(".claude/settings.json");
        fs::create_dir(link.parent().unwrap()).unwrap();
        symlink("../dotfiles/claude.json", &link).unwrap();
        made.hooks().plan_install(Agent::Claude, HookScope::User).unwrap().apply().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(text(&real).contains("SessionEnd"));
        made.hooks().plan_remove(Agent::Claude, HookScope::User).unwrap().apply().unwrap();
        assert_eq!(text(&real), "{ }\n");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn a_link_to_nothing_or_to_a_folder_or_to_itself_is_left_alone() {
        let made = Made::new();
        let link = made.home().join(".claude/settings.json");
        fs::create_dir(link.parent().unwrap()).unwrap();
        for (target, sentence) in [
            ("nowhere", "a link to a file that does not exist"),
            (".", "not a regular file"),
            ("settings.json", "cannot be read"),
            ("/dev/null", "not a regular file"),
        ] {
            symlink(target, &link).unwrap();
            let refusal = refusal(&made.hooks(), Agent::Claude);
            assert!(refusal.contains(sentence), "{target}: {refusal}");
            fs::remove_file(&link).unwrap();
        }
    }
}
