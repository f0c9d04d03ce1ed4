//! The process of the agent that calls a hook: if it is gone, its sessions are
//! over, whatever was told. Only Linux tells it without a program of its own;
//! elsewhere a session without an end is over once it was silent for a day.

/// A process, by its number and the time of its start: a number is used again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AgentProcess(String);

impl AgentProcess {
    /// The nearest ancestor of this process that is not a shell.
    pub(crate) fn of_this_hook() -> Option<Self> {
        system::of_this_hook().map(Self)
    }

    /// One from a note.
    pub(crate) fn noted(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it has ended.
    pub(crate) fn is_gone(&self) -> bool {
        system::is_gone(&self.0)
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs;
    use std::io;
    use std::process;

    use crate::limits;

    /// What stands between a hook and its agent.
    const SHELLS: &[&str] =
        &["ash", "bash", "busybox", "dash", "env", "fish", "ksh", "sh", "timeout", "zsh"];

    /// What `/proc/PID/stat` says: proc(5).
    struct Stat {
        command: String,
        parent: u32,
        start: u64,
    }

    fn stat(process: u32) -> Option<Stat> {
        parse(&fs::read(format!("/proc/{process}/stat")).ok()?)
    }

    fn parse(text: &[u8]) -> Option<Stat> {
        let text = String::from_utf8_lossy(text);
        // The command is in parentheses and may have some of its own.
        let (before, after) = text.rsplit_once(')')?;
        let command = before.split_once('(')?.1.to_owned();
        // The state is the third field, the parent the fourth and the start the
        // twenty-second.
        let fields: Vec<&str> = after.split_whitespace().collect();
        let is_dead = matches!(*fields.first()?, "Z" | "X");
        let (parent, start) = (fields.get(1)?.parse().ok()?, fields.get(19)?.parse().ok()?);
        (!is_dead).then_some(Stat { command, parent, start })
    }

    pub(super) fn of_this_hook() -> Option<String> {
        let mut process = stat(process::id())?.parent;
        for _ in 0..limits::ANCESTORS {
            let Stat { command, parent, start } = stat(process)?;
            if !SHELLS.contains(&command.as_str()) {
                return Some(format!("{process}/{start}/{}", namespace()?));
            }
            process = parent;
        }
        None
    }

    /// The set of processes in which a number means this one: containers that
    /// share a home have others.
    fn namespace() -> Option<String> {
        let link = fs::read_link("/proc/self/ns/pid").ok()?;
        Some(link.to_str()?.chars().filter(char::is_ascii_digit).collect())
    }

    pub(super) fn is_gone(process: &str) -> bool {
        let mut parts = process.split('/');
        let (Some(number), Some(start), space) = (parts.next(), parts.next(), parts.next()) else {
            return false;
        };
        let (Ok(number), Ok(start)) = (number.parse::<u32>(), start.parse::<u64>()) else {
            return false;
        };
        if space != namespace().as_deref() {
            return false;
        }
        match fs::read(format!("/proc/{number}/stat")) {
            Ok(text) => parse(&text).is_none_or(|stat| stat.start != start),
            // What may not be looked at may still run.
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_process_is_there_until_it_has_ended() {
            assert!(of_this_hook().is_some_and(|agent| !is_gone(&agent)));
            let own = stat(process::id()).unwrap();
            let space = namespace().unwrap();
            assert!(!is_gone(&format!("{}/{}/{space}", process::id(), own.start)));
            assert!(is_gone(&format!("{}/{}/{space}", process::id(), own.start + 1)));
            // No process has the largest number.
            assert!(is_gone(&format!("{}/1/{space}", u32::MAX)));
            assert!(!is_gone(&format!("{}/1/7", u32::MAX)), "of another container");
            assert!(!is_gone("what another release notes"));
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    pub(super) fn of_this_hook() -> Option<String> {
        None
    }

    pub(super) fn is_gone(_: &str) -> bool {
        false
    }
}
