//! The five stories, as data: nothing else of the demo knows one product from
//! another.

use headcount_catalog::Words;

use super::story::{Beat, Crowd, Fault, Like, Newcomer, Often, Release, Story, Taste, Waits};

/// By name.
pub(super) const ALL: [&Story; 5] = [&ARCHON, &ASSEMBLY, &ATOMCODE, &ATOMIC, &CLACKY];

/// A taste for values that are there nine times in ten.
const fn like(of: &'static str, like: Like) -> Taste {
    Taste { of, like, there: 0.9 }
}

const fn seldom(of: &'static str, like: Like, there: f64) -> Taste {
    Taste { of, like, there }
}

const fn always(event: &'static str) -> Beat {
    Beat { event, often: Often::Always }
}

const fn mean(event: &'static str, times: f64) -> Beat {
    Beat { event, often: Often::Mean(times) }
}

const fn first(event: &'static str, probability: f64) -> Beat {
    Beat { event, often: Often::First(probability) }
}

const fn release(version: &'static str, after_percent: u32, trouble: f64) -> Release {
    Release { version, catalog: 1, after_percent, trouble, fault: None }
}

/// The agent that appears in the middle.
const OPENCODE: Newcomer =
    Newcomer { word: "opencode", variable: "OPENCODE", after_percent: 40, share: 0.7 };

/// What most stories have.
const ORDINARY: Story = Story {
    product: "",
    people: 0,
    crowd: Crowd::Usual,
    outage_after_percent: None,
    waits: Waits::AsUsual,
    run_by: &[],
    newcomer: None,
    runs: 1.0,
    weekend: 0.3,
    releases: &[],
    beats: &[],
    tastes: &[],
};

const ARCHON: Story = Story {
    product: "archon",
    // So few that a public page has next to no number to show.
    people: 15,
    runs: 3.0,
    releases: &[release("0.3.1", 0, 0.07), release("0.3.2", 28, 0.05), release("0.4.0", 62, 0.11)],
    beats: &[
        always("binary.startup"),
        first("setup.completed", 1.0),
        always("cli.command_invoked"),
        mean("workflow.run_started", 0.46),
        mean("workflow.node_failed", 0.06),
        mean("workflow.run_completed", 0.38),
        mean("workflow.run_failed", 0.06),
        mean("error.uncaught", 0.012),
        always("cli.command_completed"),
    ],
    tastes: &[
        like(
            "command",
            Like::Weighted(&[
                ("workflow", 45.0),
                ("chat", 24.0),
                ("serve", 9.0),
                ("isolation", 7.0),
                ("help", 5.0),
                ("version", 4.0),
            ]),
        ),
        seldom(
            "subcommand",
            Like::Weighted(&[("run", 40.0), ("list", 14.0), ("status", 10.0), ("resume", 7.0)]),
            0.65,
        ),
        like("cli.command_completed/duration_ms", Like::About(3_500.0)),
        like("duration_ms", Like::About(260_000.0)),
        like("node_count", Like::About(7.0)),
        like("nodes_completed", Like::SameAs("node_count")),
        like("provider", Like::Own),
        like("default_assistant", Like::Own),
        like("error_classification", Like::Weighted(&[("transient", 6.0), ("fatal", 3.0)])),
        like("properties.archon_git_commit", Like::Commit),
        like("properties.archon_is_binary", Like::Own),
    ],
    ..ORDINARY
};

const ASSEMBLY: Story = Story {
    product: "assembly",
    people: 190,
    crowd: Crowd::Grows,
    run_by: &[("CLAUDECODE", 6.0), ("CODEX_CI", 3.0), ("CURSOR_AGENT", 1.0)],
    newcomer: Some(OPENCODE),
    runs: 5.0,
    releases: &[
        // Its catalog was retired when the play begins.
        release("1.3.9", 0, 0.06),
        Release { catalog: 2, ..release("1.4.0", 3, 0.06) },
        Release {
            catalog: 2,
            fault: Some(Fault {
                property: "command",
                word: "assembly transcribe",
                trouble: 0.24,
                slower: 2.0,
            }),
            ..release("1.5.0", 45, 0.06)
        },
        Release { catalog: 2, ..release("1.5.1", 65, 0.05) },
    ],
    beats: &[mean("command_started", 0.4), always("command_run")],
    tastes: &[
        like(
            "command",
            Like::Weighted(&[
                ("assembly transcribe", 40.0),
                ("assembly stream", 17.0),
                ("assembly transcripts", 12.0),
                ("assembly llm", 9.0),
                ("assembly agent", 7.0),
                ("assembly dev", 6.0),
                ("assembly doctor", 3.0),
                ("assembly login", 3.0),
            ]),
        ),
        like("outcome", Like::Well("success")),
        like("duration_ms", Like::About(2_400.0)),
    ],
    ..ORDINARY
};

const ATOMCODE: Story = Story {
    product: "atomcode",
    people: 118,
    outage_after_percent: Some(55),
    runs: 1.5,
    weekend: 0.35,
    releases: &[
        release("4.21.0", 0, 0.05),
        Release { catalog: 2, ..release("4.22.0", 33, 0.09) },
        Release { catalog: 2, ..release("4.22.3", 50, 0.04) },
    ],
    beats: &[
        always("open_atomcode"),
        first("login_success", 0.8),
        first("take_codingplan", 0.5),
        mean("llm_chat", 5.2),
        mean("use_command", 1.4),
        mean("panic", 0.014),
    ],
    tastes: &[
        like("mode", Like::Own),
        like("model", Like::Model),
        like("provider", Like::Provider),
        like(
            "repo_origin.host",
            Like::Weighted(&[("github", 55.0), ("gitcode", 16.0), ("none", 12.0), ("gitlab", 9.0)]),
        ),
        like("llm_chat/duration_ms", Like::About(21_000.0)),
        like("tool_calls_count", Like::About(4.0)),
        like("input_tokens", Like::About(14_000.0)),
        like("output_tokens", Like::About(900.0)),
        like("cached_tokens", Like::About(9_000.0)),
        like("had_error", Like::Bad),
        like("take_codingplan/type", Like::Well("success")),
        like(
            "use_command/type",
            Like::Weighted(&[
                ("/model", 24.0),
                ("/clear", 22.0),
                ("/compact", 11.0),
                ("/resume", 9.0),
                ("/diff", 8.0),
                ("/help", 6.0),
                ("/init", 5.0),
                ("/cost", 4.0),
                ("/review", 4.0),
            ]),
        ),
        like("thread", Like::Weighted(&[("main", 5.0), ("worker", 2.0)])),
    ],
    ..ORDINARY
};

const ATOMIC: Story = Story {
    product: "atomic",
    people: 104,
    waits: Waits::NotForLong,
    newcomer: Some(OPENCODE),
    runs: 3.4,
    releases: &[
        release("0.9.4", 0, 0.06),
        release("0.10.0", 35, 0.12),
        release("0.10.1", 48, 0.05),
    ],
    beats: &[always("atomic_command"), mean("cli_command", 0.5), mean("agent_session", 0.9)],
    tastes: &[
        like(
            "command",
            Like::Weighted(&[("run", 70.0), ("update", 10.0), ("init", 8.0), ("uninstall", 1.0)]),
        ),
        like("agentType", Like::Agent),
        like("success", Like::Good),
        like(
            "commands",
            Like::Weighted(&[
                ("/research-codebase", 26.0),
                ("/create-spec", 19.0),
                ("/implement-feature", 17.0),
                ("/commit", 15.0),
                ("/create-gh-pr", 11.0),
                ("/create-feature-list", 8.0),
                ("/explain-code", 6.0),
                ("/ralph:ralph-loop", 4.0),
            ]),
        ),
    ],
    ..ORDINARY
};

const CLACKY: Story = Story {
    product: "clacky",
    people: 90,
    crowd: Crowd::Steady,
    runs: 2.1,
    weekend: 0.6,
    releases: &[release("0.8.2", 0, 0.08), release("0.9.0", 45, 0.1), release("0.9.1", 66, 0.05)],
    beats: &[always("startup"), mean("task", 3.0)],
    tastes: &[
        like("os", Like::Platform(Words::Ruby)),
        seldom("brand", Like::Own, 0.12),
        like("launch_source", Like::Weighted(&[("cli", 9.0), ("installer", 1.0)])),
        like("model", Like::Model),
        like("provider", Like::Provider),
        like("prompt_tokens", Like::About(22_000.0)),
        like("completion_tokens", Like::About(1_300.0)),
        like("cost_usd", Like::About(0.06)),
        like("duration_ms", Like::About(38_000.0)),
        like("status", Like::Well("success")),
    ],
    ..ORDINARY
};
