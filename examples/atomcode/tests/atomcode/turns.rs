//! What an agent's turn says besides: the model, its provider, and the class of
//! the host that the repository comes from.

use headcount_testkit::{Canary, Home};
use serde_json::{Value, json};

use crate::stage::{atomcode, dumped, only, program, told};

fn chats(home: &Home) -> Vec<Value> {
    only(&dumped(home), "llm_chat").into_iter().cloned().collect()
}

#[test]
fn model_and_provider_are_words_of_the_catalog_on_turns_alone() {
    for (args, provider, model) in [
        (&[][..], "atomgit", "qwen3-coder"),
        (
            &["--model", "claude-opus-4.5", "--provider", "anthropic"],
            "anthropic",
            "claude-opus-4.5",
        ),
        (&["--provider", "my-own.example", "--model", "/home/me/model"], "other", "other"),
    ] {
        let home = told();
        let args = [&["-p", "hello"], args].concat();
        assert_eq!(atomcode(&home, &args).code(), Some(0));
        let chat = &chats(&home)[0];
        assert_eq!((&chat["provider"], &chat["model"]), (&json!(provider), &json!(model)));
        let records = dumped(&home);
        let opened = only(&records, "open_atomcode")[0];
        for key in ["provider", "model", "repo_origin", "turn_id"] {
            assert!(opened[key].is_null(), "{key}: {opened}");
        }
    }
    for args in [&["--model"][..], &["--speed", "high"], &["--model", "a", "b"]] {
        let args = [&["-p", "hello"], args].concat();
        assert_eq!(atomcode(&told(), &args).code(), Some(2), "{args:?}");
    }
}

#[test]
fn the_origin_is_the_class_of_its_host_and_never_its_address() {
    let canary = Canary::new("repository");
    let secret = canary.text();
    let remote =
        |url: &str| format!("[core]\n\tbare = false\n[remote \"origin\"]\n\turl = {url}\n");
    for (config, host) in [
        (remote(&format!("https://github.com/{secret}/{secret}.git")), "github"),
        (remote(&format!("https://{secret}:{secret}@gitlab.com/{secret}")), "gitlab"),
        (remote(&format!("git@gitcode.com:{secret}/{secret}.git")), "gitcode"),
        (remote(&format!("ssh://git@atomgit.com/{secret}.git")), "atomgit"),
        (remote(&format!("https://git.{secret}.example/{secret}")), "other"),
        (remote(&format!("/srv/{secret}")), "other"),
        (format!("[remote \"{secret}\"]\n\turl = https://github.com/{secret}\n"), "none"),
        (String::new(), "none"),
    ] {
        let (home, work) = (told(), Home::new());
        work.write(".git/config", config);
        work.write(&format!("{secret}/file"), "");
        for folder in [work.path().to_path_buf(), work.path().join(secret)] {
            let run = program(&home, &["-p", "hello"]).folder(folder).run();
            assert_eq!(run.code(), Some(0));
        }
        for chat in chats(&home) {
            assert_eq!(chat["repo_origin"], json!({"host": host, "has_git": true}));
        }
        assert_eq!(canary.find_in_tree(home.path()), [""; 0], "{host}");
    }
}

#[test]
fn a_folder_without_a_repository_says_so_and_a_worktree_leads_to_one() {
    let home = told();
    atomcode(&home, &["-p", "hello"]);
    assert_eq!(chats(&home)[0]["repo_origin"], json!({"host": "none", "has_git": false}));

    let (home, work) = (told(), Home::new());
    work.write("main/.git/config", "[remote \"origin\"]\n\turl = https://github.com/me/it\n");
    work.write("main/.git/worktrees/other/commondir", "../..\n");
    work.write("other/.git", "gitdir: ../main/.git/worktrees/other\n");
    // Damaged in one way or another: there is a repository, from nowhere.
    work.write("lost/.git", "gitdir: /nowhere/at/all\n");
    work.write("empty/.git", "");
    for (folder, host) in [("other", "github"), ("lost", "none"), ("empty", "none")] {
        let run = program(&home, &["-p", "hello"]).folder(work.path().join(folder)).run();
        assert_eq!(run.code(), Some(0));
        let origin = &chats(&home).pop().unwrap()["repo_origin"];
        assert_eq!(*origin, json!({"host": host, "has_git": true}), "{folder}");
    }
}
