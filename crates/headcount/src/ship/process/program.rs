//! How the program is started again: which file is executed, under which name,
//! and with what before its own arguments.
//!
//! Usually that is the file of this process. Where the program was given to its
//! loader by hand (`ld-linux-x86-64.so.2 ./tool`, as Termux does), that file is
//! the loader, and the program is the file in which this code lies. Where this
//! code lies in a library of another program, such as an interpreter, that
//! program cannot answer, and is not started.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::surroundings::{CommandLine, Program, Surroundings};

/// A way to start the program again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StartAgain {
    /// The file that is executed.
    pub(crate) file: PathBuf,
    /// The name by which it is called.
    pub(crate) name: OsString,
    /// What comes before the program's own arguments.
    pub(crate) before: Vec<OsString>,
}

/// Why the program cannot be started again. The text is a fragment, for the
/// person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unstartable {
    /// There is none.
    NoProgram,
    /// The system does not know its path.
    NoPath,
    /// This code is in a library of the program at this path.
    InALibrary(PathBuf),
    /// There is no file at this path.
    Gone(PathBuf),
    /// The system does not execute the file at this path.
    NotExecutable(PathBuf),
    /// The file at this path is a script that Windows gives to its command
    /// interpreter, whose rules for arguments are others.
    BatchFile(PathBuf),
}

impl fmt::Display for Unstartable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProgram => write!(f, "there is no program to start for it"),
            Self::NoPath => write!(f, "the system does not know the path of this program"),
            Self::InALibrary(path) => {
                write!(f, "{} would have to be started, and it cannot send", path.display())
            }
            Self::Gone(path) => {
                write!(f, "{}, which is started for it, does not exist", path.display())
            }
            Self::NotExecutable(path) => {
                write!(f, "the system does not execute {}, which is started for it", path.display())
            }
            Self::BatchFile(path) => {
                write!(
                    f,
                    "{}, which is named for it, is a batch file: name a program",
                    path.display()
                )
            }
        }
    }
}

/// Finds out how the program is started again.
///
/// # Errors
///
/// Returns why it cannot be.
pub(crate) fn again(surroundings: &Surroundings) -> Result<StartAgain, Unstartable> {
    let way = match &surroundings.program {
        Program::Nothing => return Err(Unstartable::NoProgram),
        Program::At(path) => StartAgain::plain(path.clone(), None),
        Program::Running => running(&surroundings.command_line)?,
    };
    for file in [way.file.as_path()].into_iter().chain(way.program()) {
        if !file.exists() {
            return Err(Unstartable::Gone(file.to_path_buf()));
        }
    }
    if cfg!(windows) && is_batch_file(&way.file) {
        return Err(Unstartable::BatchFile(way.file));
    }
    if !may_be_executed(&way.file) {
        return Err(Unstartable::NotExecutable(way.file));
    }
    Ok(way)
}

impl StartAgain {
    fn plain(file: PathBuf, name: Option<OsString>) -> Self {
        let file = std::path::absolute(&file).unwrap_or(file);
        let name = name.unwrap_or_else(|| file.clone().into_os_string());
        Self { file, name, before: Vec::new() }
    }

    /// The program that a loader is given.
    fn program(&self) -> Option<&Path> {
        self.before.last().map(Path::new)
    }
}

/// How the running program is started again.
fn running(command_line: &CommandLine) -> Result<StartAgain, Unstartable> {
    let file = Program::Running.path().ok_or(Unstartable::NoPath)?;
    match system::loaded_by(&file) {
        system::LoadedBy::TheSystem => Ok(StartAgain::plain(file, command_line.name())),
        system::LoadedBy::AnotherProgram => Err(Unstartable::InALibrary(file)),
        system::LoadedBy::ALoader(program) => {
            let mut before = system::options(command_line.count());
            before.push(program.into_os_string());
            let name = file.clone().into_os_string();
            Ok(StartAgain { file, name, before })
        }
    }
}

/// Whether the system executes a file: one on a file system mounted with
/// `noexec` may have the right mode, and is not executed.
#[cfg(unix)]
fn may_be_executed(file: &Path) -> bool {
    use std::os::unix::ffi::OsStrExt as _;

    let Ok(path) = std::ffi::CString::new(file.as_os_str().as_bytes()) else { return false };
    // SAFETY: access(2) reads a string that ends with a zero byte.
    #[expect(unsafe_code, reason = "std has no way to ask")]
    let answer = unsafe { libc::access(path.as_ptr(), libc::X_OK) };
    answer == 0
}

/// Whether Windows executes a file: a program begins with these letters,
/// whatever its name is. What cannot be read may be one: a store's links to
/// programs cannot.
#[cfg(not(unix))]
fn may_be_executed(file: &Path) -> bool {
    use std::io::Read as _;

    let mut first = Vec::new();
    let read = std::fs::File::open(file).and_then(|file| file.take(2).read_to_end(&mut first));
    read.is_err() || first == b"MZ"
}

/// Whether Windows runs a file by `cmd.exe`: it looks at the name alone, and
/// without the dots and spaces at its end.
fn is_batch_file(file: &Path) -> bool {
    let name = file.as_os_str().to_string_lossy().to_ascii_lowercase();
    let name = name.trim_end_matches(['.', ' ']);
    name.ends_with(".bat") || name.ends_with(".cmd")
}

/// Linux says which file a part of the memory comes from.
#[cfg(any(target_os = "linux", target_os = "android"))]
mod system {
    use std::ffi::{OsStr, OsString};
    use std::fs::{self, File};
    use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
    use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
    use std::path::{Path, PathBuf};

    /// How this code came into the process.
    pub(super) enum LoadedBy {
        /// With the file that was executed.
        TheSystem,
        /// By a loader that was executed, and was given this program.
        ALoader(PathBuf),
        /// As a library of the program that was executed.
        AnotherProgram,
    }

    /// How this code came into the process whose file is `executed`.
    pub(super) fn loaded_by(executed: &Path) -> LoadedBy {
        match own_file() {
            Some(own) if own != executed && own.exists() => {
                if is_program(&own).unwrap_or(false) {
                    LoadedBy::ALoader(own)
                } else {
                    LoadedBy::AnotherProgram
                }
            }
            _ => LoadedBy::TheSystem,
        }
    }

    /// The file in which this code lies.
    fn own_file() -> Option<PathBuf> {
        let here = own_file as *const () as usize;
        // A program lies before its libraries, so this reads a few lines.
        let maps = BufReader::new(File::open("/proc/self/maps").ok()?);
        maps.split(b'\n').map_while(Result::ok).find_map(|line| file_at(&line, here))
    }

    /// The file of a line of `/proc/self/maps` that has this address:
    /// `start-end mode offset device inode   path`.
    fn file_at(line: &[u8], address: usize) -> Option<PathBuf> {
        let path = line.iter().position(|byte| *byte == b'/')?;
        let range = std::str::from_utf8(line.get(..path)?).ok()?.split(' ').next()?;
        let (start, end) = range.split_once('-')?;
        let start = usize::from_str_radix(start, 16).ok()?;
        let end = usize::from_str_radix(end, 16).ok()?;
        let path = line.get(path..)?;
        let path = path.strip_suffix(b" (deleted)").unwrap_or(path);
        (start..end).contains(&address).then(|| PathBuf::from(OsStr::from_bytes(path)))
    }

    /// Whether a file can be executed on its own: it names its loader, which a
    /// library does not.
    fn is_program(path: &Path) -> std::io::Result<bool> {
        /// Bytes up to the end of the head's fields: 64 in the 64-bit form.
        const HEAD: usize = 64;
        /// The kind of an entry that names a loader (`PT_INTERP`).
        const LOADER: u32 = 3;

        let mut file = File::open(path)?;
        let mut head = [0; HEAD];
        file.read_exact(&mut head)?;
        let is_wide = head[4] == 2;
        // Where the table of entries begins, how long an entry is, how many.
        let (begin, length, count) = if is_wide {
            (number(&head[32..40]), number(&head[54..56]), number(&head[56..58]))
        } else {
            (number(&head[28..32]), number(&head[42..44]), number(&head[44..46]))
        };
        file.seek(SeekFrom::Start(begin))?;
        let mut table = vec![0; (length * count) as usize];
        file.read_exact(&mut table)?;
        let mut entries = table.chunks_exact(length.max(4) as usize);
        Ok(head.starts_with(b"\x7fELF")
            && entries.any(|entry| number(&entry[..4]) == u64::from(LOADER)))
    }

    /// A number in the machine's own order of bytes, as a file has it that runs
    /// on it.
    fn number(bytes: &[u8]) -> u64 {
        let push = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        if cfg!(target_endian = "little") {
            bytes.iter().rev().fold(0, push)
        } else {
            bytes.iter().fold(0, push)
        }
    }

    /// The options that a loader was given before the program, whose arguments,
    /// its name included, are so many.
    pub(super) fn options(arguments: usize) -> Vec<OsString> {
        let Ok(line) = fs::read("/proc/self/cmdline") else { return Vec::new() };
        let line = line.strip_suffix(b"\0").unwrap_or(&line);
        let words: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
        let end = words.len().saturating_sub(arguments).max(1);
        let options = words.get(1..end).unwrap_or_default();
        options.iter().map(|word| OsString::from_vec(word.to_vec())).collect()
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn this_code_lies_in_this_program() {
            let this = std::env::current_exe().expect("this program");
            assert_eq!(own_file(), Some(this.clone()));
            assert!(is_program(&this).expect("a file"));
            assert!(matches!(loaded_by(&this), LoadedBy::TheSystem));
            let other = loaded_by(Path::new("/lib/ld.so"));
            assert!(matches!(other, LoadedBy::ALoader(program) if program == this));
        }

        #[test]
        fn a_line_of_the_map_has_any_name() {
            let line = b"7f0000-7f1000 r-xp 00001000 fe:01 42     /opt/a tool \xff (deleted)";
            let path = PathBuf::from(OsStr::from_bytes(b"/opt/a tool \xff"));
            assert_eq!(file_at(line, 0x007f_0800), Some(path));
            assert_eq!(file_at(line, 0x007f_1000), None);
            assert_eq!(file_at(b"7f0000-7f1000 rw-p 00000000 00:00 0 [heap]", 0x007f_0800), None);
        }
    }
}

/// Elsewhere the system's own answer is all there is.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod system {
    use std::ffi::OsString;
    use std::path::{Path, PathBuf};

    #[expect(dead_code, reason = "the same variants as on Linux")]
    pub(super) enum LoadedBy {
        TheSystem,
        ALoader(PathBuf),
        AnotherProgram,
    }

    pub(super) fn loaded_by(_executed: &Path) -> LoadedBy {
        LoadedBy::TheSystem
    }

    pub(super) fn options(_arguments: usize) -> Vec<OsString> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_file_is_known_by_its_name() {
        for name in ["a.bat", "a.CMD", "a.cmd.", "a.bat . .", "C:\\b c\\a.b.Bat", ".cmd"] {
            assert!(is_batch_file(Path::new(name)), "{name}");
        }
        for name in ["a.exe", "a.bat.exe", "bat", "a.batch", "cmd", "a.cmd\\tool", ""] {
            assert!(!is_batch_file(Path::new(name)), "{name}");
        }
    }

    #[cfg(windows)]
    #[test]
    fn windows_starts_programs_and_nothing_else() {
        use headcount_catalog::Time;
        use headcount_testkit::Home;

        let home = Home::new();
        let at = |path: &Path| {
            let mut surroundings =
                Surroundings::given(home.path(), [].into(), Time::from_milliseconds(0));
            surroundings.program = Program::At(path.to_path_buf());
            again(&surroundings).map(|way| way.file)
        };
        let program = home.write("tool", b"MZ and the rest");
        assert_eq!(at(&program), Ok(program));
        let batch = home.write("tool.cmd", "MZ and the rest");
        assert_eq!(at(&batch), Err(Unstartable::BatchFile(batch)));
        for text in ["", "M", "#!/bin/sh\n"] {
            let script = home.write("script", text);
            assert_eq!(at(&script), Err(Unstartable::NotExecutable(script)));
        }
        let gone = home.path().join("tool.exe");
        assert_eq!(at(&gone), Err(Unstartable::Gone(gone)));
    }
}
