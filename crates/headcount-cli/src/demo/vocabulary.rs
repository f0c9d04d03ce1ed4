//! Words of the world that no catalog lists: public names of models, languages,
//! places in source.

/// Models with who serves them, the most used first.
pub(super) const MODELS: [(&str, &str); 11] = [
    ("claude-sonnet-4.5", "anthropic"),
    ("gpt-5", "openai"),
    ("deepseek-chat", "deepseek"),
    ("claude-opus-4.5", "anthropic"),
    ("qwen3-coder", "qwen"),
    ("gemini-2.5-pro", "google"),
    ("kimi-k2", "moonshot"),
    ("glm-4.6", "zhipu"),
    ("claude-haiku-4.5", "anthropic"),
    ("gpt-5-mini", "openai"),
    ("gemini-2.5-flash", "google"),
];

/// Values of `LANG` with how many of a hundred people have them.
pub(super) const LANGUAGES: [(&str, f64); 9] = [
    ("en_US.UTF-8", 42.0),
    ("zh_CN.UTF-8", 20.0),
    ("en_GB.UTF-8", 9.0),
    ("de_DE.UTF-8", 8.0),
    ("ja_JP.UTF-8", 6.0),
    ("fr_FR.UTF-8", 5.0),
    ("pt_BR.UTF-8", 4.0),
    ("es_ES.UTF-8", 4.0),
    ("C.UTF-8", 2.0),
];

/// Places in a product's own source.
pub(super) const LOCATIONS: [&str; 5] = [
    "src/agent/turn.rs:218:17",
    "src/render/diff.rs:91:34",
    "src/session/resume.rs:57:9",
    "src/config/load.rs:133:22",
    "src/tools/search.rs:402:13",
];

/// Messages after everything that could be somebody's was taken out.
pub(super) const MESSAGES: [&str; 4] = [
    "index out of bounds: the len is <n> but the index is <n>",
    "called Option::unwrap() on a None value",
    "byte index <n> is not a char boundary",
    "attempt to subtract with overflow",
];

/// Functions below a product's own name, the innermost first.
pub(super) const FRAMES: [&str; 6] = [
    "render::diff::hunk",
    "render::diff::draw",
    "agent::turn::finish",
    "agent::turn::run",
    "session::resume",
    "main",
];

/// Codes of what went wrong: mostly 1, sometimes wrong usage or Ctrl-C.
pub(super) const EXIT_CODES: [(i64, f64); 4] = [(1, 7.0), (2, 2.0), (130, 1.0), (101, 0.3)];
