//! The files that `init` gives to an agent: only while telemetry is on, once,
//! and taken out again byte for byte.

use std::fs;

use headcount_testkit::Home;

use crate::stage::{agreed, atomic, files, program, project};

/// The document's file of each agent, and where the agent reads of it.
const AGENTS: [(&str, &str, Option<&str>); 3] = [
    ("claude", ".claude/hooks/telemetry-stop.sh", Some(".claude/settings.json")),
    ("copilot", ".github/hooks/telemetry-end.sh", Some(".github/hooks/atomic-telemetry.json")),
    ("opencode", ".opencode/plugin/telemetry.ts", None),
];

/// Settings as a person has them: with comments, and a hook of their own.
const SETTINGS: &str = "{\n\t// mine\n\t\"model\": \"opus\",\n\t\"hooks\": {\n\t\t\"Stop\": \
    [{ \"hooks\": [{ \"type\": \"command\", \"command\": \"say done\" }] }],\n\t},\n}\n";

#[test]
fn the_documents_files_are_made_once_and_removed_without_a_trace() {
    for (agent, own, registered) in AGENTS {
        let home = agreed();
        let folder = project(&home);
        fs::create_dir_all(folder.join(".claude")).expect("a folder");
        fs::write(folder.join(".claude/settings.json"), SETTINGS).expect("settings");
        let before = files(&folder);

        let first = atomic(&home, &["init", "--agent", agent]);
        assert_eq!((first.code(), first.stderr_text().as_str()), (Some(0), ""));
        assert!(first.stdout_text().contains("tells Atomic when a session ends"));
        let text = fs::read_to_string(folder.join(own)).expect("the document's file");
        assert!(text.contains("written by `atomic init`"), "{text}");
        if let Some(registered) = registered {
            let text = fs::read_to_string(folder.join(registered)).expect("what is registered");
            assert!(text.contains(own), "{text}");
            let there = fs::read_to_string(folder.join(".claude/settings.json")).expect("settings");
            assert!(there.contains("// mine") && there.contains("say done"), "{there}");
        }
        let after = files(&folder);
        let again = atomic(&home, &["init", "--agent", agent]);
        assert_eq!(again.stdout_text(), "Atomic is set up here: see .atomic.json.\n");
        assert_eq!(files(&folder), after, "{agent}");

        assert_eq!(atomic(&home, &["uninstall"]).code(), Some(0));
        assert_eq!(files(&folder), before, "{agent}");
        // Once more there is nothing to do.
        assert_eq!(atomic(&home, &["uninstall"]).stdout_text(), "Atomic is not set up here.\n");
        assert_eq!(files(&folder), before, "{agent}");
    }
}

#[test]
fn while_telemetry_is_off_there_are_none() {
    let names = |home: &Home| -> Vec<String> {
        let all = files(&project(home)).into_iter();
        all.map(|(path, _)| path.file_name().expect("a name").to_string_lossy().into_owned())
            .collect()
    };
    for (agent, ..) in AGENTS {
        let home = Home::new();
        let init = ["init", "--agent", agent];
        assert_eq!(atomic(&home, &init).code(), Some(0));
        assert_eq!(names(&home), [".atomic.json"], "never asked");
        for (name, value) in [("ATOMIC_TELEMETRY", "0"), ("DO_NOT_TRACK", "1"), ("CI", "1")] {
            let home = agreed();
            assert_eq!(program(&home, &init).env(name, value).run().code(), Some(0));
            assert_eq!(names(&home), [".atomic.json"], "{name}");
        }
        let home = agreed();
        let flagged = [&init[..], &["--no-telemetry"]].concat();
        assert_eq!(atomic(&home, &flagged).code(), Some(0));
        assert_eq!(names(&home), [".atomic.json"], "--no-telemetry");
    }
    // No agent, no hooks.
    let home = agreed();
    assert_eq!(atomic(&home, &["init"]).code(), Some(0));
    assert_eq!(names(&home), [".atomic.json"]);
}

#[test]
fn what_somebody_else_wrote_is_left_alone_and_told() {
    for (agent, own, _) in AGENTS {
        let home = agreed();
        let folder = project(&home);
        let file = folder.join(own);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(&file, "mine\n").expect("a file");
        let before = files(&folder);
        let output = atomic(&home, &["init", "--agent", agent]);
        let said = output.stderr_text();
        assert_eq!((output.code(), said.lines().count()), (Some(0), 1), "{said}");
        assert!(said.contains(own) && said.contains("not written by Atomic"), "{said}");
        assert_eq!(atomic(&home, &["uninstall"]).stdout_text(), ".atomic.json is removed.\n");
        assert_eq!(files(&folder), before);
    }
}

/// A version before was killed while it wrote, or this one beside the file.
#[test]
fn what_was_left_half_written_is_ours() {
    for (agent, own, _) in AGENTS {
        let whole = {
            let home = agreed();
            assert_eq!(atomic(&home, &["init", "--agent", agent]).code(), Some(0));
            fs::read(project(&home).join(own)).expect("the document's file")
        };
        let first = whole.iter().position(|byte| *byte == b'\n').expect("a line");
        for (bytes, is_beside) in [(0, false), (first + 9, false), (first + 9, true)] {
            let home = agreed();
            let folder = project(&home);
            let before = files(&folder);
            let file = folder.join(own);
            let name = file.file_name().expect("a name").to_string_lossy();
            let beside = file.with_file_name(format!(".{name}.7.new"));
            let half = if is_beside { &beside } else { &file };
            let leave = || {
                fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
                fs::write(half, &whole[..bytes]).expect("half a file");
            };
            leave();
            let output = atomic(&home, &["init", "--agent", agent]);
            assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""), "{bytes}");
            let text = fs::read_to_string(&file).expect("the file");
            assert!(text.contains("written by `atomic init`") && !beside.exists());
            assert_eq!(atomic(&home, &["uninstall"]).code(), Some(0));
            assert_eq!(files(&folder), before, "{agent} {bytes}");
            leave();
            assert_eq!(atomic(&home, &["uninstall"]).code(), Some(0));
            assert_eq!(files(&folder), before, "{agent} {bytes}");
        }
    }
}

/// Here it is a circle of links. What cannot be read may still call the script.
#[cfg(unix)]
#[test]
fn a_script_stays_where_it_cannot_be_told_whether_it_is_registered() {
    let home = agreed();
    let folder = project(&home);
    assert_eq!(atomic(&home, &["init", "--agent", "claude"]).code(), Some(0));
    let settings = folder.join(".claude/settings.json");
    let text = fs::read(&settings).expect("settings");
    fs::remove_file(&settings).expect("they go");
    std::os::unix::fs::symlink("settings.json", &settings).expect("a link");
    let output = atomic(&home, &["uninstall"]);
    let said = output.stderr_text();
    assert!(said.contains("settings.json") && said.contains("cannot be read"), "{said}");
    assert!(folder.join(".claude/hooks/telemetry-stop.sh").exists());
    fs::remove_file(&settings).expect("it goes");
    fs::write(&settings, text).expect("settings");
    assert_eq!(atomic(&home, &["uninstall"]).code(), Some(0));
    assert!(!folder.join(".claude").exists());
}

#[test]
fn settings_that_are_broken_are_told_and_nothing_is_left_half() {
    let home = agreed();
    let folder = project(&home);
    fs::create_dir_all(folder.join(".claude")).expect("a folder");
    fs::write(folder.join(".claude/settings.json"), "{ \"hooks\": ").expect("settings");
    let before = files(&folder);
    let output = atomic(&home, &["init", "--agent", "claude"]);
    let said = output.stderr_text();
    assert_eq!((output.code(), said.lines().count()), (Some(0), 1), "{said}");
    assert!(said.contains("settings.json") && said.contains("not valid JSON"), "{said}");
    let output = atomic(&home, &["uninstall"]);
    assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""));
    assert_eq!(files(&folder), before);
}

/// The path of the program is a person's own: any letter may be in it.
#[test]
fn a_program_in_a_folder_of_any_name_is_called() {
    let home = agreed();
    let place = home.path().join("it's $HOME \"of\" `ada`");
    fs::create_dir_all(&place).expect("a folder");
    let binary = place.join("atomic");
    fs::copy(crate::stage::BINARY, &binary).expect("a copy");
    let project = project(&home);
    let init = headcount_testkit::TestProgram::new(&binary, &home);
    let init = init.args(["init", "--agent", "claude"]).folder(&project);
    assert_eq!(init.env("ATOMIC_TELEMETRY_UPLOAD", "1").run().code(), Some(0));
    let hook = project.join(".claude/hooks/telemetry-stop.sh");
    let run = || {
        let run = headcount_testkit::TestProgram::new(&hook, &home).args(["claude", "SessionEnd"]);
        let run =
            run.stdin("{\"session_id\":\"a\",\"reason\":\"other\"}").env("PATH", "/usr/bin:/bin");
        run.env("ATOMIC_TELEMETRY_UPLOAD", "1").run()
    };
    let before = crate::stage::files(&home.path().join(".local"));
    assert_eq!((run().code(), run().stderr_text().as_str()), (Some(0), ""));
    assert_ne!(crate::stage::files(&home.path().join(".local")), before, "it was called");
    // Atomic is gone, and the agent goes on.
    fs::remove_dir_all(place).expect("a folder");
    let output = run();
    assert_eq!(
        (output.code(), output.stdout_text(), output.stderr_text()),
        (Some(0), String::new(), String::new())
    );
}
