//! Where a transcript may lie: a payload names any path, and only a regular
//! file of the person's inside the agent's own folder is read.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use headcount::Surroundings;

/// The transcript that Claude Code's payload names, if it lies in the folder
/// of its projects.
pub(crate) fn claude(named: &str, surroundings: &Surroundings) -> Option<PathBuf> {
    let folder = moved(surroundings, "CLAUDE_CONFIG_DIR", ".claude")?.join("projects");
    let path = Path::new(named);
    let is_transcript = path.extension().is_some_and(|extension| extension == "jsonl");
    // Without links and `..`, and links are followed on the way to the folder
    // only: a person may keep it elsewhere.
    let inside = path.canonicalize().ok()?;
    (is_transcript && path.is_absolute() && inside.starts_with(folder.canonicalize().ok()?))
        .then_some(inside)
}

/// The events of the session with this id, in Copilot CLI's folder.
pub(crate) fn copilot(session: &str, surroundings: &Surroundings) -> Option<PathBuf> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if session.is_empty() || !session.bytes().all(is_name) {
        return None;
    }
    let folder = moved(surroundings, "COPILOT_HOME", ".copilot")?.join("session-state");
    let inside = folder.join(session).join("events.jsonl").canonicalize().ok()?;
    inside.starts_with(folder.canonicalize().ok()?).then_some(inside)
}

/// The agent's folder: the one that its variable names, or the usual one.
fn moved(surroundings: &Surroundings, variable: &str, usual: &str) -> Option<PathBuf> {
    let named = surroundings.variables.unchanged(variable).map(PathBuf::from);
    let named = named.filter(|path| path.is_absolute());
    named.or_else(|| Some(surroundings.home.as_ref()?.join(usual)))
}

/// Opens a regular file, without following a link and without waiting for a
/// pipe.
pub(crate) fn open(path: &Path) -> Option<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
    }
    let file = options.open(path).ok()?;
    file.metadata().is_ok_and(|metadata| metadata.is_file()).then_some(file)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::fs;

    use headcount::Time;
    use headcount_testkit::Home;

    use super::*;

    fn surroundings(home: &Home, variables: &[(&str, &Path)]) -> Surroundings {
        let variables: HashMap<String, String> = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.to_str().unwrap().to_owned()))
            .collect();
        Surroundings::given(home.path(), variables, Time::from_seconds(0))
    }

    #[test]
    fn a_transcript_lies_in_the_folder_of_its_agent() {
        let home = Home::new();
        let own = home.write(".claude/projects/-x/a.jsonl", "");
        let secret = home.write("secret.jsonl", "");
        let here = surroundings(&home, &[]);
        let read = |path: &Path| claude(path.to_str().unwrap(), &here).and_then(|it| open(&it));
        assert!(read(&own).is_some());
        let text = home.write(".claude/projects/-x/a.txt", "");
        let around = home.path().join(".claude/projects/../../secret.jsonl");
        let missing = home.path().join(".claude/projects/-x/b.jsonl");
        for path in [&secret, &text, &around, &missing, Path::new("a.jsonl"), Path::new("")] {
            assert!(read(path).is_none(), "{}", path.display());
        }
        fs::create_dir(home.path().join(".claude/projects/-x/folder.jsonl")).unwrap();
        assert!(read(&home.path().join(".claude/projects/-x/folder.jsonl")).is_none());
        let moved = surroundings(&home, &[("CLAUDE_CONFIG_DIR", home.path())]);
        assert!(claude(own.to_str().unwrap(), &moved).is_none());
        let elsewhere = home.write("projects/-x/a.jsonl", "");
        assert!(claude(elsewhere.to_str().unwrap(), &moved).is_some());
    }

    #[test]
    #[cfg(unix)]
    fn no_link_leads_out_of_it_and_no_pipe_is_waited_for() {
        let home = Home::new();
        home.write(".claude/projects/-x/a.jsonl", "");
        let secret = home.write("secret.jsonl", "");
        let link = home.path().join(".claude/projects/-x/link.jsonl");
        std::os::unix::fs::symlink(&secret, &link).unwrap();
        let folder = home.path().join(".claude/projects/-y");
        std::os::unix::fs::symlink(home.path(), &folder).unwrap();
        let here = surroundings(&home, &[]);
        for path in [link, folder.join("secret.jsonl")] {
            assert!(claude(path.to_str().unwrap(), &here).is_none(), "{}", path.display());
        }
        assert!(open(Path::new("/dev/zero")).is_none());
    }

    #[test]
    fn copilots_events_are_found_by_the_session() {
        let home = Home::new();
        home.write(".copilot/session-state/c41f-1/events.jsonl", "");
        home.write(".copilot/other/events.jsonl", "");
        let here = surroundings(&home, &[]);
        assert!(copilot("c41f-1", &here).is_some());
        for session in ["", "..", "../other", "c41f-2", "c41f-1/", "c41f-1/../c41f-1"] {
            assert!(copilot(session, &here).is_none(), "{session}");
        }
    }
}
