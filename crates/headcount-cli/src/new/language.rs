//! The languages for which `headcount new` has lines to paste.

use std::path::Path;

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    Rust,
    Node,
    Python,
    Ruby,
    Go,
    Shell,
}

/// The file that a project of each language has at its top.
const FILES: [(&str, Language); 6] = [
    ("Cargo.toml", Language::Rust),
    ("package.json", Language::Node),
    ("pyproject.toml", Language::Python),
    ("setup.py", Language::Python),
    ("Gemfile", Language::Ruby),
    ("go.mod", Language::Go),
];

/// The language of the project in a folder; shell if no file says it.
pub(super) fn of_folder(folder: &Path) -> Language {
    let found = FILES.iter().find(|(file, _)| folder.join(file).is_file());
    found.map_or(Language::Shell, |(_, language)| *language)
}
