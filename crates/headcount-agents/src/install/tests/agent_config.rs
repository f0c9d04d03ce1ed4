//! Our table of places beside that of the crate `agent-config` 0.4.0, from its
//! `schema/agents.json`. It is not used here (docs/design/hooks.md says why),
//! but two independent tables that agree are worth more than one.

use std::path::Path;

use super::made::Made;
use crate::Agent;
use crate::install::HookScope;

/// The files and, where each tool has one of its own, the folders in which it
/// writes hooks. It has none for Qwen Code and Goose, and for Copilot none for
/// the person.
const PLACES: [(Agent, &str, &str); 6] = [
    (Agent::Claude, "~/.claude/settings.json", "<project>/.claude/settings.json"),
    (Agent::Codex, "~/.codex/hooks.json", "<project>/.codex/hooks.json"),
    (Agent::Copilot, "", "<project>/.github/hooks/"),
    (Agent::Cursor, "~/.cursor/hooks.json", "<project>/.cursor/hooks.json"),
    (Agent::Gemini, "~/.gemini/settings.json", "<project>/.gemini/settings.json"),
    (Agent::OpenCode, "~/.config/opencode/plugins/", "<project>/.opencode/plugins/"),
];

#[test]
fn places_are_those_that_another_table_has() {
    let made = Made::new();
    for (agent, user, project) in PLACES {
        for (scope, place) in [(HookScope::User, user), (HookScope::Project, project)] {
            if place.is_empty() {
                continue;
            }
            let plan = made.hooks().plan_install(agent, scope).unwrap();
            let shown = plan.changes()[0].path();
            let home = place.strip_prefix("~/").map(|rest| made.home().join(rest));
            let below = place.strip_prefix("<project>/").map(|rest| made.project().join(rest));
            let wanted = home.or(below).unwrap();
            let shown = if place.ends_with('/') { shown.parent().unwrap() } else { shown };
            assert_eq!(shown, Path::new(&wanted), "{agent:?}");
        }
    }
}
