//! What `status` and `doctor` say.

use std::fs;

use super::made::{Made, text};
use crate::Agent;
use crate::install::{HookScope, HookState, Hooks};

fn state(hooks: &Hooks, agent: Agent) -> HookState {
    hooks.status(agent, HookScope::User).unwrap().state
}

fn wrong(hooks: &Hooks, agent: Agent) -> Vec<String> {
    let findings = hooks.examine(agent).into_iter();
    findings.filter(|finding| finding.is_wrong).map(|finding| finding.text).collect()
}

fn install(hooks: &Hooks, agent: Agent, scope: HookScope) {
    hooks.plan_install(agent, scope).unwrap().apply().unwrap();
}

#[test]
fn hooks_are_there_or_not_or_not_as_now() {
    for agent in Agent::INSTALLABLE {
        let made = Made::new();
        assert_eq!(state(&made.hooks(), agent), HookState::NotInstalled, "{agent:?}");
        install(&made.hooks(), agent, HookScope::User);
        assert_eq!(state(&made.hooks(), agent), HookState::Installed, "{agent:?}");
        assert_eq!(state(&made.hooks_in("other"), agent), HookState::Different, "{agent:?}");
    }
}

#[test]
fn a_program_that_is_gone_is_wrong() {
    let made = Made::new();
    let hooks = made.hooks();
    install(&hooks, Agent::Claude, HookScope::User);
    assert_eq!(wrong(&hooks, Agent::Claude).len(), 1);
    assert!(wrong(&hooks, Agent::Claude)[0].contains("does not exist"));
    fs::create_dir_all(hooks.command.program().parent().unwrap()).unwrap();
    fs::write(hooks.command.program(), "").unwrap();
    assert_eq!(wrong(&hooks, Agent::Claude), Vec::<String>::new());
}

#[test]
fn a_setting_that_turns_all_hooks_off_is_named() {
    let switches = [
        (
            Agent::Claude,
            ".claude/settings.json",
            "{\"disableAllHooks\": true}",
            "disableAllHooks = true",
        ),
        (
            Agent::Codex,
            ".codex/config.toml",
            "[features]\nhooks = false\n",
            "features.hooks = false",
        ),
        (
            Agent::Copilot,
            ".copilot/settings.json",
            "{\"disableAllHooks\": true}",
            "disableAllHooks = true",
        ),
        (
            Agent::Gemini,
            ".gemini/settings.json",
            "{\"hooksConfig\": {\"enabled\": false}}",
            "hooksConfig.enabled = false",
        ),
    ];
    for (agent, name, content, sentence) in switches {
        let made = Made::new();
        made.write(name, content);
        install(&made.hooks(), agent, HookScope::User);
        let status = made.hooks().status(agent, HookScope::User).unwrap();
        assert_eq!(status.turned_off.unwrap().1, sentence);
        assert!(wrong(&made.hooks(), agent).iter().any(|text| text.contains(sentence)));
    }
}

#[test]
fn a_hook_that_gemini_was_told_to_leave_out_is_named() {
    let made = Made::new();
    let line = made.hooks().command.line(Agent::Gemini, "SessionEnd");
    let settings = serde_json::json!({"hooksConfig": {"disabled": ["other", line]}});
    made.write(".gemini/settings.json", settings.to_string());
    install(&made.hooks(), Agent::Gemini, HookScope::User);
    let status = made.hooks().status(Agent::Gemini, HookScope::User).unwrap();
    assert_eq!(status.turned_off.unwrap().1, "hooksConfig.disabled with a hook of ours");
}

#[test]
fn a_hook_whose_catalog_is_gone_is_wrong() {
    let made = Made::new();
    let with_catalog = |name: &str| {
        let mut hooks = made.hooks();
        let arguments = ["hook".into(), "--catalog".into(), made.home().join(name)];
        let program = hooks.command.program().to_path_buf();
        hooks.command = crate::HookCommand::new(program, arguments).unwrap();
        hooks
    };
    let kept = made.write("there.toml", "");
    for name in ["gone.toml", "there.toml"] {
        install(&with_catalog(name), Agent::Qwen, HookScope::User);
    }
    let orphans = |hooks: &Hooks| {
        wrong(hooks, Agent::Qwen)
            .iter()
            .filter(|text| text.contains("does not exist: delete"))
            .count()
    };
    assert_eq!(orphans(&with_catalog("now.toml")), 4, "one an event");
    fs::remove_file(kept).unwrap();
    assert_eq!(orphans(&with_catalog("now.toml")), 4, "each event once");
    install(&with_catalog("gone.toml"), Agent::Qwen, HookScope::User);
    assert_eq!(orphans(&with_catalog("gone.toml")), 4);
}

#[test]
fn codex_has_reviewed_what_it_has_a_hash_for() {
    let made = Made::new();
    install(&made.hooks(), Agent::Codex, HookScope::User);
    let reviewed = || made.hooks().status(Agent::Codex, HookScope::User).unwrap().is_reviewed;
    assert_eq!(reviewed(), Some(false));
    let file = made.home().join(".codex/hooks.json");
    let mut config = "model = \"x\"\n".to_owned();
    for event in ["session_start", "user_prompt_submit", "stop", "session_end"] {
        assert_eq!(reviewed(), Some(false));
        let key = format!("{}:{event}:0:0", file.display()).replace('\\', "\\\\");
        config.push_str(&format!("[hooks.state.\"{key}\"]\ntrusted_hash = \"sha256:0\"\n"));
        made.write(".codex/config.toml", &config);
    }
    assert_eq!(reviewed(), Some(true));
    assert!(text(&made.home().join(".codex/config.toml")).ends_with("sha256:0\"\n"));
}

#[test]
fn two_installs_are_wrong_and_a_foreign_entry_that_disables_all_is_named() {
    let made = Made::new();
    let hooks = made.hooks();
    fs::create_dir_all(hooks.command.program().parent().unwrap()).unwrap();
    fs::write(hooks.command.program(), "").unwrap();
    made.write(
        ".claude/settings.json",
        r#"{"hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [{"command": "x"}]}]}}"#,
    );
    install(&hooks, Agent::Claude, HookScope::User);
    let findings = wrong(&hooks, Agent::Claude);
    assert_eq!(findings.len(), 1);
    assert!(findings[0].contains("`hooks.PreToolUse` has an entry"), "{findings:?}");
    install(&hooks, Agent::Claude, HookScope::Project);
    assert!(wrong(&hooks, Agent::Claude).iter().any(|text| text.contains("runs twice")));
}

#[test]
fn agents_that_run_anothers_hooks_are_named() {
    let made = Made::new();
    for folder in [".cursor", ".grok", ".copilot"] {
        fs::create_dir(made.home().join(folder)).unwrap();
    }
    install(&made.hooks(), Agent::Claude, HookScope::Project);
    let findings = made.hooks().examine(Agent::Claude);
    let hints: Vec<&str> = findings
        .iter()
        .filter(|finding| !finding.is_wrong)
        .map(|finding| finding.text.split(' ').next().unwrap())
        .collect();
    assert_eq!(hints, ["Cursor", "Grok", "Copilot"]);
}
