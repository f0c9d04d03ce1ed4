//! How a person sets a variable in the shell that they are in. Elsewhere than
//! on Windows every shell understands `NAME=1` before a command, and everybody
//! reads it so; on Windows each shell has its own words.

use headcount_catalog::{Catalog, Platform, RefusingValues};

use super::reply::call;
use super::wrapped::{joined, whole_commands};
use crate::Surroundings;
use crate::standing::Standing;

/// A shell, as far as the environment tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShellKind {
    /// Any, on any system but Windows.
    OfUnix,
    /// Git Bash, or another of MSYS2.
    Bash,
    /// PowerShell of any version.
    PowerShell,
    /// The command prompt.
    Cmd,
    /// One of the last two, or none: a program, a task, a double click.
    UnknownOfWindows,
}

impl ShellKind {
    /// The shell of the person.
    ///
    /// MSYS2 sets `MSYSTEM`, and what it starts inherits it. `cmd` sets
    /// `PROMPT`, and PowerShell does not. PowerShell puts the person's own
    /// modules into `PSModulePath`, where the system has only its own. Where
    /// one was started by the other, both are there, and either may be the one
    /// that the person types into.
    pub(super) fn of(surroundings: &Surroundings) -> Self {
        let set = |name: &str| surroundings.variable(name).filter(|value| !value.is_empty());
        if surroundings.platform != Platform::Windows {
            return Self::OfUnix;
        }
        if set("MSYSTEM").is_some() {
            return Self::Bash;
        }
        let is_power_shell = set("POWERSHELL_DISTRIBUTION_CHANNEL").is_some()
            || set("PSModulePath").is_some_and(|paths| paths.split(';').any(is_of_a_person));
        match (set("PROMPT").is_some(), is_power_shell) {
            (true, false) => Self::Cmd,
            (false, true) => Self::PowerShell,
            (true, true) | (false, false) => Self::UnknownOfWindows,
        }
    }

    /// What a person types to set a variable, in every shell that it may be.
    fn forms(self, name: &str, value: &str) -> Vec<String> {
        let power_shell = format!("$env:{name} = \"{value}\"");
        let cmd = format!("set {name}={value}");
        match self {
            Self::OfUnix => vec![format!("{name}={value}")],
            Self::Bash => vec![format!("export {name}={value}")],
            Self::PowerShell => vec![power_shell],
            Self::Cmd => vec![cmd],
            Self::UnknownOfWindows => vec![power_shell, cmd],
        }
    }

    /// What a person types to set a variable: `set DO_NOT_TRACK=1`.
    fn setting(self, name: &str, value: &str) -> String {
        match (self, &self.forms(name, value)[..]) {
            (Self::UnknownOfWindows, [power_shell, cmd]) => {
                format!("{power_shell} (PowerShell) or {cmd} (cmd)")
            }
            (_, forms) => forms.concat(),
        }
    }

    /// What a person types to turn telemetry off, variable by variable.
    pub(super) fn refusals(self, catalog: &Catalog) -> Vec<String> {
        variables(catalog).map(|(name, value)| self.setting(name, value)).collect()
    }

    /// The first of them as the end of a sentence: `set DO_NOT_TRACK=1`, or
    /// `run …`.
    pub(super) fn instruction(self, catalog: &Catalog) -> Option<String> {
        let verb = if self == Self::OfUnix { "set" } else { "run" };
        Some(format!("{verb} {}", self.refusals(catalog).into_iter().next()?))
    }

    /// An author's text in which `DO_NOT_TRACK=1` is what the person types.
    pub(super) fn in_text(self, text: &str, catalog: &Catalog) -> String {
        let replaced = |text: String, (name, value): (&str, &str)| {
            let written = Self::OfUnix.setting(name, value);
            with_words(&text, &written, &self.setting(name, value))
        };
        variables(catalog).fold(text.to_owned(), replaced)
    }

    /// The text with each setting kept whole where lines are wrapped.
    fn whole(self, text: &str, catalog: &Catalog) -> String {
        let forms = variables(catalog).flat_map(|(name, value)| self.forms(name, value));
        forms.fold(text.to_owned(), |text, form| text.replace(&form, &joined(&form)))
    }
}

/// The text with every command and every setting in it kept whole where lines
/// are wrapped, as the person of this standing types them.
pub(super) fn whole(text: &str, standing: &Standing) -> String {
    let text = ShellKind::of(standing.surroundings()).whole(text, standing.catalog());
    whole_commands(&text, &call(standing))
}

/// The variables that turn telemetry off, with the value that does.
fn variables(catalog: &Catalog) -> impl Iterator<Item = (&'static str, &'static str)> {
    let own = catalog.consent.variables.iter().map(|variable| match variable.refuses {
        RefusingValues::Zero => (variable.name, "0"),
        RefusingValues::One => (variable.name, "1"),
    });
    own.chain([("DO_NOT_TRACK", "1")])
}

/// Whether a folder of PowerShell's modules is a person's, which only
/// PowerShell itself adds.
fn is_of_a_person(folder: &str) -> bool {
    let folder = folder.trim_end_matches('\\').to_ascii_lowercase();
    let is_systems =
        folder.contains("\\program files") || folder.contains("\\windowspowershell\\v1.0");
    !is_systems
        && ["\\powershell\\modules", "\\windowspowershell\\modules"]
            .iter()
            .any(|end| folder.ends_with(end))
}

/// The text with `words` instead of each `written` that is not a part of a
/// longer word.
fn with_words(text: &str, written: &str, words: &str) -> String {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(written) {
        let (before, found) = rest.split_at(at);
        let after = &found[written.len()..];
        let is_word = !before.ends_with(is_part) && !after.starts_with(is_part);
        out.push_str(before);
        out.push_str(if is_word { words } else { written });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::path::Path;

    use super::*;
    use crate::Time;

    fn shell(platform: Platform, variables: &[(&str, &str)]) -> ShellKind {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let variables: HashMap<String, String> = variables.iter().map(pair).collect();
        let given = Surroundings::given(Path::new("/home/me"), variables, Time::from_seconds(0));
        ShellKind::of(&Surroundings { platform, ..given })
    }

    /// The variables as each shell sets them where it is started by itself, by
    /// another, and by none.
    #[test]
    fn each_shell_is_told_by_what_it_sets() {
        const SYSTEM: &str = r"C:\Program Files\WindowsPowerShell\Modules;C:\WINDOWS\system32\WindowsPowerShell\v1.0\Modules";
        const OLD: &str = r"C:\Users\me\Documents\WindowsPowerShell\Modules;C:\Program Files\WindowsPowerShell\Modules;C:\WINDOWS\system32\WindowsPowerShell\v1.0\Modules";
        const NEW: &str = r"C:\Users\me\OneDrive\Dokumente\PowerShell\Modules;C:\Program Files\PowerShell\Modules;c:\program files\powershell\7\Modules;C:\Program Files\WindowsPowerShell\Modules";
        const PROMPT: (&str, &str) = ("PROMPT", "$P$G");
        for (variables, expected) in [
            (&[("PSModulePath", SYSTEM), PROMPT][..], ShellKind::Cmd),
            (&[PROMPT], ShellKind::Cmd),
            (&[("PSModulePath", OLD)], ShellKind::PowerShell),
            (&[("PSModulePath", NEW)], ShellKind::PowerShell),
            (
                &[("PSModulePath", NEW), ("POWERSHELL_DISTRIBUTION_CHANNEL", "MSI:Windows 10 Pro")],
                ShellKind::PowerShell,
            ),
            // One was started by the other.
            (&[("PSModulePath", OLD), PROMPT], ShellKind::UnknownOfWindows),
            (&[("PSModulePath", NEW), PROMPT], ShellKind::UnknownOfWindows),
            // A task, a service, the desktop.
            (&[("PSModulePath", SYSTEM)], ShellKind::UnknownOfWindows),
            (&[], ShellKind::UnknownOfWindows),
            (&[("PROMPT", "")], ShellKind::UnknownOfWindows),
            (&[("MSYSTEM", "MINGW64"), ("PSModulePath", SYSTEM)], ShellKind::Bash),
            (&[("MSYSTEM", "UCRT64"), PROMPT, ("PSModulePath", OLD)], ShellKind::Bash),
        ] {
            assert_eq!(shell(Platform::Windows, variables), expected, "{variables:?}");
            assert_eq!(shell(Platform::Linux, variables), ShellKind::OfUnix);
        }
    }

    #[test]
    fn each_shell_has_its_own_words() {
        for (shell, words) in [
            (ShellKind::OfUnix, "DO_NOT_TRACK=1"),
            (ShellKind::Bash, "export DO_NOT_TRACK=1"),
            (ShellKind::PowerShell, "$env:DO_NOT_TRACK = \"1\""),
            (ShellKind::Cmd, "set DO_NOT_TRACK=1"),
            (
                ShellKind::UnknownOfWindows,
                "$env:DO_NOT_TRACK = \"1\" (PowerShell) or set DO_NOT_TRACK=1 (cmd)",
            ),
        ] {
            assert_eq!(shell.setting("DO_NOT_TRACK", "1"), words);
        }
    }

    #[test]
    fn the_page_for_people_has_the_same_words() {
        let page = include_str!("../../../../docs/people.md");
        for shell in [ShellKind::OfUnix, ShellKind::Bash, ShellKind::PowerShell, ShellKind::Cmd] {
            let words = shell.setting("ATOMIC_TELEMETRY", "0");
            assert!(page.contains(&format!("`{words}`")), "{words}");
        }
    }

    #[test]
    fn an_authors_text_speaks_the_persons_shell() {
        let words = |text: &str| with_words(text, "T=1", "set T=1");
        for (text, spoken) in [
            ("T=1", "set T=1"),
            ("Or T=1, or T=1.", "Or set T=1, or set T=1."),
            ("NOT_T=1 T=10 T=1_ T=0", "NOT_T=1 T=10 T=1_ T=0"),
            ("", ""),
        ] {
            assert_eq!(words(text), spoken);
        }
    }
}
