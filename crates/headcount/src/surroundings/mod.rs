//! Everything outside the process that the SDK depends on: environment, home,
//! clock, machine. It is an argument, so a test can pass its own.

pub(crate) mod agents;
pub(crate) mod ci;
mod command_line;
#[cfg(windows)]
#[path = "folders_windows.rs"]
mod folders;
mod known;
#[cfg(windows)]
pub(crate) mod registry_windows;
mod system_proxy;
mod variables;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::SystemTime;

use headcount_catalog::{Arch, Platform, RunningAgent, Time};
use headcount_wire::HomeLifetime;

#[cfg(windows)]
use folders::are_free;

pub use command_line::CommandLine;
pub use known::KnownFolders;
pub use system_proxy::{ProxySettings, SystemProxy};
pub use variables::Variables;

/// Variables of containers and cloud workspaces, whose home folders do not
/// last.
pub(crate) const THROWN_AWAY: [&str; 4] =
    ["container", "CODESPACES", "GITPOD_WORKSPACE_ID", "KUBERNETES_SERVICE_HOST"];

/// Where and when a host runs.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The environment.
    pub variables: Variables,
    /// The arguments of the program: with its flush command and its marker it
    /// was started to ship, and does nothing else.
    pub command_line: CommandLine,
    /// The person's home folder, if there is one.
    pub home: Option<PathBuf>,
    /// What the system says of the folders that have a variable on Windows.
    pub known_folders: KnownFolders,
    /// The proxy of the system's settings, for where no variable names one.
    pub system_proxy: SystemProxy,
    /// Whose home it is; `None` means ask the system when it matters.
    pub owner: Option<Owner>,
    /// The clock.
    pub clock: Clock,
    /// The program that is started again as the shipper.
    pub program: Program,
    /// The operating system.
    pub platform: Platform,
    /// The processor.
    pub arch: Arch,
    /// Host and user, read only by the `machine-hash` scheme.
    pub machine: Machine,
    /// The folders of administrators' policies, each with one folder per
    /// product: `/etc` on Linux. All are read, and the strictest policy counts.
    pub policies: Vec<PathBuf>,
    /// Files that exist in containers only.
    pub marks: &'static [&'static str],
    /// How people reach the commands such as `status`: `atomic telemetry`.
    /// `None` means by the product's name.
    pub call: Option<String>,
}

/// The owner of the home folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The effective user.
    User,
    /// Another user, as under `sudo`: nothing is recorded, since files created
    /// now would lock the owner out.
    Somebody,
    /// There is no such folder, or it cannot be read. Telemetry does not create
    /// it.
    Nobody,
}

/// A clock.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    /// The system's clock.
    System,
    /// A clock that stands at this time.
    Standing(Time),
    /// A clock that is set by hand, in milliseconds since 1970.
    Set(&'static AtomicI64),
}

/// A program that can be started again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Program {
    /// The running program; its path is read when needed.
    Running,
    /// The program at this path.
    At(PathBuf),
    /// None.
    Nothing,
}

/// The names that the `machine-hash` scheme hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Machine {
    /// Ask the system when needed.
    System,
    /// Given names.
    Given {
        /// The host name.
        host: String,
        /// The user name.
        user: String,
    },
}

impl Surroundings {
    /// The surroundings of the running process.
    #[must_use]
    pub fn of_this_process() -> Self {
        Self {
            owner: None,
            home: home(&Variables::Process),
            known_folders: KnownFolders::System,
            system_proxy: SystemProxy::System,
            variables: Variables::Process,
            command_line: CommandLine::Process,
            clock: Clock::System,
            program: Program::Running,
            platform: Platform::here(),
            arch: Arch::here(),
            machine: Machine::System,
            policies: policies(),
            // Docker and Podman. On Windows these would be on whatever drive
            // the working directory is.
            marks: if cfg!(windows) { &[] } else { &["/.dockerenv", "/run/.containerenv"] },
            call: called().map(|name| format!("{name} telemetry")),
        }
    }

    /// Made-up surroundings: this home, these variables, this time; no program
    /// and no administrator.
    #[must_use]
    pub fn given(home: &Path, variables: HashMap<String, String>, time: Time) -> Self {
        Self {
            variables: Variables::from(variables),
            command_line: CommandLine::Given(Vec::new()),
            home: Some(home.to_path_buf()),
            known_folders: KnownFolders::Given(HashMap::new()),
            system_proxy: SystemProxy::Given(None),
            owner: Some(Owner::User),
            clock: Clock::Standing(time),
            program: Program::Nothing,
            platform: Platform::here(),
            arch: Arch::here(),
            machine: Machine::System,
            policies: Vec::new(),
            marks: &[],
            call: None,
        }
    }

    /// A variable of the environment as text. Bytes that are not valid UTF-8
    /// are replaced, so such a value still counts as set, and is not a path.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name)
    }

    /// The owner of the home and of these folders, or of what would hold them:
    /// each is asked of its nearest ancestor that exists. A folder that is
    /// mounted in the home, or that a variable names, may be another user's.
    pub(crate) fn owner_of<'a>(&self, folders: impl IntoIterator<Item = &'a Path>) -> Owner {
        let home = || self.home.as_deref().map_or(Owner::User, owner);
        match self.owner.unwrap_or_else(home) {
            Owner::User => {
                let is_given = |folder: &Path| {
                    let within = |home: &Path| folder.starts_with(home);
                    self.owner.is_some() && self.home.as_deref().is_some_and(within)
                };
                let folders = folders.into_iter().filter(|folder| !is_given(folder));
                if are_free(self.home.as_deref(), folders) { Owner::User } else { Owner::Somebody }
            }
            owner => owner,
        }
    }

    /// How long the home lasts. Containers, sandboxes and runners delete
    /// theirs, so an id there does not mean one more person.
    #[must_use]
    pub fn home_lasts(&self) -> HomeLifetime {
        let named = THROWN_AWAY
            .into_iter()
            .any(|name| self.variable(name).is_some_and(|value| !value.is_empty()));
        let marked = || self.marks.iter().any(|mark| Path::new(mark).exists());
        if named || self.is_integration() || marked() {
            HomeLifetime::Ephemeral
        } else {
            HomeLifetime::Lasting
        }
    }

    /// Whether this is continuous integration.
    #[must_use]
    pub fn is_integration(&self) -> bool {
        ci::named(&self.variables).is_some()
    }

    /// The variable that means a coding agent's shell, where nobody can answer
    /// a question.
    pub(crate) fn agent_marker(&self) -> Option<&'static str> {
        agents::named(&self.variables)
    }

    /// Returns the coding agent in whose shell this runs, by the variables that
    /// agents set for what they start. Variables are inherited, and anybody can
    /// set them: this tells what a program is used for, and proves nothing.
    #[must_use]
    pub fn agent(&self) -> Option<RunningAgent> {
        agents::running(&self.variables)
    }

    /// The language and region that the environment asks for, without its
    /// encoding.
    pub(crate) fn locale(&self) -> Option<String> {
        let value = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(|name| self.variable(name))
            .find(|value| !value.is_empty())?;
        let plain = value.split(['.', '@']).next()?;
        Some(if matches!(plain, "C" | "POSIX") { "C".to_owned() } else { plain.replace('_', "-") })
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> Time {
        match self.clock {
            Clock::System => Time::from_system(SystemTime::now()),
            Clock::Standing(time) => time,
            Clock::Set(milliseconds) => {
                Time::from_milliseconds(milliseconds.load(Ordering::Relaxed))
            }
        }
    }
}

impl Program {
    /// Its path; `None` if there is no program or the system does not know the
    /// path.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        match self {
            Self::Running => std::env::current_exe().ok().map(replaced),
            Self::At(path) => Some(path.clone()),
            Self::Nothing => None,
        }
    }
}

/// Linux marks the path of a deleted program. If an update replaced the file,
/// the new program uses the same queue.
#[cfg(target_os = "linux")]
fn replaced(path: PathBuf) -> PathBuf {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    match path.as_os_str().as_bytes().strip_suffix(b" (deleted)") {
        Some(before) if !path.exists() => PathBuf::from(OsStr::from_bytes(before)),
        _ => path,
    }
}

#[cfg(not(target_os = "linux"))]
fn replaced(path: PathBuf) -> PathBuf {
    path
}

/// The name by which the program was called, if a person can type it.
fn called() -> Option<String> {
    let path = PathBuf::from(std::env::args_os().next()?);
    let name = path.file_name()?.to_str()?;
    let name = without_suffix(name, std::env::consts::EXE_SUFFIX);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.+@".contains(&byte);
    let is_name = !name.is_empty() && !name.starts_with('-') && name.bytes().all(is_plain);
    is_name.then(|| name.to_owned())
}

/// A program's name without `.exe`, which people type in any case.
fn without_suffix<'a>(name: &'a str, suffix: &str) -> &'a str {
    let at = name.len().saturating_sub(suffix.len());
    match name.split_at_checked(at) {
        Some((name, end)) if end.eq_ignore_ascii_case(suffix) => name,
        _ => name,
    }
}

/// The home of the person. On Windows `HOME` does not count, which Git Bash and
/// others set to what only they can read, and without the variable the system
/// is asked.
fn home(variables: &Variables) -> Option<PathBuf> {
    let name = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    let named = variables.unchanged(name).map(PathBuf::from).filter(|home| home.is_absolute());
    let of_the_system = || std::env::home_dir().filter(|home| home.is_absolute());
    named.or_else(|| if cfg!(windows) { of_the_system() } else { None })
}

fn policies() -> Vec<PathBuf> {
    if cfg!(windows) {
        // The environment could name another folder, and an administrator's no
        // must not be lost by that.
        let mut folders = vec![PathBuf::from(headcount_catalog::PROGRAM_DATA)];
        let known = KnownFolders::System.folder("PROGRAMDATA", None);
        let named = Variables::Process.unchanged("PROGRAMDATA").map(PathBuf::from);
        for folder in [known, named].into_iter().flatten() {
            if folder.is_absolute() && !folders.contains(&folder) {
                folders.push(folder);
            }
        }
        folders
    } else if cfg!(target_os = "macos") {
        vec![PathBuf::from("/Library/Application Support")]
    } else {
        vec![PathBuf::from("/etc")]
    }
}

#[cfg(unix)]
fn owner(home: &Path) -> Owner {
    use std::os::unix::fs::MetadataExt as _;

    match std::fs::metadata(home) {
        Ok(metadata) if metadata.uid() != effective_user() => Owner::Somebody,
        Ok(metadata) if metadata.is_dir() => Owner::User,
        _ => Owner::Nobody,
    }
}

/// Whether files may be created in all of these: the nearest folder that exists
/// is this user's, or one of the system's that this user may write to. Files
/// that root creates in another user's folder would lock that user out. The
/// home is this user's.
#[cfg(unix)]
fn are_free<'a>(home: Option<&Path>, folders: impl Iterator<Item = &'a Path>) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    let user = effective_user();
    // What is below a folder that does not exist has the same nearest one.
    let mut missing: Vec<&Path> = Vec::new();
    for folder in folders {
        if missing.iter().any(|missing| folder.starts_with(missing)) {
            continue;
        }
        for folder in folder.ancestors().take_while(|folder| Some(*folder) != home) {
            match std::fs::metadata(folder) {
                Ok(metadata) if metadata.uid() != user && metadata.uid() != 0 => return false,
                Ok(_) => break,
                Err(_) => missing.push(folder),
            }
        }
    }
    true
}

#[cfg(windows)]
fn owner(home: &Path) -> Owner {
    match folders::is_home_of_another(home) {
        Ok(true) => Owner::Somebody,
        _ if home.is_dir() => Owner::User,
        _ => Owner::Nobody,
    }
}

/// The effective user id of the process.
#[cfg(unix)]
pub(crate) fn effective_user() -> u32 {
    // SAFETY: geteuid(2) has no precondition, touches no memory of ours and
    // cannot fail.
    #[expect(unsafe_code, reason = "std has no way to ask for the effective user")]
    let user = unsafe { libc::geteuid() };
    user
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_called_without_its_suffix() {
        for (name, called) in
            [("atomic.exe", "atomic"), ("ATOMIC.EXE", "ATOMIC"), ("atomic", "atomic"), ("ö", "ö")]
        {
            assert_eq!(without_suffix(name, ".exe"), called);
        }
        assert_eq!(without_suffix("atomic.exe", ""), "atomic.exe");
    }

    #[test]
    fn a_home_that_is_thrown_away_is_told_by_its_surroundings() {
        let lasts = |name: &str, value: &str| {
            let variables = HashMap::from([(name.to_owned(), value.to_owned())]);
            Surroundings::given(Path::new("/home/me"), variables, Time::from_seconds(0))
                .home_lasts()
        };
        for name in ["container", "CODESPACES", "KUBERNETES_SERVICE_HOST", "GITHUB_ACTIONS"] {
            assert_eq!(lasts(name, "yes"), HomeLifetime::Ephemeral, "{name}");
            assert_eq!(lasts(name, ""), HomeLifetime::Lasting, "{name}");
        }
        assert_eq!(lasts("TERM", "xterm"), HomeLifetime::Lasting);
        let here = Surroundings::given(Path::new("/"), HashMap::new(), Time::from_seconds(0));
        assert_eq!(Surroundings { marks: &["/"], ..here }.home_lasts(), HomeLifetime::Ephemeral);
    }
}
