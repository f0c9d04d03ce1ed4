//! The command that an agent is told to run, and how it is found again.

use std::path::{Path, PathBuf};

use super::limits::COMMAND_BYTES;
use crate::Agent;

/// The program that is a hook, and its arguments before the agent and the
/// event.
///
/// ```
/// use headcount_agents::{Agent, HookCommand};
///
/// let command = HookCommand::new("/opt/atomic/bin/atomic", ["hook"]).unwrap();
/// let line = command.line(Agent::Claude, "SessionEnd");
/// if cfg!(unix) {
///     assert_eq!(line, r#""/opt/atomic/bin/atomic" hook claude SessionEnd"#);
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookCommand {
    program: String,
    arguments: Vec<String>,
}

/// Why a command cannot be written into a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HookCommandError {
    /// The path of the program is relative: agents run hooks in any folder.
    Relative(PathBuf),
    /// The program or an argument is not valid UTF-8, or has control
    /// characters.
    Unwritable(String),
    /// The command is longer than a shell takes.
    TooLong,
}

impl std::error::Error for HookCommandError {}

impl std::fmt::Display for HookCommandError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Relative(path) => {
                write!(out, "`{}` is a relative path: give the whole path", path.display())
            }
            Self::Unwritable(text) => write!(
                out,
                "`{text}` cannot be part of a hook's command, since it is not valid UTF-8 or has \
                 control characters: move or rename the file"
            ),
            Self::TooLong => write!(
                out,
                "the hook's command would be longer than {COMMAND_BYTES} bytes: use a shorter path"
            ),
        }
    }
}

impl HookCommand {
    /// A command. The agent and the event are added behind the arguments.
    ///
    /// # Errors
    ///
    /// Returns an error if the path is relative or cannot be written into a
    /// configuration file.
    pub fn new<A: Into<std::ffi::OsString>>(
        program: impl Into<PathBuf>,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Self, HookCommandError> {
        let program = program.into();
        if !program.is_absolute() {
            return Err(HookCommandError::Relative(program));
        }
        let program = written(program.into_os_string())?;
        let arguments = arguments.into_iter().map(|argument| written(argument.into()));
        let command = Self { program, arguments: arguments.collect::<Result<_, _>>()? };
        // No name of an event is longer.
        let longest = command.line(Agent::OpenCode, "session.execution.succeeded");
        if longest.len() > COMMAND_BYTES {
            return Err(HookCommandError::TooLong);
        }
        Ok(command)
    }

    /// The path of the program.
    #[must_use]
    pub fn program(&self) -> &Path {
        Path::new(&self.program)
    }

    /// The arguments before the agent and the event.
    #[must_use]
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// The line that a shell runs: the same in every release, so that it is
    /// trusted once.
    #[must_use]
    pub fn line(&self, agent: Agent, event: &str) -> String {
        self.line_for(agent, event, cfg!(windows))
    }

    fn line_for(&self, agent: Agent, event: &str, is_windows: bool) -> String {
        let words = self.arguments.iter().map(|word| {
            let is_flag =
                word.starts_with('-') || word.bytes().all(|byte| byte.is_ascii_lowercase());
            if is_flag && word.bytes().all(is_plain) {
                word.clone()
            } else {
                quoted(word, is_windows)
            }
        });
        let program = quoted(&self.program, is_windows);
        let tail = [agent.word().to_owned(), event.to_owned()];
        let all: Vec<String> = std::iter::once(program).chain(words).chain(tail).collect();
        all.join(" ")
    }

    /// The line for PowerShell, which takes a quoted program only behind `&`.
    #[must_use]
    pub(crate) fn powershell(&self, agent: Agent, event: &str) -> String {
        let quoted = |word: &String| format!("'{}'", word.replace('\'', "''"));
        let words: Vec<String> = self.arguments.iter().map(quoted).collect();
        let tail = format!("{} {event}", agent.word());
        let program = quoted(&self.program);
        [vec![format!("& {program}")], words, vec![tail]].concat().join(" ")
    }

    /// Whether a line of a configuration file is this command: a program of the
    /// same name, wherever it is, with the same arguments and the agent.
    pub(crate) fn is_in(&self, line: &str, agent: Agent) -> bool {
        let Some(words) = words(line) else { return false };
        let words = match words.first().map(String::as_str) {
            Some("&") => &words[1..],
            _ => &words[..],
        };
        let count = self.arguments.len();
        words.len() == count + 3
            && name(&words[0]) == name(&self.program)
            && (0..count).all(|place| is_same(&words[place + 1], &self.arguments[place]))
            && words[count + 1] == agent.word()
    }

    /// The catalog of a line that is this command but for the catalog.
    pub(crate) fn other_catalog(&self, line: &str, agent: Agent) -> Option<String> {
        let place = self.arguments.iter().position(|word| word == "--catalog")? + 1;
        let mut words = words(line)?;
        words.retain(|word| word != "&");
        let catalog = words.get(place + 1)?.clone();
        let mut other = self.clone();
        other.arguments.get_mut(place)?.clone_from(&catalog);
        (!self.is_in(line, agent) && other.is_in(line, agent)).then_some(catalog)
    }

    /// The program of such a line.
    pub(crate) fn program_of(line: &str) -> Option<String> {
        let words = words(line)?;
        words.into_iter().find(|word| word != "&")
    }
}

fn written(text: std::ffi::OsString) -> Result<String, HookCommandError> {
    let text = text
        .into_string()
        .map_err(|text| HookCommandError::Unwritable(text.to_string_lossy().into_owned()))?;
    if text.chars().any(char::is_control) {
        return Err(HookCommandError::Unwritable(text.escape_default().to_string()));
    }
    Ok(text)
}

/// On Windows a path may be written with both slashes.
fn is_same(one: &str, other: &str) -> bool {
    one == other || (cfg!(windows) && one.replace('\\', "/") == other.replace('\\', "/"))
}

/// The name of a program without its folder and `.exe`.
fn name(program: &str) -> &str {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    name.strip_suffix(".exe").unwrap_or(name)
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/._-+:~@,=".contains(&byte)
}

/// A word of a command line. On Windows it may be run by `cmd`, PowerShell or
/// Git Bash: slashes mean the same to all three, and a word without quotes is a
/// program to all three, too. Only where a path has a space are there quotes,
/// which PowerShell would take for a value.
fn quoted(word: &str, is_windows: bool) -> String {
    if is_windows {
        let word = word.replace('\\', "/");
        return if word.bytes().all(is_plain) { word } else { format!("\"{word}\"") };
    }
    let mut quoted = String::from("\"");
    for letter in word.chars() {
        if matches!(letter, '\\' | '"' | '$' | '`') {
            quoted.push('\\');
        }
        quoted.push(letter);
    }
    quoted.push('"');
    quoted
}

/// The words of a line, as a shell splits it; `None` where it does more than
/// run one program with words.
fn words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' | '\t' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next()? {
                        '\'' if letters.peek() == Some(&'\'') && cfg!(windows) => {
                            letters.next();
                            word.push('\'');
                        }
                        '\'' => break,
                        letter => word.push(letter),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next()? {
                        '"' => break,
                        '\\' if !cfg!(windows) => match letters.next()? {
                            escaped @ ('\\' | '"' | '$' | '`') => word.push(escaped),
                            letter => word.extend(['\\', letter]),
                        },
                        letter => word.push(letter),
                    }
                }
            }
            ';' | '|' | '<' | '>' | '\n' | '(' | ')' | '$' | '`' => return None,
            '&' if !words.is_empty() || word.is_some() => return None,
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(program: &str) -> HookCommand {
        let arguments = ["hook", "--catalog", "/home/ada/my $tool/telemetry.toml"];
        HookCommand {
            program: program.to_owned(),
            arguments: arguments.map(str::to_owned).to_vec(),
        }
    }

    #[test]
    fn a_line_is_read_back_by_a_shell_word_for_word() {
        let command = command("/opt/a \"b\" `c` \\d/headcount");
        let line = command.line_for(Agent::Claude, "SessionEnd", false);
        assert_eq!(
            line,
            r#""/opt/a \"b\" \`c\` \\d/headcount" hook --catalog "/home/ada/my \$tool/telemetry.toml" claude SessionEnd"#
        );
        if cfg!(unix) {
            assert_eq!(words(&line).unwrap()[0], "/opt/a \"b\" `c` \\d/headcount");
            let said = std::process::Command::new("sh")
                .args(["-c", &format!("printf '%s\\n' {line}")])
                .output()
                .unwrap();
            let said = String::from_utf8(said.stdout).unwrap();
            assert_eq!(said.lines().collect::<Vec<_>>(), words(&line).unwrap());
        }
    }

    #[test]
    fn on_windows_a_line_without_spaces_means_the_same_to_every_shell() {
        let command = HookCommand {
            program: r"C:\Users\ada\bin\headcount.exe".to_owned(),
            arguments: ["hook", "--catalog", r"C:\My Tool\telemetry.toml"]
                .map(str::to_owned)
                .to_vec(),
        };
        assert_eq!(
            command.line_for(Agent::Qwen, "Stop", true),
            r#"C:/Users/ada/bin/headcount.exe hook --catalog "C:/My Tool/telemetry.toml" qwen Stop"#
        );
        assert_eq!(
            command.powershell(Agent::Copilot, "sessionEnd"),
            r"& 'C:\Users\ada\bin\headcount.exe' 'hook' '--catalog' 'C:\My Tool\telemetry.toml' copilot sessionEnd"
        );
    }

    #[test]
    fn own_lines_are_found_wherever_the_program_is_and_no_others() {
        let command = command("/usr/bin/headcount");
        let line = |text: &str| {
            let line = text.replace("FILE", "\"/home/ada/my \\$tool/telemetry.toml\"");
            command.is_in(&line, Agent::Codex)
        };
        if cfg!(windows) {
            return;
        }
        assert!(line("\"/usr/bin/headcount\" hook --catalog FILE codex Stop"));
        assert!(line("/old/place/headcount hook --catalog FILE codex Stop"));
        for foreign in [
            "/usr/bin/headcount hook --catalog FILE claude Stop",
            "/usr/bin/headcount hook --catalog /other.toml codex Stop",
            "/usr/bin/atomic hook --catalog FILE codex Stop",
            "/usr/bin/headcount hook --catalog FILE codex Stop; rm x",
            "/usr/bin/headcount hook --catalog FILE codex Stop || true",
            "echo /usr/bin/headcount hook --catalog FILE codex Stop",
            "/usr/bin/headcount hook --catalog FILE codex",
            "\"",
            "",
        ] {
            assert!(!line(foreign), "{foreign}");
        }
    }

    #[test]
    fn a_line_with_another_catalog_is_told_apart() {
        let command = command("/usr/bin/headcount");
        let other = |line: &str| command.other_catalog(line, Agent::Codex);
        let line = "/a/headcount hook --catalog /gone.toml codex Stop";
        assert_eq!(other(line).as_deref(), Some("/gone.toml"));
        assert_eq!(other(&command.line(Agent::Codex, "Stop")), None);
        assert_eq!(other("/a/headcount hook --catalog /gone.toml claude Stop"), None);
        assert_eq!(other("/a/headcount hook --catalog"), None);
    }

    #[test]
    fn what_no_configuration_can_hold_is_refused() {
        let program = if cfg!(windows) { r"C:\h.exe" } else { "/h" };
        assert!(matches!(
            HookCommand::new("bin/headcount", ["hook"]),
            Err(HookCommandError::Relative(_))
        ));
        let error = HookCommand::new(program, ["a\nb"]).unwrap_err();
        assert!(error.to_string().contains("a\\nb"), "{error}");
        let long = "x".repeat(COMMAND_BYTES);
        assert_eq!(HookCommand::new(program, [long]), Err(HookCommandError::TooLong));
    }
}
