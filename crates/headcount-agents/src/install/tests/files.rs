//! Files of all agents: what an install makes, a removal takes away.

use std::fs;

use super::made::{Made, SHARED, text};
use crate::install::{HookScope, Hooks};
use crate::{Agent, Moment};

fn install(hooks: &Hooks, agent: Agent, scope: HookScope) {
    hooks.plan_install(agent, scope).unwrap().apply().unwrap();
}

fn remove(hooks: &Hooks, agent: Agent, scope: HookScope) {
    hooks.plan_remove(agent, scope).unwrap().apply().unwrap();
}

#[test]
fn an_install_and_a_removal_leave_nothing_behind() {
    for scope in HookScope::ALL {
        for agent in Agent::INSTALLABLE {
            let made = Made::new();
            let before = made.content();
            install(&made.hooks(), agent, scope);
            let after = made.content();
            assert!(after.len() > before.len(), "{agent:?}");
            let again = made.hooks().plan_install(agent, scope).unwrap();
            assert!(again.changes().is_empty(), "{agent:?}: a second time changes nothing");
            remove(&made.hooks(), agent, scope);
            assert_eq!(made.content(), before, "{agent:?}");
            let again = made.hooks().plan_remove(agent, scope).unwrap();
            assert!(again.changes().is_empty(), "{agent:?}");
        }
    }
}

#[test]
fn a_file_of_others_is_as_it_was_byte_for_byte() {
    let texts = [
        "{}",
        "{\r\n\t\"model\": \"x\", // mine\r\n\t\"hooks\": {\"Stop\": []},\r\n}",
        "\u{feff}{\"a\":[1,2]}\n\n",
        "// mine\n{\n    \"hooks\": {\n        /* none */\n    }\n}",
    ];
    for (agent, name) in SHARED {
        for before in texts {
            let made = Made::new();
            let file = made.write(name, before);
            let all = made.content();
            install(&made.hooks(), agent, HookScope::User);
            assert_ne!(text(&file), before, "{agent:?}");
            remove(&made.hooks(), agent, HookScope::User);
            assert_eq!(made.content(), all, "{agent:?}");
        }
    }
}

#[test]
fn what_a_person_adds_between_stays_and_only_ours_goes() {
    let made = Made::new();
    install(&made.hooks(), Agent::Claude, HookScope::User);
    let file = made.home().join(".claude/settings.json");
    let added = text(&file).replacen('{', "{\n  \"model\": \"x\",", 1);
    fs::write(&file, added).unwrap();
    remove(&made.hooks(), Agent::Claude, HookScope::User);
    assert_eq!(text(&file), "{\n  \"model\": \"x\"\n}\n");
}

#[test]
fn a_handler_that_a_person_adds_to_our_group_stays() {
    let made = Made::new();
    install(&made.hooks(), Agent::Codex, HookScope::User);
    let file = made.home().join(".codex/hooks.json");
    let theirs = "\"timeout\": 1\n          },\n          { \"type\": \"command\", \"command\": \"theirs\" }";
    let changed = text(&file).replacen("\"timeout\": 1\n          }", theirs, 1);
    assert!(changed.contains("theirs"));
    fs::write(&file, &changed).unwrap();
    remove(&made.hooks(), Agent::Codex, HookScope::User);
    let rest = text(&file);
    assert!(rest.contains("theirs") && !rest.contains("tool"), "{rest}");
}

#[test]
fn a_program_that_moved_is_one_changed_line_each() {
    for agent in Agent::INSTALLABLE {
        let made = Made::new();
        install(&made.hooks_in("old"), agent, HookScope::User);
        let plan = made.hooks_in("new").plan_install(agent, HookScope::User).unwrap();
        for change in plan.changes() {
            let (before, after) = (change.before().unwrap(), change.after().unwrap());
            assert_eq!(before.replace("/old/", "/new/"), after, "{agent:?}");
        }
        assert!(!plan.changes().is_empty(), "{agent:?}");
        plan.apply().unwrap();
        remove(&made.hooks_in("elsewhere"), agent, HookScope::User);
        assert!(made.content().is_empty(), "{agent:?}: wherever the program is now");
    }
}

#[test]
fn a_moment_that_nobody_asks_for_any_more_goes() {
    for (agent, name) in SHARED {
        let made = Made::new();
        let mut hooks = made.hooks();
        hooks.moments = vec![Moment::Start, Moment::End];
        install(&hooks, agent, HookScope::User);
        let few = text(&made.home().join(name));
        install(&made.hooks(), agent, HookScope::User);
        install(&hooks, agent, HookScope::User);
        assert_eq!(text(&made.home().join(name)), few, "{agent:?}");
    }
}

#[test]
fn another_products_hooks_are_nobodys_but_its_own() {
    for agent in Agent::INSTALLABLE {
        let made = Made::new();
        let mut other = made.hooks();
        other.product = "robin".to_owned();
        other.command =
            crate::HookCommand::new(made.home().join("robin"), ["telemetry", "hook"]).unwrap();
        install(&other, agent, HookScope::User);
        let one = made.content();
        install(&made.hooks(), agent, HookScope::User);
        remove(&made.hooks(), agent, HookScope::User);
        assert_eq!(made.content(), one, "{agent:?}");
    }
}

#[test]
fn a_person_is_told_where_hooks_of_others_move() {
    let made = Made::new();
    install(&made.hooks(), Agent::Codex, HookScope::User);
    let plan = made.hooks().plan_remove(Agent::Codex, HookScope::User).unwrap();
    assert!(plan.still_to_do().is_empty());
    let file = made.home().join(".codex/hooks.json");
    let theirs =
        "]\n      },\n      { \"hooks\": [{ \"type\": \"command\", \"command\": \"x\" }] }";
    fs::write(&file, text(&file).replacen("]\n      }", theirs, 1)).unwrap();
    let plan = made.hooks().plan_remove(Agent::Codex, HookScope::User).unwrap();
    assert_eq!(plan.still_to_do().len(), 1, "{:?}", plan.changes()[0].diff());
}

#[test]
fn the_plugin_of_opencode_has_what_is_installed() {
    let made = Made::new();
    let mut hooks = made.hooks();
    hooks.moments = vec![Moment::Start, Moment::Command, Moment::End];
    install(&hooks, Agent::OpenCode, HookScope::User);
    let plugin = text(&made.home().join(".config/opencode/plugins/wren-telemetry.js"));
    assert!(!plugin.contains("/*"), "every place is filled: {plugin}");
    assert!(plugin.contains("const words = [\"hook\", \"opencode\"]\n"));
    assert!(plugin.contains("const commands = true\nconst turns = false\n"));
    assert!(plugin.contains("  id: \"wren-telemetry\",\n"));
}
